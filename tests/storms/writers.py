"""People at Telegram and Zalo, both played in the storm's own process, whose words come to the house by webhooks."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from infra.sandbox import telegram, zalo
from infra.sandbox.telegram.hook import Hook as TelegramHook
from infra.sandbox.zalo.hook import Hook as ZaloHook
from infra.sandbox.zalo.plans import Plan

TELEGRAM_TOKEN, ZALO_TOKEN = "123456:AAF-played", "12345689:abc-played"
SHOWN = "shown-by-the-storm"
THINKS = 5.0  # seconds between two pictures of one: were more asked for than painted, whoever never paid would wait
READS, LOOK = 1.0, 0.05  # seconds that a list is read for, and between two looks
WAITS = 120.0  # seconds after which an answer does not come any more

Known: TypeAlias = telegram.Person | zalo.Person


@dataclass(slots=True)
class Writer:
    """One person, who orders picture after picture and waits for each."""

    known: Known
    name: str
    said: int = 0
    answered: int = 0
    waited: list[float] = field(default_factory=list)  # seconds to a picture

    async def comes_in(self) -> bool:
        """Through the consent; whether the house has let them in."""
        if isinstance(self.known, telegram.Person):
            await self.known.starts()
            shown = await until(lambda: self._shows("", button="Đồng ý"))
            await self.known.presses("Đồng ý")
        else:
            await self.known.says("xin chào")
            shown = await until(lambda: self._shows("1. Đồng ý"))
            await asyncio.sleep(READS)  # before that the house does not know what its list was sent as
            await self.known.says("đồng ý")
        return shown and await until(lambda: self._shows("👋"))

    async def writes(self, over: asyncio.Event) -> None:
        """Until it is over, or no picture comes any more."""
        while not over.is_set() and self.answered == self.said:
            await self._asks(f"con mèo số {self.said} của {self.name}")
            await asyncio.sleep(THINKS)

    async def _asks(self, words: str) -> None:
        began = time.monotonic()
        self.said += 1
        await self.known.says(words)
        if await until(lambda: self._shows(f"“{words}”", pictured=True)):
            self.answered += 1
            self.waited.append(time.monotonic() - began)

    def _shows(self, words: str, *, button: str = "", pictured: bool = False) -> bool:
        """Whether something that the house has said has all of this."""
        return any(
            one.by_bot
            and words in one.text
            and (not pictured or bool(one.photo))
            and (not button or (isinstance(one, telegram.Message) and button in str(one.buttons)))
            for one in self.known.chat().newest_first()
        )


async def until(holds: Callable[[], bool]) -> bool:
    """Whether it has come to hold in time."""
    end = time.monotonic() + WAITS
    while not holds() and time.monotonic() < end:  # noqa: ASYNC110 - the messengers fill what it looks at
        await asyncio.sleep(LOOK)
    return holds()


@dataclass(slots=True)
class Messengers:
    """Both of them as they stand, and who writes there."""

    telegram: telegram.Played
    zalo: zalo.Played
    writers: Sequence[Writer]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    besieged_at: tuple[float, float] = (0.0, 0.0)  # by the clock of each
    _writing: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """What a house is told that is to serve them; nobody meets a limit but the messengers' own."""
        free = {f"IMAGIFY_ZALO__{limit}": "0" for limit in ("USERS", "MESSAGES", "RESERVE", "DAILY")}
        return free | {
            "IMAGIFY_TELEGRAM__TOKEN": TELEGRAM_TOKEN,
            "IMAGIFY_TELEGRAM__API": self.telegram.api_url,
            "IMAGIFY_TELEGRAM__FILES": self.telegram.files_url,
            "IMAGIFY_TELEGRAM__MODE": "webhook",
            "IMAGIFY_TELEGRAM__SECRET": SHOWN,
            "IMAGIFY_ZALO__TOKEN": ZALO_TOKEN,
            "IMAGIFY_ZALO__API": self.zalo.api_url,
            "IMAGIFY_ZALO__MODE": "webhook",
            "IMAGIFY_ZALO__SECRET": SHOWN,
        }

    async def begin(self) -> list[str]:
        """Everybody comes in and writes; the names of those who were not let in."""
        let_in = await asyncio.gather(*(one.comes_in() for one in self.writers))
        self._writing = [asyncio.create_task(one.writes(self.over)) for one in self.writers]
        return [one.name for one, is_in in zip(self.writers, let_in, strict=True) if not is_in]

    def mark(self) -> None:
        """From now on strangers are there."""
        self.besieged_at = (self.telegram.telegram.clock.now(), self.zalo.zalo.clock.now())

    async def end(self) -> None:
        """Whoever waits for a picture still gets it."""
        self.over.set()
        await asyncio.gather(*self._writing)

    def acknowledged(self) -> list[float]:
        """The seconds in which the house took an update among strangers."""
        telegram_at, zalo_at = self.besieged_at
        telegrams = [one.took for one in self._of_telegram().tries if one.at >= telegram_at and one.outcome == "ok"]
        zalos = [one for one in self._of_zalo().tries if one.at >= zalo_at and one.message]
        return telegrams + [one.took for one in zalos if one.outcome == "webhook.ok"]

    def brought_again(self) -> int:
        """Tries that the house did not acknowledge."""
        telegrams = sum(one.outcome != "ok" for one in self._of_telegram().tries)
        return telegrams + sum(one.outcome != "webhook.ok" for one in self._of_zalo().tries)

    def lost(self) -> list[str]:
        """Words that were not answered with a picture, and updates that nobody took."""
        unanswered = [one.name for one in self.writers if one.answered < one.said]
        waiting = len(self.telegram.telegram.robot().updates.pending) + len(self.zalo.zalo.robot().updates.pending)
        given_up = [event.message for event in self._of_zalo().given_up]
        return [
            *(f"{name} waits for a picture in vain" for name in unanswered),
            *(f"Zalo gave up {message}" for message in given_up),
            *([f"{waiting} updates were not taken"] if waiting else []),
        ]

    def _of_telegram(self) -> TelegramHook:
        return self.telegram.telegram.robot().hook

    def _of_zalo(self) -> ZaloHook:
        return self.zalo.zalo.robot().hook


@asynccontextmanager
async def messengers(each: int) -> AsyncIterator[Messengers]:
    """So many people at each of the two."""
    async with (
        telegram.open_telegram([telegram.Bot(TELEGRAM_TOKEN)]) as ours,
        zalo.open_zalo([zalo.Bot(ZALO_TOKEN, plan=Plan(users=0, messages=0))]) as theirs,
    ):
        known: list[tuple[Known, str]] = []
        for number in range(each):
            known.append((ours.telegram.person(100 + number, f"T{number}"), f"T{number}"))
            known.append((theirs.zalo.person(name=f"Z{number}"), f"Z{number}"))
        yield Messengers(ours, theirs, [Writer(one, name) for one, name in known])
