"""Changing a picture: by words, where a model here can, or with a tool; what was sent is kept no longer than needed."""

import re

import pytest

from core.errors import Blocked
from core.jobs import Job
from core.limits import Limits
from core.prompts import Prompt
from tests.house import BEDROCK, Balance, Imagify, Speaker
from tests.storms.played import PLAYED

PHOTO = PLAYED + b"a photo"
ADMITTED = PHOTO + b" admitted"


class Strict:
    """A judge who lets no picture of a knife through."""

    async def judge(self, picture: bytes) -> None:
        if b"knife" in picture:
            raise Blocked("weapons", "a label")


@pytest.fixture
async def mai(workshop: Imagify) -> Speaker:
    """At a house with models that change pictures, and who goes along with every price."""
    workshop.house = workshop.build(vendors=BEDROCK, judge=Strict())
    await workshop.opens()
    speaker = await workshop.meets(paid=400)
    await speaker.says("/settings")
    await speaker.presses("Vẽ luôn")
    return speaker


async def drawn(speaker: Speaker, text: str = "mèo mướp --model core") -> Job:
    await speaker.says(text)
    return await painted(speaker)


async def painted(speaker: Speaker) -> Job:
    """The newest order, once it stands in the chat."""
    await speaker.imagify.settles()
    return (await speaker.jobs())[-1]


def id_told(text: str) -> str:
    found = re.search(r"/edit (\w{8})", text)
    assert found, text
    return found[1]


# --- by words


async def test_a_photo_with_a_caption_becomes_a_picture_changed_by_it(mai: Speaker) -> None:
    await mai.uploads("thêm mũ", PHOTO)

    job = await painted(mai)
    assert (job.model, job.state, job.words.words) == ("sd35", "delivered", "thêm mũ")
    assert job.words.source.startswith("upload/")
    assert mai.imagify.painter.bill[-1].source == ADMITTED
    assert mai.pictures
    assert await mai.imagify.balance(mai) == Balance(free=400 - job.price, held=0)


async def test_its_price_is_asked_about_as_for_any_prompt(mai: Speaker) -> None:
    await mai.says("/settings")
    await mai.presses("Hỏi khi tốn hơn")

    await mai.uploads("thêm mũ", PHOTO)
    assert await mai.jobs() == []
    assert "Mô hình Stable Diffusion 3.5 Large" in mai.last_heard
    await mai.presses("🎨 Vẽ")

    assert (await painted(mai)).words.source.startswith("upload/")


async def test_words_in_reply_to_a_result_change_that_very_picture(mai: Speaker) -> None:
    first = await drawn(mai)

    await mai.replies_to(await mai.imagify.image(first), "thêm mũ")

    second = await painted(mai)
    assert second.words.source == f"img/{first.id}"
    assert mai.imagify.painter.bill[-1].source == mai.imagify.blobs.kept[first.blob]
    assert await mai.imagify.rows_named("UPLOAD#") == []


async def test_words_in_reply_to_somebodys_photo_change_it(mai: Speaker) -> None:
    await mai.replies_to(PHOTO, "thêm mũ")

    assert (await painted(mai)).words.source.startswith("upload/")


async def test_a_command_in_reply_to_a_picture_draws_what_it_says(mai: Speaker) -> None:
    await mai.replies_to(PHOTO, "/imagine chó --model core")

    assert (await painted(mai)).words == Prompt("chó", model="core", seed=(await mai.jobs())[-1].words.seed).in_english(
        "english(chó), soft light"
    )


async def test_where_nothing_can_be_replied_to_a_picture_is_named_by_its_id(mai: Speaker) -> None:
    first = await drawn(mai)

    await mai.says(f"/edit {first.id[-8:]} thêm mũ")

    second = await painted(mai)
    assert (second.words.words, second.words.source) == ("thêm mũ", f"img/{first.id}")


async def test_a_photo_without_a_word_says_how_to_go_on_and_can_be_changed_by_its_name(mai: Speaker) -> None:
    await mai.uploads("", PHOTO)
    assert await mai.jobs() == []
    assert mai.last_heard.startswith("🖼️ Đã nhận ảnh. Bạn muốn sửa gì?")
    assert mai.button("🖌️").fill == f"/edit {id_told(mai.last_heard)} "

    await mai.says(f"/edit {id_told(mai.last_heard)} thêm mũ")

    assert (await painted(mai)).words.source.startswith("upload/")


@pytest.mark.parametrize("caption", ["/edit thêm mũ", "/imagine thêm mũ", "ve thêm mũ"])
async def test_however_the_words_with_a_photo_begin_they_change_it(caption: str, mai: Speaker) -> None:
    await mai.uploads(caption, PHOTO)

    job = await painted(mai)
    assert (job.words.words, job.model) == ("thêm mũ", "sd35")


async def test_a_changed_picture_says_what_it_was_made_from_and_how_to_make_it_again(mai: Speaker) -> None:
    first = await drawn(mai)
    await mai.replies_to(await mai.imagify.image(first), "thêm mũ")
    second = await painted(mai)

    assert mai.button("✏️").fill == f"/edit {first.id[-8:]} thêm mũ"
    await mai.presses("📋 Công thức")

    assert f"Câu lệnh: /edit {first.id[-8:]} thêm mũ --seed {second.words.seed}" in mai.last_heard
    assert mai.last_heard.endswith(f"Vẽ từ ảnh: {first.id}")


async def test_the_same_change_from_the_same_seed_is_theirs_already(mai: Speaker) -> None:
    await mai.uploads("thêm mũ --seed 7", PHOTO)
    await painted(mai)

    await mai.uploads("thêm mũ --seed 7", PHOTO)

    assert mai.last_heard.startswith("♻️")
    assert len(await mai.jobs()) == 1


async def test_words_that_cannot_be_read_are_refused_before_anything_is_fetched(mai: Speaker) -> None:
    await mai.uploads("thêm mũ --ar 17:9", PHOTO)

    assert mai.last_heard.startswith("🤔 --ar")
    assert await mai.imagify.rows_named("UPLOAD#") == []


@pytest.mark.parametrize("text", ["thêm mũ", ""])
async def test_a_picture_that_breaks_a_rule_is_refused_and_not_kept(text: str, mai: Speaker) -> None:
    await mai.uploads(text, PLAYED + b"a knife")

    assert mai.last_heard.startswith("🚫 Ảnh bạn gửi chưa phù hợp quy định nội dung (vũ khí).")
    assert mai.imagify.blobs.kept == {}
    assert await mai.imagify.rows_named("UPLOAD#") == []
    assert await mai.imagify.balance(mai) == Balance(free=400, held=0)


async def test_what_is_no_picture_is_refused_with_the_reason(mai: Speaker) -> None:
    await mai.uploads("thêm mũ", b"a letter")

    assert mai.last_heard.startswith("🖼️ Mình không đọc được tệp này")
    assert mai.imagify.blobs.kept == {}


async def test_a_picture_that_its_vendor_does_not_hand_over_can_be_sent_again_later(mai: Speaker) -> None:
    await mai.imagify.handles(mai.imagify.house, mai.word(text="thêm mũ", picture="nowhere"))

    assert mai.last_heard.splitlines() == [
        "😔 Lúc này mình chưa mở được ảnh.",
        "Không trừ credit.",
        "Bạn thử lại sau ít phút nhé.",
    ]


async def test_a_change_of_a_picture_that_is_gone_asks_for_it_again(mai: Speaker) -> None:
    await mai.uploads("thêm mũ", PHOTO)
    job = await painted(mai)
    uploads = mai.imagify.house.studio.uploads
    await uploads.forget(await uploads.find(mai.person.ids, job.words.source))  # as the sweep does

    await mai.acts(f"again:{job.id}:{job.price}")

    assert mai.last_heard.startswith("🖼️ Mình không còn giữ ảnh đó")
    assert len(await mai.jobs()) == 1


async def test_somebody_elses_photo_cannot_be_named(mai: Speaker) -> None:
    await mai.uploads("", PHOTO)
    other = await mai.imagify.meets(paid=20)

    await other.says(f"/edit {id_told(mai.last_heard)} thêm mũ")

    assert other.last_heard.startswith("🔎 Không tìm thấy")
    assert await other.jobs() == []


async def test_credits_that_were_a_gift_change_no_picture_and_hear_so(mai: Speaker) -> None:
    poor = await mai.imagify.meets(gift=10)

    await poor.uploads("thêm mũ", PHOTO)

    assert "credit tặng chỉ dùng được với pocket" in poor.last_heard
    assert await poor.jobs() == []


async def test_so_many_photos_a_day_are_fetched(workshop: Imagify) -> None:
    workshop.house = workshop.build(vendors=BEDROCK, limits=Limits(uploads_per_day=2))
    await workshop.opens()
    speaker = await workshop.meets(paid=400)
    for number in range(3):
        await speaker.uploads("", PLAYED + str(number).encode())

    assert speaker.last_heard.startswith("✋ Hơi nhanh quá")
    assert len(await workshop.rows_named("UPLOAD#")) == 2


# --- where nobody can


@pytest.mark.parametrize("text", ["thêm mũ", ""])
async def test_in_a_house_that_changes_no_pictures_nothing_is_fetched_or_kept(
    text: str, imagify: Imagify, an: Speaker
) -> None:
    await an.uploads(text, PHOTO)

    assert an.last_heard.startswith("🖼")
    assert imagify.blobs.kept == {}
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_there_the_words_are_good_for_a_new_picture(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an, "mèo")
    await an.replies_to(await imagify.image(job), "chó")
    await an.presses("🎨 Vẽ lại với lời này")

    assert (await painted(an)).words.words == "chó"


# --- tools


async def test_a_pocket_house_has_no_tools(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an, "mèo")

    assert not [label for label in an.buttons if label[0] in "🔍🧰"]
    await an.acts(f"tool:{job.id}:upscale:9")
    assert an.last_heard.startswith("🧰 Mô hình này hiện không chạy ở đây")
    assert len(await an.jobs()) == 1
    assert await imagify.balance(an) == Balance(free=4, held=0)


async def test_a_picture_is_upscaled_at_the_price_on_the_button(mai: Speaker) -> None:
    first = await drawn(mai)
    price = int(mai.button("🔍").text.rpartition(" ")[2])

    await mai.presses("🔍 Phóng to ×4")

    job = await painted(mai)
    assert (job.model, job.price, job.words.source) == ("upscale", price, f"img/{first.id}")
    assert mai.imagify.painter.bill[-1].source == mai.imagify.blobs.kept[first.blob]
    assert mai.last_heard.startswith("✅")


async def test_what_a_tool_made_is_a_picture_like_any_other_but_for_drawing_it_again(mai: Speaker) -> None:
    await drawn(mai)
    await mai.presses("🔍 Phóng to ×4")
    await painted(mai)

    assert not [label for label in mai.buttons if label[0] in "🔄🎲✍"]
    assert mai.button("✏️").fill == "mèo mướp"
    assert {"📎 Ảnh gốc", "📋 Công thức", "⭐ Yêu thích", "🗑️ Xoá", "🧰 Thêm nữa"} <= set(mai.buttons)


async def test_everything_else_stands_behind_one_button_with_its_price(mai: Speaker) -> None:
    first = await drawn(mai)
    await mai.presses("🧰 Thêm nữa")

    labels = [re.sub(r"(💳 )?\d+$", "N", label) for label in mai.buttons]
    assert labels == [
        "🔍 Phóng to ×4 · N",
        "✂️ Xoá nền · N",
        "↔️ Nới ngang 16:9 · N",
        "↕️ Nới dọc 9:16 · N",
        "🔬 Phóng to giữ nét · N",
        "🪄 Phóng to thêm nét · N",
        "🔁 Thay vật · N",
        "🎨 Đổi màu vật · N",
        "✏️ Vẽ từ nét phác · N",
        "📐 Giữ bố cục · N",
        "🖼️ Theo phong cách này · N",
        "🖌️ Sửa ảnh này · N",
        "👁️ Ảnh có gì?",
    ]
    assert mai.button("🖌️").fill == f"/edit {first.id[-8:]} "


@pytest.mark.parametrize(
    ("label", "model", "ratio", "reads"),
    [
        ("✂️ Xoá nền", "remove-background", "1:1", False),
        ("↔️ Nới ngang", "outpaint", "16:9", True),
        ("↕️ Nới dọc", "outpaint", "9:16", True),
        ("🪄 Phóng to thêm nét", "upscale-creative", "1:1", True),
    ],
)
async def test_a_tool_goes_to_its_model_with_what_it_needs(
    label: str, model: str, ratio: str, reads: bool, mai: Speaker
) -> None:
    first = await drawn(mai)
    await mai.presses("🧰 Thêm nữa")

    await mai.presses(label)

    job = await painted(mai)
    assert (job.model, job.words.ratio, job.words.source) == (model, ratio, f"img/{first.id}")
    assert job.words.english == ("english(mèo mướp), soft light" if reads else "")
    assert ("📝" in mai.last_heard) == reads
    assert mai.imagify.scribe.read == ["mèo mướp"]
    assert job.words.seed != first.words.seed


async def test_a_price_on_an_old_button_is_the_most_a_tool_may_cost(mai: Speaker) -> None:
    first = await drawn(mai)
    price = int(mai.button("🔍").text.rpartition(" ")[2])

    await mai.acts(f"tool:{first.id}:upscale:{price - 1}")

    assert mai.buttons[0].startswith("🎨 Vẽ")
    assert len(await mai.jobs()) == 1


async def test_a_tool_pressed_by_a_trembling_thumb_is_meant_once(mai: Speaker) -> None:
    await drawn(mai)
    label = mai.button("🔍").action

    await mai.acts(label)
    await mai.acts(label)
    await painted(mai)

    assert len(await mai.jobs()) == 2


@pytest.mark.parametrize("action", ["tool:{}:nothing:9", "tool:{}:upscale:many", "tool:{}", "tools:NOTHING"])
async def test_a_tool_that_means_nothing_is_answered_in_words(action: str, mai: Speaker) -> None:
    first = await drawn(mai)

    await mai.acts(action.format(first.id))

    assert "😔" not in mai.last_heard
    assert len(await mai.jobs()) == 1
