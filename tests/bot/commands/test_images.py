"""What people can ask about pictures: draw, wait, cancel, look, vary, keep, delete; and nothing of anybody else's."""

import pytest

from core.clock import MINUTE
from core.jobs import Job
from tests.house import BEDROCK, Balance, Imagify, Speaker
from tests.storms.played import pictures_in

ACTIONS = (
    *("cancel", "again", "retry", "four", "plain", "show", "original", "recipe", "star", "unstar"),
    *("delete", "delete_yes", "tools", "describe"),
)


async def drawn(speaker: Speaker, text: str = "mèo mướp") -> Job:
    """A picture that stands in their chat."""
    await speaker.says(text)
    await speaker.imagify.settles()
    return (await speaker.jobs())[-1]


async def cancels_late(speaker: Speaker, times: int) -> None:
    """Orders that are taken back while they are being drawn, at our cost."""
    for _ in range(times):
        await speaker.says("mèo")
        await speaker.imagify.passes(2)
        await speaker.presses("Huỷ")
        await speaker.imagify.passes(10)


@pytest.fixture
async def rich(workshop: Imagify) -> Speaker:
    """At a house with a dear model, with credits that were paid for."""
    workshop.house = workshop.build(vendors=BEDROCK)
    await workshop.opens()
    return await workshop.meets(paid=200)


# --- drawing


async def test_a_status_says_the_place_the_wait_and_what_is_held(workshop: Imagify, an: Speaker) -> None:
    workshop.house = workshop.build(hands=0)
    await workshop.opens()

    await an.says("mèo")

    assert an.last_heard == "⏳ Đã nhận yêu cầu. Bạn đang ở vị trí 1, chờ khoảng 4 giây. Giữ 1 credit."
    assert an.buttons == ["Huỷ"]


async def test_who_orders_faster_than_anybody_can_look_is_asked_to_slow_down(workshop: Imagify) -> None:
    mai = await workshop.meets(paid=50)
    await workshop.opens()

    for _ in range(6):
        await mai.says("/imagine mèo")

    assert mai.last_heard.startswith("✋ Hơi nhanh quá")


async def test_who_has_as_many_orders_open_as_one_may_have_is_told_so(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo")
    await an.says("chó")

    assert an.last_heard.startswith("✋ Bạn đang có 1 ảnh chờ")
    assert await imagify.balance(an) == Balance(free=4, held=1)


# --- the price


async def test_a_dear_picture_is_asked_about_with_its_price_and_what_would_be_left(rich: Speaker) -> None:
    await rich.says("mèo --model ultra")

    go = rich.button("🎨 Vẽ")
    assert await rich.jobs() == []
    assert "Mô hình" in rich.last_heard
    price = int(go.text.split("·")[1].split()[0])
    assert f"(còn {200 - price})" in go.text


async def test_a_yes_to_a_price_is_one_order_however_often_it_is_said(rich: Speaker) -> None:
    await rich.says("mèo --model ultra")
    go = rich.button("🎨 Vẽ").action

    await rich.acts(go)
    await rich.acts(go)
    await rich.imagify.settles()
    await rich.acts(go)

    assert len(await rich.jobs()) == 1
    assert rich.last_heard == "Mình đã nhận yêu cầu này rồi."


async def test_a_yes_to_an_older_question_does_nothing(rich: Speaker) -> None:
    await rich.says("mèo --model ultra")
    older = rich.button("🎨 Vẽ").action
    await rich.says("chó --model ultra")

    await rich.acts(older)

    assert rich.last_heard == "Nút này không còn dùng được."
    assert await rich.jobs() == []


@pytest.mark.parametrize(
    ("asks", "text", "asked"),
    [
        ("Luôn hỏi", "mèo", True),
        ("Hỏi khi tốn hơn", "mèo --model pocket", False),
        ("Vẽ luôn", "mèo --model ultra", False),
    ],
)
async def test_a_price_is_asked_about_when_the_person_wants_to_be_asked(
    asks: str, text: str, asked: bool, rich: Speaker
) -> None:
    await rich.says("/settings")
    await rich.presses(asks)

    await rich.says(text)

    assert (await rich.jobs() == []) == asked


async def test_a_price_on_an_old_button_is_the_most_it_may_cost(rich: Speaker) -> None:
    await rich.says("mèo --model core")
    await rich.presses("🎨 Vẽ")
    await rich.imagify.settles()
    image = (await rich.jobs())[-1]

    await rich.acts(f"again:{image.id}:{image.price - 1}")
    assert rich.buttons[0].startswith("🎨 Vẽ")
    await rich.acts(f"again:{image.id}:{image.price}")

    assert rich.last_heard.startswith("⏳")


# --- waiting


async def test_what_waits_is_listed_with_its_place(workshop: Imagify) -> None:
    mai = await workshop.meets(paid=20)
    workshop.house = workshop.build(hands=0)
    await workshop.opens()
    await mai.says("mèo")
    await mai.says("chó")
    await workshop.passes(3)

    await mai.says("hàng đợi")

    assert mai.last_heard == "⏳ Đang chờ:\n• vị trí 1: “mèo”\n• vị trí 2: “chó”"


async def test_what_is_being_drawn_is_listed_as_such(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo")
    await imagify.passes(2)

    await an.says("/queue")

    assert an.last_heard == "⏳ Đang chờ:\n• đang vẽ: “mèo”"


@pytest.mark.usefixtures("imagify")
@pytest.mark.parametrize("said", ["/queue", "/cancel", "huỷ"])
async def test_where_nothing_waits_there_is_nothing_to_list_and_nothing_to_cancel(said: str, an: Speaker) -> None:
    await an.says(said)

    assert an.last_heard == "Bạn không có ảnh nào đang chờ."


async def test_a_cancelled_order_of_four_returns_all_four_credits(workshop: Imagify) -> None:
    mai = await workshop.meets(paid=20)
    workshop.house = workshop.build(hands=0)
    await workshop.opens()
    await mai.says("mèo --n 4")

    await mai.presses("Huỷ")
    await workshop.settles()

    assert mai.last_heard == "❌ Đã huỷ. Đã hoàn 4 credit."
    assert {job.state for job in await mai.jobs()} == {"cancelled"}
    assert await workshop.balance(mai) == Balance(free=20, held=0)


async def test_a_late_cancel_of_four_returns_what_it_can_and_the_rest_is_drawn(imagify: Imagify) -> None:
    mai = await imagify.meets(paid=20)
    await cancels_late(mai, times=2)  # as often as one may in a day
    await mai.says("mèo --n 4")
    await imagify.passes(2)  # two are being drawn, two wait for a free hand

    await mai.presses("Huỷ")
    assert mai.last_heard == "❌ Đã huỷ. Đã hoàn 2 credit."
    await imagify.settles()

    assert [job.state for job in await mai.jobs()].count("delivered") == 2
    assert len(pictures_in(mai.pictures[-1])) == 2
    assert await imagify.balance(mai) == Balance(free=18, held=0)


async def test_a_third_late_cancel_of_a_day_is_told_that_the_picture_will_come(imagify: Imagify) -> None:
    mai = await imagify.meets(paid=20)
    await cancels_late(mai, times=2)
    await mai.says("mèo")
    await imagify.passes(2)

    await mai.presses("Huỷ")

    assert mai.last_heard == "Muộn mất rồi: đang vẽ, ảnh sẽ tới."


async def test_what_is_drawn_already_cannot_be_cancelled(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an)

    await an.acts(f"cancel:{job.id}")

    assert an.last_heard == "Muộn mất rồi: ảnh đã gửi tới bạn."
    assert await imagify.balance(an) == Balance(free=4, held=0)


# --- more from one picture


async def test_again_draws_the_same_words_with_another_seed(imagify: Imagify, an: Speaker) -> None:
    first = await drawn(an, "mèo --seed 7 --ar 16:9")

    await an.presses("🔄 Vẽ lại")
    await imagify.settles()

    second = (await an.jobs())[-1]
    assert (second.words.words, second.words.ratio) == ("mèo", "16:9")
    assert second.words.seed != first.words.seed
    assert len(set(an.pictures)) == 2


async def test_four_variations_come_as_one_sheet_to_pick_and_vary_from(imagify: Imagify) -> None:
    mai = await imagify.meets(paid=20)
    await drawn(mai)

    await mai.presses("🎲 4 biến thể")
    await imagify.settles()
    assert len(pictures_in(mai.pictures[-1])) == 4
    await mai.presses("U2")
    assert mai.last_heard.startswith("🖼️ “mèo mướp” · pocket · seed")
    await mai.presses("V3")
    await imagify.settles()

    assert len(await mai.jobs()) == 9
    assert len({job.words.seed for job in await mai.jobs()}) == 9
    assert await imagify.balance(mai) == Balance(free=11, held=0)


async def test_what_failed_is_tried_again_whole_and_for_no_more(imagify: Imagify) -> None:
    mai = await imagify.meets(paid=20)
    imagify.painter.will("mèo", *("decline",) * 4)
    await mai.says("mèo --n 4")
    await imagify.settles()
    assert mai.last_heard.startswith("😔")

    await mai.presses("🔁 Thử lại")
    await imagify.settles()

    assert len(pictures_in(mai.pictures[-1])) == 4
    assert await imagify.balance(mai) == Balance(free=16, held=0)


# --- looking


async def test_the_gallery_hangs_the_newest_and_marks_them_seen(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    await workshop.paints(job)
    await workshop.opens(workshop.build(hands=0))
    an.leaves()
    await workshop.passes(2)
    an.returns()

    await an.says("thư viện")

    assert [hung.image for hung in an.heard[-1].wall] == [job.id]
    assert (await workshop.image(job)).seen == "yes"


@pytest.mark.usefixtures("imagify")
async def test_an_empty_gallery_says_how_to_fill_it(an: Speaker) -> None:
    await an.says("/gallery")

    assert an.last_heard.startswith("Chưa có ảnh nào")


@pytest.mark.parametrize("letters", [8, 26])
async def test_a_picture_is_found_by_its_id_or_the_end_of_it(letters: int, imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an)

    await an.says(f"/show {job.id[-letters:].lower()}")

    assert an.last_heard.startswith("🖼️ “mèo mướp”")
    assert len(await imagify.rows_named("IMAGE#")) == 1


async def test_the_original_is_sent_as_a_file(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an)

    await an.presses("📎 Ảnh gốc")

    sent = imagify.telegram.delivered[-1].reply
    assert sent.as_file
    assert sent.shown
    assert sent.shown.image == job.id


# --- keeping and deleting


async def test_a_favourite_is_one_until_it_is_let_go_of(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an)

    await an.presses("⭐ Yêu thích")
    assert (await imagify.image(job)).favourite
    await an.says(f"/show {job.id}")
    await an.presses("★ Bỏ yêu thích")

    assert not (await imagify.image(job)).favourite


async def test_a_picture_is_deleted_after_a_second_yes_and_its_bytes_go(imagify: Imagify, an: Speaker) -> None:
    job = await drawn(an)

    await an.presses("🗑️ Xoá")
    assert "không hoàn credit" in an.last_heard
    await an.presses("Xoá hẳn")
    await imagify.passes(MINUTE / 1_000 + 5)

    assert an.last_heard == "🗑️ Đã xoá ảnh."
    assert imagify.blobs.kept == {}
    await an.says(f"/show {job.id}")
    assert an.last_heard.startswith("🔎 Không tìm thấy")
    assert await imagify.balance(an) == Balance(free=4, held=0)


async def test_a_picture_deleted_twice_is_not_found_the_second_time(an: Speaker, imagify: Imagify) -> None:
    job = await drawn(an)
    await an.acts(f"delete_yes:{job.id}")

    await an.acts(f"delete_yes:{job.id}")

    assert an.last_heard == f"🔎 Không tìm thấy {job.id} của bạn."
    assert [row.text("state") for row in await imagify.rows_named("IMAGE#")] == ["gone"]


async def test_a_deleted_picture_leaves_no_words_behind_in_the_gallery(an: Speaker, imagify: Imagify) -> None:
    job = await drawn(an)
    await an.acts(f"delete_yes:{job.id}")

    (row,) = await imagify.rows_named("IMAGE#")

    assert row.map("prompt") == {}


# --- what is somebody else's


@pytest.mark.parametrize("action", ACTIONS)
async def test_somebody_elses_picture_does_not_exist(action: str, imagify: Imagify, an: Speaker, binh: Speaker) -> None:
    theirs = await drawn(binh)
    before = await imagify.rows()

    await an.acts(f"{action}:{theirs.id}")

    assert an.last_heard == f"🔎 Không tìm thấy {theirs.id} của bạn."
    untouched = [row for row in await imagify.rows() if binh.person.id in row.key.owner or theirs.id in row.key.owner]
    assert all(row in before for row in untouched)


@pytest.mark.parametrize("letters", [8, 26])
async def test_nor_is_it_found_by_typing_its_id(letters: int, imagify: Imagify, an: Speaker, binh: Speaker) -> None:
    theirs = await drawn(binh)

    await an.says(f"/show {theirs.id[-letters:]}")

    assert an.last_heard.startswith("🔎")
    assert imagify.telegram.delivered[-1].reply.picture is None
