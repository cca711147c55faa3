"""One job before a judge of pictures: what is painted waits for a judge who cannot look; nothing is shown unjudged."""

from core.clock import SECOND
from core.errors import Blocked, Unavailable
from core.jobs import Job
from tests.house import Balance, Imagify, Speaker
from tests.storms.memory import MemorySpool
from tests.storms.played import PLAYED

OUT_OF_PATIENCE = 1_801  # seconds


async def released(imagify: Imagify, whose: Speaker, free: int) -> bool:
    return await imagify.balance(whose) == Balance(free=free, held=0)


async def again(imagify: Imagify, job: Job) -> Job:
    """Back in the queue; its time comes, and it is tried once more."""
    assert job.state == "queued"
    await imagify.passes((job.not_before - imagify.clock.now()) / SECOND)
    return await imagify.paints(job)


class BlindJudge:
    """A judge that cannot look for a while, and then finds what it was told to find."""

    def __init__(self, blind: int, finds: str = "") -> None:
        self._blind, self._finds = blind, finds

    async def judge(self, picture: bytes) -> None:
        assert picture.startswith(PLAYED)
        self._blind -= 1
        if self._blind >= 0:
            raise Unavailable("outage", "no")
        if self._finds:
            raise Blocked(self._finds, "a test")


async def test_a_picture_that_nobody_can_judge_waits_and_is_not_painted_again(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.house = workshop.build(judge=BlindJudge(5))

    back = await workshop.paints(job)
    assert (back.paid, workshop.blobs.kept) == (1, {})  # nothing unjudged where somebody might see it
    for _ in range(4):
        back = await again(workshop, back)

    assert (await again(workshop, back)).state == "kept"
    assert len(workshop.painter.bill) == 1


async def test_a_picture_paid_for_at_the_last_try_waits_for_its_judge_all_the_same(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "timeout")
    workshop.house = workshop.build(judge=BlindJudge(3))

    back = await workshop.paints(job)
    for _ in range(3):
        back = await again(workshop, back)
    assert back.paid == 2

    assert (await again(workshop, back)).state == "kept"
    assert len(workshop.painter.bill) == 2


async def test_a_picture_on_another_workers_disk_is_waited_for_when_no_more_may_be_paid(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "timeout")
    here = workshop.house = workshop.build(judge=BlindJudge(1))
    there = workshop.build(judge=BlindJudge(0), spool=MemorySpool())
    back = await again(workshop, await workshop.paints(job))
    assert (back.state, back.paid) == ("queued", 2)

    workshop.house = there
    back = await again(workshop, back)
    assert (back.state, back.paid) == ("queued", 2)
    workshop.house = here

    assert (await again(workshop, back)).state == "kept"
    assert len(workshop.painter.bill) == 2


async def test_a_picture_that_never_comes_from_another_workers_disk_is_given_up_in_the_end(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    workshop.painter.will("mèo", "timeout")
    workshop.house = workshop.build(judge=BlindJudge(1))
    back = await again(workshop, await workshop.paints(job))

    workshop.house = workshop.build(spool=MemorySpool())
    await workshop.passes(OUT_OF_PATIENCE)
    failed = await workshop.paints(back)

    assert failed.state == "failed"
    assert await released(workshop, an, 5)


async def test_a_picture_that_is_never_judged_is_never_shown(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    workshop.house = workshop.build(judge=BlindJudge(1_000))
    back = await workshop.paints(job)
    await workshop.passes(OUT_OF_PATIENCE)

    failed = await workshop.paints(back)

    assert (failed.state, failed.reason) == ("failed", "outage")
    assert (workshop.blobs.kept, workshop.spool.kept) == ({}, {})
    assert len(workshop.painter.bill) == 1
    assert await released(workshop, an, 5)


async def test_a_picture_that_the_judge_refuses_leaves_nothing_and_gives_the_credit_back(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    workshop.house = workshop.build(judge=BlindJudge(1, finds="sexual"))

    failed = await again(workshop, await workshop.paints(job))

    assert (failed.state, failed.reason, failed.attempts[-1].billable) == ("failed", "blocked", True)
    assert (workshop.blobs.kept, workshop.spool.kept) == ({}, {})
    assert await released(workshop, an, 5)
