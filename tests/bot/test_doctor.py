"""The doctor: what is set, what answers, and the exact line that mends what does not."""

from datetime import date
from pathlib import Path

import pytest

from bot import app
from bot.app import plan
from bot.doctor import MENDS, Finding, asked_vnpay, examine, models, room, vnpay
from bot.house import House
from bot.upkeep import ROOM
from core.clock import DAY
from core.models import Catalogue
from infra import embedded
from infra.sandbox.vnpay import Terminal, open_vnpay
from tests.bot.homes import damage, furnish, settings_of, spoil
from tests.clocks import THE_DAY


async def findings(home: Path, **settings: object) -> dict[str, Finding]:
    """What the doctor finds, by the word it begins with."""
    return {one.what.split(" ")[0].rstrip(":"): one for one in await examine(settings_of(home, **settings))}


async def test_a_house_that_was_never_opened_is_well(tmp_path: Path) -> None:
    found = await findings(tmp_path / "home")

    assert found["home"] == Finding(True, f"home {tmp_path / 'home'}: not there yet, `imagify run` makes it")
    assert found["disk"].well
    assert all(found[wing].well for wing in ("Telegram", "Zalo", "VNPAY", "AWS"))
    assert not (tmp_path / "home").exists()


def test_what_is_well_and_what_is_not_can_be_told_at_a_glance() -> None:
    assert str(Finding(True, "disk: 9 MiB free")) == "ok   disk: 9 MiB free"
    assert str(Finding(False, "disk: 9 MiB free", "make room")) == "BAD  disk: 9 MiB free\n     make room"


async def test_a_home_is_counted_and_proved(tmp_path: Path) -> None:
    home = (await findings(await furnish(tmp_path / "home")))["home"]

    assert home.well
    assert home.what.endswith(": 1 people, 2 entries, 1 jobs, 0 images, 0 violations")


async def test_a_home_with_a_hand_on_its_file_is_not_well(tmp_path: Path) -> None:
    spoil(await furnish(tmp_path / "home"), "PURSE", paid=7)

    home = (await findings(tmp_path / "home"))["home"]

    assert not home.well
    assert "1 violations" in home.what
    assert home.mend == f"imagify audit --home {tmp_path / 'home'}"


async def test_a_home_whose_database_is_damaged_is_not_well(tmp_path: Path) -> None:
    damage(await furnish(tmp_path / "home"))

    home = (await findings(tmp_path / "home"))["home"]

    assert not home.well
    assert "damaged" in home.mend


async def test_a_folder_without_a_house_is_told_apart_from_one_that_is_not_there(tmp_path: Path) -> None:
    found = await findings(tmp_path)

    assert not found["home"].well
    assert "There is no house in" in found["home"].mend


# --- VNPAY

SECRET = "27YSNI0G1IITN3XVK9TFTDHWZXUYXXA9"
KEYS = {"tmn_code": "IMGF0001", "secret": SECRET}
REAL = {"pay_url": "https://pay.vnpay.vn/vpcpay.html", "api_url": "https://merchant.vnpay.vn/merchant_webapi/api"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "VNPAY: played on this machine, no money moves"),
        ({"sandbox": "none"}, "VNPAY: off (IMAGIFY_VNPAY__TMN_CODE is not set)"),
    ],
)
def test_a_house_without_a_terminal_has_a_played_till_or_none(
    settings: dict[str, object], told: str, tmp_path: Path
) -> None:
    assert list(vnpay(settings_of(tmp_path, **settings))) == [Finding(True, told)]


@pytest.mark.parametrize(
    ("more", "told"),
    [({}, "trial at sandbox.vnpayment.vn"), (REAL, "PRODUCTION, real money")],
)
def test_trial_and_production_can_be_told_apart_and_no_key_is_shown(
    more: dict[str, str], told: str, tmp_path: Path
) -> None:
    found = list(vnpay(settings_of(tmp_path, vnpay=KEYS | more, public_url="https://imagify.example")))

    assert all(one.well for one in found)
    assert found[0].what == f"VNPAY: {told}, terminal IM…01"
    assert "https://imagify.example/vnpay/ipn" in found[1].what
    assert "/vnpay/return" in found[1].what
    assert SECRET not in f"{found}"


@pytest.mark.parametrize("public_url", ["", "http://imagify.example", "https://127.0.0.1:8421", "https://localhost"])
def test_where_vnpay_cannot_call_the_line_that_mends_it_is_given(public_url: str, tmp_path: Path) -> None:
    (_, called) = vnpay(settings_of(tmp_path, vnpay=KEYS, public_url=public_url))

    assert not called.well
    assert called.mend.startswith("IMAGIFY_PUBLIC_URL=https://YOUR-HOST, and give VNPAY https://YOUR-HOST/vnpay/ipn")


@pytest.mark.parametrize(
    ("code", "changed", "approved"),
    [
        ("", {}, True),
        ("70", {"secret": "another key altogether"}, True),
        ("71", {}, False),
        ("72", {"tmn_code": "NOBODY01"}, True),
    ],
)
async def test_vnpay_itself_says_what_is_wrong_with_the_keys(
    code: str,
    changed: dict[str, str],
    approved: bool,
    tmp_path: Path,
) -> None:
    async with open_vnpay([Terminal("IMGF0001", SECRET)]) as played:
        played.gateway.approve("IMGF0001", approved=approved)
        ways = {"pay_url": played.pay_url, "api_url": played.api_url}
        found = await asked_vnpay(settings_of(tmp_path, vnpay=KEYS | ways | changed), app.now())

    assert found.well == (not code)
    assert found.mend == MENDS.get(code, "")
    assert SECRET not in str(found)


async def test_a_vnpay_that_does_not_answer_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    nowhere = {"pay_url": "http://127.0.0.1:9/pay", "api_url": "http://127.0.0.1:9/api"}

    found = await asked_vnpay(settings_of(tmp_path, vnpay=KEYS | nowhere), THE_DAY)

    assert not found.well
    assert found.what.startswith("VNPAY at 127.0.0.1 does not answer")


async def test_nobody_is_asked_unless_it_is_wished_for(tmp_path: Path) -> None:
    nowhere = {"pay_url": "http://127.0.0.1:9/pay", "api_url": "http://127.0.0.1:9/api"}
    settings = settings_of(tmp_path / "home", vnpay=KEYS | nowhere)

    silent, asking = await examine(settings), await examine(settings, ask=True)

    assert not [one for one in silent if "does not answer" in one.what]
    assert [one for one in asking if "does not answer" in one.what]


# --- disk and models


def test_a_disk_is_looked_at_where_the_home_will_stand(tmp_path: Path) -> None:
    found = room(tmp_path / "not" / "yet" / "there")

    assert found.what.startswith("disk: ")
    assert found.well == (int(found.what.split()[1]) >= ROOM // 1024**2)


def test_a_model_that_ends_soon_is_named_with_who_follows() -> None:
    ending = next(model for model in Catalogue.open().models.values() if model.ends)
    last_day = ((ending.ends or date.max) - date(1970, 1, 1)).days * DAY

    soon, later = list(models(last_day - 30 * DAY)), list(models(last_day - 90 * DAY))

    told = [one for one in soon if one.what.startswith(f"model {ending.name} ends on {ending.ends}")]
    assert [one.well for one in told] == [False]
    assert told[0].mend
    assert not [one for one in later if one.what.startswith(f"model {ending.name} ")]


def test_models_that_have_ended_are_counted_and_not_warned_of_for_ever() -> None:
    catalogue = Catalogue.open()
    far = (date(2100, 1, 1) - date(1970, 1, 1)).days * DAY

    (counted, *warned) = models(far)

    assert counted.what.endswith(f"{len(catalogue.models) - len(catalogue.living(far))} ended")
    assert warned == []


async def test_an_earlier_secret_may_go_when_the_doctor_says_so(tmp_path: Path) -> None:
    home = await furnish(tmp_path / "home")
    assert "everybody is known by it" in (await findings(home))["secret"].what

    own = (home / "SECRET").read_text()
    (home / "SECRET").write_text("another one")
    assert not (await findings(home))["secret"].well
    async with embedded.open(home) as wing:
        house = House(wing, plan(settings_of(home, secrets_before=own), wing))
        await house.wake(alone=True)

        assert "1 of 1 addresses are still known by" in (await findings(home, secrets_before=own))["secret"].what
        await house.rotation.move()
        await house.rotation.move()

    assert "IMAGIFY_SECRETS_BEFORE may go" in (await findings(home, secrets_before=own))["secret"].what
