"""The web mouth's messages are rows: written is delivered. Sockets read them in order, now or after a break."""

from collections.abc import Mapping

from bot.replies import Choice, Reply, Shown
from bot.web.tokens import Signer
from core.appeals import digest_of
from core.cache import Cache
from core.clock import Clock
from core.inbox import HANDLED, REMEMBERED
from core.table import Create, Delete, Key, Refused, Row, Table, Value, every

MOST_RACES = 50
NEWEST = 200  # messages that a page is given when it opens


class Messages:
    """As a channel: what is sent becomes a row of the chat."""

    name = "web"
    can_edit = True
    takes_links = True
    takes_files = False
    silent_edits = False

    def __init__(self, table: Table, cache: Cache, clock: Clock, signer: Signer) -> None:
        self._table, self._cache, self._clock, self._signer = table, cache, clock, signer

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:
        """The message's id: the number it was first written under."""
        kind = "edit" if replaces else "reply"
        return await self.write(chat, kind, self._frame(chat, reply), replaces, once)

    async def said(self, chat: str, text: str, once: str, picture: str = "") -> str:
        """What the person said themselves."""
        return await self.write(chat, "said", {"text": text, **({"picture": picture} if picture else {})}, "", once)

    async def forget(self, chat: str) -> None:
        """Take away what the person has said there; what was said to them stands."""
        async for row in every(self._table, owner(chat), "MSG#"):
            if row.text("kind") == "said":
                await self._table.write(Delete(row.key))

    async def write(self, chat: str, kind: str, frame: Mapping[str, Value], message: str, once: str) -> str:
        """The next number of the chat; two writers at once take two numbers."""
        for _ in range(MOST_RACES):
            seq = await self.last(chat) + 1
            id_ = message or str(seq)
            row = Create(message_key(chat, seq), {**frame, "kind": kind, "message": id_, "at": self._clock.now()})
            try:
                await self._table.write(row, *self._guards(chat, once, id_))
            except Refused as refused:
                if standing := refused.rows.get(1):
                    return standing.text("message")
            else:
                await self._cache.publish(topic(chat), str(seq))
                return id_
        raise Refused({})

    async def last(self, chat: str) -> int:
        """The number of the newest message."""
        rows = await self._table.list(owner(chat), "MSG#", limit=1, newest_first=True)
        return number(rows[0]) if rows else 0

    async def words(self, chat: str, digest: str) -> str:
        """Those of the person that have this digest; nothing where they no longer stand here."""
        rows = await self._table.list(owner(chat), "MSG#", limit=NEWEST, newest_first=True)
        said = (row.text("text") for row in rows if row.text("kind") == "said")
        return next((text for text in said if digest_of(text) == digest), "")

    async def after(self, chat: str, seq: int) -> list[dict[str, Value]]:
        """The frames behind a number; from the beginning only the newest."""
        if seq <= 0:
            seq = max(0, await self.last(chat) - NEWEST)
        rows = await self._table.list(owner(chat), "MSG#", after=message_key(chat, seq).name, limit=NEWEST)
        return [
            {"seq": number(row), **{name: value for name, value in row.fields.items() if name != "at"}} for row in rows
        ]

    def _guards(self, chat: str, once: str, message: str) -> list[Create]:
        if not once:
            return []
        gone = self._clock.now() + REMEMBERED
        return [Create(Key(owner(chat), f"ONCE#{once}"), {"message": message, "shelf": HANDLED, "due": gone})]

    # -- a reply as a frame -----------------------------------------------------------------------------------------

    def _frame(self, chat: str, reply: Reply) -> dict[str, Value]:
        frame: dict[str, Value] = {"text": reply.text}
        if reply.choices:
            frame["choices"] = [self._choice(chat, one) for one in reply.choices]
        if picture := self._picture(reply):
            frame |= {"picture": picture, **size_of(reply)}
        if reply.alt:
            frame["alt"] = reply.alt
        if reply.wall:
            frame["wall"] = [self._hung(chat, one) for one in reply.wall]
        return frame

    def _picture(self, reply: Reply) -> str:
        if reply.shown:
            return f"/i/{self._signer.link('i', reply.shown.image)}"
        return f"/i/{self._signer.link('s', reply.sheet)}" if reply.sheet else ""

    def _choice(self, chat: str, choice: Choice) -> dict[str, Value]:
        if choice.url:
            return {"text": choice.text, "url": choice.url}
        if choice.fill:
            return {"text": choice.text, "fill": choice.fill}
        return {"text": choice.text, "choice": self._signer.button(chat, choice.action)}

    def _hung(self, chat: str, one: Shown) -> dict[str, Value]:
        return {
            "thumb": f"/i/{self._signer.link('t', one.image)}",
            "picture": f"/i/{self._signer.link('i', one.image)}",
            "alt": one.alt,
            "choice": self._signer.button(chat, one.action),
            "favourite": one.favourite,
            **sized(one.width, one.height),
        }


def size_of(reply: Reply) -> dict[str, Value]:
    return sized(reply.shown.width, reply.shown.height) if reply.shown else sized(*reply.size)


def sized(width: int, height: int) -> dict[str, Value]:
    """So that a page can keep a picture's place before it is there."""
    return {"width": width, "height": height} if width and height else {}


def owner(chat: str) -> str:
    return f"CHAT#{chat}"


def topic(chat: str) -> str:
    return f"chat:{chat}"


def message_key(chat: str, seq: int) -> Key:
    return Key(owner(chat), f"MSG#{seq:012d}")


def number(row: Row) -> int:
    return int(row.key.name.removeprefix("MSG#"))
