"""Plants – flowers and trees, and what grows under trees."""

import math
from functools import partial

from infra.embedded.pocket.colours import WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look, blush, eyes, smile
from infra.embedded.pocket.pen import Pen, Point, ring

STEM, LEAF, BARK = of("4f8f3f"), of("5fa64a"), of("7a5236")


def leaf(pen: Pen, middle: Point, turn: float, long: float, colour: Colour = LEAF) -> None:
    own = pen.at(*middle, turn=turn)
    own.blob([(0, 0), (long * 0.4, long * 0.2), (long, 0), (long * 0.4, -long * 0.2)], colour, 0.15)
    own.stroke([(long * 0.08, 0), (long * 0.8, 0)], dark(colour, 0.2), long * 0.03, line=False)


def petal(pen: Pen, turn: float, long: float, wide: float, colour: Colour) -> None:
    own = pen.at(0, 0, turn=turn)
    own.blob([(0, 0), (-wide * 0.8, long * 0.5), (-wide * 0.5, long * 0.92), (0, long), (wide * 0.5, long * 0.92),
              (wide * 0.8, long * 0.5)], colour, 0.12)  # fmt: skip


def stalk(pen: Pen, bend: float, high: float) -> None:
    pen.stroke([(0, 0), (bend * 0.4, high * 0.5), (bend, high)], STEM, 0.035, 0.8)
    leaf(pen, (bend * 0.2, high * 0.25), 0.6, 0.26)
    leaf(pen, (bend * 0.3, high * 0.4), math.pi - 0.5, 0.24)


def flower(pen: Pen, look: Look) -> None:
    """Draw a daisy with a face."""
    colour = look.one_of("ffffff", "ff9ab5", "f6cf5a", "b48ae8", "ff8a65")
    bend = look.chance.uniform(-0.12, 0.12)
    stalk(pen, bend, 0.7)
    head = pen.at(bend, 0.72, turn=-bend)
    count = look.chance.choice((8, 9, 11))
    for place in range(count):
        petal(head, math.tau * place / count, 0.29, 0.1, colour)
    head.oval((0, 0), (0.115, 0.115), look.second(of("f6b93b")), 0.2)
    eyes(head, (0, 0.015), 0.042, 0.015)
    blush(head, (0, -0.02), 0.07, 0.018)
    smile(head, (0, -0.03), 0.025)


def sunflower(pen: Pen, look: Look) -> None:
    colour, bend = look.main("f9c22e"), look.chance.uniform(-0.1, 0.1)
    stalk(pen, bend, 0.68)
    head = pen.at(bend, 0.7, turn=-bend)
    for layer, long in ((0.0, 0.31), (0.5, 0.27)):
        for place in range(15):
            petal(
                head, math.tau * (place + layer) / 15, long, 0.055, mix(colour, of("f08a24"), 0.3 - 0.6 * layer * 0.5)
            )
    head.oval((0, 0), (0.15, 0.15), of("6b4226"), 0.2)
    for place in range(46):
        reach, turn = 0.14 * math.sqrt(place / 46), place * 2.39996
        head.oval((reach * math.cos(turn), reach * math.sin(turn)), (0.008, 0.008), of("a8743c"), line=False)


def tulip(pen: Pen, look: Look) -> None:
    colour, bend = look.one_of("f0566a", "f9c22e", "b45ad9", "ff9ab5"), look.chance.uniform(-0.08, 0.08)
    stalk(pen, bend, 0.68)
    head = pen.at(bend, 0.64, turn=-bend)
    for side in (-1, 1):
        head.blob([(0, 0), (side * 0.18, 0.06), (side * 0.2, 0.36), (side * 0.06, 0.26)], dark(colour, 0.1), 0.15)
    head.blob([(0, -0.01), (-0.13, 0.1), (-0.09, 0.27), (0, 0.38), (0.09, 0.27), (0.13, 0.1)], colour, 0.2)


def rose(pen: Pen, look: Look) -> None:
    colour, bend = look.one_of("d9364f", "f58fb8", "fbe3c8"), look.chance.uniform(-0.08, 0.08)
    stalk(pen, bend, 0.66)
    head = pen.at(bend, 0.72, turn=-bend)
    for turn in (0.4, 1.3, 2.2, 3.1, 4.1, 5.2):
        petal(head, turn, 0.26, 0.17, dark(colour, 0.16))
    for reach, turns in ((0.16, 5), (0.1, 4), (0.05, 3)):
        for place in range(turns):
            turn = math.tau * place / turns + reach * 9
            spot = reach * 0.55 * math.cos(turn), reach * 0.55 * math.sin(turn)
            head.oval(spot, (reach * 0.85, reach * 0.75), light(colour, 0.3 - reach * 1.4), 0.2)


def lotus(pen: Pen, look: Look) -> None:
    """Draw sen, the lotus: petals in three rows above round leaves on the water."""
    colour = look.one_of("f48fb1", "f7a6c4", "fdf3f5")
    for x, y, wide in ((-0.42, 0.02, 0.3), (0.42, -0.02, 0.34), (0.05, -0.1, 0.36)):
        pad(pen, (x, y), wide)
    pen.stroke([(0.02, -0.05), (-0.03, 0.2), (0, 0.45)], STEM, 0.05)
    head = pen.at(0, 0.42)
    for row, (long, wide, spread) in enumerate(((0.46, 0.13, 1.25), (0.5, 0.14, 0.85), (0.5, 0.15, 0.42))):
        tone = mix(light(colour, 0.55), colour, 0.45 + 0.25 * row)
        for share in (-1, 1, -0.5, 0.5, 0)[: 5 - 2 * (row == 2)]:
            lotus_petal(head, share * spread, long, wide, tone)
    for share in (-1, 1):
        lotus_petal(head.at(0, -0.01), share * 1.0, 0.34, 0.12, light(colour, 0.3))
    lotus_petal(head, 0, 0.34, 0.14, light(colour, 0.45))


def lotus_petal(pen: Pen, turn: float, long: float, wide: float, colour: Colour) -> None:
    own = pen.at(0, 0, turn=turn)
    own.blob([(0, 0), (-wide * 0.7, long * 0.28), (-wide * 0.75, long * 0.6), (0, long), (wide * 0.75, long * 0.6),
              (wide * 0.7, long * 0.28)], colour, -0.2)  # fmt: skip


def pad(pen: Pen, middle: Point, wide: float) -> None:
    green = of("4f9a5f")
    outline = ring(middle, (wide, wide * 0.28), -1.2, math.tau - 1.5)
    pen.shape([middle, *outline], green, 0.2)
    for turn in (0.2, 1.0, 1.9, 2.7, 3.6, 4.3):
        end = middle[0] + wide * 0.8 * math.cos(turn), middle[1] + wide * 0.22 * math.sin(turn)
        pen.stroke([middle, end], light(green, 0.25), 0.012, line=False)


def blossom(usual: str, pen: Pen, look: Look) -> None:
    """Draw a flowering tree of Tết in the colour `usual`: peach in the north, apricot in the south."""
    colour = look.main(usual)
    pen.shadow(0.34)
    branches(pen, look, colour, 0.95)


def branches(pen: Pen, look: Look, colour: Colour, high: float) -> None:
    pen.stroke([(0, 0), (-0.05, high * 0.22), (0.03, high * 0.45), (-0.02, high * 0.6)], BARK, 0.11, 0.6)
    tips = [(-0.4, 0.5), (-0.34, 0.76), (-0.12, 0.92), (0.14, 0.94), (0.36, 0.78), (0.42, 0.54)]
    for x, y in tips:
        begin = (0.02, high * look.chance.uniform(0.35, 0.55))
        pen.stroke([begin, ((x + begin[0]) / 2, (y + begin[1]) / 2 + 0.05), (x, y * high)], BARK, 0.045, 0.4)
    for x, y in tips * 2:
        spot = x * 0.8 + look.chance.uniform(-0.1, 0.1), y * high + look.chance.uniform(-0.08, 0.05)
        cloudlet(pen, look, spot, light(colour, look.chance.uniform(0.2, 0.5)))
    for x, y in tips * 9:
        spot = x * 0.95 + look.chance.gauss(0, 0.09), y * high + look.chance.gauss(0, 0.08)
        five_petals(pen.at(*spot, turn=look.chance.uniform(0, 6)), look.chance.uniform(0.032, 0.05), colour)


def cloudlet(pen: Pen, look: Look, middle: Point, colour: Colour) -> None:
    wide = look.chance.uniform(0.07, 0.12)
    pen.oval(middle, (wide, wide * 0.8), colour, 0.12, line=False)


def five_petals(pen: Pen, size: float, colour: Colour) -> None:
    for place in range(5):
        turn = math.tau * place / 5
        pen.oval(
            (size * 0.75 * math.cos(turn), size * 0.75 * math.sin(turn)), (size * 0.62, size * 0.62), colour, line=False
        )
    pen.oval((0, 0), (size * 0.36, size * 0.36), of("fff1a8") if colour[2] > 110 else of("e0752c"), line=False)


def tree(pen: Pen, look: Look) -> None:
    colour = look.one_of(*TREES.get(look.mood, TREES[""]))
    pen.shadow(0.36)
    pen.stroke([(0, 0), (0.015, 0.25), (-0.01, 0.55)], BARK, 0.12, 0.7)
    for side in (-1, 1):
        pen.stroke([(0, 0.34), (side * 0.1, 0.46), (side * 0.17, 0.56)], BARK, 0.05, 0.6)
    spots = [(-0.24, 0.56, 0.2), (0.24, 0.55, 0.2), (-0.15, 0.74, 0.2), (0.17, 0.75, 0.2),
             (0, 0.62, 0.24), (0.01, 0.86, 0.17)]  # fmt: skip
    for x, y, wide in spots:
        size = wide * look.chance.uniform(0.94, 1.14)
        crown = [
            (x + size * a * look.chance.uniform(0.92, 1.08), y + size * b) for a, b in ring((0, 0), (1, 0.9))[:-1:3]
        ]
        pen.blob(crown, mix(colour, light(colour), max(0.0, y - 0.6)), 0.28)
    for _ in range(14):
        x, y = look.chance.uniform(-0.3, 0.3), look.chance.uniform(0.5, 0.9)
        pen.stroke([(x - 0.025, y), (x, y - 0.018), (x + 0.025, y)], light(colour, 0.35), 0.014, line=False)


TREES = {
    "": ("6fb04a", "58a05a", "86b84e"),
    "autumn": ("e8862d", "d9532c", "f0b43c"),
    "golden": ("c9803a", "a8763c"),
    "winter": ("e8f0f6", "d5e3ee"),
    "neon": ("c23bd6", "2fb8c9"),
}


def pine(pen: Pen, look: Look) -> None:
    colour = look.main("3f7f5c")
    pen.shadow(0.3)
    pen.box((-0.05, 0), (0.05, 0.16), BARK, 0.2)
    for place, (y, wide) in enumerate(((0.1, 0.36), (0.34, 0.29), (0.57, 0.21))):
        tier = [(-wide, y), (-wide * 0.5, y + 0.04), (0, y - 0.01), (wide * 0.5, y + 0.04), (wide, y)]
        pen.shape(
            [*tier, (wide * 0.3, y + 0.24), (0, y + 0.43), (-wide * 0.3, y + 0.24)], light(colour, 0.09 * place), 0.3
        )
        if look.mood == "winter":
            pen.blob([(0, y + 0.43), (-wide * 0.34, y + 0.22), (-wide * 0.1, y + 0.27),
                      (wide * 0.14, y + 0.21), (wide * 0.34, y + 0.24)], WHITE, line=False)  # fmt: skip


def bamboo(pen: Pen, look: Look) -> None:
    colour = look.one_of("7fb04a", "6a9f4f")
    for x in (-0.2, 0.16, -0.02):
        lean, wide = look.chance.uniform(-0.06, 0.06), look.chance.uniform(0.045, 0.065)
        tone = mix(colour, of("c9c25a"), look.chance.uniform(0, 0.4))
        for joint in range(6):
            foot, top = joint / 6, (joint + 1) / 6
            pen.stroke([(x + lean * foot, foot + 0.015), (x + lean * top, top - 0.012)], tone, wide)
        for joint in (2, 3, 4, 5, 6):
            spot = (x + lean * joint / 6, joint / 6)
            for turn in (-0.5, -0.9, math.pi + 0.5, math.pi + 0.9):
                if look.chance.random() < 0.6:
                    leaf(pen, spot, turn + look.chance.uniform(-0.2, 0.2), 0.19, light(colour, 0.1))


def palm(pen: Pen, look: Look) -> None:
    colour, bend = look.main("4fa05a"), look.chance.choice((-1, 1)) * look.chance.uniform(0.1, 0.22)
    pen.shadow(0.22)
    pen.stroke([(0, 0), (bend * 0.25, 0.35), (bend, 0.76)], of("a07a52"), 0.085, 0.6)
    for share in (0.15, 0.3, 0.45, 0.6, 0.75):
        x, y = bend * share**1.7, 0.76 * share
        pen.stroke([(x - 0.035, y), (x, y - 0.012), (x + 0.035, y)], of("7a5a3a"), 0.012, line=False)
    for turn in (-0.5, 0.1, 0.7, 1.6, 2.4, 3.0, 3.6):
        across, up = math.cos(turn), math.sin(turn)
        tip = bend + 0.42 * across, 0.76 + 0.2 * up - 0.12
        middle = bend + 0.25 * across, 0.79 + 0.2 * up
        pen.blob(
            [(bend, 0.76), (middle[0], middle[1] + 0.045), tip, (middle[0], middle[1] - 0.055)],
            mix(colour, light(colour), max(0.0, up) * 0.5),
            0.2,
        )
    for side in (-0.04, 0.04, 0.0):
        pen.oval((bend + side, 0.73 - abs(side) * 0.3), (0.038, 0.042), of("8a5a34"))


def mushroom(pen: Pen, look: Look) -> None:
    colour = look.main("e0413a")
    pen.shadow(0.3)
    pen.blob([(-0.14, 0.02), (-0.11, 0.3), (-0.13, 0.5), (0.13, 0.5), (0.11, 0.3), (0.14, 0.02)], of("f8ecd8"), 0.25)
    pen.blob([(-0.42, 0.5), (-0.38, 0.74), (0, 0.98), (0.38, 0.74), (0.42, 0.5), (0, 0.42)], colour, 0.25)
    for x, y, size in ((-0.2, 0.7, 0.075), (0.04, 0.82, 0.07), (0.24, 0.64, 0.08), (-0.03, 0.58, 0.05)):
        pen.oval((x, y), (size, size * 0.85), of("fff8ee"), line=False)
    eyes(pen, (0, 0.3), 0.06, 0.024)
    blush(pen, (0, 0.25), 0.095, 0.025)
    smile(pen, (0, 0.245), 0.03)


def cactus(pen: Pen, look: Look) -> None:
    colour = look.main("5aa05f")
    pen.shadow(0.26)
    for side, low in ((-1, 0.36), (1, 0.46)):
        pen.stroke([(0, low), (side * 0.24, low + 0.02), (side * 0.26, low + 0.26)], colour, 0.13)
    pen.round_box((-0.13, 0), (0.13, 0.95), colour, 0.25, bend=1.0)
    for x in (-0.06, 0.06):
        pen.stroke([(x, 0.1), (x, 0.86)], dark(colour, 0.2), 0.012, line=False)
    eyes(pen, (0, 0.62), 0.06, 0.024)
    smile(pen, (0, 0.56), 0.03)
    five_petals(pen.at(0.02, 0.96), 0.07, of("ff7fa5"))


PLANTS: dict[str, Draw] = {
    "flower": flower, "sunflower": sunflower, "tulip": tulip, "rose": rose, "lotus": lotus, "tree": tree, "pine": pine,
    "bamboo": bamboo, "palm": palm, "mushroom": mushroom, "cactus": cactus, "blossom": partial(blossom, "ff8fb0"),
    "apricot": partial(blossom, "f9cf3f"),
}  # fmt: skip
