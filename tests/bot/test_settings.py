"""Settings: a default for each, and a wrong one told in one sentence that names it."""

import os
import re
from pathlib import Path

import pytest

from bot.__main__ import secrets_of
from bot.settings import PREFIX, Admin, Settings, read, variables
from core.errors import CannotStart


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """What the house says when it does not start with these."""
    for name, value in variables.items():
        monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(CannotStart) as refused:
        read()
    return str(refused.value)


def test_the_house_starts_without_any_setting_and_only_for_this_machine() -> None:
    settings = read()

    assert settings.bind == "127.0.0.1"
    assert not settings.on_aws
    assert not settings.telegram.token.get_secret_value()


def test_every_setting_has_a_default_and_says_what_it_is() -> None:
    for name, about in variables().items():
        assert about, f"{name} needs a description"
    assert not any(field.is_required() for field in Settings.model_fields.values())


def test_the_papers_name_every_setting_and_no_other() -> None:
    operate = Path(__file__).parents[2] / "docs/operate.md"

    told = re.findall(r"^\| `([A-Z_]+)` \|.*\| (.+) \|$", operate.read_text(encoding="utf-8"), re.MULTILINE)

    assert {PREFIX + name: about for name, about in told} == variables()


def test_a_wing_has_its_own_settings_behind_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGIFY_TELEGRAM__TOKEN", "123:abc")
    monkeypatch.setenv("IMAGIFY_TELEGRAM__API", "http://127.0.0.1:9000/")

    settings = read()

    assert settings.telegram.token.get_secret_value() == "123:abc"
    assert settings.telegram.api == "http://127.0.0.1:9000"


def test_quotas_are_told_by_the_name_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read().bedrock.rates == {}

    monkeypatch.setenv("IMAGIFY_BEDROCK__RATES", "core=2, ultra=0.2")

    assert read().bedrock.rates == {"core": 2.0, "ultra": 0.2}


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGIFY_PORT", "9001")

    assert read().port == 9001
    assert read(port=9002).port == 9002


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGIFY_PORT", "")

    assert read().port == Settings.model_fields["port"].default


def test_admins_are_named_by_channel_and_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGIFY_ADMINS", "telegram:123=owner, zalo:ab12=moderator")

    assert read().admins == (Admin("telegram", "123", "owner"), Admin("zalo", "ab12", "moderator"))


@pytest.mark.parametrize("text", ["telegram:123=king", "an", "telegram=owner", ":5=owner", "telegram:=owner"])
def test_admins_that_cannot_be_read_are_told_with_an_example(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, ADMINS=text)

    assert text in said
    assert "telegram:123=owner" in said


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("PORT", "abc", "0 to 65535"),
        ("PORT", "70000", "0 to 65535"),
        ("TRUSTED_HOPS", "-1", "0 to 9"),
        ("VND_PER_USD", "26000.5", "whole number"),
        ("TELEGRAM__MODE", "push", "poll or webhook"),
        ("VNPAY__PAY_URL", "vnpay.vn/pay", "http or https"),
        ("BEDROCK__RATES", "core", "core=2,ultra=0.2"),
        ("BEDROCK__RATES", "core=0", "core=2,ultra=0.2"),
        ("BEDROCK__RATES", "core=inf", "core=2,ultra=0.2"),
        ("BEDROCK__RATES", "=2", "core=2,ultra=0.2"),
    ],
)
def test_a_wrong_setting_is_one_sentence_with_its_name_its_value_and_its_shape(
    name: str, value: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refusal(monkeypatch, **{name: value})

    assert said.startswith(f"IMAGIFY_{name} ")
    assert repr(value) in said
    assert hint in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("PROT", "PORT"), ("TELEGRAM__TOKN", "TELEGRAM__TOKEN"), ("BEDROCK", "BEDROCK__REGION")],
)
def test_a_misspelt_name_is_not_passed_over_in_silence(wrong: str, right: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"did you mean IMAGIFY_{right}?" in refusal(monkeypatch, **{wrong: "1"})


def test_a_secret_is_not_shown_by_printing_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGIFY_TELEGRAM__TOKEN", "123:very-secret")
    monkeypatch.setenv("IMAGIFY_SECRET", "very-secret-too")

    assert "very-secret" not in f"{read()!r} {read()} {read().model_dump_json()}"


@pytest.mark.parametrize("wing", ["TELEGRAM", "ZALO"])
def test_a_webhook_without_its_secret_does_not_start(wing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"IMAGIFY_{wing}__SECRET" in refusal(monkeypatch, **{f"{wing}__MODE": "webhook"})


def test_a_webhook_that_nobody_could_reach_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    half = {"TELEGRAM__MODE": "webhook", "TELEGRAM__SECRET": "x", "PUBLIC_URL": "http://127.0.0.1:1"}

    assert "IMAGIFY_PUBLIC_URL must be an https address" in refusal(monkeypatch, **half)


def test_a_telegram_on_this_machine_may_call_us_without_https(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"MODE": "webhook", "SECRET": "x", "TOKEN": "1:a", "API": "http://127.0.0.1:1"}
    for name, value in here.items():
        monkeypatch.setenv(f"{PREFIX}TELEGRAM__{name}", value)

    assert read().all_loopback


@pytest.mark.parametrize("secret", ["with space", "dấu", "a" * 257])
def test_a_secret_that_telegram_would_not_take_does_not_start(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, TELEGRAM__SECRET=secret)

    assert "IMAGIFY_TELEGRAM__SECRET may have letters" in said
    assert secret not in said


def test_telegram_is_played_or_real_and_not_both(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, SANDBOX="telegram", TELEGRAM__TOKEN="1:a")

    assert said.startswith("IMAGIFY_TELEGRAM__TOKEN is set, so Telegram cannot be played too")


def test_telegram_is_played_only_where_nobody_else_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a house that nobody else can reach" in refusal(monkeypatch, SANDBOX="telegram", BIND="0.0.0.0")  # noqa: S104 - that is the point


def test_on_aws_the_secret_must_be_given_because_all_processes_share_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "IMAGIFY_SECRET must be set" in refusal(monkeypatch, AWS__TABLE="imagify")


def test_the_parts_of_aws_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    half = {"AWS__TABLE": "imagify", "SECRET": "long enough to be a secret"}

    assert "IMAGIFY_AWS__BUCKET must be set" in refusal(monkeypatch, **half)
    assert "IMAGIFY_AWS__QUEUE must be set" in refusal(monkeypatch, **half, AWS__BUCKET="pictures")


# --- tills

KEYS = {"VNPAY__TMN_CODE": "IMGF0001", "VNPAY__SECRET": "27YSNI0G1IITN3XVK9TFTDHWZXUYXXA9"}
REAL = {
    "VNPAY__PAY_URL": "https://pay.vnpay.vn/vpcpay.html",
    "VNPAY__API_URL": "https://merchant.vnpay.vn/merchant_webapi/api/transaction",
}


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(PREFIX + name, value)
    return read()


def test_vendors_to_play_are_read_by_name_and_none_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, SANDBOX="vnpay, telegram").plays == {"vnpay", "telegram"}
    assert given(monkeypatch, SANDBOX="none").plays == frozenset()
    assert "or none" in refusal(monkeypatch, SANDBOX="vnpay,momo")


def test_a_house_that_nobody_else_can_reach_plays_its_till(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read().plays == {"vnpay"}
    assert given(monkeypatch, **KEYS).plays == frozenset()


@pytest.mark.parametrize(
    "open_",
    [
        {"BIND": "0.0.0.0"},  # noqa: S104  that is what is refused
        {"PUBLIC_URL": "https://imagify.example"},
        {"TELEGRAM__TOKEN": "1:abc"},
        {"ZALO__TOKEN": "abc"},
        {"AWS__TABLE": "imagify", "AWS__BUCKET": "b", "AWS__QUEUE": "q", "SECRET": "long enough to be a secret"},
        {"BEDROCK__REGION": "us-west-2"},
    ],
)
def test_a_house_that_others_can_reach_plays_no_till_and_is_not_made_to(
    open_: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given(monkeypatch, **open_).plays == frozenset()

    assert "only in a house that nobody else can reach" in refusal(monkeypatch, SANDBOX="vnpay")


def test_channels_that_are_played_on_this_machine_leave_the_house_unreachable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = {"TELEGRAM__TOKEN": "1:abc", "TELEGRAM__API": "http://127.0.0.1:9000", "TELEGRAM__FILES": "http://[::1]:1"}

    assert given(monkeypatch, **played).plays == {"vnpay"}


@pytest.mark.parametrize(
    ("bind", "public_url", "loopback"),
    [
        ("127.0.0.1", "", True),
        ("::1", "http://localhost:8421", True),
        ("127.0.0.1", "https://imagify.example", False),
        ("0.0.0.0", "", False),  # noqa: S104  that is what is asked
        ("0.0.0.0", "http://127.0.0.1:1", False),  # noqa: S104  same
    ],
)
def test_a_door_is_loopback_where_both_its_address_and_its_name_are(
    bind: str,
    public_url: str,
    loopback: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert given(monkeypatch, BIND=bind, PUBLIC_URL=public_url).door_is_loopback == loopback


def test_tills_are_offered_by_channel_in_the_order_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tills = given(monkeypatch, TILLS="telegram=stars+vnpay, web=vnpay").tills

    assert tills == {"telegram": ("stars", "vnpay"), "web": ("vnpay",)}


@pytest.mark.parametrize("text", ["telegram=momo", "web=stars", "email=vnpay", "telegram", "telegram=", "vnpay"])
def test_tills_that_cannot_be_read_are_told_with_an_example(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, TILLS=text)

    assert repr(text) in said
    assert "telegram=vnpay+stars" in said


def test_played_and_real_money_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be played too" in refusal(monkeypatch, **KEYS, SANDBOX="vnpay")


@pytest.mark.parametrize("secret", ["", "short", "change me please"[:15]])
def test_a_terminal_without_its_key_does_not_start(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, VNPAY__TMN_CODE="IMGF0001", VNPAY__SECRET=secret)

    assert "IMAGIFY_VNPAY__SECRET must be the key that VNPAY gave" in said


@pytest.mark.parametrize("secret", ["your-secret-key-here-please", "CHANGEMECHANGEMECHANGEME", "X" * 32])
def test_a_key_that_was_only_put_there_to_be_replaced_does_not_take_real_money(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {**KEYS, **REAL, "VNPAY__SECRET": secret, "PUBLIC_URL": "https://imagify.example"}

    assert "IMAGIFY_VNPAY__SECRET must be the key that VNPAY gave" in refusal(monkeypatch, **keys)


@pytest.mark.parametrize("name", ["VNPAY__PAY_URL", "VNPAY__API_URL"])
def test_links_of_production_and_questions_to_the_sandbox_do_not_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = {**KEYS, name: REAL[name], "PUBLIC_URL": "https://imagify.example"}

    assert "must both be VNPAY's sandbox, or neither" in refusal(monkeypatch, **half)


@pytest.mark.parametrize("name", ["VNPAY__PAY_URL", "VNPAY__API_URL"])
def test_real_money_is_sent_to_vnpay_and_asked_about_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {**KEYS, **REAL, "PUBLIC_URL": "https://imagify.example", name: "https://vnpay.example/pay"}

    assert refusal(monkeypatch, **keys).startswith(f"IMAGIFY_{name} must be VNPAY's production")


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("PUBLIC_URL", "http://imagify.example"),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "https://127.0.0.1:8421"),
        ("VNPAY__PAY_URL", "http://pay.vnpay.vn/vpcpay.html"),
        ("VNPAY__API_URL", "http://merchant.vnpay.vn/api"),
    ],
)
def test_real_money_goes_over_safe_ways_only(name: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {**KEYS, **REAL, "PUBLIC_URL": "https://imagify.example", name: way}

    assert refusal(monkeypatch, **keys).startswith(f"IMAGIFY_{name} must be an https address")


def test_production_starts_where_everything_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **KEYS, **REAL, PUBLIC_URL="https://imagify.example")

    assert settings.vnpay.tmn_code == "IMGF0001"
    assert settings.plays == frozenset()


def test_the_key_of_vnpay_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **KEYS)

    assert KEYS["VNPAY__SECRET"] not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert KEYS["VNPAY__SECRET"] in secrets_of(settings)  # so that no log shows it
    assert KEYS["VNPAY__SECRET"] not in refusal(monkeypatch, SANDBOX="vnpay")


def test_settings_cannot_be_changed_while_the_house_is_open() -> None:
    settings = read()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1
