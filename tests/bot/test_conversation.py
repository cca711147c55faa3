"""Who is heard and what is understood: the notice before all else, words and commands, and faults as numbers."""

import logging

import pytest

from core.inbox import MOST_TRIES
from core.people import profile_key
from core.table import Change, TableUnavailable
from tests.house import Balance, Imagify, Speaker
from tests.storms.memory import MemoryCache
from tests.storms.played import DoubtfulTable


@pytest.fixture
async def mai(imagify: Imagify) -> Speaker:
    """Somebody who has agreed to nothing yet."""
    return await imagify.newcomer()


class Dead(MemoryCache):
    """A cache that answers nothing any more."""

    async def take(self, bucket: str, per_second: float, burst: float) -> float:
        raise OSError(f"no route to the cache at 10.1.2.3 for {bucket}, {per_second}, {burst}")


# --- the notice first


async def test_the_first_word_is_answered_with_who_we_are_and_what_is_stored(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("/start")

    assert "Imagify, phần mềm tự động tạo ảnh bằng AI" in mai.last_heard
    assert mai.buttons == ["Đồng ý", "Xem chính sách", "Không"]
    assert await imagify.rows_named("JOB#") == []


@pytest.mark.parametrize("said", ["/balance", "/gallery", "lịch sử", "/cancel", "/settings"])
async def test_nothing_but_the_notice_is_answered_before_consent(said: str, mai: Speaker) -> None:
    await mai.says(said)

    assert mai.buttons == ["Đồng ý", "Xem chính sách", "Không"]


@pytest.mark.parametrize(
    ("said", "answer"), [("/help", "/imagine"), ("/privacy", "🔒"), ("/language en", "English"), ("/mydata", "📦")]
)
async def test_help_privacy_language_and_ones_own_data_need_no_consent(said: str, answer: str, mai: Speaker) -> None:
    await mai.says(said)

    assert answer in mai.last_heard


async def test_a_prompt_that_came_first_is_kept_and_runs_after_the_yes(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("mèo mướp --ar 16:9")
    assert "đồng ý xong là vẽ ngay" in mai.last_heard
    assert await mai.jobs() == []

    await mai.presses("Đồng ý")
    await imagify.settles()

    (job,) = await mai.jobs()
    assert (job.words.words, job.words.ratio, job.state) == ("mèo mướp", "16:9", "delivered")
    assert await imagify.balance(mai) == Balance(free=9, held=0)


async def test_of_several_prompts_before_the_yes_the_last_one_runs(mai: Speaker) -> None:
    await mai.says("mèo")
    await mai.says("chó")

    await mai.presses("Đồng ý")

    assert [job.words.words for job in await mai.jobs()] == ["chó"]


async def test_a_yes_said_twice_gives_once_and_draws_once(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("mèo")
    yes = mai.button("Đồng ý").action

    await mai.acts(yes)
    await imagify.settles()
    await mai.acts(yes)
    await imagify.settles()

    assert len(await mai.jobs()) == 1
    assert await imagify.balance(mai) == Balance(free=9, held=0)


async def test_a_yes_to_the_notice_is_no_yes_to_a_price(mai: Speaker) -> None:
    await mai.says("/start")
    await mai.presses("Đồng ý")
    await mai.says("/settings")
    await mai.presses("Luôn hỏi")
    await mai.says("mèo")
    assert mai.buttons[0].startswith("🎨 Vẽ")

    await mai.acts("agree")

    assert await mai.jobs() == []


async def test_who_says_no_keeps_their_credits_untouched_and_may_think_again(mai: Speaker) -> None:
    await mai.says("mèo")
    await mai.presses("Không")
    assert "Không sao" in mai.last_heard
    assert await mai.jobs() == []

    await mai.presses("Đồng ý")

    assert await mai.jobs() == []  # what was said before the no is gone
    await mai.says("mèo")
    assert len(await mai.jobs()) == 1


async def test_the_welcome_gift_stays_with_the_address_when_the_gift_grows(imagify: Imagify, mai: Speaker) -> None:
    await mai.says("mèo")
    await mai.presses("Đồng ý")
    await imagify.settles()
    generous = imagify.build(hands=0, gift=50)

    await imagify.handles(generous, mai.word(action="agree"))

    assert "👋" in mai.last_heard
    assert await imagify.balance(mai) == Balance(free=9, held=0)


# --- what is understood


@pytest.mark.parametrize(
    "said", ["/balance", "/sodu", "/BALANCE", "/balance@imagify_bot", "số dư", "So du", "SỐ DƯ", "ví", "balance"]
)
@pytest.mark.usefixtures("imagify")
async def test_a_command_is_known_with_and_without_slash_and_accents(said: str, an: Speaker) -> None:
    await an.says(said)

    assert an.last_heard.startswith("💰 5 credit")


@pytest.mark.parametrize("said", ["vẽ mèo mướp", "ve mèo mướp", "tạo mèo mướp", "/ve mèo mướp", "/imagine mèo mướp"])
@pytest.mark.usefixtures("imagify")
async def test_a_prompt_may_begin_with_the_wish_to_have_it_drawn(said: str, an: Speaker) -> None:
    await an.says(said)

    assert [job.words.words for job in await an.jobs()] == ["mèo mướp"]


@pytest.mark.usefixtures("imagify")
async def test_a_sentence_that_only_begins_like_a_command_is_a_prompt(an: Speaker) -> None:
    await an.says("balance of a rope dancer")

    assert [job.words.words for job in await an.jobs()] == ["balance of a rope dancer"]


@pytest.mark.usefixtures("imagify")
async def test_an_admins_word_without_a_slash_is_a_prompt(an: Speaker) -> None:
    await an.says("maintenance")

    assert [job.words.words for job in await an.jobs()] == ["maintenance"]


async def test_an_unknown_command_is_named_and_costs_nothing(imagify: Imagify, an: Speaker) -> None:
    await an.says("/fly me")

    assert an.last_heard == "🤔 Mình không có lệnh /fly me. Gõ /help nhé."
    assert await imagify.balance(an) == Balance(free=5, held=0)


@pytest.mark.parametrize("said", ["/imagine", "/ve", "   ", "vẽ"])
@pytest.mark.usefixtures("imagify")
async def test_a_wish_without_words_is_answered_with_how_to_say_it(said: str, an: Speaker) -> None:
    await an.says(said)

    assert an.last_heard == "Cách dùng: /imagine mô tả của bạn"


@pytest.mark.parametrize("action", ["gone:1", "", "go:0123456789abcdef", "show", "four:", "again:X:Y"])
@pytest.mark.usefixtures("imagify")
async def test_a_button_that_means_nothing_any_more_is_answered_in_words(action: str, an: Speaker) -> None:
    await an.acts(action)

    assert an.last_heard
    assert "😔" not in an.last_heard
    assert await an.jobs() == []


async def test_a_picture_that_is_sent_to_us_is_answered_with_what_can_be_done(imagify: Imagify, an: Speaker) -> None:
    await an.uploads("đổi nền")

    assert an.last_heard.startswith("🖼")
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_in_a_group_nothing_of_ones_own_is_told(imagify: Imagify, an: Speaker) -> None:
    crowd = await imagify.newcomer(chat=an.address.id, group="-100")

    await crowd.says("/balance")
    assert crowd.last_heard == "Nhắn riêng cho mình nhé."
    await crowd.says("mèo")

    assert [job.chat for job in await an.jobs()] == ["-100"]


# --- who is not heard


async def test_who_is_banned_reads_why_and_nothing_else_happens(imagify: Imagify, an: Speaker) -> None:
    await imagify.house.addresses.ban(an.address, reason="spam", actor=an.address)

    await an.says("mèo")

    assert "spam" in an.last_heard
    assert await an.jobs() == []


async def test_who_is_being_erased_is_asked_to_come_back(imagify: Imagify, an: Speaker) -> None:
    await imagify.table.write(Change(profile_key(an.person.id), set={"status": "erased"}))

    await an.says("mèo")

    assert "đang được xoá" in an.last_heard


# --- faults


async def test_a_fault_of_ours_is_a_number_in_the_chat_and_a_traceback_in_the_log(
    workshop: Imagify, caplog: pytest.LogCaptureFixture
) -> None:
    workshop.house = workshop.build(cache=Dead())
    await workshop.opens()
    an = await workshop.meets(gift=5)

    await an.says("mèo")

    (record,) = [record for record in caplog.records if record.name == "bot.conversation"]
    number = str(record.__dict__["error"])
    assert number in an.last_heard
    assert "10.1.2.3" not in an.last_heard
    assert record.exc_info
    assert record.levelno == logging.ERROR
    assert await workshop.balance(an) == Balance(free=5, held=0)


async def test_after_a_fault_the_chat_goes_on(workshop: Imagify, caplog: pytest.LogCaptureFixture) -> None:
    workshop.house = workshop.build(cache=Dead())
    await workshop.opens()
    an = await workshop.meets(gift=5)

    await an.says("mèo")
    await an.says("số dư")

    assert an.last_heard.startswith("💰 5 credit")
    assert len(caplog.records) == 1


async def test_while_the_table_fails_nothing_is_said_and_then_where_to_look(
    workshop: Imagify, an: Speaker, caplog: pytest.LogCaptureFixture
) -> None:
    ailing = workshop.build(table=DoubtfulTable.over(workshop.table, workshop.lot, trouble=1.0))
    word = an.word(text="mèo")

    for tries in range(MOST_TRIES):
        with pytest.raises(TableUnavailable):
            await workshop.handles(ailing, word, tries)
    assert an.heard == []
    await workshop.handles(ailing, word, MOST_TRIES)

    assert str(caplog.records[-1].__dict__["error"]) in an.last_heard
