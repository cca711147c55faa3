"""Wallets under storm: chats link, part, buy, draw, are paid back, frozen and banned, while processes die under them.

    one_story(k)     a link and a parting from the first word to the last, and the house dies at its k-th point
    many_chats(seed) a crowd of chats does everything at once, deaths drawn from the seed; then it grows calm

link_verdict says what must hold then.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from core.addresses import Address
from core.jobs import Job
from core.table import Row
from payments.orders import Order
from tests.storms.link_desk import ADMIN, GIFT, Desk
from tests.storms.link_storm import Storm
from tests.storms.link_verdict import Verdict, judged
from tests.storms.mortal import Plan

ASTRAY = 0.15  # how often a chat says a code that is not meant for it
RACES = 0.1  # how often two chats each try to be the one that stays
TELEGRAM, ZALO = Address("telegram", "5550100", "5550100"), Address("zalo", "8880100", "8880100")


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
            told = self.storm.till.books.get(order.ref) or self.storm.till.takes(order)
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
