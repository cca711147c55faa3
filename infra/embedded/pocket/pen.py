"""Pen – draws smooth shapes in a subject's own units, as colour and outline at once.

A subject stands on (0, 0) and is about one unit tall, with y going up. Its pen knows the position on the canvas, the
size and the distance. The canvas is twice as large as the picture, so that edges become smooth.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw

from infra.embedded.pocket.colours import Colour, dark, light, mix

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = Sequence[Point]

FINER = 2  # side of the canvas relative to the picture
COARSER = 4  # side of the picture relative to its light
STEPS = 8  # straight pieces of a curve between two points
RAMP = Image.linear_gradient("L")
HALO = Image.radial_gradient("L").point(
    [round(255 * max(0.0, 1 - v / 180) ** 1.7) for v in range(256)]
)  # black at the edges


class Canvas:
    """Picture while being drawn: the colours, the outlines, and the light of lamps and stars."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.wide, self.high = size[0] * FINER, size[1] * FINER
        self.base = min(self.wide, self.high)
        self.colour = Image.new("RGB", (self.wide, self.high))
        self.lines = Image.new("L", (self.wide, self.high))
        self.light = Image.new("RGB", (size[0] // COARSER, size[1] // COARSER))
        self.grain = grain((self.wide, self.high))
        self.brush, self.veil = ImageDraw.Draw(self.colour), ImageDraw.Draw(self.colour, "RGBA")
        self.tracer = ImageDraw.Draw(self.lines)
        self.line = max(3, self.base // 340)

    def pen(self, x: float, y: float, unit: float) -> "Pen":
        return Pen(self, x, y, unit)

    def fill(self, spots: Points, colour: Colour, shade: float = 0.0, line: int = 255, body: int = 0) -> None:
        """Fill a shape with `colour`. On the outlines the shape hides what is behind, or is as dark as `body`."""
        self.brush.polygon(spots, fill=colour)
        if shade:
            self.shade(spots, dark(colour, shade) if shade > 0 else light(colour, -shade))
        self.tracer.polygon(spots, fill=body)
        if line:
            self.tracer.line([*spots, spots[0], spots[1]], fill=line, width=self.line, joint="curve")

    def shade(self, spots: Points, colour: Colour) -> None:
        """Darken a shape towards its foot, with a little grain."""
        left, top, right, bottom = box = self.bounds(spots)
        wide, high = right - left, bottom - top
        if wide < 12 or high < 12:
            return
        mask = Image.new("L", (wide, high))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in spots], fill=255)
        mask = ImageChops.multiply(mask, RAMP.resize((wide, high)))
        self.colour.paste(colour, box, ImageChops.multiply(mask, self.grain.crop(box)))

    def bounds(self, spots: Points) -> tuple[int, int, int, int]:
        across, down = [x for x, _ in spots], [y for _, y in spots]
        left, top = max(0, int(min(across))), max(0, int(min(down)))
        return left, top, min(self.wide, int(max(across)) + 1), min(self.high, int(max(down)) + 1)

    def bake(self) -> None:
        """Add the light so far to what is drawn so far, but not to shapes drawn later."""
        lit = self.light.resize(self.colour.size, Image.Resampling.BILINEAR)
        self.colour.paste(ImageChops.screen(self.colour, lit))
        self.light.paste((0, 0, 0), (0, 0, *self.light.size))

    def glow(self, spot: Point, radius: float, colour: Colour) -> None:
        scale = 1 / (FINER * COARSER)
        reach = max(2, round(radius * scale))
        corner = round(spot[0] * scale) - reach, round(spot[1] * scale) - reach
        self.light.paste(colour, corner, HALO.resize((2 * reach, 2 * reach)))


@dataclass(frozen=True, slots=True)
class Pen:
    canvas: Canvas
    x: float
    y: float
    unit: float
    turn: float = 0.0  # lean to the left in radians
    flip: bool = False
    air: Colour = (255, 255, 255)
    share: float = 0.0  # share of the air in front of the subject

    def at(self, x: float, y: float, size: float = 1.0, *, turn: float = 0.0, flip: bool = False) -> "Pen":
        """Pen for a part: moved to `x` and `y`, scaled by `size`, leaning by `turn`, mirrored by `flip`."""
        across, down = self.spot((x, y))
        leaning = self.turn + (-turn if self.flip else turn)
        return replace(self, x=across, y=down, unit=self.unit * size, turn=leaning, flip=self.flip ^ flip)

    def through(self, air: Colour, share: float) -> "Pen":
        return replace(self, air=air, share=share)

    def spot(self, point: Point) -> Point:
        x, y = (-point[0] if self.flip else point[0]), point[1]
        sine, cosine = math.sin(self.turn), math.cos(self.turn)
        return self.x + self.unit * (x * cosine - y * sine), self.y - self.unit * (x * sine + y * cosine)

    def tone(self, colour: Colour) -> Colour:
        return mix(colour, self.air, self.share)

    def shape(self, points: Points, colour: Colour, shade: float = 0.0, *, line: bool = True) -> None:
        """Draw a shape with corners at `points`."""
        faint = int(255 * (1 - 0.75 * self.share)) if line else 0
        body = int(235 * (1 - self.share)) if not line and sum(colour) < 150 else 0  # eyes, mouths, hair
        self.canvas.fill([self.spot(point) for point in points], self.tone(colour), shade, faint, body)

    def blob(self, points: Points, colour: Colour, shade: float = 0.0, *, line: bool = True) -> None:
        """Draw a shape without corners through `points`."""
        self.shape(smooth(points, closed=True), colour, shade, line=line)

    def oval(self, middle: Point, radii: Point, colour: Colour, shade: float = 0.0, *, line: bool = True) -> None:
        self.shape(ring(middle, radii), colour, shade, line=line)

    def box(self, corner: Point, opposite: Point, colour: Colour, shade: float = 0.0) -> None:
        (left, low), (right, high) = corner, opposite
        self.shape([(left, low), (left, high), (right, high), (right, low)], colour, shade)

    def round_box(self, corner: Point, opposite: Point, colour: Colour, shade: float = 0.0, bend: float = 0.3) -> None:
        """Draw a box with round corners, whose size is the share `bend` of the shorter side."""
        (left, low), (right, high) = corner, opposite
        cut = min(0.5, bend) * min(right - left, high - low)
        quarters = ((right - cut, high - cut, 0), (left + cut, high - cut, 1), (left + cut, low + cut, 2))
        corners = (*quarters, (right - cut, low + cut, 3))
        points = [
            (x + cut * math.cos((turn + step / 6) * math.pi / 2), y + cut * math.sin((turn + step / 6) * math.pi / 2))
            for x, y, turn in corners
            for step in range(7)
        ]
        self.shape(points, colour, shade)

    def stroke(self, points: Points, colour: Colour, width: float, end: float = 1.0, *, line: bool = True) -> None:
        """Draw a line with round ends, `end` times as wide at the end as at the beginning."""
        path = smooth(points)
        last = len(path) - 1
        radii = [width / 2 * (1 + (end - 1) * place / last) for place in range(last + 1)]
        outline = sleeve(path, radii)
        thin = width * self.unit < 4 * self.canvas.line
        self.shape(outline, colour, line=line and not thin)
        if thin and line:
            self.canvas.tracer.polygon([self.spot(point) for point in outline], fill=int(230 * (1 - self.share)))

    def wash(self, points: Points, colour: Colour, share: float) -> None:
        """Draw a transparent shape without an outline, as opaque as `share`."""
        self.canvas.veil.polygon([self.spot(point) for point in points], fill=(*self.tone(colour), int(255 * share)))

    def shadow(self, wide: float, share: float = 0.22) -> None:
        """Draw the shadow on the ground of a thing that is `wide`."""
        for size in (1.0, 0.82, 0.64):
            self.wash(ring((0, 0), (wide * size, wide * size * 0.16)), (20, 16, 44), share / 2.4)

    def glow(self, middle: Point, radius: float, colour: Colour) -> None:
        self.canvas.glow(self.spot(middle), radius * self.unit, self.tone(colour))


def smooth(points: Points, *, closed: bool = False) -> list[Point]:
    """Curve through all `points` (Catmull-Rom)."""
    if len(points) < 3:
        return list(points)
    row = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    curve = [between(row[place : place + 4], step / STEPS) for place in range(len(row) - 3) for step in range(STEPS)]
    return curve if closed else [*curve, points[-1]]


def mirrored(half: Points) -> list[Point]:
    """Complete an outline: the right `half`, and its mirror image back."""
    return [*half, *((-x, y) for x, y in reversed(half) if x)]


def between(four: Points, share: float) -> Point:
    """Point at `share` between the second and third of `four`, bent by the first and last."""
    weights = (
        share * ((2 - share) * share - 1),
        share * share * (3 * share - 5) + 2,
        share * ((4 - 3 * share) * share + 1),
        (share - 1) * share * share,
    )
    across = sum(weight * point[0] for weight, point in zip(weights, four, strict=True)) / 2
    return across, sum(weight * point[1] for weight, point in zip(weights, four, strict=True)) / 2


def ring(middle: Point, radii: Point, begin: float = 0.0, until: float = math.tau) -> list[Point]:
    """Points on an oval, or on the part from angle `begin` to `until`."""
    steps = 36
    angles = (begin + (until - begin) * step / steps for step in range(steps + 1))
    return [(middle[0] + radii[0] * math.cos(angle), middle[1] + radii[1] * math.sin(angle)) for angle in angles]


def sleeve(path: Points, radii: Sequence[float]) -> list[Point]:
    """Outline of a line along `path` with changing `radii`, round at both ends."""
    left, right = [], []
    for place, (x, y) in enumerate(path):
        (ax, ay), (bx, by) = path[max(0, place - 1)], path[min(len(path) - 1, place + 1)]
        long = math.hypot(bx - ax, by - ay) or 1.0
        nx, ny = -(by - ay) / long * radii[place], (bx - ax) / long * radii[place]
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *cap(path[-1], left[-1], radii[-1]), *reversed(right), *cap(path[0], right[0], radii[0])]


def cap(middle: Point, begin: Point, radius: float) -> list[Point]:
    """Points on half a circle around `middle`, clockwise from `begin`."""
    angle = math.atan2(begin[1] - middle[1], begin[0] - middle[0])
    turns = (angle - math.pi * step / 6 for step in range(1, 6))
    return [(middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)) for turn in turns]


def grain(size: tuple[int, int], seed: int = 5) -> Image.Image:
    """Fine repeatable noise of `size`, strewn into shading."""
    small = (size[0] // FINER, size[1] // FINER)
    noise = Image.frombytes("L", small, Random(seed).randbytes(small[0] * small[1]))
    return noise.point([110 + v * 145 // 255 for v in range(256)]).resize(size, Image.Resampling.NEAREST)
