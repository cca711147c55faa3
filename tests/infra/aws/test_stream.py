"""An answer that is read while it is still being given: the same bounds, the same facts as on the rest of the road."""

import asyncio
from contextlib import aclosing

import pytest
from aiohttp import web

from infra.aws.call import AwsError, Bounds, ErrorAnswer, NoAnswer, NotSent, Request, SignedRoad, StreamRoad
from tests.infra.aws.conftest import PlayedAws
from tests.servers import free_port, played_keys

CALLED = ("dynamodb", "ConverseStream")


def converse(aws: PlayedAws, bounds: Bounds | None = None) -> Request:
    return Request(aws.place(bounds), "ConverseStream", b"{}", path="/model/m%3A0/converse-stream")


def speaks(aws: PlayedAws) -> asyncio.Event:
    """An answer of two pieces; the second one waits until it is called for."""
    goes_on = aws.closing

    async def line(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"one")
        await goes_on.wait()
        await response.write(b"two")
        return response

    aws.script.append(line)
    return goes_on


async def heard(road: StreamRoad, request: Request) -> list[bytes]:
    return [piece async for piece in road.stream(request)]


async def failing(road: StreamRoad, request: Request) -> AwsError:
    with pytest.raises(AwsError) as caught:
        await heard(road, request)
    return caught.value


async def test_the_first_piece_is_here_before_the_last_is_spoken(aws: PlayedAws, road: SignedRoad) -> None:
    goes_on = speaks(aws)
    pieces = road.stream(converse(aws))

    first = await anext(pieces)
    goes_on.set()

    assert first == b"one"
    assert [piece async for piece in pieces] == [b"two"]
    assert (aws.heard[0].method, aws.heard[0].path) == ("POST", "/model/m%3A0/converse-stream")
    assert "Signature=" in aws.heard[0].headers["authorization"]


async def test_an_error_instead_of_a_stream_is_read_as_ever(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says({"message": "Too many tokens"}, 429, {"x-amzn-ErrorType": "ThrottlingException:http://internal/"})

    error = await failing(road, converse(aws))

    assert isinstance(error, ErrorAnswer)
    assert (error.status, error.code, error.message) == (429, "ThrottlingException", "Too many tokens")
    assert (road.counts.calls[CALLED], road.counts.errors[CALLED]) == (1, 1)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"x-amz-retry-after": "1500"}, 1.5),
        ({"x-amz-retry-after": "soon", "Retry-After": "2"}, 2.0),
        ({"Retry-After": "Sat, 21 Nov 2026 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "-1"}, 0.0),
        ({}, 0.0),
    ],
)
async def test_who_asks_us_back_later_is_heard(
    aws: PlayedAws, road: SignedRoad, headers: dict[str, str], seconds: float
) -> None:
    aws.says({}, 429, headers)

    error = await failing(road, converse(aws))

    assert isinstance(error, ErrorAnswer)
    assert error.retry_after == seconds


async def test_a_stream_that_breaks_off_says_so_after_what_came(aws: PlayedAws, road: SignedRoad) -> None:
    aws.hangs_up(after=b"the first half")
    pieces = road.stream(converse(aws))

    assert await anext(pieces) == b"the first half"
    with pytest.raises(NoAnswer):
        await anext(pieces)

    assert len(aws.heard) == 1


async def test_a_stream_that_falls_silent_is_not_waited_for(aws: PlayedAws, road: SignedRoad) -> None:
    speaks(aws)

    assert isinstance(await failing(road, converse(aws, Bounds(read=0.05))), NoAnswer)


async def test_a_stream_without_end_is_not_read_on(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says(b"x" * 1_001)

    assert isinstance(await failing(road, converse(aws, Bounds(received=1_000))), NoAnswer)
    assert b"".join(await heard(road, converse(aws, Bounds(received=1_001)))) == b"x" * 1_001


async def test_where_nobody_listens_no_stream_was_asked_for(aws: PlayedAws, road: SignedRoad) -> None:
    aws.url = f"http://127.0.0.1:{free_port()}"

    assert isinstance(await failing(road, converse(aws)), NotSent)


async def test_who_has_heard_enough_hangs_up(aws: PlayedAws) -> None:
    speaks(aws)
    aws.says(b"again")

    async with SignedRoad(played_keys(), connections=1) as road:
        async with aclosing(road.stream(converse(aws))) as pieces:
            assert await anext(pieces) == b"one"

        assert await heard(road, converse(aws)) == [b"again"]  # the one connection is free again


async def test_a_heavy_request_arrives_whole_and_signed(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says(b"{}")
    heavy = bytes(range(256)) * 8_000  # two megabytes

    await road.send(Request(aws.place(), "Invoke", heavy, headers={"Content-Type": "application/json"}))

    [heard] = aws.heard
    assert heard.body == heavy
    assert heard.headers["content-length"] == str(len(heavy))
    assert heard.headers["content-type"] == "application/json"
    assert "transfer-encoding" not in heard.headers
    assert "Signature=" in heard.headers["authorization"]
