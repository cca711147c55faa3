"""How large an image is, read from its first bytes; nothing is decoded here."""

from collections.abc import Iterator

Size = tuple[int, int]


def size_of(data: bytes) -> Size | None:
    """Width and height; None where it is no JPEG, PNG, GIF or WebP."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return _number(data[16:20]), _number(data[20:24])
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        return _little(data[6:8]), _little(data[8:10])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp(data)
    if data.startswith(b"\xff\xd8"):
        return next(_frames(data), None)
    return None


def _frames(data: bytes) -> Iterator[Size]:
    """A JPEG is a row of segments; one of them begins the picture and names its size."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            yield _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        at += 2 + (0 if kind == 0xFF else max(2, _number(data[at + 2 : at + 4])))


def _webp(data: bytes) -> Size | None:
    match data[12:16]:
        case b"VP8 ":
            return _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
        case b"VP8L":
            bits = _little(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return _little(data[24:27]) + 1, _little(data[27:30]) + 1
        case _:
            return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
