"""Built – finishes of paper, clay and facets, and of lenses, film and light."""

from itertools import product
from random import Random
from typing import cast

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from infra.embedded.pocket.colours import Colour, of
from infra.embedded.pocket.drawing import Drawing, bloomed, details, framed, merged, over, saturated, tiled, vignette
from infra.embedded.pocket.papers import between, clouds, grained, noise, paper
from infra.embedded.pocket.pen import Point


def low_poly(drawing: Drawing) -> Image.Image:
    """Cut `drawing` into facets, each in the colour of its middle, with smaller facets around details."""
    vivid = saturated(drawing.flat, 1.15)
    coarse, fine = facets(vivid, drawing.chance, 30), facets(vivid, drawing.chance, 11)
    built = Image.composite(fine, coarse, details(drawing, 15).point([255 if v > 90 else 0 for v in range(256)]))
    return Image.composite(vivid, built, details(drawing, 3).point([v * 7 // 10 for v in range(256)]))


def facets(flat: Image.Image, chance: Random, cell: int) -> Image.Image:
    columns, rows = flat.size[0] // cell + 2, flat.size[1] // cell + 2
    spots = {
        (x, y): ((x - 0.5 + chance.uniform(-0.36, 0.36)) * cell, (y - 0.5 + chance.uniform(-0.36, 0.36)) * cell)
        for x in range(columns + 1)
        for y in range(rows + 1)
    }
    built = Image.new("RGB", flat.size)
    seen, pen = flat.filter(ImageFilter.BoxBlur(cell // 8)), ImageDraw.Draw(built)
    for x, y in product(range(columns), range(rows)):
        a, b, c, d = spots[x, y], spots[x + 1, y], spots[x, y + 1], spots[x + 1, y + 1]
        for facet, tilt in (((a, b, c), 7), ((b, d, c), -7)) if (x + y) % 2 else (((a, b, d), 7), ((a, d, c), -7)):
            lift = tilt + chance.randint(-5, 5)
            pen.polygon(facet, fill=lifted(seen, facet, lift))
    return built


def lifted(seen: Image.Image, facet: tuple[Point, ...], lift: int) -> Colour:
    """Colour of `seen` in the middle of `facet`, brightened by `lift`."""
    spot = [min(side - 1, max(0, int(sum(one[way] for one in facet) / 3))) for way, side in enumerate(seen.size)]
    red, green, blue = cast("Colour", seen.getpixel((spot[0], spot[1])))
    return red + lift, green + lift, blue + lift


def origami(drawing: Drawing) -> Image.Image:
    """Render `drawing` as cut and folded paper, where each shape throws a shadow on the next."""
    edges = drawing.outlines.filter(ImageFilter.GaussianBlur(5))
    shadow = ImageChops.offset(edges, 5, 7)
    shaded = over(saturated(drawing.flat, 1.08), of("1f1630"), shadow.point([min(150, v) for v in range(256)]))
    rims = over(shaded, (255, 255, 255), drawing.outlines.point([v * 6 // 10 for v in range(256)]))
    return ImageChops.multiply(rims, paper(drawing.size, (255, 255, 255), 22))


def clay(drawing: Drawing) -> Image.Image:
    """Render `drawing` as if modelled by hand in clay, with fingerprints."""
    prints = between(clouds(drawing.size, 60, drawing.seed()), 240, 255)
    return ImageChops.multiply(modelled(drawing), merged(prints))


def modelled(drawing: Drawing) -> Image.Image:
    """Light one side of every edge in `drawing` and shade the other."""
    edges = drawing.outlines.filter(ImageFilter.GaussianBlur(7))
    shade, shine = ImageChops.offset(edges, -6, -8), ImageChops.offset(edges, 7, 9)
    dim = over(saturated(drawing.flat, 1.2), of("2a1530"), shade.point([min(130, v) for v in range(256)]))
    return over(dim, of("fff6e6"), shine.point([min(140, v) for v in range(256)]))


def photographic(drawing: Drawing) -> Image.Image:
    """Render `drawing` as a photo: the distance out of focus, a little grain."""
    depth = Image.linear_gradient("L").resize(drawing.size).point([max(0, 150 - v) * 255 // 150 for v in range(256)])
    near = drawing.flat.filter(ImageFilter.GaussianBlur(0.7))
    focused = Image.composite(drawing.flat.filter(ImageFilter.GaussianBlur(7)), near, depth)
    shot = ImageEnhance.Contrast(bloomed(focused, 34, 0.7)).enhance(1.18)
    return vignette(grained(ImageEnhance.Brightness(shot).enhance(1.05), noise(*drawing.size, 41), 16), (0, 0, 0), 110)


def film(drawing: Drawing) -> Image.Image:
    """Render `drawing` as an old photo: faded colours, a light leak on one edge, a white border."""
    faded = Image.blend(saturated(photographic(drawing), 0.8), Image.new("RGB", drawing.size, of("ffc98a")), 0.14)
    lifted_up = ImageEnhance.Brightness(faded.point([26 + v * 225 // 255 for v in range(256)] * 3)).enhance(1.08)
    leak = clouds(drawing.size, 2, drawing.seed()).point([max(0, v - 140) for v in range(256)])
    shot = ImageChops.screen(lifted_up, ImageOps.colorize(leak, (0, 0, 0), of("ff7a2a")))
    sheet = paper(drawing.size, of("fbf7ec"), 8)
    sheet.paste(grained(shot, noise(*drawing.size, 42), 26), (0, 0), framed(drawing.size, 0.04))
    return sheet


def cinematic(drawing: Drawing) -> Image.Image:
    """Render `drawing` as a film still: teal shadows, warm lights, the bars of a wide screen."""
    shot = photographic(drawing)
    tone = ImageOps.colorize(shot.convert("L"), of("04161c"), of("ffe2b8"), mid=of("4f7378"))
    graded = ImageEnhance.Contrast(Image.blend(shot, tone, 0.42)).enhance(1.12)
    bar = int(drawing.size[1] * 0.085)
    for top in (0, drawing.size[1] - bar):
        graded.paste((6, 6, 8), (0, top, drawing.size[0], top + bar))
    return graded


def fantasy(drawing: Drawing) -> Image.Image:
    """Render `drawing` with light from all sides and sparks in the air."""
    aura = ImageOps.colorize(clouds(drawing.size, 3, drawing.seed()), of("30105a"), of("2a6a8a"))
    dreamt = bloomed(
        ImageChops.screen(saturated(drawing.flat, 1.2), aura.point([v // 3 for v in range(256)] * 3)), 50, 0.9
    )
    pen, wide = ImageDraw.Draw(dreamt), min(drawing.size)
    for _ in range(70):
        x, y, size = (
            drawing.chance.random() * drawing.size[0],
            drawing.chance.random() * drawing.size[1],
            wide * drawing.chance.choice((0.0016, 0.0025, 0.006)),
        )
        pen.polygon([(x, y - size), (x + size / 5, y), (x, y + size), (x - size / 5, y)], fill=of("fff6d0"))
        pen.polygon([(x - size, y), (x, y - size / 5), (x + size, y), (x, y + size / 5)], fill=of("fff6d0"))
    return vignette(dreamt, of("1a0838"), 130)


def pattern(drawing: Drawing) -> Image.Image:
    """Repeat `drawing` as tiles, mirroring every second one so that no seam shows."""
    wide, high = drawing.size[0] // 4, drawing.size[1] // 4
    one = saturated(drawing.flat, 1.15).resize((wide, high), Image.Resampling.LANCZOS)
    other = ImageOps.mirror(one)
    four = Image.new("RGB", (2 * wide, 2 * high))
    for place, tile in enumerate((one, other, other, one)):
        four.paste(tile, (place % 2 * wide, place // 2 * high))
    return tiled(four, drawing.size)
