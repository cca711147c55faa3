"""Whatever a gateway says, in whatever order and however much of it at once: one deposit an order, or none.

Hypothesis draws what happens, several things at a time, on a table at which everybody gets a turn before anybody's
call. After every step the whole ledger is proved, and every order is held against what was truly said of it.
"""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from core.audit import every_row
from core.chance import Chance
from core.errors import Refusal
from core.people import Person
from core.table import Table
from infra.embedded.table import SqliteTable
from infra.sandbox.vnpay.wire import signed_query
from payments.orders import SETTLED, Order, gateway_key
from payments.tills import Reason, RefundTold, Told
from tests.core.rig import Crowded
from tests.storms.ipn import notice
from tests.storms.loop import SimClock, SimLoop
from tests.storms.memory import MemoryCache
from tests.storms.played_till import PlayedTill
from tests.storms.till import HERE, PACKAGES, SECRET, Shop, called, open_shop, place_of
from tests.storms.till_verdict import proved

CODES: Mapping[str, frozenset[str]] = {
    "paid": frozenset({"00", "02"}),
    "failed": frozenset({"00", "02"}),
    "tampered": frozenset({"97"}),
    "another amount": frozenset({"04"}),
    "another terminal": frozenset({"01"}),
    "another's number": frozenset({"00", "02"}),
}
DEEDS = ("asked", "suspected", "opened", "ordered", "cancelled", "renewed", "expired", "refunded", "sent", "kept")
PASSING = (0, 400, 2_000)  # seconds between two steps

happenings = st.tuples(st.sampled_from((*CODES, *CODES, *DEEDS)), st.integers(0, 3), st.integers(0, 3))
steps = st.tuples(st.lists(happenings, min_size=1, max_size=5), st.sampled_from(PASSING))


@dataclass(slots=True)
class Tale:
    """A shop with two people, and what was truly said of each order."""

    shop: Shop
    clock: SimClock
    people: list[Person]
    orders: list[str] = field(default_factory=list)
    said: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # order -> numbers it was paid under
    denied: set[str] = field(default_factory=set)  # orders that were told as failed

    async def begin(self) -> None:
        for number in range(3):
            await self._ordered(number, 0)

    async def happens(self, what: str, which: int, other: int) -> None:
        deeds: Mapping[str, Callable[[Order], Awaitable[object]]] = {
            "asked": lambda order: self.shop.cashier.settle(self._paid(order, self._number(order.ref)), "query"),
            "suspected": self._suspected,
            "opened": lambda order: self.shop.cashier.open(order.ref),
            "cancelled": self.shop.cashier.cancel,
            "renewed": self.shop.cashier.renew,
            "expired": lambda _: self.shop.cashier.expire(),
            "refunded": lambda order: self.shop.refunds.refund(order.ref, "admin", "why"),
            "sent": lambda order: self._decided(order, "sent"),
            "kept": lambda order: self._decided(order, "rejected"),
        }
        order = await self.shop.cashier.orders.order(self.orders[which % len(self.orders)])
        with suppress(Refusal):
            if what in CODES:
                await self._told(what, order, self.orders[other % len(self.orders)])
            elif what == "ordered":
                await self._ordered(which, other)
            else:
                await self._known(await deeds[what](order))

    async def _known(self, made: object) -> None:
        """An order that was made anew may be told of as well."""
        if isinstance(made, Order) and made.ref not in self.orders:
            self.orders.append(made.ref)

    async def _ordered(self, which: int, package: int) -> None:
        person = self.people[which % 2]
        await self._known(
            await self.shop.cashier.checkout(person, PACKAGES[package % 2], "vnpay", place_of(f"payer-{which % 2}"))
        )

    async def _told(self, what: str, order: Order, other: str) -> None:
        """A call comes, and is answered as it deserves."""
        told = self._paid(order, self._number(other if what == "another's number" else order.ref), said=what in TRUE)
        said = notice(told, "24" if what == "failed" else "00")
        if what == "failed":
            self.denied.add(order.ref)
        if what == "another amount":
            said["vnp_Amount"] += "00"
        if what == "another terminal":
            said["vnp_TmnCode"] = "PLAYED02"
        query = signed_query(said, SECRET)
        if what == "tampered":
            query = query.replace("vnp_PayDate=2026", "vnp_PayDate=2027")
        heard = await called(self.shop.gate, f"{HERE}?{query}")
        assert json.loads(heard.body)["RspCode"] in CODES[what], (what, heard.body)

    def _paid(self, order: Order, number: str, *, said: bool = True) -> Told:
        if said:
            self.said[order.ref].add(number)
        return Told(order.ref, order.terminal, order.amount, "paid", Reason.OK, number=number)

    def _number(self, ref: str) -> str:
        """Which the gateway gave the payment of an order."""
        return str(15_200_001 + self.orders.index(ref))

    async def _suspected(self, order: Order) -> None:
        told = replace(self._paid(order, "", said=False), verdict="review", reason=Reason.SUSPECT)
        await self.shop.cashier.settle(told, "call")

    async def _decided(self, order: Order, verdict: str) -> None:
        refund = await self.shop.refunds.find(order.ref)
        if refund:
            await self.shop.refunds.decide(refund, RefundTold(verdict))  # type: ignore[arg-type]  # one of two words

    # -- what must hold ---------------------------------------------------------------------------------------------

    async def holds(self) -> None:
        assert await proved(self.shop.table) == []
        deposits = [
            row.text("ref")
            async for row in every_row(self.shop.table)
            if row.key.name.startswith("TRANSACTION#") and row.text("kind") == "topup"
        ]
        assert len(deposits) == len(set(deposits)), "an order was credited twice"
        for ref in self.orders:
            await self._stands(await self.shop.cashier.orders.order(ref), credited=ref in deposits)

    async def _stands(self, order: Order, *, credited: bool) -> None:
        """Credited when it was truly paid, unless all its numbers had paid for others; never else."""
        numbers = self.said[order.ref]
        assert credited == (order.state in SETTLED)
        if credited:
            assert order.number in numbers, "credited without a word of the gateway's"
        elif numbers:
            taken_back = order.ref in self.denied and order.state == "failed"
            assert order.state == "review" or taken_back, f"paid, and {order.state}"
            assert order.ref not in [await self._taken_by(order, number) for number in numbers]

    async def _taken_by(self, order: Order, number: str) -> str:
        row = await self.shop.table.get(gateway_key(order.terminal, number))
        assert row is not None, "paid under a number that nobody has"
        return row.text("order")


TRUE = ("paid", "another's number")  # what the gateway says of an order, whether it should or not


async def told(table: Table, seed: int, story: list[tuple[list[tuple[str, int, int]], int]]) -> None:
    loop = asyncio.get_running_loop()
    clock, chance = SimClock(loop), Chance(random.Random(seed))
    till = PlayedTill()
    for _ in range(99):
        till.will_refund("unknown")  # an admin decides what becomes of it
    shop = open_shop(table, clock, chance, MemoryCache(), till)
    tale = Tale(shop, clock, [await shop.meet(f"payer-{number}") for number in range(2)])
    await tale.begin()
    for step, passing in story:
        await asyncio.gather(*(tale.happens(*happening) for happening in step))
        await tale.holds()
        await clock.sleep(passing)


@given(st.lists(steps, min_size=1, max_size=8), st.integers(0, 10_000))
def test_whatever_a_gateway_says_an_order_is_credited_once_or_not_at_all(
    story: list[tuple[list[tuple[str, int, int]], int]], seed: int
) -> None:
    loop, rows = SimLoop(seed), SqliteTable.inline(":memory:")

    try:
        loop.run_until_complete(told(Crowded(rows), seed, story))
    finally:
        loop.close()

    assert loop.complaints == []
