"""Admins and what is sold: a day's payments beside VNPAY's list of them, the packages and what they bring."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from bot.admin.files import recon_link
from bot.admin.second_tap import Deed, asking_twice, confirmed
from bot.asking import Ask, Rest, Usage, command
from bot.replies import Reply
from bot.texts import admin_paying as texts
from bot.texts import thousands
from bot.when import day_first, written
from core.errors import CannotStart
from core.models import Model
from core.prices import margin
from payments.orders import Order
from payments.packages import LEAST_VND, MOST_VND, TILLS, Package, Till, lowest_net_per_credit, read_packages, spelled
from payments.recon import Comparison, Day, Sum, Theirs, UnreadableList, compare, read_list

MOST_SHOWN = 10  # of each kind of difference
RESET = "reset"


# -- a day's payments -----------------------------------------------------------------------------------------------


@command("recon", rights="owner", private=True, does=texts.DOES["recon"], usage=texts.USAGES["recon"])
async def recon(ask: Ask, said: Rest) -> Reply:
    """What we have; and beside the gateway's own list, where one is pasted behind the day."""
    try:
        day, theirs = day_first(said, ask.now)
    except ValueError:
        raise Usage(texts.USAGES["recon"]) from None
    ours = await ask.desk.counter.cashier.orders.paid_on(day)
    text = day_of(ask, day, Day.of(ours))
    if not theirs:
        return Reply(text)
    try:
        compared = compare([order for order in ours if order.till == "vnpay" and not order.play], read_list(theirs))
    except UnreadableList:
        return Reply(ask.say(texts.UNREADABLE_LIST))
    return Reply(text + await beside(ask, compared))


def day_of(ask: Ask, day: str, one: Day) -> str:
    return ask.say(
        texts.RECON,
        day=written(day, ask.person.language),
        count=one.paid.count,
        vnd=vnd(ask, one.paid.vnd),
        credits=one.paid.credits,
        refunds=one.back.count,
        refunded=vnd(ask, one.back.vnd),
        play=played(ask, one.played),
        link=recon_link(ask.desk, day, ask.now),
    )


def played(ask: Ask, sum_: Sum) -> str:
    return ask.say(texts.PLAYED, count=sum_.count, vnd=vnd(ask, sum_.vnd)) if sum_.count else ""


async def beside(ask: Ask, one: Comparison) -> str:
    counts = {"ours": len(one.only_ours), "theirs": len(one.only_theirs), "differ": len(one.differ)}
    lines = [
        *(ask.say(texts.ONLY_OURS, ref=order.ref, vnd=vnd(ask, order.vnd)) for order in one.only_ours[:MOST_SHOWN]),
        *[await only_theirs(ask, theirs) for theirs in one.only_theirs[:MOST_SHOWN]],
        *(differing(ask, order, theirs) for order, theirs in one.differ[:MOST_SHOWN]),
    ]
    return ask.say(texts.COMPARED, matched=len(one.matched), **counts, lines="".join(lines))


async def only_theirs(ask: Ask, theirs: Theirs) -> str:
    """It may be ours all the same: of another day, or not paid as far as we know."""
    order = await ask.desk.counter.cashier.orders.find(theirs.ref)
    state = ask.say(texts.STATES[order.state] if order else texts.NOT_OURS)
    return ask.say(texts.ONLY_THEIRS, ref=theirs.ref or theirs.number, vnd=vnd(ask, theirs.vnd), state=state)


def differing(ask: Ask, order: Order, theirs: Theirs) -> str:
    return ask.say(texts.DIFFERS, ref=order.ref, vnd=vnd(ask, order.vnd), other=vnd(ask, theirs.vnd))


def vnd(ask: Ask, amount: int) -> str:
    return thousands(amount, ask.person.language)


# -- packages -------------------------------------------------------------------------------------------------------


@command("price", rights="owner", private=True, does=texts.DOES["price"], usage=texts.USAGES["price"])
async def price_(ask: Ask, said: Rest = "") -> Reply:
    """What is sold; or what is to be sold from now on, which has to bear the pictures' prices."""
    if not said:
        return Reply(await on_sale(ask))
    if said.strip() == RESET:
        return await asking_twice(ask, ask.say(texts.SURE_PRICE_RESET), do="price", packages="", reason=RESET)
    try:
        packages = read_packages(said)
    except CannotStart:
        return Reply(ask.say(texts.BAD_PACKAGES, least=vnd(ask, LEAST_VND), most=vnd(ask, MOST_VND)))
    if cheap := too_cheap(packages, ask.desk.terms.rates.net):
        return Reply(loss(ask, *cheap))
    what = ask.say(texts.SURE_PRICE, packages=listed(ask, packages))
    return await asking_twice(ask, what, do="price", packages=spelled(packages), reason=spelled(packages))


@confirmed("price")
async def priced(ask: Ask, deed: Deed) -> Reply:
    offer, said = ask.desk.counter.offer, deed.text("packages")
    await offer.say(read_packages(said) if said else (), deed.noting())
    return Reply(ask.say(texts.PRICED, packages=listed(ask, await offer.packages())))


def too_cheap(packages: Sequence[Package], net: Fraction) -> tuple[Package, Till] | None:
    """The first whose credits bring less than pictures are priced by."""
    sold = ((package, till) for package in packages for till in TILLS)
    return next(((package, till) for package, till in sold if package.net(till) < net), None)


def loss(ask: Ask, package: Package, till: Till) -> str:
    facts = {"vnd": vnd(ask, package.vnd), "credits": package.credits, "till": till.name}
    net, needed = (vnd(ask, int(one)) for one in (package.net(till), ask.desk.terms.rates.net))
    return ask.say(texts.TOO_CHEAP, **facts, net=net, needed=needed)


def listed(ask: Ask, packages: Sequence[Package]) -> str:
    return ", ".join(f"{vnd(ask, package.vnd)}đ = {package.credits}" for package in packages)


async def on_sale(ask: Ask) -> str:
    packages, terms = await ask.desk.counter.offer.packages(), ask.desk.terms
    here = [till for till in TILLS if till.name in ask.desk.counter.cashier.tills] or list(TILLS)
    least = lowest_net_per_credit(packages, here)
    return ask.say(
        texts.PRICES,
        packages="\n".join(sold(ask, package, till) for package in packages for till in here),
        net=vnd(ask, int(terms.rates.net)),
        models="\n".join(model_of(ask, model, least) for model in painting(ask)),
    )


def sold(ask: Ask, package: Package, till: Till) -> str:
    facts = {"vnd": vnd(ask, package.vnd), "credits": package.credits, "till": till.name}
    return ask.say(texts.SOLD, **facts, net=vnd(ask, int(package.net(till))))


def painting(ask: Ask) -> Iterator[Model]:
    """The models that paint here."""
    terms = ask.desk.terms
    return (model for model in terms.catalogue.living(ask.now) if model.runs_at(terms.vendors))


def model_of(ask: Ask, model: Model, least: Fraction) -> str:
    """With what is earned on its picture where its credits were bought most cheaply."""
    terms = ask.desk.terms
    credits_ = terms.price(model)
    earned = margin(model.usd_micros, credits_, least, terms.rates.vnd_per_usd)
    said = ask.say(texts.NO_COST) if earned is None else f"{int(earned * 100)} %"
    return ask.say(texts.MODEL, title=model.title, price=credits_, margin=said)
