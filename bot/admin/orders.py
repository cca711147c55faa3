"""Admins and orders: which want a look, everything about one, and asking the gateway again."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, TypeAlias

from bot.alarms import reason_of
from bot.asking import Ask, Rest, Usage, action, command
from bot.receipts import price_of, short, title
from bot.replies import Choice, Reply
from bot.texts import admin_paying as texts
from bot.texts import length, thousands
from bot.when import second_of, time_of
from core.clock import DAY, HOUR, MINUTE, SECOND
from core.errors import Unknown
from payments.calls import Call
from payments.orders import ASKING, PENDING, REVIEW, Order, Orders, day_of
from payments.refunds import Refund
from payments.stars import STARS
from payments.tills import Till

WANT_A_LOOK = ("review", "late", "refunding")
MOST_SHOWN = 12
BACK = 7  # days whose paid orders are looked through
SHORT_REF = 8  # last letters of a code
NEWEST_CALLS, LONGEST_RAW = 5, 420  # of the log, and characters of each
HASH_SHOWN = 6  # digits of a signature, to tell two apart by; all of it would let anybody repeat the call
HASH = re.compile(rf"([0-9a-fA-F]{{{HASH_SHOWN}}})[0-9a-fA-F]{{26,}}")


async def order_named(ask: Ask, word: str) -> Order:
    """By its code, or by the last letters of it among those that are open or were paid lately."""
    word, orders = word.upper(), ask.desk.counter.cashier.orders
    if found := await orders.find(word):
        return found
    near = [one for one in await at_hand(ask) if len(word) == SHORT_REF and one.ref.endswith(word)]
    if len(near) != 1:
        raise Unknown("order", word)
    return near[0]


OrderNamed: TypeAlias = Annotated[Order, order_named]


def orders_of(ask: Ask) -> Orders:
    return ask.desk.counter.cashier.orders


async def at_hand(ask: Ask) -> list[Order]:
    """Every order that stands on a shelf an admin may look at."""
    open_ = [order for shelf in (PENDING, ASKING, REVIEW) for order in await shelved(ask, shelf)]
    return [*open_, *await lately_paid(ask)]


async def shelved(ask: Ask, shelf: str) -> list[Order]:
    return [order async for order in orders_of(ask).shelved(shelf)]


async def lately_paid(ask: Ask) -> list[Order]:
    days = [day_of(ask.now - back * DAY) for back in range(BACK)]
    return [order for day in days for order in await orders_of(ask).paid_on(day)]


# -- lists ----------------------------------------------------------------------------------------------------------


@command("orders", rights="moderator", private=True, does=texts.DOES["orders"], usage=texts.USAGES["orders"])
async def orders(ask: Ask, kind: Rest = "") -> Reply:
    if not kind:
        return await overview(ask)
    if kind not in texts.KINDS:
        raise Usage(texts.USAGES["orders"])
    found = await of_kind(ask, kind)
    lines = [line_of(ask, order) for order in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(ask.say(texts.MORE, count=len(found) - MOST_SHOWN))
    listed = "\n".join(lines) or ask.say(texts.NOTHING)
    return Reply(ask.say(texts.LISTED, kind=ask.say(texts.KINDS[kind]), count=len(found), lines=listed))


async def overview(ask: Ask) -> Reply:
    """How many there are of each kind, and the newest of each that wants a look."""
    found = {kind: await of_kind(ask, kind) for kind in texts.KINDS}
    counts = "\n".join(f"{ask.say(said)}: {len(found[kind])}" for kind, said in texts.KINDS.items())
    newest = [line_of(ask, found[kind][0]) for kind in WANT_A_LOOK if found[kind]]
    vnd = sum(order.vnd for order in found["today"])
    return Reply(
        ask.say(
            texts.OVERVIEW,
            counts=counts,
            vnd=thousands(vnd, ask.person.language),
            newest="\n".join(newest) or ask.say(texts.NOTHING),
        )
    )


async def of_kind(ask: Ask, kind: str) -> list[Order]:
    """The newest first."""
    match kind:
        case "pending":
            found = await shelved(ask, PENDING)
        case "review":
            found = await shelved(ask, REVIEW)
        case "late":
            found = [order for order in await lately_paid(ask) if order.late]
        case "refunding":
            refunds = await ask.desk.counter.refunds.open()
            found = [await orders_of(ask).order(refund.ref) for refund in refunds]
        case _:
            found = await orders_of(ask).paid_on(day_of(ask.now))
    return sorted(found, key=lambda order: order.paid_at or order.created, reverse=True)


def line_of(ask: Ask, order: Order) -> str:
    more = [order.bank, *(ask.say(texts.MARKS[mark]) for mark in marks_of(order))]
    return ask.say(
        texts.LINE,
        ref=order.ref,
        vnd=thousands(order.vnd, ask.person.language),
        age=age_of(ask, ask.now - (order.closed_at or order.created)),
        state=ask.say(texts.STATES[order.state]),
        more="".join(f" · {one}" for one in more if one),
    )


def age_of(ask: Ask, age: int) -> str:
    """As a person says it: in minutes, then in hours, then in days."""
    if age < 90 * MINUTE:
        return length(age / SECOND, ask.person.language)
    said, unit = (texts.HOURS, HOUR) if age < 2 * DAY else (texts.DAYS, DAY)
    return ask.say(said, count=age // unit)


def marks_of(order: Order) -> list[str]:
    marks = {"late": order.late, "double": order.double, "play": order.play}
    return [name for name, is_so in marks.items() if is_so]


# -- one of them ----------------------------------------------------------------------------------------------------


@command("order", rights="moderator", private=True, does=texts.DOES["order"], usage=texts.USAGES["order"])
@action("inspect", rights="moderator", private=True)
async def order(ask: Ask, one: OrderNamed) -> Reply:
    """Everything there is to know of it, for whoever has to answer its person or VNPAY."""
    refund = await ask.desk.counter.refunds.find(one.ref)
    facts = {**facts_of(ask, one), "refund": refund_of(ask, refund) if refund else ""}
    said = {name: value for name, value in facts.items() if value}
    lines = "\n".join(ask.say(texts.DETAILS[name], value=value, till=title(one.till)) for name, value in said.items())
    text = ask.say(texts.ORDER, ref=one.ref, state=ask.say(texts.STATES[one.state]), lines=lines)
    askable = one.payable and (one.opened_at or one.currency == STARS)
    again = (
        (Choice(ask.say(texts.RECHECK_BUTTON, till=title(one.till)), action=f"recheck:{one.ref}"),) if askable else ()
    )
    return Reply(text + await log_of(ask, one), again)


def facts_of(ask: Ask, one: Order) -> Mapping[str, object]:
    """By the name of the line that tells it; what there is not is told in no line."""
    language = ask.person.language
    return {
        "person": one.person,
        "package": ask.say(texts.PACKAGE, credits=one.credits, vnd=thousands(one.vnd, language)),
        "till": " · ".join(
            (f"{one.till} {one.terminal}", *([price_of(one, language)] if one.currency != "VND" else []))
        ),
        **{name: second_of(at, language) for name, at in moments_of(one) if at},
        "number": short(one.number),
        "bank": " ".join(word for word in (one.bank, one.card) if word),
        "reason": reason_of(one.reason, language) if one.reason else "",
        "source": ask.say(texts.SOURCES[one.source], till=title(one.till))
        if one.source in texts.SOURCES
        else one.source,
        "marks": ", ".join(ask.say(texts.MARKS[mark]) for mark in marks_of(one)),
        "replaces": one.replaces,
        "replaced_by": one.replaced_by,
        "asked": one.asked,
    }


def moments_of(one: Order) -> Iterator[tuple[str, int]]:
    yield from (("created", one.created), ("opened", one.opened_at), ("paid", one.paid_at))
    if one.closed_at != one.paid_at:
        yield "closed", one.closed_at


def refund_of(ask: Ask, refund: Refund) -> str:
    return ask.say(
        texts.REFUND,
        state=ask.say(texts.REFUND_STATES[refund.state], till=title(refund.till)),
        begun=second_of(refund.begun, ask.person.language),
        why=refund.why,
        code=refund.code or "–",
        looks=refund.looks,
    )


async def log_of(ask: Ask, one: Order) -> str:
    """The newest of what was said of it, word for word but for the signature."""
    calls = await ask.desk.counter.calls.of(one.ref)
    shown = "\n".join(call_of(ask, call) for call in calls[-NEWEST_CALLS:])
    told = ask.say(texts.LOG, shown=min(len(calls), NEWEST_CALLS), count=len(calls), calls=shown)
    return f"\n\n{told}" if calls else ""


def call_of(ask: Ask, call: Call) -> str:
    facts = {"way": call.way, "caller": call.caller or "–", "answer": call.answer or "–", "raw": readable(call.raw)}
    return ask.say(texts.CALL, at=second_of(call.at, ask.person.language), **facts)


def readable(raw: str) -> str:
    """Cut to what fits a chat, and without a signature that could be used again."""
    bare = HASH.sub(r"\1…", raw)
    return bare if len(bare) <= LONGEST_RAW else f"{bare[: LONGEST_RAW - 1]}…"


# -- asking again ---------------------------------------------------------------------------------------------------


@command("recheck", rights="moderator", private=True, does=texts.DOES["recheck"], usage=texts.USAGES["recheck"])
@action("recheck", rights="moderator", private=True)
async def recheck(ask: Ask, one: OrderNamed) -> Reply:
    """Before everything else that waits, as soon as the gateway may be asked again."""
    counter, till = ask.desk.counter, till_of(ask, one)
    if not one.payable:
        return Reply(
            ask.say(texts.NOT_ASKED, ref=one.ref, till=title(one.till), state=ask.say(texts.STATES[one.state]))
        )
    if till and till.walked and counter.stars:
        await counter.stars.walk()
        return await order(ask, await orders_of(ask).order(one.ref))
    if not one.opened_at:
        return Reply(ask.say(texts.NOT_OPENED, ref=one.ref, till=title(one.till)))
    if till is None:
        return Reply(ask.say(texts.NO_TILL, ref=one.ref, terminal=one.terminal))
    await counter.cashier.want(one)
    at = max(ask.now, await counter.reconciler.next_slot(till))
    return Reply(ask.say(texts.RECHECK, ref=one.ref, at=time_of(at)))


def till_of(ask: Ask, one: Order) -> Till | None:
    """The till it was made at, if that still is the same terminal."""
    till = ask.desk.counter.cashier.tills.get(one.till)
    return till if till and till.terminal == one.terminal else None
