"""The bell on SQS: silence instead of errors, tickets that come back, and those that are put aside."""

import json
import logging
from random import Random

import pytest

from core.chance import Chance
from core.errors import Unavailable
from core.queue import Ticket
from infra.aws.call import Place, SignedRoad, place
from infra.aws.patience import Patience
from infra.aws.queue import AGAIN, MOST_HEARD, MOST_REMEMBERED, SILENCE, Queues, SqsQueue
from tests.clocks import SetClock
from tests.infra.aws.conftest import PlayedAws
from tests.servers import REGION, free_port
from tests.stores import at

URL = "http://sqs.played/000000000000/imagify"
HEARD = {"Messages": [{"MessageId": "m", "ReceiptHandle": "r", "Body": "01JOB"}]}


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def queue_at(road: SignedRoad, there: Place, clock: SetClock) -> SqsQueue:
    return SqsQueue(road, there, URL, clock, Chance(Random(1)), visibility=45)


@pytest.fixture
def queue(aws: PlayedAws, road: SignedRoad, clock: SetClock) -> SqsQueue:
    return queue_at(road, place("sqs", REGION, aws.url), clock)


@pytest.fixture
def broken(road: SignedRoad, clock: SetClock) -> SqsQueue:
    return queue_at(road, place("sqs", REGION, f"http://127.0.0.1:{free_port()}"), clock)


def asked(aws: PlayedAws) -> list[tuple[str, dict[str, object]]]:
    return [(heard.headers["x-amz-target"], json.loads(heard.body)) for heard in aws.heard]


async def test_the_bell_speaks_sqs_as_it_is_spoken(aws: PlayedAws, queue: SqsQueue) -> None:
    aws.says({})
    aws.says(HEARD)
    aws.says(b"")

    await queue.ring("01JOB")
    ticket = await queue.listen(5)
    assert ticket == Ticket("01JOB", "r")
    await queue.hold(ticket)
    await queue.done(ticket)

    assert asked(aws) == [
        ("AmazonSQS.SendMessage", {"QueueUrl": URL, "MessageBody": "01JOB"}),
        (
            "AmazonSQS.ReceiveMessage",
            {"QueueUrl": URL, "WaitTimeSeconds": 5, "VisibilityTimeout": 45, "MaxNumberOfMessages": 1},
        ),
        ("AmazonSQS.ChangeMessageVisibility", {"QueueUrl": URL, "ReceiptHandle": "r", "VisibilityTimeout": 45}),
        ("AmazonSQS.DeleteMessage", {"QueueUrl": URL, "ReceiptHandle": "r"}),
    ]


@pytest.mark.parametrize(("seconds", "polled"), [(0, 0), (0.2, 1), (5, 5), (60, 20)])
async def test_a_listener_waits_whole_seconds_and_as_long_as_sqs_lets_it(
    aws: PlayedAws, queue: SqsQueue, seconds: float, polled: int
) -> None:
    aws.says({})

    assert await queue.listen(seconds) is None

    assert asked(aws)[0][1]["WaitTimeSeconds"] == polled


@pytest.mark.parametrize(
    "message",
    [
        {"MessageId": "m", "ReceiptHandle": "r", "Body": "x" * 262_144},
        {"MessageId": "m", "ReceiptHandle": "r", "Body": "01JOB\x00\ud800\n"},
        {"MessageId": "m", "ReceiptHandle": "r", "Body": {"job": "01JOB"}},
        {"MessageId": "m", "ReceiptHandle": "r"},
        {"MessageId": "m", "Body": "01JOB"},
        {},
        "01JOB",
    ],
)
async def test_what_is_no_jobs_name_is_told_of_once_and_left_for_sqs_to_put_aside(
    message: object, aws: PlayedAws, queue: SqsQueue, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(MOST_HEARD):
        aws.says({"Messages": [message]})
        assert await queue.listen(5) is None

    assert [target for target, _ in asked(aws)] == ["AmazonSQS.ReceiveMessage"] * MOST_HEARD
    assert len(caplog.records) <= 1


async def test_a_ring_that_cannot_be_sent_stops_nobody_and_is_counted(broken: SqsQueue, clock: SetClock) -> None:
    await broken.ring("01JOB")

    assert broken.lost == 1
    assert sum(clock.slept) <= 0.5


async def test_while_the_bell_is_silent_nobody_waits_for_it_again_and_again(
    aws: PlayedAws, queue: SqsQueue, clock: SetClock
) -> None:
    aws.says({}, 403)
    await queue.ring("01A")
    for job in ("01B", "01C"):
        await queue.ring(job)
    assert (queue.lost, len(aws.heard)) == (3, 1)

    clock.pass_by(SILENCE / 1000)
    aws.script[:] = []
    aws.says({})
    await queue.ring("01A")

    assert (queue.lost, len(aws.heard)) == (3, 2)


async def test_a_listener_that_hears_nothing_but_errors_waits_all_the_same(broken: SqsQueue, clock: SetClock) -> None:
    began = clock.now()

    assert await broken.listen(5) is None

    assert clock.now() - began == 5_000


@pytest.mark.parametrize("body", [b"<html>please log in</html>", b""])
async def test_an_answer_that_is_not_from_sqs_is_silence_of_its_full_length(
    aws: PlayedAws, queue: SqsQueue, clock: SetClock, body: bytes
) -> None:
    aws.says(body)

    assert await queue.listen(5) is None

    assert clock.slept == [5]


async def test_a_ticket_that_cannot_be_held_or_done_is_nobodys_trouble(broken: SqsQueue) -> None:
    await broken.hold(Ticket("01JOB", "r"))
    await broken.done(Ticket("01JOB", "r"))

    assert broken.lost == 0


async def test_silence_is_told_once_until_the_bell_is_heard_again(
    aws: PlayedAws, queue: SqsQueue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    aws.says({}, 403)

    for _ in range(3):
        await queue.listen(5)
    assert [record.getMessage() for record in caplog.records] == [
        "the bell is silent (sqs ReceiveMessage: 403 ); workers look at the table by themselves"
    ]

    aws.script[:] = []
    aws.says({})
    aws.says({}, 403)
    await queue.listen(5)
    await queue.listen(5)
    assert len(caplog.records) == 2


async def test_a_job_rung_for_a_moment_ago_is_not_rung_for_again_and_later_it_is(
    aws: PlayedAws, queue: SqsQueue, clock: SetClock
) -> None:
    aws.says({})

    await queue.ring("01JOB")
    await queue.ring("01JOB")
    assert len(aws.heard) == 1
    clock.pass_by(AGAIN / 1000)
    await queue.ring("01JOB")

    assert len(aws.heard) == 2


async def test_a_ring_that_was_lost_is_not_remembered_as_rung(aws: PlayedAws, queue: SqsQueue, clock: SetClock) -> None:
    aws.says({}, 403)
    aws.says({})

    await queue.ring("01JOB")
    clock.pass_by(SILENCE / 1000)
    await queue.ring("01JOB")

    assert len(aws.heard) == 2


async def test_what_is_remembered_is_bounded(queue: SqsQueue) -> None:
    for number in range(MOST_REMEMBERED + 10):
        queue._remember(str(number), 1)

    assert len(queue._rung) == MOST_REMEMBERED
    assert "9" not in queue._rung


@pytest.fixture
def queues(on_ministack: Place, road: SignedRoad) -> Queues:
    return Queues(road, at(on_ministack, "sqs"), Patience(SetClock(), Chance(Random(0))))


def forgetful(road: SignedRoad, there: Place, url: str) -> SqsQueue:
    """A bell whose tickets come back at once, as if whoever heard them had died of it."""
    return SqsQueue(road, at(there, "sqs"), url, SetClock(), Chance(Random(1)), visibility=0)


@pytest.mark.server
async def test_a_ticket_whose_hand_died_is_heard_again(on_ministack: Place, road: SignedRoad, queues: Queues) -> None:
    queue = forgetful(road, on_ministack, await queues.create("died-once"))
    await queue.ring("01JOB")

    heard = [await queue.listen(5) for _ in range(2)]

    assert [ticket.job if ticket else "" for ticket in heard] == ["01JOB", "01JOB"]


@pytest.mark.server
async def test_a_ticket_that_nobody_survives_is_put_aside_and_can_be_brought_back(
    on_ministack: Place, road: SignedRoad, queues: Queues
) -> None:
    url = await queues.create("poisoned")
    queue = forgetful(road, on_ministack, url)
    for job in ("01A", "01B"):
        await queue.ring(job)
        assert [bool(await queue.listen(5)) for _ in range(MOST_HEARD)] == [True] * MOST_HEARD
        assert await queue.listen(0) is None
    aside = await queues.aside(url)
    assert aside == await queues.url("poisoned-dead")
    assert (await queues.waiting(url), await queues.waiting(aside)) == (0, 2)

    assert await queues.redrive(url) == 2

    assert (await queues.waiting(url), await queues.waiting(aside)) == (2, 0)
    steady = SqsQueue(road, at(on_ministack, "sqs"), url, SetClock(), Chance(Random(1)), visibility=60)
    heard = [await steady.listen(5) for _ in range(2)]
    assert {ticket.job for ticket in heard if ticket} == {"01A", "01B"}


@pytest.mark.server
async def test_to_bring_back_nothing_is_no_trouble(queues: Queues) -> None:
    assert await queues.redrive(await queues.create("untroubled")) == 0


@pytest.mark.server
async def test_a_queue_nobody_made_is_told_as_an_outage(queues: Queues) -> None:
    with pytest.raises(Unavailable):
        await queues.url("nobody-made-it")


@pytest.mark.server
async def test_a_queue_is_made_once(queues: Queues) -> None:
    assert await queues.create("made-once") == await queues.create("made-once")
