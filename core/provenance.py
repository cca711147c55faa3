"""Provenance – the machine-readable mark in every PNG and JPEG of ours, read by /verify.

The mark is an XMP packet: IPTC's "made by a trained model", the model, the job and the time. The mark goes into the
file's own container without touching a pixel. The same picture with the same mark always gives the same bytes.
Marking or baring a picture also removes what else travelled in the file: EXIF, places, comments, older packets.
"""

import html
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from struct import calcsize, pack, unpack_from
from typing import Any, Literal

Kind = Literal["PNG", "JPEG", "WEBP"]

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_NAME = b"XML:com.adobe.xmp"
PNG_OWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"sBIT", b"pHYs"}
PNG_PROFILE = b"iCCP"

JPEG_HEAD = b"\xff\xd8"
JPEG_NAME = b"http://ns.adobe.com/xap/1.0/\0"
JFIF, APP1, APP2, ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
SCAN, END = 0xDA, 0xD9
JPEG_OWN = {*range(0xC0, 0xD0), SCAN, 0xDB, 0xDC, 0xDD, END}
JPEG_PROFILE = b"ICC_PROFILE\0"
MOST_IN_SEGMENT = 0xFFFF - 2
MOST_PARTS = 20_000  # of one file; a picture has a few thousand, and each costs time before any decoder runs
FILLERS = re.compile(rb"\xff+")
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)  # not a stuffed 0xFF, a restart or a filler

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:imagify="urn:imagify:mark" \
Iptc4xmpExt:DigitalSourceType="{trained}" Iptc4xmpExt:AISystemUsed="{model}" \
xmp:CreatorTool="Imagify" xmp:CreateDate="{made}" imagify:job="{job}">\
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Made by AI / Ảnh do AI tạo</rdf:li></rdf:Alt></dc:description>\
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    model: str
    job: str
    made: int  # milliseconds since 1970


class Torn(ValueError):
    """The bytes end, or stop making sense, before the picture ends."""


def kind_of(data: bytes) -> Kind | None:
    """Kind of picture by the first bytes of `data`. A decoder must find out if the rest is right."""
    if data.startswith(PNG_HEAD):
        return "PNG"
    if data.startswith(JPEG_HEAD):
        return "JPEG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


# --- marking ---------------------------------------------------------------------------------------------------------


def marked(data: bytes, mark: Mark) -> bytes:
    """PNG or JPEG with `mark` and no other metadata."""
    return mark_png(data, mark) if kind_of(data) == "PNG" else mark_jpeg(data, mark)


def mark_png(data: bytes, mark: Mark) -> bytes:
    head, *rest = own_png(data)
    body = b"iTXt" + PNG_NAME + b"\0\0\0\0\0" + packet(mark)
    chunk = pack(">I", len(body) - 4) + body + pack(">I", zlib.crc32(body))
    return b"".join((PNG_HEAD, head, chunk, *rest))


def mark_jpeg(data: bytes, mark: Mark) -> bytes:
    segments = list(own_jpeg(data))
    first = 1 if segments[0][1] == JFIF else 0  # JFIF must be the first segment
    segments.insert(first, app1(JPEG_NAME + packet(mark)))
    return b"".join((JPEG_HEAD, *segments))


def app1(body: bytes) -> bytes:
    if len(body) > MOST_IN_SEGMENT:
        raise ValueError(f"a mark of {len(body)} bytes does not fit into a JPEG segment")
    return bytes((0xFF, APP1)) + pack(">H", len(body) + 2) + body


def packet(mark: Mark) -> bytes:
    made = (EPOCH + timedelta(milliseconds=mark.made)).isoformat(timespec="milliseconds")
    made = made.replace("+00:00", "Z")
    return PACKET.format(trained=TRAINED, model=escaped(mark.model), job=escaped(mark.job), made=made).encode()


def escaped(text: str) -> str:
    """Text fit for an XML attribute, without characters that XML does not allow."""
    return html.escape(NOT_XML.sub("", text))


# --- reading ---------------------------------------------------------------------------------------------------------


def read_mark(data: bytes) -> Mark | None:
    """Mark of ours in `data`, or None. Any bytes may be read, a torn picture as far as possible."""
    try:
        found = next(packets(data), b"").decode(errors="replace")
        return mark_in(found) if TRAINED in found else None
    except ValueError:  # torn, or not a date
        return None


def mark_in(found: str) -> Mark | None:
    model, made, job = (said(found, name) for name in ("Iptc4xmpExt:AISystemUsed", "xmp:CreateDate", "imagify:job"))
    if model is None or made is None or job is None:
        return None
    when = datetime.fromisoformat(made)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return Mark(model, job, (when - EPOCH) // timedelta(milliseconds=1))


def said(found: str, name: str) -> str | None:
    """Text of the property `name`, as we write (an attribute) or as other tools rewrite (an element)."""
    match = re.search(rf"""{name}(?:="([^"]*)"|='([^']*)'|>([^<]*)</)""", found)
    return html.unescape(next(text for text in match.groups() if text is not None)) if match else None


def packets(data: bytes) -> Iterator[bytes]:
    """XMP packets in a picture."""
    match kind_of(data):
        case "PNG":
            texts = (chunk[8:-4] for kind, chunk in png_chunks(data) if kind == b"iTXt")
            return (text.split(b"\0", 5)[-1] for text in texts if text.startswith(PNG_NAME + b"\0\0"))
        case "JPEG":
            bodies = (segment[4:] for marker, segment in jpeg_segments(data) if marker == APP1)
            return (body[len(JPEG_NAME) :] for body in bodies if body.startswith(JPEG_NAME))
        case "WEBP":
            return (body for kind, body in webp_chunks(data) if kind == b"XMP ")
    return iter(())


# --- containers ------------------------------------------------------------------------------------------------------


def bare(data: bytes, *, profile: bool = False) -> bytes:
    """PNG or JPEG with only the picture, and the colour `profile` on demand."""
    if kind_of(data) == "PNG":
        return b"".join(chain((PNG_HEAD,), own_png(data, profile=profile)))
    return b"".join(chain((JPEG_HEAD,), own_jpeg(data, profile=profile)))


def own_png(data: bytes, *, profile: bool = False) -> Iterable[bytes]:
    kept = PNG_OWN | {PNG_PROFILE} if profile else PNG_OWN
    return (chunk for kind, chunk in png_chunks(data) if kind in kept)


def own_jpeg(data: bytes, *, profile: bool = False) -> Iterator[bytes]:
    for marker, segment in jpeg_segments(data):
        body = segment[4:18]
        if marker == JFIF and body.startswith(b"JFIF\0") and len(body) == 14:
            yield b"\xff\xe0\x00\x10" + body[:12] + b"\0\0"  # a preview may hide in it; ours has none
        elif marker in JPEG_OWN or (profile and is_profile(marker, body)) or (marker == ADOBE and body[:5] == b"Adobe"):
            yield segment


def is_profile(marker: int, body: bytes) -> bool:
    return marker == APP2 and body.startswith(JPEG_PROFILE)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and whole bytes of every chunk up to IEND. What lies behind is no part of the picture. Raises Torn."""
    at, kind = len(PNG_HEAD), b""
    for _ in counted():
        if kind == b"IEND":
            return
        size, kind = unpacked(">I4s", data, at)
        yield kind, whole(data, at, at + size + 12)
        at += size + 12


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and whole bytes of every segment, a scan with all data, up to the end of the image. Raises Torn."""
    at, marker = len(JPEG_HEAD), 0
    for _ in counted():
        if marker == END:
            return
        at = begun(data, at)
        marker = data[at + 1]
        end = at + 2 if marker == END else at + 2 + unpacked(">H", data, at + 2)[0]
        if marker == SCAN:
            behind = NEXT_MARKER.search(data, end)
            end = behind.start() if behind else len(data) + 1
        yield marker, whole(data, at, end)
        at = end


def begun(data: bytes, at: int) -> int:
    """Place of the next marker, after any fillers. Raises Torn."""
    fillers = FILLERS.match(data, at)
    if fillers is None or fillers.end() == len(data):
        raise Torn(f"no marker at {at}")
    return fillers.end() - 1


def counted() -> Iterator[int]:
    """Counter of parts up to `MOST_PARTS`. Raises Torn beyond."""
    yield from range(MOST_PARTS)
    raise Torn(f"more than {MOST_PARTS} parts")


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of every chunk. Raises Torn."""
    at = 12
    for _ in counted():
        if at + 8 > len(data):
            return
        kind, size = unpacked("<4sI", data, at)
        yield kind, whole(data, at + 8, at + 8 + size)
        at += 8 + size + size % 2


def whole(data: bytes, start: int, end: int) -> bytes:
    if end > len(data):
        raise Torn(f"ends at {len(data)}, not at {end}")
    return data[start:end]


def unpacked(plan: str, data: bytes, at: int) -> tuple[Any, ...]:
    if at + calcsize(plan) > len(data):
        raise Torn(f"ends at {len(data)}, in the middle of a head")
    return unpack_from(plan, data, at)
