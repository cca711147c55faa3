"""Look – colours, traits and clothes of a thing, and the face that all creatures share."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from infra.embedded.pocket.colours import INK, WHITE, Colour, Palette, dark, light, mix, of
from infra.embedded.pocket.pen import Pen, Point, ring

BLUSH = of("ff8f8f")
STRAW, BAMBOO = of("f0d9a0"), of("b98d4f")


@dataclass(frozen=True, slots=True)
class Look:
    palette: Palette
    mood: str  # name of the palette
    chance: Random
    colours: tuple[Colour, ...] = ()
    traits: frozenset[str] = frozenset()
    worn: dict[str, Colour | None] = field(default_factory=dict)

    def main(self, usual: str) -> Colour:
        """Colour from the prompt, or `usual`."""
        return self.colours[0] if self.colours else of(usual)

    def second(self, usual: Colour) -> Colour:
        return self.colours[1] if len(self.colours) > 1 else usual

    def one_of(self, *usual: str) -> Colour:
        """Colour from the prompt, or one of `usual`."""
        choice = self.chance.choice(usual)
        return self.main(choice)


Draw: TypeAlias = Callable[[Pen, Look], None]


def bright(colour: Colour) -> bool:
    red, green, blue = colour
    return 3 * red + 6 * green + blue > 900


def eye(pen: Pen, middle: Point, size: float, *, closed: Colour | None = None) -> None:
    """Draw an eye: open, or shut with joy, as a bow in the colour `closed`."""
    x, y = middle
    if closed:
        pen.stroke(bow(middle, size * 1.15, size * 0.85), closed, size * 0.5, line=False)
        return
    pen.oval(middle, (size, size * 1.2), INK, line=False)
    pen.oval((x - size * 0.3, y + size * 0.42), (size * 0.36, size * 0.36), WHITE, line=False)
    pen.oval((x + size * 0.35, y - size * 0.45), (size * 0.18, size * 0.18), WHITE, line=False)


def eyes(pen: Pen, middle: Point, apart: float, size: float, *, closed: Colour | None = None) -> None:
    for side in (-1, 1):
        eye(pen, (middle[0] + side * apart, middle[1]), size, closed=closed)


def bow(middle: Point, half: float, rise: float) -> list[Point]:
    """Points of a bow `half` as wide to each side, with a middle `rise` above the ends."""
    x, y = middle
    return [(x + half * share / 4, y + rise * (1 - (share / 4) ** 2)) for share in range(-4, 5)]


def blush(pen: Pen, middle: Point, apart: float, size: float) -> None:
    for side in (-1, 1):
        pen.wash(ring((middle[0] + side * apart, middle[1]), (size, size * 0.66)), BLUSH, 0.5)


def smile(pen: Pen, middle: Point, size: float, colour: Colour = INK) -> None:
    pen.stroke(bow(middle, size, -size * 0.6), colour, size * 0.3, line=False)


def whiskered(pen: Pen, middle: Point, size: float, colour: Colour = INK) -> None:
    """Draw the mouth of a cat: two small bows under the nose."""
    x, y = middle
    for side in (-1, 1):
        half = bow((x + side * size * 0.52, y), size * 0.52, -size * 0.5)
        pen.stroke(half, colour, size * 0.28, line=False)


def dress_up(pen: Pen, look: Look, wide: float) -> None:
    """Draw the headwear in `look`, with `pen` placed between the eyes and `wide` as half the width of the head."""
    if "glasses" in look.worn:
        glasses(pen, look.worn["glasses"] or INK, wide)
    if "cone" in look.worn:
        cone(pen.at(0, wide * 0.5), look.worn["cone"] or STRAW, wide * 1.5)
    if "crown" in look.worn:
        crown(pen.at(0, wide * 0.72), look.worn["crown"] or of("f6c63c"), wide * 0.62)


def cone(pen: Pen, colour: Colour, wide: float) -> None:
    """Draw a nón lá: palm leaf over rings of bamboo."""
    pen.blob(ring((0, 0), (wide, wide * 0.17))[::3], dark(colour, 0.3))
    slope = [(-wide, 0.0), (0.0, wide * 0.78), (wide, 0.0)]
    brim = [(wide * math.cos(turn / 10 * math.pi), -wide * 0.1 * math.sin(turn / 10 * math.pi)) for turn in range(11)]
    pen.shape([*slope[:2], *brim], colour, 0.3)
    for height in (0.2, 0.42, 0.62, 0.8):
        half = wide * (1 - height)
        arc = [
            (-half, wide * 0.78 * height),
            (0, wide * (0.78 * height - 0.09 * (1 - height))),
            (half, wide * 0.78 * height),
        ]
        pen.stroke(arc, mix(colour, BAMBOO, 0.5), wide * 0.014, line=False)


def crown(pen: Pen, colour: Colour, wide: float) -> None:
    peaks = [(-1, 0), (-1.08, 0.8), (-0.5, 0.36), (0, 1.0), (0.5, 0.36), (1.08, 0.8), (1, 0)]
    pen.shape([(x * wide, y * wide) for x, y in peaks], colour, 0.25)
    for x, y in ((-1.08, 0.85), (0, 1.05), (1.08, 0.85)):
        pen.oval((x * wide, y * wide), (wide * 0.13, wide * 0.13), light(colour, 0.6))
    pen.oval((0, wide * 0.3), (wide * 0.15, wide * 0.15), of("d92b4f"))


def glasses(pen: Pen, colour: Colour, wide: float) -> None:
    for side in (-1, 1):
        pen.wash(ring((side * wide * 0.42, 0), (wide * 0.3, wide * 0.28)), of("bfe6ff"), 0.35)
        pen.stroke(ring((side * wide * 0.42, 0), (wide * 0.3, wide * 0.28))[::3], colour, wide * 0.07, line=False)
    pen.stroke([(-wide * 0.13, 0.0), (0.0, wide * 0.05), (wide * 0.13, 0.0)], colour, wide * 0.06, line=False)


def scarf(pen: Pen, colour: Colour, wide: float) -> None:
    """Draw a scarf round the neck at `pen`."""
    pen.stroke(
        [(wide * 0.35, 0), (wide * 0.5, -wide * 0.5), (wide * 0.42, -wide * 1.0)], dark(colour, 0.12), wide * 0.34
    )
    pen.stroke([(-wide, wide * 0.06), (0, -wide * 0.16), (wide, wide * 0.06)], colour, wide * 0.36)
