"""The socket: what is said is kept before it is acknowledged, and a page that comes back misses nothing."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError
from PIL import Image

from bot.replies import Reply
from bot.web.ear import LONGEST_ID
from bot.web.live import MOST_FRAMES
from bot.web.messages import Messages
from bot.web.tokens import Signer
from core.audit import audit, every_row
from tests.bot.web.browsers import Browser, Tab, Web, opened
from tests.pictures import a_jpeg, as_bytes

HEAVY, TOO_HEAVY = 21 * 1024 * 1024, 413  # bytes, and what a house says to them
RUDE, GOING = 1008, 1001


async def jobs(web: Web) -> list[str]:
    """Everything that was ordered here; and the ledger is proved."""
    ports = web.opened.house.ports
    assert (await audit(ports.table, ports.blobs)).violations == ()
    return [row.key.owner async for row in every_row(ports.table) if row.key.owner.startswith("JOB#")]


def a_bomb() -> bytes:
    """Few bytes that would be sixty-four million pixels."""
    return as_bytes(Image.new("1", (8_000, 8_000)), "PNG")


# --- the first minute


async def test_whoever_opens_the_page_is_greeted_once_in_their_language(mai: Browser) -> None:
    async with mai.tab(language="en") as first:
        await first.until(lambda: bool(first.frames))
    async with mai.tab(language="en") as second:
        await second.until(lambda: bool(second.frames))

        assert second.frames == first.frames
        assert [choice["text"] for choice in second.frames[0]["choices"]] == ["I agree", "Read the policy", "No"]


async def test_two_tabs_opened_at_once_are_greeted_once(mai: Browser) -> None:
    await mai.asks("/")
    async with mai.tab() as one, mai.tab() as other:
        await one.until(lambda: bool(one.frames))
        await one.says("/help", "1")
        await other.until(lambda: len(other.frames) == 3)

        assert Counter(frame["kind"] for frame in other.frames) == {"reply": 2, "said": 1}


async def test_from_the_notice_to_the_picture_the_balance_is_always_in_sight(web: Web, mai: Browser) -> None:
    web.easel.may.clear()
    async with mai.tab() as tab:
        await tab.agrees()
        assert (tab.purse["free"], tab.purse["held"], tab.purse["rights"]) == (10, 0, "none")

        await tab.says("mèo mướp", "1")
        await tab.until(lambda: tab.purse["held"] == 1)
        status = tab.messages[-1]["message"]
        await tab.until(lambda: any(step["message"] == status for step in tab.steps))
        web.easel.may.set()
        await tab.until(lambda: bool(tab.pictures))

        assert tab.messages[-1]["message"] == status
        assert tab.last.startswith("✅ Xong trong")
        await tab.until(lambda: tab.purse["held"] == 0)
        assert tab.purse["free"] == 9


async def test_progress_says_place_seconds_and_share_and_takes_no_number(web: Web, tab: Tab) -> None:
    web.easel.may.clear()
    await tab.says("mèo", "1")
    await tab.until(lambda: bool(tab.steps))

    step = tab.steps[-1]

    assert {*step["progress"]} == {"place", "seconds", "share"}
    assert 0 <= step["progress"]["share"] < 100
    assert step["seq"] == tab.seq
    web.easel.may.set()
    await tab.until(lambda: bool(tab.pictures))


async def test_the_menu_and_the_words_follow_the_language(tab: Tab) -> None:
    await tab.says("/language en", "1")
    await tab.until(lambda: tab.purse["language"] == "en")

    assert {"name": "/gallery", "does": "your pictures"} in tab.menu
    assert tab.last == "From now on I speak English."


async def test_an_order_that_waits_can_be_cancelled_by_its_button(web: Web, tab: Tab) -> None:
    web.easel.may.clear()
    await tab.says("mèo", "1")
    await tab.until(lambda: tab.purse["held"] == 1)

    await tab.presses("Huỷ", "2")
    await tab.until(lambda: tab.purse["held"] == 0)
    web.easel.may.set()

    assert tab.purse["free"] == 10


# --- twice


async def test_what_is_sent_twice_under_one_id_is_acknowledged_twice_and_done_once(web: Web, tab: Tab) -> None:
    for _ in range(2):
        await tab.sends(do="say", id="prompt", text="mèo")
    await tab.until(lambda: tab.acked.count("prompt") == 2)
    await tab.until(lambda: bool(tab.pictures))
    await tab.says("số dư", "2")
    await tab.until(lambda: tab.last.startswith("💰 9 credit"))

    assert [frame["text"] for frame in tab.frames if frame["kind"] == "said"] == ["mèo", "số dư"]
    assert len(await jobs(web)) == 1


@pytest.mark.parametrize("id_", ["hello", "id:1", "said:1", "x" * LONGEST_ID, "ü/#"])
async def test_any_name_a_client_finds_for_its_word_will_do(id_: str, tab: Tab) -> None:
    await tab.says("số dư", id_)

    await tab.until(lambda: tab.last.startswith("💰 10 credit"))


async def test_one_button_pressed_in_two_tabs_counts_once(web: Web, mai: Browser) -> None:
    async with mai.tab() as one, mai.tab() as other:
        for tab in (one, other):
            await tab.until(lambda tab=tab: bool(tab.frames))  # type: ignore[misc]  # mypy has no word for it

        await asyncio.gather(one.presses("Đồng ý", "1"), other.presses("Đồng ý", "2"))
        await one.until(lambda: len(one.frames) == 3)
        await other.until(lambda: len(other.frames) == 3)

        assert one.frames == other.frames
        await one.until(lambda: bool(one.purse))
        assert one.purse["free"] == 10
    assert await jobs(web) == []


async def test_a_cancel_pressed_in_two_tabs_returns_the_credit_once(web: Web, mai: Browser, tab: Tab) -> None:
    web.easel.may.clear()
    await tab.says("mèo", "1")
    await tab.until(lambda: tab.purse["held"] == 1)
    async with mai.tab(after=tab.seq - 1) as other:
        await other.until(lambda: bool(other.frames))

        await asyncio.gather(tab.presses("Huỷ", "2"), other.presses("Huỷ", "3"))
        await tab.until(lambda: any("Muộn mất rồi" in str(frame["text"]) for frame in tab.frames))
        web.easel.may.set()

        await tab.until(lambda: (tab.purse["free"], tab.purse["held"]) == (10, 0))


async def test_what_is_said_in_one_tab_stands_in_the_other(mai: Browser, tab: Tab) -> None:
    async with mai.tab(after=tab.seq) as other:
        await tab.says("số dư", "1")

        await other.until(lambda: other.last.startswith("💰"))

        assert other.frames[0]["kind"] == "said"
        assert other.frames[0]["text"] == "số dư"


# --- what was made up


async def test_a_button_that_was_made_up_does_nothing(web: Web, tab: Tab) -> None:
    real = tab.choice("Đồng ý")

    for number, forged in enumerate(("", "x", real[:-1], f"{real}x", real.swapcase(), "ÀÁ" * 20, f"{'0' * 13}yes:1")):
        await tab.sends(do="press", id=f"f{number}", choice=forged)
        await tab.until(lambda number=number: len(tab.refused) == number + 1)  # type: ignore[misc]  # as above

    assert {*tab.refused} == {"Nút này không còn dùng được."}
    assert tab.acked == ["agree"]
    assert await jobs(web) == []


async def test_a_button_of_somebody_elses_chat_does_nothing(web: Web, tab: Tab) -> None:
    await tab.draws("mèo", "1")
    async with web.browser() as browser, browser.tab() as binh:
        await binh.agrees()

        await binh.sends(do="press", id="2", choice=tab.choice("🔄 Vẽ lại"))
        await binh.until(lambda: bool(binh.refused))

        assert binh.refused == ["Nút này không còn dùng được."]
    assert len(await jobs(web)) == 1


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://elsewhere.example", "http://[", "http://127.0.0.1:1", "127.0.0.1", "http://localhost"],
)
async def test_a_page_from_elsewhere_cannot_open_a_socket(origin: str, web: Web, mai: Browser) -> None:
    await mai.asks("/")
    headers = {"Origin": origin} if origin else {}

    with pytest.raises(WSServerHandshakeError) as refused:
        await mai.session.ws_connect(f"{web.url}/live", headers=headers)

    assert refused.value.status == 403


@pytest.mark.parametrize("cookie", ["", "made-up", "made.up", "chat.", ".mac", "ü.ü"])
async def test_without_a_cookie_of_ours_there_is_no_socket(cookie: str, web: Web) -> None:
    headers = {"Origin": web.url, **({"Cookie": f"imagify={cookie}"} if cookie else {})}
    async with web.browser() as browser:
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.session.ws_connect(f"{web.url}/live", headers=headers)

    assert refused.value.status == 403


# --- bad manners


@pytest.mark.parametrize(
    "frame",
    [
        "no json",
        "[]",
        "7",
        '"say"',
        "null",
        "{}",
        '{"do":"say","text":"no id"}',
        '{"do":"say","id":7,"text":"a number"}',
        '{"do":"say","id":"","text":"an empty one"}',
        json.dumps({"do": "say", "id": "x" * (LONGEST_ID + 1), "text": "too long an id"}),
        '{"do":"say","id":"1"}',
        '{"do":"say","id":"1","text":""}',
        '{"do":"say","id":"1","text":["a list"]}',
        '{"do":"upload","id":"1","text":"","data":"aGk="}',
        '{"do":"say","id":"1","text":"half a character: \\ud83d"}',
        '{"do":"say","id":"\\udc00","text":"half an id"}',
        '{"do":"press","id":"1","choice":7}',
        '{"do":"dance","id":"1"}',
        "[" * 60_000,
    ],
    ids=lambda frame: frame[:40],
)
async def test_a_frame_that_is_not_in_the_contract_closes_the_socket(frame: str, tab: Tab) -> None:
    await tab.socket.send_str(frame)

    assert await tab.closed() == RUDE


async def test_bytes_close_the_socket(tab: Tab) -> None:
    await tab.socket.send_bytes(b"{}")

    assert await tab.closed() == RUDE


async def test_who_sends_more_than_anybody_can_type_is_closed(web: Web, mai: Browser) -> None:
    async with mai.tab() as tab:
        for number in range(MOST_FRAMES + 5):
            await tab.sends(do="say", id=str(number), text="số dư")

        assert await tab.closed() == RUDE
    assert await jobs(web) == []


async def test_the_house_goes_on_after_any_of_it(tab: Tab, mai: Browser) -> None:
    await tab.socket.send_str("no json")
    await tab.closed()

    async with mai.tab(after=tab.seq) as again:
        await again.says("số dư", "2")
        await again.until(lambda: again.last.startswith("💰"))


# --- uploads


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no picture at all".upper, "định dạng lạ"),
        (bytes, "định dạng lạ"),
        (lambda: a_jpeg()[:300], "không phải ảnh hoặc bị hỏng"),
        (a_bomb, "quá nhiều điểm ảnh"),
    ],
    ids=["words", "nothing", "half a picture", "bomb"],
)
async def test_an_upload_that_is_no_picture_is_refused_with_the_reason(
    data: Callable[[], bytes], why: str, tab: Tab
) -> None:
    await tab.uploads(data(), "1")

    assert why in tab.refused[0]
    assert "1" not in tab.acked


async def test_a_picture_that_is_too_heavy_is_refused_and_the_page_stays_open(tab: Tab) -> None:
    status = await tab.uploads(a_jpeg() + bytes(HEAVY), "1")

    assert status == TOO_HEAVY
    await tab.says("số dư", "2")
    await tab.until(lambda: tab.last.startswith("💰"))


async def test_a_picture_is_taken_shown_small_and_answered(web: Web, tab: Tab) -> None:
    await tab.uploads(a_jpeg(), "1", text="đổi nền")
    await tab.until(lambda: tab.last.startswith("🖼"))

    said = next(frame for frame in tab.frames if frame["text"] == "đổi nền")
    assert said["picture"].startswith("data:image/jpeg;base64,")
    assert "1" in tab.acked
    assert await jobs(web) == []


# --- a page that stays open


async def test_a_page_left_open_over_a_restart_loses_nothing_and_sees_nothing_twice(tmp_path: Path) -> None:
    async with opened(tmp_path, workers=0) as web, web.browser() as mai, mai.tab() as tab:
        await tab.agrees()
        await tab.says("mèo", "1")
        await tab.until(lambda: tab.purse["held"] == 1)
        token, seen, cookie = tab.choice("Huỷ"), tab.frames, mai.cookie()
    async with opened(tmp_path) as web, web.browser() as mai:
        mai.session.cookie_jar.update_cookies({"imagify": cookie})
        async with mai.tab(after=seen[-1]["seq"]) as tab:
            await tab.sends(do="say", id="1", text="mèo")  # nobody knows whether the first one arrived
            await tab.until(lambda: bool(tab.pictures) and "1" in tab.acked)

            assert [frame["seq"] for frame in (*seen, *tab.frames)] == [*range(1, tab.seq + 1)]
            assert [frame["text"] for frame in (*seen, *tab.frames) if frame["kind"] == "said"] == ["mèo"]
            await tab.sends(do="press", id="2", choice=token)
            await tab.until(lambda: "Muộn mất rồi" in tab.last)
        assert len(await jobs(web)) == 1


async def test_a_house_that_closes_says_so_to_every_open_page(tmp_path: Path) -> None:
    async with AsyncExitStack() as house:
        web = await house.enter_async_context(opened(tmp_path))
        async with web.browser() as mai, mai.tab() as tab:
            await tab.until(lambda: bool(tab.frames))
            listening = asyncio.create_task(tab.closed())

            await house.aclose()

            assert await listening == GOING


async def test_a_page_that_was_away_for_long_is_given_all_it_missed(web: Web, mai: Browser, tab: Tab) -> None:
    ports, chat = web.opened.house.ports, mai.cookie().partition(".")[0]
    messages = Messages(ports.table, ports.cache, ports.clock, Signer((b"",)))
    for number in range(450):
        await messages.send(chat, Reply(str(number)))

    async with mai.tab(after=tab.seq) as back:
        await back.until(lambda: len(back.frames) == 450)

        assert [frame["text"] for frame in back.frames] == [str(number) for number in range(450)]


async def test_a_page_that_knows_more_than_the_house_is_given_what_there_is(mai: Browser, tab: Tab) -> None:
    """As after an erasure, or a restore of an older home."""
    async with mai.tab(after=tab.seq + 100) as page:
        page.seq = 0
        await page.until(lambda: page.seq == tab.seq)

        assert page.frames == tab.frames
