"""The doctor about Telegram: which one this house speaks to, whether it can call us, and whether it knows the bot."""

from pathlib import Path

import pytest

from bot.doctor import asked_telegram, examine, heard_of, hearing, telegram
from bot.vendors import Telegram
from infra.sandbox.telegram import Bot, open_telegram
from tests.bot.homes import settings_of

TOKEN = "1234567890:AAF-played-and-never-to-be-told"
HOOK = {"token": TOKEN, "mode": "webhook", "secret": "x"}


def bot_at(api: str, token: str = TOKEN) -> Telegram:
    return Telegram.model_validate({"token": token, "api": api})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "Telegram: off (IMAGIFY_TELEGRAM__TOKEN is not set)"),
        ({"sandbox": "telegram"}, "Telegram: played on this machine, nobody outside is reached"),
        ({"telegram": {"token": TOKEN}}, "Telegram: on, asked at api.telegram.org"),
        (
            {"telegram": HOOK, "public_url": "https://imagify.vn"},
            "Telegram: on, it calls https://imagify.vn/telegram/webhook",
        ),
    ],
)
def test_it_says_which_telegram_a_house_speaks_to(settings: dict[str, object], told: str, tmp_path: Path) -> None:
    [found] = telegram(settings_of(tmp_path, **settings))

    assert (found.well, found.what) == (True, told)


def test_a_port_that_telegram_never_calls_is_found(tmp_path: Path) -> None:
    [found] = telegram(settings_of(tmp_path, telegram=HOOK, public_url="https://imagify.vn:8421"))

    assert not found.well
    assert "no port 8421" in found.what


async def test_asked_over_the_network_it_says_who_the_bot_is() -> None:
    async with open_telegram([Bot(TOKEN)]) as played:
        found = await asked_telegram(bot_at(played.api_url))

    assert (found.well, found.what) == (True, "Telegram knows the bot as @imagify_bot")


async def test_a_wrong_token_is_told_with_where_the_right_one_is() -> None:
    async with open_telegram([Bot(TOKEN)]) as played:
        found = await asked_telegram(bot_at(played.api_url, "999:wrong-and-long-enough"))

    assert not found.well
    assert "@BotFather" in found.mend
    assert "999" not in str(found)


async def test_where_nobody_answers_the_token_is_not_told() -> None:
    found = await asked_telegram(bot_at("http://127.0.0.1:9"))

    assert found.what.startswith("Telegram at 127.0.0.1 does not answer")
    assert TOKEN not in str(found)


async def test_nobody_is_asked_who_is_not_set(tmp_path: Path) -> None:
    found = [one.what for one in await examine(settings_of(tmp_path / "home"), ask=True)]

    assert not [what for what in found if "knows" in what]


async def test_it_says_whether_what_is_said_to_the_bot_comes_here() -> None:
    async with open_telegram([Bot(TOKEN)]) as played:
        own = bot_at(played.api_url)
        hooked = Telegram.model_validate({"token": TOKEN, "api": played.api_url, "mode": "webhook", "secret": "x"})
        [well] = await hearing(own, "")
        await played.telegram.person(101, "An").starts()
        [waiting] = await hearing(own, "")
        [elsewhere] = await hearing(hooked, "https://imagify.vn")
        played.telegram.faults.set("unknown", method="getWebhookInfo")
        unsaid = await hearing(own, "")

    assert (well.well, waiting.well, elsewhere.well, unsaid) == (True, False, False, [])
    assert "1 updates wait" in waiting.what
    assert "nobody instead of this house" in elsewhere.what


async def test_it_says_since_when_telegram_cannot_call() -> None:
    found = heard_of({"url": "x", "pending_update_count": 7, "last_error_date": 1_795_132_800}, "x")

    assert not found.well
    assert "since 2026-11-20 07:00, 7 updates wait" in found.what
