"""What admins are told of painting without asking."""

from typing import get_args

import pytest

from bot import alarms
from bot.texts import Language
from bot.texts.admin_painting import ALARMS
from core.guesses import PAUSED
from core.news import ALARM, News

FACTS: dict[str, str | int] = {
    "job": "01JOB",
    "reason": "wordless",
    "pocket": "gift",
    "cents": 421,
    "cap": 500,
    "route": "core@us-west-2",
    "model": "core",
    "date": "2027-03-01",
    "days": 30,
    "successor": "sd35",
}


def told(what: str, language: Language, **facts: str | int) -> str:
    news = News("1", ALARM, "", "telegram", "1", 0, 0, facts={"what": what, **FACTS, **facts})
    return alarms.told(news, language).text


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("what", sorted(ALARMS))
def test_every_alarm_of_painting_has_its_facts(what: str, language: Language) -> None:
    said = told(what, language)

    assert "{" not in said
    assert what not in said
    assert any(fact in said for fact in ("4.21 USD", "5.00 USD", "core@us-west-2", "2027-03-01", "01JOB"))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("what", sorted(alarms.KNOWN))
def test_every_alarm_is_told_even_where_its_facts_are_missing(what: str, language: Language) -> None:
    assert alarms.told(News("1", ALARM, "", "telegram", "1", 0, 0, facts={"what": what}), language).text


def test_an_alarm_of_guesses_names_the_channel_that_pauses() -> None:
    assert "in chats of Zalo" in told(PAUSED, "en", most=100, chats="zalo")


def test_an_alarm_of_money_names_the_setting_that_raises_the_cap() -> None:
    assert "IMAGIFY_SPEND_PER_DAY_GIFT" in told("spend cap", "en")
    assert "IMAGIFY_SPEND_PER_DAY_PAID" in told("spend cap", "en", pocket="paid")


def test_an_end_names_what_takes_the_models_place_or_that_nothing_does() -> None:
    assert "sd35" in told("model ends", "en")
    assert "Nothing is named" in told("model ends", "en", successor="")
