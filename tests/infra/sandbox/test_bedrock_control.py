"""The strings of the played Bedrock: over HTTP, cut off and back, and in a process of its own."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from botocore.eventstream import EventStreamBuffer

from infra.sandbox.bedrock import Clock, open_bedrock
from infra.sandbox.bedrock.eventstream import error
from tests.infra.sandbox.bedrock_rig import CORE, Customer

ROOT = Path(__file__).resolve().parents[3]


async def pulls(url: str, string: str, asked: dict[str, Any] | None = None) -> tuple[int, Any]:
    method = "GET" if asked is None else "POST"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{url}/control/{string}", json=asked) as answer,
    ):
        return answer.status, await answer.json()


async def test_the_bill_is_read_over_http(an: Customer) -> None:
    await an.paints("a cat", seed=5)
    await an.is_refused(prompt="a cat", width=1)

    _, ledger = await pulls(an.played.control_url, "ledger?billed=1&model=core")

    assert (ledger["billed"], ledger["usd_micros"]) == (1, 40_000)
    assert ledger["models"] == {CORE: 40_000}
    assert ledger["exceptions"] == {"ValidationException": 1}
    assert [(call["words"], call["seed"], call["outcome"]) for call in ledger["calls"]] == [("a cat", 5, "answered")]


async def test_faults_rates_filters_and_the_clock_are_set_over_http(an: Customer) -> None:
    control = an.played.control_url

    fault = await pulls(control, "faults", {"kind": "error", "code": 503, "times": 1})
    rate = await pulls(control, "rate", {"on": True, "model": CORE, "per_second": 2})
    filters = await pulls(control, "filters", {"prompt": ["dragon"], "flips": 1})
    clock = await pulls(control, "clock", {"date": "2026-03-01", "advance": 5})
    settings = await pulls(control, "settings", {"latency": 0.5, "pixels": 256, "living": True})

    assert {one[0] for one in (fault, rate, filters, clock, settings)} == {200}
    assert (await pulls(control, "faults"))[1]["faults"][0]["left"] == 1
    assert an.bedrock.rates.all() == [{"model": CORE, "region": "", "per_second": 2.0, "burst": 2.0}]
    assert an.bedrock.filters.prompt == {"dragon"}
    assert an.bedrock.today.isoformat() == "2026-03-01"
    assert (await pulls(control, "state"))[1]["latency"] == 0.5
    await pulls(control, "clear", {})
    assert an.bedrock.faults.all() == ()


@pytest.mark.parametrize(
    ("string", "asked"),
    [
        ("faults", {"kind": "nothing"}),
        ("faults", {"kind": "error", "colour": "red"}),
        ("filters", {"nothing": []}),
        ("settings", {"clock": 1}),
        ("clock", {"date": "yesterday"}),
        ("cut", {}),
    ],
)
async def test_what_cannot_be_done_is_409_and_says_why(an: Customer, string: str, asked: dict[str, Any]) -> None:
    status, said = await pulls(an.played.control_url, string, asked)

    assert status == 409
    assert said["error"]


async def test_a_cut_refuses_connections_and_ends_on_bedrocks_clock() -> None:
    async with open_bedrock(clock=Clock.by_hand(1_795_132_800.0)) as played, aiohttp.ClientSession() as session:
        async with session.get(f"{played.url}/foundation-models") as before:
            first = before.status
        await pulls(played.control_url, "cut", {"seconds": 30})
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"{played.url}/foundation-models")

        played.bedrock.advance(30)
        again = await knock(session, f"{played.url}/foundation-models")

        assert (first, again) == (403, 403)


async def knock(session: aiohttp.ClientSession, url: str) -> int:
    """Until somebody opens."""
    async with asyncio.timeout(5):
        while True:
            try:
                async with session.get(url) as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0)


async def test_a_cut_breaks_off_who_is_connected_and_can_be_ended_early(an: Customer) -> None:
    an.bedrock.faults.set("slow", seconds=1_000, times=1)

    painting = asyncio.create_task(an.paints("a cat"))
    await an.bedrock.until(lambda world: bool(world.ledger.bills()))
    await an.played.cut(1_000)
    with pytest.raises(Exception, match=r"(?i)connection"):
        await painting
    await an.played.restore()

    assert (await an.paints("a cat"))["images"]


async def test_bedrock_plays_in_a_process_of_its_own() -> None:
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "infra.sandbox.bedrock", "--latency", "0", "--pixels", "256"),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert started.stdout
        url, control = (await started.stdout.readline()).decode().split()
        status, state = await pulls(control, "state")

        assert url.startswith("http://127.0.0.1:")
        assert (status, state["pixels"]) == (200, 256)
    finally:
        started.send_signal(signal.SIGTERM)

    assert await started.wait() == 0


def test_an_error_frame_tells_its_code() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(error("internal", "sorry"))

    (frame,) = list(buffer)
    assert (frame.headers[":message-type"], frame.headers[":error-code"]) == ("error", "internal")
