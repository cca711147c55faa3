"""A link as a square that a phone can read."""

import io

import segno

BORDER = 4  # modules of white around it; with fewer some phones do not find it
DARK, LIGHT = "#25201a", "#ffffff"  # whatever the page around it looks like: readers want dark on light
MODULE = 8  # pixels of one in a PNG


def svg(text: str) -> bytes:
    """For a page: it has no size of its own."""
    return drawn(text, "svg", omitsize=True, xmldecl=False)


def png(text: str) -> bytes:
    """For a chat."""
    return drawn(text, "png", scale=MODULE)


def drawn(text: str, kind: str, **more: object) -> bytes:
    data = io.BytesIO()
    segno.make_qr(text, error="m").save(data, kind=kind, border=BORDER, dark=DARK, light=LIGHT, **more)
    return data.getvalue()
