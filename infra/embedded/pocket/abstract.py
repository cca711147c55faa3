"""Abstract – ribbons, discs or sails for words without any thing to draw.

The words choose the kind of shapes and the light, and the seed their places.
"""

import math
from random import Random

from infra.embedded.pocket.colours import Colour, Palette, dark, light, mix
from infra.embedded.pocket.pen import Canvas, Pen, Point, ring, smooth
from infra.embedded.pocket.skies import paint_sky


def play(canvas: Canvas, palette: Palette, words: Random, chance: Random) -> None:
    paint_sky(canvas, palette, 1.0)
    words.choice((ribbons, discs, sails))(canvas, palette, words, chance)


def inks(palette: Palette, words: Random) -> list[Colour]:
    """Mix the colours of `palette` in an order chosen by `words`."""
    mixed = [
        palette.accent,
        palette.far,
        palette.sun,
        palette.water[1],
        palette.ground[1],
        palette.sky[0],
        palette.water[0],
    ]
    return words.sample(mixed, len(mixed))


def ribbons(canvas: Canvas, palette: Palette, words: Random, chance: Random) -> None:
    """Draw broad bands from side to side in the colours of `palette`."""
    tones, wide, high = inks(palette, words), canvas.wide, canvas.high
    often, count = words.uniform(0.7, 1.9), words.randint(6, 9)
    disc(canvas, (wide * chance.uniform(0.25, 0.75), high * chance.uniform(0.18, 0.34)), 0.13, palette.sun)
    begin = chance.uniform(0, math.tau)
    for place in range(count):
        base = 0.3 + 0.75 * place / count
        sway, turn = chance.uniform(0.05, 0.12), begin + place * chance.uniform(0.4, 0.8)
        top = [
            (x / 40 * wide, high * (base + sway * math.sin(often * x / 40 * math.tau + turn))) for x in range(-1, 42)
        ]
        tone = mix(tones[place % len(tones)], palette.sky[2], 0.34 * (1 - place / count))
        canvas.fill([*top, (wide * 1.05, high * 1.05), (-wide * 0.05, high * 1.05)], tone, 0.34)
        canvas.brush.line(top, fill=light(tone, 0.4), width=canvas.line)


def disc(canvas: Canvas, middle: Point, radius: float, tone: Colour) -> None:
    reach = radius * canvas.base
    canvas.fill(ring(middle, (reach, reach)), tone, 0.22)
    canvas.glow(middle, reach * 2.6, mix(tone, (40, 20, 60), 0.55))


def discs(canvas: Canvas, palette: Palette, words: Random, chance: Random) -> None:
    """Draw circles within circles in the colours of `palette`, and a few lines between."""
    tones = inks(palette, words)
    for place in range(words.randint(9, 13)):
        middle = canvas.wide * chance.uniform(0.08, 0.92), canvas.high * chance.uniform(0.08, 0.92)
        reach = canvas.base * (0.24 / (1 + 0.22 * place) + chance.uniform(0.0, 0.03))
        for step, share in enumerate((1.0, 0.76, 0.5, 0.24)):
            tone = tones[(place + step) % len(tones)]
            canvas.fill(ring(middle, (reach * share, reach * share)), tone, 0.25)
    for _ in range(words.randint(2, 4)):
        bow(canvas, chance, dark(palette.ground[1], 0.4))


def bow(canvas: Canvas, chance: Random, tone: Colour) -> None:
    """Draw a long curve from side to side in `tone`."""
    pen, across = canvas.pen(0, canvas.high, canvas.base), canvas.wide / canvas.base
    height, sway = canvas.high / canvas.base * chance.uniform(0.2, 0.8), chance.uniform(-0.25, 0.25)
    points = [(across * share, height + sway * math.sin(share * math.pi)) for share in (0.04, 0.25, 0.5, 0.75, 0.96)]
    pen.stroke(points, tone, 0.004, chance.uniform(1.0, 3.0))


def sails(canvas: Canvas, palette: Palette, words: Random, chance: Random) -> None:
    """Draw curved triangles one behind the other in the colours of `palette`, like paper sails."""
    tones, lean = inks(palette, words), words.uniform(-0.25, 0.25)
    disc(canvas, (canvas.wide * chance.uniform(0.2, 0.8), canvas.high * 0.26), 0.16, palette.sun)
    count = words.randint(9, 13)
    for place in range(count):
        near = place / count
        foot = canvas.wide * chance.uniform(0.02, 0.98), canvas.high * (0.62 + 0.42 * near)
        pen = canvas.pen(*foot, canvas.base * (0.3 + 0.26 * near))
        tone = mix(tones[place % len(tones)], palette.sky[2], 0.45 * (1 - near))
        sail(pen.at(0, 0, turn=lean + chance.uniform(-0.16, 0.16), flip=chance.random() < 0.5), tone)


def sail(pen: Pen, tone: Colour) -> None:
    mast, leech = smooth([(0, 0), (0.06, 0.5), (0, 1.15)]), smooth([(0, 1.15), (0.4, 0.62), (0.62, 0.04)])
    pen.shape([*mast, *leech, (0.3, -0.03)], tone, 0.35)
    mast, leech = (
        smooth([(-0.05, 0.04), (-0.02, 0.5), (-0.05, 0.94)]),
        smooth([(-0.05, 0.94), (-0.26, 0.44), (-0.4, 0.08)]),
    )
    pen.shape([*mast, *leech], light(tone, 0.3), 0.3)
