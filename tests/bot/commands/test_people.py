"""The first words and a person's own affairs: welcome, language, settings, credits, their data, leaving."""

import pytest

from bot.commands.people import menu
from core.audit import every_row
from core.clock import DAY
from tests.house import DOOR, Balance, Imagify, Speaker


@pytest.fixture
async def mai(imagify: Imagify) -> Speaker:
    """Somebody who has just said yes on a channel that may give the welcome credits."""
    speaker = await imagify.newcomer()
    await speaker.says("/start")
    await speaker.presses("Đồng ý")
    return speaker


# --- before consent


async def rows_with(imagify: Imagify, words: str) -> list[str]:
    return [str(row.key) async for row in every_row(imagify.table) if words in repr(row.fields)]


async def test_what_was_said_before_a_no_stands_nowhere_after_it(imagify: Imagify) -> None:
    newcomer = await imagify.newcomer()
    await newcomer.says("gọi mình số 0912 345 678")

    await newcomer.presses("Không")

    assert await rows_with(imagify, "0912 345 678") == []
    await newcomer.presses("Đồng ý")
    assert await newcomer.jobs() == []


async def test_what_was_said_before_consent_goes_after_a_day_without_an_answer(imagify: Imagify) -> None:
    newcomer = await imagify.newcomer()
    await newcomer.says("gọi mình số 0912 345 678")

    imagify.clock.skip(DAY)
    await imagify.passes(700)

    assert await rows_with(imagify, "0912 345 678") == []


async def test_what_was_said_before_a_yes_is_painted_after_it(imagify: Imagify) -> None:
    newcomer = await imagify.newcomer()
    await newcomer.says("mèo")

    await newcomer.presses("Đồng ý")
    await imagify.settles()

    assert [job.state for job in await newcomer.jobs()] == ["delivered"]


# --- welcome


async def test_who_agrees_is_welcomed_with_credits_and_something_to_try(imagify: Imagify, mai: Speaker) -> None:
    assert "Bạn có 10 credit dùng thử" in mai.last_heard
    assert [choice.fill for choice in mai.heard[-1].choices] == mai.buttons
    assert await imagify.balance(mai) == Balance(free=10, held=0)


async def test_a_way_to_begin_can_be_sent_as_it_stands(imagify: Imagify, mai: Speaker) -> None:
    for choice in mai.heard[-1].choices:
        await mai.says(choice.fill)
        await imagify.settles()

    assert [job.state for job in await mai.jobs()] == ["delivered"] * 3


async def test_where_an_address_is_easily_come_by_there_is_no_gift(imagify: Imagify) -> None:
    mai = await imagify.newcomer("web")
    ask = mai.word(action="agree")

    await imagify.house.inbox.keep(ask.lane, ask.update, ask.row())
    await imagify.passes(5)

    assert await imagify.balance(mai) == Balance(free=0, held=0)
    assert (await imagify.house.people.person(mai.person.id)).agreed


async def test_a_clock_that_leaps_ahead_erases_nobody_who_may_still_think_again(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("/deleteme")
    await mai.presses("Xoá sau 7 ngày")

    imagify.clock.offset += 400 * DAY
    await imagify.passes(1_300)

    assert (await imagify.house.people.person(mai.person.id)).status != "erased"


async def test_who_was_erased_and_comes_back_is_not_given_to_again(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("/deleteme")
    await mai.presses("Xoá sau 7 ngày")
    imagify.clock.skip(8 * DAY)
    await imagify.passes(1_300)

    await mai.says("mèo")
    assert "phần mềm tự động tạo ảnh bằng AI" in mai.last_heard
    await mai.presses("Đồng ý")

    assert "Bạn có 0 credit" in mai.heard[-2].text
    assert mai.last_heard.startswith("💡 Cần 1 credit")


async def test_start_welcomes_back_with_what_is_left(mai: Speaker) -> None:
    await mai.says("bắt đầu")

    assert mai.last_heard.startswith("👋 Chào bạn trở lại! Bạn có 10 credit")


async def test_help_names_every_command_that_people_have_and_none_of_the_admins(mai: Speaker) -> None:
    await mai.says("/help")

    assert [one.name for one in menu() if f"/{one.name} – " not in mai.last_heard] == []
    assert "/grant" not in mai.last_heard


# --- language and settings


async def test_the_language_is_changed_by_word_or_button_and_stays(mai: Speaker) -> None:
    await mai.says("/language en")
    assert mai.last_heard == "From now on I speak English."
    await mai.says("/balance")
    assert mai.last_heard == "💰 10 credits"

    await mai.says("language")
    await mai.presses("Tiếng Việt")

    assert mai.last_heard == "Từ giờ mình nói tiếng Việt."


async def test_a_language_that_we_do_not_speak_is_answered_with_those_we_do(mai: Speaker) -> None:
    await mai.says("/language fr")

    assert mai.last_heard == "Cách dùng: /language vi hoặc /language en"


async def test_the_first_words_are_in_the_language_of_the_persons_device(imagify: Imagify) -> None:
    ann = await imagify.newcomer(language="en")

    await ann.says("/start")

    assert ann.buttons == ["I agree", "Read the policy", "No"]


@pytest.mark.parametrize(("button", "said"), [("Luôn hỏi", "luôn hỏi"), ("Vẽ luôn", "không hỏi, vẽ luôn")])
async def test_settings_show_what_was_chosen(button: str, said: str, mai: Speaker) -> None:
    await mai.says("cài đặt")
    assert "chỉ khi tốn hơn giá rẻ nhất" in mai.last_heard
    await mai.presses(button)

    await mai.says("/settings")

    assert f"Hỏi trước khi vẽ: {said}" in mai.last_heard


async def test_words_are_improved_until_the_person_says_otherwise(mai: Speaker) -> None:
    await mai.says("cài đặt")
    assert "Trau chuốt lời mô tả: bật" in mai.last_heard
    await mai.presses("✍️ Giữ nguyên lời")
    await mai.says("/settings")
    assert "Trau chuốt lời mô tả: tắt" in mai.last_heard

    await mai.presses("✨ Trau chuốt lời")
    await mai.says("/settings")

    assert "Trau chuốt lời mô tả: bật" in mai.last_heard


async def test_settings_lead_to_the_other_language(mai: Speaker) -> None:
    await mai.says("/settings")
    await mai.presses("English")

    await mai.says("/settings")

    assert mai.last_heard.startswith("⚙️ Settings\nLanguage: English")


# --- credits


async def test_a_balance_says_what_is_held_and_what_was_a_gift(workshop: Imagify) -> None:
    workshop.house = workshop.build(hands=0)
    await workshop.opens()
    mai = await workshop.meets(gift=5, paid=1_000)
    await mai.says("mèo --n 2")

    await mai.says("/balance")

    assert mai.last_heard == "💰 1.003 credit · 2 đang giữ cho ảnh chờ\nTrong đó 3 là credit tặng."


async def test_the_history_tells_what_moved_and_what_was_left(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("mèo")
    await imagify.settles()
    imagify.painter.declines("chó")
    await mai.says("chó")
    await imagify.settles()

    await mai.says("lịch sử")

    head, *lines = mai.last_heard.splitlines()
    assert head == "🧾 Lịch sử credit"
    assert [line.split(" · ")[-1] for line in lines] == ["+1 → còn 9", "-1 → còn 8", "-1 → còn 9", "+10 → còn 10"]
    assert [line.split(" · ")[-2] for line in lines] == ["hoàn", "giữ cho ảnh", "giữ cho ảnh", "tặng"]


async def test_a_history_in_which_nothing_happened_says_so(imagify: Imagify) -> None:
    zalo = await imagify.meets("zalo")

    await zalo.says("/history")

    assert zalo.last_heard == "Chưa có gì trong lịch sử."


# --- privacy and leaving


async def test_privacy_says_what_is_stored_and_when_one_agreed(mai: Speaker) -> None:
    await mai.says("/privacy")

    assert mai.last_heard.endswith("Bạn đã đồng ý: 01/01/2027")
    assert mai.heard[-1].choices == ()


async def test_who_has_not_agreed_can_do_so_below_the_policy(imagify: Imagify) -> None:
    mai = await imagify.newcomer()
    await mai.says("/privacy")
    assert mai.last_heard.endswith("Bạn đã đồng ý: chưa")

    await mai.presses("Đồng ý")

    assert await imagify.balance(mai) == Balance(free=10, held=0)


async def test_where_no_file_can_be_sent_ones_own_data_are_a_link_that_runs_out(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("dữ liệu của tôi")

    (choice,) = mai.heard[-1].choices
    token, takeaway = choice.url.removeprefix(f"{DOOR}/mydata/"), imagify.house.desk.takeaway
    assert choice.text == "Tải về"
    assert takeaway.of(token) == mai.person.id
    assert takeaway.of(f"{token[:-1]}?") == takeaway.of("") == takeaway.of("ảnh" * 30) == ""
    await imagify.passes(16 * 60)
    assert takeaway.of(token) == ""


async def test_leaving_says_first_what_will_be_lost(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("mèo")
    await imagify.settles()

    await mai.says("/deleteme")

    assert "1 ảnh, 0 credit đã mua và 9 credit tặng" in mai.last_heard
    assert (await imagify.house.people.person(mai.person.id)).status == "active"


async def test_who_thinks_again_within_seven_days_keeps_everything(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("/deleteme")
    await mai.presses("Xoá sau 7 ngày")

    await mai.presses("Giữ lại")
    imagify.clock.skip(9 * DAY)
    await imagify.passes(1_300)

    assert await imagify.balance(mai) == Balance(free=10, held=0)


async def test_who_asks_twice_to_leave_leaves_when_they_said_first(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("/deleteme")
    await mai.presses("Xoá sau 7 ngày")
    first = mai.last_heard
    imagify.clock.skip(2 * DAY)

    await mai.says("/deleteme")
    await mai.presses("Xoá sau 7 ngày")

    assert mai.last_heard == first
