"""Describing: what a picture shows is told while it is written, so many times a day, and a failure is a clear one."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.errors import Declined, NotAPicture, Unavailable
from core.limits import Limits
from tests.house import Balance, Imagify, Speaker
from tests.storms.loop import SimClock
from tests.storms.played import PLAYED, PlayedScribe

PHOTO = PLAYED + b"a photo"
PIECES = ("Một con mèo ", "đội nón lá ", "bên cửa sổ.")
FAILED = ["😔 Lần này mình chưa mô tả được ảnh.", "Không trừ credit.", "Bạn thử lại sau ít phút nhé: /describe"]


class Slow(PlayedScribe):
    """Writes a few words every other second, up to where it fails."""

    def __init__(self, clock: SimClock, fails: Exception | None = None, seconds: float = 2) -> None:
        self._clock, self._fails, self._seconds = clock, fails, seconds
        self.seen: list[tuple[bytes, str]] = []

    async def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        self.seen.append((picture, language))
        for number, piece in enumerate(PIECES):
            await self._clock.sleep(self._seconds)
            if self._fails and number == len(PIECES) - 1:
                raise self._fails
            yield piece


async def opened(workshop: Imagify, scribe: PlayedScribe | None = None, limits: Limits | None = None) -> None:
    workshop.house = workshop.build(limits=limits, scribe=scribe or Slow(workshop.clock))
    await workshop.opens()


def told(speaker: Speaker) -> list[str]:
    """Everything that the chat was told, one after the other."""
    return [one.reply.text for one in speaker.imagify.channel(speaker.address.channel).delivered]


async def test_a_description_grows_in_one_message_and_costs_nothing(workshop: Imagify, an: Speaker) -> None:
    await opened(workshop)

    await an.uploads("/describe", PHOTO)

    assert len(an.heard) == 1
    assert an.last_heard == "👁️ Mô tả ảnh:\nMột con mèo đội nón lá bên cửa sổ."
    assert told(an)[0] == "👁️ Đang xem ảnh…"
    assert "👁️ Mô tả ảnh:\nMột con mèo " in told(an)
    assert [one.how for one in workshop.telegram.delivered] == ["new", *["edit"] * (len(told(an)) - 1)]
    assert await workshop.balance(an) == Balance(free=5, held=0)


async def test_where_nothing_can_be_edited_it_comes_whole(workshop: Imagify) -> None:
    await opened(workshop)
    zalo = await workshop.meets("zalo", gift=5)

    await zalo.uploads("/describe", PHOTO)

    assert told(zalo) == ["👁️ Mô tả ảnh:\nMột con mèo đội nón lá bên cửa sổ."]


async def test_a_picture_of_ones_own_is_described_by_its_id_its_button_or_in_reply(
    workshop: Imagify, an: Speaker
) -> None:
    scribe = Slow(workshop.clock)
    (job,) = await an.orders("mèo")
    await workshop.paints(job)
    await opened(workshop, scribe)
    await workshop.settles()

    await an.says(f"/describe {job.id[-8:]}")
    await an.acts(f"describe:{job.id}")
    await an.replies_to(await workshop.image(job), "/describe")
    await an.replies_to(await workshop.image(job), "mô tả")

    assert scribe.seen == [(workshop.blobs.kept[job.blob], "vi")] * 4


async def test_it_is_told_in_the_language_of_the_person(workshop: Imagify, an: Speaker) -> None:
    scribe = Slow(workshop.clock)
    await opened(workshop, scribe)
    await an.speaks("en")

    await an.uploads("/describe what is it", PHOTO)

    assert scribe.seen[0][1] == "en"
    assert an.last_heard.startswith("👁️ What it shows:\n")


@pytest.mark.parametrize("fault", [Unavailable("outage", "no"), Declined("content"), NotAPicture("unreadable")])
async def test_what_cannot_be_described_says_so_in_three_lines(
    fault: Exception, workshop: Imagify, an: Speaker
) -> None:
    await opened(workshop, Slow(workshop.clock, fault))

    await an.uploads("/describe", PHOTO)

    assert len(an.heard) == 1
    assert an.last_heard.splitlines() == FAILED


async def test_a_scribe_that_falls_silent_is_given_up(workshop: Imagify, an: Speaker) -> None:
    await opened(workshop, Slow(workshop.clock, seconds=15))

    await an.uploads("/describe", PHOTO)

    assert an.last_heard.splitlines() == FAILED
    assert "👁️ Mô tả ảnh:\nMột con mèo " in told(an)


async def test_so_many_a_day_and_then_it_is_said_when_there_is_another(workshop: Imagify, an: Speaker) -> None:
    scribe = Slow(workshop.clock)
    await opened(workshop, scribe, Limits(descriptions_per_day=2))
    for _ in range(3):
        await an.uploads("/describe", PHOTO)

    assert an.last_heard.startswith("✋ Bạn đã dùng hết 2 lượt mô tả ảnh của hôm nay.")
    assert an.last_heard.endswith("Lượt tiếp theo có sau 720 phút.")
    assert len(scribe.seen) == 2


@pytest.mark.parametrize("said", ["/describe", "mô tả"])
async def test_without_a_picture_it_says_how_to_show_one(said: str, workshop: Imagify, an: Speaker) -> None:
    await opened(workshop)

    await an.says(said)

    assert an.last_heard.startswith("Cách dùng: gửi ảnh kèm /describe")


async def test_a_message_that_was_taken_away_meanwhile_comes_anew(workshop: Imagify, an: Speaker) -> None:
    await opened(workshop)
    describing = asyncio.create_task(an.uploads("/describe", PHOTO))
    await workshop.passes(3)

    workshop.telegram.deletes(an.chat, an.heard[0].message)
    await describing

    assert an.last_heard == "👁️ Mô tả ảnh:\nMột con mèo đội nón lá bên cửa sổ."


async def test_a_chat_that_takes_no_edits_for_a_while_is_told_the_whole_in_the_end(
    workshop: Imagify, an: Speaker
) -> None:
    await opened(workshop)
    workshop.telegram.will(an.chat, "fine", "later", "lost", "later")

    await an.uploads("/describe", PHOTO)

    assert an.last_heard == "👁️ Mô tả ảnh:\nMột con mèo đội nón lá bên cửa sổ."
