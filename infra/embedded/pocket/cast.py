"""Cast – the things that can be drawn, with the place and relative size of each."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from infra.embedded.pocket.beasts import BEASTS
from infra.embedded.pocket.critters import CRITTERS
from infra.embedded.pocket.folk import FOLK
from infra.embedded.pocket.homes import HOMES
from infra.embedded.pocket.look import Draw
from infra.embedded.pocket.plants import PLANTS
from infra.embedded.pocket.rides import RIDES
from infra.embedded.pocket.skies import HEAVENS, WEATHER
from infra.embedded.pocket.treats import TREATS

# ground: on dry ground. back: the same, but behind others. water, air (flying), sky, hang (hanging from above).
Place: TypeAlias = Literal["ground", "back", "water", "air", "sky", "hang"]


@dataclass(frozen=True, slots=True)
class Role:
    draw: Draw
    place: Place
    tall: float  # height relative to a person, who is 1
    wide: float = 0.8  # width relative to the height
    usual: int = 1  # how many are drawn if the prompt gives no number
    land: str = ""  # land where the thing is at home
    mood: str = ""  # mood whose light fits the thing
    head: float = 0.0  # height of the face, for a portrait


DRAWN: dict[str, Draw] = {**CRITTERS, **BEASTS, **FOLK, **PLANTS, **HOMES, **RIDES, **HEAVENS, **TREATS}


def critters() -> dict[str, Role]:
    tall = {
        "rabbit": 0.44, "fox": 0.56, "bear": 0.9, "panda": 0.85, "tiger": 0.8, "lion": 0.85, "pig": 0.55, "dog": 0.6,
        "mouse": 0.38, "buffalo": 0.95, "monkey": 0.6, "elephant": 1.2, "deer": 0.8, "frog": 0.38,
    }  # fmt: skip
    return {name: Role(draw, "ground", tall.get(name, 0.5), 0.84, head=0.66) for name, draw in CRITTERS.items()}


ROLES: dict[str, Role] = {
    **critters(),
    "duck": Role(DRAWN["duck"], "ground", 0.42, 1.0, land="pond"),
    "chicken": Role(DRAWN["chicken"], "ground", 0.46, 1.1),
    "owl": Role(DRAWN["owl"], "ground", 0.44, 0.76, mood="night", head=0.7),
    "penguin": Role(DRAWN["penguin"], "ground", 0.6, 0.76, land="snowfield", mood="winter", head=0.7),
    "turtle": Role(DRAWN["turtle"], "ground", 0.4, 1.4, land="beach"),
    "fish": Role(DRAWN["fish"], "air", 0.4, 1.5, usual=3, land="underwater", mood="ocean"),
    "whale": Role(DRAWN["whale"], "water", 1.0, 1.6, land="sea", mood="ocean"),
    "bird": Role(DRAWN["bird"], "air", 0.34, 1.2, usual=2),
    "butterfly": Role(DRAWN["butterfly"], "air", 0.3, 1.1, usual=3, mood="spring"),
    "dragon": Role(DRAWN["dragon"], "air", 1.3, 1.75, mood="golden"),
    "girl": Role(DRAWN["girl"], "ground", 1.0, 0.45, head=0.8),
    "boy": Role(DRAWN["boy"], "ground", 0.95, 0.5, head=0.8),
    "astronaut": Role(DRAWN["astronaut"], "ground", 1.05, 0.6, land="space", head=0.78),
    "robot": Role(DRAWN["robot"], "ground", 1.0, 0.75, head=0.75),
    "flower": Role(DRAWN["flower"], "ground", 0.55, 0.6, usual=3, mood="spring"),
    "rose": Role(DRAWN["rose"], "ground", 0.55, 0.5, usual=3, mood="pastel"),
    "tulip": Role(DRAWN["tulip"], "ground", 0.5, 0.45, usual=5, mood="spring"),
    "sunflower": Role(DRAWN["sunflower"], "ground", 0.8, 0.6, usual=3, mood="noon"),
    "lotus": Role(DRAWN["lotus"], "water", 0.6, 1.1, usual=3, land="pond", mood="dawn"),
    "blossom": Role(DRAWN["blossom"], "back", 1.7, 0.9, mood="spring"),
    "apricot": Role(DRAWN["apricot"], "back", 1.7, 0.9, mood="spring"),
    "tree": Role(DRAWN["tree"], "back", 1.9, 0.8),
    "pine": Role(DRAWN["pine"], "back", 1.9, 0.65),
    "bamboo": Role(DRAWN["bamboo"], "back", 1.8, 0.6, usual=3, mood="jungle"),
    "palm": Role(DRAWN["palm"], "back", 1.9, 0.8, land="beach"),
    "mushroom": Role(DRAWN["mushroom"], "ground", 0.45, 0.9, usual=3, mood="autumn"),
    "cactus": Role(DRAWN["cactus"], "ground", 0.9, 0.65, land="desert"),
    "house": Role(DRAWN["house"], "back", 1.9, 1.25),
    "pagoda": Role(DRAWN["pagoda"], "back", 2.4, 0.9, mood="golden"),
    "castle": Role(DRAWN["castle"], "back", 2.5, 1.1, mood="pastel"),
    "bridge": Role(DRAWN["bridge"], "back", 1.1, 3.0, land="pond", mood="mist"),
    "lighthouse": Role(DRAWN["lighthouse"], "back", 2.3, 0.7, land="sea", mood="dusk"),
    "boat": Role(DRAWN["boat"], "water", 1.5, 1.25, land="sea"),
    "car": Role(DRAWN["car"], "ground", 0.9, 1.65, land="street"),
    "motorbike": Role(DRAWN["motorbike"], "ground", 0.8, 1.3, land="street"),
    "bicycle": Role(DRAWN["bicycle"], "ground", 0.8, 1.55, land="street"),
    "train": Role(DRAWN["train"], "ground", 1.0, 2.0),
    "airplane": Role(DRAWN["airplane"], "air", 0.7, 1.7, mood="noon"),
    "balloon": Role(DRAWN["balloon"], "air", 1.3, 0.8, mood="dawn"),
    "rocket": Role(DRAWN["rocket"], "air", 1.4, 0.75, land="space", mood="space"),
    "kite": Role(DRAWN["kite"], "air", 0.7, 0.9, mood="noon"),
    "heart": Role(DRAWN["heart"], "air", 0.6, 1.0, mood="pastel"),
    "lantern": Role(DRAWN["lantern"], "hang", 0.5, 0.9, usual=5, land="pond", mood="night"),
    "cup": Role(DRAWN["cup"], "ground", 0.5, 1.2, land="room"),
    "bowl": Role(DRAWN["bowl"], "ground", 0.5, 1.3, land="room"),
    "gift": Role(DRAWN["gift"], "ground", 0.45, 0.9),
    "apple": Role(DRAWN["apple"], "ground", 0.42, 0.9, land="room"),
    "cake": Role(DRAWN["cake"], "ground", 0.5, 1.2, land="room", mood="pastel"),
    "book": Role(DRAWN["book"], "ground", 0.5, 1.4, land="room"),
    "umbrella": Role(DRAWN["umbrella"], "ground", 0.8, 1.15, mood="rain"),
    "sun": Role(DRAWN["sun"], "sky", 0.6, 1.0),
    "moon": Role(DRAWN["moon"], "sky", 0.6, 1.0, mood="night"),
    "star": Role(DRAWN["star"], "sky", 0.3, 1.0, usual=5, mood="night"),
    "cloud": Role(DRAWN["cloud"], "sky", 0.42, 1.6, usual=3),
    "rainbow": Role(DRAWN["rainbow"], "sky", 1.0, 2.0, mood="spring"),
    "planet": Role(DRAWN["planet"], "sky", 0.7, 1.3, land="space", mood="space"),
}
WEATHER_MOODS = {"rain": "rain", "snow": "winter", "petals": "spring", "fireflies": "night", "fireworks": "night"}
KNOWN = {*ROLES, *WEATHER}
