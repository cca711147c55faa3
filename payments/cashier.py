"""Cashier – the life of an order, from the button to the credits.

    checkout   write an order, without a call to a gateway       open     send the person to the gateway
    settle     apply a gateway's word on an order, whether it came by call, query or return page
    cancel     the person no longer wants the order              expire   the order's time is over

Credits, order, guard of the gateway's payment number and news are one write. So a payment told a hundred times at once
is one deposit, and so is one told days late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.alarms import Alarms
from core.chance import Chance
from core.clock import Clock
from core.errors import Frozen, NotAgreed, TooLate, Unknown
from core.ledger import Draft, Ledger, Lost, Purse, depositing
from core.news import EXPIRED, IN_REVIEW, PAID, PAYMENT_FAILED, RENEWED, REPLACED, posting, to_chat
from core.people import Person
from core.table import Change, Check, Create, Key, Refused, Row, Table, TableUnavailable, Value, Write
from payments.orders import (
    LASTS,
    PENDING,
    REF_LETTERS,
    SETTLED,
    Order,
    Orders,
    Place,
    changing,
    creating,
    gateway_key,
    new_ref,
    newest_key,
    order_key,
    pointer_key,
    settling,
)
from payments.packages import Package
from payments.tills import Reason, Till, Told

Outcome = Literal["credited", "noted", "already", "wrong amount", "unknown", "clash"]
MOST_RACES = 50


@dataclass(frozen=True, slots=True)
class Settled:
    """Result of a gateway's word. `clash`: the gateway's payment number belongs to another order."""

    outcome: Outcome
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """Exchange of orders: the new `order`, the `old` one to replace, and the person's `newest` so far."""

    order: Order
    place: Place
    old: Order | None
    newest: Order | None


class Raced(Exception):
    """The order changed since the last read: read again."""


class Cashier:
    def __init__(  # noqa: PLR0913  what the cashier stands on, each by name
        self,
        table: Table,
        clock: Clock,
        chance: Chance,
        ledger: Ledger,
        alarms: Alarms,
        tills: Sequence[Till],
        *,
        play: bool = False,
    ) -> None:
        self._table, self._clock, self._chance, self._ledger, self._alarms = table, clock, chance, ledger, alarms
        self.tills: Mapping[str, Till] = {till.name: till for till in tills}
        self.orders = Orders(table)
        self.play = play

    # -- from the button to the gateway -------------------------------------------------------------------------------

    async def checkout(self, person: Person, package: Package, till: str, place: Place) -> Order:
        """Order for `package`. A fresh, unopened order for the same is used again. Raises NotAgreed or Frozen."""
        if not person.agreed:
            raise NotAgreed
        if (await self._ledger.purse(person.id)).frozen:
            raise Frozen
        for _ in range(MOST_RACES):
            old = await self.orders.newest(person.id)
            if old and old.fresh(self._clock.now()) and wants_the_same(old, package, till):
                return await self._here(old, place)
            if new := await self._swapped(Swap(self._order(person.id, package, till), place, old, old)):
                return new
        raise TableUnavailable("an order was raced for too often")

    async def open(self, ref: str) -> Order:
        """Mark the order as opened at the gateway. An order goes there once: after that a new one replaces it."""
        while True:
            order = await self.orders.order(ref)
            if order.replaced_by:
                ref = order.replaced_by
                continue
            if not order.fresh(self._clock.now()):
                order = await self.renew(order)
            opened = order.opened(self._clock.now())
            if await self._wrote(changing(order, opened)):
                return opened

    async def renew(self, order: Order) -> Order:
        """Order of the same package in place of `order`, in the same message. The old order stays payable."""
        if order.state in (*SETTLED, "review"):
            raise TooLate(order.state)
        place, newest = await self.orders.place(order), await self.orders.newest(order.person)
        if place is None:
            raise Unknown("order", order.ref)
        if newest and newest.ref != order.ref and newest.fresh(self._clock.now()):
            return newest  # made meanwhile, from the chat
        same = self._order(order.person, Package(order.vnd, order.credits), order.till)
        if new := await self._swapped(Swap(same, place, order, newest)):
            return new
        raise TooLate("replaced")

    async def cancel(self, order: Order) -> Order:
        """Cancel a pending order. A late payment of an opened one is still credited."""
        while order.state == "pending":
            after = order.cancelled(self._clock.now())
            if await self._wrote(changing(order, after)):
                return after
            order = await self.orders.order(order.ref)
        return order

    async def want(self, order: Order) -> Order:
        """Have the gateway asked about `order` next, as the person or an admin wants to know."""
        wanted = order.wanted(self._clock.now())
        if order.opened_at and order.payable and await self._wrote(changing(order, wanted)):
            return wanted
        return await self.orders.order(order.ref)

    async def expire(self) -> int:
        """Expire orders whose time is over, with news once. The gateway is still asked about opened ones."""
        now, count = self._clock.now(), 0
        over = [order async for order in self.orders.shelved(PENDING) if order.over(now)]
        for order in over:
            told = [] if order.replaced_by else await self.telling(EXPIRED, order)
            count += await self._wrote(changing(order, order.expired(now)), *told)
        return count

    # -- what a gateway says ------------------------------------------------------------------------------------------

    async def settle(self, told: Told, source: str) -> Settled:
        """Apply what a gateway has `told` about an order, once. Words in any sequence lead to the same end."""
        for _ in range(MOST_RACES):
            order = await self.orders.find(told.ref)
            if order is None or order.terminal != told.terminal:
                return Settled("unknown")
            if (order.amount, order.currency) != (told.amount, told.currency):
                return await self._unequal(order, told)
            try:
                return await self._apply(order, told, source)
            except Raced:
                continue
        raise TableUnavailable("an order was raced for too often")

    async def _apply(self, order: Order, told: Told, source: str) -> Settled:
        match told.verdict:
            case "paid" if order.payable:
                return await self._credit(order, told, source)
            case "review" if order.payable and order.state != "review":
                return await self._review(order, told, source, Reason.SUSPECT)
            case "failed" | "cancelled" if order.state in ("pending", "expired", "review"):
                return await self._fail(order, told, source)
            case "pending" if order.state in ("pending", "expired", "cancelled"):
                return Settled("noted", order)
        return await self._again(order, told)

    async def _credit(self, order: Order, told: Told, source: str) -> Settled:
        """Write credits, order, payment number and news together, or none of them."""
        beside = await self._beside(order)
        paid = order.paid(told, self._clock.now(), source, double=any(one.state in SETTLED for one in beside))
        line = self._ledger.line("topup", order.credits, key=f"order:{order.ref}", ref=order.ref)
        still = map(unmoved, beside)  # or two orders paid at one moment would both count as the only one
        also = (settling(order, paid, told), *numbering(told, paid), *still, *await self._news_of(paid))

        def draft(purse: Purse) -> Draft:
            return depositing(purse, line, order.person, also)

        try:
            await self._ledger.commit(order.person, draft)
        except Lost as lost:
            return await self._lost(order, told, source, lost)
        return Settled("credited", paid)

    async def _lost(self, order: Order, told: Told, source: str, lost: Lost) -> Settled:
        """Result after a refused write. Raises Raced, unless another order used the payment number: then `clash`."""
        if not told.number or lost.rows.keys() != {2} or taken_by(lost.rows[2]) == order.ref:
            raise Raced
        if order.state == "review":
            return Settled("clash", order)
        return replace(await self._review(order, told, source, Reason.OTHER), outcome="clash")

    async def _news_of(self, paid: Order) -> list[Write]:
        """News of the payment: the receipt for the person, and alarms for what is odd."""
        facts: dict[str, Value] = {"double": paid.double, "late": paid.late}
        news: list[Write] = [*await self.telling(PAID, paid, **facts)]
        odd = {"late": paid.late, "double": paid.double, "without a call": paid.source == "query"}
        for what in (name for name, is_so in odd.items() if is_so):
            news += await self._alarms.posting(f"paid {what}", order=paid.ref, till=paid.till)
        return news

    async def _review(self, order: Order, told: Told, source: str, reason: Reason) -> Settled:
        after = order.held_up(told, self._clock.now(), source, reason)
        alarm = await self._alarms.posting("review", order=order.ref, till=order.till, reason=str(reason))
        await self._or_raced(changing(order, after), *await self.telling(IN_REVIEW, after), *alarm)
        return Settled("noted", after)

    async def _fail(self, order: Order, told: Told, source: str) -> Settled:
        after = order.failed(told, self._clock.now(), source)
        news = [] if order.replaced_by else await self.telling(PAYMENT_FAILED, after, reason=after.reason)
        await self._or_raced(changing(order, after), *news)
        return Settled("noted", after)

    async def _again(self, order: Order, told: Told) -> Settled:
        """Answer to a word that changes nothing. A second payment of a refunded order raises an alarm."""
        if told.verdict == "paid" and order.state in ("refunding", "refunded") and told.number != order.number:
            await self.alarm("paid while refunded", order)
        return Settled("already", order)

    async def _unequal(self, order: Order, told: Told) -> Settled:
        """Alarm admins about a payment of another sum than asked for, and credit nothing."""
        if told.verdict == "paid":
            await self.alarm("wrong amount", order, amount=told.amount, currency=told.currency)
        return Settled("wrong amount", order)

    async def alarm(self, what: str, order: Order, **facts: Value) -> None:
        """Alarm admins about `order`, once per `what`, however often the gateway repeats the word."""
        once = Create(alarm_key(what, order), {"at": self._clock.now()})
        await self._wrote(once, *await self._alarms.posting(what, order=order.ref, till=order.till, **facts))

    async def alarmed(self, what: str, order: Order) -> bool:
        """True if admins have been alarmed about this, and will decide."""
        return await self._table.get(alarm_key(what, order)) is not None

    async def _beside(self, order: Order) -> list[Order]:
        """Orders that `order` replaces or is replaced by."""
        beside = [await self.orders.find(ref) for ref in (order.replaces, order.replaced_by)]
        return [one for one in beside if one]

    # -- writing ------------------------------------------------------------------------------------------------------

    def _order(self, person: str, package: Package, till: str) -> Order:
        now = self._clock.now()
        ref, at = new_ref(now, self._chance.bits(5 * REF_LETTERS)), self.tills[till]
        return Order(
            ref=ref,
            person=person,
            credits=package.credits,
            vnd=package.vnd,
            till=till,
            terminal=at.terminal,
            amount=at.price(package.vnd),
            currency=at.currency,
            created=now,
            expires=now + LASTS,
            due=now + LASTS,
            play=self.play,
        )

    async def _swapped(self, swap: Swap) -> Order | None:
        """Write the new order as the person's newest, and note the reference in the replaced order. None if raced."""
        new, old = swap.order, swap.old
        for_old = old if old and not old.replaced_by and (old.opened_at or old.state == "pending") else None
        if for_old and for_old.payable:
            new = replace(new, replaces=for_old.ref)
        newest = {"ref": swap.newest.ref if swap.newest else None}
        stands = await self._wrote(
            creating(new),
            Create(pointer_key(new), swap.place.fields()),
            Change(newest_key(new.person), set={"ref": new.ref}, when=newest, or_create=True),
            *(await self._replacing(for_old, new, swap.place) if for_old and new.replaces else ()),
        )
        return new if stands else None

    async def _replacing(self, old: Order, new: Order, place: Place) -> list[Write]:
        """Writes for the `old` order: closed if unopened, else payable. A message that is taken over is posted anew."""
        now = self._clock.now()
        waits = old.state == "pending" and not old.opened_at
        after = old.cancelled(now, new.ref) if waits else replace(old, replaced_by=new.ref)
        if place.message:
            mute = Change(pointer_key(old), set={"message": ""})
            return [changing(old, after), mute, *self._posting(RENEWED, new, place)]
        told = await self.telling(REPLACED, after) if old.state == "pending" else []
        return [changing(old, after), *told]

    async def _here(self, order: Order, place: Place) -> Order:
        """Move the same order to `place`, the last chat that wanted the order."""
        await self._table.write(Change(pointer_key(order), set=place.fields()))
        return order

    async def telling(self, kind: str, order: Order, **facts: Value) -> list[Create]:
        """News of `order` for the chat of the order, or none after erasure."""
        place = await self.orders.place(order)
        return self._posting(kind, order, place, **facts) if place else []

    def _posting(self, kind: str, order: Order, place: Place, **facts: Value) -> list[Create]:
        now = self._clock.now()
        news = self._chance.ulid(now)
        return [posting(to_chat(kind, order.person, place.channel, place.chat, news, now, order=order.ref, **facts))]

    async def _wrote(self, *writes: Write) -> bool:
        try:
            await self._table.write(*writes)
        except Refused:
            return False
        return True

    async def _or_raced(self, *writes: Write) -> None:
        if not await self._wrote(*writes):
            raise Raced


def wants_the_same(order: Order, package: Package, till: str) -> bool:
    return (order.vnd, order.credits, order.till) == (package.vnd, package.credits, till)


def alarm_key(what: str, order: Order) -> Key:
    return Key(order_key(order.ref).owner, f"ALARM#{what}")


def numbering(told: Told, paid: Order) -> list[Create]:
    """Guard of the gateway's payment number, which pays for one order only. None without a number."""
    if not told.number:
        return []
    return [Create(gateway_key(told.terminal, told.number), {"order": paid.ref, "at": paid.paid_at})]


def unmoved(order: Order) -> Check:
    """Check that `order` still has the same state."""
    return Check(order_key(order.ref), when={"state": order.state})


def taken_by(row: Row | None) -> str:
    """Reference of the order that a payment of the gateway has settled, or ""."""
    return row.text("order") if row else ""
