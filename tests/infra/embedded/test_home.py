"""The folder of the embedded house: who may move in, and what it says when nobody can."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from core.errors import CannotStart
from core.table import Create, Key
from infra.embedded.home import Home, look_in

KEEP_HOUSE = """
import sys
from pathlib import Path
from infra.embedded.home import Home
home = Home.open(Path(sys.argv[1]))
print("in", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process_in(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", KEEP_HOUSE, str(path)]
    with subprocess.Popen(command, text=True, stdin=PIPE, stdout=PIPE) as process:  # noqa: S603 - our own words
        assert process.stdout
        assert process.stdout.readline() == "in\n"
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def full_disk() -> Iterator[None]:
    """Not one byte more may this process write: the system itself refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def furnished(path: Path) -> Path:
    """A home that was lived in and left in good order; gives its database."""
    home = Home.open(path)
    table = home.table()
    for number in range(200):
        await table.write(Create(Key("USER#an", f"IMAGE#{number:026d}"), {"prompt": "a cat " * 20}))
    await table.close()
    home.close()
    return home.database


def test_a_new_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "new" / "home")
    home.secret()

    assert home.path.stat().st_mode & 0o777 == 0o700
    assert (home.path / "SECRET").stat().st_mode & 0o777 == 0o600
    home.close()


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    first = home.secret()
    home.close()

    home = Home.open(tmp_path / "home")
    assert home.secret() == first
    assert len(first) >= 64
    home.close()


def test_an_emptied_secret_is_not_quietly_made_anew(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    (home.path / "SECRET").write_text("")

    with pytest.raises(CannotStart, match="SECRET is empty"):
        home.secret()
    home.close()


def test_a_second_process_is_told_who_lives_here(tmp_path: Path) -> None:
    with another_process_in(tmp_path / "home") as process, pytest.raises(CannotStart) as told:
        Home.open(tmp_path / "home")

    assert str(told.value) == (
        f"{tmp_path / 'home'} is in use by process {process.pid}: stop it first, or choose another folder with --home."
    )


def test_a_house_whose_process_was_killed_can_be_moved_into(tmp_path: Path) -> None:
    with another_process_in(tmp_path / "home") as process:
        process.kill()
        process.wait()

    Home.open(tmp_path / "home").close()


def test_a_refused_start_leaves_the_home_free(tmp_path: Path) -> None:
    (tmp_path / "imagify.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(CannotStart):
        Home.open(tmp_path)
    (tmp_path / "imagify.db").unlink()

    Home.open(tmp_path).close()


def test_a_home_that_is_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")

    with pytest.raises(CannotStart, match=r"home cannot be used: file exists\.$"):
        Home.open(tmp_path / "home")


def test_a_folder_that_nobody_can_write_to_is_refused_in_one_sentence() -> None:
    with pytest.raises(CannotStart, match=r"^/proc/self cannot be used: .+\.$"):
        Home.open(Path("/proc/self"))  # not even the superuser makes a file there


def test_a_full_disk_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(CannotStart, match=r"home cannot be used: .+\.$"):
        Home.open(tmp_path / "home")

    Home.open(tmp_path / "home").close()


async def test_a_disk_that_fills_up_before_the_table_stands_is_refused_in_one_sentence(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")

    with full_disk(), pytest.raises(CannotStart, match=r"home cannot be used: the disk .+\.$"):
        home.table()

    await home.table().close()
    home.close()


@pytest.mark.parametrize("place", [0, 4096, 5 * 4096])
async def test_a_damaged_database_is_refused_with_the_way_out(tmp_path: Path, place: int) -> None:
    database = await furnished(tmp_path / "home")

    with database.open("r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * 64)

    with pytest.raises(CannotStart, match=r"is damaged: .*`imagify restore BACKUP --force --home .*home`"):
        Home.open(tmp_path / "home")


async def test_a_house_left_in_good_order_leaves_one_file_of_database(tmp_path: Path) -> None:
    database = await furnished(tmp_path / "home")

    assert sorted(file.name for file in database.parent.iterdir()) == ["LOCK", "MARKER", "imagify.db"]


async def test_a_look_into_the_running_house_is_of_one_moment(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    table = home.table()
    await table.write(Create(Key("USER#an", "PURSE"), {"free": 1}))

    look = look_in(tmp_path / "home")
    await table.write(Create(Key("USER#binh", "PURSE"), {"free": 1}))

    assert [row.key.owner for row in await look.walk()] == ["USER#an"]
    await look.close()
    await table.close()
    home.close()


async def test_a_house_that_is_shut_can_be_looked_into(tmp_path: Path) -> None:
    await furnished(tmp_path / "home")

    look = look_in(tmp_path / "home")

    assert len(await look.walk(limit=1_000)) == 200
    await look.close()


def test_there_is_nothing_to_look_at_where_no_house_is(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="There is no house in"):
        look_in(tmp_path)


def test_a_look_into_a_damaged_house_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "imagify.db").write_bytes(b"\xa5" * 8192)

    with pytest.raises(CannotStart, match=r"cannot be used: the database is damaged\.$"):
        look_in(tmp_path)
