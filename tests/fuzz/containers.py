"""Containers of pictures: looked at, bared and marked without a decoder; whatever they say, torn or bounded."""

from collections.abc import Iterator
from contextlib import suppress

from core.provenance import Mark, Torn, bare, kind_of, marked, packets, read_mark
from infra.local.negative import look
from tests.pictures import a_jpeg, a_png, as_bytes, chunk, exif, profile, scene, segment, with_segments

MARK = Mark("pocket", "job:1", 1_795_132_800_000)


def seeds() -> Iterator[bytes]:
    jpeg, png = a_jpeg((16, 16)), a_png((16, 16))
    yield from (jpeg, png, marked(jpeg, MARK), marked(png, MARK), a_jpeg((16, 16), progressive=True))
    yield with_segments(jpeg, segment(0xE1, exif(6)), segment(0xE2, b"ICC_PROFILE\0\1\1" + profile()[:99]))
    yield png[:33] + chunk(b"tEXt", b"a\0b") + png[33:]
    yield as_bytes(scene((16, 16)), "WEBP", exif=exif(3))
    yield as_bytes(scene((16, 16)), "WEBP", lossless=True)


def shoot(data: bytes) -> None:
    try:
        negative = look(data)
    except Torn:
        negative = None
    if negative:
        assert negative.kind == kind_of(data)
        assert 0 <= negative.width < 2**32
        assert 0 <= negative.height < 2**32
        assert 1 <= negative.turned <= 8
        assert negative.scans <= len(data)
    read_mark(data)
    with suppress(ValueError):
        assert sum(map(len, packets(data))) <= 64 * len(data) + 2**20, "a packet is inflated without a bound"
    if negative and negative.pixels and negative.kind != "WEBP":  # else no darkroom lets it in
        shed(data)


def shed(data: bytes) -> None:
    """What is bared stays as it is when it is bared again, and what is marked is read back."""
    try:
        alone = bare(data)
    except Torn:
        return
    assert len(alone) <= len(data) + 18
    assert bare(alone) == alone
    assert read_mark(marked(data, MARK)) == MARK
