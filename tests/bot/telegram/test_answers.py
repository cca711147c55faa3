"""What Telegram did counts, however odd its answer is; and a method that it does not know says nothing of the token."""

import json
import logging
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.channel import NotSent, Rejected
from bot.replies import Choice, Reply
from bot.telegram.answers import read_answer
from bot.telegram.fates import seconds_of
from tests.bot.telegram.line import TOKEN, Phone
from tests.bot.telegram.test_statuses import Shop
from tests.house import Imagify


@pytest.fixture
async def shop(workshop: Imagify) -> AsyncIterator[Shop]:
    shop = Shop(workshop)
    await workshop.opens(shop.house)
    yield shop
    await shop.phone.channel.close()


# --- a method that is not known


@pytest.mark.parametrize(
    "fault", [{"kind": "unknown"}, {"kind": "refusal", "words": "message to edit not found"}], ids=["404", "gone"]
)
async def test_a_picture_that_cannot_take_the_place_of_its_status_arrives_once_by_itself(
    fault: dict[str, str], shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    an = await shop.meets()
    shop.phone.telegram.faults.set(method="editMessageMedia", **fault)  # type: ignore[arg-type]  # kind and words

    await shop.hears(an.word(text="12 mèo"))
    await shop.imagify.settles()

    pictures = [one for one in shop.phone.messages(an.chat) if "photo" in one.body]
    assert len(pictures) == len(shop.phone.calls("sendPhoto")) == 1
    assert "/again" not in " ".join(shop.texts(an.chat))
    assert [one for one in caplog.records if one.levelno >= logging.CRITICAL] == []


async def test_of_a_token_that_is_malformed_nothing_is_known_and_nothing_is_given_up(
    ruin: Imagify, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Phone(ruin)
    chat = phone.meets(101)
    phone.telegram.faults.set("unknown")

    with pytest.raises(NotSent):
        await phone.channel.send(chat, Reply("chào"))

    assert [one.levelno for one in caplog.records if one.name == "bot.telegram.fates"] == [logging.CRITICAL]


async def test_a_message_for_which_there_is_no_method_is_refused_and_no_token_blamed(
    ruin: Imagify, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Phone(ruin)
    chat = phone.meets(101)
    phone.telegram.faults.set("unknown", method="sendMessage")

    with pytest.raises(Rejected):
        await phone.channel.send(chat, Reply("chào"))

    assert "token" not in caplog.text


# --- an answer that is odd


@pytest.mark.parametrize("field", ["message_id", "date", "chat", "result"])
async def test_what_was_sent_counts_as_sent_whatever_its_answer_lacks(field: str, shop: Shop) -> None:
    an = await shop.meets()
    shop.phone.telegram.faults.set("odd", words=field)

    await shop.hears(an.word(text="/help"))
    await shop.imagify.settles()

    assert len(shop.phone.calls("sendMessage")) == len(shop.texts(an.chat)) == 1


@pytest.mark.parametrize("field", ["message_id", "date", "chat", "photo", "result"])
async def test_a_picture_arrives_once_whatever_the_answers_lack(field: str, shop: Shop) -> None:
    an = await shop.meets()
    shop.phone.telegram.faults.set("odd", words=field)

    await shop.hears(an.word(text="12 mèo"))
    await shop.imagify.settles()

    assert ["photo" in one.body for one in shop.phone.messages(an.chat)].count(True) == 1


async def test_what_was_sent_without_a_number_is_remembered_as_sent(ruin: Imagify) -> None:
    phone = Phone(ruin)
    chat = phone.meets(101)
    phone.telegram.faults.set("odd", words="message_id")

    assert await phone.channel.send(chat, Reply("chào"), once="key:0") == ""
    assert await phone.again().send(chat, Reply("chào"), once="key:0") == ""

    assert len(phone.messages(chat)) == 1


async def test_the_number_is_read_where_the_library_could_not_read_the_rest(ruin: Imagify) -> None:
    phone = Phone(ruin)
    chat = phone.meets(101)
    phone.telegram.faults.set("odd", words="date")

    message = await phone.channel.send(chat, Reply("⏳", (Choice("Huỷ", action="cancel"),)))
    await phone.channel.send(chat, Reply("✅"), message)

    assert phone.text(chat) == "✅"


ODD = [b"", b"{", b"[]", b"null", b"7", b'{"ok": true}', b'{"result": []}', b"[" * 100_000, b"\xff\xfe", b"{}"]


@pytest.mark.parametrize("method", ["sendMessage", "sendMediaGroup", "getMe", "getUpdates", "setMyCommands"])
@pytest.mark.parametrize("body", ODD)
def test_an_answer_is_read_or_is_an_error_of_the_library(method: str, body: bytes) -> None:
    for status in (200, 400, 500):
        try:
            _, told = read_answer(method, status, body)
        except TelegramError:
            continue
        assert isinstance(json.loads(told), dict)


def test_a_refusal_that_comes_with_200_is_one_all_the_same() -> None:
    assert read_answer("sendMessage", 200, b'{"ok": false, "error_code": 403}')[0] == 403
    assert read_answer("sendMessage", 200, b'{"ok": false}')[0] == 400
    with pytest.raises(EndPointNotFound):
        read_answer("sendMessage", 200, b'{"ok": false, "error_code": 404}')


@pytest.mark.parametrize("wait", ["30", [], True, -1, 1e999, 10**30, {}])
async def test_a_wait_that_is_none_is_not_kept_for_ever(wait: object) -> None:
    body = json.dumps({"ok": False, "error_code": 429, "parameters": {"retry_after": wait}}).encode()

    status, told = read_answer("sendMessage", 429, body)

    waits = json.loads(told)["parameters"]
    assert (status, waits in ({}, {"retry_after": 1})) == (429, True)


async def test_401_alone_is_the_token(ruin: Imagify) -> None:
    phone = Phone(ruin)
    phone.meets(101)
    bot = Bot(TOKEN, request=phone.line)
    for code, meant in ((401, InvalidToken), (404, EndPointNotFound)):
        phone.telegram.faults.set("error", times=1, code=code)
        with pytest.raises(meant):
            await bot.send_message(101, "chào")

    phone.telegram.faults.set("flood", times=1, seconds=7)
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(101, "chào")
    assert seconds_of(flood.value) == 7
