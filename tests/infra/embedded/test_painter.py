"""The pocket painter: real pictures of what was said, the same for the same wish, another for another."""

import asyncio
import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from core.errors import Unread
from core.flags import RATIOS
from core.models import Route, ratio_size
from core.prompts import Prompt
from core.prompts import read as read_prompt
from core.styles import STYLES
from infra.embedded.painter import HEAVIEST, PLAIN, PocketPainter, composed, painted
from infra.embedded.pocket.cast import DRAWN, KNOWN
from infra.embedded.pocket.colours import PALETTES
from infra.embedded.pocket.far import FAR
from infra.embedded.pocket.finishes import FINISHES
from infra.embedded.pocket.look import Look
from infra.embedded.pocket.near import NEAR
from infra.embedded.pocket.pen import Canvas
from infra.embedded.pocket.reading import read, vocabulary
from infra.local.darkroom import PillowDarkroom
from tests.bench.contact_sheet import TWENTY
from tests.clocks import SetClock
from tests.pictures import pixels
from tests.tree import ROOT

CAT = Prompt("mèo mướp đội nón lá", seed=7, english="tabby cat wearing a conical hat")
SMALL = (512, 512)
POCKET = Route("pocket", "pocket", "pocket", "pocket", "here", 0)


@cache
def seen(words: str, seed: int = 1, style: str = "", avoid: str = "") -> Image.Image:
    """As it looks; a quarter of its size is enough to see that by."""
    prompt = replace(read_prompt(words), style=style, avoid=avoid)
    wish = read(prompt)
    return composed(wish, SMALL, seed, style or wish.finish or PLAIN)


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are from each other to the eye: the mean difference of small blurred copies, of 255."""
    return detail(glance(one), glance(other))


def glance(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize((48, 48), Image.Resampling.BOX, reducing_gap=2)


def detail(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def names(words: str, avoid: str = "") -> list[tuple[str, int]]:
    return [(thing.name, thing.count) for thing in read(Prompt(words, avoid=avoid)).things]


# -- the port


@pytest.mark.parametrize("ratio", RATIOS)
async def test_a_picture_has_about_a_million_pixels_in_the_asked_ratio(ratio: str) -> None:
    picture = await PocketPainter(SetClock()).paint(replace(CAT, ratio=ratio), POCKET)

    assert pixels(picture.data).size == ratio_size(ratio)
    assert (picture.mime, picture.seed) == ("image/jpeg", 7)


async def test_the_same_prompt_and_seed_give_the_same_bytes_from_any_painter() -> None:
    once = await PocketPainter(SetClock()).paint(CAT, POCKET)
    again = await PocketPainter(SetClock(), pace=3).paint(CAT, POCKET)

    assert once == again


def test_another_process_paints_the_same_bytes() -> None:
    lines = "import sys, hashlib; from core.prompts import Prompt; from infra.embedded.painter import painted"
    tell = "sys.stdout.write(hashlib.sha256(painted(Prompt(sys.argv[1], style=sys.argv[2]), 5)[0]).hexdigest())"
    for style in ("oil-painting", "watercolor"):
        here = hashlib.sha256(painted(Prompt("two boats", style=style), 5)[0]).hexdigest()

        command = [sys.executable, "-P", "-c", f"{lines}; {tell}", "two boats", style]
        there = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True)  # noqa: S603 – our own line

        assert there.stdout.decode() == here


@pytest.mark.parametrize(
    "other", [CAT.seeded(8), replace(CAT, english="a dog"), replace(CAT, style="anime"), replace(CAT, avoid="hats")]
)
async def test_another_seed_or_other_words_give_another_picture(other: Prompt) -> None:
    painter = PocketPainter(SetClock())

    first, second = await painter.paint(CAT, POCKET), await painter.paint(other, POCKET)

    assert apart(pixels(first.data), pixels(second.data)) > 1.5


async def test_without_a_seed_the_painter_chooses_one_and_says_which() -> None:
    painter = PocketPainter(SetClock())

    free = await painter.paint(CAT.seeded(0), POCKET)

    assert free.seed > 0
    assert await painter.paint(CAT.seeded(free.seed), POCKET) == free


@pytest.mark.parametrize("words", ["", "🐱" * 50, "x" * 10_000, "\ud800", "nothing\0at\nall", "五只猫", '"'])
async def test_any_words_can_be_painted_or_are_said_to_be_unknown(words: str) -> None:
    prompt = Prompt(words, seed=1)
    if read(prompt).filler:
        with pytest.raises(Unread):
            await PocketPainter(SetClock()).paint(prompt, POCKET)
        return
    picture = await PocketPainter(SetClock()).paint(prompt, POCKET)

    assert sum(ImageStat.Stat(pixels(picture.data).convert("RGB")).stddev) > 20  # there is something on it


async def test_a_pocket_picture_develops_like_any_other() -> None:
    darkroom = PillowDarkroom()
    for style in ("", "pixel-art"):
        picture = await PocketPainter(SetClock()).paint(replace(CAT, style=style), POCKET)

        kept = await darkroom.admit(picture.data)

        assert (kept.width, kept.height) == (1024, 1024)
    darkroom.close()


async def test_the_painter_takes_its_time_by_the_clock_and_leaves_the_loop_free() -> None:
    clock = SetClock()
    turns = 0

    painting = asyncio.create_task(PocketPainter(clock, pace=2.5).paint(CAT, POCKET))
    while not painting.done():
        turns += 1
        await asyncio.sleep(0)

    assert clock.slept == [2.5]
    assert turns > 5


# -- what it reads


@pytest.mark.parametrize(
    ("vietnamese", "english", "things"),
    [
        ("ba con mèo đen", "three black cats", [("cat", 3)]),
        ("hai chiếc thuyền và một ngọn hải đăng", "two boats and a lighthouse", [("boat", 2), ("lighthouse", 1)]),
        ("rồng bay trên cầu", "dragon flying over a bridge", None),
        ("cô gái và bướm", "girl and butterfly", [("girl", 0), ("butterfly", 0)]),
        ("tên lửa, trái tim", "rocket, heart", [("rocket", 0), ("heart", 0)]),
        ("năm con chim", "five birds", [("bird", 5)]),
    ],
)
def test_vietnamese_and_english_name_the_same_things(
    vietnamese: str, english: str, things: list[tuple[str, int]] | None
) -> None:
    assert [name for name, _ in names(vietnamese)] == [name for name, _ in names(english)]
    assert things is None or names(vietnamese) == names(english) == things


@pytest.mark.parametrize(
    ("accented", "plain"),
    [
        ("mèo đen trên đồng cỏ", "meo den tren dong co"),
        ("thuyền trên biển", "thuyen tren bien"),
        ("chùa mùa thu", "chua mua thu"),
    ],
)
def test_accents_may_be_left_out(accented: str, plain: str) -> None:
    assert painted(Prompt(accented), 3) == painted(Prompt(plain), 3)


@pytest.mark.parametrize(
    ("signs", "things"),
    [
        ("🐱", [("cat", 0)]),
        ("🐱🐱🐱", [("cat", 3)]),
        ("🚀 🪐", [("rocket", 0), ("planet", 0)]),
        ("☕️❤️", [("cup", 0), ("heart", 0)]),
        ("🐉🏯", [("dragon", 0), ("castle", 0)]),
    ],
)
def test_emoji_alone_say_what_to_draw(signs: str, things: list[tuple[str, int]]) -> None:
    assert names(signs) == things
    assert not read(Prompt(signs)).things[0].colours


def test_what_is_to_be_avoided_is_left_out() -> None:
    assert names("mèo và chó, đèn lồng", avoid="chó, lanterns") == [("cat", 0)]
    assert names("a cat without a dog") == [("cat", 1)]
    assert apart(seen("mèo, mặt trăng", 4), seen("mèo, mặt trăng", 4, avoid="mặt trăng")) > 0.5


def test_text_in_quotes_is_not_a_thing_to_draw() -> None:
    assert names('mèo cầm bảng "con chó"') == [("cat", 0)]


def test_a_colour_belongs_to_the_thing_it_stands_with() -> None:
    wish = read(Prompt("xe đỏ và mèo đen, cô gái áo dài xanh lá"))

    car, cat, girl = wish.things

    (red,), (black,), green = car.colours, cat.colours, girl.worn["dress"]
    assert red[0] > 2 * max(red[1:])
    assert max(black) < 60
    assert green is not None
    assert green[1] > max(green[0], green[2])


def test_clothes_are_worn_by_the_one_they_are_named_with() -> None:
    wish = read(Prompt("con chó và con mèo đội nón lá"))

    assert [(thing.name, list(thing.worn)) for thing in wish.things] == [("dog", []), ("cat", ["cone"])]


def test_every_word_of_the_vocabulary_leads_to_something_that_can_be_drawn() -> None:
    places = {"things": KNOWN, "lands": {*FAR, *NEAR}, "moods": set(PALETTES), "finishes": set(FINISHES)}
    said = {(meaning.kind, meaning.name) for meanings in vocabulary().values() for meaning in meanings}

    assert not {(kind, name) for kind, name in said if kind in places and name not in places[kind]}
    assert all(("things", name) in said for name in {*DRAWN, *KNOWN} - {"crescent"})


# -- what it paints


@pytest.mark.parametrize("name", DRAWN)
def test_everything_it_knows_leaves_its_mark_on_the_paper(name: str) -> None:
    canvas, looks = Canvas((256, 256)), Look(PALETTES["noon"], "noon", Random(1), worn={"cone": None, "scarf": None})

    DRAWN[name](canvas.pen(256, 400, 200), looks)

    assert canvas.colour.getbbox() is not None
    assert len(canvas.colour.getcolors(1 << 20) or []) > 2


@pytest.mark.parametrize(
    ("words", "other", "part"), [("red car", "blue car", 0), ("xe xanh dương", "xe đỏ", 2), ("xe xanh lá", "xe tím", 1)]
)
def test_a_named_colour_is_the_colour_in_the_picture(words: str, other: str, part: int) -> None:
    middle = (150, 250, 362, 440)

    strong, weak = (ImageStat.Stat(seen(said, 3).crop(middle)).mean for said in (f"{words} --ar 1:1", other))

    assert strong[part] / sum(strong) > weak[part] / sum(weak) + 0.05


def test_a_black_cat_is_darker_than_a_white_one() -> None:
    middle = (190, 190, 320, 450)
    black, white = (
        ImageStat.Stat(seen(words, 3).convert("L").crop(middle)).mean[0] for words in ("mèo đen", "mèo trắng")
    )

    assert white - black > 50


def test_twenty_prompts_give_twenty_visibly_different_pictures() -> None:
    shown = [glance(seen(words)) for words in TWENTY]

    closest = min(detail(one, other) for one, other in combinations(shown, 2))

    assert closest > 12


def test_four_seeds_give_four_visibly_different_pictures() -> None:
    shown = [seen("mèo", seed) for seed in (1, 2, 3, 4)]

    assert min(apart(one, other) for one, other in combinations(shown, 2)) > 5


def test_unknown_words_become_a_play_of_shapes_that_depends_on_them() -> None:
    strange = [seen(words, 2) for words in ("zzyzx", "qwrtp blorf", "nỗi nhớ", "忧郁")]

    assert read(Prompt("qwrtp blorf")).empty
    assert all(apart(one, other) > 5 for one, other in pairwise(strange))


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("mèo nghễnh ngãng", ["nghễnh", "ngãng"]),
        ("Sơn Tùng bên bờ biển", ["Sơn", "Tùng"]),
        ("một con mèo đen ngồi trên mái nhà", ["mái"]),
        ("a red cat with a hat", []),
    ],
)
def test_which_words_it_does_not_know_is_told_as_they_were_spelled(words: str, unread: list[str]) -> None:
    assert read(read_prompt(words)).unread == unread


@pytest.mark.parametrize("words", ["qwrtp blorf", "Sơn Tùng M-TP", "nỗi nhớ"])
async def test_where_it_knows_no_word_it_paints_nothing(words: str) -> None:
    with pytest.raises(Unread) as caught:
        await PocketPainter(SetClock()).paint(read_prompt(words), POCKET)

    assert (caught.value.billed, bool(caught.value.words)) == ("no", True)


@pytest.mark.parametrize("words", ["tranh trừu tượng", "màu đỏ", "mưa đêm", "biển"])
async def test_colours_moods_and_abstract_pictures_are_no_filler(words: str) -> None:
    assert (await PocketPainter(SetClock()).paint(read_prompt(words), POCKET)).data


def test_the_time_of_day_is_seen() -> None:
    noon, night = (ImageStat.Stat(seen(f"núi lúc {time}", 2).convert("L")).mean[0] for time in ("giữa trưa", "nửa đêm"))

    assert noon - night > 60


# -- how it paints


@pytest.mark.parametrize("style", STYLES)
def test_every_style_that_can_be_asked_for_has_a_look_of_its_own(style: str) -> None:
    plain, styled = seen("mèo và thuyền", 2), seen("mèo và thuyền", 2, style=style)

    assert style in FINISHES
    assert styled.size == plain.size
    assert style == "digital-art" or detail(styled, plain) > 2


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ("mèo, màu nước", "watercolor"),
        ("tranh lụa mèo", "silk-painting"),
        ("pixel art cat", "pixel-art"),
        ("mèo, mực tàu", "ink-wash"),
    ],
)
def test_a_style_named_in_the_words_is_the_style_painted(words: str, style: str) -> None:
    assert read(Prompt(words)).finish == style
    assert painted(Prompt(words, style=style), 1) == painted(Prompt(words), 1)


def test_a_pixel_picture_is_a_png_of_few_colours_in_large_squares() -> None:
    data, mime = painted(Prompt("mèo", style="pixel-art"), 1)

    shown = pixels(data).convert("RGB")

    assert mime == "image/png"
    assert shown.crop((64, 64, 72, 72)).getcolors(1) is not None
    assert len(shown.crop((0, 0, 900, 1000)).getcolors(1 << 20) or []) in range(8, 37)


@pytest.mark.parametrize("style", ["oil-painting", "dong-ho", "low-poly", "analog-film"])
def test_even_a_rough_surface_stays_light_enough_to_send(style: str) -> None:
    data, _ = painted(Prompt("rừng mùa thu và ruộng bậc thang", style=style), 1)

    assert len(data) < HEAVIEST
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG"
