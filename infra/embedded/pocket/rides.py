"""Rides – vehicles on water, on wheels, in the air, and to the moon."""

import math

from infra.embedded.pocket.colours import INK, WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look
from infra.embedded.pocket.pen import Pen, Point, ring

GLASS, TYRE, STEEL = of("bfe3f2"), of("2f2c38"), of("c5ccd8")


def wheel(pen: Pen, middle: Point, radius: float, spokes: int = 0) -> None:
    if spokes:
        pen.stroke(
            [*ring(middle, (radius, radius))[::3], ring(middle, (radius, radius))[0]], TYRE, radius * 0.14, line=False
        )
        for place in range(spokes):
            turn = math.tau * place / spokes
            rim = middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)
            pen.stroke([middle, rim], STEEL, radius * 0.035, line=False)
    else:
        pen.oval(middle, (radius, radius), TYRE)
        pen.oval(middle, (radius * 0.56, radius * 0.56), STEEL, 0.2)
    pen.oval(middle, (radius * 0.16, radius * 0.16), TYRE, line=False)


def boat(pen: Pen, look: Look) -> None:
    """Draw a junk under ribbed sails."""
    sail = look.one_of("d9653b", "c9452f", "f0b45a", "f7ead0")
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    pen.wash(ring((0, 0.0), (0.62, 0.06)), of("0e2a4a"), 0.3)
    pen.stroke([(0.02, 0.18), (0.02, 0.98)], of("6b4630"), 0.028)
    pen.stroke([(-0.3, 0.18), (-0.3, 0.76)], of("6b4630"), 0.024)
    fan(pen.at(0.03, 0.27), sail, 0.66)
    fan(pen.at(-0.29, 0.27, 0.72), light(sail, 0.12), 0.66)
    hull = [(-0.6, 0.27), (-0.48, 0.06), (-0.36, 0.0), (0.36, 0.0), (0.5, 0.08), (0.66, 0.33), (0.4, 0.2), (-0.4, 0.18)]
    pen.shape(hull, of("8a5532"), 0.35)
    pen.stroke([(-0.59, 0.265), (-0.4, 0.185), (0.0, 0.18), (0.4, 0.2), (0.66, 0.33)], of("c98d54"), 0.035)
    pen.stroke([(-0.5, 0.1), (0, 0.075), (0.52, 0.11)], of("5d3820"), 0.014, line=False)
    pen.oval((0.5, 0.19), (0.03, 0.03), WHITE)
    pen.oval((0.505, 0.19), (0.014, 0.014), INK, line=False)
    for x, wide in ((-0.5, 0.2), (0.1, 0.34), (0.52, 0.18)):
        pen.stroke([(x - wide, -0.005), (x, 0.012), (x + wide, -0.005)], WHITE, 0.022, 0.4, line=False)


def fan(pen: Pen, colour: Colour, high: float) -> None:
    """Draw a sail on the mast in `colour`, with ribs spread from the foot."""
    edge = [(0.0, 0.0), (0.42, 0.06), (0.46, 0.26), (0.42, 0.45), (0.3, high), (0.02, high * 1.03), (-0.06, 0.3)]
    pen.shape(edge, colour, 0.25)
    for share in (0.2, 0.42, 0.62, 0.82):
        left = -0.06 + 0.1 * abs(share - 0.45), 0.02 + high * share
        right = 0.45 - 0.12 * max(0.0, share - 0.5), 0.05 + high * share * 0.92
        pen.stroke([left, right], dark(colour, 0.4), 0.015, line=False)


def car(pen: Pen, look: Look) -> None:
    """Draw a small round car with luggage on the roof."""
    colour = look.one_of("e0453f", "4a9fd8", "f6c445", "7cc4a4", "f58fb8")
    pen.shadow(0.74, 0.34)
    pen = pen.at(0, 0.03, flip=look.chance.random() < 0.5)
    pen.round_box((-0.25, 0.72), (0.07, 0.83), of("a8683f"), 0.2)
    pen.round_box((-0.16, 0.8), (0.03, 0.89), of("d9a05a"), 0.2)
    pen.blob([(-0.42, 0.36), (-0.36, 0.64), (-0.12, 0.73), (0.16, 0.71), (0.36, 0.44), (0.3, 0.36)], colour, 0.05)
    pen.blob([(-0.33, 0.42), (-0.29, 0.6), (-0.12, 0.66), (-0.06, 0.66), (-0.06, 0.42)], GLASS, -0.5)
    pen.blob([(-0.01, 0.42), (-0.01, 0.66), (0.12, 0.65), (0.27, 0.45), (0.25, 0.42)], GLASS, -0.5)
    pen.blob(
        [(-0.7, 0.12), (-0.7, 0.32), (-0.6, 0.42), (0.36, 0.43), (0.62, 0.36), (0.7, 0.24), (0.68, 0.12)], colour, 0.28
    )
    pen.stroke([(-0.68, 0.25), (0.0, 0.27), (0.68, 0.22)], look.second(light(colour, 0.65)), 0.03, line=False)
    pen.stroke([(-0.04, 0.16), (-0.045, 0.41)], dark(colour, 0.3), 0.01, line=False)
    pen.stroke([(-0.17, 0.345), (-0.1, 0.345)], dark(colour, 0.4), 0.022, line=False)
    pen.oval((0.62, 0.29), (0.055, 0.065), of("fff0b8"))
    pen.oval((-0.685, 0.3), (0.022, 0.045), of("ff6b5e"))
    if look.palette.dark:
        pen.glow((0.75, 0.27), 0.3, of("c9a24a"))
    pen.round_box((-0.75, 0.08), (0.75, 0.15), STEEL, 0.2, bend=1.0)
    for x in (-0.4, 0.4):
        pen.oval((x, 0.17), (0.19, 0.19), dark(colour, 0.42))
        wheel(pen, (x, 0.13), 0.16)


BUNCH = (
    (-0.5, 0.74, "f58fb8"),
    (-0.4, 0.8, "f6c445"),
    (-0.31, 0.74, "e0566a"),
    (-0.44, 0.68, "ffffff"),
    (-0.35, 0.68, "b48ae8"),
)


def basket_of_flowers(pen: Pen) -> None:
    for x, y, code in BUNCH:
        pen.stroke([(-0.4, 0.5), (x, y)], of("4f8f3f"), 0.02, line=False)
        pen.oval((x, y), (0.062, 0.062), of(code))
        pen.oval((x, y), (0.022, 0.022), of("f6a92b"), line=False)


def motorbike(pen: Pen, look: Look) -> None:
    """Draw a scooter with flowers from the market."""
    colour = look.one_of("5fbfae", "e0453f", "f6c445", "4a86d8")
    pen.shadow(0.55, 0.34)
    pen = pen.at(0, 0.02, flip=look.chance.random() < 0.5)
    basket_of_flowers(pen)
    wheel(pen, (-0.37, 0.16), 0.16)
    wheel(pen, (0.42, 0.16), 0.16)
    pen.stroke([(0.42, 0.16), (0.36, 0.44), (0.27, 0.78)], STEEL, 0.05)
    pen.blob([(-0.6, 0.24), (-0.52, 0.46), (-0.2, 0.5), (-0.08, 0.24), (-0.1, 0.13), (0.14, 0.12), (0.24, 0.34),
              (0.22, 0.66), (0.34, 0.66), (0.35, 0.3), (0.22, 0.04), (-0.2, 0.05), (-0.3, 0.3), (-0.5, 0.2)],
             colour, 0.2)  # fmt: skip
    pen.blob([(0.24, 0.22), (0.34, 0.38), (0.52, 0.36), (0.6, 0.2), (0.42, 0.28)], colour, 0.15)
    pen.blob([(-0.56, 0.47), (-0.5, 0.55), (-0.2, 0.56), (-0.06, 0.5), (-0.14, 0.46)], of("6b4630"))
    pen.round_box((-0.52, 0.53), (-0.28, 0.64), of("d9a05a"), 0.2, bend=0.2)
    pen.oval((0.31, 0.74), (0.085, 0.075), colour)
    pen.oval((0.37, 0.74), (0.045, 0.055), of("fff0b8"))
    pen.stroke([(0.27, 0.79), (0.16, 0.86), (0.1, 0.84)], INK, 0.04)
    pen.stroke([(0.24, 0.82), (0.25, 0.95)], STEEL, 0.015, line=False)
    pen.oval((0.25, 0.97), (0.05, 0.04), STEEL)
    if look.palette.dark:
        pen.glow((0.46, 0.74), 0.28, of("c9a24a"))


def bicycle(pen: Pen, look: Look) -> None:
    colour = look.one_of("2f8f8a", "d9453f", "3f6fb8")
    pen.shadow(0.55, 0.26)
    pen = pen.at(0, 0.02, flip=look.chance.random() < 0.5)
    back, front, pedal, saddle, bar = (-0.38, 0.24), (0.4, 0.24), (-0.02, 0.22), (-0.14, 0.58), (0.28, 0.62)
    wheel(pen, back, 0.23, 12)
    wheel(pen, front, 0.23, 12)
    for line in ((back, pedal), (back, saddle), (saddle, pedal), (pedal, bar), (saddle, bar), (front, bar)):
        pen.stroke(list(line), colour, 0.042)
    pen.stroke([bar, (0.25, 0.72), (0.14, 0.74)], INK, 0.035)
    pen.blob([(-0.26, 0.64), (-0.14, 0.68), (-0.02, 0.63), (-0.14, 0.6)], of("6b4630"))
    pen.shape([(0.3, 0.5), (0.52, 0.5), (0.56, 0.68), (0.27, 0.68)], of("c99a5a"), 0.25)
    for x, code in ((0.31, "f58fb8"), (0.38, "ffffff"), (0.45, "f6c445"), (0.52, "e0566a")):
        pen.oval((x, 0.72), (0.055, 0.055), of(code))
    pen.oval(pedal, (0.055, 0.055), STEEL)
    pen.stroke([pedal, (0.05, 0.1)], INK, 0.025)


def train(pen: Pen, look: Look) -> None:
    colour = look.one_of("c9453a", "2f7f6b", "35618f")
    pen.shadow(1.0, 0.26)
    pen = pen.at(0, 0.02, flip=look.chance.random() < 0.5)
    for place, x in enumerate((0.62, 0.52, 0.36)):
        pen.wash(ring((x, 1.0 + 0.13 * place), (0.09 + 0.035 * place, 0.075 + 0.03 * place)), WHITE, 0.7 - 0.12 * place)
    pen.round_box((-1.0, 0.14), (-0.24, 0.68), look.second(mix(colour, of("f6cf7a"), 0.75)), 0.2, bend=0.12)
    for x in (-0.94, -0.7, -0.46):
        pen.round_box((x, 0.36), (x + 0.17, 0.58), of("ffd977") if look.palette.dark else GLASS, bend=0.2)
    pen.round_box((-1.04, 0.66), (-0.2, 0.73), dark(colour, 0.3), bend=0.8)
    pen.round_box((0.0, 0.2), (0.8, 0.55), colour, 0.25, bend=0.7)
    pen.box((0.56, 0.52), (0.68, 0.8), dark(colour, 0.4))
    pen.shape([(0.51, 0.8), (0.54, 0.9), (0.7, 0.9), (0.73, 0.8)], of("e8b13a"))
    pen.round_box((-0.18, 0.14), (0.16, 0.82), colour, 0.2, bend=0.1)
    pen.round_box((-0.24, 0.79), (0.22, 0.87), dark(colour, 0.35), bend=0.8)
    pen.round_box((-0.1, 0.5), (0.09, 0.72), of("ffd977") if look.palette.dark else GLASS, bend=0.2)
    pen.oval((0.81, 0.38), (0.05, 0.07), of("fff0b8"))
    pen.shape([(0.74, 0.2), (0.98, 0.04), (0.7, 0.04)], of("4a4654"))
    for x, size in ((-0.86, 0.1), (-0.4, 0.1), (0.0, 0.14), (0.34, 0.14), (0.62, 0.1)):
        wheel(pen, (x, size), size)
    pen.stroke([(0.0, 0.12), (0.34, 0.12)], STEEL, 0.03)


def airplane(pen: Pen, look: Look) -> None:
    colour = look.main("f7f6f2")
    trim = look.second(look.palette.accent)
    pen = pen.at(0, 0.4, flip=look.chance.random() < 0.5, turn=0.16)
    pen.shape([(-0.08, 0.02), (-0.26, 0.36), (-0.14, 0.36), (0.16, 0.03)], dark(colour, 0.2))
    pen.shape([(-0.62, 0.0), (-0.8, 0.3), (-0.64, 0.3), (-0.42, 0.06)], trim)
    pen.blob(
        [(-0.78, 0.05), (-0.5, -0.1), (0.0, -0.13), (0.5, -0.11), (0.7, -0.01), (0.56, 0.09), (0.1, 0.12), (-0.5, 0.1)],
        colour,
        0.2,
    )
    pen.stroke([(-0.6, -0.045), (0.0, -0.07), (0.62, -0.05)], trim, 0.03, line=False)
    for x in (-0.3, -0.18, -0.06, 0.06, 0.18, 0.3):
        pen.oval((x, 0.035), (0.03, 0.034), of("5fa8d6"), line=False)
    pen.blob([(0.48, 0.02), (0.52, 0.085), (0.6, 0.05), (0.64, 0.015)], of("5fa8d6"), line=False)
    pen.shape([(-0.1, -0.06), (-0.36, -0.42), (-0.22, -0.42), (0.2, -0.07)], light(colour, 0.2), 0.2)
    pen.shape([(-0.62, 0.0), (-0.78, -0.14), (-0.68, -0.14), (-0.5, -0.01)], trim)


def balloon(pen: Pen, look: Look) -> None:
    colour = look.one_of("e8566f", "f6a93b", "4a9fd8", "8e62d9")
    stripe = look.second(of("fff3dc"))
    for side in (-1, 1):
        pen.stroke([(side * 0.09, 0.15), (side * 0.17, 0.38)], of("7a5236"), 0.012, line=False)
    outline = [(-0.1, 0.3), (-0.3, 0.5), (-0.38, 0.72), (-0.28, 0.93), (0, 1.03), (0.28, 0.93),
               (0.38, 0.72), (0.3, 0.5), (0.1, 0.3)]  # fmt: skip
    pen.blob(outline, colour, 0.1)
    for share, tone in ((0.68, stripe), (0.36, colour), (0.1, stripe)):
        pen.blob([(x * share, y) for x, y in outline], tone, 0.18, line=False)
    pen.wash(ring((-0.16, 0.82), (0.05, 0.1)), WHITE, 0.4)
    pen.round_box((-0.11, 0), (0.11, 0.17), of("b57a45"), 0.25, bend=0.3)
    pen.stroke([(-0.11, 0.16), (0.11, 0.16)], of("8a5532"), 0.035)
    pen.glow((0, 0.3), 0.16, of("c97a2f"))


def rocket(pen: Pen, look: Look) -> None:
    colour = look.main("f7f4ee")
    trim = look.second(of("e0453f"))
    pen = pen.at(0, 0.06, turn=look.chance.uniform(-0.35, 0.35))
    for long, wide, code in ((0.3, 0.13, "f2702b"), (0.22, 0.09, "f9c22e"), (0.13, 0.05, "fff6d0")):
        pen.blob([(-wide, 0.14), (-wide * 0.6, 0.14 - long * 0.6), (0, 0.14 - long),
                  (wide * 0.6, 0.14 - long * 0.6), (wide, 0.14)], of(code), line=False)  # fmt: skip
    pen.glow((0, 0.02), 0.34, of("d9702b"))
    for side in (-1, 1):
        pen.blob([(side * 0.14, 0.46), (side * 0.33, 0.24), (side * 0.35, 0.06), (side * 0.13, 0.17)], trim, 0.25)
    pen.blob(
        [(-0.15, 0.13), (-0.21, 0.45), (-0.15, 0.74), (0, 0.98), (0.15, 0.74), (0.21, 0.45), (0.15, 0.13)], colour, 0.2
    )
    pen.blob([(0, 0.985), (-0.1, 0.85), (-0.15, 0.735), (0, 0.7), (0.15, 0.735), (0.1, 0.85)], trim, 0.1)
    pen.oval((0, 0.53), (0.105, 0.105), of("8c94ac"))
    pen.oval((0, 0.53), (0.075, 0.075), of("5fc3e8"), 0.3)
    pen.wash(ring((-0.025, 0.56), (0.022, 0.022)), WHITE, 0.8)
    pen.stroke([(-0.17, 0.28), (0, 0.25), (0.17, 0.28)], trim, 0.05, line=False)


RIDES: dict[str, Draw] = {
    "boat": boat, "car": car, "motorbike": motorbike, "bicycle": bicycle, "train": train, "airplane": airplane,
    "balloon": balloon, "rocket": rocket,
}  # fmt: skip
