"""The pages of an order as they are drawn: how it stands, what there is to do, and nothing of its person.

Three pages are filled into small files of HTML beside this; a template engine would be more to know than they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Literal

from bot.texts import Language, Said, pages, thousands
from bot.texts.paying import REASONS
from bot.when import moment_of, time_of
from payments.orders import Order
from payments.tills import Reason

Standing = Literal[
    "open", "opened", "expired", "cancelled", "failed", "replaced", "review", "paid", "refunding", "refunded"
]
WATCHED = ("open", "opened", "refunding")  # a page that shows one of these looks whether it still holds
RENEWABLE = tuple(pages.AGAIN)
BANKS: Mapping[str, str] = {
    "NCB": "NCB",
    "VIETCOMBANK": "Vietcombank",
    "VIETINBANK": "VietinBank",
    "BIDV": "BIDV",
    "AGRIBANK": "Agribank",
    "TECHCOMBANK": "Techcombank",
    "MBBANK": "MB",
    "ACB": "ACB",
    "VPBANK": "VPBank",
    "TPBANK": "TPBank",
    "SACOMBANK": "Sacombank",
}
ANY = "any"  # the person chooses at VNPAY, which is not told of a bank then
WAYS = (ANY, "VNPAYQR", "VNBANK", "INTCARD")
CODES = frozenset({*WAYS[1:], *BANKS})


class Html(str):
    """Ready for the page; any other text is escaped on its way there."""

    __slots__ = ()


NOTHING = Html()
EVERY_SO_OFTEN = Html('<noscript><meta http-equiv="refresh" content="10"></noscript>')


@dataclass(frozen=True, slots=True)
class View:
    """An order as it is shown."""

    order: Order
    standing: Standing
    now: int
    newer: str = ""  # the order that stands in its place
    again: bool = False  # a new one can be made from it
    back: str = ""  # the address of its chat, where one is known
    waiting: bool = False  # its person comes from the gateway, whose word has not come yet

    @property
    def shown(self) -> str:
        return "waiting" if self.waiting else self.standing

    @property
    def watched(self) -> str:
        return self.standing if self.waiting or self.standing in WATCHED else ""


def standing_of(order: Order, now: int) -> Standing:
    """What its state means to whoever opens its page now, before anybody has swept up after the clock."""
    match order.state:
        case "paid" | "refunding" | "refunded" | "review":
            return order.state
        case _ if order.replaced_by:
            return "replaced"
        case "expired" | "cancelled" | "failed":
            return order.state
    if order.fresh(now):
        return "open"
    return "expired" if order.over(now) else "opened"


# -- pages -------------------------------------------------------------------------------------------------------------


def draw(view: View, language: Language) -> str:
    """The page of an order."""
    order, title = view.order, pages.TITLES[view.shown][language]
    main = filled(
        "order",
        standing=view.shown,
        title=title,
        vnd=f"{thousands(order.vnd, language)}đ",
        credits=credits_of(order, language),
        until=good_until(order, language) if view.shown == "open" else NOTHING,
        advice=joined([words(text, kind) for kind, text in advice(view, language)]),
        deed=deed(view, language),
        facts=joined(facts(view, language)),
        chat=way_back(view, language),
        beside=square(order, language) if view.shown == "open" else NOTHING,
    )
    return filled(
        "page",
        language=language,
        title=title,
        ref=order.ref,
        watched=view.watched,
        now=str(view.now),
        refresh=EVERY_SO_OFTEN if view.watched and view.shown != "open" else NOTHING,
        played=words(pages.PLAYED[language], "played") if order.play else NOTHING,
        languages=languages(order, language),
        main=main,
    )


def draw_notice(title: Said, why: Said) -> str:
    """A page about no order, in both languages: who comes here by mistake has told us none."""
    main = filled("notice", vi_title=title["vi"], en_title=title["en"], vi=why["vi"], en=why["en"])
    bare = {"ref": "", "watched": "", "now": "", "refresh": "", "played": "", "languages": ""}
    return filled("page", language="vi", title=title["vi"], main=main, **bare)


# -- parts of them -----------------------------------------------------------------------------------------------------


def advice(view: View, language: Language) -> list[tuple[str, str]]:
    """What is true of it, and what there is to do, each with its kind."""
    order, shown = view.order, view.shown
    ended = shown in RENEWABLE and shown != "opened"
    first = pages.NOT_AGAIN if ended and not view.again else pages.ADVICE[shown]
    said = [("advice", first[language])]
    if shown in ("failed", "review"):
        said.insert(0, ("reason", REASONS[reason_of(order)][language]))
    if shown in ("expired", "cancelled", "replaced") and order.opened_at:
        said.append(("advice", pages.PAID_ALL_THE_SAME[language]))
    if shown == "paid" and order.double:
        said.append(("advice", pages.TWICE[language]))
    return said


def reason_of(order: Order) -> Reason:
    """An order that was written by a later version may know more reasons than we do."""
    return Reason(order.reason) if order.reason in set(Reason) else Reason.OTHER


def deed(view: View, language: Language) -> Html:
    """The one thing to do here."""
    order, shown = view.order, view.shown
    if shown == "open":
        return paying(order, language)
    if shown == "replaced" and view.newer:
        return filled("link", to=f"/p/{view.newer}?lang={language}", label=pages.NEWER[language])
    if shown in RENEWABLE and view.again:
        return filled("again", ref=order.ref, language=language, label=pages.AGAIN[shown][language])
    return NOTHING


def paying(order: Order, language: Language) -> Html:
    ways = [way("" if code == ANY else code, pages.HOW_NAMES[code][language], chosen=code == ANY) for code in WAYS]
    return filled(
        "pay",
        ref=order.ref,
        language=language,
        how=pages.HOW[language],
        ways=joined(ways),
        straight=pages.BANKS[language],
        banks=joined([way(code, name) for code, name in BANKS.items()]),
        label=pages.PAY[language],
        safe=pages.SAFE[language],
    )


def way(code: str, name: str, *, chosen: bool = False) -> Html:
    return filled("way", code=code, name=name, checked=Html(" checked") if chosen else NOTHING)


def facts(view: View, language: Language) -> list[Html]:
    order = view.order
    known = [fact(pages.ORDER[language], order.ref, "code")]
    if order.paid_at:
        known.append(fact(pages.PAID_AT[language], vietnam_time(moment_of(order.paid_at, language), language)))
    if order.paid_at and order.number:
        known.append(fact(pages.GATEWAY_NUMBER[language], order.number, "code"))
    return known


def fact(name: str, value: str, kind: str = "") -> Html:
    return filled("fact", name=name, value=value, kind=kind)


def good_until(order: Order, language: Language) -> Html:
    """The time of day for who has no script; the script shows how long that is from now."""
    time = vietnam_time(time_of(order.expires), language)
    name, left = pages.GOOD_UNTIL[language], pages.LEFT[language]
    return filled("until", name=name, time=time, expires=str(order.expires), left=left)


def vietnam_time(time: str, language: Language) -> str:
    return pages.VIETNAM_TIME[language].format(time=time)


def credits_of(order: Order, language: Language) -> str:
    return pages.CREDITS[language].format(credits=thousands(order.credits, language))


def way_back(view: View, language: Language) -> Html:
    """To the chat, where there is an address of it; else nobody but the person knows the way."""
    if view.shown == "open":
        return NOTHING
    if view.back:
        return filled("link", to=view.back, label=pages.TO_CHAT[language])
    return words(pages.YOUR_CHAT[language], "chat")


def square(order: Order, language: Language) -> Html:
    return filled("square", ref=order.ref, title=pages.ELSEWHERE[language], words=pages.SAME_PAGE[language])


def languages(order: Order, language: Language) -> Html:
    current = {one: Html(' aria-current="true"') if one == language else NOTHING for one in ("vi", "en")}
    return filled("languages", ref=order.ref, label=pages.LANGUAGES[language], **current)


def words(text: str, kind: str) -> Html:
    return filled("words", kind=kind, words=text)


# -- filling -----------------------------------------------------------------------------------------------------------


def filled(name: str, /, **given: str) -> Html:
    """A file of HTML with these in it."""
    safe = {key: text if isinstance(text, Html) else escape(text) for key, text in given.items()}
    return Html(template(name).substitute(safe))


@cache
def template(name: str) -> Template:
    return Template((files("bot.paypage") / f"{name}.html").read_text(encoding="utf-8").rstrip())


def joined(parts: Sequence[Html]) -> Html:
    return Html("\n".join(parts))
