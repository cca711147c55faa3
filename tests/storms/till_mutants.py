"""Guards of the till removed: what a storm of money must notice.

Where two or three guards protect one thing they are removed together; where one stands alone, it alone. The table
that forgets them is mutants.py's, and the cashier here is one who believes any amount.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from core.table import Change, Check, Write
from infra.embedded.table import SqliteTable
from payments.cashier import Cashier, Raced, Settled
from payments.orders import SETTLED
from payments.tills import Told
from tests.storms.mortal import Plan
from tests.storms.mutants import (
    HOLD_STATE,
    KEY_ONCE,
    MOST_SEEDS,
    CarelessTable,
    Guards,
    Hunt,
    overwriting,
    stands_in,
    unconditioned,
)
from tests.storms.till_storm import TillStorm, Weather
from tests.storms.till_verdict import judged


def unchecked(write: Write) -> Write:
    """An order beside the one that is paid may have moved."""
    return Check(write.key) if isinstance(write, Check) and stands_in(write, "ORDER#") else write


def moving_to(*states: str) -> Guards:
    """An order comes to one of these states from wherever it is."""

    def without(write: Write) -> Write:
        if isinstance(write, Change) and stands_in(write, "ORDER#") and write.set.get("state") in states:
            return replace(write, when={name: value for name, value in write.when.items() if name != "state"})
        return write

    return (without,)


UNMOVED = (unconditioned("opened_at", "replaced_by", "asked", owner="ORDER#"),)
DECIDED = moving_to("refunded", "paid")
AGREED = (unconditioned("amount", "terminal", "currency", owner="ORDER#"),)
NUMBER_ONCE = (overwriting("GATEWAY#"),)
REFUND_ROW = (unconditioned("state", "looks", "round", owner="REFUND#"), overwriting("REFUND#"))
HOLD_ONCE = (overwriting(name="HOLD#"),)
SLOT = (unconditioned("next_at", owner="QUERIES#"),)
BESIDE = (unchecked,)


class Trusting(Cashier):
    """Credits whatever the gateway took; the table alone looks at the amount."""

    async def settle(self, told: Told, source: str) -> Settled:
        while True:
            order = await self.orders.find(told.ref)
            if order is None or told.verdict != "paid" or order.state in SETTLED:
                return await super().settle(told, source)
            with suppress(Raced):
                return await self._credit(order, told, source)


ROUGH = Weather(Plan(chance=0.003, most=3), people=3, buys=3, shops=2, faults=6, refunds=0.8)


@dataclass(frozen=True, slots=True)
class TillMutant:
    """A rule, and a shop that has lost the guards it stands on."""

    rule: str
    lost: str
    guards: Guards
    cashier: type[Cashier] = Cashier
    weather: Weather = field(default=ROUGH)

    def storm(self, seed: int) -> TillStorm:
        table = CarelessTable(SqliteTable.inline(":memory:"), self.guards)
        return TillStorm.brewing(seed, self.weather, table, self.cashier)

    def wrong(self, seed: int) -> tuple[str, ...]:
        return judged(self.storm(seed)).wrong


TILL_MUTANTS = (
    TillMutant("an order is credited once", "key, order state, number", KEY_ONCE + moving_to("paid") + NUMBER_ONCE),
    TillMutant("an order that is paid is not closed", "order state", moving_to("expired", "failed", "cancelled")),
    TillMutant("an order that is paid is not looked into", "order state", moving_to("review")),
    TillMutant("an order that is opened is asked for", "opened, replaced, asked", UNMOVED),
    TillMutant("a payment number pays for one order", "number", NUMBER_ONCE),
    TillMutant("who pays another sum is not credited", "amount in cashier and row", AGREED, Trusting),
    TillMutant("a refund is begun once", "order state, row, hold", moving_to("refunding") + REFUND_ROW + HOLD_ONCE),
    TillMutant("a refund is decided once", "order state, row, hold", DECIDED + REFUND_ROW + HOLD_STATE),
    TillMutant("a gateway is asked by one", "slot", SLOT),
    TillMutant("two payments of one wish say so", "the order beside", BESIDE),
)


def hunted(mutant: TillMutant, most: int = MOST_SEEDS, first: int = 0) -> Hunt:
    """Storm after storm until one is judged wrong."""
    for seed in range(first, first + most):
        if wrong := mutant.wrong(seed):
            return Hunt(mutant.rule, mutant.lost, seed, wrong[0])
    return Hunt(mutant.rule, mutant.lost, None)


def hunted_by_number(number: int, most: int, first: int) -> Hunt:
    """For another processor, to which no guard can be sent."""
    return hunted(TILL_MUTANTS[number], most, first)


def sound(mutant: TillMutant, seeds: range) -> list[str]:
    """What is wrong in the same storms with a shop that has lost nothing: nothing, or the hunt means nothing."""
    whole = replace(mutant, guards=(), cashier=Cashier)
    return [f"seed {seed}: {wrong}" for seed in seeds for wrong in whole.wrong(seed)]
