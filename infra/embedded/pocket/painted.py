"""Painted – finishes by brush: watercolour, ink, silk, oil, lacquer."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from infra.embedded.pocket.colours import Colour, of
from infra.embedded.pocket.drawing import Drawing, bloomed, bolder, details, dry, merged, over, saturated, vignette
from infra.embedded.pocket.papers import between, clouds, grained, paper, ragged, trembled, weave


def digital(drawing: Drawing) -> Image.Image:
    """Render `drawing` with clean shapes and soft light."""
    return vignette(bloomed(drawing.flat, 26, 0.35), of("1a1030"), 34)


def watercolor(drawing: Drawing) -> Image.Image:
    """Render `drawing` in thin colour that bleeds, collects at edges and leaves the margin white."""
    seed, white = drawing.seed(), Image.new("RGB", drawing.size, (255, 255, 255))
    wet = trembled(drawing.flat, 3.4, 44, seed).filter(ImageFilter.GaussianBlur(1.2))
    wet = Image.blend(ImageEnhance.Brightness(saturated(wet, 1.35)).enhance(1.08), white, 0.16)
    thin = clouds(drawing.size, 6, seed + 1).point([max(0, v - 110) // 2 for v in range(256)])
    wet = over(wet, (255, 255, 255), thin)
    wet = ImageChops.multiply(wet, merged(between(clouds(drawing.size, 42, seed + 2), 224, 255)))
    edges = trembled(drawing.lines, 3.4, 44, seed).filter(ImageFilter.GaussianBlur(1.3))
    pooled = ImageChops.multiply(saturated(wet, 1.3), wet.point([90 + v * 5 // 10 for v in range(256)] * 3))
    wet.paste(pooled, (0, 0), dry(edges, drawing, 34).point([v * 8 // 10 for v in range(256)]))
    sheet = paper(drawing.size, of("fffdf6"), 14)
    sheet.paste(ImageChops.multiply(wet, sheet), (0, 0), ragged(drawing.size, 0.035, seed))
    return sheet


def ink_wash(drawing: Drawing) -> Image.Image:
    """Render `drawing` as thủy mặc: diluted black ink on rice paper, where only red keeps its colour."""
    seed = drawing.seed()
    grey = ImageOps.autocontrast(trembled(drawing.flat, 4, 40, seed).convert("L"), cutoff=2).filter(
        ImageFilter.GaussianBlur(2.2)
    )
    water = grey.point([min(255, int(46 + 225 * (v / 255) ** 0.7)) for v in range(256)])
    water = ImageChops.add(water, between(clouds(drawing.size, 7, seed + 1), 0, 70))
    water = ImageChops.lighter(
        water, ImageChops.invert(ragged(drawing.size, 0.09, seed).filter(ImageFilter.GaussianBlur(34)))
    )
    rice = paper(drawing.size, of("f6eedd"), 12)
    sheet = ImageChops.multiply(rice, ImageOps.colorize(water, of("2c2c34"), (255, 255, 255)))
    sheet = reddened(sheet, drawing.flat, of("c2382c"), seed)
    return sealed(over(sheet, of("1b1a20"), brushed(drawing, seed)))


def brushed(drawing: Drawing, seed: int) -> Image.Image:
    """Lines of `drawing` as by a brush: thicker and thinner, dry in places."""
    thin, thick = bolder(drawing.lines, 3), bolder(drawing.lines, 9)
    pressed = clouds(drawing.size, 12, seed + 5).point([min(255, max(0, (v - 120) * 5)) for v in range(256)])
    line = trembled(Image.composite(thick, thin, pressed), 2.6, 60, seed).filter(ImageFilter.GaussianBlur(0.9))
    return dry(line, drawing, 90)


def reddened(sheet: Image.Image, flat: Image.Image, colour: Colour, seed: int) -> Image.Image:
    """Wash the red parts of `flat`, such as sun and lanterns, in red over `sheet`."""
    red, green, blue = trembled(flat, 4, 40, seed).split()
    mask = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point(
        [min(190, max(0, v - 92) * 4) for v in range(256)]
    )
    return over(sheet, colour, mask.filter(ImageFilter.GaussianBlur(1.5)))


def sealed(sheet: Image.Image) -> Image.Image:
    """Add the painter's red seal to `sheet`: a plum blossom."""
    unit = min(sheet.size) // 20
    x, y = unit * 1.2, sheet.size[1] - unit * 2.2
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((x, y, x + unit, y + unit), unit // 6, fill=of("b8322a"))
    for turn in range(5):
        across, down = (
            x + unit * (0.5 + 0.24 * math.sin(turn * 1.2566)),
            y + unit * (0.5 - 0.24 * math.cos(turn * 1.2566)),
        )
        size = unit * 0.13
        pen.ellipse((across - size, down - size, across + size, down + size), fill=of("f8ead8"))
    return sheet


def silk(drawing: Drawing) -> Image.Image:
    """Render `drawing` as tranh lụa: colours washed into silk, soft edges, visible threads."""
    seed = drawing.seed()
    soft = Image.blend(drawing.flat.filter(ImageFilter.GaussianBlur(5)), drawing.flat, 0.35)
    soft = ImageEnhance.Brightness(saturated(soft, 1.05)).enhance(1.06)
    soft = Image.blend(soft, Image.new("RGB", drawing.size, of("f7e3b6")), 0.2)
    fine = (
        trembled(drawing.lines, 1.4, 50, seed)
        .filter(ImageFilter.GaussianBlur(0.8))
        .point([v * 7 // 10 for v in range(256)])
    )
    soft = over(soft, of("5d3a2a"), fine)
    washed = clouds(drawing.size, 4, seed).point([max(0, v - 130) * 5 // 10 for v in range(256)])
    soft = over(soft, of("f9ebc8"), washed)
    return vignette(ImageChops.multiply(soft, merged(weave(drawing.size, 26))), of("e2bd78"), 120)


def oil(drawing: Drawing) -> Image.Image:
    """Render `drawing` in thick strokes from coarse to fine with light on the ridges, and faces last."""
    rich = saturated(ImageEnhance.Contrast(drawing.flat).enhance(1.08), 1.28)
    small = rich.reduce(4)
    painted, relief = rich.filter(ImageFilter.GaussianBlur(14)), Image.new("L", drawing.size, 128)
    for count, long in ((1500, 48), (4200, 26), (5000, 14)):
        strokes(drawing.chance, (painted, relief), small, count, long)
    painted.paste(
        rich.filter(ImageFilter.MedianFilter(5)), (0, 0), details(drawing, 7).point([v * 9 // 10 for v in range(256)])
    )
    light = relief.filter(ImageFilter.GaussianBlur(1.2)).filter(ImageFilter.EMBOSS)
    lit = ImageChops.overlay(
        painted, merged(light.point([min(255, max(0, 132 + (v - 128) * 3 // 2)) for v in range(256)]))
    )
    return ImageChops.multiply(lit, merged(weave(drawing.size, 16)))


def strokes(chance: Random, onto: tuple[Image.Image, Image.Image], small: Image.Image, count: int, long: int) -> None:
    """Paint short winding strokes `onto` two pictures, colour and relief, in the colours of `small`."""
    colour_pen, relief_pen = ImageDraw.Draw(onto[0]), ImageDraw.Draw(onto[1])
    seen, (wide, high) = small.load(), small.size
    sway = chance.uniform(0, 6)
    for _ in range(count):
        x, y = chance.randrange(wide), chance.randrange(high)
        red, green, blue = seen[x, y]  # type: ignore[index,misc]  # loaded above; three parts, as the picture is RGB
        turn = 0.5 * math.sin(x / wide * 4 + sway) + 0.6 * math.cos(y / high * 5 + sway) + chance.gauss(0, 0.3)
        across, down = math.cos(turn) * long / 2, math.sin(turn) * long / 2
        ends, lift = (4 * x - across, 4 * y - down, 4 * x + across, 4 * y + down), chance.randint(-13, 13)
        colour_pen.line(ends, fill=(red + lift, green + lift, blue + lift), width=long // 4)
        relief_pen.line(ends, fill=chance.randint(60, 200), width=long // 4)


def lacquer(drawing: Drawing) -> Image.Image:
    """Render `drawing` as sơn mài: black, cinnabar and gold, with eggshell for white."""
    seed = drawing.seed()
    grey = ImageOps.autocontrast(drawing.flat.convert("L"), cutoff=1)
    ground = ImageOps.colorize(grey, of("160a08"), of("ffe9b0"), mid=of("b0331a"), midpoint=120)
    kept = Image.blend(ground, saturated(drawing.flat, 1.3), 0.22)
    flakes = clouds(drawing.size, 130, seed).point([255 if v > 116 else 60 for v in range(256)])
    leaf = ImageChops.multiply(grey.point([min(255, max(0, v - 140) * 3) for v in range(256)]), flakes)
    gilded = over(kept, of("f2c75c"), leaf.point([v * 5 // 10 for v in range(256)]))
    gilded = over(gilded, of("f0bf50"), dry(bolder(drawing.outlines, 3), drawing, 90))
    worn = grained(gilded, clouds(drawing.size, 200, seed + 1), 46)
    return vignette(bloomed(worn, 12, 0.5), of("0d0505"), 150)
