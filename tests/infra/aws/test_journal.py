"""The journal's stream: many lines to a record, nothing in anybody's way, and what was not taken counted or kept."""

import asyncio
import json
import logging
from base64 import b64decode
from itertools import chain
from random import Random

import pytest
from aiohttp import web

from core.chance import Chance
from infra.aws.call import Place, SignedRoad, place
from infra.aws.journal import FULL, LAST_TRY, MOST_WAITING, RECORDS, FirehoseJournal, create_stream
from infra.aws.patience import Patience
from tests.clocks import SetClock
from tests.infra.aws.conftest import Heard, PlayedAws
from tests.servers import REGION, free_port
from tests.stores import at

Told = dict[str, object]


def taken(*failed: int, of: int = 1) -> Told:
    """What Firehose says of a batch of which some records failed."""
    told = [{"ErrorCode": "ServiceUnavailableException"} if n in failed else {"RecordId": f"r{n}"} for n in range(of)]
    return {"FailedPutCount": len(failed), "RequestResponses": told}


def taking(aws: PlayedAws) -> asyncio.Event:
    """From now on whatever comes is taken; the first time is told."""
    took = asyncio.Event()

    async def line(_: web.Request) -> web.StreamResponse:
        took.set()
        return web.json_response(taken(of=len(json.loads(aws.heard[-1].body)["Records"])))

    aws.script.append(line)
    return took


def records(heard: Heard) -> list[list[Told]]:
    sent = json.loads(heard.body)
    assert sent["DeliveryStreamName"] == "facts"
    lines = [b64decode(record["Data"]).decode() for record in sent["Records"]]
    assert all(one.endswith("\n") for one in lines)
    return [[json.loads(line)["facts"] for line in one.splitlines()] for one in lines]


def numbers(aws: PlayedAws) -> list[list[object]]:
    """What went over the wire, call by call."""
    return [[fact["n"] for record in records(heard) for fact in record] for heard in aws.heard]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def journal(aws: PlayedAws, road: SignedRoad, clock: SetClock) -> FirehoseJournal:
    return FirehoseJournal(road, place("firehose", REGION, aws.url), "facts", clock, Chance(Random(1)))


async def test_facts_noted_together_travel_together(aws: PlayedAws, journal: FirehoseJournal) -> None:
    taking(aws)

    for number in range(200):
        await journal.note("counted", {"n": number})
    await journal.close()

    assert numbers(aws) == [list(range(200))]
    assert len(records(aws.heard[0])) == 1
    assert aws.heard[0].headers["x-amz-target"] == "Firehose_20150804.PutRecordBatch"
    assert aws.heard[0].headers["content-type"] == "application/x-amz-json-1.1"


async def test_they_go_by_themselves_a_moment_later(aws: PlayedAws, journal: FirehoseJournal) -> None:
    taking(aws)

    await journal.note("counted", {"n": 1})
    async with asyncio.timeout(5):
        await aws.hearing.wait()

    assert numbers(aws) == [[1]]
    await journal.close()


async def test_noting_does_not_wait_for_a_stream_that_hangs(aws: PlayedAws, journal: FirehoseJournal) -> None:
    aws.hangs()
    await journal.note("counted", {"n": 0})
    async with asyncio.timeout(5):
        await aws.hearing.wait()

    for number in range(1, 50):
        noting = journal.note("counted", {"n": number})
        with pytest.raises(StopIteration):
            noting.send(None)

    assert journal.lost == 0


async def test_only_what_was_not_taken_is_sent_again(aws: PlayedAws, journal: FirehoseJournal) -> None:
    long = "x" * (FULL // 2)
    aws.says(taken(1, of=3))
    taking(aws)

    for number in range(3):
        await journal.note("counted", {"n": number, "long": long})
    await journal.close()

    assert numbers(aws) == [[0, 1, 2], [1]]
    assert journal.lost == 0


async def test_a_batch_is_no_bigger_than_firehose_takes(aws: PlayedAws, journal: FirehoseJournal) -> None:
    taking(aws)
    long = "x" * (FULL // 2)

    for number in range(2 * RECORDS + 1):
        await journal.note("counted", {"n": number, "long": long})
    await journal.close()

    assert [len(records(heard)) for heard in aws.heard] == [RECORDS, RECORDS, 1]
    assert list(chain.from_iterable(numbers(aws))) == list(range(2 * RECORDS + 1))
    assert max(len(heard.body) for heard in aws.heard) < 4_000_000


FAULTS = {"outage": (500, {}), "throttled": (400, {"__type": "ThrottlingException"}), "denied": (403, {})}


@pytest.mark.parametrize(("status", "body"), FAULTS.values(), ids=FAULTS)
async def test_what_a_stream_does_not_take_waits_for_it(
    aws: PlayedAws, journal: FirehoseJournal, clock: SetClock, status: int, body: Told
) -> None:
    for _ in range(12):
        aws.says(body, status)
    took = taking(aws)

    await journal.note("counted", {"n": 1})
    async with asyncio.timeout(5):
        await took.wait()
    await journal.settle()

    assert len(aws.heard) == 13
    assert journal.lost == 0
    assert max(clock.slept) <= 30
    assert sum(clock.slept) > 30


async def test_an_outage_is_told_once(
    aws: PlayedAws, journal: FirehoseJournal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        aws.says({}, 500)
    taking(aws)

    await journal.note("counted", {"n": 1})
    await journal.close()

    assert [record.getMessage() for record in caplog.records] == ["the journal waits (firehose PutRecordBatch: 500 )"]


async def test_closing_does_not_wait_for_ever_and_counts_what_it_gives_up(road: SignedRoad, clock: SetClock) -> None:
    nobody = place("firehose", REGION, f"http://127.0.0.1:{free_port()}")
    journal = FirehoseJournal(road, nobody, "facts", clock, Chance(Random(1)))
    for number in range(5):
        await journal.note("counted", {"n": number})
    began = clock.now()

    await journal.close()
    await journal.note("too late", {})

    assert journal.lost == 6
    assert clock.now() - began < 60_000 + LAST_TRY * 1000


async def test_what_waits_is_bounded_and_so_is_a_line(road: SignedRoad, clock: SetClock) -> None:
    nobody = place("firehose", REGION, f"http://127.0.0.1:{free_port()}")
    journal = FirehoseJournal(road, nobody, "facts", clock, Chance(Random(1)))

    await journal.note("too long", {"long": "x" * FULL})
    for number in range(MOST_WAITING + 2):
        await journal.note("counted", {"n": number})

    assert journal.lost == 3
    await journal.close()
    assert journal.lost == 3 + MOST_WAITING


@pytest.mark.server
async def test_a_stream_is_made_once(on_ministack: Place, road: SignedRoad) -> None:
    for _ in range(2):
        there, patience = at(on_ministack, "firehose"), Patience(SetClock(), Chance(Random(0)))
        await create_stream(road, there, "made-once", "made-once", patience)
