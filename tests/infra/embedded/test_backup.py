"""A backup of a running house, and a restore that never leaves half a house."""

import asyncio
import shutil
from pathlib import Path

import pytest

from core.errors import CannotStart
from core.table import Change, Create, Key, Rows
from infra.embedded.backup import backup, restore
from infra.embedded.home import Home
from infra.embedded.table import SqliteTable

AN = "USER#an"
PURSE = Key(AN, "PURSE")


async def house(path: Path, entries: int, blob: str = "img") -> Path:
    home = Home.open(path)
    table = home.table()
    await table.write(Create(PURSE, {"seq": 0}))
    await deposit(table, 0, entries)
    (home.blobs / "kept").mkdir(parents=True)
    (home.blobs / "kept" / blob).write_bytes(blob.encode())
    home.secret()
    await table.close()
    home.close()
    return path


async def deposit(table: SqliteTable, seq: int, entries: int) -> None:
    for number in range(seq + 1, seq + entries + 1):
        await table.write(
            Change(PURSE, set={"seq": number}, when={"seq": number - 1}),
            Create(Key(AN, f"TRANSACTION#{number:012d}"), {"credits": number}),
        )


async def told_by(path: Path) -> Rows:
    home = Home.open(path)
    table = home.table()
    rows = await table.list(AN, limit=10_000)
    await table.close()
    home.close()
    return rows


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
async def test_a_house_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    old = await house(tmp_path / "old", entries=3)

    backup(old, tmp_path / name)
    restore(tmp_path / name, tmp_path / "new")

    assert await told_by(tmp_path / "new") == await told_by(old)
    assert (tmp_path / "new" / "SECRET").read_text() == (old / "SECRET").read_text()
    assert (tmp_path / "new" / "SECRET").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "blobs" / "kept" / "img").read_bytes() == b"img"


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
async def test_a_copy_taken_while_the_house_writes_is_of_one_moment(tmp_path: Path, name: str) -> None:
    old = await house(tmp_path / "old", entries=50)
    home = Home.open(old)
    table = home.table()

    writing = asyncio.create_task(deposit(table, 50, 100_000))
    await asyncio.to_thread(backup, old, tmp_path / name)
    writing.cancel()
    restore(tmp_path / name, tmp_path / "new")

    purse, *entries = await told_by(tmp_path / "new")
    assert [row.number("credits") for row in entries] == list(range(1, purse.number("seq") + 1))
    assert purse.number("seq") >= 50
    await table.close()
    home.close()


async def test_nothing_is_restored_into_a_house_that_is_lived_in(tmp_path: Path) -> None:
    backup(await house(tmp_path / "old", entries=1), tmp_path / "copy")
    home = Home.open(tmp_path / "new")

    with pytest.raises(CannotStart, match="is in use by process"):
        restore(tmp_path / "copy", tmp_path / "new", force=True)
    home.close()


async def test_a_house_is_replaced_only_when_that_is_said(tmp_path: Path) -> None:
    backup(await house(tmp_path / "old", entries=1), tmp_path / "copy")
    lived = await house(tmp_path / "lived", entries=2, blob="other")

    with pytest.raises(CannotStart, match="is not empty"):
        restore(tmp_path / "copy", lived)
    assert len(await told_by(lived)) == 3

    restore(tmp_path / "copy", lived, force=True)
    assert len(await told_by(lived)) == 2
    assert [file.name for file in (lived / "blobs" / "kept").iterdir()] == ["img"]


async def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    backup(await house(tmp_path / "old", entries=100), tmp_path / "copy")
    with (tmp_path / "copy" / "imagify.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 64)
    lived = await house(tmp_path / "lived", entries=2)

    with pytest.raises(CannotStart, match=r"The database in .*copy is damaged, so nothing was changed"):
        restore(tmp_path / "copy", lived, force=True)

    assert len(await told_by(lived)) == 3


async def test_a_damaged_house_is_healed_by_its_backup(tmp_path: Path) -> None:
    old = await house(tmp_path / "old", entries=100)
    backup(old, tmp_path / "copy.tar")
    (old / "imagify.db").write_bytes(b"\xa5" * 8192)

    with pytest.raises(CannotStart, match=r"old/imagify\.db is damaged"):
        backup(old, tmp_path / "useless")
    restore(tmp_path / "copy.tar", old, force=True)

    assert len(await told_by(old)) == 101
    assert not (tmp_path / "useless").exists()


@pytest.mark.parametrize("moved", [(), ("blobs",), ("SECRET", "blobs", "imagify.db")])
async def test_a_restore_cut_short_is_finished_by_the_next_start(tmp_path: Path, moved: tuple[str, ...]) -> None:
    old = await house(tmp_path / "old", entries=1)
    lived = await house(tmp_path / "lived", entries=5, blob="other")
    backup(old, lived / "restored")
    for part in moved:
        shutil.rmtree(lived / part) if part == "blobs" else (lived / part).unlink()
        (lived / "restored" / part).rename(lived / part)

    assert await told_by(lived) == await told_by(old)
    assert (lived / "SECRET").read_text() == (old / "SECRET").read_text()
    assert [file.name for file in (lived / "blobs" / "kept").iterdir()] == ["img"]
    assert not (lived / "restored").exists()


async def test_a_copy_is_never_written_over_something_else(tmp_path: Path) -> None:
    old = await house(tmp_path / "old", entries=1)
    (tmp_path / "copy").mkdir()

    with pytest.raises(CannotStart, match="exists already"):
        backup(old, tmp_path / "copy")


def test_an_empty_folder_has_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="There is no house in"):
        backup(tmp_path, tmp_path / "copy")


@pytest.mark.parametrize("content", [b"", b"no tar at all" * 1000])
def test_a_file_that_is_no_backup_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy.tar").write_bytes(content)

    with pytest.raises(CannotStart, match=r"cannot be read as a backup|is no backup of a house"):
        restore(tmp_path / "copy.tar", tmp_path / "new")

    Home.open(tmp_path / "new").close()


def test_a_backup_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"copy cannot be used: no such file or directory\.$"):
        restore(tmp_path / "copy", tmp_path / "new")
