"""Skies – the sky and the things there, and the weather in front of a scene."""

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops

from infra.embedded.pocket.colours import WHITE, Colour, Palette, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look, blush, eyes, smile
from infra.embedded.pocket.pen import RAMP, Canvas, Pen, ring

Weather = Callable[[Canvas, Palette, Random], None]


def wide_gradient(size: tuple[int, int], colours: tuple[Colour, ...]) -> Image.Image:
    """Gradient from the first of `colours` at the top to the last at the bottom."""
    strip = Image.new("RGB", (1, len(colours)))
    strip.putdata(list(colours))
    bands = max(2, len(colours))
    box = (0, 0.5, 1, bands - 0.5)
    return strip.resize(size, Image.Resampling.BICUBIC, box=box)


def paint_sky(canvas: Canvas, palette: Palette, horizon: float) -> None:
    high = int(canvas.high * min(1.0, horizon + 0.07))
    canvas.colour.paste(wide_gradient((canvas.wide, high), palette.sky), (0, 0))


def strew_stars(canvas: Canvas, palette: Palette, chance: Random, until: float) -> None:
    for _ in range(90):
        x, y = chance.random() * canvas.wide, chance.random() ** 1.3 * canvas.high * until
        size = canvas.base * chance.choice((0.0007, 0.001, 0.0014, 0.0022))
        shade = mix(palette.sun, palette.sky[0], chance.uniform(0, 0.45))
        canvas.brush.ellipse((x - size, y - size, x + size, y + size), fill=shade)


def milky_way(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Draw clouds of light across a sky without air."""
    for _ in range(26):
        share = chance.random()
        x = canvas.wide * (share + chance.gauss(0, 0.08))
        y = canvas.high * (0.75 - 0.6 * share + chance.gauss(0, 0.08))
        tone = chance.choice((of("3a2a78"), of("6a2f7f"), of("1f4a7f"), of("7f3a5f")))
        canvas.glow((x, y), canvas.base * chance.uniform(0.1, 0.28), mix(tone, palette.sky[0], 0.35))


# --- things of the sky ------------------------------------------------------------------------------------------------


def sun(pen: Pen, look: Look) -> None:
    colour = look.colours[0] if look.colours else look.palette.sun
    pen.glow((0, 0), 1.7, mix(colour, of("7a4a10"), 0.35))
    pen.oval((0, 0), (0.56, 0.56), mix(colour, look.palette.sky[1], 0.55), line=False)
    pen.oval((0, 0), (0.48, 0.48), colour)
    if "faced" in look.traits:
        for place in range(12):
            ray = pen.at(0, 0, turn=math.tau * place / 12)
            ray.shape([(-0.07, 0.6), (0, 0.82), (0.07, 0.6)], colour)
        eyes(pen, (0, 0.06), 0.15, 0.04)
        blush(pen, (0, -0.05), 0.25, 0.06)
        smile(pen, (0, -0.06), 0.08)


def moon(pen: Pen, look: Look) -> None:
    colour = look.main("fff3cf")
    pen.glow((0, 0), 1.5, mix(colour, of("2a3a6a"), 0.62))
    pen.oval((0, 0), (0.46, 0.46), colour, 0.1)
    for x, y, size in (
        (-0.17, 0.12, 0.1),
        (0.14, 0.2, 0.06),
        (0.2, -0.12, 0.085),
        (-0.1, -0.2, 0.06),
        (0.02, 0.0, 0.035),
    ):
        pen.oval((x, y), (size, size), dark(colour, 0.09), line=False)


def crescent(pen: Pen, look: Look) -> None:
    colour = look.main("fff3cf")
    pen.glow((-0.1, 0), 1.4, mix(colour, of("2a3a6a"), 0.62))
    outer, inner = ring((0, 0), (0.46, 0.46), 0.9, 5.4), ring((0.16, 0.02), (0.38, 0.38), 5.2, 1.1)
    pen.shape([*outer, *inner], colour, 0.1)


def star(pen: Pen, look: Look) -> None:
    colour = look.main("ffdf7a")
    points = [
        ((0.48, 0.22)[step % 2] * math.sin(math.pi * step / 5), (0.48, 0.22)[step % 2] * math.cos(math.pi * step / 5))
        for step in range(10)
    ]
    pen.glow((0, 0), 1.1, mix(colour, of("5a3a10"), 0.5))
    pen.shape(points, colour, 0.12)
    eyes(pen, (0, 0.03), 0.1, 0.032)
    blush(pen, (0, -0.04), 0.15, 0.03)
    smile(pen, (0, -0.04), 0.045)


def cloud(pen: Pen, look: Look) -> None:
    base = mix(look.palette.sky[2], WHITE, 0.15 if look.palette.dark else 0.62)
    colour = look.colours[0] if look.colours else mix(base, look.palette.sky[1], 0.4 if look.palette.dark else 0.0)
    puffs = [(-0.5, 0.12, 0.15), (-0.24, 0.2, 0.24), (0.08, 0.25, 0.28), (0.36, 0.16, 0.2), (0.56, 0.09, 0.12)]
    outline: list[tuple[float, float]] = [(-0.68, 0.0)]
    for x, y, size in puffs:
        wobble = size * look.chance.uniform(0.9, 1.12)
        outline += ring((x, y * 0.6), (wobble, wobble), math.pi * 0.86, math.pi * 0.14)
    pen.shape([*outline, (0.72, 0.0), (0.5, -0.05), (-0.5, -0.05)], colour, -0.0 if look.palette.dark else 0.07)


def rainbow(pen: Pen, look: Look) -> None:
    for place, code in enumerate(("f0566a", "f79a4a", "f9d95c", "7cc46a", "5aa8e6", "8a6ad9")):
        outer, inner = 1.0 - 0.055 * place, 1.0 - 0.055 * (place + 1)
        band = [*ring((0, 0), (outer, outer), 0, math.pi), *reversed(ring((0, 0), (inner, inner), 0, math.pi))]
        pen.wash(band, mix(of(code), look.palette.sky[2], 0.2), 0.72)


def planet(pen: Pen, look: Look) -> None:
    colour = look.one_of("e8915a", "7fb8d9", "c98ad0", "8fc48a")
    pen = pen.at(0, 0, turn=look.chance.uniform(-0.4, 0.1))
    pen.glow((0, 0), 1.0, mix(colour, of("1a1040"), 0.6))
    hoop, ringed = look.second(light(colour, 0.55)), look.chance.random() < 0.75
    if ringed:
        half_hoop(pen, dark(hoop, 0.2), 0)
    pen.oval((0, 0), (0.46, 0.46), colour, 0.35)
    for y, thick in ((0.22, 0.05), (0.04, 0.08), (-0.18, 0.06)):
        half = math.sqrt(0.46**2 - y * y) * 0.97
        above, below = (
            [(-half, y), (0, y + thick * 0.2), (half, y)],
            [(half * 0.94, y - thick), (-half * 0.94, y - thick)],
        )
        pen.blob([*above, *below], light(colour, 0.28), line=False)
    if ringed:
        half_hoop(pen, hoop, math.pi)


def half_hoop(pen: Pen, colour: Colour, begin: float) -> None:
    until = begin + math.pi
    pen.shape(
        [*ring((0, 0), (0.8, 0.2), begin, until), *reversed(ring((0, 0), (0.58, 0.13), begin, until))], colour, 0.1
    )


HEAVENS: dict[str, Draw] = {
    "sun": sun, "moon": moon, "crescent": crescent, "star": star, "cloud": cloud, "rainbow": rainbow, "planet": planet,
}  # fmt: skip


# --- weather ----------------------------------------------------------------------------------------------------------


def rain(canvas: Canvas, palette: Palette, chance: Random) -> None:
    tone = mix(palette.sky[2], WHITE, 0.5)
    for _ in range(230):
        x, y = chance.uniform(-0.1, 1.1) * canvas.wide, chance.uniform(-0.1, 1.0) * canvas.high
        long = canvas.base * chance.uniform(0.02, 0.055)
        ends = (x, y, x - long * 0.22, y + long)
        canvas.veil.line(ends, fill=(*tone, chance.randint(90, 190)), width=max(2, canvas.base // 620))
    for _ in range(26):
        x, y = chance.random() * canvas.wide, chance.uniform(0.82, 0.99) * canvas.high
        wide = canvas.base * chance.uniform(0.012, 0.03)
        canvas.veil.ellipse((x - wide, y - wide * 0.3, x + wide, y + wide * 0.3), outline=(*tone, 150), width=3)


def snow(canvas: Canvas, palette: Palette, chance: Random) -> None:
    for _ in range(210):
        x, y = chance.random() * canvas.wide, chance.random() * canvas.high
        size = canvas.base * chance.choice((0.0025, 0.004, 0.004, 0.006, 0.009))
        box = (x - size, y - size, x + size, y + size)
        canvas.veil.ellipse(box, fill=(*mix(WHITE, palette.sky[2], 0.1), chance.randint(150, 240)))


def petals(canvas: Canvas, palette: Palette, chance: Random) -> None:
    tone = light(palette.accent, 0.35)
    for _ in range(46):
        pen = canvas.pen(
            chance.random() * canvas.wide, chance.random() * canvas.high, canvas.base * chance.uniform(0.012, 0.024)
        )
        own = pen.at(0, 0, turn=chance.uniform(0, 6))
        own.blob([(-0.5, 0), (0, 0.34), (0.5, 0.1), (0.1, -0.3)], mix(tone, WHITE, chance.uniform(0, 0.5)), line=False)


def fireflies(canvas: Canvas, palette: Palette, chance: Random) -> None:
    for _ in range(34):
        x, y = chance.random() * canvas.wide, chance.uniform(0.35, 0.96) * canvas.high
        size = canvas.base * chance.uniform(0.0022, 0.004)
        canvas.brush.ellipse((x - size, y - size, x + size, y + size), fill=mix(of("f8ff9a"), palette.sun, 0.3))
        canvas.glow((x, y), size * 9, of("8a9a2f"))


def fireworks(canvas: Canvas, palette: Palette, chance: Random) -> None:
    for place in range(4):
        x, y = (
            canvas.wide * (0.16 + 0.23 * place + chance.uniform(-0.05, 0.05)),
            canvas.high * chance.uniform(0.1, 0.36),
        )
        burst(canvas, (x, y), canvas.base * chance.uniform(0.1, 0.19), chance)
    _ = palette


def burst(canvas: Canvas, middle: tuple[float, float], reach: float, chance: Random) -> None:
    colour = of(chance.choice(("ff5f7a", "ffd45a", "7ae0ff", "b48aff", "8affa0")))
    canvas.glow(middle, reach * 1.3, mix(colour, of("000000"), 0.55))
    pen = canvas.pen(*middle, reach)
    for ray in range(22):
        turn = math.tau * ray / 22
        for begin, until in ((0.2, 0.55), (0.66, chance.uniform(0.85, 1.0))):
            ends = [(r * math.cos(turn), r * math.sin(turn) - 0.14 * r * r) for r in (begin, until)]
            pen.stroke(ends, light(colour, 0.5 * (1.2 - until)), 0.03, 0.6, line=False)
            pen.oval(ends[1], (0.03, 0.03), light(colour, 0.6), line=False)


WEATHER: dict[str, Weather] = {
    "rain": rain, "snow": snow, "petals": petals, "fireflies": fireflies, "fireworks": fireworks,
}  # fmt: skip


def veil(canvas: Canvas, colour: Colour, top: int, bottom: int, share: float) -> None:
    """Draw mist between `top` and `bottom`, thickest in the middle."""
    high = bottom - top
    half = RAMP.resize((canvas.wide, high // 2)).point([int(v * share) for v in range(256)])
    mask = Image.new("L", (canvas.wide, high // 2 * 2))
    mask.paste(half, (0, 0))
    mask.paste(half.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, high // 2))
    canvas.colour.paste(colour, (0, top), mask)
    box = (0, top, canvas.wide, top + high // 2 * 2)
    faded = ImageChops.multiply(canvas.lines.crop(box), ImageChops.invert(mask))
    canvas.lines.paste(faded, (0, top))
