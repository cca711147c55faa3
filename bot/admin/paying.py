"""Admins and money: paying back, deciding what no answer does, freezing. All want a reason and a second tap."""

from bot.admin.finding import PersonNamed
from bot.admin.orders import OrderNamed, till_of
from bot.admin.second_tap import Deed, asking_twice, confirmed
from bot.asking import Ask, Rest, Usage, command
from bot.receipts import price_of, title
from bot.replies import Reply
from bot.texts import admin_paying as texts
from core.errors import NotEnoughCredits, TooLate
from core.ledger import Purse
from payments.orders import Order
from payments.refunds import Refund
from payments.tills import RefundTold

PORTAL = "portal"  # the code of what an admin has seen for themselves


@command("refund", rights="owner", private=True, does=texts.DOES["refund"], usage=texts.USAGES["refund"])
async def refund(ask: Ask, order: OrderNamed, reason: Rest) -> Reply:
    if order.state not in ("paid", "refunding"):
        return not_refundable(ask, order)
    if till_of(ask, order) is None:
        return Reply(ask.say(texts.NO_TILL, ref=order.ref, terminal=order.terminal))
    purse, language = await ask.desk.ledger.purse(order.person), ask.person.language
    facts = {"ref": order.ref, "price": price_of(order, language), "credits": order.credits}
    what = ask.say(texts.SURE_REFUND, **facts, person=purse.person, reason=reason)
    return await asking_twice(ask, what + warning(ask, order, purse), do="refund", ref=order.ref, reason=reason)


def warning(ask: Ask, order: Order, purse: Purse) -> str:
    """Said before the second tap rather than after it."""
    short = order.state == "paid" and purse.paid < order.credits
    return ask.say(texts.SPENT_ALREADY, paid=purse.paid, till=title(order.till)) if short else ""


@confirmed("refund")
async def refunded(ask: Ask, deed: Deed) -> Reply:
    refunds = ask.desk.counter.refunds
    order = await refunds.orders.order(deed.text("ref"))
    try:
        done = await refunds.refund(order.ref, ask.person.id, deed.reason, deed.noting(order.ref, order.person))
    except NotEnoughCredits as spent:
        return await spent_already(ask, deed, order, spent)
    except TooLate:
        return not_refundable(ask, await refunds.orders.order(order.ref))
    return Reply(said_of(ask, done))


async def spent_already(ask: Ask, deed: Deed, order: Order, spent: NotEnoughCredits) -> Reply:
    """The purse is frozen by now; the log says so, and the admin how to open it again."""
    person = (await ask.desk.ledger.purse(order.person)).person
    await ask.desk.ports.table.write(deed.noting(order.ref, person, reason=f"frozen, spent: {deed.reason}"))
    facts = {"ref": order.ref, "till": title(order.till), "cost": spent.cost, "missing": spent.cost - spent.free}
    return Reply(ask.say(texts.SHORT_REFUND, **facts, person=person))


def said_of(ask: Ask, done: Refund) -> str:
    """What the gateway made of it."""
    said = texts.REFUNDING.get(done.state, texts.REFUNDING["asked"])
    return ask.say(said, ref=done.ref, till=title(done.till), credits=done.credits, code=done.code or "–")


def not_refundable(ask: Ask, order: Order) -> Reply:
    return Reply(ask.say(texts.NOT_REFUNDABLE, ref=order.ref, state=ask.say(texts.STATES[order.state])))


# -- what the gateway's own portal says -----------------------------------------------------------------------------


@command("refunded", rights="owner", private=True, does=texts.DOES["refunded"], usage=texts.USAGES["refunded"])
async def seen(ask: Ask, order: OrderNamed, sent: Rest, reason: Rest) -> Reply:
    if sent not in texts.SURE_REFUNDED:
        raise Usage(texts.USAGES["refunded"])
    if order.state != "refunding":
        return not_refunding(ask, order)
    what = ask.say(
        texts.SURE_REFUNDED[sent], ref=order.ref, till=title(order.till), credits=order.credits, reason=reason
    )
    return await asking_twice(ask, what, do="refunded", ref=order.ref, sent=sent, reason=reason)


@confirmed("refunded")
async def decided(ask: Ask, deed: Deed) -> Reply:
    """The word of an admin who has looked ends it as the gateway's own would."""
    refunds = ask.desk.counter.refunds
    order = await refunds.orders.order(deed.text("ref"))
    standing = await refunds.find(order.ref)
    if standing is None or order.state != "refunding":
        return not_refunding(ask, order)
    last = RefundTold("sent" if deed.text("sent") == "yes" else "rejected", code=PORTAL)
    noted = deed.noting(order.ref, order.person, reason=f"{deed.text('sent')}: {deed.reason}")
    done = await refunds.decide(standing, last, noted)
    said = texts.DECIDED.get(done.state, texts.REFUNDING["asked"])
    return Reply(ask.say(said, ref=order.ref, till=title(order.till), credits="", code=""))


def not_refunding(ask: Ask, order: Order) -> Reply:
    return Reply(ask.say(texts.NOT_REFUNDING, ref=order.ref, state=ask.say(texts.STATES[order.state])))


# -- purses ---------------------------------------------------------------------------------------------------------


@command("freeze", rights="owner", private=True, does=texts.DOES["freeze"], usage=texts.USAGES["freeze"])
async def freeze(ask: Ask, person: PersonNamed, reason: Rest) -> Reply:
    what = ask.say(texts.SURE_FREEZE, person=person.id, reason=reason)
    return await asking_twice(ask, what, do="freeze", person=person.id, reason=reason)


@confirmed("freeze")
async def frozen(ask: Ask, deed: Deed) -> Reply:
    person = deed.text("person")
    await ask.desk.ledger.freeze(person, deed.noting(person))
    return Reply(ask.say(texts.FROZEN, person=person))


@command("unfreeze", rights="owner", private=True, does=texts.DOES["unfreeze"], usage=texts.USAGES["unfreeze"])
async def unfreeze(ask: Ask, person: PersonNamed, reason: Rest) -> Reply:
    what = ask.say(texts.SURE_UNFREEZE, person=person.id, reason=reason)
    return await asking_twice(ask, what, do="unfreeze", person=person.id, reason=reason)


@confirmed("unfreeze")
async def unfrozen(ask: Ask, deed: Deed) -> Reply:
    person = deed.text("person")
    await ask.desk.ledger.freeze(person, deed.noting(person), frozen=False)
    return Reply(ask.say(texts.UNFROZEN, person=person))
