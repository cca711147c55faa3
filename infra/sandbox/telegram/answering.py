"""The methods that answer people: presses of buttons, payments before they are made; and Stars given back."""

from collections.abc import Mapping

from infra.sandbox.telegram.asked import Wire
from infra.sandbox.telegram.doing import Doing, Verb
from infra.sandbox.telegram.markup import read_inline
from infra.sandbox.telegram.refusing import TOO_OLD, bad
from infra.sandbox.telegram.stars import STARS, read_invoice
from infra.sandbox.telegram.world import keep
from infra.sandbox.utf16 import length

LONGEST_ANSWER = 200
ANSWERED_WITHIN = 15 * 60.0  # seconds a press waits for its answer
MOST_ROWS = 100


def answer_callback(doing: Doing) -> bool:
    asked, now = doing.asked, doing.world.clock.now()
    query = doing.world.queries.get(asked.text("callback_query_id"))
    if query is None or query.bot != doing.robot.id or now - query.at > ANSWERED_WITHIN:
        raise bad(TOO_OLD)
    if length(asked.text("text")) > LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    query.answered({"text": asked.text("text"), "alert": asked.yes("show_alert"), "url": asked.text("url")})
    doing.world.changed()
    return True


def send_invoice(doing: Doing) -> Wire:
    chat = doing.chat()
    invoice = read_invoice(doing.asked)
    markup = read_inline(doing.asked, private=chat.private, invoice=True)
    body: Wire = {"invoice": invoice.wire} | ({"reply_markup": markup} if markup else {})
    message = doing.send(chat, body, doing.reply(chat))
    keep(doing.world.offers, (doing.robot.id, chat.id, message.id), invoice)
    return message.wire()


def create_invoice_link(doing: Doing) -> str:
    name = doing.world.next_id()
    keep(doing.world.links, name, (doing.robot.id, read_invoice(doing.asked)))
    return f"https://t.me/$play{name}"


def answer_pre_checkout(doing: Doing) -> bool:
    asked = doing.asked
    waiting = doing.world.checks.pop(asked.text("pre_checkout_query_id"), None)
    if waiting is None or waiting[0].bot != doing.robot.id:
        raise bad(TOO_OLD)
    payment, done = waiting
    if "ok" not in asked:
        raise bad("parameter ok is required")
    if asked.yes("ok"):
        done()
        return True
    if not asked.text("error_message"):
        doing.world.checks[payment.id] = waiting
        raise bad("error message must be non-empty")
    payment.end("refused", asked.text("error_message"))
    doing.world.changed()
    return True


def refund(doing: Doing) -> bool:
    asked, world = doing.asked, doing.world
    person = world.people.get(asked.number("user_id"))
    charge = asked.text("telegram_payment_charge_id")
    if person is None:
        raise bad("USER_ID_INVALID")
    row = doing.robot.till.give_back(person.wire, charge, doing.now)
    person.stars += row.stars
    said = {
        "currency": STARS,
        "total_amount": row.stars,
        "invoice_payload": row.payload,
        "telegram_payment_charge_id": charge,
    }
    world.say(world.private_chat(doing.robot.id, person.id), doing.robot.bot.wire, {"refunded_payment": said})
    return True


def transactions(doing: Doing) -> Wire:
    offset = max(0, doing.asked.number("offset"))
    return {"transactions": list(doing.robot.till.listed(offset, doing.asked.within("limit", MOST_ROWS, 1, MOST_ROWS)))}


def balance(doing: Doing) -> Wire:
    return {"amount": doing.robot.till.balance}


def answer_inline(_: Doing) -> bool:
    """No bot here has inline mode, so nobody has asked."""
    raise bad(TOO_OLD)


ANSWERING: Mapping[str, Verb] = {
    "answerCallbackQuery": answer_callback,
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
    "answerPreCheckoutQuery": answer_pre_checkout,
    "refundStarPayment": refund,
    "getStarTransactions": transactions,
    "getMyStarBalance": balance,
    "answerInlineQuery": answer_inline,
}
