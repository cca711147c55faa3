"""The mark: laid in without touching a pixel, found again, and all other luggage left behind."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.provenance import TRAINED, Mark, Torn, bare, jpeg_segments, mark_jpeg, mark_png, packet, packets, read_mark
from tests.clocks import THE_DAY
from tests.pictures import a_jpeg, a_png, as_bytes, chunk, exif, pixels, profile, scene, segment, with_chunks
from tests.pictures import with_segments as with_segments_of

MARK = Mark("stability.stable-image-core-v1:1", "01JD3Y5V0000000000000000AB", THE_DAY + 123)
SECRET = b"HANOI-SECRET-PLACE"
Marking = Callable[[bytes, Mark], bytes]

says = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=80)
marks = st.builds(Mark, says, says, st.integers(0, 4_102_444_800_000))


@given(marks)
def test_what_is_marked_reads_back_the_same_in_both_formats(mark: Mark) -> None:
    assert read_mark(mark_png(a_png(), mark)) == mark
    assert read_mark(mark_jpeg(a_jpeg(), mark)) == mark


@pytest.mark.parametrize(("marked", "plain"), [(mark_png, a_png()), (mark_jpeg, a_jpeg())])
def test_marking_touches_no_pixel(marked: Marking, plain: bytes) -> None:
    assert pixels(marked(plain, MARK)).tobytes() == pixels(plain).tobytes()


def test_the_packet_is_xml_and_says_what_iptc_asks_for_even_of_a_model_with_odd_letters() -> None:
    said = packet(Mark('a "model" <&> \x07of ours', "j", THE_DAY)).decode()

    body = re.sub(r"<\?xpacket.*?\?>", "", said)
    described = next(iter(next(iter(ET.fromstring(body)))))  # noqa: S314  our own words, a line above
    assert described.attrib["{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"] == TRAINED
    assert described.attrib["{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}AISystemUsed"] == 'a "model" <&> of ours'
    assert described.attrib["{http://ns.adobe.com/xap/1.0/}CreateDate"] == "2026-11-20T00:00:00.000Z"


@pytest.mark.parametrize(("marked", "plain"), [(mark_png, a_png()), (mark_jpeg, a_jpeg())])
def test_a_second_mark_takes_the_place_of_the_first(marked: Marking, plain: bytes) -> None:
    once = marked(plain, Mark("older", "j0", 0))

    twice = marked(once, MARK)

    assert twice == marked(plain, MARK)
    assert len(list(packets(twice))) == 1


def test_another_tool_can_read_the_mark() -> None:
    assert TRAINED in str(pixels(mark_jpeg(a_jpeg(), MARK)).info["xmp"])
    assert TRAINED in str(pixels(mark_png(a_png(), MARK)).info["xmp"])


def test_the_mark_survives_a_tool_that_writes_properties_as_elements() -> None:
    said = packet(MARK).decode()
    for name in ("Iptc4xmpExt:AISystemUsed", "xmp:CreateDate", "imagify:job"):
        said = re.sub(rf'{name}="([^"]*)"(.*?)>', rf"\2><{name}>\1</{name}>", said, count=1)
    jpeg = with_segments_of(a_jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + said.encode()))

    assert "<imagify:job>" in said
    assert read_mark(jpeg) == MARK


def test_the_mark_is_found_in_a_webp_made_from_ours() -> None:
    assert read_mark(as_bytes(scene(), "WEBP", xmp=packet(MARK))) == MARK


def test_a_picture_of_others_carries_no_mark_of_ours() -> None:
    theirs = packet(MARK).replace(b"imagify:job", b"other:job")

    assert read_mark(a_jpeg()) is None
    assert read_mark(a_png()) is None
    assert read_mark(as_bytes(scene(), "JPEG", xmp=theirs)) is None
    assert read_mark(as_bytes(scene(), "JPEG", xmp=packet(MARK).replace(b"2026-", b"soon-"))) is None


@given(st.binary(max_size=200), st.integers(0, 3000), st.integers(0, 3000))
def test_any_bytes_at_all_may_be_asked_for_the_mark(noise: bytes, start: int, length: int) -> None:
    for ours in (mark_png(a_png(), MARK), mark_jpeg(a_jpeg(), MARK), as_bytes(scene(), "WEBP", xmp=packet(MARK))):
        damaged = ours[:start] + noise + ours[start + length :]
        assert isinstance(read_mark(damaged), Mark | None)
    assert read_mark(noise) is None


def test_all_that_travels_in_a_jpeg_is_left_behind() -> None:
    luggage = [
        segment(0xE1, b"Exif\0\0" + SECRET),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        segment(0xED, b"Photoshop 3.0\0" + SECRET),
        segment(0xEB, b"JP" + SECRET),
        segment(0xE2, b"MPF\0" + SECRET),
        segment(0xFE, SECRET),
        segment(0xE0, b"JFXX\0" + SECRET),
    ]
    loaded = with_segments_of(a_jpeg(icc_profile=profile()), *luggage) + SECRET

    shed = bare(loaded)

    assert SECRET in loaded
    assert SECRET not in shed
    assert b"ICC_PROFILE" not in shed
    assert b"ICC_PROFILE" in bare(loaded, profile=True)
    assert pixels(shed).tobytes() == pixels(a_jpeg()).tobytes()


def test_a_preview_hidden_in_the_first_segment_is_cut_out() -> None:
    jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1" + bytes((1, 9)) + SECRET)

    assert SECRET not in bare(with_segments_of(a_jpeg(), jfif))


def test_all_that_travels_in_a_png_is_left_behind() -> None:
    luggage = [chunk(kind, b"words\0\0\0\0\0" + SECRET) for kind in (b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt")]
    loaded = with_chunks(a_png(exif=exif(), icc_profile=profile()), *luggage) + SECRET

    shed = bare(loaded)

    assert SECRET not in shed
    assert b"iCCP" not in shed
    assert b"eXIf" not in shed
    assert pixels(shed).tobytes() == pixels(a_png()).tobytes()


@pytest.mark.parametrize("plain", [a_jpeg(), a_png(), a_jpeg(progressive=True)])
def test_a_picture_that_ends_too_early_is_torn_wherever_it_ends(plain: bytes) -> None:
    for length in range(8, len(plain), 7):
        with pytest.raises(Torn):
            bare(plain[:length])
    assert bare(plain)


def test_a_mark_too_long_for_a_segment_is_refused_and_never_cut() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        mark_jpeg(a_jpeg(), Mark("m" * 70_000, "j", 0))


def test_every_pass_of_a_progressive_jpeg_is_found() -> None:
    scans = [marker for marker, _ in jpeg_segments(a_jpeg(progressive=True)) if marker == 0xDA]

    assert len(scans) > 3
