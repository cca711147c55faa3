"""The whole house on a real disk and real sockets, with Telegram played outside of it, so that it outlives the house.

Time runs `SPEED` times as fast for the house and for Telegram, so that the pace at which a chat may be written to has
its true length and a journey does not. Every wait is for something that can be seen in a chat.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from aiohttp import ClientSession
from pydantic import SecretStr

from bot.app import Opened, audit_home, open_in
from bot.settings import Settings
from bot.telegram import WEBHOOK
from bot.telegram.inlet import SECRET as HEADER
from bot.vendors import Telegram
from core.people import Person as OurPerson
from core.ports import Wing
from infra import embedded
from infra.embedded.cache import DictCache
from infra.sandbox.telegram import Bot, Chat, Group, Message, Person, Played, Pressed, open_telegram
from tests.bot.homes import settings_of
from tests.storms.hurried import Hurried

T = TypeVar("T")
Mode: TypeAlias = Literal["poll", "webhook"]

SPEED = 20
TOKEN, SECRET = "1234567890:AAF-played-and-never-to-be-seen-in-a-log", "shown-by-telegram-alone"
BOT = Bot(TOKEN)
LOOK = 0.1  # seconds on the wall
AT_MOST = 60.0  # seconds on the wall until what must come has come, on a busy machine


@dataclass(slots=True)
class Street:
    """Telegram, the house that speaks to it, and whoever walks by."""

    home: Path
    played: Played
    mode: Mode
    clock: Hurried
    session: ClientSession
    opened: Opened | None = None
    secrets: set[str] = field(default_factory=set)  # that the house knows
    vendors: frozenset[str] = frozenset()  # whose models paint here; none: those of the wing

    # -- the house ----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def house(self, **settings: object) -> AsyncIterator[Opened]:
        """Open for a while; it may be opened again."""
        said = self._settings(settings)
        async with embedded.open(self.home, said.pace) as wing:
            ports = replace(wing.ports, clock=self.clock, cache=DictCache(self.clock))
            async with open_in(Wing(ports, wing.secret, self.vendors or wing.vendors, alone=True), said) as opened:
                self.opened = opened
                own = {TOKEN, TOKEN.partition(":")[2], SECRET, wing.secret}
                self.secrets = own | ({opened.till.terminal.secret} if opened.till else set())
                yield opened
        self.opened = None

    def _settings(self, more: dict[str, object]) -> Settings:
        own = Telegram(
            token=SecretStr(TOKEN),
            api=self.played.api_url,
            files=self.played.files_url,
            mode=self.mode,
            secret=SecretStr(SECRET),
        )
        wide = {"prompts_per_minute": 1_000, "gift": 7, "pace": 0, "sandbox": frozenset({"vnpay"})}
        return settings_of(self.home, telegram=own, **{**wide, **more})

    @property
    def url(self) -> str:
        assert self.opened
        return f"http://127.0.0.1:{self.opened.port}"

    async def person(self, one: "Passer") -> OurPerson:
        """As the house knows somebody."""
        assert self.opened
        found = await self.opened.house.people.find("telegram", str(one.known.id))
        assert found
        return found

    async def credits(self, one: "Passer") -> tuple[int, int]:
        """Free and held."""
        assert self.opened
        purse = await self.opened.house.ledger.purse((await self.person(one)).id)
        return purse.free, purse.held

    async def is_called(self, body: bytes, secret: str | None = SECRET) -> int:
        """Our webhook, by somebody who says they are Telegram; what they are answered."""
        headers = {HEADER: secret} if secret is not None else {}
        async with self.session.post(f"{self.url}{WEBHOOK}", data=body, headers=headers) as answer:
            return answer.status

    # -- people -------------------------------------------------------------------------------------------------------

    def meets(self, number: int, name: str = "An", language: str = "vi") -> "Passer":
        return Passer(self, self.played.telegram.person(number, name, language))

    async def until(self, find: Callable[[], T | None]) -> T:
        """Looked for again whenever something changes at Telegram; and now and then, for a refusal changes nothing."""
        telegram = self.played.telegram
        try:
            async with asyncio.timeout(AT_MOST):
                while True:
                    telegram.stirred.clear()
                    if found := find():
                        return found
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK):
                            await telegram.stirred.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain; what stands in the chats:\n{self.told()}") from None

    def told(self) -> str:
        """Every chat as people see it, for whoever has to find out why something did not come."""
        telegram = self.played.telegram
        chats = [*telegram.world.private.values(), *telegram.world.groups.values()]
        return "\n".join(
            f"{chat.title}: {one.sender['first_name']}{' 📷' if one.photo else ''} {one.text} {buttons(one)}"
            for chat in chats
            for one in chat.messages
        )


@dataclass(frozen=True, slots=True)
class Passer:
    """Somebody with a telephone: what they do, and what they see."""

    street: Street
    known: Person

    @property
    def chat(self) -> Chat:
        return self.known.chat()

    async def arrives(self) -> None:
        """Starts the bot and agrees, in whichever language."""
        await self.known.starts()
        notice = await self.sees("Imagify")
        await self.known.presses(notice.buttons[0]["text"], notice)
        await self.sees("👋")

    async def says(self, text: str, place: Group | None = None, *, anonymous: bool = False) -> Message:
        return await self.known.says(text, place, anonymous=anonymous)

    async def presses(self, button: str, message: Message) -> Pressed:
        """The button whose text begins so; over when the bot has answered the press."""
        text = next(one["text"] for one in message.buttons if one["text"].startswith(button))
        pressed = await self.known.presses(text, message)
        if pressed.query:
            async with asyncio.timeout(AT_MOST):
                await pressed.answered.wait()
        return pressed

    async def sees(self, *words: str, after: Message | None = None, place: Group | None = None) -> Message:
        """The newest message of the bot that has all of these words, newer than another one."""

        def found() -> Message | None:
            chat = place.room if place else self.chat
            newer = (one for one in chat.newest_first() if after is None or one.id > after.id)
            return next((one for one in newer if one.by_bot and all(part in one.text for part in words)), None)

        return await self.street.until(found)

    async def sees_bill(self) -> Message:
        return await self.street.until(
            lambda: next((one for one in self.chat.newest_first() if "invoice" in one.body), None)
        )

    async def pays(self, bill: Message) -> str:
        """In Stars; what has become of it."""
        payment = await self.known.pays(bill)
        async with asyncio.timeout(AT_MOST):
            await payment.over.wait()
        return payment.state

    async def sees_become(self, message: Message, holds: Callable[[Message], object]) -> Message:
        """What stands in a message becomes something else."""
        return await self.street.until(lambda: message if holds(message) else None)

    async def is_shown(self, prompt: Message) -> Message:
        """The answer to what was said, once it is the picture."""

        def found() -> Message | None:
            answers = (one for one in prompt.chat.messages if one.by_bot and one.reply_to is prompt)
            return next((one for one in answers if one.photo), None)

        return await self.street.until(found)


@asynccontextmanager
async def street(home: Path, mode: Mode = "poll") -> AsyncIterator[Street]:
    """Afterwards the whole ledger is proved."""
    async with AsyncExitStack() as closing:
        session = await closing.enter_async_context(ClientSession())
        played = await closing.enter_async_context(open_telegram([BOT], scale=SPEED))
        yield Street(home, played, mode, Hurried(SPEED), session)
    report = await audit_home(home)
    assert report.clean, report.violations


def buttons(message: Message) -> list[str]:
    return [one["text"] for one in message.buttons]
