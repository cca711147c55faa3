"""Near lands – foregrounds, from a meadow to a table by the window."""

import math
from random import Random

from infra.embedded.pocket.colours import WHITE, Colour, Palette, dark, light, mix, of
from infra.embedded.pocket.ground import Ground, Land, fill_below, ridge, slab
from infra.embedded.pocket.pen import Canvas, Pen, Point, ring, smooth
from infra.embedded.pocket.plants import tree
from infra.embedded.pocket.skies import milky_way
from infra.embedded.pocket.waters import beach, pond, sea, underwater, waves


def meadow(ground: Ground) -> None:
    palette, chance = ground.palette, ground.chance
    for place, share in enumerate((0.0, 0.45, 1.0)):
        top = ground.horizon + (1 - ground.horizon) * (0.0, 0.26, 0.62)[place]
        line = ridge(ground, top, 0.012 + 0.004 * place, 1)
        fill_below(ground, line, mix(*palette.ground, share), 0.22)
    for _ in range(46):
        y = chance.uniform(ground.horizon + 0.1, 0.985)
        near = (y - ground.horizon) / (1 - ground.horizon)
        tuft(ground.pen(chance.random(), y, 0.02 + 0.05 * near), chance, mix(*palette.ground, min(1.0, near + 0.25)))
    for _ in range(24):
        y = chance.uniform(0.88, 0.99)
        speck(ground.pen(chance.random(), y, 0.022 * chance.uniform(0.7, 1.2)), chance, palette)


def tuft(pen: Pen, chance: Random, tone: Colour) -> None:
    shade = dark(tone, 0.14) if chance.random() < 0.5 else light(tone, 0.2)
    for lean in (-0.4, 0.0, 0.4):
        pen.stroke([(lean * 0.4, 0), (lean, chance.uniform(0.5, 1.0))], shade, 0.13, 0.2, line=False)


def speck(pen: Pen, chance: Random, palette: Palette) -> None:
    """Draw a tiny flower in the grass."""
    tone = chance.choice((WHITE, light(palette.accent, 0.3), light(palette.sun, 0.2)))
    pen.stroke([(0, -1.2), (0, 0)], dark(palette.ground[1], 0.1), 0.14, line=False)
    for turn in range(5):
        pen.oval((0.42 * math.cos(turn * 1.2566), 0.42 * math.sin(turn * 1.2566)), (0.34, 0.34), tone, line=False)
    pen.oval((0, 0), (0.24, 0.24), of("f2b33a"), line=False)


def snowfield(ground: Ground) -> None:
    for place, share in enumerate((0.0, 0.5, 1.0)):
        line = ridge(ground, ground.horizon + (1 - ground.horizon) * (0.0, 0.28, 0.62)[place], 0.014, 1)
        fill_below(ground, line, mix(mix(*ground.palette.ground, share), WHITE, 0.4), 0.12)


def street(ground: Ground) -> None:
    palette = ground.palette
    slab(ground, ground.horizon, (mix(palette.far, of("c9bfb5"), 0.5), mix(palette.far, of("b5aca8"), 0.5)))
    road = mix(of("5d5a68"), palette.air, palette.share)
    slab(ground, ground.horizon + (1 - ground.horizon) * 0.3, (light(road, 0.1), dark(road, 0.2)))
    y = ground.horizon + (1 - ground.horizon) * 0.62
    for place in range(7):
        left = place / 6.2 - 0.03
        pen = ground.pen(left, y, 1.0)
        across = ground.canvas.wide / ground.canvas.base
        pen.shape(
            [(0, 0), (0.09 * across, 0), (0.085 * across, -0.014), (-0.008 * across, -0.014)], of("f6efe0"), line=False
        )


def terraces(ground: Ground) -> None:
    """Draw rice on the steps of three slopes, each step with a bright rim and water."""
    palette, chance = ground.palette, ground.chance
    fill_below(ground, ridge(ground, ground.horizon + 0.02, 0.012, 1), mix(palette.ground[0], palette.far, 0.3), 0.2)
    side = chance.choice((-1, 1))
    rise = min(1.0, ground.canvas.high / ground.canvas.base)
    slopes = ((-0.34 * side, 0.72, 0.75, 0.34), (0.4 * side, 0.92, 0.95, 0.47), (-0.3 * side, 1.1, 1.0, 0.4))
    for place, (x, foot, wide, tall) in enumerate(slopes):
        slope(ground, (0.5 + x + chance.uniform(-0.06, 0.06), foot), (wide, tall * rise), place)


def slope(ground: Ground, where: Point, size: Point, row: int) -> None:
    palette, chance = ground.palette, ground.chance
    greens = (of("b9cf4a"), of("8fbf45"), of("d9c84a"), of("6fae44"))
    begin, steps = chance.uniform(0, 6), 10 + row
    for step in range(steps):
        share = step / steps
        wide = size[0] * (1 - share**1.5) ** 0.8 + 0.03
        pen = ground.pen(where[0] + 0.05 * math.sin(begin + share * 3), where[1], 1.0, 0.16 - 0.08 * row).at(
            0, size[1] * share
        )
        rim = [
            (
                x * (1 + 0.06 * math.sin(begin + 5 * y / wide + step * 0.7)) * wide,
                y * 0.16 * wide + 0.012 * wide * math.sin(4 * x + begin + step),
            )
            for x, y in ring((0, 0), (1, 1))[:-1:2]
        ]
        tone = mix(greens[(step + row) % 4], palette.ground[step % 2], 0.35)
        pen.blob([(x, y - size[1] * 0.045) for x, y in rim], dark(tone, 0.42), line=False)
        pen.blob(rim, light(tone, 0.3))
        wet = step % 3 == 1
        inner = mix(palette.water[0], palette.sky[2], 0.55) if wet else tone
        pen.blob([(x * 0.975, y * 0.94 - 0.002) for x, y in rim], inner, 0.1, line=False)
    if row < 2:
        tree(ground.pen(where[0], where[1], 0.1, 0.1).at(0.1, size[1] / 0.1 * 0.93), ground.look)


def desert(ground: Ground) -> None:
    sand = mix(of("eebf78"), ground.palette.ground[0], 0.25)
    for place, share in enumerate((0.25, 0.1, 0.0)):
        line = ridge(ground, ground.horizon + (1 - ground.horizon) * (0.0, 0.25, 0.6)[place], 0.03, 1)
        fill_below(
            ground, line, mix(mix(sand, ground.palette.far, share), ground.palette.air, ground.palette.share), 0.3
        )


def space(ground: Ground) -> None:
    """Draw space without ground, or a moon if things must stand on `ground`."""
    milky_way(ground.canvas, ground.palette, ground.chance)
    if ground.alone:
        return
    tone = of("a9a4b8")
    pen = ground.pen(0.5, 1.06, 1.0)
    across = ground.canvas.wide / ground.canvas.base
    pen.oval((0, -0.25), (0.9 * across, 0.52), tone, 0.4)
    for _ in range(11):
        x, y, wide = (
            ground.chance.uniform(-0.5, 0.5) * across,
            ground.chance.uniform(0.06, 0.17),
            ground.chance.uniform(0.02, 0.06),
        )
        pen.oval((x, y), (wide, wide * 0.3), dark(tone, 0.22), line=False)
        pen.oval((x, y - wide * 0.06), (wide * 0.86, wide * 0.2), dark(tone, 0.12), line=False)


def room(ground: Ground) -> None:
    """Draw a table by a window, with the sky of `ground` outside."""
    palette, canvas = ground.palette, ground.canvas
    wall = mix(of("f3dfc4"), palette.sky[1], 0.35) if not palette.dark else mix(of("5a4a68"), palette.sky[1], 0.4)
    view = canvas.colour.crop((0, 0, canvas.wide, int(ground.line)))
    middle, half = canvas.wide // 2, int(canvas.base * 0.36)
    hole = (middle - half, int(canvas.high * 0.06), middle + half, int(ground.line - canvas.base * 0.06))
    canvas.brush.rectangle((0, 0, canvas.wide, canvas.high), fill=wall)
    canvas.tracer.rectangle((0, 0, canvas.wide, canvas.high), fill=0)
    canvas.colour.paste(view.resize((hole[2] - hole[0], hole[3] - hole[1])), hole[:2])
    frame(canvas, hole)
    curtains(ground)
    table(ground)


def curtains(ground: Ground) -> None:
    pen, top = ground.pen(0.5, ground.horizon, 1.0), ground.line / ground.canvas.base - 0.02
    cloth = smooth([(0.3, top), (0.27, top * 0.6), (0.36, 0.02), (0.5, 0.02), (0.5, top)])
    for side in (-1, 1):
        pen.shape([(side * x, y) for x, y in cloth], light(ground.palette.accent, 0.45), 0.25)


def table(ground: Ground) -> None:
    wood, across = mix(of("a8693f"), ground.palette.air, ground.palette.share), ground.canvas.wide / ground.canvas.base
    slab(ground, ground.horizon + 0.06, (light(wood, 0.12), dark(wood, 0.25)))
    for share in (0.14, 0.3, 0.5, 0.75):
        pen = ground.pen(0.5, ground.horizon + 0.06 + (0.94 - ground.horizon) * share, 1.0)
        pen.stroke([(-across / 2, 0), (0, 0.006), (across / 2, 0)], dark(wood, 0.16), 0.003, line=False)


def frame(canvas: Canvas, hole: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = hole
    thick, wood = canvas.base // 55, of("fbf3e6")
    middle = (left + right) // 2, (top + bottom) // 2
    bars = ((left - thick, top - thick, right + thick, top),
                        (left - thick, bottom, right + thick, bottom + thick),
                        (left - thick, top, left, bottom), (right, top, right + thick, bottom),
                        (middle[0] - thick // 3, top, middle[0] + thick // 3, bottom),
                        (left, middle[1] - thick // 3, right, middle[1] + thick // 3))  # fmt: skip
    for box in bars:
        canvas.brush.rectangle(box, fill=wood)
        canvas.tracer.rectangle(box, outline=200, width=canvas.line)


NEAR: dict[str, Land] = {
    "meadow": meadow, "snowfield": snowfield, "street": street, "terraces": terraces, "desert": desert, "space": space,
    "room": room, "sea": sea, "waves": waves, "beach": beach, "pond": pond, "underwater": underwater,
}  # fmt: skip
