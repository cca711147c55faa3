"""Pictures that people send stay with Telegram until they are wanted, and a reply that grows is edited at its beat."""

from collections.abc import AsyncIterator

import pytest

from bot.channel import Channel, Fetching
from bot.growing import grown
from bot.replies import Reply, Shown
from core.errors import NotAPicture, Unavailable
from tests.bot.telegram.line import Break, Phone
from tests.house import Imagify


@pytest.fixture
async def phone(ruin: Imagify) -> Phone:
    return Phone(ruin)


@pytest.fixture
def chat(phone: Phone) -> str:
    return phone.meets(101)


def shown(image: str) -> Shown:
    return Shown(image, "P1", f"Ảnh {image}", f"show:{image}", width=64, height=48)


async def test_it_is_a_channel_whose_pictures_are_fetched(phone: Phone) -> None:
    channel: Channel = phone.channel

    assert isinstance(channel, Fetching)


@pytest.mark.parametrize("as_file", [False, True])
async def test_a_result_that_is_replied_to_is_known_as_the_image_it_is(as_file: bool, phone: Phone, chat: str) -> None:
    for image in ("I1", "I2"):
        await phone.hangs(image)
        await phone.channel.send(chat, Reply("mèo", shown=shown(image), as_file=as_file))
    body = phone.messages(chat)[-2].body
    sent = body["document"] if as_file else body["photo"][-1]

    ours = phone.channel.ours

    assert await ours(["P0", "P1"], f"{sent['file_unique_id']}:{sent['file_id']}") == "I1"
    assert await ours(["P2"], f"{sent['file_unique_id']}:{sent['file_id']}") == ""
    assert await ours(["P1"], "other:other") == ""
    assert await ours(["P1"], ":other") == ""


async def test_what_telegram_does_not_know_is_no_picture(phone: Phone) -> None:
    with pytest.raises(NotAPicture):
        await phone.channel.fetch("u:nothing")


@pytest.mark.parametrize("broken", ["before", "unreached", "after", "silence"])
async def test_a_picture_that_telegram_does_not_hand_over_now_may_come_later(broken: Break, phone: Phone) -> None:
    phone.line.breaks = [broken]

    with pytest.raises(Unavailable):
        await phone.channel.fetch("u:nothing")


async def test_a_reply_that_grows_is_edited_at_the_beat_of_its_chat(phone: Phone, chat: str) -> None:
    async def written() -> AsyncIterator[str]:
        for number in range(1, 21):
            await phone.imagify.clock.sleep(0.5)
            yield "mèo " * number

    begun = phone.imagify.clock.now()
    await grown(phone.channel, phone.imagify.clock, chat, Reply("…", grows=written()), "1")

    edits = phone.calls("editMessageText")
    assert phone.text(chat) == ("mèo " * 20).strip()
    assert len(phone.messages(chat)) == 1
    assert 3 <= len(edits) <= 5  # in ten seconds
    assert phone.imagify.clock.now() - begun < 15_000
