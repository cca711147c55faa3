"""The doctor about Zalo: which one a house speaks to, whether it can look at our pictures, and knows the bot."""

from pathlib import Path

import pytest

from bot.doctor import asked_zalo, zalo
from bot.vendors import Zalo
from infra.sandbox.zalo import Bot, open_zalo
from tests.bot.homes import settings_of

TOKEN = "12345689:played-and-never-to-be-told"
HOOK = {"token": TOKEN, "mode": "webhook", "secret": "long enough"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "Zalo: off (IMAGIFY_ZALO__TOKEN is not set)"),
        ({"sandbox": "zalo"}, "Zalo: played on this machine, nobody outside is reached"),
        (
            {"zalo": {"token": TOKEN}, "public_url": "https://imagify.vn"},
            "Zalo: on, asked at bot-api.zaloplatforms.com; what is heard as the house dies is lost",
        ),
        ({"zalo": HOOK, "public_url": "https://imagify.vn"}, "Zalo: on, it calls https://imagify.vn/zalo/webhook"),
    ],
)
def test_it_says_which_zalo_a_house_speaks_to(settings: dict[str, object], told: str, tmp_path: Path) -> None:
    found = zalo(settings_of(tmp_path, **settings))

    assert (found.well, found.what) == (True, told)


@pytest.mark.parametrize("public_url", ["", "http://imagify.vn"])
def test_without_an_address_at_which_pictures_can_be_looked_at_it_is_off_and_that_is_why(
    public_url: str, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, zalo={"token": TOKEN}, public_url=public_url)
    found = zalo(settings)

    assert "zalo" not in settings.channels
    assert (found.well, found.mend) == (False, "IMAGIFY_PUBLIC_URL=https://YOUR-HOST")


def bot_at(api: str, token: str = TOKEN) -> Zalo:
    return Zalo.model_validate({"token": token, "api": api})


async def test_asked_over_the_network_it_says_who_the_bot_is() -> None:
    async with open_zalo([Bot(TOKEN)]) as played:
        found = await asked_zalo(bot_at(played.api_url))

    assert found.well
    assert found.what.startswith("Zalo knows the bot as bot.")


async def test_a_wrong_token_is_told_with_where_the_right_one_is() -> None:
    async with open_zalo([Bot(TOKEN)]) as played:
        found = await asked_zalo(bot_at(played.api_url, "999:wrong"))

    assert not found.well
    assert "Zalo Bot Creator" in found.mend
    assert "999" not in str(found)


async def test_where_nobody_answers_the_token_is_not_told() -> None:
    found = await asked_zalo(bot_at("http://127.0.0.1:9"))

    assert found.what.startswith("Zalo at 127.0.0.1 does not answer")
    assert TOKEN not in str(found)
