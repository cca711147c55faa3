"""The whole house on a real disk and real sockets, with Zalo played outside of it, and Telegram where it is wanted too.

Time runs `SPEED` times as fast for the house and for both. Every wait is for something that can be seen in a chat.
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
from bot.vendors import Telegram, Zalo
from bot.zalo import WEBHOOK
from bot.zalo.inlet import SECRET as HEADER
from bot.zalo.menus import owner
from core.people import Person as OurPerson
from core.ports import Wing
from infra import embedded
from infra.embedded.cache import DictCache
from infra.sandbox import telegram as over_there
from infra.sandbox.zalo import Bot, Chat, Group, Message, Person, Plan, Played, open_zalo
from tests.bot.homes import settings_of
from tests.storms.hurried import Hurried

T = TypeVar("T")
Mode: TypeAlias = Literal["poll", "webhook"]
Dialect: TypeAlias = Literal["observed", "docs"]

SPEED = 20
TOKEN, SECRET = "12345689:abc-played-and-never-to-be-seen-in-a-log", "shown-by-zalo-alone"
TELEGRAM = "1234567890:AAF-played-and-never-to-be-seen-in-a-log"
READS = 1.0  # seconds by Zalo's clock that somebody takes to read what they answer
LOOK = 0.1  # seconds on the wall
AT_MOST = 60.0  # seconds on the wall until what must come has come, on a busy machine


@dataclass(slots=True)
class Street:
    """Zalo, the house that speaks to it, and whoever walks by."""

    home: Path
    played: Played
    telegram: over_there.Played
    mode: Mode
    clock: Hurried
    session: ClientSession
    opened: Opened | None = None
    secrets: set[str] = field(default_factory=set)  # that the house knows

    # -- the house ----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def house(self, *, both: bool = False, **settings: object) -> AsyncIterator[Opened]:
        """Open for a while; it may be opened again. `both`: on Telegram, too."""
        said = self._settings(settings, both=both)
        async with embedded.open(self.home, said.pace) as wing:
            ports = replace(wing.ports, clock=self.clock, cache=DictCache(self.clock))
            async with open_in(Wing(ports, wing.secret, wing.vendors, alone=True), said) as opened:
                self.opened = opened
                own = {TOKEN, TOKEN.partition(":")[2], SECRET, wing.secret}
                self.secrets = own | ({opened.till.terminal.secret} if opened.till else set())
                yield opened
        self.opened = None

    def _settings(self, more: dict[str, object], *, both: bool) -> Settings:
        plan = {name.removeprefix("zalo_"): more.pop(name) for name in list(more) if name.startswith("zalo_")}
        own = Zalo.model_validate(
            {
                "token": TOKEN,
                "api": self.played.api_url,
                "mode": self.mode,
                "secret": SECRET,
                **plan,
            }
        )
        other = Telegram(token=SecretStr(TELEGRAM), api=self.telegram.api_url, files=self.telegram.files_url)
        wide = {"prompts_per_minute": 1_000, "gift": 7, "pace": 0, "sandbox": frozenset({"vnpay"})}
        also = {"telegram": other} if both else {}
        return settings_of(self.home, zalo=own, **{**wide, **also, **more})

    @property
    def url(self) -> str:
        assert self.opened
        return f"http://127.0.0.1:{self.opened.port}"

    async def person(self, one: "Passer") -> OurPerson:
        """As the house knows somebody."""
        found = await self.known(one)
        assert found
        return found

    async def known(self, one: "Passer") -> OurPerson | None:
        assert self.opened
        return await self.opened.house.people.find("zalo", one.known.id)

    async def credits(self, one: "Passer") -> tuple[int, int]:
        """Free and held."""
        assert self.opened
        purse = await self.opened.house.ledger.purse((await self.person(one)).id)
        return purse.free, purse.held

    async def is_called(self, body: bytes, secret: str | None = SECRET) -> int:
        """Our webhook, by somebody who says they are Zalo; what they are answered."""
        headers = {HEADER: secret} if secret is not None else {}
        async with self.session.post(f"{self.url}{WEBHOOK}", data=body, headers=headers) as answer:
            return answer.status

    # -- people -------------------------------------------------------------------------------------------------------

    async def on_telegram(self, one: over_there.Person, *words: str) -> over_there.Message:
        """The newest message of the bot over there that has all of these words."""

        def found() -> over_there.Message | None:
            newest = (said for said in one.chat().newest_first() if said.by_bot)
            return next((said for said in newest if all(part in said.text for part in words)), None)

        return await self.until(found)

    def meets(self, name: str = "An", *, protected: bool = False) -> "Passer":
        return Passer(self, self.played.zalo.person(name=name, protected=protected))

    async def until(self, find: Callable[[], T | None]) -> T:
        """Looked for again whenever something changes at Zalo; and now and then, for a refusal changes nothing."""
        zalo = self.played.zalo
        try:
            async with asyncio.timeout(AT_MOST):
                while True:
                    zalo.stirred.clear()
                    if found := find():
                        return found
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK):
                            await zalo.stirred.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain; what stands in the chats:\n{self.told()}") from None

    def told(self) -> str:
        """Every chat as people see it, for whoever has to find out why something did not come."""
        world = self.played.zalo.world
        chats = [*world.private.values(), *world.groups.values()]
        return "\n".join(
            f"{chat.title}: {'bot' if one.by_bot else 'person'}{' 📷' if one.photo else ''} {one.text}"
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
        """Says a word, reads the notice and agrees."""
        await self.says("xin chào")
        await self.sees("Imagify", "1. Đồng ý")
        await self.answers("1")
        await self.sees("👋")

    async def says(self, text: str, place: Group | None = None) -> Message:
        return await self.known.says(text, place)

    async def answers(self, text: str) -> Message:
        """Once what stands there is read, and the house knows that it stands there."""
        async with asyncio.timeout(AT_MOST):
            while not await self._list_stands():
                await self.street.clock.sleep(READS)
        await self.street.played.zalo.pass_by(READS)  # its dates are not hurried
        return await self.known.says(text)

    async def _list_stands(self) -> bool:
        assert self.street.opened
        table = self.street.opened.house.ports.table
        newest = await table.list(owner(self.known.id), "MENU#", limit=1, newest_first=True)
        return all(row.flag("stands") for row in newest)

    async def sees(self, *words: str, after: Message | None = None, place: Group | None = None) -> Message:
        """The newest message of the bot that has all of these words, behind another one."""

        def found() -> Message | None:
            for one in (place.room if place else self.chat).newest_first():
                if one is after:
                    return None
                if one.by_bot and all(part in one.text for part in words):
                    return one
            return None

        return await self.street.until(found)

    async def is_shown(self, *words: str, after: Message | None = None) -> Message:
        """A picture whose caption has all of these words."""
        message = await self.sees("Ảnh do AI tạo", *words, after=after)
        assert message.photo
        return message

    async def still_has(self, message: Message) -> bool:
        """Whether a picture can be seen once Zalo has looked for the last time, which the house must be open for."""
        picture = message.picture
        assert picture
        await self.street.until(lambda: picture.settled)
        return message.rendered


@asynccontextmanager
async def street(
    home: Path, mode: Mode = "poll", dialect: Dialect = "observed", plan: Plan | None = None
) -> AsyncIterator[Street]:
    """Afterwards the whole ledger is proved."""
    async with AsyncExitStack() as closing:
        session = await closing.enter_async_context(ClientSession())
        bot = Bot(TOKEN, dialect=dialect, plan=plan or Plan(), groups=True)
        played = await closing.enter_async_context(open_zalo([bot], scale=SPEED))
        other = await closing.enter_async_context(over_there.open_telegram([over_there.Bot(TELEGRAM)], scale=SPEED))
        yield Street(home, played, other, mode, Hurried(SPEED), session)
    report = await audit_home(home)
    assert report.clean, report.violations
