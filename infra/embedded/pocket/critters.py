"""Critters – furry animals sitting and facing the viewer: one body with varied parts.

Ears, tails, muzzles and marks make a cat of it, a panda or a water buffalo.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from infra.embedded.pocket.colours import INK, WHITE, Colour, dark, light, mix, of
from infra.embedded.pocket.look import Draw, Look, blush, bright, dress_up, eyes, scarf, smile, whiskered
from infra.embedded.pocket.pen import Pen, mirrored, ring

PINK = of("f4a3a8")


@dataclass(frozen=True, slots=True)
class Kind:
    fur: tuple[str, ...]  # its usual colours, of which one is chosen
    ears: str
    tail: str
    muzzle: str = "small"
    marks: str = ""
    belly: str = ""  # if empty, a lighter shade of the fur


KINDS = {
    "cat": Kind(("f0a04b", "8b8f9c", "f2e3cf", "b9805a", "5d5a66"), "pointed", "curl", "cat"),
    "dog": Kind(("c98d54", "f1d9b5", "8a5a3a", "e8c07c"), "floppy", "up", "dog"),
    "rabbit": Kind(("f4ece4", "cfc3bb", "e3c4a4"), "long", "puff", "small"),
    "fox": Kind(("e8762d",), "pointed", "brush", "fox", belly="fff4e6"),
    "bear": Kind(("9a6a42", "b58458"), "round", "stub", "dog"),
    "panda": Kind(("f8f6f0",), "round", "stub", "dog", "panda", belly="f8f6f0"),
    "tiger": Kind(("f39a3d",), "round", "curl", "dog", "stripes", belly="fff1dc"),
    "lion": Kind(("eeb555",), "round", "tuft", "dog", "mane"),
    "pig": Kind(("f7b6b4",), "flap", "twirl", "snout"),
    "mouse": Kind(("b9b4bd", "d9c4ae"), "dish", "thin", "small"),
    "buffalo": Kind(("6e6672", "7a6a5f"), "side", "tuft", "broad", "horns"),
    "monkey": Kind(("9a6238",), "cheek", "curl", "ape", belly="f1cfa6"),
    "elephant": Kind(("9fb0c3", "a8a9b8"), "sail", "thin", "trunk"),
    "deer": Kind(("c98a4e",), "side", "stub", "dog", "antlers", belly="f7e6cc"),
    "frog": Kind(("7cc04a",), "bulge", "none", "wide", belly="e9f5c0"),
}


@dataclass(frozen=True, slots=True)
class Coat:
    fur: Colour
    belly: Colour
    mark: Colour

    @property
    def face(self) -> Colour:
        """Colour of lines that can be seen on the fur."""
        return INK if bright(mix(self.fur, self.belly, 0.5)) or sum(self.fur) > 260 else of("f3e9df")


def coat_of(kind: Kind, look: Look) -> Coat:
    fur = look.one_of(*kind.fur)
    plain = of(kind.belly) if kind.belly and not look.colours else light(fur, 0.14 if sum(fur) < 200 else 0.55)
    mark = dark(fur, 0.5) if sum(fur) > 200 else light(fur, 0.2)
    return Coat(fur, look.second(plain), mark)


def critter(kind: Kind, pen: Pen, look: Look) -> None:
    coat = coat_of(kind, look)
    pen.shadow(0.36)
    pen = pen.at(0, 0, flip=look.chance.random() < 0.5)
    TAILS[kind.tail](pen, coat)
    body(pen, coat, kind)
    head = pen.at(0, 0.66, turn=look.chance.uniform(-0.12, 0.12))
    if kind.marks == "mane":
        mane(head, dark(coat.fur, 0.45))
    EARS[kind.ears](head, coat)
    skull(head, coat)
    MARKS.get("stripes" if "stripes" in look.traits else kind.marks, unmarked)(head, coat)
    sleepy = "sleepy" in look.traits or look.chance.random() < 0.15
    expression(head, coat, kind, sleepy=sleepy)
    dress_up(head.at(0, 0.03), look, 0.27)
    if "scarf" in look.worn:
        scarf(pen.at(0, 0.45), look.worn["scarf"] or of("d92b2f"), 0.2)


def body(pen: Pen, coat: Coat, kind: Kind) -> None:
    limb = dark(coat.fur, 0.08) if kind.marks != "panda" else INK
    side_line = [(0.2, 0.0), (0.31, 0.12), (0.24, 0.36), (0.13, 0.52)]
    pen.blob(mirrored(side_line), coat.fur, 0.3)
    pen.blob([(-0.1, 0.03), (-0.15, 0.2), (-0.1, 0.42), (0.1, 0.42), (0.15, 0.2), (0.1, 0.03)], coat.belly, line=False)
    for side in (-1, 1):
        pen.oval((side * 0.23, 0.035), (0.11, 0.05), limb)
        pen.stroke([(side * 0.1, 0.34), (side * 0.1, 0.18), (side * 0.085, 0.045)], limb, 0.1, 1.05)
        pen.oval((side * 0.085, 0.035), (0.07, 0.042), light(limb, 0.12))


def skull(pen: Pen, coat: Coat) -> None:
    pen.blob([(0, -0.19), (-0.2, -0.155), (-0.295, -0.02), (-0.23, 0.15), (0, 0.215), (0.23, 0.15), (0.295, -0.02),
              (0.2, -0.155)], coat.fur, 0.14)  # fmt: skip


def expression(pen: Pen, coat: Coat, kind: Kind, *, sleepy: bool) -> None:
    MUZZLES[kind.muzzle](pen, coat)
    if sum(coat.fur) < 200 and not sleepy:
        for side in (-1, 1):
            pen.oval((side * 0.125, 0.02), (0.056, 0.064), of("f2d45c"), line=False)
    high = 0.16 if kind.ears == "bulge" else 0.02
    eyes(pen, (0, high), 0.125, 0.042, closed=coat.face if sleepy else None)
    blush(pen, (0, -0.065), 0.205, 0.048)


# --- ears -------------------------------------------------------------------------------------------------------------


def both(part: Callable[[Pen, Coat], None], pen: Pen, coat: Coat) -> None:
    part(pen, coat)
    part(pen.at(0, 0, flip=True), coat)


def pointed(pen: Pen, coat: Coat) -> None:
    pen.blob([(-0.27, 0.02), (-0.28, 0.2), (-0.25, 0.315), (-0.14, 0.24), (-0.05, 0.17)], coat.fur)
    pen.blob([(-0.23, 0.1), (-0.24, 0.2), (-0.225, 0.255), (-0.15, 0.2), (-0.11, 0.15)], PINK, line=False)


def floppy(pen: Pen, coat: Coat) -> None:
    pen.blob(
        [(-0.12, 0.2), (-0.26, 0.19), (-0.37, 0.02), (-0.36, -0.14), (-0.28, -0.12), (-0.22, 0.05)], coat.mark, 0.1
    )


def long(pen: Pen, coat: Coat) -> None:
    pen.blob([(-0.05, 0.15), (-0.07, 0.38), (-0.14, 0.52), (-0.2, 0.42), (-0.19, 0.14)], coat.fur)
    pen.blob([(-0.09, 0.2), (-0.105, 0.36), (-0.14, 0.45), (-0.165, 0.38), (-0.155, 0.2)], PINK, line=False)


def rounded(pen: Pen, coat: Coat) -> None:
    fur = INK if coat.fur == of("f8f6f0") else coat.fur
    pen.oval((-0.205, 0.185), (0.085, 0.085), fur)
    pen.oval((-0.205, 0.18), (0.048, 0.048), mix(fur, PINK, 0.4), line=False)


def dish(pen: Pen, coat: Coat) -> None:
    pen.oval((-0.235, 0.185), (0.135, 0.135), coat.fur)
    pen.oval((-0.235, 0.18), (0.09, 0.09), PINK, line=False)


def flap(pen: Pen, coat: Coat) -> None:
    pen.blob([(-0.1, 0.19), (-0.2, 0.3), (-0.3, 0.26), (-0.31, 0.12), (-0.22, 0.13)], dark(coat.fur, 0.1))


def sideways(pen: Pen, coat: Coat) -> None:
    pen.blob([(-0.22, 0.12), (-0.36, 0.17), (-0.45, 0.09), (-0.37, 0.03), (-0.25, 0.04)], coat.fur)
    pen.blob([(-0.28, 0.1), (-0.36, 0.13), (-0.41, 0.085), (-0.35, 0.055)], PINK, line=False)


def cheek(pen: Pen, coat: Coat) -> None:
    pen.oval((-0.3, 0.02), (0.085, 0.09), coat.fur)
    pen.oval((-0.3, 0.02), (0.052, 0.057), coat.belly, line=False)


def sail(pen: Pen, coat: Coat) -> None:
    pen.blob([(-0.16, 0.18), (-0.36, 0.25), (-0.48, 0.08), (-0.42, -0.12), (-0.26, -0.1)], coat.fur, 0.1)
    pen.blob([(-0.24, 0.13), (-0.36, 0.18), (-0.43, 0.07), (-0.38, -0.06), (-0.28, -0.04)], mix(coat.fur, PINK, 0.5),
             line=False)  # fmt: skip


def bulge(pen: Pen, coat: Coat) -> None:
    pen.oval((-0.125, 0.17), (0.095, 0.095), coat.fur)


EARS: dict[str, Callable[[Pen, Coat], None]] = {
    "pointed": partial(both, pointed), "floppy": partial(both, floppy), "long": partial(both, long),
    "round": partial(both, rounded), "dish": partial(both, dish), "flap": partial(both, flap),
    "side": partial(both, sideways), "cheek": partial(both, cheek), "sail": partial(both, sail),
    "bulge": partial(both, bulge),
}  # fmt: skip


# --- muzzles ----------------------------------------------------------------------------------------------------------


def cat_mouth(pen: Pen, coat: Coat) -> None:
    pen.shape([(-0.028, -0.04), (0.028, -0.04), (0, -0.068)], of("e88a8f"))
    whiskered(pen, (0, -0.068), 0.055, coat.face)
    for side in (-1, 1):
        for lift in (0.02, -0.025):
            hair = [(side * 0.2, -0.055 + lift * 0.4), (side * 0.31, -0.05 + lift), (side * 0.4, -0.065 + lift * 1.6)]
            pen.stroke(hair, coat.face, 0.009, 0.5, line=False)


def small_mouth(pen: Pen, coat: Coat) -> None:
    pen.oval((0, -0.05), (0.026, 0.02), of("e88a8f"), line=False)
    whiskered(pen, (0, -0.068), 0.045, coat.face)


def dog_mouth(pen: Pen, coat: Coat) -> None:
    pen.oval((0, -0.085), (0.115, 0.085), coat.belly, line=False)
    pen.blob([(-0.045, -0.1), (0, -0.16), (0.045, -0.1)], of("ef7f86"), line=False)
    pen.oval((0, -0.04), (0.045, 0.032), INK, line=False)
    pen.oval((-0.012, -0.03), (0.012, 0.007), WHITE, line=False)
    whiskered(pen, (0, -0.07), 0.06)


def fox_mouth(pen: Pen, coat: Coat) -> None:
    for side in (-1, 1):
        pen.blob([(0, -0.18), (side * 0.19, -0.14), (side * 0.27, -0.03), (side * 0.12, -0.05), (side * 0.02, -0.01)],
                 coat.belly, line=False)  # fmt: skip
    pen.oval((0, -0.075), (0.035, 0.027), INK, line=False)
    whiskered(pen, (0, -0.1), 0.045)


def snout(pen: Pen, coat: Coat) -> None:
    pen.oval((0, -0.06), (0.085, 0.06), dark(coat.fur, 0.14))
    for side in (-1, 1):
        pen.oval((side * 0.03, -0.06), (0.014, 0.022), dark(coat.fur, 0.5), line=False)
    smile(pen, (0, -0.135), 0.04)


def broad(pen: Pen, coat: Coat) -> None:
    pen.oval((0, -0.11), (0.17, 0.1), light(coat.fur, 0.35))
    for side in (-1, 1):
        pen.oval((side * 0.065, -0.085), (0.018, 0.013), dark(coat.fur, 0.6), line=False)
    smile(pen, (0, -0.135), 0.06)


def ape(pen: Pen, coat: Coat) -> None:
    for side in (-1, 1):
        pen.oval((side * 0.1, 0.03), (0.115, 0.12), coat.belly, line=False)
    pen.oval((0, -0.085), (0.16, 0.1), coat.belly, line=False)
    for side in (-1, 1):
        pen.oval((side * 0.02, -0.045), (0.011, 0.008), INK, line=False)
    smile(pen, (0, -0.1), 0.06)


def trunk(pen: Pen, coat: Coat) -> None:
    pen.stroke(
        [(0, 0.01), (0.0, -0.16), (-0.05, -0.33), (-0.17, -0.37), (-0.24, -0.27)], light(coat.fur, 0.2), 0.15, 0.55
    )
    for drop in (-0.08, -0.14, -0.2):
        pen.stroke([(-0.05, drop), (0.0, drop - 0.014), (0.05, drop)], dark(coat.fur, 0.12), 0.012, line=False)


def wide_mouth(pen: Pen, coat: Coat) -> None:
    pen.stroke([(-0.19, -0.03), (-0.1, -0.1), (0.1, -0.1), (0.19, -0.03)], dark(coat.fur, 0.6), 0.016, line=False)


MUZZLES: dict[str, Callable[[Pen, Coat], None]] = {
    "cat": cat_mouth, "small": small_mouth, "dog": dog_mouth, "fox": fox_mouth, "snout": snout, "broad": broad,
    "ape": ape, "trunk": trunk, "wide": wide_mouth,
}  # fmt: skip


# --- tails ------------------------------------------------------------------------------------------------------------


def curl(pen: Pen, coat: Coat) -> None:
    pen.stroke([(0.2, 0.08), (0.4, 0.1), (0.44, 0.3), (0.35, 0.42), (0.38, 0.54)], coat.fur, 0.085, 0.8)
    pen.oval((0.38, 0.545), (0.032, 0.032), coat.mark, line=False)


def tail_up(pen: Pen, coat: Coat) -> None:
    pen.stroke([(0.2, 0.14), (0.34, 0.22), (0.4, 0.38)], coat.fur, 0.1, 0.6)


def puff(pen: Pen, coat: Coat) -> None:
    pen.oval((0.29, 0.13), (0.09, 0.09), light(coat.fur, 0.4))


def brush(pen: Pen, coat: Coat) -> None:
    pen.blob([(0.18, 0.04), (0.36, 0.06), (0.5, 0.26), (0.46, 0.5), (0.34, 0.46), (0.3, 0.24)], coat.fur, 0.2)
    pen.blob([(0.485, 0.34), (0.46, 0.5), (0.35, 0.465), (0.39, 0.37)], coat.belly, line=False)


def stub(pen: Pen, coat: Coat) -> None:
    pen.oval((0.28, 0.13), (0.06, 0.06), coat.fur)


def tuft(pen: Pen, coat: Coat) -> None:
    pen.stroke([(0.22, 0.1), (0.4, 0.14), (0.42, 0.36)], coat.fur, 0.045)
    pen.blob([(0.38, 0.34), (0.36, 0.44), (0.42, 0.52), (0.48, 0.44), (0.46, 0.34)], coat.mark)


def twirl(pen: Pen, coat: Coat) -> None:
    pen.stroke([(0.26, 0.16), (0.35, 0.2), (0.36, 0.28), (0.31, 0.26), (0.35, 0.19), (0.42, 0.22)], coat.fur, 0.03)


def thin(pen: Pen, coat: Coat) -> None:
    pen.stroke([(0.22, 0.06), (0.4, 0.06), (0.46, 0.18), (0.4, 0.3)], mix(coat.fur, PINK, 0.5), 0.03, 0.5)


def no_tail(pen: Pen, coat: Coat) -> None:
    """Draw no tail, as for a frog."""


TAILS: dict[str, Callable[[Pen, Coat], None]] = {
    "curl": curl, "up": tail_up, "puff": puff, "brush": brush, "stub": stub, "tuft": tuft, "twirl": twirl,
    "thin": thin, "none": no_tail,
}  # fmt: skip


# --- marks ------------------------------------------------------------------------------------------------------------


def unmarked(pen: Pen, coat: Coat) -> None:
    """Draw no marks, as for most animals."""


def stripes(pen: Pen, coat: Coat) -> None:
    for x, drop in ((-0.07, 0.1), (0, 0.085), (0.07, 0.1)):
        pen.stroke([(x * 0.8, 0.195 - abs(x) * 0.2), (x, drop)], coat.mark, 0.026, 0.4, line=False)
    for side in (-1, 1):
        for y, reach in ((0.0, 0.2), (-0.06, 0.205)):
            pen.stroke([(side * 0.285, y), (side * reach, y - 0.01)], coat.mark, 0.022, 0.4, line=False)
        for y, begin in ((-0.36, 0.255), (-0.44, 0.275), (-0.52, 0.285)):
            pen.stroke([(side * begin, y), (side * (begin - 0.09), y - 0.012)], coat.mark, 0.026, 0.4, line=False)


def patches(pen: Pen, _coat: Coat) -> None:
    for side in (-1, 1):
        patch = [(0.07, 0.06), (0.15, 0.09), (0.19, -0.01), (0.16, -0.06), (0.08, -0.04)]
        pen.blob([(side * x, y) for x, y in patch], INK, line=False)
        pen.oval((side * 0.125, 0.02), (0.052, 0.06), of("fffaf2"), line=False)


def mane(pen: Pen, colour: Colour) -> None:
    for x, y in ring((0, 0.02), (0.31, 0.28))[:-1:3]:
        pen.oval((x, y), (0.1, 0.1), colour)
    pen.oval((0, 0.02), (0.3, 0.27), colour, line=False)


def horns(pen: Pen, _coat: Coat) -> None:
    horn = [(0.13, 0.16), (0.3, 0.2), (0.42, 0.31), (0.38, 0.43)]
    for side in (-1, 1):
        pen.stroke([(side * x, y) for x, y in horn], of("d9cbb2"), 0.075, 0.25)


def antlers(pen: Pen, _coat: Coat) -> None:
    for side in (-1, 1):
        for branch in ([(0.09, 0.18), (0.14, 0.32), (0.12, 0.44)], [(0.13, 0.3), (0.22, 0.36), (0.24, 0.44)]):
            pen.stroke([(side * x, y) for x, y in branch], of("a8814f"), 0.035, 0.5)


MARKS: dict[str, Callable[[Pen, Coat], None]] = {
    "stripes": stripes, "panda": patches, "horns": horns, "antlers": antlers,
}  # fmt: skip

CRITTERS: dict[str, Draw] = {name: partial(critter, kind) for name, kind in KINDS.items()}
