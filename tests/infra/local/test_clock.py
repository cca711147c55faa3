"""The wall's clock tells the wall's time."""

from datetime import UTC, datetime

from infra.local.clock import WallClock


async def test_the_clock_counts_milliseconds_since_1970_and_lets_time_pass() -> None:
    clock = WallClock()
    before = clock.now()

    await clock.sleep(0.002)

    assert clock.now() - before >= 1
    assert datetime.fromtimestamp(before / 1000, UTC).year >= 2025
