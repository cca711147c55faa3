"""Finishes – renders the same scene as watercolour, ink, print, pixels, lacquer and so on."""

from infra.embedded.pocket.built import (
    cinematic,
    clay,
    fantasy,
    film,
    low_poly,
    modelled,
    origami,
    pattern,
    photographic,
)
from infra.embedded.pocket.drawing import Finish
from infra.embedded.pocket.painted import digital, ink_wash, lacquer, oil, silk, watercolor
from infra.embedded.pocket.printed import anime, comic, dong_ho, line_art, neon_punk, pixel, poster, sketch

FINISHES: dict[str, Finish] = {
    "digital-art": digital, "watercolor": watercolor, "ink-wash": ink_wash, "silk-painting": silk,
    "oil-painting": oil, "lacquer": lacquer, "dong-ho": dong_ho, "poster": poster, "pixel-art": pixel,
    "comic-book": comic, "line-art": line_art, "sketch": sketch, "anime": anime, "neon-punk": neon_punk,
    "low-poly": low_poly, "isometric": low_poly, "origami": origami, "modeling-compound": clay, "3d-model": modelled,
    "photographic": photographic, "analog-film": film, "cinematic": cinematic, "fantasy-art": fantasy,
    "tile-texture": pattern,
}  # fmt: skip
