"""The pages a payer sees, as HTML: no script but the countdown, everything from outside escaped."""

from html import escape
from importlib import util
from urllib.parse import urlencode

from infra.sandbox.vnpay.book import Transaction
from infra.sandbox.vnpay.codes import BANKS, CARDS, DOMESTIC, INTERNATIONAL, OUTCOMES, QR, Card
from infra.sandbox.vnpay.emv import qr_text
from infra.sandbox.vnpay.words import Say

HERE = "/paymentv2/Transaction"
ERROR = "/paymentv2/Payment/Error.html"
METHODS = f"{HERE}/PaymentMethod.html"
LOOK, COUNTDOWN = "/paymentv2/pay.css", "/paymentv2/pay.js"
INTERNATIONAL_BANK = "VISA"


def to(page: str, token: str, **more: str) -> str:
    return f"{HERE}/{page}.html?{urlencode({'token': token, **more})}"


def where_to(found: Transaction) -> str:
    """The page a link leads to: the choice of methods, or straight to what it names already."""
    match found.wish.bank:
        case "":
            return f"{METHODS}?{urlencode({'token': found.token})}"
        case _ as bank if bank == QR:
            return to("Qr", found.token)
        case _ as bank if bank == DOMESTIC:
            return to("Banks", found.token)
        case _ as bank if bank == INTERNATIONAL:
            return to("Bank", found.token, bank=INTERNATIONAL_BANK)
        case bank:
            return to("Bank", found.token, bank=bank)


def methods(found: Transaction, left: float) -> str:
    say = Say(found.wish.locale)
    ways = (
        (to("Qr", found.token), "qr", "qr_hint"),
        (to("Banks", found.token), "domestic", "domestic_hint"),
        (to("Bank", found.token, bank=INTERNATIONAL_BANK), "card", "card_hint"),
    )
    listed = "".join(
        f'<li><a class="way" href="{escape(href)}"><span class="mark {name}" aria-hidden="true"></span>'
        f"<span><b>{say(name)}</b><small>{say(hint)}</small></span></a></li>"
        for href, name, hint in ways
    )
    body = f'<h2>{say("method")}</h2><ul class="ways">{listed}</ul>'
    return _pay_page(found, left, body, bank="")


def banks(found: Transaction, left: float) -> str:
    say = Say(found.wish.locale)
    listed = "".join(
        f'<li><a href="{escape(to("Bank", found.token, bank=code))}"><b>{code}</b>'
        f"<small>{escape(name)}</small></a></li>"
        for code, name in BANKS.items()
    )
    body = f'<h2>{say("domestic_hint")}</h2><ul class="banks">{listed}</ul>{_back(found, say)}'
    return _pay_page(found, left, body, bank="")


def qr(found: Transaction, left: float) -> str:
    say = Say(found.wish.locale)
    text = qr_text(found.terminal, found.vnd, found.ref, found.wish.info)
    body = (
        f'<h2>{say("qr")}</h2><figure class="qr">{_qr_image(text, say("qr"))}'
        f"<figcaption>{say('scan')}</figcaption></figure>"
        f"{_outcome_form(found, '00', QR, say('scanned'), 'main')}{_back(found, say)}"
    )
    return _pay_page(found, left, body, bank=QR)


def bank(found: Transaction, left: float, code: str, wrong: str = "") -> str:
    say = Say(found.wish.locale)
    name = BANKS.get(code, say("card"))
    offered = [card for card in CARDS if card.bank == code] or list(CARDS[:5])
    taps = "".join(_tap(found, card, code, say) for card in offered)
    body = (
        f"<h2>{escape(code)} <small>{escape(name)}</small></h2>{_warning(say, wrong)}"
        f'<h3>{say("test_cards")}</h3><ul class="cards">{taps}</ul>'
        f"<details{' open' if wrong else ''}><summary>{say('own_card')}</summary>"
        f"{_card_form(found, code, say)}</details>"
        f"{_back(found, say)}"
    )
    return _pay_page(found, left, body, bank=code)


def otp(found: Transaction, left: float, code: str, card: Card, wrong: str = "") -> str:
    say = Say(found.wish.locale)
    body = (
        f"<h2>{say('otp')} <small>{escape(code)} · {card.masked}</small></h2>{_warning(say, wrong)}"
        f'<form method="post" action="{HERE}/Otp.html" class="fields" autocomplete="off">'
        f"{_hidden(token=found.token, bank=code, card=card.number)}"
        f'<label>{say("otp")}<input name="otp" required autofocus maxlength="12" aria-describedby="hint"></label>'
        f'<p id="hint" class="hint">{say("otp_hint")}</p><button class="main">{say("confirm")}</button></form>'
        f"{_back(found, say)}"
    )
    return _pay_page(found, left, body, bank=code)


def error(code: str, locale: str = "vn") -> str:
    say = Say(locale)
    known = code if code.isascii() and code.isdigit() and len(code) == 2 else "99"
    body = (
        f'<main class="error"><h1>{say("error")}</h1><p class="why">{say.error(known)}</p>'
        f"<p>{say('error_code')}: <b>{known}</b></p><p class='hint'>{say('error_hint')}</p></main>"
    )
    return _shell(say, say("error"), body)


def _pay_page(found: Transaction, left: float, choice: str, *, bank: str) -> str:
    say = Say(found.wish.locale)
    body = (
        f'<main class="pay">{_order(found, left, say)}<section class="choice">{choice}</section>'
        f'<section class="try">{_outcomes(found, bank, say)}</section></main>'
    )
    return _shell(say, f"{say.vnd(found.vnd)} · {say('gateway')}", body)


def _order(found: Transaction, left: float, say: Say) -> str:
    seconds = max(0, round(left))
    return (
        f'<section class="order"><h1 class="unseen">{say("order")}</h1>'
        f'<p class="amount"><span>{say("amount")}</span><strong>{say.vnd(found.vnd)}</strong></p>'
        f"<dl><dt>{say('info')}</dt><dd>{escape(found.wish.info)}</dd>"
        f"<dt>{say('ref')}</dt><dd>{escape(found.ref)}</dd>"
        f"<dt>{say('merchant')}</dt><dd>{escape(found.terminal)}</dd></dl>"
        f'<p class="left">{say("left")} <time data-left="{seconds}" data-then="{ERROR}?code=15" role="timer">'
        f"{seconds // 60:02}:{seconds % 60:02}</time></p></section>"
    )


def _outcomes(found: Transaction, bank: str, say: Say) -> str:
    chosen = bank or "NCB"
    rest = "".join(
        f"<li>{_outcome_form(found, code, chosen, f'{code} · {say.outcome(code)}')}</li>"
        for code in OUTCOMES
        if code not in {"00", "24"}
    )
    return (
        f'<h3>{say("play")}</h3><div class="ends">{_outcome_form(found, "00", chosen, say("succeed"), "good")}'
        f"{_outcome_form(found, '24', bank, say('cancel'), 'plain')}</div>"
        f"<details><summary>{say('outcomes')}</summary><ul class='codes'>{rest}</ul></details>"
    )


def _outcome_form(found: Transaction, code: str, bank: str, text: str, look: str = "") -> str:
    return (
        f'<form method="post" action="{HERE}/Outcome.html">{_hidden(token=found.token, code=code, bank=bank)}'
        f'<button class="{look}" data-outcome="{code}">{escape(text)}</button></form>'
    )


def _tap(found: Transaction, card: Card, bank: str, say: Say) -> str:
    tone = "fine" if card.outcome == "00" else "bad"
    return (
        f'<li><form method="post" action="{HERE}/Outcome.html">'
        f"{_hidden(token=found.token, code=card.outcome, bank=bank, card=card.number)}"
        f'<button class="tap" data-card="{card.number}"><b>{_spaced(card.number)}</b>'
        f'<small class="{tone}">{card.outcome} · {say.outcome(card.outcome)}</small></button></form></li>'
    )


def _card_form(found: Transaction, bank: str, say: Say) -> str:
    abroad = bank == INTERNATIONAL_BANK
    check = (
        f'<label>{say("cvv")}<input name="check" required maxlength="4" inputmode="numeric"></label>' if abroad else ""
    )
    return (
        f'<form method="post" action="{HERE}/Card.html" class="fields" autocomplete="off">'
        f"{_hidden(token=found.token, bank=bank)}"
        f'<label>{say("number")}<input name="number" required maxlength="23" inputmode="numeric"></label>'
        f'<label>{say("holder")}<input name="holder" required maxlength="60"></label>'
        f'<label>{say("expires" if abroad else "issued")}<input name="date" required maxlength="5" placeholder="MM/YY">'
        f'</label>{check}<button class="main">{say("go_on")}</button></form>'
    )


def _back(found: Transaction, say: Say) -> str:
    return f'<p class="back"><a href="{METHODS}?{urlencode({"token": found.token})}">← {say("back")}</a></p>'


def _warning(say: Say, wrong: str) -> str:
    return f'<p class="warning" role="alert">{say(wrong)}</p>' if wrong else ""


def _hidden(**fields: str) -> str:
    return "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())


def _spaced(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _qr_image(text: str, title: str) -> str:
    """As a picture where the library for it is installed; else as the text it would hold."""
    if util.find_spec("segno") is None:
        return f"<code>{escape(text)}</code>"
    import segno  # noqa: PLC0415 - only whoever looks at a QR page needs it

    return str(segno.make(text, error="m").svg_inline(scale=5, border=2, title=title))


def _shell(say: Say, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{LOOK}">'
        f'<script src="{COUNTDOWN}" defer></script></head><body>'
        f'<aside class="played">{say("played")}</aside>'
        f'<header><span class="name">VNPAY</span> <span class="what">{say("gateway")}</span></header>'
        f"{body}</body></html>"
    )
