"""People, and what they do: write, send photos, stickers and voice, block, come back; and the groups they meet in."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from infra.sandbox.deeds import Impossible
from infra.sandbox.zalo.asked import Wire
from infra.sandbox.zalo.chats import Chat, Message
from infra.sandbox.zalo.events import UNSUPPORTED
from infra.sandbox.zalo.world import Bot, Someone, World

LINK = re.compile(r"https?://\S", re.IGNORECASE)
STICKER = "0e078a2fb66a5f34067b"
AAC = b"\xff\xf1\x60\x40\x01\x7f\xfc"  # the head of one ADTS frame, 16 kHz mono


@dataclass(frozen=True, slots=True)
class Group:
    world: World
    room: Chat

    @property
    def id(self) -> str:
        return self.room.id

    @property
    def messages(self) -> list[Message]:
        return self.room.messages


Place: TypeAlias = Group | Bot | None  # where somebody speaks; None: in private, with the first bot


@dataclass(frozen=True, slots=True)
class Person:
    world: World
    known: Someone

    @property
    def id(self) -> str:
        return self.known.id

    def chat(self, place: Place = None) -> Chat:
        if isinstance(place, Group):
            return place.room
        bot = place or next(iter(self.world.robots.values())).bot
        return self.world.chat(bot.id, self.id)

    async def says(self, text: str, place: Place = None, *, mentions: bool = True) -> Message:
        """In a group the bot hears of it where it is mentioned, or replied to."""
        plain = self.world.habits.links_are_text or not LINK.search(text)
        return self._say("text", {"text": text}, place, "text" if plain else UNSUPPORTED, mentions=mentions)

    async def sends_photo(self, data: bytes, caption: str = "", place: Place = None, *, url: str = "") -> Message:
        """`url`: an address that is not Zalo's own, as nobody can but somebody who forges."""
        where = url or self.world.host(data, "jpg")
        content = {"photo_url": where, **({"caption": caption} if caption else {})}
        return self._say("image", content, place, "image", data)

    async def sends_sticker(self, sticker: str = STICKER, place: Place = None) -> Message:
        url = f"https://stickers.zaloapp.com/{sticker}.png"
        return self._say("sticker", {"sticker": sticker, "url": url}, place, "sticker")

    async def sends_voice(self, data: bytes = AAC, place: Place = None) -> Message:
        return self._say("voice", {"voice_url": self.world.host(data, "aac")}, place, "voice")

    async def sends_card(self, url: str, place: Place = None) -> Message:
        """A link as a card: bots are not told what is in it."""
        return self._say("card", {"text": url}, place, UNSUPPORTED)

    def _say(
        self, kind: str, content: Wire, place: Place, told: str, data: bytes = b"", *, mentions: bool = True
    ) -> Message:
        chat = self.chat(place)
        if self.id not in chat.members:
            raise Impossible(f"{self.known.name} is not in the group")
        if chat.blocked:
            raise Impossible(f"{self.known.name} has blocked the bot; `returns` takes that back")
        return self.world.hear(chat, self.known, kind, content, told if chat.private or mentions else "", data)

    async def blocks(self, bot: Bot | None = None) -> None:
        """No bot is told."""
        self.chat(bot).blocked = True
        self.world.changed()

    async def returns(self, bot: Bot | None = None) -> None:
        """Takes a block back, if there is one."""
        self.chat(bot).blocked = False
        self.world.changed()

    def sees_typing(self, bot: Bot | None = None) -> bool:
        return self.chat(bot).typing_until > self.world.clock.now()
