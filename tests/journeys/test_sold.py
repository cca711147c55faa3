"""What is sold can be ordered, line by line of the price list; and credits that were a gift meet no dead end."""

import re

import pytest

from bot import tools
from core.jobs import Job
from tests.house import BEDROCK, Balance, Imagify, Speaker
from tests.storms.played import PLAYED

PHOTO = PLAYED + b"a photo"
ADMITTED = PHOTO + b" admitted"
CHANNELS = pytest.mark.parametrize("channel", ["telegram", "zalo"])
WAYS = {  # by the model: what is pressed behind "more", and the words that the answer names as an example
    "upscale": ("🔍 Phóng to ×4", ""),
    "remove-background": ("✂️ Xoá nền", ""),
    "outpaint": ("↔️ Nới ngang", ""),
    "upscale-faithful": ("🔬 Phóng to giữ nét", ""),
    "upscale-creative": ("🪄 Phóng to thêm nét", ""),
    "replace": ("🔁 Thay vật", "con mèo → con chó"),
    "recolor": ("🎨 Đổi màu vật", "cái áo → đỏ"),
    "from-sketch": ("✏️ Vẽ từ nét phác", "ngôi nhà gỗ bên hồ"),
    "from-structure": ("📐 Giữ bố cục", "phòng khách kiểu Nhật"),
    "style-guide": ("🖼️ Theo phong cách này", "phố cổ Hội An"),
}
PAINTERS = ("pocket", "core", "sd35", "ultra")


async def customer(workshop: Imagify, channel: str, gift: int = 0, paid: int = 0) -> Speaker:
    workshop.house = workshop.build(vendors=BEDROCK)
    await workshop.opens()
    somebody = await workshop.meets(channel, gift=gift, paid=paid)
    await somebody.says("/settings")
    await somebody.presses("Vẽ luôn")
    return somebody


async def newest(somebody: Speaker) -> Job:
    await somebody.imagify.settles()
    return (await somebody.jobs())[-1]


async def test_the_price_list_is_what_can_be_ordered_here_and_each_line_has_its_way(workshop: Imagify) -> None:
    an = await customer(workshop, "telegram", paid=10)
    sold = [model.name for model in tools.sold(workshop.house.desk.terms, workshop.clock.now())]
    assert sorted(sold) == sorted((*WAYS, *PAINTERS))

    await an.says("/pricing")

    lines = [line for line in an.last_heard.splitlines() if line.startswith("• ") and line.endswith("credit")]
    assert len([line for line in lines if "=" not in line]) == len(sold)
    for hidden in ("Stable", "Erase", "Inpaint", "Style transfer", "Search", "tool"):
        assert hidden not in an.last_heard


@pytest.mark.parametrize("name", PAINTERS)
async def test_every_painter_on_the_list_paints(workshop: Imagify, name: str) -> None:
    an = await customer(workshop, "telegram", paid=99)

    await an.says(f"một con mèo --model {name}")

    job = await newest(an)
    assert (job.model, job.state) == (name, "delivered")


@CHANNELS
@pytest.mark.parametrize("name", WAYS)
async def test_every_tool_on_the_list_is_two_taps_and_at_most_one_sentence_away(
    workshop: Imagify, name: str, channel: str
) -> None:
    an = await customer(workshop, channel, paid=400)
    await an.says("mèo mướp --model core")
    first = await newest(an)
    label, read = WAYS[name]

    await an.presses("🧰 Thêm nữa")
    await an.presses(label)
    if read:
        question = an.last_heard
        assert "credit)" in question
        await an.says(question.splitlines()[1])

    job = await newest(an)
    assert (job.model, job.state, job.words.source) == (name, "delivered", f"img/{first.id}")
    assert not read or job.words.words == read


@CHANNELS
@pytest.mark.parametrize(
    ("caption", "model", "read"),
    [
        ("thay con mèo bằng con chó", "replace", "con mèo → con chó"),
        ("thay con meo bang con cho", "replace", "con meo → con cho"),
        ("replace the cat with a dog", "replace", "the cat → a dog"),
        ("đổi cái áo thành màu đỏ", "recolor", "cái áo → đỏ"),
        ("đổi màu cái áo sang xanh lá", "recolor", "cái áo → xanh lá"),
        ("dùng làm phác thảo: ngôi nhà", "from-sketch", "ngôi nhà"),
        ("use as sketch: a house", "from-sketch", "a house"),
        ("giữ bố cục: phòng khách", "from-structure", "phòng khách"),
        ("theo phong cách này: Hội An", "style-guide", "Hội An"),
        ("thêm mũ", "sd35", "thêm mũ"),
        ("phong cách Nhật", "sd35", "phong cách Nhật"),
    ],
)
async def test_a_photo_with_such_a_caption_goes_to_the_tool_that_it_asks_for(
    workshop: Imagify, caption: str, model: str, read: str, channel: str
) -> None:
    an = await customer(workshop, channel, paid=400)

    await an.uploads(caption, PHOTO)

    job = await newest(an)
    assert (job.model, job.words.words, job.state) == (model, read, "delivered")
    assert workshop.painter.bill[-1].source == ADMITTED


async def test_a_photo_without_a_word_is_offered_what_words_can_do_with_it(workshop: Imagify) -> None:
    an = await customer(workshop, "zalo", paid=400)
    await an.uploads("", PHOTO)

    await an.presses("✏️ Vẽ từ nét phác")
    await an.says(an.last_heard.splitlines()[1])

    assert (await newest(an)).model == "from-sketch"


# --- a gift


@CHANNELS
async def test_a_newcomers_first_photo_is_kept_with_the_wish_and_changed_by_one_tap_after_the_payment(
    workshop: Imagify, channel: str
) -> None:
    an = await customer(workshop, channel, gift=10)

    await an.uploads("thêm mũ", PHOTO)
    assert "cần credit đã mua" in an.last_heard
    assert "Không trừ credit" in an.last_heard
    await an.says("/settings")
    await an.presses("Luôn hỏi")
    await an.pays(20_000)
    await workshop.settles()
    await an.presses("▶️ Tiếp tục")

    job = await newest(an)
    assert (job.model, job.words.words, job.state) == ("sd35", "thêm mũ", "delivered")
    assert workshop.painter.bill[-1].source == ADMITTED


@CHANNELS
async def test_within_the_gift_a_new_picture_is_painted_from_the_same_words(workshop: Imagify, channel: str) -> None:
    an = await customer(workshop, channel, gift=10)
    await an.uploads("mèo đội mũ", PHOTO)

    await an.presses("🎁 Vẽ ảnh mới bằng credit tặng · 1")

    job = await newest(an)
    assert (job.model, job.words.words, job.words.source, job.state) == ("pocket", "mèo đội mũ", "", "delivered")
    assert await workshop.balance(an) == Balance(free=9, held=0)


@CHANNELS
async def test_which_buttons_take_bought_credits_is_said_before_the_press_and_the_press_is_kept(
    workshop: Imagify, channel: str
) -> None:
    an = await customer(workshop, channel, gift=10)
    await an.says("mèo mướp")
    await newest(an)
    await an.presses("🧰 Thêm nữa")
    assert "💳: cần credit đã mua" in an.last_heard
    priced = [label for label in an.buttons if re.search(r"\d+$", label)]
    assert all("· 💳 " in label for label in priced)

    await an.presses("✂️ Xoá nền")
    assert an.last_heard.startswith("💳 “Xoá nền” cần credit đã mua")
    assert [label for label in an.buttons if label.startswith("🎁")] == []  # no words can take the place of this tool
    await an.pays(50_000)
    await workshop.settles()
    await an.says("/balance")  # behind the press that they are spared, for they never want to be asked

    assert (await newest(an)).model == "remove-background"


async def test_the_prices_say_which_of_them_take_bought_credits(workshop: Imagify) -> None:
    an = await customer(workshop, "telegram", gift=10)

    await an.says("/pricing")

    assert "• Vẽ phác nhỏ: 1 credit\n" in an.last_heard
    assert re.search(r"• Vẽ nhanh \(core\): 💳 \d+ credit\n", an.last_heard)
    assert "💳: cần credit đã mua" in an.last_heard
