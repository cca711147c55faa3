"""Beasts – birds, fish, butterflies and others with feathers, fins or scales, and a dragon."""

import math
from functools import partial

from infra.embedded.pocket.colours import INK, WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look, blush, dress_up, eye, eyes, smile
from infra.embedded.pocket.pen import Pen, Point, ring, sleeve, smooth

BEAK = of("f7a531")


def bird(pen: Pen, look: Look) -> None:
    """Draw a bird in flight, wings up."""
    colour = look.one_of("3f8fd6", "f2845c", "f6cf5a", "5fb58a", "e86a92")
    pen = pen.at(0, 0.45, flip=look.chance.random() < 0.5, turn=look.chance.uniform(-0.1, 0.25))
    pen.blob([(-0.1, 0.02), (-0.16, 0.3), (-0.08, 0.5), (0.14, 0.3), (0.16, 0.05)], dark(colour, 0.24), 0.1)
    pen.blob([(-0.34, 0.05), (-0.62, 0.16), (-0.58, 0.02), (-0.66, -0.06), (-0.32, -0.06)], dark(colour, 0.12))
    pen.blob([(-0.4, 0.0), (-0.14, 0.14), (0.14, 0.13), (0.38, 0.2), (0.46, 0.06), (0.3, -0.1), (0.0, -0.17),
              (-0.26, -0.1)], colour, 0.15)  # fmt: skip
    pen.blob(
        [(-0.14, -0.11), (0.12, -0.03), (0.34, 0.0), (0.28, -0.1), (0.02, -0.16)],
        look.second(light(colour, 0.7)),
        line=False,
    )
    pen.shape([(0.44, 0.12), (0.58, 0.07), (0.45, 0.03)], BEAK)
    pen.blob([(-0.2, 0.06), (-0.4, 0.34), (-0.36, 0.58), (-0.1, 0.42), (0.1, 0.1)], light(colour, 0.16), 0.2)
    for x, y in ((-0.3, 0.46), (-0.24, 0.38), (-0.17, 0.3)):
        pen.stroke([(x - 0.07, y - 0.12), (x, y - 0.1), (x + 0.1, y)], dark(colour, 0.2), 0.012, line=False)
    eye(pen, (0.34, 0.09), 0.03)


def fowl(usual: tuple[str, ...], comb: str, pen: Pen, look: Look) -> None:
    """Draw a sitting bird from the side: a duck, or with a `comb` a rooster and his tail."""
    colour = look.one_of(*usual)
    pen.shadow(0.36)
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    for side in (-0.06, 0.1):
        pen.stroke([(side, 0.2), (side, 0.02), (side + 0.09, 0.01)], BEAK, 0.03, line=False)
    if comb:
        rooster_tail(pen)
    pen.blob([(-0.42, 0.42), (-0.3, 0.2), (0, 0.12), (0.26, 0.22), (0.34, 0.45), (0.34, 0.68), (0.1, 0.68),
              (0.04, 0.47), (-0.2, 0.42)], colour, 0.25)  # fmt: skip
    if comb:
        for x, y in ((0.13, 0.93), (0.22, 0.97), (0.3, 0.92)):
            pen.oval((x, y), (0.06, 0.075), of("d9363e"))
        pen.blob([(0.34, 0.68), (0.3, 0.55), (0.38, 0.53), (0.42, 0.64)], of("d9363e"))
    pen.oval((0.22, 0.76), (0.18, 0.165), colour, 0.05)
    pen.blob([(0.37, 0.8), (0.52, 0.74), (0.5, 0.68), (0.36, 0.69)], BEAK, 0.1)
    pen.blob(
        [(-0.3, 0.4), (-0.16, 0.24), (0.06, 0.24), (0.14, 0.38), (-0.06, 0.44)], dark(look.second(colour), 0.14), 0.1
    )
    eye(pen, (0.26, 0.79), 0.032)
    pen.wash(ring((0.22, 0.7), (0.045, 0.03)), of("ff8f8f"), 0.5)
    dress_up(pen.at(0.22, 0.79), look, 0.18)


def rooster_tail(pen: Pen) -> None:
    for colour, bend in (("2f6b5a", 0.0), ("2b4f86", 0.1), ("c2412f", 0.2)):
        plume = [(-0.3, 0.36), (-0.5 - bend * 0.4, 0.62 - bend), (-0.62, 0.72 - 2 * bend), (-0.66, 0.5 - 2 * bend)]
        pen.stroke(plume, of(colour), 0.13, 0.4)


def upright(usual: tuple[str, str, str], pen: Pen, look: Look) -> None:
    """Draw a round bird that stands and faces the viewer: an owl with tufts, a penguin with flippers."""
    tufts, coat, belly = usual
    colour = look.main(coat)
    pen.shadow(0.32)
    for side in (-1, 1):
        pen.blob([(side * 0.26, 0.6), (side * 0.4, 0.36), (side * 0.36, 0.2), (side * 0.24, 0.3)], dark(colour, 0.12))
        pen.oval((side * 0.12, 0.03), (0.1, 0.04), BEAK)
    pen.blob([(0, 0.03), (-0.26, 0.08), (-0.33, 0.4), (-0.29, 0.76), (0, 0.95), (0.29, 0.76), (0.33, 0.4),
              (0.26, 0.08)], colour, 0.2)  # fmt: skip
    pen.blob(
        [(0, 0.07), (-0.19, 0.12), (-0.22, 0.36), (0, 0.54), (0.22, 0.36), (0.19, 0.12)],
        look.second(of(belly)),
        line=False,
    )
    for side in (-1, 1):
        if tufts:
            pen.shape([(side * 0.08, 0.9), (side * 0.29, 1.06), (side * 0.28, 0.76)], colour)
        pen.oval((side * 0.125, 0.7), (0.135, 0.14), look.second(of(belly)), line=False)
    eyes(pen, (0, 0.71), 0.125, 0.055 if tufts else 0.04)
    pen.blob([(-0.05, 0.64), (0, 0.55), (0.05, 0.64), (0, 0.67)], BEAK)
    blush(pen, (0, 0.6), 0.2, 0.04)
    dress_up(pen.at(0, 0.71), look, 0.27)


def fish(pen: Pen, look: Look) -> None:
    colour = look.one_of("f2743c", "f6b93b", "e8566f", "4a9fd8")
    fin = mix(light(colour, 0.3), of("fff3e0"), 0.3)
    pen = pen.at(0, 0.4, flip=look.chance.random() < 0.5, turn=look.chance.uniform(-0.15, 0.15))
    pen.blob([(-0.34, 0.02), (-0.56, 0.26), (-0.74, 0.28), (-0.66, 0.0), (-0.76, -0.24), (-0.54, -0.2)], fin, 0.2)
    pen.blob([(-0.2, 0.2), (-0.06, 0.42), (0.16, 0.42), (0.2, 0.22)], fin, 0.1)
    pen.blob([(-0.1, -0.2), (-0.18, -0.38), (0.02, -0.34), (0.08, -0.2)], fin, 0.1)
    pen.blob([(-0.42, 0), (-0.2, 0.22), (0.12, 0.28), (0.4, 0.16), (0.5, -0.02), (0.38, -0.17), (0.1, -0.26),
              (-0.2, -0.19)], colour, 0.16)  # fmt: skip
    band = look.second(of("fff6e8"))
    pen.blob(
        [(-0.04, 0.265), (0.06, 0.28), (0.02, 0.0), (0.05, -0.255), (-0.05, -0.245), (-0.1, 0.0)], band, line=False
    )
    for x in (-0.28, -0.18):
        for y in (-0.08, 0.02, 0.12):
            pen.stroke([(x, y + 0.04), (x - 0.05, y), (x, y - 0.04)], dark(colour, 0.25), 0.014, line=False)
    pen.oval((0.3, 0.05), (0.075, 0.08), WHITE, line=False)
    eye(pen, (0.315, 0.05), 0.045)
    pen.blob([(0.02, -0.02), (-0.12, -0.02), (-0.16, -0.14), (-0.02, -0.12)], fin)
    smile(pen, (0.42, -0.07), 0.035)


def whale(pen: Pen, look: Look) -> None:
    colour = look.one_of("4a86c5", "5b7fa6", "3f9fb8")
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    pen.blob(
        [(-0.5, 0.24), (-0.72, 0.5), (-0.86, 0.56), (-0.78, 0.42), (-0.92, 0.36), (-0.72, 0.3), (-0.6, 0.1)], colour
    )
    pen.blob([(-0.7, 0.24), (-0.3, 0.4), (0.06, 0.62), (0.46, 0.5), (0.58, 0.26), (0.42, 0.04), (0, -0.03),
              (-0.4, 0.04)], colour, 0.12)  # fmt: skip
    pen.blob(
        [(0.56, 0.2), (0.2, 0.16), (-0.24, 0.14), (-0.1, 0.0), (0.3, -0.01), (0.5, 0.1)],
        light(colour, 0.75),
        line=False,
    )
    pen.blob([(-0.02, 0.14), (-0.2, 0.02), (-0.16, -0.1), (0.04, 0.02)], dark(colour, 0.15))
    for side in (-1, 1):
        pen.stroke([(0.16, 0.62), (0.16 + side * 0.06, 0.84), (0.16 + side * 0.2, 0.82)], of("d8f2ff"), 0.045, 0.6)
    eye(pen, (0.36, 0.28), 0.035)
    smile(pen, (0.46, 0.2), 0.05)
    dress_up(pen.at(0.2, 0.42), look, 0.22)


def turtle(pen: Pen, look: Look) -> None:
    colour = look.one_of("6fae4e", "4fa37a")
    pen.shadow(0.5)
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    for x in (-0.3, 0.2):
        pen.round_box((x - 0.08, 0), (x + 0.08, 0.2), light(colour, 0.3), bend=0.5)
    pen.stroke([(0.24, 0.22), (0.44, 0.4), (0.5, 0.5)], light(colour, 0.3), 0.16)
    pen.oval((0.54, 0.54), (0.16, 0.15), light(colour, 0.3), 0.05)
    pen.shape([*ring((-0.05, 0.16), (0.46, 0.5), 0, math.pi)], dark(colour, 0.15), 0.3)
    for x, y in ((-0.28, 0.3), (-0.05, 0.44), (0.18, 0.3)):
        pen.blob(
            [(x - 0.1, y), (x - 0.05, y + 0.1), (x + 0.05, y + 0.1), (x + 0.1, y), (x, y - 0.1)],
            light(colour, 0.12),
            line=False,
        )
    pen.stroke([(-0.5, 0.16), (0.4, 0.16)], light(colour, 0.45), 0.07)
    eye(pen, (0.59, 0.57), 0.03)
    smile(pen, (0.61, 0.48), 0.04)
    dress_up(pen.at(0.54, 0.56), look, 0.16)


def butterfly(pen: Pen, look: Look) -> None:
    colour = look.one_of("f2843c", "8e62d9", "f06292", "3fa7e0", "f6c445")
    edge = dark(look.second(colour), 0.62)
    pen = pen.at(0, 0.5, turn=look.chance.uniform(-0.5, 0.5))
    for side in (-1, 1):
        wing = pen.at(0, 0, flip=side < 0)
        wing.blob([(0.02, 0.05), (0.22, 0.42), (0.52, 0.48), (0.56, 0.2), (0.3, -0.02)], edge)
        wing.blob([(0.06, 0.06), (0.24, 0.36), (0.46, 0.4), (0.48, 0.2), (0.28, 0.02)], colour, 0.2, line=False)
        wing.blob([(0.02, 0.0), (0.3, -0.02), (0.46, -0.2), (0.3, -0.42), (0.1, -0.26)], edge)
        wing.blob(
            [(0.06, -0.03), (0.28, -0.06), (0.38, -0.2), (0.27, -0.33), (0.12, -0.22)], light(colour, 0.25), line=False
        )
        for middle, size in (((0.4, 0.3), 0.06), ((0.28, 0.16), 0.05), ((0.27, -0.18), 0.05)):
            wing.oval(middle, (size, size), light(colour, 0.75), line=False)
        wing.stroke([(0.01, 0.22), (0.07, 0.36), (0.14, 0.4)], INK, 0.014, line=False)
    pen.stroke([(0, 0.2), (0, 0.0), (0, -0.28)], INK, 0.075, 0.5)
    pen.oval((0, 0.22), (0.055, 0.055), INK)


# --- the dragon -------------------------------------------------------------------------------------------------------


def dragon(pen: Pen, look: Look) -> None:
    """Draw the long dragon of Vietnam, which brings rain and luck, swimming through the air in waves."""
    colour = look.one_of("2fa372", "d9433a", "e0a02c", "2f8fb8")
    crest = look.second(of("f6b73c") if colour != of("e0a02c") else of("d9433a"))
    pen = pen.at(0, 0.16, 0.78, flip=look.chance.random() < 0.5).at(-0.15, 0)
    bends = look.chance.uniform(2.2, 2.7)
    path = [(-0.95 + 1.45 * t, 0.34 + 0.2 * math.sin(bends * math.pi * t + 0.5) * (0.5 + 0.5 * t)) for t in steps(44)]
    path += smooth([path[-1], (0.6, 0.55), (0.56, 0.76), (0.66, 0.84)])[4:]
    radii = [0.016 + 0.105 * math.sin(min(1.0, place / len(path) * 1.25) * math.pi / 2) for place in range(len(path))]
    legs(pen, path, colour)
    spines(pen, path, radii, crest)
    tail(pen, path[0], crest)
    pen.shape(sleeve(path, radii), colour, 0.1)
    scales(pen, path, radii, colour)
    dragon_head(pen.at(*path[-1], 1.0), colour, crest, look)


def steps(count: int) -> list[float]:
    return [step / (count - 1) for step in range(count)]


def normal(path: list[Point], place: int) -> Point:
    (ax, ay), (bx, by) = path[max(0, place - 1)], path[min(len(path) - 1, place + 1)]
    long = math.hypot(bx - ax, by - ay) or 1.0
    return -(by - ay) / long, (bx - ax) / long


def spines(pen: Pen, path: list[Point], radii: list[float], crest: Colour) -> None:
    for place in range(2, len(path) - 6, 2):
        (x, y), (nx, ny), reach = path[place], normal(path, place), radii[place]
        tip = x + nx * reach * 1.75 - ny * 0.0 - 0.04, y + ny * reach * 1.75
        ahead, behind = path[place + 2], path[place - 2]
        pen.shape([(behind[0], behind[1]), tip, (ahead[0], ahead[1])], crest)


def scales(pen: Pen, path: list[Point], radii: list[float], colour: Colour) -> None:
    """Draw a pale belly with rings along `path`, and rows of scales on the back."""
    pale = light(colour, 0.62)
    inner = [(x - nx * r * 0.62, y - ny * r * 0.62) for (x, y), (nx, ny), r in sided(path, radii)]
    pen.shape(sleeve(inner[3:-3], [r * 0.36 for r in radii[3:-3]]), pale, line=False)
    for (x, y), (nx, ny), r in sided(path, radii)[5:-3:2]:
        pen.stroke(
            [(x - nx * r * 0.32, y - ny * r * 0.32), (x - nx * r * 0.95, y - ny * r * 0.95)],
            dark(pale, 0.25),
            0.01,
            line=False,
        )
        for out in (0.15, 0.6):
            pen.oval((x + nx * r * out, y + ny * r * out), (r * 0.16, r * 0.16), light(colour, 0.22), line=False)


def sided(path: list[Point], radii: list[float]) -> list[tuple[Point, Point, float]]:
    return [(point, normal(path, place), radii[place]) for place, point in enumerate(path)]


def tail(pen: Pen, end: Point, crest: Colour) -> None:
    x, y = end
    for turn in (-0.7, 0.0, 0.7):
        tip = x - 0.2 * math.cos(turn), y + 0.2 * math.sin(turn)
        pen.blob([(x + 0.03, y), (x - 0.08, y + 0.05 + 0.08 * turn), tip, (x - 0.08, y - 0.05 + 0.08 * turn)], crest)


def legs(pen: Pen, path: list[Point], colour: Colour) -> None:
    for place in (14, 20, 32, 38):
        x, y = path[place]
        pen.stroke([(x, y), (x + 0.07, y - 0.14), (x - 0.01, y - 0.23)], dark(colour, 0.2), 0.075, 0.7)
        for claw in (-0.05, 0.0, 0.05):
            pen.stroke([(x - 0.01, y - 0.23), (x + claw, y - 0.29)], of("fff3d0"), 0.024, 0.4)


def dragon_mane(pen: Pen, crest: Colour) -> None:
    """Draw a mane in the colour `crest`, and horns."""
    for turn in (2.5, 2.1, 2.9, 3.4):
        x, y = 0.3 * math.cos(turn), 0.3 * math.sin(turn)
        pen.blob([(0.02, 0.1), (x * 0.6, y * 0.6 + 0.05), (x, y), (x * 0.5, y * 0.5 - 0.05), (0, -0.1)], crest)
    for back in (0.0, 0.08):
        pen.stroke([(-0.02 + back, 0.12), (-0.06 + back, 0.25), (-0.16 + back, 0.33)], of("fff0cf"), 0.045, 0.3)


def dragon_head(pen: Pen, colour: Colour, crest: Colour, look: Look) -> None:
    dragon_mane(pen, crest)
    pen.blob([(-0.14, -0.06), (-0.12, 0.12), (0.04, 0.18), (0.16, 0.1), (0.34, 0.1), (0.42, 0.02), (0.36, -0.07),
              (0.14, -0.12)], colour, 0.12)  # fmt: skip
    pen.blob([(0.0, -0.1), (0.18, -0.08), (0.36, -0.07), (0.26, -0.15), (0.06, -0.17)], light(colour, 0.5))
    pen.oval((0.36, 0.06), (0.022, 0.016), dark(colour, 0.5), line=False)
    for side in (0.0, 0.05):
        whisker = [(0.37, 0.0), (0.5, 0.06 - side), (0.55, 0.2 - 4 * side), (0.64, 0.2 - 5 * side)]
        pen.stroke(whisker, crest, 0.018, 0.5, line=False)
    pen.oval((0.09, 0.08), (0.07, 0.072), WHITE)
    eye(pen, (0.105, 0.08), 0.042)
    pen.stroke([(0.01, 0.17), (0.09, 0.185), (0.17, 0.14)], crest, 0.035, 0.4, line=False)
    pen.wash(ring((0.14, -0.02), (0.045, 0.03)), of("ff8f8f"), 0.55)
    dress_up(pen.at(0.05, 0.1), look, 0.17)


BEASTS: dict[str, Draw] = {
    "bird": bird,
    "duck": partial(fowl, ("fbe28a", "f7f1e6"), ""),
    "chicken": partial(fowl, ("e2913f", "f5ead8", "b5562f"), "comb"),
    "owl": partial(upright, ("tufts", "9a6b45", "f4e3c6")),
    "penguin": partial(upright, ("", "3b4660", "fdfaf3")),
    "fish": fish,
    "whale": whale,
    "turtle": turtle,
    "butterfly": butterfly,
    "dragon": dragon,
}
