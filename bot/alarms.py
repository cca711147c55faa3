"""Alarms in words: what an admin is told without asking, and what to type next."""

from collections.abc import Mapping

from bot.receipts import in_money, title
from bot.replies import Choice, Reply
from bot.texts import Language, Said, admin, appealing, contact, linking, upkeep, zalo
from bot.texts import admin_painting as painting
from bot.texts import admin_paying as texts
from bot.texts.upkeep import STORES
from bot.when import moment_of
from core.news import News

DEFAULT: Language = "vi"  # news of an alarm is of no person, so nobody's language is known
KNOWN: Mapping[str, Said] = {
    **texts.ALARMS,
    **texts.ALARMS_OF_NO_ORDER,
    **painting.ALARMS,
    **zalo.ALARMS,
    **linking.ALARMS,
    **contact.ALARMS,
    **appealing.ALARMS,
    **upkeep.ALARMS,
}


def told(news: News, language: Language = DEFAULT) -> Reply:
    """The words of news of kind ALARM."""
    what, ref = str(news.facts.get("what", "")), news.order
    said = KNOWN.get(what, texts.OTHER_ALARM)[language].format(what=what, ref=ref, **facts(news, language))
    if not ref:
        return Reply(said)
    look = Choice(texts.LOOK_BUTTON[language], action=f"inspect:{ref}")
    return Reply(f"{said}\n{texts.LOOK[language].format(ref=ref)}", (look,))


def facts(news: News, language: Language) -> dict[str, str]:
    amount = news.facts.get("amount", 0)
    since = news.facts.get("since", 0)
    currency, till = str(news.facts.get("currency", "VND")), str(news.facts.get("till", "vnpay"))
    return {
        "price": in_money(amount if isinstance(amount, int) else 0, currency, language),
        "till": title(till),
        "code": str(news.facts.get("code", "")) or "–",
        "reason": reason_of(str(news.facts.get("reason", "")), language),
        "used": str(news.facts.get("used", "")),
        "most": str(news.facts.get("most", "")),
        "store": STORES.get(str(news.facts.get("store", "")), STORES["table"])[language],
        "vendor": str(news.facts.get("vendor", "")).capitalize(),
        "chats": str(news.facts.get("chats", "")).capitalize(),
        "since": moment_of(since if isinstance(since, int) else 0, language),
        **of_painting(news, language),
    }


def of_painting(news: News, language: Language) -> dict[str, str]:
    said = {
        name: str(news.facts.get(name, "")) for name in ("job", "route", "model", "date", "days", "successor", "pocket")
    }
    pocket = painting.POCKETS.get(said["pocket"])
    then = painting.SUCCEEDED if said["successor"] else painting.NOBODY
    return {
        **said,
        "pocket": pocket[language] if pocket else said["pocket"],
        "setting": said["pocket"].upper(),
        "spent": in_dollars(news, "cents"),
        "cap": in_dollars(news, "cap"),
        "then": then[language].format(successor=said["successor"]),
    }


def in_dollars(news: News, fact: str) -> str:
    cents = news.facts.get(fact, 0)
    return f"{(cents if isinstance(cents, int) else 0) / 100:.2f} USD"


def reason_of(reason: str, language: Language) -> str:
    said = texts.REASONS.get(reason) or (admin.REASONS.get(reason) if reason else None)
    return said[language] if said else reason or "–"
