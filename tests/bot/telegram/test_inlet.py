"""The way in: what is acknowledged is kept, once; what is rude, forged or too much changes nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.flood import Flood
from bot.server import serve
from bot.telegram.inlet import ALBUM, BIGGEST_BODY, SLOWER
from bot.telegram.updates import Checkout, read
from core.supervise import Crew
from core.table import TableUnavailable
from tests.bot.telegram.rig import ME, SECRET, Desk, a_desk, presses, says


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as desk:
        yield desk


class Api:
    """A Telegram that takes every call and remembers it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.called = asyncio.Event()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        said = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((request.path.rpartition("/")[2], said))
        self.called.set()
        return web.json_response({"ok": True, "result": True})

    async def next(self) -> tuple[str, dict[str, str]]:
        async with asyncio.timeout(5):
            await self.called.wait()
        return self.calls[-1]


@asynccontextmanager
async def called(home: Path) -> AsyncIterator[tuple[Desk, Api]]:
    api, app = Api(), web.Application()
    app.router.add_post("/{path:.*}", api.answer)
    async with serve(app, "127.0.0.1", 0) as port, a_desk(home, f"http://127.0.0.1:{port}") as desk:
        yield desk, api


# --- whoever calls


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], f"{SECRET}x", "sécret"])
async def test_without_the_secret_nothing_is_read_and_nothing_is_kept(secret: str | None, desk: Desk) -> None:
    assert await desk.posts(says(1), secret) == 403

    assert await desk.waiting() == []
    assert desk.counted("no secret") == 1


async def test_with_the_secret_it_is_kept_before_it_is_acknowledged(desk: Desk) -> None:
    assert await desk.posts(says(1, "mèo mướp")) == 200

    assert [heard.text for heard in await desk.waiting()] == ["mèo mướp"]
    assert desk.counted("kept") == 1


async def test_what_is_not_kept_is_not_acknowledged(desk: Desk) -> None:
    async def fails(*_: object) -> None:
        raise TableUnavailable("the disk is full")

    table = desk.house.ports.table
    table.write = fails  # type: ignore[method-assign]  # a disk that has become full
    assert await desk.posts(says(1)) == 500
    del table.write

    assert await desk.posts(says(1)) == 200
    assert [heard.own for heard in await desk.waiting()] == ["1"]


async def test_a_body_that_no_update_can_be_is_refused(desk: Desk) -> None:
    assert await desk.posts(says(1, "x" * BIGGEST_BODY)) == 413
    assert await desk.posts(b" " * (BIGGEST_BODY + 1)) == 413

    assert await desk.waiting() == []
    assert desk.counted("too big") == 2


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"update_id": "one"}', b"[" * 5_000])
async def test_what_cannot_be_read_is_acknowledged_for_it_would_come_for_a_day(body: bytes, desk: Desk) -> None:
    assert await desk.posts(body) == 200

    assert desk.counted("unreadable") == 1


async def test_kinds_that_we_do_not_know_are_acknowledged_and_counted(desk: Desk) -> None:
    assert await desk.posts({"update_id": 1, "stopped_message_generation": {"draft_id": 1}}) == 200
    assert await desk.posts({"update_id": 2, "edited_message": {"message_id": 1}}) == 200

    assert (desk.counted("passed over: unknown"), desk.counted("passed over: edited_message")) == (1, 1)


async def test_five_thousand_characters_are_kept_whole_for_the_answer_to_say_that_it_is_too_long(desk: Desk) -> None:
    assert await desk.posts(says(1, "è" * 5_000)) == 200

    assert [len(heard.text) for heard in await desk.waiting()] == [5_000]


async def test_until_we_know_our_own_name_telegram_is_asked_to_come_again(desk: Desk) -> None:
    desk.inlet.me = None

    assert await desk.posts(says(1)) == 503

    desk.inlet.me = ME
    assert await desk.posts(says(1)) == 200


# --- once, and in order


async def test_an_update_that_comes_again_changes_nothing(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.posts(says(7)) == 200

    assert len(await desk.waiting()) == 1
    assert (desk.counted("kept"), desk.counted("known")) == (1, 2)


async def test_killed_after_keeping_and_before_acknowledging_it_is_heard_once(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as before:
        update = read(json.dumps(says(7)).encode())
        assert update
        await before.inlet.take(update, ME)

    async with a_desk(tmp_path) as after:
        assert await after.posts(says(7)) == 200
        async with Crew(after.house.ports.clock, after.house.ports.chance) as crew, asyncio.timeout(5):
            crew.add("inbox", after.house.inbox.run)
            await after.noted.wait()
        assert await after.posts(says(7)) == 200
        assert [heard.own for heard in after.handled] == ["7"]
        assert await after.waiting() == []


async def test_a_chat_is_heard_in_its_order_whatever_the_order_of_a_batch(desk: Desk) -> None:
    batch = [says(number, chat=101 + number % 3) for number in (5, 3, 9, 1, 7, 2, 8, 4, 6)]
    updates = [read(json.dumps(one).encode()) for one in batch]

    await desk.inlet.take_all([update for update in updates if update], ME)

    kept = {chat: [heard.own for heard in await desk.waiting(chat)] for chat in (101, 102, 103)}
    assert kept == {101: ["3", "6", "9"], 102: ["1", "4", "7"], 103: ["2", "5", "8"]}


# --- too much


async def test_a_flooding_chat_is_capped_before_it_is_written_down_and_told_once(desk: Desk) -> None:
    desk.inlet.flood = Flood(at_once=3, a_second=0.001)

    for number in range(1, 20):
        assert await desk.posts(says(number)) == 200

    heard = await desk.waiting()
    assert [one.own for one in heard[:3]] == ["1", "2", "3"]
    assert [one.action for one in heard[3:]] == [SLOWER]
    assert desk.counted("too fast") == 16


async def test_what_has_waited_at_telegram_while_we_were_away_is_all_heard(desk: Desk) -> None:
    desk.inlet.flood = Flood(at_once=3, a_second=0.001)

    for number in range(1, 20):
        await desk.posts(says(number, date=1_795_132_800 + 60 * number))

    assert [one.own for one in await desk.waiting()] == [str(number) for number in range(1, 20)]


async def test_nobody_else_pays_for_a_chat_that_floods(desk: Desk) -> None:
    desk.inlet.flood = Flood(at_once=1, a_second=0.001)
    for number in range(1, 9):
        await desk.posts(says(number))

    await desk.posts(says(9, chat=102))

    assert [heard.own for heard in await desk.waiting(102)] == ["9"]


async def test_photos_of_an_album_without_words_are_answered_once_for_all(desk: Desk) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    for number in range(1, 6):
        await desk.posts(says(number, "", photo=photo, media_group_id="one"))
    await desk.posts(says(6, "", photo=photo, media_group_id="another"))

    assert [heard.action for heard in await desk.waiting()] == [ALBUM, ALBUM]


async def test_a_payment_is_never_too_much(desk: Desk) -> None:
    desk.inlet.flood = Flood(at_once=1, a_second=0.001)
    payment = {"currency": "XTR", "total_amount": 50, "invoice_payload": "r", "telegram_payment_charge_id": "ch"}
    for number in range(1, 4):
        await desk.posts(says(number))

    await desk.posts(says(4, "", successful_payment=payment))

    assert [heard.action for heard in await desk.waiting()] == ["", SLOWER, "stars_paid:XTR:50:ch:r"]


# --- buttons


async def test_a_press_is_answered_at_once_and_kept_with_what_it_stands_for(tmp_path: Path) -> None:
    async with called(tmp_path) as (desk, api):
        await desk.posts(presses(1, desk.inlet.buttons.data("101", "agree")))

        method, said = await api.next()
        assert (method, said["callback_query_id"], "text" in said) == ("answerCallbackQuery", "q1", False)
        assert [(heard.action, heard.message) for heard in await desk.waiting()] == [("agree", "4")]


async def test_a_forged_button_is_told_so_and_does_nothing_else(tmp_path: Path) -> None:
    async with called(tmp_path) as (desk, api):
        await desk.posts(presses(1, "0000000000000agree"))

        method, said = await api.next()
        assert (method, said["show_alert"]) == ("answerCallbackQuery", "true")
        assert "không phải của bạn" in said["text"]
        assert await desk.waiting() == []
        assert desk.counted("not theirs") == 1


async def test_somebody_elses_button_in_a_group_is_told_so_and_does_nothing_else(tmp_path: Path) -> None:
    async with called(tmp_path) as (desk, api):
        data = desk.inlet.buttons.data("-5", "cancel:X", "101")
        await desk.posts(presses(1, data, chat=-5, by=102, kind="supergroup"))

        assert (await api.next())[1]["show_alert"] == "true"
        assert await desk.waiting(-5) == []

        await desk.posts(presses(2, data, chat=-5, by=101, kind="supergroup"))
        assert [heard.address.id for heard in await desk.waiting(-5)] == ["101"]


async def test_a_press_is_kept_though_telegram_takes_no_answer_any_more(desk: Desk) -> None:
    assert await desk.posts(presses(1, desk.inlet.buttons.data("101", "agree"))) == 200

    assert [heard.action for heard in await desk.waiting()] == ["agree"]


# --- before a payment


def about_to_pay(number: int) -> dict[str, object]:
    person = {"id": 101, "is_bot": False, "first_name": "An", "language_code": "en"}
    query = {"id": f"p{number}", "from": person, "currency": "XTR", "total_amount": 50, "invoice_payload": "ref"}
    return {"update_id": number, "pre_checkout_query": query}


async def test_where_nothing_is_sold_a_payment_is_stopped_politely(tmp_path: Path) -> None:
    async with called(tmp_path) as (desk, api):
        assert await desk.posts(about_to_pay(1)) == 200

        method, said = await api.next()
        assert (method, said["ok"]) == ("answerPreCheckoutQuery", "false")
        assert "Nothing was charged" in said["error_message"]


async def test_a_payment_is_let_through_without_waiting_for_anything_else(tmp_path: Path) -> None:
    asked: list[Checkout] = []

    async def yes(checkout: Checkout) -> str:
        asked.append(checkout)
        return ""

    async with called(tmp_path) as (desk, api):
        desk.inlet.may_pay = yes
        desk.inlet.flood = Flood(at_once=1, a_second=0.001)
        for number in range(1, 5):
            await desk.posts(says(number))
        await desk.posts(about_to_pay(9))

        assert (await api.next())[1]["ok"] == "true"
        assert [(one.total_amount, one.invoice_payload, one.from_.id) for one in asked] == [(50, "ref", 101)]
