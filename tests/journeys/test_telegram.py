"""A person's whole way through the Telegram product, over real sockets: what they do on a telephone and see there."""

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from infra.sandbox.telegram import Message
from tests.journeys.phone import BOT, SECRET, Mode, Passer, Street, buttons, street

BOTH = pytest.mark.parametrize("mode", ["poll", "webhook"])
PAGE = re.compile(r"http://127\.0\.0\.1:\d+/p/(\w+)\S*")


@pytest.fixture
async def road(tmp_path: Path, mode: Mode) -> AsyncIterator[Street]:
    async with street(tmp_path / "home", mode) as one:
        yield one


@pytest.fixture
def mode() -> Mode:
    return "poll"


async def pays(one: Passer, order: Message) -> None:
    """The link of an order, followed to the bank and paid there; the bank calls the house."""
    road, found = one.street, PAGE.search(order.text)
    assert found
    assert road.opened
    assert road.opened.till and road.opened.till.played  # noqa: PT018 - the second stands on the first
    gateway, (link, ref) = road.opened.till.played.gateway, found.group(0, 1)
    form = link.partition("?")[0]  # without the language of the page
    async with road.session.get(link) as page:
        assert page.status == 200
    async with road.session.post(f"{form}/pay", headers={"Origin": road.url}, allow_redirects=False) as leads:
        assert leads.status == 303
    gateway.open(leads.headers["Location"])
    await gateway.pay(ref)


@BOTH
async def test_from_the_first_word_to_a_picture_bought_with_credits_that_were_paid_for(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        await an.arrives()
        assert await road.credits(an) == (7, 0)

        prompt = await an.says("một con mèo --seed 7")
        picture = await an.is_shown(prompt)
        assert "còn 6 credit" in picture.text
        assert picture.edits[0].body["text"].startswith("⏳ Đã nhận yêu cầu")

        await an.presses("📎", picture)
        original = await an.sees("Ảnh gốc")
        assert original.document

        await an.presses("⭐", picture)
        await an.sees("⭐ Đã thêm")

        await an.presses("🔄", picture)
        again = await an.sees("✅ Xong", after=original)
        assert again.photo != picture.photo

        await an.presses("🎲", again)
        four = await an.sees("✅ 4 ảnh")
        assert four.photo
        assert buttons(four)[:4] == ["U1", "U2", "U3", "U4"]
        assert await road.credits(an) == (1, 0)

        await an.presses("U2", four)
        picked = await an.sees("🖼️ “một con mèo”")
        await an.presses("🗑️", picked)
        sure = await an.sees("Xoá ảnh này?")
        await an.presses("Xoá hẳn", sure)
        await an.sees_become(sure, lambda one: "🗑️ Đã xoá" in one.text or an.chat.last.text.startswith("🗑️ Đã xoá"))

        await an.says("con chó --n 4")
        short = await an.sees("💡 Cần 4 credit, bạn đang có 1")
        await an.presses("50.000đ", short)
        asked = await an.sees("trả bằng gì")
        await an.presses("VNPAY", asked)
        order = await an.sees("Gói 55 credit", "VNPAY", "Mã đơn")
        await pays(an, order)
        receipt = await an.sees_become(order, lambda one: "🧾 Biên nhận" in one.text)
        assert await road.credits(an) == (56, 0)

        await an.presses("▶️", receipt)
        await an.sees("✅ 4 ảnh", "con chó")
        assert await road.credits(an) == (52, 0)
    assert list(road.played.telegram.floods) == []


@BOTH
async def test_credits_are_paid_for_with_stars_in_the_chat_itself_and_an_invoice_once(road: Street) -> None:
    async with road.house(gift=0):
        an = road.meets(101)
        await an.arrives()
        await an.says("một con mèo")
        await an.presses("20.000đ", await an.sees("💡 Cần 1 credit"))
        await an.presses("Telegram Stars", await an.sees("trả bằng gì"))
        bill = await an.sees_bill()

        assert await an.pays(bill) == "paid"
        receipt = await an.sees("🧾 Biên nhận", "Telegram Stars")
        assert await an.pays(bill) == "refused"
        await an.presses("▶️", receipt)

        assert (await an.sees("✅ Xong")).photo
        assert await road.credits(an) == (19, 0)


async def test_a_status_is_the_answer_to_the_prompt_says_how_far_it_is_and_becomes_the_picture(road: Street) -> None:
    async with road.house(pace=1.5):
        an = road.meets(101)
        await an.arrives()

        prompt = await an.says("một con mèo")
        picture = await an.is_shown(prompt)
        bell = await an.sees("🔔")

    before = [one.body["text"] for one in picture.edits]
    assert before[0].startswith("⏳ Đã nhận yêu cầu")
    assert any(one.startswith("🎨 Đang vẽ") for one in before[1:])
    assert bell.reply_to is picture  # the wait was long by the house's clock
    assert len([one for one in an.chat.messages if one.by_bot and one.reply_to is prompt]) == 1


async def test_whoever_has_telegram_in_english_is_spoken_to_in_english_to_the_very_receipt(road: Street) -> None:
    async with road.house(gift=0):
        amy = road.meets(102, "Amy", "en")
        await amy.arrives()

        await amy.says("a tabby cat")
        short = await amy.sees("It takes 1 credits, you have 0")
        await amy.presses("50,000đ", short)
        await amy.presses("VNPAY", await amy.sees("How would you like to pay?"))
        order = await amy.sees("The link expires at")
        page = PAGE.search(order.text)
        assert page
        async with road.session.get(page[0]) as answer:
            assert 'lang="en"' in await answer.text()
        await pays(amy, order)
        receipt = await amy.sees_become(order, lambda one: "🧾 Receipt" in one.text)
        await amy.presses("▶️ Continue", receipt)

        assert (await amy.sees("Image made by AI")).photo
    vietnamese = [one.text for one in amy.chat.messages if "ảnh" in one.text.lower()]
    assert vietnamese == []


async def test_who_has_blocked_the_bot_finds_the_picture_on_coming_back(road: Street) -> None:
    async with road.house(pace=0.5):
        an = road.meets(101)
        await an.arrives()
        prompt = await an.says("một con mèo")
        await an.sees("⏳ Đã nhận")
        await an.known.blocks()
        await road.until(lambda: [one for one in road.played.telegram.calls if one.status == 403])

        await an.known.starts()
        await an.sees("👋 Chào bạn trở lại")

        assert (await an.is_shown(prompt)).photo
        assert await road.credits(an) == (6, 0)


@BOTH
async def test_a_house_that_opens_again_knows_its_people_their_orders_and_its_old_buttons(road: Street) -> None:
    async with road.house(workers=0):
        an = road.meets(101)
        await an.arrives()
        prompt = await an.says("một con mèo")
        await an.sees("⏳ Đã nhận")
    later = await an.says("một con chó")
    async with road.house(gift_open_sheets=2):
        picture = await an.is_shown(prompt)
        await an.is_shown(later)
        await an.presses("📎", picture)
        await an.sees("Ảnh gốc")
    async with road.house():
        await an.presses("📋", picture)
        await an.sees("📋 Công thức", "một con mèo")
        assert await road.credits(an) == (5, 0)


# -- in a group -----------------------------------------------------------------------------------------------------


async def test_in_a_group_the_one_who_asked_pays_and_nobody_else_presses_their_buttons(road: Street) -> None:
    async with road.house():
        an, binh = road.meets(101), road.meets(102, "Bình")
        await an.arrives()
        await binh.arrives()
        group = road.played.telegram.group("Xưởng", [binh.known, an.known])

        await an.says("không nói với bot", group)
        prompt = await an.says(f"@{BOT.username} một con mèo", group)
        picture = await an.is_shown(prompt)
        assert (await road.credits(an), await road.credits(binh)) == ((6, 0), (7, 0))

        pressed = await binh.presses("🔄", picture)
        assert pressed.text.startswith("Nút này không phải của bạn")
        await an.presses("🔄", picture)
        await an.sees("✅ Xong", after=picture, place=group)
        assert (await road.credits(an), await road.credits(binh)) == ((5, 0), (7, 0))


async def test_in_a_group_nothing_private_is_shown(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        await an.arrives()
        group = road.played.telegram.group("Xưởng", [an.known])

        for words in ("/balance", "/gallery", "/history", "/mydata", "/topup"):
            asked = await an.says(words, group)
            answer = await road.until(partial(next_of, group.messages, asked))
            assert answer.text == "Nhắn riêng cho mình nhé.", words


def next_of(messages: list[Message], asked: Message) -> Message | None:
    return next((one for one in messages if one.sender["id"] == BOT.id and one.id > asked.id), None)


async def test_an_admin_who_hides_behind_the_group_is_nobody(road: Street) -> None:
    async with road.house(admins="telegram:101=owner"):
        an = road.meets(101)
        await an.arrives()
        group = road.played.telegram.group("Xưởng", [an.known])

        hidden = await an.says("/stats", group, anonymous=True)
        prompt = await an.says("/make một con mèo", group, anonymous=True)
        shown = await an.says("/imagine một con chó", group)
        await an.is_shown(shown)

        assert next_of(group.messages[: group.messages.index(shown)], hidden) is None
        assert not [one for one in group.messages if one.reply_to is prompt]
        assert await road.credits(an) == (6, 0)


async def test_who_was_first_met_in_a_group_agrees_in_private_and_is_drawn_their_wish_there(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        group = road.played.telegram.group("Xưởng", [an.known])

        await an.says("/imagine một con mèo", group)
        line = await an.sees("Mình đã giữ lời mô tả", place=group)
        assert [one.get("url") for one in line.buttons] == [f"https://t.me/{BOT.username}?start=group"]
        await an.known.starts("group")
        await an.presses("Đồng ý", await an.sees("Imagify", "Mình đã giữ lời mô tả"))

        assert (await an.sees("✅ Xong")).photo
        assert [address.chat for address in (await road.person(an)).addresses] == ["101"]


# -- what nobody should send ----------------------------------------------------------------------------------------


@BOTH
async def test_five_thousand_characters_are_answered_with_how_many_are_allowed(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        await an.arrives()

        await an.says("m" * 5_000)

        assert "tối đa" in (await an.sees("✂️ Mô tả dài 5000 ký tự")).text
        assert await road.credits(an) == (7, 0)


@BOTH
async def test_a_forged_button_and_one_from_another_chat_are_refused_over_the_button_itself(road: Street) -> None:
    async with road.house():
        an, binh = road.meets(101), road.meets(102, "Bình")
        await an.arrives()
        await binh.arrives()
        picture = await an.is_shown(await an.says("một con mèo"))
        theirs = await binh.is_shown(await binh.says("một con chó"))
        again = next(one for one in picture.buttons if one["text"].startswith("🔄"))["callback_data"]

        for data in (again[1:], f"A{again[1:]}"[::-1], "x" * 64, again.replace("again", "four_"), again):
            keys = {"reply_markup": {"inline_keyboard": [[{"text": "🔄", "callback_data": data}]]}}
            theirs.edit({**theirs.body, **keys}, 0)
            tried = await binh.presses("🔄", theirs)
            assert (tried.alert, tried.text[:27]) == (True, "Nút này không phải của bạn,"), data

        assert (await road.credits(an), await road.credits(binh)) == ((6, 0), (6, 0))


async def test_kinds_of_updates_that_nobody_knows_are_taken_and_passed_over(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        await an.arrives()
        robot = road.played.telegram.robot()

        robot.updates.allowed |= (kinds := {"business_message", "poll_answer", "something_of_next_year"})
        for kind in kinds:
            robot.updates.tell(kind, {"id": "1", "user": an.known.known.wire}, "chat 101", 101)
        shown = await an.is_shown(await an.says("một con mèo"))

        assert shown.photo


WRONG_CALLS = {
    "no secret": (b'{"update_id": 1}', None, 403),
    "wrong secret": (b'{"update_id": 1}', SECRET[:-1], 403),
    "foreign letters": (b'{"update_id": 1}', "m\u1eadt", 403),
    "too big": (b" " * (300 * 1024), SECRET, 413),
    "no JSON": (b'{"update_id": 1, ', SECRET, 200),
    "no update": (b"[1, 2, 3]", SECRET, 200),
    "another type": (b'{"update_id": "one", "message": 7}', SECRET, 200),
    "an unknown kind": (b'{"update_id": 900000001, "of_next_year": {"a": [1]}}', SECRET, 200),
    "not UTF-8": (b'{"update_id": 1, "message": "\xff\xfe"}', SECRET, 200),
}


@pytest.mark.parametrize("mode", ["webhook"])
async def test_whatever_calls_at_the_webhook_finds_a_clear_answer_and_the_house_stays_open(road: Street) -> None:
    async with road.house():
        an = road.meets(101)
        await an.arrives()

        answered = {name: await road.is_called(body, secret) for name, (body, secret, _) in WRONG_CALLS.items()}

        assert answered == {name: status for name, (_, _, status) in WRONG_CALLS.items()}
        assert (await an.is_shown(await an.says("một con mèo"))).photo


# -- what nobody may read -------------------------------------------------------------------------------------------

TROUBLES = ("error", "error_after", "reset_before", "reset_after", "torn", "refusal", "flood")


class Whole(logging.Formatter):
    """Nothing struck out, nothing left out."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{super().format(record)} {vars(record)}"


@contextmanager
def overheard() -> Iterator[io.StringIO]:
    """Everything that anybody hands to a log, the libraries too."""
    said, root = io.StringIO(), logging.getLogger()
    before, ear = root.level, logging.StreamHandler(said)
    ear.setFormatter(Whole())
    root.addHandler(ear)
    root.setLevel(logging.INFO)  # as the house sets it
    try:
        yield said
    finally:
        root.removeHandler(ear)
        root.setLevel(before)


def trouble(road: Street, *methods: str) -> None:
    """Each kind of it, once for each of the methods."""
    for kind, method in product(TROUBLES, methods):
        road.played.telegram.faults.set(kind, method=method, times=1, seconds=1)


def is_over(road: Street, method: str) -> bool:
    return all(one.method != method.lower() for one in road.played.telegram.faults.all())


@BOTH
async def test_no_secret_is_in_any_log_whatever_goes_wrong(road: Street) -> None:
    with overheard() as said:
        async with road.house(gift=1):
            an = road.meets(101)
            await an.arrives()
            trouble(road, "getUpdates", "editMessageMedia", "answerCallbackQuery")
            await an.says("một con mèo")
            await an.known.presses("Gửi lại", await an.sees("không chắc đã gửi tới nơi"))
            await road.until(lambda: [one for one in an.chat.messages if one.photo])

            trouble(road, "sendMessage")
            road.played.telegram.faults.set("error", method="sendMessage", times=1, code=401)
            [await an.says("/pricing") for _ in range(2 * len(TROUBLES))]
            await road.until(lambda: is_over(road, "sendMessage"))
            for wrong, secret in ((b'{"update_id": ', SECRET), (b"{}", f"{SECRET}no")):
                await road.is_called(wrong, secret)
            road.played.telegram.faults.clear()

            await an.says("một con chó")
            short = await an.sees("💡 Cần 1 credit")
            await an.presses("20.000đ", short)
            await an.presses("VNPAY", await an.sees("trả bằng gì", after=short))
            order = await an.sees("Gói 20 credit", "VNPAY")
            await pays(an, order)
            await an.sees_become(order, lambda one: "🧾" in one.text)

    assert "does not know the bot's token" in said.getvalue()
    assert [one for one in road.secrets if one in said.getvalue()] == []
