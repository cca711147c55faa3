"""What of Zalo's settings is right by itself and wrong together."""

from pathlib import Path

import pytest

from core.errors import CannotStart
from tests.bot.homes import settings_of

TOKEN = "12345689:abc"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"zalo": {"token": TOKEN}, "sandbox": "zalo"}, "IMAGIFY_ZALO__TOKEN is set, so Zalo cannot be played too"),
        (
            {"sandbox": "zalo", "public_url": "https://imagify.vn"},
            "Zalo can be played only in a house that nobody else",
        ),
        ({"zalo": {"mode": "webhook"}}, "IMAGIFY_ZALO__SECRET must be set too"),
        ({"zalo": {"token": TOKEN, "mode": "webhook", "secret": "short"}, "public_url": "https://a.vn"}, "8 to 256"),
        ({"zalo": {"token": TOKEN, "mode": "webhook", "secret": "x" * 257}, "public_url": "https://a.vn"}, "8 to 256"),
        ({"zalo": {"token": TOKEN, "mode": "webhook", "secret": "x" * 20}}, "IMAGIFY_PUBLIC_URL must be an https"),
    ],
)
def test_what_does_not_go_together_is_told_in_one_sentence(
    settings: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(CannotStart, match=told):
        settings_of(tmp_path, **settings)


@pytest.mark.parametrize(
    ("settings", "on"),
    [
        ({}, False),
        ({"sandbox": "zalo"}, True),
        ({"zalo": {"token": TOKEN}}, False),
        ({"zalo": {"token": TOKEN}, "public_url": "http://imagify.vn"}, False),
        ({"zalo": {"token": TOKEN}, "public_url": "https://imagify.vn"}, True),
        ({"zalo": {"token": TOKEN, "api": "http://127.0.0.1:9"}}, True),
    ],
)
def test_it_is_on_where_there_is_a_token_and_its_pictures_can_be_looked_at(
    settings: dict[str, object], *, on: bool, tmp_path: Path
) -> None:
    said = settings_of(tmp_path, **settings)

    assert ("zalo" in said.channels, said.zalo_is_on) == (on, on)
