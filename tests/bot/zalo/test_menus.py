"""Numbers instead of buttons: what an answer stands for, however it is written and whenever it comes."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import Choice, Reply
from bot.zalo.menus import (
    ARRIVES_WITHIN,
    GLANCE,
    HANGS,
    LASTS,
    NO_SUCH,
    OLD,
    WHICH,
    Menus,
    Picked,
    bare_words,
    lines,
    listed,
)
from core.chance import Chance
from core.clock import SECOND
from infra.embedded.table import SqliteTable
from tests.clocks import SetClock

PICTURE = Reply(
    "✅",
    (
        Choice("🔄 Vẽ lại · 1", action="again:J:1"),
        Choice("⭐ Yêu thích", action="star:J"),
        Choice("U1", action="show:A"),
        Choice("V1 · 4", action="four:A:4"),
        Choice("mèo mướp", fill="mèo mướp"),
    ),
)
CONSENT = Reply("Đồng ý chứ?", (Choice("Đồng ý", action="agree"), Choice("Không", action="decline")))
AGAIN, STAR, U1, V1 = Picked("again:J:1"), Picked("star:J"), Picked("show:A"), Picked("four:A:4")


class Table:
    def __init__(self) -> None:
        self.rows, self.clock = SqliteTable.inline(":memory:"), SetClock()
        self.menus = Menus(self.rows, self.clock, Chance())

    async def shows(self, reply: Reply, chat: str = "an") -> None:
        menu = await self.menus.lay_out(chat, [item for item, _ in listed(reply)])
        await self.menus.stands(menu, self.clock.now())

    async def picks(self, text: str, chat: str = "an", after: float = 5) -> Picked | None:
        self.clock.pass_by(after)
        return await self.menus.pick(chat, text, self.clock.now())


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    table = Table()
    yield table
    await table.rows.close()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1", AGAIN),
        (" 1. ", AGAIN),
        ("01", AGAIN),
        ("#2", STAR),
        ("2)", STAR),
        ("u1", U1),
        ("U 1", U1),
        ("v1", V1),
        ("3", Picked(say="mèo mướp")),
        ("yeu thich", STAR),
        ("Yêu Thích", STAR),
        ("vẽ lại", AGAIN),
        ("7", NO_SUCH),
        ("0", NO_SUCH),
        ("U4", NO_SUCH),
        ("một con mèo", None),
        ("1 con mèo", None),
        ("u1 và u2", None),
        ("", None),
        ("…", None),
        ("vẽ lại · 1 " * 20, None),
    ],
)
async def test_a_choice_is_made_by_its_number_its_name_or_its_words_alone(
    said: str, meant: Picked | None, table: Table
) -> None:
    await table.shows(PICTURE)

    assert await table.picks(said) == meant


async def test_a_number_means_the_newest_list(table: Table) -> None:
    await table.shows(CONSENT)
    table.clock.pass_by(5)
    await table.shows(PICTURE)

    assert await table.picks("1") == AGAIN


async def test_a_list_that_was_overtaken_on_its_way_is_the_newest_all_the_same(table: Table) -> None:
    slow = await table.menus.lay_out("an", [item for item, _ in listed(PICTURE)])
    table.clock.pass_by(1)
    await table.shows(CONSENT)
    table.clock.pass_by(1)
    await table.menus.stands(slow, table.clock.now())

    assert await table.picks("1") == AGAIN


async def test_a_list_that_comes_in_the_moment_of_the_answer_is_not_meant(table: Table) -> None:
    await table.shows(CONSENT)
    table.clock.pass_by(5)
    await table.shows(PICTURE)

    assert await table.picks("1", after=(GLANCE - 1) / SECOND) == Picked("agree")
    assert await table.picks("1", after=0.001) == AGAIN


async def test_a_list_is_over_after_a_day_and_a_number_out_of_it_says_so(table: Table) -> None:
    await table.shows(PICTURE)

    assert await table.picks("1", after=LASTS / SECOND - 1) == AGAIN
    assert await table.picks("1", after=1) == OLD
    assert await table.picks("yeu thich", after=0) is None


async def test_where_there_never_was_a_list_a_number_is_told_so_and_words_are_a_prompt(table: Table) -> None:
    assert await table.picks("1") == OLD
    assert await table.picks("dong y") is None


async def test_a_list_is_of_its_own_chat_alone(table: Table) -> None:
    await table.shows(PICTURE, chat="binh")

    assert await table.picks("1", chat="an") == OLD


async def test_what_surely_did_not_arrive_is_taken_away(table: Table) -> None:
    await table.shows(CONSENT)
    table.clock.pass_by(5)
    menu = await table.menus.lay_out("an", [item for item, _ in listed(PICTURE)])
    await table.menus.take_away(menu)

    assert await table.picks("1") == Picked("agree")


async def test_a_list_that_is_on_its_way_is_not_meant_yet_and_one_whose_sender_died_is_in_doubt(table: Table) -> None:
    await table.shows(CONSENT)
    table.clock.pass_by(5)
    await table.menus.lay_out("an", [item for item, _ in listed(PICTURE)])

    assert await table.picks("1") == Picked("agree")
    assert await table.picks("1", after=HANGS / SECOND) == WHICH  # Zalo's answer hangs
    table.menus = Menus(table.rows, table.clock, Chance())
    assert await table.picks("1") == WHICH


async def test_where_a_list_may_not_have_arrived_a_number_is_asked_about_and_words_are_enough(table: Table) -> None:
    await table.shows(CONSENT)
    table.clock.pass_by(5)
    menu = await table.menus.lay_out("an", [item for item, _ in listed(PICTURE)])
    table.menus.may_stand(menu)

    assert [await table.picks(said) for said in ("1", "u1")] == [WHICH, WHICH]
    assert [await table.picks(said) for said in ("vẽ lại", "dong y", "mèo")] == [AGAIN, Picked("agree"), None]

    table.clock.pass_by(5)
    await table.shows(CONSENT)
    assert await table.picks("1") == WHICH  # it may have come even after that one
    table.clock.pass_by(ARRIVES_WITHIN / SECOND)
    await table.shows(CONSENT)
    assert await table.picks("1") == Picked("agree")
    assert await table.picks("vẽ lại") is None


@given(st.lists(st.text(max_size=30), max_size=12))
def test_numbers_run_without_a_gap_and_every_line_has_its_own(texts: list[str]) -> None:
    found = listed(Reply("", tuple(Choice(text, action="x") for text in texts)))

    numbers = [int(item.label) for item, _ in found if item.label.isdecimal()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(found) == len(texts)
    assert len(lines(found)) <= len(texts)


@pytest.mark.parametrize(
    ("text", "words"),
    [("🔄 Vẽ lại · 1", "ve lai"), ("▶️ Tiếp tục", "tiep tuc"), ("Đồng ý", "dong y"), ("★", ""), ("", "")],
)
def test_signs_prices_and_accents_are_not_needed(text: str, words: str) -> None:
    assert bare_words(text) == words
