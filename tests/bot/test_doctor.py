"""The doctor: what is set, what answers, and the exact line that mends what does not."""

from datetime import date
from pathlib import Path

import pytest

from bot.doctor import ROOM, Finding, examine, models, room, wings
from core.clock import DAY
from core.models import Catalogue
from tests.bot.homes import damage, furnish, settings_of, spoil


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


@pytest.mark.parametrize(
    ("name", "settings", "variable"),
    [
        ("Telegram", {"telegram": {"token": "1:abc"}}, "IMAGIFY_TELEGRAM__TOKEN"),
        ("Zalo", {"zalo": {"token": "abc"}}, "IMAGIFY_ZALO__TOKEN"),
        ("VNPAY", {"vnpay": {"tmn_code": "ABC"}}, "IMAGIFY_VNPAY__TMN_CODE"),
        ("AWS", {"aws": {"table": "imagify"}, "secret": "long enough"}, "IMAGIFY_AWS__TABLE"),
    ],
)
def test_a_wing_that_is_on_and_cannot_be_opened_is_named_with_the_line_that_mends_it(
    name: str, settings: dict[str, object], variable: str, tmp_path: Path
) -> None:
    found = {one.what.split(":")[0]: one for one in wings(settings_of(tmp_path, **settings))}

    assert [wing for wing, one in found.items() if not one.well] == [name]
    assert variable in found[name].mend
    assert "abc" not in str(found[name])


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
