"""Wallets under storm: chats link, part, buy, draw, are paid back, frozen and banned, while processes die under them.

    one_story(k)     a link and a parting from the first word to the last, and the house dies at its k-th point
    many_chats(seed) a crowd of chats does everything at once, deaths drawn from the seed; then it grows calm

What must hold then: the whole ledger is proved and nobody is half linked; every payment the gateway took is one top-up,
in a purse that somebody at an address has; no address ever had a second gift.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from core.addresses import Address
from core.audit import audit, every_row
from core.errors import ImagifyError, NotLinked, Refusal
from core.jobs import OPEN, Job
from core.table import Refused, Row, TableUnavailable
from payments.orders import Order
from payments.proofs import OrderBooks
from payments.tills import RefundTold, Told
from tests.storms.link_desk import ADMIN, GIFT, GIVERS, Desk
from tests.storms.mortal import PACES, Pace, Plan, Process
from tests.storms.played_till import PlayedTill
from tests.storms.simulation import Hands, World
from tests.storms.till import within

T = TypeVar("T")

LONGEST = 24 * 3_600  # virtual seconds
AGAIN = (1.0, 4.0)  # after which whoever was not answered asks again
LINK_PACES = {**PACES, "table": Pace((0.001, 0.02), (0.0, 0.01))}
MOST_NAMED = 5
TELEGRAM, ZALO = Address("telegram", "5550100", "5550100"), Address("zalo", "8880100", "8880100")
ASTRAY = 0.15  # how often a chat says a code that is not meant for it
RACES = 0.1  # how often two chats each try to be the one that stays
BROKEN = (AssertionError, ImagifyError, LookupError, Refused, RuntimeError, TableUnavailable, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run came to; two runs of one seed have equal verdicts."""

    digest: str
    points: int
    kills: int
    wrong: tuple[str, ...] = ()
    links: int = 0
    partings: int = 0
    gifts: int = 0
    paid: int = 0
    refusals: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Tally:
    """What many storms came to."""

    runs: int = 0
    kills: int = 0
    points: int = 0
    links: int = 0
    partings: int = 0
    gifts: int = 0
    paid: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def take(self, name: str, verdict: Verdict) -> None:
        self.runs += 1
        self.refusals.update(dict(verdict.refusals))
        for counted in ("kills", "points", "links", "partings", "gifts", "paid"):
            setattr(self, counted, getattr(self, counted) + getattr(verdict, counted))
        if verdict.wrong and len(self.named) < MOST_NAMED:
            self.named.append(f"{name}: {'; '.join(verdict.wrong[:3])}")

    def lines(self, what: str) -> list[tuple[str, object]]:
        refused = ", ".join(f"{count:,} {why}" for why, count in self.refusals.most_common())
        counted = [(name, getattr(self, name)) for name in ("kills", "points", "links", "partings")]
        also = [("gifts, none of them a second one", self.gifts), ("payments, each credited once", self.paid)]
        return [(what, self.runs), *counted, *also, *([("refused", refused)] if refused else [])]

    def add(self, verdicts: Iterable[tuple[str, Verdict]]) -> "Tally":
        for name, verdict in verdicts:
            self.take(name, verdict)
        return self


@dataclass(slots=True)
class Storm:
    """One world, its till, and processes that serve whoever asks."""

    seed: int
    plan: Plan
    processes: int = 1
    world: World = field(init=False)
    till: PlayedTill = field(init=False)
    lot: random.Random = field(init=False)
    dusk: asyncio.Event = field(init=False)
    refusals: Counter[str] = field(default_factory=Counter)
    stormy: int = 0  # points passed before it grew calm
    _open: dict[str, tuple[Process, Desk]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(self.seed, self.plan, mouths={}, paces=LINK_PACES)
        self.till, self.lot = PlayedTill(), random.Random(f"links {self.seed}")

    def rage(self, story: Callable[["Storm"], Awaitable[None]]) -> None:
        async def told(world: World) -> None:
            self.dusk = asyncio.Event()
            lives = [world.start(f"house-{number}", self._live) for number in range(self.processes)]
            await story(self)
            self.stormy = len(world.fate.path)
            world.fate.plan = replace(world.fate.plan, most=0)
            self.dusk.set()
            await asyncio.gather(*lives)
            await world.start("morning", self._finish, mortal=False)

        self.world.run(told, until=LONGEST)

    async def _live(self, hands: Hands) -> None:
        self._open[hands.process.name] = hands.process, Desk.of(hands, self.till)
        await self.dusk.wait()

    async def ask(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """Asked again until a process lives long enough to answer; what it did before it died stands."""
        while True:
            living = [(process, desk) for process, desk in self._open.values() if not process.dead]
            if living:
                process, desk = self.lot.choice(living)
                task = within(process, partial(work, desk))
                await asyncio.wait({task})
                if not task.cancelled() and not process.dead:
                    return task.result()
                _ = task.cancelled() or task.exception()
            await asyncio.sleep(self.lot.uniform(*AGAIN))

    async def tries(self, work: Callable[[Desk], Awaitable[T]]) -> T | None:
        """The same, and a refusal is counted: a clear outcome, too."""
        try:
            return await self.ask(work)
        except NotLinked as refusal:
            self.refusals[refusal.why] += 1
        except (Refusal, Refused) as refusal:
            self.refusals[type(refusal).__name__] += 1
        return None

    async def _finish(self, hands: Hands) -> None:
        """The gateway says once more what it took; what is open is closed, and money on its way arrives."""
        desk = Desk.of(hands, self.till)
        for told in list(self.till.books.values()):
            await desk.cashier.settle(told, "query")
        for refund in await desk.refunds.open():
            await desk.refunds.decide(refund, RefundTold("sent", "1", "00"))
        async for row in every_row(hands.table):
            if row.key.owner.startswith("JOB#") and (job := Job.of(row)).state in OPEN:
                await desk.closings.fail(job, "outage")


# -- one story ------------------------------------------------------------------------------------------------------


async def link_and_part(storm: Storm) -> None:
    """Everything that two chats can do together, asked again by each until it is answered."""
    for at in (TELEGRAM, ZALO):
        await storm.ask(lambda desk, at=at: desk.welcome(at))  # type: ignore[misc]  # of this turn
    order = await storm.ask(lambda desk: desk.buy(ZALO))
    told = storm.till.takes(order)
    await storm.ask(lambda desk: desk.cashier.settle(told, "call"))
    await storm.ask(dropped)
    for number in range(2):
        await linked(storm)
        if number == 0:
            await parted(storm)


async def dropped(desk: Desk) -> None:
    """What a death has left behind of a first try to buy."""
    for order in await desk.cashier.orders.of_person((await desk.met(ZALO)).id):
        await desk.cashier.cancel(order)


async def linked(storm: Storm) -> None:
    async def asks(desk: Desk) -> str:
        return await desk.linking.ask_code(await desk.met(TELEGRAM), TELEGRAM)

    async def accepts(desk: Desk) -> None:
        await desk.linking.accept(code, await desk.met(ZALO), ZALO)

    async def confirms(desk: Desk) -> None:
        await desk.linking.confirm(code, await desk.met(TELEGRAM), TELEGRAM)

    code = await storm.ask(asks)
    await storm.ask(accepts)
    await storm.ask(confirms)


async def parted(storm: Storm) -> None:
    """Whoever asks again after a death finds that the chat has left already."""
    await storm.tries(lambda desk: desk.leave(ZALO))
    assert set(storm.refusals) <= {"alone"}, storm.refusals


def one_story(point: int) -> Verdict:
    storm = Storm(3, Plan(kill_at=point))
    return judged(storm, link_and_part, of_the_story)


def length() -> int:
    """At how many points the house could die in it."""
    storm = Storm(3, Plan(most=0))
    storm.rage(link_and_part)
    return storm.stormy


def die_at(point: int) -> tuple[str, Verdict]:
    return f"link and part, point {point}", one_story(point)


def of_the_story(rows: Sequence[Row]) -> list[str]:
    """In the end the two chats share one wallet with all that was paid and the gift of the one that stayed."""
    purses = [row for row in rows if row.key.name == "PURSE" and not row.text("merged_into")]
    held = [(row.number("gift"), row.number("paid")) for row in purses]
    return [] if held == [(GIFT, 55)] else [f"purses of {held}"]


# -- many chats -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Crowd:
    """Humans with three chats each, who know their codes from one another, and sometimes somebody else's."""

    storm: Storm
    humans: int
    steps: int
    codes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by human
    orders: list[Order] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    chats: list[Address] = field(default_factory=list)

    async def live(self) -> None:
        self.chats = [
            Address(channel, f"{channel[0]}{human:07}", f"{channel[0]}{human:07}")
            for human in range(self.humans)
            for channel in ("telegram", "zalo", "web")
        ]
        await asyncio.gather(*(self._act(at) for at in self.chats), self._govern())

    async def _act(self, at: Address) -> None:
        """One chat: a word at a time, as its lane would have it."""
        lot, storm = self.storm.lot, self.storm
        deeds = [self._ask, self._say, self._say, self._yes, self._yes, self._leave, self._draw, self._buy, self._pay]
        for _ in range(self.steps):
            await asyncio.sleep(lot.uniform(0, 3))
            if lot.random() < RACES:
                await self._race(at)
            deed = lot.choice(deeds)
            if not await storm.ask(lambda desk: desk.people.addresses.banned(at)):
                await storm.tries(lambda desk, deed=deed: deed(desk, at))  # type: ignore[misc]  # of this turn

    async def _govern(self) -> None:
        """Admins, workers and the gateway meanwhile."""
        lot, storm = self.storm.lot, self.storm
        deeds = [self._freeze, self._ban, self._refund, self._close, self._close, self._cancel]
        for _ in range(2 * self.steps):
            await asyncio.sleep(lot.uniform(0, 3))
            deed, at = lot.choice(deeds), lot.choice(self.chats)
            await storm.tries(lambda desk, deed=deed, at=at: deed(desk, at))  # type: ignore[misc]  # same

    # what chats do

    async def _ask(self, desk: Desk, at: Address) -> None:
        self.codes[human(at)].append(await self._code(desk, at))

    async def _say(self, desk: Desk, at: Address) -> None:
        """Mostly one of their own; now and then one they have seen over somebody's shoulder, used or not."""
        astray = self.storm.lot.random() < ASTRAY
        heard = [code for codes in self.codes.values() for code in codes] if astray else self.codes[human(at)][-2:]
        if heard:
            code, person = self.storm.lot.choice(heard), await desk.met(at)
            await desk.linking.look(code, person, at)
            await desk.linking.accept(code, person, at)

    async def _yes(self, desk: Desk, at: Address) -> None:
        if codes := self.codes[human(at)][-2:]:
            await desk.linking.confirm(self.storm.lot.choice(codes), await desk.met(at), at)

    async def _race(self, at: Address) -> None:
        """Two codes, one from either side, and both say yes to both at once."""
        tries, other = (
            self.storm.tries,
            self.storm.lot.choice([one for one in self.chats if one != at and kin(one, at)]),
        )
        sides = ((at, other), (other, at))
        codes = [await tries(partial(self._code, at=here)) for here, _ in sides]
        for code, (_, there) in zip(codes, sides, strict=True):
            await tries(partial(self._accept, at=there, code=code or ""))
        yeses = [partial(self._confirm, at=here, code=code or "") for code, (here, _) in zip(codes, sides, strict=True)]
        await asyncio.gather(*(tries(yes) for yes in (*yeses, *yeses)))

    async def _code(self, desk: Desk, at: Address) -> str:
        return await desk.linking.ask_code(await desk.met(at), at)

    async def _accept(self, desk: Desk, at: Address, code: str) -> None:
        await desk.linking.accept(code, await desk.met(at), at)

    async def _confirm(self, desk: Desk, at: Address, code: str) -> None:
        await desk.linking.confirm(code, await desk.met(at), at)

    async def _leave(self, desk: Desk, at: Address) -> None:
        await desk.leave(at)

    async def _draw(self, desk: Desk, at: Address) -> None:
        self.jobs.append(await desk.order(at))

    async def _buy(self, desk: Desk, at: Address) -> None:
        self.orders.append(await desk.buy(at))

    async def _pay(self, desk: Desk, _: Address) -> None:
        if self.orders:
            order = self.storm.lot.choice(self.orders)
            told: Told = self.storm.till.books.get(order.ref) or self.storm.till.takes(order)
            await desk.cashier.settle(told, "call")

    # what is done to them

    async def _freeze(self, desk: Desk, at: Address) -> None:
        await desk.ledger.freeze((await desk.met(at)).id, frozen=self.storm.lot.random() < 0.3)

    async def _ban(self, desk: Desk, at: Address) -> None:
        deed = desk.people.addresses.ban if self.storm.lot.random() < 0.2 else desk.people.addresses.unban
        await deed(at, reason="by lot", actor=ADMIN)

    async def _refund(self, desk: Desk, _: Address) -> None:
        """Sometimes the gateway says yes at once, sometimes it takes its time."""
        if self.orders:
            self.storm.till.will_refund(self.storm.lot.choice(("sent", "accepted")))
            await desk.refunds.refund(self.storm.lot.choice(self.orders).ref, "an admin", "by lot")

    async def _close(self, desk: Desk, _: Address) -> None:
        """A picture is drawn, and seen; or not."""
        if self.jobs:
            job = self.jobs.pop(0)
            await desk.paint(await desk.closings.job(job.id))
            if self.storm.lot.random() < 0.8:
                await desk.gallery.view(job.person, job.id)

    async def _cancel(self, desk: Desk, _: Address) -> None:
        if self.orders:
            await desk.cashier.cancel(await desk.cashier.orders.order(self.storm.lot.choice(self.orders).ref))
        if self.jobs:
            job = self.jobs.pop()
            await desk.closings.cancel(job.person, job.id)


def human(at: Address) -> str:
    return at.id[1:]


def kin(one: Address, other: Address) -> bool:
    return human(one) == human(other)


def many_chats(seed: int) -> Verdict:
    lot = random.Random(f"weather of links {seed}")
    plan = Plan(chance=lot.choice((0.0, 0.001, 0.003)), most=lot.randint(2, 8))
    storm = Storm(seed, plan, processes=lot.choice((1, 2, 3)))
    humans, steps = lot.randint(1, 3), lot.randint(15, 30)
    return judged(storm, lambda storm: Crowd(storm, humans, steps).live(), nothing_more)


def die_by_lot(seed: int) -> tuple[str, Verdict]:
    return f"links, seed {seed}", many_chats(seed)


def nothing_more(_: Sequence[Row]) -> list[str]:
    return []


# -- the verdict ----------------------------------------------------------------------------------------------------


def judged(
    storm: Storm, story: Callable[[Storm], Awaitable[None]], also: Callable[[Sequence[Row]], list[str]]
) -> Verdict:
    """Let it rage, and say what it came to."""
    wrong: list[str] = []
    try:
        storm.rage(story)
    except BROKEN as broken:  # a story that breaks off is as wrong as one that ends badly
        wrong.append(f"{type(broken).__name__}: {broken}")
    return asyncio.run(reckoned(storm, wrong, also))


async def reckoned(storm: Storm, wrong: list[str], also: Callable[[Sequence[Row]], list[str]]) -> Verdict:
    world, report = storm.world, storm.world.report()
    rows = [row async for row in every_row(world.table)]
    proof = await audit(world.table, world.blobs, OrderBooks())
    wrong += [f"{one.rule}: {one.where} {one.detail}" for one in proof.violations]
    entries = [row for row in rows if row.key.name.startswith("TRANSACTION#")]
    gifts = [row.text("key") for row in entries if row.text("kind") == "gift"]
    topups = Counter(row.text("ref") for row in entries if row.text("kind") == "topup")
    wrong += [f"{key} was had twice" for key, count in Counter(gifts).items() if count > 1]
    wrong += [f"a gift at {key}" for key in gifts if not key.startswith(tuple(f"gift:{one}:" for one in GIVERS))]
    taken = {ref for ref, told in storm.till.books.items() if told.verdict == "paid"}
    wrong += [f"{ref} was paid and credited {topups[ref]} times" for ref in taken if topups[ref] != 1]
    wrong += [f"{ref} was credited, and nobody paid" for ref in topups.keys() - taken]
    wrong += [*stranded(rows), *also(rows)]
    return Verdict(
        digest=report.digest,
        points=report.points,
        kills=len(report.deaths),
        wrong=tuple(wrong),
        links=sum(row.text("kind") == "merge in" for row in entries),
        partings=sum(row.key.name == "LEFT" for row in rows),
        gifts=len(gifts),
        paid=len(taken),
        refusals=tuple(sorted(storm.refusals.items())),
    )


def stranded(rows: Sequence[Row]) -> list[str]:
    """Credits that nobody at any address can reach."""
    reached = {row.text("person") for row in rows if row.key.owner.startswith("ADDRESS#") and row.key.name == "META"}
    purses = [row for row in rows if row.key.name == "PURSE"]
    return [
        f"{row.key.owner} has credits and no chat"
        for row in purses
        if row.number("gift") + row.number("paid") + row.number("held")
        and row.key.owner.removeprefix("USER#") not in reached
    ]
