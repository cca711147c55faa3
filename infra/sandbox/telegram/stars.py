"""Stars: what a bot has taken, what it gave back, and a payment on its way."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra.sandbox.telegram.asked import Asked, Wire
from infra.sandbox.telegram.refusing import bad

STARS = "XTR"
LONGEST_TITLE, LONGEST_ABOUT, LONGEST_PAYLOAD = 32, 255, 128
MOST_STARS = 100_000
MOST_ROWS = 10_000
TO_CHECK = 10.0  # seconds a bot has to answer before a payment fails


@dataclass(frozen=True, slots=True)
class Invoice:
    title: str
    about: str
    payload: str
    stars: int

    @property
    def wire(self) -> Wire:
        return {
            "title": self.title,
            "description": self.about,
            "start_parameter": "",
            "currency": STARS,
            "total_amount": self.stars,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One transaction of a bot; Telegram never writes a negative amount: what went out has a receiver instead."""

    id: str
    stars: int
    at: float
    person: Wire
    payload: str
    out: bool = False

    @property
    def wire(self) -> Wire:
        partner = {
            "type": "user",
            "transaction_type": "invoice_payment",
            "user": self.person,
            "invoice_payload": self.payload,
        }
        side = "receiver" if self.out else "source"
        return {"id": self.id, "amount": self.stars, "date": int(self.at), side: partner}


@dataclass(slots=True)
class Payment:
    """A person's payment: checking, then paid, refused by the bot (with `why`), or lapsed unanswered."""

    id: str
    bot: int
    person: int
    invoice: Invoice
    state: str = "checking"
    why: str = ""
    charge: str = ""  # telegram_payment_charge_id
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, state: str, why: str = "") -> None:
        self.state, self.why = state, why
        self.over.set()


@dataclass(slots=True)
class Till:
    """What a bot has earned."""

    bot: int
    balance: int = 0
    rows: list[Row] = field(default_factory=list)

    def take(self, row: Row) -> None:
        self.balance += row.stars
        self.rows.append(row)
        del self.rows[:-MOST_ROWS]

    def give_back(self, person: Wire, charge: str, at: float) -> Row:
        """Raises what Telegram says when there is nothing to give back."""
        found = [one for one in self.rows if one.id == charge]
        if not found or found[0].person["id"] != person["id"]:
            raise bad("CHARGE_ID_INVALID")
        if any(one.out for one in found):
            raise bad("CHARGE_ALREADY_REFUNDED")
        if found[0].stars > self.balance:
            raise bad("BALANCE_TOO_LOW")
        row = Row(charge, found[0].stars, at, person, found[0].payload, out=True)
        self.balance -= row.stars
        self.rows.append(row)
        return row

    def listed(self, offset: int, limit: int) -> Sequence[Wire]:
        """Oldest first, as Telegram lists them."""
        return [one.wire for one in self.rows[offset : offset + limit]]


def read_invoice(asked: Asked) -> Invoice:
    title, about = asked.text("title").strip(), asked.text("description").strip()
    payload = asked.text("payload")
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise bad("INVOICE_TITLE_INVALID" if title else "title must be non-empty")
    if not 1 <= len(about) <= LONGEST_ABOUT:
        raise bad("INVOICE_DESCRIPTION_INVALID" if about else "description must be non-empty")
    if not 1 <= len(payload.encode()) <= LONGEST_PAYLOAD:
        raise bad("INVOICE_PAYLOAD_INVALID")
    if asked.text("currency") != STARS:
        raise bad("CURRENCY_INVALID" if asked.text("currency") else "currency must be non-empty")
    if asked.text("provider_token"):
        raise bad("STARS_INVOICE_INVALID")
    return Invoice(title, about, payload, _price(asked))


def _price(asked: Asked) -> int:
    prices = asked.objects("prices", "prices")
    if not prices:
        raise bad("prices must be non-empty")
    if len(prices) != 1:
        raise bad("STARS_INVOICE_INVALID")
    amount = prices[0].get("amount")
    if not prices[0].get("label") or not isinstance(amount, int):
        raise bad("can't parse prices: LabeledPrice must have a label and an amount")
    if not 1 <= amount <= MOST_STARS:
        raise bad("STARS_INVOICE_INVALID" if amount < 1 else "CURRENCY_TOTAL_AMOUNT_INVALID")
    return amount
