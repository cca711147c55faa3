"""The house on the bench: its real nouns on any table, everybody outside it in memory, and one step at a time.

`Bench.steps` tells an image's life from the first word to the tally, then what may befall other orders. Each step
stands on what the one before it left, so whoever measures walks through them in order.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from random import Random
from typing import Any, NamedTuple, TypeAlias, TypeVar

from bot import courier as couriers
from bot import settings
from bot.app import plan
from bot.house import House
from core import inbox as inboxes
from core import worker as workers
from core.chance import Chance
from core.clock import DAY, SECOND, Clock
from core.errors import Unavailable
from core.inbox import Kept
from core.jobs import Job, beating
from core.leases import Lease
from core.limits import Limits
from core.news import News, Outbox, telling
from core.people import CONSENT_VERSION, Person
from core.ports import Ports, Wing
from core.prompts import read
from core.queue import Queue
from core.sitting import Sitting
from core.studio import Spot
from core.table import Key, Table
from infra.embedded.cache import DictCache
from infra.embedded.queue import Bell
from payments.tills import Till
from tests.clocks import SetClock
from tests.storms.memory import ListJournal, MemoryBlobs, MemorySpool
from tests.storms.played import LetThrough, PlayedChannel, PlayedDarkroom, PlayedPainter, PlayedScribe, painted

Do: TypeAlias = Callable[[], Awaitable[Any]]

TEXT = "một con mèo mướp đội nón lá ngồi bên hồ Gươm lúc hoàng hôn, màu nước --ar 16:9"
LONG_TEXT = " ".join(["thuyền hoa trên sông nước"] * 80)[:2_000].strip()  # as many signs as a prompt may have
CHANNEL, CHAT = "zalo", "5550123"
CREDITS = 1_000_000
LEASE = 30 * SECOND
NO_LIMITS = Limits(open_sheets=1_000, longest_wait=10**9)


def build(table: Table, tills: Sequence[Till] = (), clock: Clock | None = None, queue: Queue | None = None) -> House:
    """A house as on AWS: others may stand on its table. Its clock stands still and its painter answers at once."""
    clock, lot = clock or SetClock(), Random(1)
    ports = Ports(
        table=table,
        blobs=MemoryBlobs(),
        queue=queue or Bell(),
        cache=DictCache(clock),
        painter=PlayedPainter(lot),
        scribe=PlayedScribe(lot),
        judge=LetThrough(),
        journal=ListJournal(),
        spool=MemorySpool(),
        darkroom=PlayedDarkroom(),
        clock=clock,
        chance=Chance(lot),
    )
    wing = Wing(ports, "", frozenset({"pocket"}), alone=False)
    usual = plan(settings.read(), wing)
    unhurried = replace(usual, terms=replace(usual.terms, limits=NO_LIMITS), secrets=(b"a secret",))
    return House(wing, unhurried, [PlayedChannel(CHANNEL, lot, can_edit=False)], tills, handle=ignored)


async def ignored(_kept: Kept, _key: str) -> None:
    """So that a message costs what it costs before anybody has acted on it."""


async def meet(house: House, chat: str) -> Person:
    """Somebody who has agreed and has paid."""
    person = await house.people.greet(CHANNEL, chat, "vi")
    person = await house.people.agree(person, CONSENT_VERSION, CHANNEL)
    await house.ledger.deposit(person.id, CREDITS, key=f"order:{chat}", kind="topup")
    return person


async def nothing() -> None:
    """Needed beforehand."""


class Step(NamedTuple):
    name: str
    do: Do
    first: Do = nothing  # what it stands on, which is not measured


class Bench:
    """One person at one house, and the job they care about now."""

    def __init__(self, table: Table, text: str = TEXT) -> None:
        self.house, self._table, self._text, self._numbers = build(table), table, text, count(1)
        self._worker, self._inbox = there(self.house.worker), self.house.inbox
        self._clock = self.house.ports.clock
        self._person: Person
        self._job: Job
        self._news: News

    async def begin(self) -> None:
        self._person = await meet(self.house, CHAT)

    def life(self) -> list[Step]:
        """An image from the first word to the tally."""
        return [
            Step("hear", self._hear),
            Step("handle", self._handle),
            Step("order", self._order),
            Step("status", self._told),
            Step("claim", self._claim),
            Step("ask", self._ask),
            Step("heartbeat", self._beat),
            Step("keep", self._keep),
            Step("deliver", self._deliver, self._due),
            Step("tally", self.house.tally.count),
            Step("forget handled", self._inbox.sweep, self._wait),
        ]

    def others(self) -> list[Step]:
        """What else may befall an order."""
        return [
            Step("cancel", self._cancel, self._order),
            Step("cancel when asked", self._cancel, self._asked),
            Step("put off", self._put_off, self._asked),
            Step("fail", self._fail, self._asked),
            Step("give back", self._give_back, self._kept),
            Step("view", self._view, self._kept),
            Step("order of four", self._order_four),
        ]

    # -- hearing ----------------------------------------------------------------------------------------------------

    async def _hear(self) -> None:
        await self._inbox.keep(f"{CHANNEL}:{CHAT}", f"{next(self._numbers):09}", {"text": self._text, "language": "vi"})

    async def _handle(self) -> None:
        """Found, leased, handed over, done; acting on it is the order's own step."""
        for lane in await self._inbox._lanes():
            await self._inbox._serve(lane)

    async def _wait(self) -> None:
        """Until no channel can send it again."""
        await self._clock.sleep(4 * DAY / SECOND)

    # -- painting ---------------------------------------------------------------------------------------------------

    async def _order(self) -> None:
        (self._job,) = await self._ordered(self._text)

    async def _order_four(self) -> None:
        await self._ordered(f"{self._text} --n 4")

    async def _ordered(self, text: str) -> tuple[Job, ...]:
        key = f"{next(self._numbers):064}"  # as long as a digest
        ordered = await self.house.studio.order(self._person, read(text), key=key, spot=Spot(CHANNEL, CHAT))
        return ordered.jobs

    async def _told(self) -> None:
        """The answer stands in the chat, and is to become the picture."""
        await self.house.studio.told(self._job.sheet, f"{CHAT}/1")
        self._job = replace(self._job, message=f"{CHAT}/1")

    async def _claim(self) -> None:
        found = there(await self._worker._first())
        found.seat.leave()
        self._job = found.job

    async def _ask(self) -> None:
        sitting = self._sitting()
        seat = self.house.router.seat(self._job)
        await sitting._ask(seat.route, await sitting._worded(seat.route))
        seat.leave()
        self._job = sitting.job

    async def _beat(self) -> None:
        await self._clock.sleep(10)
        await self._table.write(beating(self._job, self._job.beaten(self._clock.now(), LEASE)))

    async def _keep(self) -> None:
        await self._sitting()._keep(painted(self._job.words.words, self._job.words.seed))

    async def _asked(self) -> None:
        await self._order()
        await self._claim()
        await self._ask()

    async def _kept(self) -> None:
        await self._asked()
        await self._keep()
        await self._due()

    def _sitting(self) -> Sitting:
        return Sitting(self.house.studio._tools, self._job)

    # -- ends -------------------------------------------------------------------------------------------------------

    async def _due(self) -> None:
        """The newest news."""
        due = await Outbox(self._table).due(CHANNEL, self._clock.now())
        self._news = max(due, key=lambda news: news.id)

    async def _deliver(self) -> None:
        await self.house.couriers[0].carry(self._news)

    async def _cancel(self) -> None:
        await self.house.studio.cancel(self._person.id, self._job.id)

    async def _put_off(self) -> None:
        await self._sitting()._again(Unavailable("throttled", "no"))

    async def _fail(self) -> None:
        await self._sitting()._fail("declined")

    async def _give_back(self) -> None:
        await self.house.studio.give_back(self._news, *telling(self._news, "returned"))

    async def _view(self) -> None:
        await self.house.studio.gallery.view(self._person.id, self._job.id)


T = TypeVar("T")


def there(found: T | None) -> T:
    assert found is not None
    return found


# -- nobody there ---------------------------------------------------------------------------------------------------


def idle(house: House) -> list[tuple[str, Do, float]]:
    """What runs while nobody speaks: its name, one turn of it, and how many turns an hour has."""
    chores = [(f"chore {one.name}", partial(house.chores.do, one), 3_600 / one.every) for one in house.chores._chores]
    return [
        ("courier's look", partial(look, house), 3_600 / couriers.LOOK),
        ("inbox's look", house.inbox._lanes, 3_600 / inboxes.LOOK),
        ("a look at the door", there(house.worker)._first, 3_600 / workers.LISTEN),
        *chores,
    ]


async def look(house: House) -> None:
    """A round of the courier, and the renewing of its lease."""
    lease = Lease(Key(f"COURIER#{CHANNEL}", "META"), 1, {})
    await house.leases.renew(lease, LEASE) or await house.leases.take(lease.key, LEASE)
    await house.couriers[0].round()
