"""Scene – composes the wish, from the sky to the foreground."""

from dataclasses import dataclass, replace
from random import Random

from infra.embedded.pocket.cast import ROLES, WEATHER_MOODS, Role
from infra.embedded.pocket.colours import DAYLIGHT, PALETTES, mix
from infra.embedded.pocket.far import FAR
from infra.embedded.pocket.ground import Ground, fill_below
from infra.embedded.pocket.look import Look
from infra.embedded.pocket.near import NEAR
from infra.embedded.pocket.pen import Canvas, Pen, smooth
from infra.embedded.pocket.reading import Thing, Wish
from infra.embedded.pocket.skies import WEATHER, cloud, crescent, moon, paint_sky, strew_stars, sun, veil

TALLEST, WIDEST = 0.64, 0.9  # largest share of the picture for things in front
HORIZONS = {"underwater": 0.0, "space": 1.0, "room": 0.6, "terraces": 0.42}
BEYOND = {
    "street": ("city",), "terraces": ("mountain",), "sea": ("karst", "", ""), "waves": ("", "karst"),
    "beach": ("karst", "", "hills"), "pond": ("hills", "mountain"), "room": ("hills",), "space": ("",),
    "underwater": ("",),
}  # fmt: skip
WET = {"sea", "waves", "pond", "beach"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Copy of a thing to draw, with a role and a look."""

    role: Role
    look: Look
    name: str

    @property
    def tall(self) -> float:
        """Height relative to others, softened as in picture books: a cat larger, a tree smaller than real."""
        big, small = "big" in self.look.traits, "small" in self.look.traits
        softened: float = self.role.tall**0.55
        return softened * (1.3 if big else 0.7 if small else 1.0)

    @property
    def wide(self) -> float:
        return self.tall * self.role.wide


@dataclass(frozen=True, slots=True)
class Scene:
    ground: Ground
    near: str
    far: tuple[str, ...]
    wish: Wish
    actors: tuple[Actor, ...]
    hero: float  # share of the width where the eye should rest

    def those(self, *places: str) -> list[Actor]:
        return [actor for actor in self.actors if actor.role.place in places]

    def wants(self, name: str) -> bool:
        return name not in self.wish.without


def stage(wish: Wish, canvas: Canvas, mood: str, chance: Random) -> None:
    """Draw the whole scene of `wish` on a fresh `canvas`."""
    scene = planned(wish, canvas, Look(PALETTES[mood], mood, chance))
    backdrop(scene)
    front, behind = ranks(scene)
    standing = places_in_front(scene, front)
    if scene.ground.palette.dark:
        moonlit(scene, standing)
    canvas.bake()
    for actor, pen in [*places_behind(scene, behind), *standing, *places_above(scene, lone=not front)]:
        actor.role.draw(pen, actor.look)
    if scene.near != "room":
        weather(scene)


def weather(scene: Scene) -> None:
    for name in (thing.name for thing in scene.wish.things if thing.name in WEATHER):
        WEATHER[name](scene.ground.canvas, scene.ground.palette, scene.ground.chance)


def moonlit(scene: Scene, standing: list[tuple[Actor, Pen]]) -> None:
    """Add a little light behind the things `standing` in front, so that these are seen in the dark."""
    for actor, pen in standing:
        pen.through((0, 0, 0), 0.0).glow(
            (0, 0.45), max(0.9, actor.role.wide), mix(scene.ground.palette.sky[2], scene.ground.palette.air, 0.4)
        )


def mood_of(wish: Wish, chance: Random) -> str:
    """Mood said in `wish`, else the usual one of its things, else one by daylight."""
    usual = [
        WEATHER_MOODS.get(thing.name) or (ROLES[thing.name].mood if thing.name in ROLES else "")
        for thing in wish.things
    ]
    said = wish.mood or ("space" if "space" in wish.lands else "") or ("ocean" if "underwater" in wish.lands else "")
    weather = next((WEATHER_MOODS[thing.name] for thing in wish.things if thing.name in WEATHER_MOODS), "")
    return said or weather or next(filter(None, usual), "") or chance.choice(DAYLIGHT)


def planned(wish: Wish, canvas: Canvas, look: Look) -> Scene:
    actors = tuple(actor for thing in wish.things if thing.name in ROLES for actor in troupe(thing, look))
    near = near_land(wish, actors, look)
    far = tuple(land for land in wish.lands if land in FAR)[:2] or far_land(wish, actors, near, look)
    standing = [actor for actor in actors if actor.role.place not in {"sky", "hang"}]
    horizon = HORIZONS.get(near, look.chance.uniform(0.55, 0.63) if standing else look.chance.uniform(0.62, 0.7))
    ground = Ground(canvas, look.palette, look, horizon, alone=not standing)
    return Scene(ground, near, far, wish, actors, look.chance.choice((0.36, 0.5, 0.64)))


def troupe(thing: Thing, look: Look) -> list[Actor]:
    """Actors for `thing`, as many as wanted, with a common `look` that varies only in what was left open."""
    role = ROLES[thing.name]
    own = replace(look, colours=thing.colours, traits=thing.traits, worn=thing.worn)
    return [Actor(role, own, thing.name) for _ in range(thing.count or role.usual)]


def near_land(wish: Wish, actors: tuple[Actor, ...], look: Look) -> str:
    named = next((land for land in wish.lands if land in NEAR), "")
    homes = next((actor.role.land for actor in actors if actor.role.land), "")
    land = named or (
        "sea"
        if "karst" in wish.lands
        else homes or ("street" if "city" in wish.lands and actors else "sea" if "city" in wish.lands else "meadow")
    )
    dry = any(needs_ground(actor) for actor in actors)
    if land == "underwater" and dry:
        land = "pond"
    if land in {"sea", "waves"} and dry:
        land = "beach"
    white = look.mood == "winter" or any(thing.name == "snow" for thing in wish.things)
    return "snowfield" if land == "meadow" and white else land


def needs_ground(actor: Actor) -> bool:
    """True if `actor` would sink in water. Bridges and lighthouses stand in it."""
    return actor.role.place in {"ground", "back"} and not (actor.role.place == "back" and actor.role.land in WET)


def far_land(wish: Wish, actors: tuple[Actor, ...], near: str, look: Look) -> tuple[str, ...]:
    if any(actor.role.place == "hang" for actor in actors) and "village" not in wish.without:
        return ("village",)
    allowed = [land for land in BEYOND.get(near, ("hills", "mountain", "hills")) if land not in wish.without]
    return tuple(filter(None, [look.chance.choice(allowed or [""])]))


# --- background -------------------------------------------------------------------------------------------------------


def backdrop(scene: Scene) -> None:
    ground = scene.ground
    paint_sky(ground.canvas, ground.palette, max(0.3, ground.horizon))
    if scene.near != "underwater":
        heavens(scene)
        for land in scene.far:
            FAR[land](ground)
    if scene.near == "room":
        weather(scene)
    NEAR[scene.near](ground)
    if ground.look.mood == "mist":
        veil(
            ground.canvas,
            ground.palette.sky[2],
            int(ground.line - 0.16 * ground.canvas.base),
            int(ground.line + 0.12 * ground.canvas.base),
            0.8,
        )
    if scene.near == "pond" and any(needs_ground(actor) for actor in scene.actors):
        edge = smooth([(-0.05, 0.83), (0.25, 0.85), (0.5, 0.82), (0.75, 0.85), (1.05, 0.82)])
        fill_below(ground, edge, mix(*ground.palette.ground, 0.6), 0.25)


def heavens(scene: Scene) -> None:
    """Draw stars, a sun or moon if none was wished for, and a few clouds."""
    ground, palette, chance = scene.ground, scene.ground.palette, scene.ground.chance
    named = {actor.name for actor in scene.actors}
    if palette.dark and scene.wants("star"):
        strew_stars(ground.canvas, palette, chance, min(0.95, ground.horizon))
    if scene.near != "space" and not named & {"sun", "moon"} and ground.look.mood != "rain":
        lamp(scene)
    if "cloud" not in named and scene.wants("cloud") and scene.near != "space":
        for _ in range(chance.randint(2, 4)):
            size = chance.uniform(0.09, 0.17)
            cloud(
                ground.pen(chance.random(), chance.uniform(0.08, 0.75) * ground.horizon, size).through(
                    palette.sky[1], chance.uniform(0.1, 0.45)
                ),
                ground.look,
            )


def lamp(scene: Scene) -> None:
    ground, chance = scene.ground, scene.ground.chance
    x = 0.5 + (0.5 - scene.hero) * 2.0 + chance.uniform(-0.06, 0.06) if scene.hero != 0.5 else chance.choice((0.2, 0.8))
    low = ground.look.mood in {"golden", "dawn", "dusk", "neon"}
    y = ground.horizon * (chance.uniform(0.62, 0.82) if low else chance.uniform(0.2, 0.36))
    if ground.palette.dark and not low and scene.wants("moon"):
        chance.choice((moon, crescent))(ground.pen(x, y, 0.16), ground.look)
    elif scene.wants("sun") and not (ground.palette.dark and not low):
        sun(ground.pen(x, y, 0.3 if low else 0.17), ground.look)


# --- places of the things ---------------------------------------------------------------------------------------------


def ranks(scene: Scene) -> tuple[list[Actor], list[Actor]]:
    """Split the actors of `scene` into front and back: buildings and trees give way, boats stay on the water."""
    ground, water, back = scene.those("ground"), scene.those("water"), scene.those("back")
    if ground:
        return ground, back + water
    return (water, back) if water else (back, [])


def places_behind(scene: Scene, actors: list[Actor]) -> list[tuple[Actor, Pen]]:
    """Place `actors` side by side behind the front, beginning on the side that is free there."""
    ground, chance = scene.ground, scene.ground.chance
    slots = [0.5 + (0.5 - scene.hero) * 1.9 or 0.0, scene.hero + (0.36 if scene.hero < 0.5 else -0.36), 0.1, 0.9, 0.5]
    if scene.hero == 0.5:
        slots = [0.16, 0.85, 0.34, 0.68, 0.5]
    placed = []
    for x, actor in zip(slots, actors, strict=False):
        depth = ground.horizon + (1 - ground.horizon) * chance.uniform(0.1, 0.2)
        size = 0.24 * actor.role.tall**0.9 * (1.0 if actor.role.place == "back" else 0.85)
        placed.append((actor, ground.pen(x + chance.uniform(-0.03, 0.03), depth, size, 0.1)))
    return placed


def places_in_front(scene: Scene, actors: list[Actor]) -> list[tuple[Actor, Pen]]:
    if scene.wish.close and len(actors) == 1 and actors[0].role.head:
        return [(actors[0], close_up(scene, actors[0]))]
    if not actors:
        return []
    ground, chance = scene.ground, scene.ground.chance
    ordered = chance.sample(actors, len(actors))
    canvas = ground.canvas
    total = sum(actor.wide for actor in ordered) * (1.0 if len(actors) < 4 else 0.82)
    tallest = max(actor.tall for actor in ordered)
    highest = TALLEST - 0.14 * bool(scene.those("air"))
    unit = min(highest * canvas.high / tallest, WIDEST * canvas.wide / total, 0.8 * canvas.base / tallest) / canvas.base
    spread = total * unit * canvas.base / canvas.wide
    free = max(0.0, WIDEST - spread)
    left = 0.05 + free * (scene.hero if len(ordered) < 3 else 0.5)
    placed = [
        one_in_row(scene, actor, left + spread * begin, spread * share, unit) for actor, begin, share in row(ordered)
    ]
    return sorted(placed, key=lambda one: one[1].y)


def row(actors: list[Actor]) -> list[tuple[Actor, float, float]]:
    """Position and share of the row for each of `actors`."""
    total, begin, placed = sum(actor.wide for actor in actors), 0.0, []
    for actor in actors:
        placed.append((actor, begin / total, actor.wide / total))
        begin += actor.wide
    return placed


def one_in_row(scene: Scene, actor: Actor, left: float, share: float, unit: float) -> tuple[Actor, Pen]:
    ground, chance = scene.ground, scene.ground.chance
    step = chance.uniform(0.0, 0.05) if share < 0.4 else 0.0
    size = unit * actor.tall * (1 - 1.4 * step)
    lift = 0.5 * max(
        0.0, 0.42 - unit * actor.tall * ground.canvas.base / ground.canvas.high
    )  # low things stand further up
    foot = (0.8 if actor.role.place == "water" else 0.93) - step - min(lift, 0.1)
    return actor, ground.pen(left + share / 2, foot, size)


def close_up(scene: Scene, actor: Actor) -> Pen:
    canvas = scene.ground.canvas
    size = (1.75 if actor.role.head > 0.76 else 1.12) * min(1.0, canvas.high / canvas.base)
    foot = 0.47 + actor.role.head * size * canvas.base / canvas.high
    return scene.ground.pen(0.5 + (scene.hero - 0.5) * 0.3, foot, size)


def places_above(scene: Scene, *, lone: bool) -> list[tuple[Actor, Pen]]:
    return [*in_sky(scene), *in_air(scene, lone=lone), *hung(scene)]


def in_sky(scene: Scene) -> list[tuple[Actor, Pen]]:
    ground, chance, actors = scene.ground, scene.ground.chance, scene.those("sky")
    alone = scene.ground.alone
    placed = []
    for place, actor in enumerate(actors):
        x = (place + 0.5) / len(actors) + chance.uniform(-0.06, 0.06)
        if len(actors) == 1:
            x = 0.5 + (0.5 - scene.hero) * (1.0 if alone else 1.7)
        y = min(0.8, ground.horizon) * chance.uniform(0.24, 0.42)
        size = (0.62 if alone and len(actors) == 1 else 0.4) * actor.tall * 0.7
        if actor.name == "rainbow":
            x, y, size = 0.5, ground.horizon, 0.5 * ground.canvas.wide / ground.canvas.base * 0.9
        placed.append((actor, ground.pen(x, y, size)))
    return placed


def in_air(scene: Scene, *, lone: bool) -> list[tuple[Actor, Pen]]:
    """Place flying things: large in the middle if `lone`, else small at the top, and many in two rows."""
    canvas, chance, actors = scene.ground.canvas, scene.ground.chance, scene.those("air")
    across = len(actors) if len(actors) < 4 or canvas.wide > canvas.high else (len(actors) + 1) // 2
    placed = []
    for place, actor in enumerate(actors):
        size = air_size(scene, actor, across, lone=lone)
        x = (place % across + 0.5 + chance.uniform(-0.06, 0.06)) / across
        if len(actors) == 1 and not lone and actor.role.wide < 1.5:
            x = {0.36: 0.76, 0.5: 0.2}.get(scene.hero, 0.24)  # not above the hero's head
        middle = (0.46 if lone else 0.22) + 0.3 * (place // across) + chance.uniform(-0.07, 0.07) * (len(actors) > 1)
        placed.append((actor, scene.ground.pen(x, middle + size * 0.5 * canvas.base / canvas.high, size)))
    return placed


def air_size(scene: Scene, actor: Actor, across: int, *, lone: bool) -> float:
    canvas = scene.ground.canvas
    room = 0.86 * canvas.wide / canvas.base / across / actor.role.wide
    if lone:
        return min(room, 0.55, 0.6 * canvas.high / canvas.base)
    return min(room, 0.3 * canvas.high / canvas.base) * min(1.0, actor.tall * 1.05)


def hung(scene: Scene) -> list[tuple[Actor, Pen]]:
    ground, chance, actors = scene.ground, scene.ground.chance, scene.those("hang")
    placed = []
    for place, actor in enumerate(actors):
        x = (place + 0.5 + chance.uniform(-0.16, 0.16)) / len(actors)
        size = (
            min(0.34, 1.1 * ground.canvas.wide / ground.canvas.base / len(actors))
            * (1.0 if ground.alone else 0.72)
            * chance.uniform(0.75, 1.1)
        )
        drop = chance.uniform(0.06, 0.3 if ground.alone else 0.16)
        pen = ground.pen(x, drop, size)
        pen.stroke(
            [(0, 0.3), (0, (drop + 0.02) * ground.canvas.high / pen.unit)],
            mix(ground.palette.sky[0], (90, 60, 40), 0.6),
            0.02,
            line=False,
        )
        placed.append((actor, pen))
    return placed
