"""Folk – people in áo dài and nón lá or in a space suit, and a robot."""

import math

from infra.embedded.pocket.colours import WHITE, Colour, dark, light, of
from infra.embedded.pocket.look import Draw, Look, blush, dress_up, eyes, scarf, smile
from infra.embedded.pocket.pen import Pen, ring

SKIN = ("f6cfa8", "eebd92", "e0a878")
HAIR = of("2e2430")


def girl(pen: Pen, look: Look) -> None:
    """Draw a girl in a long tunic with slits over wide white trousers, with loose hair and a flower."""
    skin = of(look.chance.choice(SKIN))
    dress = look.worn.get("dress") or look.one_of("e8566f", "4a9fd8", "f6b93b", "8e62d9", "3fa78a", "f7f2ea")
    pen.shadow(0.22)
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    pen.blob(
        [(-0.15, 0.9), (-0.2, 0.7), (-0.17, 0.5), (-0.08, 0.47), (0.08, 0.47), (0.17, 0.5), (0.2, 0.7), (0.15, 0.9)],
        HAIR,
        line=False,
    )
    tunic(pen, dress, skin)
    nosegay(pen, look.palette.accent)
    arms(pen, dark(dress, 0.1), skin)
    face(pen.at(0, 0.8, 1.22), skin, look)
    fringe(pen.at(0, 0.8, 1.22))
    dress_up(pen.at(0, 0.84), look, 0.185)


def tunic(pen: Pen, dress: Colour, skin: Colour) -> None:
    for side in (-1, 1):
        pen.shape([(0, 0.34), (side * 0.01, 0.03), (side * 0.14, 0.03), (side * 0.085, 0.36)], of("fdf8f0"), 0.25)
        pen.oval((side * 0.075, 0.02), (0.055, 0.022), dark(dress, 0.45))
    pen.blob(
        [(-0.075, 0.4), (-0.1, 0.2), (-0.11, 0.06), (0.02, 0.045), (0.13, 0.07), (0.1, 0.2), (0.075, 0.4)], dress, 0.3
    )
    pen.blob([(-0.075, 0.36), (-0.075, 0.46), (-0.11, 0.61), (-0.06, 0.665), (0.06, 0.665), (0.11, 0.61), (0.075, 0.46),
              (0.075, 0.36)], dress, 0.12)  # fmt: skip
    pen.stroke([(0, 0.64), (0, 0.7)], skin, 0.075)
    pen.stroke([(-0.045, 0.655), (0.0, 0.645), (0.045, 0.655)], light(dress, 0.4), 0.03)
    for x, y in ((0.04, 0.3), (-0.04, 0.24), (0.05, 0.17), (-0.05, 0.12), (0.01, 0.2)):
        for turn in range(5):
            pen.oval(
                (x + 0.011 * math.cos(turn * 1.257), y + 0.011 * math.sin(turn * 1.257)),
                (0.008, 0.008),
                light(dress, 0.65),
                line=False,
            )


def arms(pen: Pen, sleeve: Colour, skin: Colour) -> None:
    for side in (-1, 1):
        pen.stroke(
            [(side * 0.095, 0.62), (side * 0.155, 0.53), (side * 0.13, 0.47), (side * 0.04, 0.46)], sleeve, 0.065
        )
        pen.oval((side * 0.022, 0.465), (0.03, 0.028), skin)


def nosegay(pen: Pen, colour: Colour) -> None:
    pen.stroke([(0, 0.42), (0.0, 0.53)], of("4f8f3f"), 0.018)
    for turn in (-0.9, -0.45, 0.45, 0.9, 0.0):
        own = pen.at(0, 0.515, turn=turn)
        own.blob([(0, 0), (-0.028, 0.04), (0, 0.09), (0.028, 0.04)], light(colour, 0.35 + 0.2 * (turn == 0)))


def fringe(pen: Pen) -> None:
    """Draw hair parted in the middle, with `pen` placed between the eyes."""
    for side in (-1, 1):
        lock = [(0, 0.16), (0.1, 0.135), (0.152, 0.05), (0.145, -0.05), (0.125, 0.0), (0.1, 0.06), (0.0, 0.105)]
        pen.blob([(side * x, y) for x, y in lock], HAIR, line=False)
    pen.stroke([(-0.09, 0.115), (-0.045, 0.135), (0.0, 0.138)], light(HAIR, 0.2), 0.01, line=False)


def face(pen: Pen, skin: Colour, look: Look) -> None:
    """Draw a face with `pen` placed in the middle."""
    pen.blob(
        [(0, -0.115), (-0.095, -0.075), (-0.14, 0.02), (-0.11, 0.11), (0.11, 0.11), (0.14, 0.02), (0.095, -0.075)], skin
    )
    eyes(
        pen, (0, -0.002), 0.058, 0.019, closed=HAIR if look.chance.random() < 0.12 or "sleepy" in look.traits else None
    )
    for side in (-1, 1):
        pen.stroke([(side * 0.038, 0.044), (side * 0.06, 0.05), (side * 0.084, 0.04)], HAIR, 0.006, line=False)
    blush(pen, (0, -0.042), 0.086, 0.026)
    pen.stroke([(-0.008, -0.034), (0.0, -0.039), (0.008, -0.034)], dark(skin, 0.3), 0.006, line=False)
    smile(pen, (0, -0.066), 0.03, of("c2454f"))


def boy(pen: Pen, look: Look) -> None:
    skin = of(look.chance.choice(SKIN))
    shirt = look.worn.get("dress") or look.one_of("4a86d8", "e8663c", "f6c445", "4fa37a", "c2412f")
    pen.shadow(0.2)
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    for side in (-1, 1):
        pen.stroke([(side * 0.06, 0.36), (side * 0.065, 0.06)], of("41506e"), 0.1)
        pen.oval((side * 0.075, 0.025), (0.06, 0.03), of("5a3d2c"))
        pen.stroke([(side * 0.12, 0.62), (side * 0.2, 0.5), (side * 0.21, 0.39)], shirt, 0.075)
        pen.oval((side * 0.21, 0.365), (0.032, 0.032), skin)
    pen.blob(
        [(-0.115, 0.34), (-0.12, 0.52), (-0.14, 0.64), (0, 0.69), (0.14, 0.64), (0.12, 0.52), (0.115, 0.34)],
        shirt,
        0.25,
    )
    pen.stroke([(0, 0.66), (0, 0.71)], skin, 0.07)
    for side in (-1, 1):
        pen.oval((side * 0.165, 0.8), (0.03, 0.038), skin)
    face(pen.at(0, 0.81, 1.2), skin, look)
    crop(pen.at(0, 0.81, 1.2))
    if "scarf" in look.worn:
        scarf(pen.at(0, 0.68), look.worn["scarf"] or of("d92b2f"), 0.11)
    dress_up(pen.at(0, 0.84), look, 0.185)


def crop(pen: Pen) -> None:
    """Draw short hair, a little wild."""
    pen.blob([(0.145, 0.01), (0.15, 0.12), (0.06, 0.18), (-0.03, 0.165), (-0.1, 0.17), (-0.155, 0.1), (-0.145, 0.01),
              (-0.11, 0.075), (-0.03, 0.06), (0.03, 0.09), (0.1, 0.06)], HAIR, line=False)  # fmt: skip


def astronaut(pen: Pen, look: Look) -> None:
    suit = look.main("f3f4f8")
    pen.shadow(0.22)
    pen.round_box((-0.2, 0.3), (0.2, 0.64), of("aab2c6"), 0.2)
    for side in (-1, 1):
        pen.stroke([(side * 0.08, 0.34), (side * 0.1, 0.08)], suit, 0.14, 1.1)
        pen.round_box((side * 0.1 - 0.085, 0), (side * 0.1 + 0.085, 0.09), of("8c94ac"), bend=0.5)
        pen.stroke([(side * 0.15, 0.58), (side * 0.27, 0.48), (side * 0.27, 0.36)], suit, 0.11)
        pen.oval((side * 0.27, 0.34), (0.055, 0.05), look.palette.accent)
    pen.blob([(-0.16, 0.28), (-0.18, 0.48), (-0.15, 0.64), (0.15, 0.64), (0.18, 0.48), (0.16, 0.28)], suit, 0.2)
    pen.round_box((-0.09, 0.42), (0.09, 0.53), of("5d6b8c"), bend=0.2)
    for x, code in ((-0.05, "ff6b5e"), (0.0, "ffd166"), (0.05, "6fe0a0")):
        pen.oval((x, 0.475), (0.016, 0.016), of(code), line=False)
    pen.oval((0, 0.8), (0.23, 0.215), suit, 0.12)
    pen.oval((0, 0.79), (0.175, 0.15), of("24365e"))
    face(pen.at(0, 0.785, 0.92), of(look.chance.choice(SKIN)), look)
    pen.wash(ring((0, 0.79), (0.175, 0.15)), of("5fb0ff"), 0.16)
    pen.stroke([(-0.13, 0.82), (-0.1, 0.88), (-0.04, 0.91)], WHITE, 0.018, line=False)


def robot(pen: Pen, look: Look) -> None:
    shell = look.one_of("8fb6c9", "f2b05e", "b3a5d8", "8ccfae")
    pen.shadow(0.26)
    for side in (-1, 1):
        pen.stroke([(side * 0.11, 0.24), (side * 0.12, 0.06)], of("5b6475"), 0.07)
        pen.round_box((side * 0.13 - 0.1, 0), (side * 0.13 + 0.1, 0.08), dark(shell, 0.3), bend=0.6)
        lifted = 0.62 if side > 0 else 0.3
        pen.stroke([(side * 0.22, 0.47), (side * 0.35, 0.45), (side * 0.37, lifted)], of("5b6475"), 0.055)
        pen.oval((side * 0.37, lifted), (0.065, 0.065), dark(shell, 0.2))
    pen.round_box((-0.23, 0.2), (0.23, 0.55), shell, 0.25, bend=0.35)
    pen.round_box((-0.13, 0.29), (0.13, 0.46), light(shell, 0.6), bend=0.3)
    pen.blob([(0, 0.325), (-0.055, 0.39), (-0.03, 0.43), (0, 0.405), (0.03, 0.43), (0.055, 0.39)], of("f0566a"))
    pen.stroke([(0, 0.55), (0, 0.62)], of("5b6475"), 0.09)
    robot_head(pen, shell)
    dress_up(pen.at(0, 0.78), look, 0.29)


def robot_head(pen: Pen, shell: Colour) -> None:
    """Draw a head with a lamp on its aerial and a screen for a face."""
    pen.stroke([(0, 0.9), (0, 1.0)], of("5b6475"), 0.025)
    pen.oval((0, 1.02), (0.045, 0.045), of("ff6b5e"))
    pen.glow((0, 1.02), 0.12, of("ff6b5e"))
    for side in (-1, 1):
        pen.round_box((side * 0.3 - 0.045, 0.68), (side * 0.3 + 0.045, 0.82), dark(shell, 0.25), bend=0.4)
    pen.round_box((-0.29, 0.58), (0.29, 0.92), shell, 0.15, bend=0.45)
    pen.round_box((-0.22, 0.64), (0.22, 0.86), of("1f2a44"), bend=0.5)
    for side in (-1, 1):
        pen.oval((side * 0.095, 0.765), (0.042, 0.052), of("7df0ff"), line=False)
        pen.oval((side * 0.095 - 0.012, 0.785), (0.014, 0.016), WHITE, line=False)
    pen.glow((0, 0.75), 0.2, of("2f9fc0"))
    smile(pen, (0, 0.705), 0.045, of("7df0ff"))


FOLK: dict[str, Draw] = {"girl": girl, "boy": boy, "astronaut": astronaut, "robot": robot}
