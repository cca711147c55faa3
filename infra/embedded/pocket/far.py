"""Far lands – mountains, the rocks of Hạ Long, towers, forests, a village."""

from random import Random

from infra.embedded.pocket.colours import WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.ground import Ground, Land, fill_below, ridge
from infra.embedded.pocket.homes import LAMP, cottage
from infra.embedded.pocket.pen import Pen, Point, ring, smooth
from infra.embedded.pocket.plants import bamboo, palm, pine, tree
from infra.embedded.pocket.skies import veil


def hills(ground: Ground) -> None:
    palette = ground.palette
    for place, share in enumerate((0.25, 0.6)):
        line = ridge(ground, ground.horizon - 0.05 + 0.035 * place, 0.022, 2)
        fill_below(ground, line, mix(palette.far, palette.ground[0], share), 0.1)


def mountain(ground: Ground) -> None:
    """Draw peaks in two rows on `ground`, with snow on the front row."""
    chance, palette = ground.chance, ground.palette
    tall = 0.5 if ground.alone else 0.36
    tall = min(tall, 0.75 * ground.line / ground.canvas.base)
    for row, (count, size) in enumerate(((4, 0.72), (3, 1.0))):
        tone = mix(palette.far, palette.sky[2], 0.45) if row == 0 else palette.far
        places = sorted((place + 0.5 + chance.uniform(-0.3, 0.3)) / count for place in range(count))
        for x in sorted(places, key=lambda one: abs(one - 0.45), reverse=True):
            peak(ground, x, tall * size * chance.uniform(0.7, 1.08), tone)
        veil(
            ground.canvas,
            palette.sky[2],
            int(ground.line - 0.14 * ground.canvas.base),
            int(ground.line + 0.04 * ground.canvas.base),
            0.5,
        )


def peak(ground: Ground, x: float, high: float, tone: Colour) -> None:
    chance = ground.chance
    pen = ground.pen(x, ground.horizon + 0.02, high)
    lean, wide = chance.uniform(-0.12, 0.12), chance.uniform(0.85, 1.1)
    left = [(-wide, 0), (-wide * 0.62, 0.3), (-wide * 0.42, 0.46), (-0.2 + lean, 0.8)]
    right = [(0.17 + lean, 0.82), (wide * 0.36, 0.52), (wide * 0.6, 0.28), (wide, 0)]
    pen.shape([*left, (lean, 1.0), *right], tone, 0.16)
    lit = [(lean, 1.0), (0.17 + lean, 0.82), (wide * 0.36, 0.52), (wide * 0.6, 0.28), (wide, 0), (0.2, 0),
           (0.12 + lean, 0.4), (lean - 0.03, 0.7)]  # fmt: skip
    pen.wash(lit, dark(tone, 0.5), 0.22)
    cap = (
        (0, 1.0),
        (0.17, 0.82),
        (0.21, 0.755),
        (0.1, 0.8),
        (0.04, 0.7),
        (-0.05, 0.79),
        (-0.12, 0.69),
        (-0.22, 0.755),
        (-0.2, 0.8),
    )
    snow = [(lean + x, y) for x, y in cap]
    pen.shape(snow, mix(WHITE, ground.palette.sky[2], 0.35), line=False)


def karst(ground: Ground) -> None:
    """Draw towers of limestone rising from the bay, as at Hạ Long."""
    chance, palette = ground.chance, ground.palette
    for row, count in ((0, 6), (1, 4)):
        tone = mix(palette.far, palette.sky[2], 0.4) if row == 0 else mix(palette.far, palette.ground[1], 0.45)
        for place in range(count):
            high = chance.uniform(0.1, 0.22) * (1 + 0.7 * row) * (1.15 if ground.alone else 1.0)
            pen = ground.pen((place + chance.uniform(0.1, 0.9)) / count, ground.horizon + 0.012 + 0.03 * row, high)
            hump(pen, chance, tone)
        veil(
            ground.canvas,
            palette.sky[2],
            int(ground.line - 0.05 * ground.canvas.base),
            int(ground.line + 0.05 * ground.canvas.base),
            0.4,
        )


def hump(pen: Pen, chance: Random, tone: Colour) -> None:
    wide, lean = chance.uniform(0.32, 0.55), chance.uniform(-0.12, 0.12)
    pen.blob([(-wide, 0), (-wide * 0.9, 0.4), (-wide * 0.6 + lean, 0.82), (lean, 1.0),
              (wide * 0.55 + lean, 0.86), (wide * 0.86, 0.45), (wide, 0)], tone, 0.25)  # fmt: skip
    for x, y, size in ((-0.2, 0.82, 0.16), (0.08, 0.93, 0.17), (0.26, 0.76, 0.13)):
        pen.oval((x * wide * 2 + lean, y), (size, size * 0.62), mix(tone, of("4f8f5a"), 0.45), 0.15, line=False)
    for x, y in ((-0.4, 0.3), (0.1, 0.42), (0.45, 0.2), (-0.1, 0.62)):
        pen.stroke(
            [(x * wide, y + 0.1), (x * wide + 0.03, y), (x * wide, y - 0.1)], dark(tone, 0.25), 0.025, 0.4, line=False
        )


def city(ground: Ground) -> None:
    """Draw towers in two rows on `ground`, with lit windows after dark."""
    chance, palette = ground.chance, ground.palette
    scale = 1.35 if ground.alone else 1.0
    for row in (0, 1):
        tone = mix(palette.far, palette.sky[2], 0.4) if row == 0 else mix(palette.far, dark(palette.far, 0.6), 0.5)
        x = -0.02
        while x < 1.0:
            wide = chance.uniform(0.055, 0.11) * min(1.0, ground.canvas.base / ground.canvas.wide + 0.25)
            high = scale * chance.uniform(0.12, 0.36) * (1.0 - 0.25 * row) * min(1.0, 2 * ground.horizon)
            block(ground, (x, wide * 1.04, high), mix(tone, palette.accent, chance.uniform(0, 0.1)), row)
            x += wide
    veil(
        ground.canvas,
        palette.sky[2],
        int(ground.line - 0.1 * ground.canvas.base),
        int(ground.line + 0.03 * ground.canvas.base),
        0.25,
    )


def block(ground: Ground, where: tuple[float, float, float], tone: Colour, row: int) -> None:
    left, wide, high = where
    canvas, chance = ground.canvas, ground.chance
    pen = ground.pen(left, ground.horizon + 0.01, 1.0)
    across = wide * canvas.wide / canvas.base
    pen.box((0, 0), (across, high), tone, 0.2)
    top = chance.random()
    if top < 0.25:
        pen.shape([(across * 0.1, high), (across * 0.5, high + across * 0.7), (across * 0.9, high)], tone)
    elif top < 0.6:
        pen.box((across * 0.25, high), (across * 0.75, high + across * 0.22), tone)
        pen.stroke([(across * 0.5, high + across * 0.2), (across * 0.5, high + across * 0.75)], tone, 0.006)
    windows(pen, ground, (across, high), row)


def windows(pen: Pen, ground: Ground, size: Point, row: int) -> None:
    across, high = size
    columns, rows = max(2, int(across / 0.024)), max(2, int(high / 0.034))
    shade = (
        (LAMP, ground.palette.accent, light(LAMP)) if ground.palette.dark else (light(ground.palette.far, 0.6), WHITE)
    )
    for place in range(columns * rows):
        if ground.chance.random() < (0.52 if ground.palette.dark else 0.6) - 0.15 * (row == 0):
            x, y = (place % columns + 0.5) * across / columns, (place // columns + 0.5) * high / rows
            corners = [pen.spot((x - 0.0055, y + 0.009)), pen.spot((x + 0.0055, y - 0.009))]
            pen.canvas.brush.rectangle((*corners[0], *corners[1]), fill=ground.chance.choice(shade))


def forest(ground: Ground) -> None:
    """Draw rows of trees on `ground`, paler in the distance."""
    chance, kinds = ground.chance, (pine, tree, pine) if "winter" in ground.look.mood else (tree, pine, tree)
    for row, (count, size, away) in enumerate(((11, 0.26, 0.6), (8, 0.36, 0.35), (5, 0.5, 0.12))):
        for place in range(count):
            x = (place + chance.uniform(0.15, 0.85)) / count
            if row == 2 and not ground.alone and 0.28 < x < 0.72:
                continue
            grow = chance.choice(kinds)
            grow(
                ground.pen(x, ground.horizon + 0.02 + 0.035 * row, size * chance.uniform(0.85, 1.2), away), ground.look
            )


def village(ground: Ground) -> None:
    chance = ground.chance
    places = [(0.1, 0.0), (0.3, 0.02), (0.52, -0.005), (0.72, 0.025), (0.91, 0.01)]
    for left, drop in places:
        x = left + chance.uniform(-0.04, 0.04)
        grow = chance.choice((palm, bamboo, tree))
        grow(
            ground.pen(
                x + chance.choice((-0.075, 0.08)), ground.horizon + 0.012 + drop, chance.uniform(0.2, 0.3), 0.18
            ),
            ground.look,
        )
        cottage(ground.pen(x, ground.horizon + 0.03 + drop, chance.uniform(0.17, 0.21), 0.08), ground.look)


def waterfall(ground: Ground) -> None:
    """Draw water falling between two rocks, with spray."""
    palette, chance = ground.palette, ground.chance
    x = chance.uniform(0.4, 0.6)
    pen = ground.pen(x, ground.horizon + 0.05, 0.62)
    rock = mix(palette.far, palette.ground[1], 0.55)
    pen.blob([(-0.8, 0), (-0.74, 0.55), (-0.4, 0.94), (0, 0.98), (0.4, 0.92), (0.74, 0.5), (0.8, 0)], rock, 0.25)
    pen.shape(
        smooth([(-0.14, 0), (-0.11, 0.5), (-0.13, 0.97), (0.0, 0.98), (0.13, 0.96), (0.12, 0.5), (0.17, 0)]),
        light(palette.water[0], 0.6),
        -0.4,
    )
    for place in range(9):
        streak = -0.1 + 0.026 * place
        pen.stroke(
            [(streak, 0.92 - chance.uniform(0, 0.4)), (streak * 1.1, chance.uniform(0.1, 0.4))],
            WHITE,
            0.012,
            0.5,
            line=False,
        )
    for side, y in ((-0.42, 0.75), (0.4, 0.78), (-0.6, 0.45), (0.62, 0.4), (-0.3, 0.94), (0.28, 0.93)):
        pen.oval((side, y), (0.16, 0.1), mix(palette.ground[1], of("5f9a4f"), 0.4), 0.2)
    for place in range(7):
        pen.wash(ring((-0.3 + 0.1 * place, 0.02), (0.12, 0.06)), WHITE, 0.4)


FAR: dict[str, Land] = {
    "hills": hills, "mountain": mountain, "karst": karst, "city": city, "forest": forest, "village": village,
    "waterfall": waterfall,
}  # fmt: skip
