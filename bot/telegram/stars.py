"""Stars at Telegram's own counter: the invoice, its question before a payment, its list of them, and their way back.

What any of it means for an order is said in `payments.stars`; this only translates.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LabeledPrice,
    Message,
    StarTransaction,
    TransactionPartnerUser,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.replies import Invoice, Reply
from bot.telegram.updates import Checkout
from bot.texts import paying, telegram
from core.clock import SECOND
from core.table import TableUnavailable
from payments.stars import STARS, NotTold, Stars, StarsRow
from payments.tills import RefundTold

log = logging.getLogger(__name__)

LONGEST_TITLE, LONGEST_ABOUT = 32, 255
PURCHASE = "invoice_payment"  # the kind of a transaction that an invoice of ours began
AGAIN = "charge_already_refunded"  # the library gives its words a capital
START = "topup"  # a forwarded invoice leads back to the bot, and cannot be paid


async def send_invoice(bot: Bot, chat: int, reply: Reply, choices: InlineKeyboardMarkup | None, **how: Any) -> Message:
    """Its first button pays; the reply's own stand below."""
    bill = cast("Invoice", reply.invoice)
    rows = choices.inline_keyboard if choices else ()
    return await bot.send_invoice(
        chat,
        title=bill.title[:LONGEST_TITLE],
        description=reply.text[:LONGEST_ABOUT],
        payload=bill.ref,
        currency=STARS,
        prices=[LabeledPrice(bill.label, bill.stars)],
        provider_token="",
        start_parameter=START,
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(bill.pay, pay=True)], *rows]),
        **how,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """Whether somebody may pay what they are about to."""

    stars: Stars

    async def answer(self, checkout: Checkout) -> str:
        """Why not, in the person's language; nothing where they may. Where we cannot tell, they may not."""
        language = checkout.from_.language
        row = StarsRow(
            checkout.invoice_payload, str(checkout.from_.id), checkout.total_amount, currency=checkout.currency
        )
        try:
            wont = await self.stars.may_pay(row)
        except TableUnavailable:
            return telegram.TRY_AGAIN[language]
        return paying.WONT[wont][language] if wont else ""


@dataclass(frozen=True, slots=True)
class Line:
    """Telegram as the Stars till speaks to it."""

    bot: Bot

    async def refund(self, payer: str, number: str) -> RefundTold:
        try:
            await self.bot.refund_star_payment(int(payer), number)
        except BadRequest as error:
            if AGAIN in error.message.lower():
                return RefundTold("sent", number, AGAIN)
            log.warning("Telegram refused to give Stars back: %s", error.message)
            return RefundTold("rejected", code=error.message)
        except Forbidden as error:
            return RefundTold("rejected", code=error.message)
        except TelegramError as error:
            log.info("Telegram told nothing of a refund", extra={"why": type(error).__name__})
            return RefundTold("unknown")
        return RefundTold("sent", number)

    async def transactions(self, offset: int, limit: int) -> Sequence[StarsRow | None]:
        try:
            listed = await self.bot.get_star_transactions(offset, limit)
        except TelegramError as error:
            raise NotTold(type(error).__name__) from None  # its own words may have our token in them
        return [row_of(one) for one in listed.transactions]


def row_of(one: StarTransaction) -> StarsRow | None:
    """What went out has a receiver. Gifts, withdrawals and whatever else there may be are nobody's orders."""
    back = one.receiver is not None or one.amount < 0
    person = one.receiver or one.source
    if not isinstance(person, TransactionPartnerUser) or (not back and person.transaction_type != PURCHASE):
        return None
    at = round(one.date.timestamp() * SECOND)
    return StarsRow(person.invoice_payload or "", str(person.user.id), abs(one.amount), one.id, back, at=at)
