"""The spool: whole or not there, and no name is ever a path."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unavailable
from infra.local.disk import file_name, name_of
from infra.local.spool import DiskSpool

PICTURE = b"bytes of a picture"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_kept_is_found_by_the_next_process(tmp_path: Path) -> None:
    await DiskSpool(tmp_path).keep("01JOB", PICTURE)

    after_a_restart = DiskSpool(tmp_path)

    assert await after_a_restart.find("01JOB") == PICTURE
    assert await after_a_restart.waiting() == ["01JOB"]


async def test_a_forgotten_picture_is_gone_and_may_be_forgotten_again(tmp_path: Path) -> None:
    spool = DiskSpool(tmp_path)
    await spool.keep("01JOB", PICTURE)

    await spool.forget("01JOB")
    await spool.forget("01JOB")

    assert await spool.find("01JOB") is None
    assert await spool.waiting() == []


async def test_keeping_again_puts_the_newer_bytes_in_place(tmp_path: Path) -> None:
    spool = DiskSpool(tmp_path)
    await spool.keep("01JOB", PICTURE)

    await spool.keep("01JOB", b"painted again")

    assert await spool.find("01JOB") == b"painted again"
    assert await spool.waiting() == ["01JOB"]


async def test_what_a_crash_left_unfinished_is_cleared_away_at_the_start(tmp_path: Path) -> None:
    await DiskSpool(tmp_path).keep("01JOB", PICTURE)
    (tmp_path / "0123abcd.part").write_bytes(b"half a pict")

    spool = DiskSpool(tmp_path)

    assert await spool.waiting() == ["01JOB"]
    assert files_in(tmp_path) == [tmp_path / "01JOB.picture"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..", ".", ".hidden", "a/b", "a\0b", "ảnh", "x.part"]
)
async def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    spool = DiskSpool(tmp_path / "spool")

    await spool.keep(name, PICTURE)

    assert await spool.find(name) == PICTURE
    assert await spool.waiting() == [name]
    assert [path.parent for path in files_in(tmp_path)] == [tmp_path / "spool"]


@pytest.mark.parametrize("name", ["", "x" * 300, "\ud800"])
async def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"bytes once quoted|surrogates not allowed"):
        await DiskSpool(tmp_path).keep(name, PICTURE)


@given(st.text(min_size=1, max_size=20))
def test_every_name_comes_back_from_its_file(name: str) -> None:
    file = file_name(name)

    assert name_of(file) == name
    assert "/" not in file
    assert not file.startswith(".")


async def test_a_disk_that_fails_is_a_vendor_that_cannot_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    spool = DiskSpool(tmp_path / "spool")
    await spool.keep("01JOB", PICTURE)
    (tmp_path / "spool").rename(tmp_path / "taken-away")

    with pytest.raises(Unavailable) as refused:
        await spool.keep("01NEXT", PICTURE)

    assert refused.value.billed == "no"
    assert files_in(tmp_path) == [tmp_path / "taken-away" / "01JOB.picture"]
