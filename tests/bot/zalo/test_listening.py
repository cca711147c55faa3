"""Listening: one process asks, a webhook is set where one is wanted, and whatever Zalo answers nobody gives up."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.zalo import WEBHOOK
from bot.zalo.fates import UNKNOWN, WHILE_UNKNOWN
from bot.zalo.line import Line
from bot.zalo.listening import HOOKED, LONGEST_PAUSE, POLLER, SILENT, Listening
from core.clock import SECOND
from core.leases import Leases
from tests.bot.zalo.desk import SECRET, TOKEN, Desk, a_desk
from tests.clocks import SetClock


@asynccontextmanager
async def an_ear(
    desk: Desk, *, webhook: bool = False, holder: str = "one", token: str = TOKEN
) -> AsyncIterator[tuple[Listening, SetClock]]:
    """Somebody who listens for a desk; pauses are over at once and noted."""
    ports, line = desk.house.ports, Line(desk.played.api_url, token)
    clock = SetClock(ports.clock.now())
    one = Listening(
        inlet=desk.mouth.inlet,
        line=line,
        leases=Leases(ports.table, clock, holder),
        clock=clock,
        chance=ports.chance,
        public_url=desk.url if webhook else "",
        secret=SECRET,
    )
    task = asyncio.create_task(one.run())
    try:
        yield one, clock
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await line.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "home") as one:
        yield one


@pytest.mark.parametrize("dialect", ["observed", "docs"])
@pytest.mark.parametrize("webhook", [False, True], ids=["poll", "webhook"])
async def test_everything_is_heard_in_order_in_both_modes_and_dialects(dialect: str, webhook: bool, desk: Desk) -> None:
    desk.played.zalo.robot().dialect = dialect
    an = desk.person()
    async with an_ear(desk, webhook=webhook):
        for number in range(5):
            await an.says(f"số {number}")
        await desk.until(lambda: desk.counted("kept") == 5)

    assert [heard.text for heard in await desk.waiting(an.id)] == [f"số {number}" for number in range(5)]


async def test_silence_is_no_fault(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    for code in (408, 0):
        desk.played.zalo.habits.idle_code = code
        before = len(desk.played.zalo.called("getUpdates"))
        async with an_ear(desk) as (ear, clock):
            await desk.until(lambda before=before: len(desk.played.zalo.called("getUpdates")) >= before + 2)  # type: ignore[misc]
            assert (ear.in_a_row, clock.slept) == (0, [])
    assert caplog.records == []


async def test_a_webhook_that_somebody_has_set_before_is_taken_away_before_we_ask(desk: Desk) -> None:
    await desk.played.zalo.call(TOKEN, "setWebhook", {"url": f"{desk.url}/elsewhere", "secret_token": "x" * 8})
    an = desk.person()
    async with an_ear(desk):
        await an.says("mèo")
        await desk.until(lambda: desk.counted("kept") == 1)


async def test_a_webhook_that_zalo_does_not_speak_of_leaves_nobody_unheard(desk: Desk) -> None:
    desk.played.zalo.faults.set("error", method="getWebhookInfo")
    an = desk.person()
    async with an_ear(desk):
        await an.says("mèo")
        await desk.until(lambda: desk.counted("kept") == 1)


async def test_one_process_asks_at_a_time(desk: Desk) -> None:
    async with an_ear(desk), an_ear(desk, holder="another") as (_, clock):
        await desk.until(lambda: desk.played.zalo.robot().updates.polled == 1)
        await desk.until(lambda: clock.slept)
        assert desk.played.zalo.robot().updates.polled == 1


async def test_where_it_is_to_call_us_it_is_told_where_with_the_secret(desk: Desk) -> None:
    async with an_ear(desk, webhook=True):
        await desk.until(lambda: desk.played.zalo.robot().hook.address)
        address = desk.played.zalo.robot().hook.address
        assert address
        assert (address.url, address.secret) == (f"{desk.url}{WEBHOOK}", SECRET)
        assert desk.counted("probed") == 1
        assert desk.played.zalo.called("getUpdates") == []


@pytest.mark.parametrize("fault", ["reset_before", "error", "torn"])
async def test_it_asks_again_ever_more_seldom_and_says_so_once(
    fault: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.played.zalo.faults.set(fault, times=9)
    an = desk.person()
    async with an_ear(desk) as (_, clock):
        await an.says("mèo")
        await desk.until(lambda: desk.counted("kept") == 1 or (fault == "torn" and len(clock.slept) >= 9))

    told = [record for record in caplog.records if record.name == "bot.zalo.listening"]
    assert len([record for record in told if record.message == SILENT]) <= 2
    assert max(clock.slept) <= LONGEST_PAUSE
    assert clock.slept[0] <= 1
    assert TOKEN not in caplog.text


async def test_a_wrong_token_is_said_in_one_sentence_and_looked_at_again_later(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_ear(desk, token="1:wrong") as (_, clock):
        await desk.until(lambda: len(clock.slept) > 2)

    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [UNKNOWN]
    assert set(clock.slept) == {WHILE_UNKNOWN}
    assert "1:wrong" not in caplog.text


async def test_a_webhook_that_is_set_while_we_ask_is_named(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async with an_ear(desk) as (_, clock):
        await desk.until(lambda: desk.played.zalo.robot().updates.polled)
        await desk.played.zalo.call(TOKEN, "setWebhook", {"url": f"{desk.url}/x", "secret_token": "x" * 8})
        await desk.until(lambda: clock.slept)

    assert HOOKED in [record.message for record in caplog.records]


async def test_a_lease_outlasts_one_question(desk: Desk) -> None:
    async with an_ear(desk):
        await desk.until(lambda: desk.played.zalo.robot().updates.polled)
        row = await desk.house.ports.table.get(POLLER)
        assert row
        assert row.number("until") > desk.house.ports.clock.now() + 40 * SECOND
