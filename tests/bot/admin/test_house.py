"""Admins and the house: what is stuck or failed, figures, calling a job again, maintenance."""

import pytest

from core.addresses import audit_owner
from core.clock import MINUTE
from tests.house import Balance, Imagify, Speaker


@pytest.fixture
async def idle(workshop: Imagify) -> Speaker:
    """The owner of a house in which nobody paints."""
    workshop.house = workshop.build(hands=0)
    await workshop.opens()
    return await workshop.meets(chat="1")


# --- jobs


async def test_a_job_that_is_open_too_long_is_listed_as_stuck(idle: Speaker, an: Speaker) -> None:
    await an.says("mèo")
    await idle.says("/jobs stuck")
    assert idle.last_heard == "🧰 Việc stuck: 0\n"

    await idle.imagify.passes(5 * MINUTE / 1_000 + 1)
    await idle.says("/jobs stuck")

    (job,) = await an.jobs()
    assert idle.last_heard == f"🧰 Việc stuck: 1\n• {job.id} · đang chờ · 5 phút · chờ tới lượt"


async def test_a_stuck_job_says_in_plain_words_what_it_waits_for(idle: Speaker, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    idle.imagify.painter.will("mèo", "throttle")
    await idle.imagify.paints(job)
    await idle.imagify.passes(5 * MINUTE / 1_000 + 1)

    await idle.says("/jobs stuck")

    assert idle.last_heard.endswith(f"• {job.id} · đang chờ · 5 phút · nhà cung cấp bảo đi chậm lại")


async def test_failed_jobs_are_listed_with_the_newest_first(imagify: Imagify, an: Speaker) -> None:
    moderator = await imagify.meets(chat="2")
    for words in ("mèo", "chó"):
        imagify.painter.declines(words)
        await an.says(words)
        await imagify.settles()
    await imagify.passes(20 * MINUTE / 1_000)

    await moderator.says("/jobs failed")

    first, second = await an.jobs()
    assert [line.split()[1] for line in moderator.last_heard.splitlines()[1:]] == [second.id, first.id]


@pytest.mark.parametrize("said", ["/jobs", "/jobs all"])
async def test_jobs_of_no_known_kind_are_answered_with_the_kinds(said: str, idle: Speaker) -> None:
    await idle.says(said)

    assert idle.last_heard == "Cách dùng: /jobs stuck hoặc /jobs failed"


# --- retry


async def test_a_stuck_job_is_called_again(idle: Speaker, an: Speaker) -> None:
    await an.says("mèo")
    (job,) = await an.jobs()
    imagify = idle.imagify
    while await imagify.queue.listen(0.1):
        pass

    await idle.says(f"/retry {job.id.lower()}")

    assert idle.last_heard == f"Đã gọi lại {job.id}."
    ticket = await imagify.queue.listen(0.1)
    assert ticket
    assert ticket.job == job.id


async def test_a_closed_job_is_not_called_again(imagify: Imagify, an: Speaker) -> None:
    owner = await imagify.meets(chat="1")
    await an.says("mèo")
    await imagify.settles()
    (job,) = await an.jobs()

    await owner.says(f"/retry {job.id}")

    assert owner.last_heard == f"{job.id} đang ở trạng thái delivered, không gọi lại được."
    assert len(imagify.painter.bill) == 1


async def test_a_job_that_nobody_ordered_cannot_be_called(idle: Speaker) -> None:
    await idle.says("/retry NOTHING")

    assert idle.last_heard == "🔎 Không tìm thấy NOTHING của bạn."


# --- figures


async def test_figures_count_what_became_of_the_orders_of_these_days(imagify: Imagify, an: Speaker) -> None:
    owner = await imagify.meets(chat="1")
    imagify.painter.declines("chó")
    for words in ("mèo", "chó", "chim"):
        await an.says(words)
        await imagify.settles()
    await imagify.passes(30)

    await owner.says("/stats")

    assert owner.last_heard.splitlines() == [
        "📊 1 ngày",
        "Ảnh: 2 · lỗi: 1 · huỷ: 0 · hoàn: 0",
        "Credit đã dùng: 2",
        "Chi phí: $0.00",
        "Đang chờ: 0 · đang vẽ: 0",
    ]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("/stats 7", 7),
        ("/stats 0", 1),
        ("/stats 5000", 90),
        ("/stats 7d", 7),
        ("/stats 1d", 1),
        ("/stats 30d", 30),
        ("/stats today", 1),
        ("/stats hôm nay", 1),
        ("/stats 7 ngày", 7),
        ("/stats tuần", 7),
        ("/stats thang", 30),
    ],
)
async def test_figures_are_for_as_many_days_as_asked_for_and_at_most_ninety(
    said: str, days: int, idle: Speaker
) -> None:
    await idle.says(said)

    assert idle.last_heard.startswith(f"📊 {days} ngày")


# --- maintenance


async def test_during_maintenance_people_are_told_until_when_and_nothing_is_ordered(
    imagify: Imagify, an: Speaker
) -> None:
    owner = await imagify.meets(chat="1")
    await owner.says("/maintenance 15")

    await an.says("mèo")

    assert owner.last_heard == "🔧 Bảo trì đến 07:15."
    assert an.last_heard.startswith("🔧 Imagify đang bảo trì, dự kiến xong lúc 07:15.")
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_what_was_ordered_before_is_finished_during_maintenance(imagify: Imagify, an: Speaker) -> None:
    owner = await imagify.meets(chat="1")
    await an.says("mèo")

    await owner.says("/maintenance 15")
    await imagify.settles()

    assert len(an.pictures) == 1


@pytest.mark.parametrize("said", ["on 15", "bật 15", "15 phút", "ON 15m", "bat 15 phut"])
async def test_maintenance_is_begun_as_people_say_it(said: str, imagify: Imagify) -> None:
    owner = await imagify.meets(chat="1")

    await owner.says(f"/maintenance {said}")
    assert owner.last_heard == "🔧 Bảo trì đến 07:15."
    await owner.says("/maintenance off")

    assert owner.last_heard == "Hết bảo trì."


@pytest.mark.parametrize("ends", ["by itself", "by word"])
async def test_after_maintenance_everybody_is_heard_again(ends: str, imagify: Imagify, an: Speaker) -> None:
    owner = await imagify.meets(chat="1")
    await owner.says("/maintenance 15")
    if ends == "by itself":
        imagify.clock.skip(15 * MINUTE)
    else:
        await owner.says("/maintenance 0")

    await an.says("mèo")

    assert len(await an.jobs()) == 1


async def test_maintenance_is_logged_with_who_began_and_who_ended_it(imagify: Imagify) -> None:
    owner = await imagify.meets(chat="1")

    await owner.says("/maintenance 15")
    await owner.says("/maintenance 0")

    noted = await imagify.table.list(audit_owner(imagify.clock.now()))
    assert [(row.text("what"), row.text("reason")) for row in noted] == [("maintenance", "15"), ("maintenance", "0")]


@pytest.mark.parametrize("said", ["/maintenance", "/maintenance soon", "/maintenance on", "/maintenance 9999999999"])
async def test_maintenance_without_a_sensible_number_does_not_begin(said: str, idle: Speaker, an: Speaker) -> None:
    await idle.says(said)

    await an.says("mèo")

    assert idle.last_heard == "Cách dùng: /maintenance on 15 (phút), /maintenance off"
    assert len(await an.jobs()) == 1
