"""Styles – styles that a person can ask for by name, with English words for the painter."""

from dataclasses import dataclass

from core.letters import bare


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    english: str
    aliases: tuple[str, ...] = ()
    preset: bool = False  # True: the vendor's image services know this very name


STYLES = {
    style.name: style
    for style in (
        Style("3d-model", "3D model render", ("3d", "mô hình 3d"), preset=True),
        Style("analog-film", "analog film photograph, grain", ("phim cũ", "film"), preset=True),
        Style("anime", "anime illustration", ("hoạt hình nhật", "manga"), preset=True),
        Style("cinematic", "cinematic still, dramatic light", ("điện ảnh",), preset=True),
        Style("comic-book", "comic book art, bold outlines", ("truyện tranh", "comic"), preset=True),
        Style("digital-art", "digital art", ("kỹ thuật số", "digital"), preset=True),
        Style("fantasy-art", "fantasy art", ("kỳ ảo", "fantasy"), preset=True),
        Style("isometric", "isometric illustration", ("đẳng cự",), preset=True),
        Style("line-art", "clean line art", ("nét", "tranh nét"), preset=True),
        Style("low-poly", "low poly render", ("đa giác",), preset=True),
        Style("modeling-compound", "clay modelling", ("đất sét", "clay"), preset=True),
        Style("neon-punk", "neon punk", ("neon", "đèn neon"), preset=True),
        Style("origami", "folded paper origami", ("gấp giấy",), preset=True),
        Style("photographic", "photograph, natural light", ("photo", "ảnh chụp", "ảnh thật"), preset=True),
        Style("pixel-art", "pixel art", ("pixel", "điểm ảnh"), preset=True),
        Style("tile-texture", "seamless tile texture", ("hoa văn",), preset=True),
        Style("dong-ho", "Dong Ho folk woodcut print", ("đông hồ", "tranh đông hồ")),
        Style("ink-wash", "ink wash painting", ("thủy mặc", "thuỷ mặc", "mực tàu")),
        Style("lacquer", "Vietnamese lacquer painting", ("sơn mài",)),
        Style("oil-painting", "oil painting on canvas", ("sơn dầu", "oil")),
        Style("silk-painting", "Vietnamese silk painting, soft edges", ("tranh lụa", "lụa", "silk")),
        Style("sketch", "pencil sketch", ("phác thảo", "bút chì", "ký họa")),
        Style("watercolor", "watercolor painting", ("màu nước", "watercolour")),
    )
}


def spelling(name: str) -> str:
    """Normalised `name`: in small letters, with spaces for - and _."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


KNOWN = {
    written: style.name
    for style in STYLES.values()
    for name in (style.name, *style.aliases)
    for written in (spelling(name), bare(spelling(name)))
}


def style_named(name: str) -> str:
    """Name of the style called `name`, or ""."""
    return KNOWN.get(spelling(name), "")
