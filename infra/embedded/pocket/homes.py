"""Homes – buildings: houses, pagodas, castles, bridges, a lighthouse."""

import math

from infra.embedded.pocket.colours import WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look
from infra.embedded.pocket.pen import Pen, Point, ring, smooth

LAMP = of("ffd977")
TILE = of("b5523a")


def window(pen: Pen, look: Look, corner: Point, opposite: Point) -> None:
    """Draw a window, lit if the palette of `look` is dark."""
    (left, low), (right, high) = corner, opposite
    lit = look.palette.dark
    pen.box((left - 0.012, low - 0.012), (right + 0.012, high + 0.012), of("f6efe2"))
    (pen.through(LAMP, 0.3) if lit else pen).box(corner, opposite, LAMP if lit else of("7fb8d4"), 0.15)
    pen.stroke([((left + right) / 2, low), ((left + right) / 2, high)], of("f6efe2"), 0.014, line=False)
    if lit:
        pen.glow(((left + right) / 2, (low + high) / 2), 2.6 * (right - left), of("c98a34"))


def roof(pen: Pen, left: float, right: float, low: float, high: float, colour: Colour) -> None:
    """Draw a roof with upturned corners, a ridge and rows of tiles."""
    middle, lift = (left + right) / 2, (high - low) * 0.3
    ridge = (right - left) * 0.2
    eaves = smooth([(left, low + lift), (left + ridge * 0.4, low), (middle, low - lift * 0.2),
                    (right - ridge * 0.4, low), (right, low + lift)])  # fmt: skip
    flank = smooth([(right, low + lift), (right - ridge * 1.2, low + (high - low) * 0.5), (middle + ridge, high)])
    other = smooth([(middle - ridge, high), (left + ridge * 1.2, low + (high - low) * 0.5), (left, low + lift)])
    pen.shape([*eaves, *flank, *other], colour, 0.3)
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        top = middle - ridge + 2 * ridge * share, high - 0.01
        foot = left + (right - left) * share, low + lift * 0.05
        pen.stroke(
            [top, ((top[0] * 0.45 + foot[0] * 0.55), (top[1] + foot[1]) / 2 - 0.01), foot],
            dark(colour, 0.22),
            0.011,
            line=False,
        )
    pen.stroke(
        [(middle - ridge - 0.02, high + 0.02), (middle, high), (middle + ridge + 0.02, high + 0.02)],
        dark(colour, 0.3),
        0.03,
    )


def house(pen: Pen, look: Look) -> None:
    """Draw a house with yellow walls, a tiled roof and an open door."""
    wall = look.one_of("f5c95c", "f7e3b5", "e9a46a", "f3efe4", "a9cfd0")
    pen.shadow(0.6)
    pen.box((0.2, 0.6), (0.3, 0.96), mix(wall, TILE, 0.6), 0.2)
    for place, x in enumerate((0.27, 0.33, 0.42)):
        pen.wash(
            ring((x, 1.05 + 0.11 * place), (0.05 + 0.02 * place, 0.04 + 0.015 * place)), WHITE, 0.55 - 0.12 * place
        )
    pen.box((-0.46, 0), (0.46, 0.52), wall, 0.22)
    pen.box((-0.46, 0), (0.46, 0.06), dark(wall, 0.3))
    roof(pen, -0.62, 0.62, 0.48, 0.86, look.second(TILE))
    pen.round_box((-0.11, 0), (0.11, 0.36), of("6b4630"), 0.2, bend=0.25)
    pen.round_box((-0.08, 0), (0.08, 0.33), of("a8743f"), 0.2, bend=0.25)
    pen.oval((0.05, 0.16), (0.014, 0.014), LAMP, line=False)
    for side in (-1, 1):
        window(pen, look, (side * 0.29 - 0.085, 0.17), (side * 0.29 + 0.085, 0.36))
        pen.box((side * 0.29 - 0.1, 0.1), (side * 0.29 + 0.1, 0.14), of("8a5a3a"))
        for spot in (-0.07, 0.0, 0.07):
            pen.oval((side * 0.29 + spot, 0.155), (0.03, 0.03), of("f0698a"), line=False)
    pen.wash([(-0.07, -0.0), (0.07, 0), (0.16, -0.1), (-0.12, -0.1)], of("f3e3c0"), 0.55)


def cottage(pen: Pen, look: Look) -> None:
    """Draw a small house for a village."""
    wall = of(look.chance.choice(("f5c95c", "f7e3b5", "eab07a", "f3efe4", "b9d6cf")))
    pen.box((-0.4, 0), (0.4, 0.5), wall, 0.25)
    roof(pen, -0.54, 0.54, 0.46, 0.86, of(look.chance.choice(("b5523a", "a8623f", "8c4a3c"))))
    pen.round_box((-0.08, 0), (0.1, 0.32), of("6b4630"), bend=0.2)
    window(pen, look, (-0.3, 0.18), (-0.17, 0.34))
    window(pen, look, (0.18, 0.18), (0.31, 0.34))


def pagoda(pen: Pen, look: Look) -> None:
    """Draw a pagoda, each roof a little narrower than the one below."""
    tile = look.main("b5443a")
    pen.shadow(0.5)
    for step, wide in enumerate((0.5, 0.44)):
        pen.box((-wide, 0.045 * step), (wide, 0.045 * (step + 1)), mix(of("c9bda8"), WHITE, 0.15 * step), 0.1)
    low, high = 0.09, 0.21
    for storey in range(4):
        half = 0.32 - 0.055 * storey
        pen.box((-half, low), (half, low + high), of("d8694a"), 0.25)
        for post in (-0.92, -0.45, 0.45, 0.92):
            pen.box((post * half - 0.014, low), (post * half + 0.014, low + high), of("8c2f2a"))
        window(pen, look, (-0.075 + 0.008 * storey, low + 0.02), (0.075 - 0.008 * storey, low + high * 0.72))
        roof(pen, -half - 0.17, half + 0.17, low + high * 0.78, low + high * 0.78 + 0.13, tile)
        low, high = low + high * 0.78 + 0.1, high * 0.85
    pen.stroke([(0, low), (0, low + 0.15)], of("e8b13a"), 0.03, 0.3)
    pen.oval((0, low + 0.06), (0.032, 0.032), of("f6cf5a"))


def castle(pen: Pen, look: Look) -> None:
    stone = look.one_of("e3dccb", "cfd3e0", "eed6c4")
    peak = look.second(look.palette.accent)
    pen.shadow(0.62)
    towers = ((-0.44, 0.1, 0.62), (0.44, 0.1, 0.66), (-0.18, 0.09, 0.86), (0.2, 0.085, 0.8))
    for x, half, high in towers[2:]:
        tower(pen, look, (x, half, high), stone, peak)
    battlement(pen, 0.4, 0.46, stone)
    for x, half, high in towers[:2]:
        tower(pen, look, (x, half, high), light(stone, 0.2), peak)
    pen.round_box((-0.11, -0.06), (0.11, 0.3), dark(stone, 0.4), bend=1.0)
    pen.round_box((-0.085, -0.06), (0.085, 0.27), of("7a4f32"), 0.2, bend=1.0)
    pen.shape([(-0.14, -0.001), (0.14, -0.001), (0.14, -0.07), (-0.14, -0.07)], look.palette.ground[1], line=False)
    for x in (-0.25, 0.25):
        window(pen, look, (x - 0.035, 0.25), (x + 0.035, 0.37))


def tower(pen: Pen, look: Look, where: tuple[float, float, float], stone: Colour, peak: Colour) -> None:
    x, half, high = where
    pen.box((x - half, 0), (x + half, high), stone, 0.25)
    for y, side in ((0.12, -0.5), (0.2, 0.4), (0.42, -0.3), (0.5, 0.45)):
        pen.stroke([(x + side * half - 0.02, y), (x + side * half + 0.025, y)], dark(stone, 0.16), 0.016, line=False)
    pen.shape([(x - half * 1.35, high - 0.01), (x, high + half * 3.0), (x + half * 1.35, high - 0.01)], peak, 0.25)
    window(pen, look, (x - 0.03, high - 0.18), (x + 0.03, high - 0.07))
    pen.stroke([(x, high + half * 3.0), (x, high + half * 3.0 + 0.13)], dark(stone, 0.6), 0.012, line=False)
    flag = [(x, high + half * 3.0 + 0.13), (x + 0.12, high + half * 3.0 + 0.095), (x, high + half * 3.0 + 0.05)]
    pen.shape(flag, of("f6c445"))


def battlement(pen: Pen, half: float, high: float, stone: Colour) -> None:
    pen.box((-half, 0), (half, high), stone, 0.25)
    for place in range(7):
        x = -half + (place + 0.5) * half * 2 / 7
        pen.box((x - half * 0.09, high - 0.01), (x + half * 0.09, high + 0.055), stone)


def bridge(pen: Pen, look: Look) -> None:
    """Draw a red wooden arch, like the one to the temple in the lake of Hà Nội."""
    colour = look.main("d2382f")
    arch = [(-1.05 + 2.1 * step / 24, 0.34 * math.sin(math.pi * step / 24) ** 0.8) for step in range(25)]
    for x, y in arch[3:-3:3]:
        pen.box((x - 0.025, -0.16), (x + 0.025, y + 0.05), dark(colour, 0.35), 0.2)
    pen.shape([*((x, y + 0.13) for x, y in arch), *((x, y + 0.03) for x, y in reversed(arch))], colour, 0.2)
    for x, y in arch[::2]:
        pen.box((x - 0.02, y + 0.12), (x + 0.02, y + 0.33), dark(colour, 0.1))
        pen.oval((x, y + 0.34), (0.027, 0.027), of("f6c445"))
    for lift, wide in ((0.21, 0.022), (0.29, 0.034)):
        pen.stroke([(x, y + lift) for x, y in arch], light(colour, 0.1), wide)


def lighthouse(pen: Pen, look: Look) -> None:
    colour = look.main("d9363e")
    pen.blob([(-0.4, -0.06), (-0.32, 0.08), (-0.1, 0.13), (0.12, 0.12), (0.34, 0.06), (0.42, -0.06)], of("7d7a83"), 0.3)
    for band in range(5):
        low, high = 0.1 + 0.125 * band, 0.1 + 0.125 * (band + 1)
        wide, upper = 0.15 - 0.014 * band, 0.15 - 0.014 * (band + 1)
        pen.shape(
            [(-wide, low), (-upper, high), (upper, high), (wide, low)], colour if band % 2 == 0 else of("fbf6ec"), 0.12
        )
    pen.box((-0.12, 0.72), (0.12, 0.755), of("4a4654"))
    pen.round_box((-0.065, 0.75), (0.065, 0.87), LAMP, bend=0.2)
    pen.shape([(-0.1, 0.86), (0, 0.99), (0.1, 0.86)], colour, 0.2)
    pen.glow((0, 0.81), 0.6, of("e0a640"))
    pen.round_box((-0.045, 0.1), (0.045, 0.24), of("5a3d2c"), bend=0.6)


HOMES: dict[str, Draw] = {
    "house": house, "pagoda": pagoda, "castle": castle, "bridge": bridge, "lighthouse": lighthouse,
}  # fmt: skip
