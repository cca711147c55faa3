"""The courier and time: who is told when to come, what must not overtake what, and a bell beside a late picture."""

import asyncio

from bot.courier import LONGEST_FLOOD, LONGEST_WAIT, MOST_TRIES
from core.clock import SECOND
from core.jobs import Job
from tests.house import Imagify, Speaker
from tests.storms.played import FLOOD, Fault


async def ordered(speaker: Speaker) -> Job:
    """An order whose status stands in the chat; its picture is not painted yet."""
    await speaker.says("mèo")
    return (await speaker.jobs())[-1]


async def painted(speaker: Speaker) -> Job:
    """A picture that waits in the outbox of a house in which nothing runs."""
    (job,) = await speaker.orders("mèo")
    return await speaker.imagify.paints(job)


def makes_wait(speaker: Speaker) -> None:
    """Their chat is told again and again when to come."""
    again: list[Fault] = ["wait"]
    speaker.imagify.telegram.will(speaker.chat, *again * 3 * MOST_TRIES)


async def test_where_edits_are_silent_a_bell_rings_after_a_long_wait(imagify: Imagify, an: Speaker) -> None:
    imagify.telegram.silent_edits = True
    imagify.painter.seconds = 25.0

    await ordered(an)
    await imagify.settles()
    await imagify.passes(1)

    picture, bell = an.heard
    assert (picture.picture is None, bell.text) == (False, "🔔 Xong rồi, mời bạn xem ở trên ☝️")
    assert imagify.telegram.delivered[-1].reply.answers == picture.message


async def test_after_a_short_one_it_does_not(imagify: Imagify, an: Speaker) -> None:
    imagify.telegram.silent_edits = True

    await ordered(an)
    await imagify.settles()
    await imagify.passes(1)

    assert len(an.heard) == 1


async def test_a_picture_does_not_overtake_the_status_that_it_is_to_become(workshop: Imagify, an: Speaker) -> None:
    """The word that ordered it is not answered to its end."""
    job = await painted(an)
    await workshop.house.inbox.keep(an.lane, "1", an.word(text="mèo").row())

    await workshop.carries()
    assert an.heard == []

    await workshop.passes(LONGEST_WAIT / SECOND + 2)  # but it does not wait for ever
    await workshop.carries()
    assert len(an.pictures) == 1
    assert (await workshop.job(job.id)).state == "delivered"


async def test_what_was_only_told_when_to_come_has_not_tried_in_vain(workshop: Imagify, an: Speaker) -> None:
    await painted(an)
    makes_wait(an)

    for _ in range(2 * MOST_TRIES):
        await workshop.carries()
        (news,) = await workshop.due()
        assert (news.tries, news.due - workshop.clock.now()) == (0, FLOOD * SECOND)
        await workshop.passes(FLOOD)


async def test_though_not_for_ever(workshop: Imagify, an: Speaker) -> None:
    job = await painted(an)
    makes_wait(an)
    await workshop.passes(LONGEST_FLOOD / SECOND + 1)

    for _ in range(MOST_TRIES + 1):
        await workshop.carries()
        await workshop.passes(LONGEST_WAIT / SECOND)

    assert (await workshop.job(job.id)).state == "returned"


async def test_a_slow_chat_holds_up_no_other(imagify: Imagify, an: Speaker, binh: Speaker) -> None:
    await ordered(an)
    over = imagify.telegram.held[an.chat] = asyncio.Event()
    await imagify.passes(20)
    await ordered(binh)
    await imagify.passes(20)

    assert (len(an.pictures), len(binh.pictures)) == (0, 1)
    over.set()
    await imagify.settles()
    assert len(an.pictures) == 1
