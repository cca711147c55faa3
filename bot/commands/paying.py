"""Buying credits: packages, orders, what became of them, and help where a payment went wrong."""

import re
from dataclasses import replace
from typing import Annotated, TypeAlias

from bot import tools
from bot.asking import COMMANDS, Ask, Command, Rest, Unreadable, action, command
from bot.counter import ONLY_IN
from bot.qr import png
from bot.receipts import Slip, in_money, package_choice, price_of, title
from bot.replies import Choice, Reply
from bot.texts import changing, thousands
from bot.texts import paying as texts
from bot.when import moment_of
from core.clock import SECOND
from core.errors import Unknown
from core.letters import bare
from core.models import LADDER, Model
from payments.cashier import wants_the_same
from payments.orders import SETTLED, Order, Place
from payments.packages import Package, best_value, costing
from payments.stars import Became, StarsRow

REF = re.compile(r"\b\d{6}[0-9A-HJKMNP-TV-Z]{16}\b")
MONEY = re.compile(
    r"(\d{1,3}(?:[.,]\d{3})+|\d{1,9}|\d{1,3}[.,]\d{1,2})\s*(k|nghin|ngan|tr|trieu)?(\d)?\s*(?:d|vnd|dong|₫)?"
)
UNITS = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
SMALL = 1_000  # `50` said of money means 50.000
SOON = 5 * SECOND  # a wait that needs no telling
NEWEST = 5


# -- what may be typed ----------------------------------------------------------------------------------------------


def spoken(text: str) -> tuple[Command, str] | None:
    """What is about paying though it is no single word: `nạp 50k`, and the code of an order among any words."""
    if ref := REF.search(text.upper()):
        return COMMANDS["check"], ref[0]
    first, _, rest = text.partition(" ")
    return (COMMANDS["topup"], rest) if bare(first.lower()) == "nap" and money_of(rest) else None


def money_of(text: str) -> int:
    """50k, 50.000, 50000đ, 1tr, 1tr5, 1,5tr: as đồng; 0 where it is no sum."""
    match = MONEY.fullmatch(bare(text.strip().lower()))
    if match is None:
        return 0
    number, unit, behind = match[1], UNITS.get(match[2] or "", 1), match[3] or ""
    if THOUSANDS.fullmatch(number):
        return int(re.sub(r"[.,]", "", number)) * unit
    whole, _, part = number.replace(",", ".").partition(".")
    part = part or behind
    if part and unit != UNITS["tr"]:
        return 0
    sum_ = int(whole) * unit + int(f"{part:0<2}") * unit // 100
    return sum_ * 1_000 if sum_ < SMALL else sum_


async def vnd_of(_: Ask, word: str) -> int:
    if not (vnd := money_of(word)):
        raise Unreadable
    return vnd


async def own_order(ask: Ask, word: str) -> Order:
    """An order of the asker's own; anybody else's does not exist for them."""
    order = await ask.desk.counter.cashier.orders.find(word.upper()) if REF.fullmatch(word.upper()) else None
    if order is None or order.person not in ask.person.ids:
        raise Unknown("order", word)
    return order


Vnd: TypeAlias = Annotated[int, vnd_of]
OwnOrder: TypeAlias = Annotated[Order, own_order]


# -- choosing -------------------------------------------------------------------------------------------------------


@command("topup", "nap", "nạp", menu=True, private=True, does=texts.DOES["topup"], usage=texts.USAGE)
async def topup(ask: Ask, sum_: Rest = "") -> list[Reply]:
    """The packages; or straight to the one that was named."""
    if not tills(ask):
        return [Reply(ask.say(texts.NO_TILL))]
    vnd = money_of(sum_)
    return await chosen(ask, vnd) if vnd else [await packages(ask, ask.say(texts.CHOOSE))]


def tills(ask: Ask) -> list[str]:
    return ask.desk.counter.tills_of(ask.heard.address.channel)


async def packages(ask: Ask, text: str) -> Reply:
    offered, language = await ask.desk.counter.offer.shown(), ask.person.language
    best = best_value(offered)
    marks = {best.vnd: ask.say(texts.BEST)} if len(offered) > 1 else {}
    return Reply(text, tuple(package_choice(one, language, marks.get(one.vnd, "")) for one in offered))


@action("topup", private=True)
async def chosen(ask: Ask, vnd: Vnd, till: Rest = "") -> list[Reply]:
    """One package; and where there are several ways to pay, one of them."""
    if not tills(ask):
        return [Reply(ask.say(texts.NO_TILL))]
    package = costing(await ask.desk.counter.offer.packages(), vnd)
    if package is None:
        await ask.desk.counter.offer.show_anew()
        return [await packages(ask, ask.say(texts.NOT_SOLD, vnd=thousands(vnd, ask.person.language)))]
    ways = ask.desk.counter.ways(ask.heard.address.channel, package)
    if till not in ways and len(ways) != 1:
        return [how(ask, package, ways) if ways else Reply(ask.say(texts.NO_TILL))]
    return await ordered(ask, package, till if till in ways else ways[0])


def how(ask: Ask, package: Package, offered: list[str]) -> Reply:
    vnd = thousands(package.vnd, ask.person.language)
    buttons = tuple(way(ask, package, till) for till in offered)
    return Reply(ask.say(texts.HOW, credits=package.credits, vnd=vnd), buttons)


def way(ask: Ask, package: Package, name: str) -> Choice:
    """With the price, where it is another one than in đồng."""
    till = ask.desk.counter.cashier.tills[name]
    price = in_money(till.price(package.vnd), till.currency, ask.person.language)
    label = title(name) if till.currency == "VND" else f"{title(name)} · {price}"
    return Choice(label, action=f"topup:{package.vnd}:{name}")


async def ordered(ask: Ask, package: Package, till: str) -> list[Reply]:
    """The one message of the order. One that waits unopened is used again, and its message moves down here."""
    cashier, address = ask.desk.counter.cashier, ask.heard.address
    standing = await cashier.orders.newest(ask.person.id)
    again = standing is not None and standing.fresh(ask.now) and wants_the_same(standing, package, till)
    if not again:
        await ask.desk.terms.limits.take_checkout(ask.desk.ports.cache, ask.person.id)
    above = await message_of(ask, standing) if standing and again else ""
    payer = address.id if ONLY_IN.get(till) == address.channel else ""
    order = await cashier.checkout(ask.person, package, till, Place(address.channel, address.chat, payer=payer))
    return shown(ask, order, (await slip(ask, order)).waiting(), above)


async def slip(ask: Ask, order: Order) -> Slip:
    return await ask.desk.teller.slip(order, ask.heard.address.channel, ask.now)


async def message_of(ask: Ask, order: Order) -> str:
    """The message the order stands in, where that is in this chat."""
    place, here = await ask.desk.counter.cashier.orders.place(order), ask.heard.address
    return place.message if place and (place.channel, place.chat) == (here.channel, here.chat) else ""


def shown(ask: Ask, order: Order, reply: Reply, above: str) -> list[Reply]:
    """Down here from now on; what stood for it above says so."""
    moved = Reply(ask.say(texts.MOVED, ref=order.ref), replaces=above, or_nothing=True)
    return [reply, moved] if above else [reply]


@command("pricing", "gia", "giá", "bang gia", "bảng giá", menu=True, does=texts.DOES["pricing"])
async def pricing(ask: Ask) -> Reply:
    """What credits cost, and what they buy."""
    desk = ask.desk
    models = tools.sold(desk.terms, ask.now)
    gift = ask.say(texts.GIFT, gift=desk.gift) if desk.may_give(ask.heard.address.channel) else ""
    sold = [choice.text for choice in (await packages(ask, "")).choices]
    lines = [price_line(ask, model) for model in models]
    paid = ask.say(changing.PAID_RULE) if any(desk.terms.paid_only(model, ask.now) for model in models) else ""
    listed = "\n".join(f"• {one}" for one in sold) if tills(ask) else ask.say(texts.NO_TILL)
    return Reply(ask.say(texts.PRICING, packages=listed, models="\n".join(lines) + paid, gift=gift))


def price_line(ask: Ask, model: Model) -> str:
    """What it is called by people, the name that `--model` takes, and its price."""
    called = changing.SOLD.get(model.name)
    name = ask.say(called) if called else model.title
    painter = f" ({model.name})" if model.tier in LADDER and model.tier != LADDER[0] else ""
    return ask.say(texts.PRICING_MODEL, title=name + painter, price=tools.marked(ask.desk.terms, model, ask.now))


# -- one order ------------------------------------------------------------------------------------------------------


@command("check", "kiem tra", "kiểm tra", private=True, does=texts.DOES["check"], usage=texts.CHECK_USAGE)
async def check(ask: Ask, ref: Rest = "") -> list[Reply]:
    """An order by its code, or the newest."""
    orders = await ask.desk.counter.cashier.orders.of_person(*ask.person.ids, limit=1)
    if not ref and not orders:
        return [Reply(ask.say(texts.NO_ORDERS))]
    return await looked_at(ask, await own_order(ask, ref) if ref else orders[0])


@action("check", private=True)
async def checked(ask: Ask, order: OwnOrder, anew: Rest = "") -> list[Reply]:
    """Where its button was pressed in its own message, that message says it; else one down here does."""
    above = await message_of(ask, order)
    if anew or not above:
        return await looked_at(ask, order)
    return [replace(await as_it_stands(ask, await wanted(ask, order)), replaces=above, order=order.ref)]


async def looked_at(ask: Ask, order: Order) -> list[Reply]:
    """Down here: one that waits moves with it, of any other this is a copy."""
    reply = await as_it_stands(ask, await wanted(ask, order))
    return shown(ask, order, reply, await message_of(ask, order) if reply.order else "")


async def wanted(ask: Ask, order: Order) -> Order:
    """The gateway is asked about it next, where that may still bring something."""
    return await ask.desk.counter.cashier.want(order)


async def as_it_stands(ask: Ask, order: Order) -> Reply:
    """What the table says now."""
    told = await slip(ask, order)
    if order.state == "paid":
        return await ask.desk.teller.receipt(told)
    if order.state != "pending":
        return told.reply()
    return told.asked(await next_question(ask, order)) if order.opened_at else told.waiting(told.say(texts.NOT_OPENED))


async def next_question(ask: Ask, order: Order) -> int:
    """When the gateway may be asked, where that is not about now."""
    counter = ask.desk.counter
    till = counter.cashier.tills.get(order.till)
    slot = await counter.reconciler.next_slot(till) if till else 0
    return slot if slot > ask.now + SOON else 0


@action("unpay", private=True)
async def unpay(ask: Ask, order: OwnOrder) -> Reply:
    """Wanted no more; one that was paid in the same moment shows its receipt."""
    above = await message_of(ask, order)
    order = await ask.desk.counter.cashier.cancel(order)
    return replace(await as_it_stands(ask, order), replaces=above, order=order.ref)


@action("qr", private=True)
async def qr(ask: Ask, order: OwnOrder) -> Reply:
    """The payment page as a square, for the phone beside the computer."""
    if order.state != "pending":
        return await as_it_stands(ask, order)
    page = ask.desk.counter.page(order.ref, ask.person.language)
    return Reply(ask.say(texts.QR, ref=order.ref, page=page), picture=png(page), alt=ask.say(texts.QR_ALT))


# -- all of them ----------------------------------------------------------------------------------------------------


@command("paysupport", "ho tro thanh toan", "hỗ trợ thanh toán", private=True, does=texts.DOES["paysupport"])
async def paysupport(ask: Ask) -> Reply:
    """What to do when a payment went wrong, with the orders it can be about."""
    orders = await newest(ask)
    lines = "\n".join(line_of(ask, order) for order in orders)
    listed = ask.say(texts.ORDERS, list=lines) if orders else ask.say(texts.NO_ORDERS)
    till = title(orders[0].till) if orders else title("vnpay")
    open_ = [order for order in orders if order.state not in SETTLED]
    stars = [ask.say(texts.PAYSUPPORT_STARS)] if "stars" in (*tills(ask), *(one.till for one in orders)) else []
    text = "\n\n".join((ask.say(texts.PAYSUPPORT, till=till), *stars, listed))
    return Reply(text, tuple(check_one(ask, one) for one in open_))


async def newest(ask: Ask) -> list[Order]:
    return await ask.desk.counter.cashier.orders.of_person(*ask.person.ids, limit=NEWEST)


def line_of(ask: Ask, order: Order) -> str:
    language = ask.person.language
    price, state = price_of(order, language), ask.say(texts.STATES[order.state])
    return f"• {moment_of(order.created, language)} · {price} · {state} · {order.ref}"


def check_one(ask: Ask, order: Order) -> Choice:
    price = price_of(order, ask.person.language)
    return Choice(ask.say(texts.CHECK_ONE, price=price, tail=order.ref[-4:]), action=f"check:{order.ref}:anew")


def buttons(ask: Ask, orders: list[Order]) -> tuple[Choice, ...]:
    """The receipts of those that were paid, and a look at those that may still be."""
    paid = [receipt_one(ask, order) for order in orders if order.state in SETTLED]
    return (*(check_one(ask, order) for order in orders if order.state in ("pending", "review")), *paid)


def receipt_one(ask: Ask, order: Order) -> Choice:
    price = price_of(order, ask.person.language)
    return Choice(f"🧾 {price} · …{order.ref[-4:]}", action=f"check:{order.ref}:anew")


# -- what Telegram says of Stars ------------------------------------------------------------------------------------


async def stars_paid(ask: Ask) -> list[Reply]:
    """Its news tell of it; only what fits no order is told at once."""
    row = stars_row(ask, back=False)
    if await told_of_stars(ask, row) != "stray":
        return []
    return [Reply(ask.say(texts.STRAY, price=in_money(row.amount, row.currency, ask.person.language)))]


async def stars_refunded(ask: Ask) -> list[Reply]:
    await told_of_stars(ask, stars_row(ask, back=True))
    return []


async def told_of_stars(ask: Ask, row: StarsRow) -> Became:
    """What cannot be done now is done by the next walk through Telegram's list."""
    stars = ask.desk.counter.stars
    return await stars.hear(row, "call") if stars else "stray"


def stars_row(ask: Ask, *, back: bool) -> StarsRow:
    """Telegram's number may hold anything; our reference, which comes last, holds no colon."""
    _, currency, amount, rest = ask.heard.action.split(":", 3)
    number, _, ref = rest.rpartition(":")
    return StarsRow(ref, ask.heard.address.id, int(amount), number, back, currency)
