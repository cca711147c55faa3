"""Waters – the sea and its waves, a beach, a pond, and the world under water."""

import math
from random import Random

from infra.embedded.pocket.colours import WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.ground import Ground, fill_below, mirror, reflect, ridge, slab
from infra.embedded.pocket.pen import Pen, ring, smooth
from infra.embedded.pocket.skies import wide_gradient


def sea(ground: Ground) -> None:
    """Draw water to the horizon of `ground`, with light on top and waves that grow towards the viewer."""
    palette, chance = ground.palette, ground.chance
    mirrored = mirror(ground)
    slab(ground, ground.horizon, (mix(palette.water[0], palette.sky[2], 0.3), palette.water[0], palette.water[1]))
    reflect(ground, mirrored, 110)
    for _ in range(70):
        near = chance.random() ** 1.4
        y = ground.horizon + 0.012 + (0.97 - ground.horizon) * near
        wide = 0.015 + 0.06 * near * chance.uniform(0.5, 1.3)
        pen = ground.pen(chance.random(), y, 1.0)
        tone = mix(palette.water[0], WHITE, 0.45) if chance.random() < 0.6 else dark(palette.water[1], 0.15)
        pen.stroke([(-wide, 0), (0, 0.003 + 0.004 * near), (wide, 0)], tone, 0.003 + 0.0035 * near, 0.4, line=False)


def waves(ground: Ground) -> None:
    sea(ground)
    for row in range(4):
        breaker(ground, 0.74 + 0.08 * row, 0.05 + 0.02 * row, row)


def breaker(ground: Ground, y: float, tall: float, row: int) -> None:
    """Draw a row of curling waves from side to side."""
    palette, chance = ground.palette, ground.chance
    tone = mix(palette.water[0], palette.water[1], 0.3 + 0.2 * row)
    step = tall * 2.6 * ground.canvas.base / ground.canvas.wide
    x = -step * chance.random()
    while x < 1.05:
        wave(ground.pen(x, y, tall * chance.uniform(0.85, 1.2)), tone)
        x += step * chance.uniform(0.85, 1.05)


def wave(pen: Pen, tone: Colour) -> None:
    body = [(-1.7, -0.5), (-1.1, -0.1), (-0.45, 0.55), (0.15, 0.98), (0.72, 0.98), (1.0, 0.62),
            (0.82, 0.36), (0.9, 0.0), (1.7, -0.5), (1.7, -4), (-1.7, -4)]  # fmt: skip
    pen.shape(smooth(body, closed=True), tone, 0.1)
    foam = [(-0.7, 0.3), (-0.2, 0.76), (0.3, 1.06), (0.8, 1.04), (1.1, 0.66), (0.92, 0.4), (0.82, 0.6),
            (0.6, 0.78), (0.2, 0.74), (-0.25, 0.5)]  # fmt: skip
    pen.blob(foam, mix(WHITE, tone, 0.08))
    for x, y in ((1.1, 0.55), (0.98, 0.33), (1.22, 0.78)):
        pen.oval((x, y), (0.09, 0.09), WHITE, line=False)
    for share in (0.2, 0.45):
        pen.stroke(
            [(-0.9 + share, -0.1), (-0.2 + share, 0.4 - share * 0.4), (0.35 + share * 0.5, 0.55 - share * 0.6)],
            light(tone, 0.35),
            0.05,
            0.4,
            line=False,
        )


def beach(ground: Ground) -> None:
    """Draw sand in front of the sea."""
    sea(ground)
    canvas, palette = ground.canvas, ground.palette
    sand = mix(of("f0d9a6"), palette.ground[0], 0.3)
    edge = smooth([(-0.05, 0.84), (0.2, 0.815), (0.45, 0.845), (0.7, 0.81), (1.05, 0.84)])
    for lift, tone in ((-0.022, mix(WHITE, palette.water[0], 0.3)), (-0.008, WHITE)):
        fill_below(ground, [(x, y + lift) for x, y in edge], tone, outline=False)
    fill_below(ground, edge, mix(sand, palette.air, palette.share), 0.12)
    for _ in range(60):
        x, y = ground.chance.random() * canvas.wide, ground.chance.uniform(0.87, 1) * canvas.high
        size = canvas.base * 0.0022
        canvas.brush.ellipse((x - size, y - size, x + size, y + size), fill=dark(sand, 0.16))


def pond(ground: Ground) -> None:
    """Draw still water that reflects the sky above `ground`."""
    palette, chance = ground.palette, ground.chance
    mirrored = mirror(ground)
    slab(
        ground,
        ground.horizon,
        (mix(palette.water[0], palette.sky[2], 0.45), mix(palette.water[0], palette.ground[0], 0.25), palette.water[1]),
    )
    reflect(ground, mirrored, 120)
    for _ in range(22):
        near = chance.random()
        pen = ground.pen(chance.random(), ground.horizon + 0.02 + (0.96 - ground.horizon) * near, 0.03 + 0.06 * near)
        pen.oval((0, 0), (1, 0.28), mix(of("5a9f68"), palette.water[1], 0.35 * chance.random()), 0.15)
    for _ in range(16):
        y = chance.uniform(ground.horizon + 0.05, 0.97)
        ground.pen(chance.random(), y, 1.0).stroke(
            [(-0.06, 0), (0, 0.002), (0.06, 0)], light(palette.water[0], 0.4), 0.003, 0.4, line=False
        )


def underwater(ground: Ground) -> None:
    """Draw light from above, sand below, weed and bubbles in between."""
    canvas, palette, chance = ground.canvas, ground.palette, ground.chance
    canvas.colour.paste(
        wide_gradient((canvas.wide, canvas.high), (of("8fe3e0"), of("2fa3c4"), of("0f5f96"), of("0b3f73"))), (0, 0)
    )
    for _ in range(6):
        x, wide = chance.uniform(0, 1), chance.uniform(0.03, 0.08)
        ground.pen(x, 0, 1.0).wash(
            [(-wide, 0), (wide, 0), (wide * 3.4 - 0.2, -1.1), (-wide * 3.4 - 0.2, -1.1)], of("e6fff8"), 0.1
        )
    fill_below(ground, ridge(ground, 0.9, 0.012, 2), mix(of("e3cf98"), of("2f86a8"), 0.35), 0.3)
    for x in (0.06, 0.14, 0.24, 0.78, 0.88, 0.95):
        weed(ground.pen(x + chance.uniform(-0.03, 0.03), 0.95, chance.uniform(0.16, 0.34)), chance)
    for x in (0.33, 0.68):
        coral(ground.pen(x + chance.uniform(-0.05, 0.05), 0.95, chance.uniform(0.11, 0.17)), chance)
    for _ in range(26):
        size = chance.uniform(0.004, 0.016)
        pen = ground.pen(chance.random(), chance.uniform(0.08, 0.85), size)
        pen.wash(ring((0, 0), (1, 1)), of("eafffb"), 0.28)
        pen.wash(ring((-0.3, 0.3), (0.28, 0.28)), WHITE, 0.8)
    _ = palette


def weed(pen: Pen, chance: Random) -> None:
    tone = of(chance.choice(("2f9a6b", "4fb05a", "1f7f6b")))
    for shift in (-0.14, 0.0, 0.15):
        high = chance.uniform(0.6, 1.0)
        path = [(shift + 0.07 * math.sin(step * 1.4 + shift * 9), high * step / 6) for step in range(7)]
        pen.stroke(path, mix(tone, of("0f5f96"), abs(shift)), 0.1, 0.2)


def coral(pen: Pen, chance: Random) -> None:
    tone = of(chance.choice(("ff7f6b", "ff9ac0", "f6b04a")))
    for lean in (-0.7, -0.3, 0.05, 0.4, 0.75):
        tip = (lean * 0.7, 1.0 - abs(lean) * 0.4)
        pen.stroke([(0, 0), (lean * 0.35, 0.45), tip], tone, 0.16, 0.7)
        pen.stroke([(lean * 0.35, 0.45), (lean * 0.35 + 0.14, 0.72)], light(tone, 0.15), 0.1, 0.8)
