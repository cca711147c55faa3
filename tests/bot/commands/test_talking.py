"""Words that are no prompt are answered for nothing; what they lean on is offered at a price."""

import pytest

from bot.asking import COMMANDS
from bot.commands.talking import answering
from core.talk import Meant, Talk
from tests.house import BEDROCK, Balance, Imagify, Speaker

CODE = "261201AB12CD34EF56GH78"


@pytest.fixture
async def an(imagify: Imagify) -> Speaker:
    """Somebody who has agreed, in a house where everything runs."""
    return await imagify.meets(gift=5)


async def painted(imagify: Imagify, an: Speaker, words: str = "con mèo mướp") -> None:
    await an.says(words)
    await imagify.settles()


# -- small talk -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("cảm ơn bạn", "🤗"),
        ("cam on ban nhieu", "🤗"),
        ("thanks!", "🤗"),
        ("đẹp quá", "😊"),
        ("xấu quá", "😔 Tiếc quá"),
        ("ok", "👌"),
        ("tạm biệt", "👋 Hẹn gặp lại"),
        ("chào bạn", "👋 Chào bạn trở lại!"),
        ("👍", "😊"),
    ],
)
async def test_small_talk_is_answered_kindly_and_for_nothing(
    imagify: Imagify, an: Speaker, said: str, answer: str
) -> None:
    await an.says(said)

    assert an.last_heard.startswith(answer)
    assert await an.jobs() == []
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_small_talk_is_not_answered_line_by_line(imagify: Imagify, an: Speaker) -> None:
    for said in ("đẹp quá", "wow", "cảm ơn bạn", "haha"):
        await an.says(said)
    assert len(an.heard) == 1

    await imagify.passes(180)
    await an.says("cảm ơn")

    assert len(an.heard) == 2


async def test_a_greeting_is_answered_in_the_persons_language(an: Speaker) -> None:
    await an.speaks("en")

    await an.says("thank you so much")

    assert an.last_heard.startswith("🤗 You are welcome!")


async def test_who_is_not_content_is_offered_the_same_again_and_their_words_back(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)

    await an.says("xấu quá")

    assert an.buttons == ["🔄 Vẽ lại · 1", "✏️ Sửa mô tả"]


async def test_thanks_in_reply_to_a_picture_change_nothing(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)
    (job,) = await an.jobs()

    await an.replies_to(await imagify.image(job), "cảm ơn bạn, đẹp quá")

    assert an.last_heard.startswith("🤗")
    assert len(await an.jobs()) == 1


async def test_talk_before_the_notice_is_kept_by_nobody(imagify: Imagify) -> None:
    mai = await imagify.newcomer()

    await mai.says("chào bạn")
    await mai.presses("Đồng ý")
    await imagify.settles()

    assert await mai.jobs() == []


@pytest.mark.parametrize("name", Talk.open().names)
def test_every_meaning_in_the_table_has_an_answer(name: str) -> None:
    assert answering(Meant(name), "") or COMMANDS[name].rights == "none"


# -- commands in plain words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("menu", "Gõ mô tả là mình vẽ"),
        ("giúp mình với", "Gõ mô tả là mình vẽ"),
        ("bạn làm được gì", "Gõ mô tả là mình vẽ"),
        ("mình còn bao nhiêu credit", "💰 5 credit"),
        ("con bao nhieu credit", "💰 5 credit"),
        ("nạp tiền", "Chọn một gói"),
        ("cho mình xem bảng giá", "🏷️"),
        ("xong chưa", "Bạn không có ảnh nào đang chờ"),
        ("huỷ đi", "Bạn không có ảnh nào đang chờ"),
        ("xem ảnh của tôi", "Chưa có ảnh nào"),
        ("mình muốn hoàn tiền", "🧾"),
        (CODE, "🔎 Không tìm thấy"),
        (f"kiểm tra đơn {CODE} giúp mình", "🔎 Không tìm thấy"),
    ],
)
async def test_a_command_in_plain_words_does_what_the_command_does(
    imagify: Imagify, an: Speaker, said: str, answer: str
) -> None:
    await an.says(said)

    assert answer in an.last_heard
    assert await an.jobs() == []
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_the_id_of_a_picture_alone_shows_it(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)
    (job,) = await an.jobs()

    await an.says(job.id.lower())

    assert an.last_heard.startswith("🖼️ “con mèo mướp”")


async def test_what_a_person_owns_is_not_told_in_a_group(imagify: Imagify, an: Speaker) -> None:
    crowd = await imagify.newcomer(chat=an.address.id, group="-100")

    for said in ("mình còn bao nhiêu credit", "chào bạn", "làm lại"):
        await crowd.says(said)
        assert crowd.last_heard == "Nhắn riêng cho mình nhé."


# -- again, and how many --------------------------------------------------------------------------------------------


async def test_again_says_the_price_of_the_newest_picture_first(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)

    await an.says("làm lại")
    assert an.buttons == ["🎨 Vẽ · 1 credit (còn 3)", "Không vẽ", "✏️ Sửa mô tả"]
    assert len(await an.jobs()) == 1
    await an.presses("🎨 Vẽ")
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["con mèo mướp"] * 2


async def test_so_many_more_are_so_many_of_the_newest_picture(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)

    await an.says("2 tấm nữa")
    await an.presses("🎨 Vẽ · 2 credit")
    await imagify.settles()

    assert len(await an.jobs()) == 3


async def test_again_without_any_picture_is_told_so(an: Speaker) -> None:
    await an.says("vẽ lại đi")

    assert an.last_heard.startswith("🖼️ Bạn chưa có ảnh nào")


async def test_a_sentence_that_says_how_many_orders_so_many(imagify: Imagify, an: Speaker) -> None:
    await an.says("vẽ 4 ảnh con mèo")
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["con mèo"] * 4
    assert await imagify.balance(an) == Balance(free=1, held=0)


async def test_four_cats_are_one_picture(imagify: Imagify, an: Speaker) -> None:
    await an.says("4 con mèo")
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["4 con mèo"]


async def test_more_than_can_be_painted_at_once_is_asked_about(imagify: Imagify, an: Speaker) -> None:
    await an.says("vẽ 10 ảnh con mèo")
    assert an.last_heard.startswith("🔢 Mỗi lần mình vẽ được nhiều nhất 4 ảnh")
    assert await imagify.balance(an) == Balance(free=5, held=0)

    await an.presses("🎨 Vẽ · 4 credit")
    await imagify.settles()

    assert len(await an.jobs()) == 4


# -- what leans on a picture, and doubt -----------------------------------------------------------------------------


async def test_words_that_lean_on_a_picture_are_offered_with_its_words(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)

    await an.says("con đó nhưng màu xanh")
    assert an.last_heard.startswith("✏️ Ở đây mình chưa sửa được ảnh đã vẽ")
    assert await imagify.balance(an) == Balance(free=4, held=0)
    await an.presses("🎨 Vẽ")
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["con mèo mướp", "con mèo mướp, màu xanh"]


async def test_where_a_model_can_change_pictures_it_is_offered_to(workshop: Imagify) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)
    await workshop.opens()
    an = await workshop.meets(paid=400)
    await an.says("/settings")
    await an.presses("Vẽ luôn")
    await painted(workshop, an)
    (job,) = await an.jobs()

    await an.says("làm nó to hơn")
    assert an.last_heard.startswith("✏️ Sửa ảnh mới nhất theo lời này?")
    await an.presses("🎨 Vẽ")
    await workshop.settles()

    changed = (await an.jobs())[-1]
    assert changed.words.source == (await workshop.image(job)).blob
    assert changed.words.words == "làm nó to hơn"


async def test_what_may_be_anything_is_asked_about_with_two_buttons(an: Speaker) -> None:
    await an.says("123")
    assert an.buttons[:2] == ["🎨 Vẽ · 1 credit (còn 4)", "Không vẽ"]

    await an.presses("Không vẽ")

    assert an.last_heard == "👌 Mình không vẽ. Không trừ credit."
    assert await an.jobs() == []


async def test_what_may_be_anything_takes_no_kept_prompts_place(imagify: Imagify) -> None:
    an = await imagify.meets()
    await an.says("con rồng --n 4")
    kept = an.button("▶️").action

    await an.says("123")
    assert "/ve 123" in an.last_heard
    await an.pays()
    await an.acts(kept)
    await imagify.settles()

    assert {job.words.words for job in await an.jobs()} == {"con rồng"}


async def test_a_yes_in_words_brings_the_open_question_back(imagify: Imagify, an: Speaker) -> None:
    await painted(imagify, an)
    await an.says("làm lại")

    await an.says("ok")
    await an.presses("▶️")
    await imagify.settles()

    assert len(await an.jobs()) == 2
