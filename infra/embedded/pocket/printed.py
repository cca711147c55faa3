"""Printed – finishes by print and line: woodcut, poster, pixels, comic, pencil, neon."""

from dataclasses import replace

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from infra.embedded.pocket.colours import of
from infra.embedded.pocket.drawing import Drawing, bloomed, bolder, dry, framed, merged, over, saturated, tiled
from infra.embedded.pocket.papers import between, clouds, noise, paper, trembled

DONG_HO = ("f3e4c1", "c8412c", "e8a33a", "3f7a5a", "2c3f66", "241d1f", "d98c6a")


def inked(drawing: Drawing, codes: tuple[str, ...], blur: float = 2.0) -> Image.Image:
    """Reduce `drawing` to the inks in `codes`."""
    ruler = Image.new("P", (1, 1))
    ruler.putpalette([part for code in codes for part in of(code)])
    smooth = drawing.flat.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(blur))
    return smooth.quantize(palette=ruler, dither=Image.Dither.NONE).convert("RGB")


def dong_ho(drawing: Drawing) -> Image.Image:
    """Render `drawing` as a Đông Hồ woodcut: shifted blocks of earth colours, a bold black block, sparkling paper."""
    seed, size = drawing.seed(), drawing.size
    vivid = replace(drawing, flat=saturated(ImageEnhance.Contrast(drawing.flat).enhance(1.15), 1.35))
    blocks = ImageChops.offset(trembled(inked(vivid, DONG_HO), 1.6, 50, seed), 3, 2)
    sheet = paper(size, of("f6e7c4"), 18)
    printed = ImageChops.multiply(blocks, merged(between(clouds(size, 90, seed), 228, 255)))
    worn = clouds(size, 130, seed + 1).point([255 if v > 34 else 150 for v in range(256)])
    sheet.paste(printed, (0, 0), ImageChops.multiply(worn, framed(size, 0.045)))
    bristles = noise(6, size[1] // 3, seed).resize(size, Image.Resampling.BILINEAR)
    sheet = ImageChops.multiply(sheet, merged(between(bristles, 232, 255)))
    black = trembled(bolder(drawing.lines, 5), 1.8, 70, seed).point([0 if v < 90 else 255 for v in range(256)])
    return over(sheet, of("1c1718"), ImageChops.multiply(dry(black, drawing, 60), framed(size, 0.045)))


def poster(drawing: Drawing) -> Image.Image:
    """Render `drawing` as a travel poster: a few flat inks, grain where two meet, a pale margin."""
    strewn = ImageChops.add(drawing.flat, merged(between(noise(*drawing.size, 31), 0, 46)), offset=-23)
    flat = (
        saturated(strewn, 1.25)
        .quantize(9, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        .convert("RGB")
        .filter(ImageFilter.MedianFilter(3))
    )
    sheet = Image.new("RGB", drawing.size, of("f7eedb"))
    sheet.paste(flat, (0, 0), framed(drawing.size, 0.05))
    return sheet


def pixel(drawing: Drawing) -> Image.Image:
    """Render `drawing` in large pixels of 36 colours."""
    scale = 8
    small = (drawing.size[0] // scale, drawing.size[1] // scale)
    outlined = over(saturated(drawing.flat, 1.3), of("241a33"), drawing.lines.point([v * 6 // 10 for v in range(256)]))
    tiny = outlined.resize(small, Image.Resampling.BOX)
    chequered = tiled(Image.frombytes("L", (2, 2), bytes((6, 0, 0, 6))), small)
    limited = ImageChops.add(tiny, merged(chequered)).quantize(
        36, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    return limited.resize(drawing.size, Image.Resampling.NEAREST)


def comic(drawing: Drawing) -> Image.Image:
    """Render `drawing` with bold outlines, and dots in shaded areas."""
    flat = (
        saturated(drawing.flat, 1.5)
        .quantize(16, dither=Image.Dither.NONE)
        .convert("RGB")
        .filter(ImageFilter.MedianFilter(5))
    )
    grey = drawing.flat.convert("L").filter(ImageFilter.GaussianBlur(4))
    cell = 9
    dot = Image.radial_gradient("L").resize((cell, cell))
    dots = tiled(dot, drawing.size)
    shade = ImageChops.add(grey, dots, scale=1, offset=-60).point([255 if v < 110 else 0 for v in range(256)])
    dotted = over(
        flat, of("2b2a5a"), shade.filter(ImageFilter.GaussianBlur(0.6)).point([v * 4 // 10 for v in range(256)])
    )
    lined = over(dotted, of("120e18"), bolder(drawing.lines, 5).filter(ImageFilter.GaussianBlur(0.8)))
    sheet = Image.new("RGB", drawing.size, (255, 255, 255))
    sheet.paste(lined, (0, 0), framed(drawing.size, 0.022))
    return sheet


def line_art(drawing: Drawing) -> Image.Image:
    """Render `drawing` as lines on white, with one colour for shadows."""
    grey = ImageOps.autocontrast(drawing.flat.convert("L")).filter(ImageFilter.GaussianBlur(3))
    shade = grey.point([70 if v < 92 else 0 for v in range(256)]).filter(ImageFilter.GaussianBlur(0.8))
    sheet = over(Image.new("RGB", drawing.size, of("fffdf8")), drawing.palette.accent, shade)
    return over(sheet, of("1d1a26"), bolder(drawing.lines, 3).filter(ImageFilter.GaussianBlur(0.6)))


def sketch(drawing: Drawing) -> Image.Image:
    """Render `drawing` in pencil: lines drawn twice, shade hatched in two directions."""
    seed = drawing.seed()
    grey = ImageOps.autocontrast(drawing.flat.convert("L"), cutoff=2).filter(ImageFilter.GaussianBlur(2))
    sheet = paper(drawing.size, of("fbf7ee"), 14)
    for turn, (below, tilt) in enumerate(((205, 0.6), (140, -0.7), (84, 0.15))):
        hatch = trembled(hatching(drawing.size, tilt), 3, 30, seed + turn)
        where = grey.point([min(215, max(0, below - v) * 4) for v in range(256)])
        sheet = over(sheet, of("4a4650"), dry(ImageChops.multiply(hatch, where), drawing, 50))
    for turn in (0, 1):
        drawn = trembled(bolder(drawing.lines, 3), 2.6, 40, seed + 7 + turn)
        sheet = over(sheet, of("2b2831"), dry(drawn, drawing, 140).point([v * 8 // 10 for v in range(256)]))
    return sheet


def hatching(size: tuple[int, int], tilt: float) -> Image.Image:
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    reach = int(abs(tilt) * size[1]) + 8
    for x in range(-reach, size[0] + reach, 7):
        pen.line((x, 0, x + tilt * size[1], size[1]), fill=190, width=2)
    return mask


def anime(drawing: Drawing) -> Image.Image:
    """Render `drawing` in clear colours with thin dark lines and a glowing sky."""
    vivid = ImageEnhance.Brightness(saturated(drawing.flat, 1.42)).enhance(1.05)
    shine = bloomed(vivid, 40, 0.75)
    rays = Image.linear_gradient("L").rotate(90).resize(drawing.size).point([max(0, 90 - v) for v in range(256)])
    shine = ImageChops.screen(shine, ImageOps.colorize(rays, (0, 0, 0), of("fff0c8")))
    return over(shine, of("3a2540"), drawing.lines.point([v * 9 // 10 for v in range(256)]))


def neon_punk(drawing: Drawing) -> Image.Image:
    """Render `drawing` at night, with every outline as a neon tube."""
    dim = ImageEnhance.Brightness(saturated(drawing.flat, 1.5)).enhance(0.3)
    night = ImageChops.add(dim, Image.new("RGB", drawing.size, of("0c0424")))
    hues = clouds(drawing.size, 4, drawing.seed())
    tubes = ImageOps.colorize(ImageOps.autocontrast(hues), of("ff2bd1"), of("27f5ff"), mid=of("8a5cff"))
    tubes = Image.blend(tubes, saturated(ImageEnhance.Brightness(drawing.flat).enhance(1.4), 2.0), 0.3)
    thin = Image.composite(tubes, Image.new("RGB", drawing.size), bolder(drawing.lines, 3))
    for radius, times in ((3, 1.3), (14, 1.5), (44, 1.1)):
        glow = (
            thin.reduce(2).filter(ImageFilter.GaussianBlur(radius / 2)).resize(drawing.size, Image.Resampling.BICUBIC)
        )
        night = ImageChops.screen(night, ImageEnhance.Brightness(glow).enhance(times))
    return ImageChops.screen(night, thin)
