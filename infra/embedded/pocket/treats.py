"""Treats – small things people love: coffee, phở, lanterns, kites, hearts, gifts."""

import math

from infra.embedded.pocket.colours import INK, WHITE, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look, blush, eyes, smile
from infra.embedded.pocket.pen import Pen, ring


def steam(pen: Pen, x: float, y: float, high: float) -> None:
    for place in (-1, 0, 1):
        path = [(x + place * 0.13 + 0.035 * math.sin(step * 1.7 + place), y + high * step / 5) for step in range(6)]
        pen.stroke(path, mix(WHITE, pen.air, 0.1), 0.035, 0.25, line=False)


def cup(pen: Pen, look: Look) -> None:
    """Draw a smiling cup of coffee."""
    colour = look.one_of("f7f1e6", "f2a7a0", "9cc9d9", "f6cf7a", "b5d3a0")
    pen.shadow(0.62)
    pen.oval((0, 0.06), (0.6, 0.1), light(colour, 0.3), 0.2)
    pen.oval((0, 0.075), (0.4, 0.055), dark(colour, 0.08), line=False)
    pen.stroke([(0.3, 0.5), (0.54, 0.52), (0.55, 0.28), (0.27, 0.22)], colour, 0.075)
    pen.blob([(-0.38, 0.62), (-0.37, 0.32), (-0.22, 0.08), (0.22, 0.08), (0.37, 0.32), (0.38, 0.62)], colour, 0.2)
    pen.oval((0, 0.62), (0.385, 0.085), light(colour, 0.3))
    pen.oval((0, 0.61), (0.34, 0.066), of("6b3f24"))
    pen.oval((0, 0.612), (0.2, 0.038), of("c89562"), line=False)
    pen.oval((0, 0.615), (0.1, 0.018), of("f3ddb8"), line=False)
    eyes(pen, (0, 0.37), 0.13, 0.038)
    blush(pen, (0, 0.31), 0.21, 0.045)
    smile(pen, (0, 0.31), 0.05)
    steam(pen, 0, 0.7, 0.34)


def bowl(pen: Pen, look: Look) -> None:
    """Draw a bowl of phở: noodles, herbs, beef, half an egg, and steam."""
    colour = look.one_of("3f6fb8", "c9453a", "2f8f7a")
    pen.shadow(0.62)
    pen.round_box((-0.22, 0), (0.22, 0.1), dark(colour, 0.15), bend=0.3)
    for tilt in (0.0, 0.07):
        pen.stroke([(0.12, 0.5), (0.72, 0.93 - tilt)], of("a8683f"), 0.03, 0.8)
    pen.oval((0, 0.48), (0.6, 0.14), of("fbf5e8"))
    pen.oval((0, 0.475), (0.53, 0.11), of("e0a95a"))
    noodles(pen)
    front = [
        (0.6 * math.cos(turn), 0.48 + 0.14 * math.sin(turn)) for turn in (math.pi + math.pi * s / 18 for s in range(19))
    ]
    pen.shape([*front, (0.5, 0.24), (0.24, 0.06), (-0.24, 0.06), (-0.5, 0.24)], colour, 0.25)
    eyes(pen, (0, 0.22), 0.13, 0.034)
    blush(pen, (0, 0.17), 0.21, 0.04)
    smile(pen, (0, 0.17), 0.045)
    steam(pen, -0.1, 0.66, 0.34)


def noodles(pen: Pen) -> None:
    """Draw noodles with slices of beef, half an egg and herbs."""
    for place in range(9):
        x = -0.4 + 0.08 * place
        pen.stroke([(x, 0.45), (x + 0.1, 0.5), (x + 0.2, 0.44), (x + 0.26, 0.47)], of("fdf3d8"), 0.026, line=False)
    for x, y in ((-0.3, 0.5), (-0.14, 0.54), (0.3, 0.52)):
        pen.blob([(x - 0.1, y), (x, y + 0.045), (x + 0.1, y), (x, y - 0.035)], of("b5654f"), line=False)
    pen.oval((0.14, 0.49), (0.1, 0.055), WHITE, line=False)
    pen.oval((0.14, 0.49), (0.055, 0.03), of("f6a92b"), line=False)
    for x, y, turn in ((-0.06, 0.46, 0.3), (0.04, 0.55, 2.0), (-0.22, 0.44, 1.0), (0.34, 0.46, 2.6)):
        pen.at(x, y, turn=turn).blob([(-0.06, 0), (0, 0.025), (0.06, 0), (0, -0.025)], of("4f9a3f"), line=False)


def lantern(pen: Pen, look: Look) -> None:
    """Draw a silk lantern of Hội An, hanging from `pen`."""
    colour = look.one_of("e0413a", "f6a92b", "d9569a", "8e62d9", "3fa78a")
    pen = pen.through(of("ff9a4a"), 0.12)  # its own light is not dimmed by air
    pen.stroke([(0, 0.4), (0, 0.1)], of("5a3d2c"), 0.025, line=False)
    pen.glow((0, -0.25), 0.95, mix(colour, of("7a3a0a"), 0.4))
    outline = [(-0.1, 0.06), (-0.36, -0.12), (-0.38, -0.34), (-0.1, -0.56), (0.1, -0.56), (0.38, -0.34),
               (0.36, -0.12), (0.1, 0.06)]  # fmt: skip
    pen.blob(outline, colour, 0.12)
    for share in (0.72, 0.36):
        pen.blob([(x * share, y) for x, y in outline], mix(colour, of("ffdf8a"), 0.06 + 0.3 * (1 - share)), line=False)
    for share in (-0.72, -0.36, 0.36, 0.72):
        pen.stroke(
            [(x * share, y) for x, y in ((0.1, 0.05), (0.36, -0.12), (0.38, -0.34), (0.1, -0.55))],
            dark(colour, 0.25),
            0.012,
            line=False,
        )
    for y in (0.04, -0.61):
        pen.round_box((-0.13, y), (0.13, y + 0.07), of("f0c24a"), 0.2, bend=0.4)
    for x in (-0.05, 0.0, 0.05):
        pen.stroke([(x * 0.6, -0.62), (x, -0.92)], mix(colour, of("f0c24a"), 0.3), 0.028, 0.7, line=False)


def kite(pen: Pen, look: Look) -> None:
    colour = look.one_of("e8566f", "4a9fd8", "f6b93b")
    other = look.second(of("fff0c8"))
    pen = pen.at(0, 0.5, turn=look.chance.uniform(-0.5, 0.5))
    pen.stroke([(0, -0.4), (0.14, -0.6), (-0.04, -0.8), (0.12, -1.0), (0.0, -1.2)], dark(colour, 0.1), 0.02, line=False)
    for x, y in ((0.13, -0.6), (-0.02, -0.8), (0.1, -1.0)):
        pen.shape([(x, y), (x - 0.09, y + 0.05), (x - 0.09, y - 0.05)], other)
        pen.shape([(x, y), (x + 0.09, y + 0.05), (x + 0.09, y - 0.05)], other)
    for side, tip, tone in ((-1, 0.46, colour), (1, 0.46, other), (-1, -0.42, other), (1, -0.42, colour)):
        pen.shape([(0, tip), (side * 0.32, 0.08), (0, 0.08)], tone, 0.15)


HEART = [
    (
        16 * math.sin(turn) ** 3 / 34,
        (13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn) - math.cos(4 * turn)) / 34 + 0.5,
    )
    for turn in (math.tau * step / 60 for step in range(60))
]


def heart(pen: Pen, look: Look) -> None:
    colour = look.one_of("e8415a", "f2668a")
    pen = pen.at(0, 0, turn=look.chance.uniform(-0.14, 0.14))
    pen.shape(HEART, colour, 0.3)
    pen.blob([(-0.3, 0.74), (-0.24, 0.83), (-0.13, 0.84), (-0.22, 0.74), (-0.27, 0.62)], light(colour, 0.6), line=False)
    eyes(pen, (0, 0.56), 0.13, 0.04)
    blush(pen, (0, 0.49), 0.2, 0.045)
    smile(pen, (0, 0.49), 0.05)


def gift(pen: Pen, look: Look) -> None:
    colour = look.one_of("e0453f", "4a9fd8", "7cc4a4")
    ribbon = look.second(of("f9d05a"))
    pen.shadow(0.5)
    pen.box((-0.38, 0), (0.38, 0.5), colour, 0.25)
    pen.box((-0.08, 0), (0.08, 0.5), ribbon, 0.2)
    pen.round_box((-0.44, 0.46), (0.44, 0.64), light(colour, 0.14), 0.1, bend=0.2)
    pen.box((-0.08, 0.46), (0.08, 0.64), ribbon)
    for side in (-1, 1):
        pen.blob(
            [(0, 0.65), (side * 0.12, 0.84), (side * 0.3, 0.88), (side * 0.3, 0.72), (side * 0.14, 0.65)], ribbon, 0.2
        )
    pen.oval((0, 0.68), (0.07, 0.06), dark(ribbon, 0.12))


def apple(pen: Pen, look: Look) -> None:
    colour = look.one_of("e0413a", "f6a23b", "8cc04a")
    pen.shadow(0.42)
    pen.blob([(0, 0.03), (-0.24, 0.02), (-0.42, 0.3), (-0.38, 0.62), (-0.18, 0.74), (0, 0.67), (0.18, 0.74),
              (0.38, 0.62), (0.42, 0.3), (0.24, 0.02)], colour, 0.25)  # fmt: skip
    pen.wash(ring((-0.22, 0.56), (0.06, 0.1)), WHITE, 0.45)
    pen.stroke([(0, 0.68), (0.02, 0.8), (0.07, 0.88)], of("6b4630"), 0.045)
    pen.blob([(0.04, 0.79), (0.14, 0.93), (0.34, 0.94), (0.22, 0.8)], of("5fa64a"), 0.15)
    eyes(pen, (0, 0.36), 0.13, 0.04)
    blush(pen, (0, 0.29), 0.21, 0.045)
    smile(pen, (0, 0.29), 0.05)


def cake(pen: Pen, look: Look) -> None:
    cream = look.one_of("fdf0e2", "f8c8d4", "c9e3f0")
    pen.shadow(0.56)
    pen.oval((0, 0.05), (0.58, 0.09), of("d9dce6"))
    for low, half, tone in ((0.06, 0.46, of("c98d54")), (0.36, 0.32, of("b9784a"))):
        pen.round_box((-half, low), (half, low + 0.32), tone, 0.2, bend=0.25)
        drip = [(-half, low + 0.34), (half, low + 0.34)]
        drip += [(half - 2 * half * step / 8, low + (0.22 if step % 2 else 0.13)) for step in range(9)]
        pen.blob(drip, cream, 0.05)
    for x, code in ((-0.18, "f58fb8"), (0.0, "6cc3f2"), (0.18, "f6cf3c")):
        pen.stroke([(x, 0.7), (x, 0.88)], of(code), 0.045)
        pen.blob([(x - 0.03, 0.92), (x, 0.88), (x + 0.03, 0.92), (x, 1.0)], of("ffb02e"), line=False)
        pen.glow((x, 0.94), 0.14, of("c9882f"))
    for x in (-0.36, -0.12, 0.12, 0.36):
        pen.oval((x, 0.42), (0.045, 0.045), of("e0413a"))


def book(pen: Pen, look: Look) -> None:
    colour = look.one_of("b5443a", "3f6fb8", "3f8f6b")
    pen.shadow(0.66)
    for side in (-1, 1):
        pen.shape([(0, 0.06), (side * 0.66, 0.14), (side * 0.66, 0.56), (0, 0.46)], colour, 0.2)
        page = [(0, 0.11), (side * 0.3, 0.21), (side * 0.61, 0.18), (side * 0.61, 0.58), (side * 0.3, 0.61), (0, 0.5)]
        pen.shape(page, of("fdf6e6"), 0.12)
        for row in range(5):
            y = 0.49 - 0.07 * row
            pen.stroke(
                [(side * 0.1, y), (side * 0.3, y + 0.055), (side * 0.53, y + 0.04)], of("b9ab98"), 0.014, line=False
            )
    for x, y, size in ((-0.2, 0.78, 0.06), (0.06, 0.92, 0.09), (0.28, 0.76, 0.05)):
        rays = ((size, size * 0.34)[step % 2] for step in range(8))
        pen.shape(
            [
                (x + ray * math.sin(turn * math.pi / 4), y + ray * math.cos(turn * math.pi / 4))
                for turn, ray in enumerate(rays)
            ],
            of("f9d05a"),
        )
        pen.glow((x, y), size * 2.5, of("a87a2a"))


def umbrella(pen: Pen, look: Look) -> None:
    colour = look.one_of("e0453f", "f6b93b", "4a9fd8")
    pen.shadow(0.3)
    pen.stroke([(0, 0.92), (0, 0.12), (0.05, 0.03), (0.13, 0.05), (0.14, 0.12)], of("6b4630"), 0.035)
    dome = ring((0, 0.52), (0.56, 0.42), 0, math.pi)
    hem = [(-0.56 + 1.12 * step / 24, 0.52 + 0.07 * abs(math.sin(math.pi * step / 6))) for step in range(25)]
    pen.shape([*dome, *hem], colour, 0.2)
    other = look.second(light(colour, 0.65))
    for left, right in ((-0.37, -0.19), (0.0, 0.19)):
        pen.blob([(0, 0.935), (left * 0.85, 0.78), (left, 0.55), ((left + right) / 2, 0.59),
                  (right, 0.55), (right * 0.85, 0.78)], other, line=False)  # fmt: skip
    pen.stroke([(0, 0.92), (0, 0.99)], INK, 0.03, 0.5)


TREATS: dict[str, Draw] = {
    "cup": cup, "bowl": bowl, "lantern": lantern, "kite": kite, "heart": heart, "gift": gift, "apple": apple,
    "cake": cake, "book": book, "umbrella": umbrella,
}  # fmt: skip
