"""What only files can get wrong: torn ones, paths out of the home, rot."""

from pathlib import Path

import pytest

from core.errors import Unavailable
from infra.embedded.blobs import FileBlobs


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_home_reopened_holds_the_same_pictures_and_nothing_torn(tmp_path: Path) -> None:
    for name in ("img/01JOB", "abcd.part", "abcd.partner"):
        await FileBlobs(tmp_path).put(name, b"whole", "image/png")
    (tmp_path / "aside" / "0123.part").write_bytes(b"torn")

    reopened = FileBlobs(tmp_path)

    assert [one.name for one in await reopened.walk()] == ["abcd.part", "abcd.partner", "img/01JOB"]
    assert list((tmp_path / "aside").iterdir()) == []


async def test_every_file_stays_inside_the_home(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path / "home" / "blobs")

    for name in ("../../outside", "/outside", "..", "../kept", "a/../../../outside"):
        await blobs.put(name, b"x", "image/png")

    files = files_in(tmp_path)
    assert len(files) == 5
    assert all(path.is_relative_to(tmp_path / "home" / "blobs" / "kept") for path in files)


async def test_a_walk_tells_the_hash_of_what_is_on_the_disk_now(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)
    put = await blobs.put("img/01JOB", b"whole", "image/png")
    (file,) = files_in(tmp_path)

    file.write_bytes(b"rot")

    (walked,) = await blobs.walk()
    assert walked.sha256 != put.sha256
    assert walked.size == 3


async def test_pictures_of_one_morning_share_a_folder_and_a_later_day_has_another(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)

    for job in ("01JD3Y5V0A", "01JD3Y9999", "01JD800000"):
        await blobs.put(f"img/{job}", b"x", "image/png")

    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["img%2F01JD3", "img%2F01JD8"]


async def test_a_disk_that_fails_is_a_vendor_that_cannot(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path / "blobs")
    (tmp_path / "blobs").rename(tmp_path / "away")

    with pytest.raises(Unavailable):
        await blobs.put("img/01JOB", b"x", "image/png")


async def test_a_probe_leaves_nothing_and_says_where_nothing_can_be_kept(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)

    await blobs.probe()

    (tmp_path / "aside").rmdir()
    with pytest.raises(Unavailable):
        await blobs.probe()
