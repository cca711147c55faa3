"""The web mouth's messages are rows: written is delivered, in order, once, and each page reads from where it was."""

import asyncio
from collections import Counter

import pytest

from bot.replies import Choice, Reply, Shown
from bot.web.messages import NEWEST, Messages, owner
from bot.web.tokens import Signer
from tests.house import Imagify

SIGNER = Signer((b"ours",))
HUNG = Shown("01KABCDEFGHJKMNPQRSTVWXYZ0", "person", "a cat", "show:1", favourite=True)


@pytest.fixture
async def messages(workshop: Imagify) -> Messages:
    ports = workshop.house.ports
    return Messages(ports.table, ports.cache, ports.clock, SIGNER)


async def texts(messages: Messages, after: int = 0, chat: str = "an") -> list[object]:
    return [frame["text"] for frame in await messages.after(chat, after)]


async def test_what_is_sent_stands_in_the_chat_in_order(messages: Messages) -> None:
    for word in "abc":
        await messages.send("an", Reply(word))

    assert [(frame["seq"], frame["kind"], frame["text"]) for frame in await messages.after("an", 0)] == [
        (1, "reply", "a"),
        (2, "reply", "b"),
        (3, "reply", "c"),
    ]
    assert await texts(messages, after=2) == ["c"]
    assert await texts(messages, chat="binh") == []


async def test_what_the_person_said_is_forgotten_and_what_was_said_to_them_stands(messages: Messages) -> None:
    await messages.said("an", "my number is 0912 345 678", once="said:1")
    await messages.send("an", Reply("the notice"))
    await messages.said("binh", "hello", once="said:1")

    await messages.forget("an")

    assert await texts(messages) == ["the notice"]
    assert await texts(messages, chat="binh") == ["hello"]
    await messages.send("an", Reply("the next"))
    assert await texts(messages, after=2) == ["the next"]


async def test_an_edit_is_a_new_number_of_an_old_message(messages: Messages) -> None:
    first = await messages.send("an", Reply("drawing"))
    await messages.send("an", Reply("between"))

    assert await messages.send("an", Reply("done"), replaces=first) == first

    frame = (await messages.after("an", 0))[-1]
    assert (frame["seq"], frame["kind"], frame["message"], frame["text"]) == (3, "edit", first, "done")


async def test_what_was_sent_under_the_same_name_is_not_sent_again(messages: Messages) -> None:
    first = await messages.send("an", Reply("once"), once="news 1")
    await messages.send("an", Reply("between"))

    assert await messages.send("an", Reply("once"), once="news 1") == first
    assert await texts(messages) == ["once", "between"]


async def test_names_of_one_chat_are_not_those_of_another(messages: Messages) -> None:
    await messages.send("an", Reply("hello"), once="1")
    await messages.send("binh", Reply("hello"), once="1")

    assert await texts(messages, chat="binh") == ["hello"]


async def test_many_who_write_at_once_each_have_a_number_of_their_own(messages: Messages) -> None:
    await asyncio.gather(*(messages.send("an", Reply(str(number)), once=str(number % 8)) for number in range(16)))

    frames = await messages.after("an", 0)
    assert [frame["seq"] for frame in frames] == [*range(1, 9)]
    assert Counter(str(int(str(frame["text"])) % 8) for frame in frames) == Counter(map(str, range(8)))


async def test_whoever_opens_the_page_is_given_the_newest(messages: Messages) -> None:
    for number in range(NEWEST + 5):
        await messages.send("an", Reply(str(number)))

    frames = await messages.after("an", 0)

    assert [frame["seq"] for frame in frames] == [*range(6, NEWEST + 6)]


async def test_who_follows_is_hinted_at_what_is_new(workshop: Imagify, messages: Messages) -> None:
    hints = workshop.house.ports.cache.follow("chat:an")

    await messages.send("an", Reply("hello"))

    async with asyncio.timeout(1):
        assert await anext(hints) == "1"
    await hints.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_a_choice_is_a_token_a_link_or_words_for_the_input(messages: Messages) -> None:
    await messages.send("an", Reply("?", (Choice("A", action="agree"), Choice("B", url="/x"), Choice("C", fill="mèo"))))

    (frame,) = await messages.after("an", 0)

    assert frame["choices"] == [
        {"text": "A", "choice": SIGNER.button("an", "agree")},
        {"text": "B", "url": "/x"},
        {"text": "C", "fill": "mèo"},
    ]


async def test_pictures_are_links_and_a_wall_has_their_thumbnails(messages: Messages) -> None:
    await messages.send("an", Reply("one", shown=HUNG, alt="a cat"))
    await messages.send("an", Reply("all", wall=(HUNG,)))
    await messages.send("an", Reply("four", sheet=HUNG.image))

    one, wall, four = await messages.after("an", 0)

    assert (one["picture"], one["alt"]) == (f"/i/{SIGNER.link('i', HUNG.image)}", "a cat")
    hung = {
        "thumb": f"/i/{SIGNER.link('t', HUNG.image)}",
        "picture": f"/i/{SIGNER.link('i', HUNG.image)}",
        "alt": "a cat",
        "choice": SIGNER.button("an", "show:1"),
        "favourite": True,
    }
    assert wall["wall"] == [hung]
    assert four["picture"] == f"/i/{SIGNER.link('s', HUNG.image)}"


async def test_nothing_of_the_bytes_is_kept_in_the_chat(workshop: Imagify, messages: Messages) -> None:
    await messages.send("an", Reply("one", picture=b"bytes", shown=HUNG))

    (row,) = [row for row in await workshop.rows(owner("an")) if row.key.name.startswith("MSG#")]

    assert "bytes" not in str(row.fields)
