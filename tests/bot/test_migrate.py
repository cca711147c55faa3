"""Moving a home to AWS from the command line: nobody is lost on the way, and nobody opens the wrong house."""

import asyncio
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.app.moving import answering
from core.audit import Report, audit
from core.chance import Chance
from core.errors import CannotStart, Unavailable
from core.play import mark_played
from core.schema import SCHEMA_KEY, open_schema
from core.table import Create, Key, TableUnavailable
from infra import embedded
from infra.aws.blobs import S3Blobs, create_bucket
from infra.aws.call import Place, SignedRoad
from infra.aws.queue import Queues
from infra.aws.table import DynamoTable, create_table
from infra.embedded.home import SECRET
from payments.proofs import OrderBooks
from tests.bot.homes import furnish, settings_of
from tests.bot.test_command_line import ROOT, environment, imagify, told
from tests.bot.web.browsers import SECRET as SET_BY_HAND
from tests.bot.web.browsers import opened
from tests.clocks import SetClock
from tests.servers import REGION, on_ministack, played_keys
from tests.stores import at, patience
from tests.tables import NUMBERS

__all__ = ["on_ministack"]  # a fixture, found by its name

pytestmark = pytest.mark.server
MANY = 3000  # rows that take a while to carry


def settings_to(there: Place, home: Path, secret: str = "") -> dict[str, str]:
    """An empty table and an empty bucket on the look-alike, as the house will have them."""
    name = f"moved-{os.getpid()}-{next(NUMBERS)}"
    asyncio.run(prepared(there, name))
    return {
        "IMAGIFY_AWS__REGION": REGION,
        "IMAGIFY_AWS__TABLE": name,
        "IMAGIFY_AWS__BUCKET": name,
        "IMAGIFY_AWS__QUEUE": name,
        "IMAGIFY_AWS__ENDPOINT": there.url,
        "IMAGIFY_SECRET": secret or (home / SECRET).read_text(),
        "AWS_ACCESS_KEY_ID": "played",
        "AWS_SECRET_ACCESS_KEY": "played",
    }


async def prepared(there: Place, name: str) -> None:
    async with SignedRoad(played_keys()) as road:
        await create_table(road, there, name, patience())
        await create_bucket(road, at(there, "s3"), name, patience())
        await Queues(road, at(there, "sqs"), patience()).create(name)


async def seen_there(there: Place, settings: Mapping[str, str]) -> Report:
    """The house on AWS, as whoever opens it finds it."""
    async with SignedRoad(played_keys()) as road:
        name, clock, chance = settings["IMAGIFY_AWS__TABLE"], SetClock(), Chance()
        table = DynamoTable(road, there, name, clock, chance)
        blobs = S3Blobs(road, at(there, "s3"), name, clock, chance)
        await open_schema(table)
        return await audit(table, blobs, OrderBooks())


async def seen_here(home: Path) -> Report:
    async with embedded.open(home) as wing:
        return await audit(wing.ports.table, wing.ports.blobs, OrderBooks())


async def drawn(home: Path) -> None:
    """A house in which somebody has a picture, run with a secret that was set by hand."""
    async with opened(home) as web, web.browser() as mai, mai.tab() as tab:
        await tab.agrees()
        await tab.draws("mèo mướp", "1")
        await tab.until(lambda: tab.purse["held"] == 0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return asyncio.run(furnish(tmp_path / "home"))


@pytest.fixture
def ready(home: Path, on_ministack: Place) -> dict[str, str]:
    return settings_to(on_ministack, home)


def test_a_home_moves_and_its_pictures_with_it_and_both_sides_are_told_to_be_equal(
    tmp_path: Path, on_ministack: Place
) -> None:
    home = tmp_path / "home"
    asyncio.run(drawn(home))
    settings = settings_to(on_ministack, home, SET_BY_HAND)
    before = asyncio.run(seen_here(home))

    ended = imagify("migrate", "--home", home, settings=settings)

    assert (ended.code, ended.err) == (0, "")
    assert "and 2 files, the same on both sides. Everything holds: 1 people, 3 entries, 1 jobs, 1 images." in ended.out
    assert asyncio.run(seen_there(on_ministack, settings)) == asyncio.run(seen_here(home)) == before
    there, here = (imagify("audit", "--home", home, settings=own) for own in (settings, {}))
    assert (there.code, there.out) == (here.code, here.out)


def test_the_home_stays_shut_says_where_the_house_is_and_moving_again_changes_nothing(
    home: Path, ready: dict[str, str]
) -> None:
    assert imagify("migrate", "--home", home, settings=ready).code == 0

    shut = told(imagify("run", "--home", home, "--port", "0"))
    again = imagify("migrate", "--home", home, settings=ready)

    assert shut.startswith(f"This house has moved to table {ready['IMAGIFY_AWS__TABLE']} and bucket ")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("The house had arrived before, so nothing was carried.")


def test_a_move_can_be_taken_back(home: Path, ready: dict[str, str]) -> None:
    assert "has not moved" in told(imagify("migrate", "--undo", "--home", home))
    assert imagify("migrate", "--home", home, settings=ready).code == 0

    undone = imagify("migrate", "--undo", "--home", home)

    assert undone.out.startswith(f"The home {home} opens again. What stands in table {ready['IMAGIFY_AWS__TABLE']} ")
    asyncio.run(comes_in(home))
    assert "is not empty" in told(imagify("migrate", "--home", home, settings=ready))


async def comes_in(home: Path) -> None:
    async with embedded.open(home) as wing:
        await open_schema(wing.ports.table)


def test_a_move_that_is_killed_goes_on_where_it_was(home: Path, on_ministack: Place, ready: dict[str, str]) -> None:
    asyncio.run(fill(home))
    before = asyncio.run(seen_here(home))
    command = [sys.executable, "-m", "bot", "migrate", "--home", str(home)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(ready), stdout=subprocess.PIPE) as moving:  # noqa: S603  # our own interpreter, our own words
        asyncio.run(begun(on_ministack, ready))
        moving.send_signal(signal.SIGKILL)

    assert moving.returncode == -signal.SIGKILL
    assert "is on its way to" in told(imagify("run", "--home", home, "--port", "0"))
    assert imagify("migrate", "--home", home, settings=ready).code == 0
    assert asyncio.run(seen_there(on_ministack, ready)) == before


async def fill(home: Path) -> None:
    async with embedded.open(home) as wing:
        for number in range(0, MANY, 100):
            scraps = [Create(Key("SCRAP#1", f"{number + one:06}"), {"text": "x" * 500}) for one in range(100)]
            await wing.ports.table.write(*scraps)


async def begun(there: Place, settings: Mapping[str, str]) -> None:
    """Something has arrived there."""
    async with SignedRoad(played_keys()) as road, asyncio.timeout(60):
        table = DynamoTable(road, there, settings["IMAGIFY_AWS__TABLE"], SetClock(), Chance())
        while len(await table.walk(limit=2)) < 2 or not await table.get(SCHEMA_KEY):
            pass


# --- what it waits for


def test_a_house_that_is_open_does_not_move(home: Path, ready: dict[str, str]) -> None:
    async def meanwhile() -> str:
        async with embedded.open(home):
            return told(await asyncio.to_thread(imagify, "migrate", "--home", home, settings=ready))

    assert "is in use by process" in asyncio.run(meanwhile())


def test_people_would_be_strangers_under_another_secret(home: Path, ready: dict[str, str]) -> None:
    other = ready | {"IMAGIFY_SECRET": "not the one of this home"}

    said = told(imagify("migrate", "--home", home, settings=other))

    assert said == (
        "People of this home are known by its secret, so IMAGIFY_SECRET must be the same on AWS: "
        f"`imagify migrate --secret --home {home}` prints the line."
    )
    assert (home / SECRET).read_text() not in said
    assert imagify("migrate", "--home", home, settings=ready).code == 0


def test_a_home_that_was_run_with_a_secret_set_by_hand_moves_with_that_one(tmp_path: Path, on_ministack: Place) -> None:
    home = tmp_path / "home"
    asyncio.run(drawn(home))
    settings = settings_to(on_ministack, home)

    said = told(imagify("migrate", "--home", home, settings=settings))

    assert said.startswith("1 of 1 addresses in this home are known by another IMAGIFY_SECRET")
    assert imagify("migrate", "--home", home, settings=settings | {"IMAGIFY_SECRET": SET_BY_HAND}).code == 0


def test_without_a_secret_it_says_how_to_learn_it(home: Path, ready: dict[str, str]) -> None:
    del ready["IMAGIFY_SECRET"]

    assert "`imagify migrate --secret` prints the one" in told(imagify("migrate", "--home", home, settings=ready))


def test_the_secret_is_printed_on_a_terminal_and_nowhere_else(home: Path) -> None:
    secret = (home / SECRET).read_text()

    assert told(imagify("migrate", "--secret", "--home", home)) == "A secret is printed on a terminal only."
    said = on_a_terminal("migrate", "--secret", "--home", str(home))

    assert f"IMAGIFY_SECRET={secret}" in said
    assert said.startswith("Whoever has this line can open every chat")


def on_a_terminal(*words: str) -> str:
    """What a person would read."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        command = [sys.executable, "-m", "bot", *words]
        with subprocess.Popen(command, cwd=ROOT, env=environment({}), stdout=theirs, stderr=theirs):  # noqa: S603  # our own interpreter, our own words
            os.close(theirs)
            return "".join(iter(lambda: read(screen.fileno()), ""))


def read(screen: int) -> str:
    try:
        return os.read(screen, 4096).decode()
    except OSError:  # whoever wrote there has gone
        return ""


def test_play_money_does_not_reach_aws(home: Path, ready: dict[str, str]) -> None:
    asyncio.run(played(home))
    real = ready | {"IMAGIFY_AWS__ENDPOINT": "http://aws.example"}

    said = told(imagify("migrate", "--home", home, settings=real))

    assert f"run `imagify void-play --home {home}` once" in said
    assert imagify("migrate", "--home", home, settings=ready).code == 0  # a look-alike is no matter


async def played(home: Path) -> None:
    async with embedded.open(home) as wing:
        await mark_played(wing.ports.table)


def test_where_to_is_a_setting_and_there_must_be_a_house(tmp_path: Path, on_ministack: Place) -> None:
    assert told(imagify("migrate", "--home", tmp_path)).startswith("Where to? Set IMAGIFY_AWS__TABLE")
    nowhere = settings_to(on_ministack, tmp_path, "a secret of nobody's")
    assert "There is no house" in told(imagify("migrate", "--home", tmp_path / "none", settings=nowhere))


@pytest.mark.parametrize("failing", [lambda: TableUnavailable("gone"), lambda: Unavailable("outage", "no")])
def test_a_place_that_stops_answering_costs_nothing_but_time(failing: Callable[[], Exception], home: Path) -> None:
    with (
        pytest.raises(CannotStart, match=r"run it again, and it goes on where it was\.$"),
        answering(settings_of(home)),
    ):
        raise failing()
