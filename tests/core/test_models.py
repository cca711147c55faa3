"""Who paints what: the catalogue by date, by name, by words, by purse."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import DAY
from core.errors import BadFlag, ModelEnded, PaidOnly, UnknownModel
from core.flags import RATIOS
from core.models import LADDER, MEGAPIXEL, Catalogue, day, ratio_size
from core.prompts import Prompt, read

CLOUD, POCKET = {"bedrock"}, {"pocket"}
CATALOGUE = Catalogue.open()

Choosing = Callable[[str], str]


def noon(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days * DAY + DAY // 2


NOW = noon("2026-11-20")


@pytest.fixture
def chosen() -> Choosing:
    """The model that a sentence gets in a house with the cloud's painters, for paid credits."""
    return lambda text: CATALOGUE.choose(read(text), NOW, CLOUD, "paid").name


def test_every_model_of_the_catalogue_can_stand() -> None:
    for model in CATALOGUE.models.values():
        assert model.routes
        assert set(model.ratios) <= set(RATIOS)
        assert model.tier in {*LADDER, "tool", "past"}
        assert not model.successor or CATALOGUE.models[model.successor].ends is None
    names = [route.name for model in CATALOGUE.models.values() for route in model.routes]
    assert len(set(names)) == len(names)


def test_the_three_painters_of_the_cloud_cost_what_they_cost_and_read_english_in_one_region() -> None:
    painters = CATALOGUE.ladder(NOW, CLOUD)

    assert [(model.name, model.usd_micros) for model in painters] == [
        ("core", 40_000),
        ("sd35", 80_000),
        ("ultra", 140_000),
    ]
    assert {route.region for model in painters for route in model.routes} == {"us-west-2"}
    assert {route.languages for model in painters for route in model.routes} == {("en",)}


@pytest.mark.parametrize("button", ["remove-background", "erase", "outpaint", "upscale"])
def test_what_a_button_offers_runs_in_three_regions_and_paints_no_prompt(button: str) -> None:
    (tool,) = CATALOGUE.able(button, NOW, CLOUD)

    assert {route.region for route in tool.routes} == {"us-east-1", "us-east-2", "us-west-2"}
    assert all(route.vendor_model.startswith("us.stability.") for route in tool.routes)
    with pytest.raises(UnknownModel):
        CATALOGUE.named(tool.name, NOW, CLOUD)


@pytest.mark.parametrize(
    ("name", "last", "first_without"),
    [
        ("titan-v2", "2026-06-29", "2026-06-30"),
        ("titan-v1", "2026-06-29", "2026-06-30"),
        ("nova-canvas", "2026-09-29", "2026-09-30"),
    ],
)
def test_an_ended_model_is_refused_from_its_date_on_and_names_its_successor(
    name: str, last: str, first_without: str
) -> None:
    assert CATALOGUE.named(name, noon(last), CLOUD).name == name

    with pytest.raises(ModelEnded) as refused:
        CATALOGUE.named(name, noon(first_without), CLOUD)
    assert (refused.value.ended, refused.value.successor) == (date.fromisoformat(first_without), "core")
    assert name not in {model.name for model in CATALOGUE.living(noon(first_without))}


def test_a_model_of_the_past_is_never_chosen_by_itself() -> None:
    assert CATALOGUE.choose(Prompt("mèo"), noon("2026-05-01"), CLOUD, "paid").name == "core"


def test_an_end_is_seen_coming() -> None:
    near = {model.name for model in CATALOGUE.ending(noon("2026-06-01"), days=30)}
    far = {model.name for model in CATALOGUE.ending(noon("2026-06-01"), days=150)}

    assert near == {"titan-v1", "titan-v2"}
    assert far == near | {"nova-canvas"}


@pytest.mark.parametrize(
    ("sentence", "model"),
    [
        ("mèo mướp đội nón lá", "core"),
        ("poster phim về mèo", "ultra"),
        ("biển hiệu quán phở", "ultra"),
        ("bien hieu quan pho", "ultra"),
        ("thiệp có chữ chúc mừng năm mới", "ultra"),
        ("logo con cáo", "ultra"),
        ('con mèo giơ bảng "Xin chào"', "ultra"),
        ("con mèo giơ bảng “Xin chào”", "ultra"),
        ("chân dung bà cụ", "sd35"),
        ("chan dung ba cu", "sd35"),
        ("ảnh chụp phố cổ Hội An", "sd35"),
        ("portrait of an old fisherman", "sd35"),
        ("photo of a street", "sd35"),
        ("vẽ thử logo con cáo", "core"),
        ("bản nháp poster", "core"),
        ("quick poster", "core"),
        ("chú mèo chạy nhanh", "core"),
        ("chu meo va con cho", "core"),
        ("tranh mèo không có chữ", "core"),
        ('mèo cao 6" --no "chữ"', "core"),
        ("poster --model sd35", "sd35"),
        ("mèo --model ultra", "ultra"),
    ],
)
def test_the_words_choose_the_model_and_a_name_wins(chosen: Choosing, sentence: str, model: str) -> None:
    assert chosen(sentence) == model


@pytest.mark.parametrize(
    ("model", "chosen"), [("", "sd35"), ("upscale", "upscale"), ("outpaint", "outpaint"), ("sd35", "sd35")]
)
def test_a_picture_is_changed_by_whoever_can(model: str, chosen: str) -> None:
    edit = Prompt("thêm mũ", model=model, source="img/1", ratio="9:21")

    assert CATALOGUE.choose(edit, NOW, CLOUD, "paid").name == chosen


@pytest.mark.parametrize("model", ["core", "erase", "nothing"])
def test_who_cannot_change_a_picture_is_not_asked_to(model: str) -> None:
    with pytest.raises(UnknownModel) as refused:
        CATALOGUE.choose(Prompt("thêm mũ", model=model, source="img/1"), NOW, CLOUD, "paid")

    assert refused.value.known == ("sd35",)


def test_where_no_model_changes_pictures_none_is_found() -> None:
    with pytest.raises(UnknownModel):
        CATALOGUE.choose(Prompt("thêm mũ", source="img/1"), NOW, POCKET, "paid")


def test_a_gift_changes_no_picture_for_more_than_the_cheapest_one_costs() -> None:
    assert CATALOGUE.choose(Prompt("mèo", model="upscale", source="img/1"), NOW, CLOUD, "gift").name == "upscale"
    with pytest.raises(PaidOnly):
        CATALOGUE.choose(Prompt("mèo", source="img/1"), NOW, CLOUD, "gift")


@pytest.mark.parametrize(("side", "taken"), [(1_024, True), (1_025, False)])
def test_a_quick_upscale_takes_no_picture_that_is_large_already(side: int, taken: bool) -> None:
    assert CATALOGUE.models["upscale"].takes(side, side) == taken
    assert CATALOGUE.models["sd35"].takes(side, side)


def test_only_what_reads_words_draws_anew() -> None:
    draws = {name for name in ("pocket", "core", "outpaint", "upscale") if CATALOGUE.models[name].draws}

    assert draws == {"pocket", "core", "outpaint"}


def test_a_house_with_the_pocket_painter_alone_gives_it_everything() -> None:
    assert CATALOGUE.choose(read("poster phim"), NOW, POCKET, "paid").name == "pocket"
    assert CATALOGUE.choose(read("mèo"), NOW, POCKET, "gift").name == "pocket"


def test_a_model_that_does_not_run_here_is_unknown_here() -> None:
    with pytest.raises(UnknownModel) as refused:
        CATALOGUE.choose(read("mèo --model ultra"), NOW, POCKET, "paid")

    assert (refused.value.name, refused.value.known) == ("ultra", ("pocket",))


def test_credits_that_were_a_gift_buy_the_cheapest_painter() -> None:
    assert CATALOGUE.choose(read("poster phim"), NOW, CLOUD, "gift").name == "core"
    assert CATALOGUE.choose(read("mèo --model core"), NOW, CLOUD, "gift").name == "core"

    with pytest.raises(PaidOnly) as refused:
        CATALOGUE.choose(read("mèo --model ultra"), NOW, CLOUD, "gift")
    assert refused.value.instead == "core"


def test_a_ratio_the_named_model_does_not_paint_is_refused_with_those_it_does() -> None:
    with pytest.raises(BadFlag) as refused:
        CATALOGUE.choose(read("mèo --model titan-v2 --ar 21:9"), noon("2026-05-01"), CLOUD, "paid")

    assert (refused.value.value, refused.value.allowed) == ("21:9", ("1:1", "2:3", "3:2"))


def test_a_model_that_paints_the_ratio_is_chosen_before_a_finer_one_that_does_not() -> None:
    plan = """
        [models.plain]
        title = "Plain"
        tier = "draft"
        abilities = ["paint"]
        vendor = "bedrock"
        vendor_model = "plain"
        regions = ["r"]
        usd_micros = 10
        [models.square]
        title = "Square"
        tier = "fine"
        abilities = ["paint"]
        ratios = ["1:1"]
        vendor = "bedrock"
        vendor_model = "square"
        regions = ["r"]
        usd_micros = 20
        [choice.fine]
        en = ["poster"]
    """
    catalogue = Catalogue.read(plan)

    assert catalogue.choose(read("poster"), NOW, CLOUD, "paid").name == "square"
    assert catalogue.choose(read("poster --ar 16:9"), NOW, CLOUD, "paid").name == "plain"


@pytest.mark.parametrize("ratio", RATIOS)
def test_every_ratio_has_about_a_megapixel(ratio: str) -> None:
    wide, high = ratio_size(ratio)
    parts = [int(part) for part in ratio.split(":")]

    assert abs(wide * parts[1] - high * parts[0]) * 100 <= 2 * high * parts[0]
    assert abs(wide * high - MEGAPIXEL) * 100 <= 3 * MEGAPIXEL


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_day_begins_at_midnight(now: int) -> None:
    assert day(now) == day(now - now % DAY)
    assert (day(now + DAY) - day(now)).days == 1
