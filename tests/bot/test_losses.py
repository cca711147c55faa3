"""What a home may lose, or have brought in from elsewhere: each is one sentence when it opens, and none is silent."""

import asyncio
import re
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.app import accept_home, audit_home, backup, open_house, restore
from core.clock import DAY
from core.errors import CannotStart
from core.table import Create, Key
from infra import embedded
from infra.embedded.home import BLOBS, DATABASE, SECRET
from infra.embedded.marker import MARKER, WAL
from tests.bot.homes import furnish, paint, settings_of, shift
from tests.bot.test_command_line import imagify

Lose = Callable[[Path], None]


@contextmanager
def full() -> Iterator[None]:
    """Not one byte more may this process write: the system itself refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def build(street: Path) -> None:
    """A home, another one, an older backup, and a home whose process was killed: its files, copied in the midst."""
    home, other, dead = street / "home", street / "other", street / "dead"
    await paint(await furnish(home))
    backup(home, street / "backup")
    backup(home, street / "backup.tar")
    await paint(await furnish(home, update=8))
    await paint(await furnish(other))
    async with embedded.open(home) as wing:
        for number in range(2):
            await wing.ports.table.write(Create(Key("NOTE", str(number)), {}))
        shutil.copytree(home, dead, ignore=shutil.ignore_patterns("*-shm", "LOCK"))
    assert (dead / WAL).stat().st_size


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("street")
    asyncio.run(build(folder))
    return folder


@pytest.fixture
def home(street: Path, tmp_path: Path) -> Path:
    """A home that was shut, on a street of its own."""
    return Path(shutil.copytree(street, tmp_path / "street")) / "home"


@pytest.fixture
def dead(home: Path) -> Path:
    return home.with_name("dead")


def no_secret(home: Path) -> None:
    (home / SECRET).unlink()


def another_secret(home: Path) -> None:
    (home / SECRET).write_text("0" * 64)


def no_journal(home: Path) -> None:
    (home / WAL).unlink()


def empty_journal(home: Path) -> None:
    (home / WAL).write_bytes(b"")


def spoilt_journal(home: Path) -> None:
    with (home / WAL).open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5")


def no_pictures(home: Path) -> None:
    shutil.rmtree(home / BLOBS)


def no_picture_in_it(home: Path) -> None:
    shutil.rmtree(home / BLOBS / "kept")


def no_table(home: Path) -> None:
    (home / DATABASE).unlink()


def empty_table(home: Path) -> None:
    (home / DATABASE).write_bytes(b"")


def no_marker(home: Path) -> None:
    (home / MARKER).unlink()


def spoilt_marker(home: Path) -> None:
    text = (home / MARKER).read_text()
    (home / MARKER).write_text(text.replace("shut", "shUt"))


def older_table(home: Path) -> None:
    shutil.copy(home.with_name("backup") / DATABASE, home / DATABASE)


def older_everything_but_the_pictures(home: Path) -> None:
    for part in (DATABASE, MARKER):
        shutil.copy(home.with_name("backup") / part, home / part)


def foreign_table(home: Path) -> None:
    shutil.copy(home.with_name("other") / DATABASE, home / DATABASE)


def foreign_table_and_marker(home: Path) -> None:
    for part in (DATABASE, MARKER):
        shutil.copy(home.with_name("other") / part, home / part)


def half_restored(home: Path) -> None:
    shutil.rmtree(home)
    home.mkdir()
    shutil.copy(home.with_name("backup") / DATABASE, home / DATABASE)


def half_restored_without_the_table(home: Path) -> None:
    (home / DATABASE).unlink()
    (home / MARKER).unlink()


def written_in_days_to_come(home: Path) -> None:
    shift(home, 3 * DAY)


SHUT: dict[Lose, str] = {
    no_secret: r"SECRET is gone: bring the file back",
    another_secret: r"^The secret is not the one by which the people of this house are known",
    no_pictures: r"blobs is gone or empty, and the table has pictures",
    no_picture_in_it: r"blobs is gone or empty, and the table has pictures",
    no_table: r"imagify\.db is gone, and what belongs to it is still here",
    empty_table: r"imagify\.db is gone, and what belongs to it is still here",
    no_marker: r"MARKER is gone, which tells whether the rest is whole",
    spoilt_marker: r"MARKER is damaged",
    older_table: r"imagify\.db is older than .*MARKER says it was left",
    older_everything_but_the_pictures: r"blobs has pictures that were ordered later than anything in .*imagify\.db",
    foreign_table: r"imagify\.db is of another home than",
    foreign_table_and_marker: r"^The secret is not the one by which",
    half_restored: r"MARKER is gone, which tells whether the rest is whole",
    half_restored_without_the_table: r"imagify\.db is gone, and what belongs to it is still here",
    written_in_days_to_come: r"^This machine's clock says \d{4}-\d\d-\d\d \d\d:\d\d UTC, and .* was written at",
}
KILLED: dict[Lose, str] = {
    no_journal: r"imagify\.db-wal is gone or empty, and what was written last",
    empty_journal: r"imagify\.db-wal is gone or empty, and what was written last",
    spoilt_journal: r"imagify\.db-wal is damaged, so what was written last",
}
ACCEPTED = [
    *KILLED,
    no_pictures,
    no_table,
    no_marker,
    spoilt_marker,
    older_table,
    older_everything_but_the_pictures,
    written_in_days_to_come,
]


async def sentence(home: Path) -> str:
    """What the house says instead of opening."""
    with pytest.raises(CannotStart) as told:
        async with open_house(settings_of(home)):
            pass
    said = str(told.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize("lose", SHUT, ids=lambda lose: lose.__name__)
async def test_a_home_that_was_shut_says_what_it_has_lost(home: Path, lose: Lose) -> None:
    lose(home)

    said = await sentence(home)
    assert re.search(SHUT[lose], said)
    assert re.sub(r"\d\d:\d\d", "", await sentence(home)) == re.sub(r"\d\d:\d\d", "", said)


@pytest.mark.parametrize("lose", KILLED, ids=lambda lose: lose.__name__)
async def test_a_home_whose_process_was_killed_says_what_it_has_lost(dead: Path, lose: Lose) -> None:
    lose(dead)

    assert re.search(KILLED[lose], await sentence(dead))


async def test_a_home_whose_process_was_killed_and_that_has_lost_nothing_opens(dead: Path) -> None:
    async with open_house(settings_of(dead)):
        pass

    assert (await audit_home(dead)).clean


async def test_a_home_that_only_lookers_have_left_since_it_was_killed_keeps_its_journal(dead: Path) -> None:
    assert (await audit_home(dead)).clean
    backup(dead, dead.with_name("copy"))

    assert (dead / WAL).stat().st_size
    async with open_house(settings_of(dead)):
        pass


@pytest.mark.parametrize("lose", ACCEPTED, ids=lambda lose: lose.__name__)
async def test_whoever_has_no_backup_goes_on_with_what_is_there(home: Path, dead: Path, lose: Lose) -> None:
    left = dead if lose in KILLED else home
    lose(left)
    await sentence(left)

    await accept_home(left)

    for _ in range(2):
        async with open_house(settings_of(left)):
            pass


@pytest.mark.parametrize("lose", [*SHUT, *KILLED], ids=lambda lose: lose.__name__)
async def test_a_backup_comes_back_over_whatever_was_lost(home: Path, dead: Path, lose: Lose) -> None:
    left = dead if lose in KILLED else home
    lose(left)

    restore(left.with_name("backup.tar"), left, force=True)

    async with open_house(settings_of(left)):
        pass
    assert (await audit_home(left)).clean


async def test_a_copy_of_a_backup_made_by_hand_is_a_home(home: Path) -> None:
    async with open_house(settings_of(home.with_name("backup"))):
        pass


async def test_a_home_whose_clock_was_ahead_for_a_while_opens(tmp_path: Path) -> None:
    home = await paint(await furnish(tmp_path / "home", ahead=30 * DAY))

    async with open_house(settings_of(home)):
        pass
    assert (await audit_home(home)).clean


async def test_a_home_whose_clock_was_ahead_for_a_while_notices_an_older_table_all_the_same(tmp_path: Path) -> None:
    home = await paint(await furnish(tmp_path / "home", ahead=30 * DAY))
    backup(home, tmp_path / "backup")
    await paint(await furnish(home, update=8, ahead=31 * DAY))

    older_everything_but_the_pictures(home)

    assert "blobs has pictures that were ordered later" in await sentence(home)


async def test_a_backup_may_have_pictures_that_were_painted_while_it_was_made(home: Path) -> None:
    made = home.with_name("backup")
    shutil.copytree(home / BLOBS, made / BLOBS, dirs_exist_ok=True)
    assert "blobs has pictures that were ordered later" in await sentence(made)

    restore(made, home.with_name("restored"))
    backup(home.with_name("restored"), home.with_name("again"))

    for whole in ("restored", "again"):
        async with open_house(settings_of(home.with_name(whole))):
            pass


async def test_a_folder_that_cannot_be_written_to_a_full_disk_and_two_owners_are_sentences_too(home: Path) -> None:
    assert (await sentence(Path("/proc/self"))).startswith("/proc/self cannot be used: ")
    with full():
        assert "home cannot be used: " in await sentence(home)
    async with open_house(settings_of(home)):
        assert "is in use by process" in await sentence(home)


async def test_a_house_whose_disk_is_full_is_not_ready(home: Path) -> None:
    async with open_house(settings_of(home)) as opened:
        with full():
            assert not (await opened.house.ready())["table"]


async def test_a_backup_without_its_secret_asks_for_it(home: Path) -> None:
    secret = (home / SECRET).read_text()
    backup(home, home.with_name("bare.tar"), secret=False)
    new = home.with_name("new")

    restore(home.with_name("bare.tar"), new)

    assert "SECRET is gone: bring the file back" in await sentence(new)
    put_back(new, secret)
    async with open_house(settings_of(new)):
        pass


def put_back(home: Path, secret: str) -> None:
    (home / SECRET).write_text(secret)


async def test_a_row_without_which_nothing_opens_is_named_when_it_is_damaged(home: Path) -> None:
    spoil_schema(home)

    ended = await asyncio.to_thread(imagify, "run", "--home", home, "--port", "0")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "imagify: the row META#SCHEMA META is damaged: `imagify audit` names all that are.\n"


def spoil_schema(home: Path) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as db, db:
        db.execute("update rows set body = '{' where owner = 'META#SCHEMA'")
