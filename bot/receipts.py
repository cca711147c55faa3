"""An order in words: its one message, from the button to the receipt, whatever has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.replies import Choice, Invoice, Reply
from bot.texts import Language, Said, thousands
from bot.texts import paying as texts
from bot.when import moment_of, time_of
from core.clock import MINUTE
from core.news import EXPIRED, IN_REVIEW, PAID, PAYMENT_FAILED, REFUNDED, RENEWED, REPLACED
from payments.orders import Order, Place
from payments.packages import Package
from payments.stars import STARS
from payments.tills import Reason

TITLES: Mapping[str, str] = {"vnpay": "VNPAY", "stars": "Telegram Stars"}
LONGEST_NUMBER = 24  # of a gateway's, as it is shown
WITH_A_PAGE = frozenset({"web", "zalo"})  # channels beside which our page opens, with the QR on it
WITHOUT_BUTTONS = frozenset({"zalo"})
TRUE_WHILE: Mapping[str, frozenset[str]] = {  # states of the order in which news of it still says how it is
    PAID: frozenset({"paid", "refunding"}),
    PAYMENT_FAILED: frozenset({"failed"}),
    EXPIRED: frozenset({"expired"}),
    IN_REVIEW: frozenset({"review"}),
    RENEWED: frozenset({"pending"}),
    REPLACED: frozenset({"pending", "cancelled", "expired", "failed"}),
    REFUNDED: frozenset({"refunded"}),
}
UNTOUCHED = frozenset(  # what stops a payment before any money moves
    {
        Reason.NO_BANKING,
        Reason.WRONG_CARD,
        Reason.LOCKED,
        Reason.WRONG_OTP,
        Reason.CANCELLED,
        Reason.NO_BALANCE,
        Reason.DAILY_LIMIT,
        Reason.MAINTENANCE,
        Reason.WRONG_PASSWORD,
    }
)


def overtaken(kind: str, order: Order) -> bool:
    """The order has moved on, so this is no longer how it is; what it moved on to has news of its own."""
    return order.state not in TRUE_WHILE[kind] or (kind == RENEWED and bool(order.replaced_by))


def handed_on(kind: str, order: Order, place: Place) -> bool:
    """The message that would have said so is a newer order's by now, so its person has gone on already."""
    return kind in (PAYMENT_FAILED, EXPIRED) and bool(order.replaced_by) and not place.message


def title(till: str) -> str:
    return TITLES.get(till, till)


def price_of(order: Order, language: Language) -> str:
    """What its person pays."""
    return in_money(order.amount if order.currency == STARS else order.vnd, order.currency, language)


def in_money(amount: int, currency: str, language: Language) -> str:
    return f"{thousands(amount, language)} ⭐" if currency == STARS else f"{thousands(amount, language)}đ"


def short(number: str) -> str:
    """A gateway's number as a person can read it."""
    return number if len(number) <= LONGEST_NUMBER else f"{number[: LONGEST_NUMBER - 7]}…{number[-6:]}"


def package_choice(package: Package, language: Language, mark: str = "") -> Choice:
    text = texts.PACKAGE[language].format(vnd=thousands(package.vnd, language), credits=package.credits)
    return Choice(f"{text} {mark}".strip(), action=f"topup:{package.vnd}")


@dataclass(frozen=True, slots=True)
class Slip:
    """An order for its person to read, with the few facts that do not stand in it."""

    order: Order
    language: Language
    page: str  # where it is paid
    channel: str
    now: int
    free: int = 0  # credits, as they are

    def say(self, said: Said, **facts: object) -> str:
        order = self.order
        known = {"ref": order.ref, "credits": order.credits, "price": price_of(order, self.language)}
        return said[self.language].format(
            **{**known, "till": title(order.till), "free": thousands(self.free, self.language), **facts}
        )

    def lines(self, *parts: str) -> str:
        """Where nothing real is paid, the last line says so."""
        played = self.say(texts.PLAYED) if self.order.play else ""
        return "\n".join(part for part in (*parts, played) if part)

    def reply(self) -> Reply:
        """As the order stands."""
        match self.order.state:
            case "pending":
                return self.waiting()
            case "paid":
                return self.receipt()
            case "failed":
                return self.failed()
            case "expired":
                return self.expired()
            case "cancelled":
                return self.cancelled()
            case "review":
                return Reply(self.say(texts.REVIEW, reason=self.say(texts.REASONS[self.reason])))
            case "refunding":
                return Reply(self.lines(self.say(texts.REFUNDING)))
            case "refunded":
                return Reply(self.lines(self.say(texts.STARS_REFUNDED if self.in_chat else texts.REFUNDED)))

    # -- waiting ------------------------------------------------------------------------------------------------------

    def waiting(self, *before: str) -> Reply:
        """With the link, while it can be followed; what is replaced or over says so."""
        if self.order.replaced_by:
            return self.replaced()
        if not self.order.opened_at and self.now >= self.order.expires:
            return self.expired()
        if self.in_chat:
            return self.invoice()
        return Reply(self.lines(*before, self._offer()), self._buttons(texts.PAY), order=self.order.ref)

    @property
    def in_chat(self) -> bool:
        """Paid there, and on no page."""
        return self.order.currency == STARS

    def invoice(self) -> Reply:
        """A message of its own for ever: it can become no receipt, so it is not the message of the order."""
        stars = self.order.amount
        bill = Invoice(self.order.ref, self.say(texts.INVOICE), self.say(texts.LABEL), stars, self.say(texts.PAY_STARS))
        return Reply(self.lines(self._offer()), (self._button(texts.CANCEL, "unpay"),), invoice=bill)

    def asked(self, next_at: int) -> Reply:
        """Opened, and nobody knows yet."""
        if self.order.replaced_by:
            return self.replaced()
        when = self.say(texts.ASKED_AT, at=time_of(next_at)) if next_at else ""
        looked = self.say(texts.LOOKED_AT, at=time_of(self.now))
        text = self.lines(self.say(texts.PENDING), when, looked)
        return Reply(text, self._buttons(texts.PAGE), order=self.order.ref)

    def _offer(self) -> str:
        minutes = max(1, round((self.order.expires - self.now) / MINUTE))
        vnd = texts.TOPUP_BY_LINK if self.channel in WITHOUT_BUTTONS else texts.TOPUP
        return self.say(texts.TOPUP_STARS if self.in_chat else vnd, until=time_of(self.order.expires), minutes=minutes)

    def _buttons(self, page: Said) -> tuple[Choice, ...]:
        qr = () if self.channel in WITH_A_PAGE else (self._button(texts.SHOW_QR, "qr"),)
        pay = Choice(self.say(page), url=self.page)
        return (pay, *qr, self._button(texts.CHECK, "check"), self._button(texts.CANCEL, "unpay"))

    def _button(self, said: Said, action: str) -> Choice:
        return Choice(self.say(said), action=f"{action}:{self.order.ref}")

    # -- paid ---------------------------------------------------------------------------------------------------------

    def receipt(self, *after: str, choices: tuple[Choice, ...] = ()) -> Reply:
        order = self.order
        late = self.say(texts.PAID_LATE) if order.late else ""
        twice = self.say(texts.PAID_TWICE) if order.double else ""
        number = self.say(texts.NUMBER, number=short(order.number)) if order.number else ""
        paid_with = " · ".join(part for part in (title(order.till), order.bank, number) if part)
        at = moment_of(order.paid_at, self.language)
        lines = self.say(texts.RECEIPT, paid_with=paid_with, at=at)
        return Reply(self.lines(self.say(texts.PAID), late, twice, lines, *after), choices)

    # -- not paid -----------------------------------------------------------------------------------------------------

    @property
    def reason(self) -> Reason:
        """A later version may know more reasons than we do."""
        return Reason(self.order.reason) if self.order.reason in set(Reason) else Reason.OTHER

    def failed(self) -> Reply:
        money = texts.NO_MONEY_TAKEN if self.reason in UNTOUCHED else texts.MONEY_RETURNS
        text = self.say(texts.FAILED, reason=self.say(texts.REASONS[self.reason]), money=self.say(money))
        return Reply(self.lines(text), (self._again(texts.RETRY),))

    def expired(self) -> Reply:
        counts = self.say(texts.STILL_COUNTS) if self.order.opened_at else ""
        if self.in_chat:
            return Reply(self.lines(self.say(texts.STARS_EXPIRED)), (self._again(texts.NEW_INVOICE),))
        return Reply(self.lines(self.say(texts.EXPIRED), counts), (self._again(texts.NEW_LINK),))

    def cancelled(self) -> Reply:
        if self.order.replaced_by:
            return self.replaced()
        return Reply(self.lines(self.say(texts.CANCELLED_OPEN if self.order.opened_at else texts.CANCELLED)))

    def replaced(self) -> Reply:
        counts = self.say(texts.STILL_COUNTS) if self.order.opened_at else ""
        return Reply(self.lines(self.say(texts.REPLACED), counts))

    def _again(self, said: Said) -> Choice:
        same = f":{self.order.till}" if self.in_chat else ""
        return Choice(self.say(said), action=f"topup:{self.order.vnd}{same}")
