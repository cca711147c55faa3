"""Work under supervision: begun again after a fault, ended only on purpose."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from core.chance import Chance
from core.errors import Unavailable
from core.supervise import LONGEST_PAUSE, RECOVERED, Crew, Watch, supervise
from core.table import TableUnavailable


class Hours:
    """A clock on which sleeping takes no time, and every sleep is remembered."""

    def __init__(self) -> None:
        self.time = 0
        self.slept: list[float] = []

    def now(self) -> int:
        return self.time

    def steady(self) -> int:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += int(seconds * 1000)
        await asyncio.sleep(0)


class Night(Hours):
    """A clock on which nobody wakes by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.asleep.set()
        await asyncio.Event().wait()


class Death(BaseException):
    """A process that is gone."""


@pytest.fixture
def clock() -> Hours:
    return Hours()


@pytest.fixture
def chance() -> Chance:
    return Chance(random.Random(7))


def failing(times: int, first: Callable[[], object] = list) -> tuple[Callable[[], Awaitable[None]], list[int]]:
    """Work that fails so many times and then ends, and the list of its beginnings."""
    begun: list[int] = []

    async def work() -> None:
        begun.append(len(begun))
        first()
        if len(begun) <= times:
            raise RuntimeError("not today")

    return work, begun


async def test_work_that_fails_is_begun_again_until_it_ends_by_itself(clock: Hours, chance: Chance) -> None:
    work, begun = failing(3)

    await supervise("courier", work, clock, chance)

    assert len(begun) == 4
    assert len(clock.slept) == 3


async def test_the_pauses_grow_to_a_limit_and_never_vanish(clock: Hours, chance: Chance) -> None:
    work, _ = failing(12)

    await supervise("courier", work, clock, chance)

    assert 0.25 <= clock.slept[0] <= 0.5
    assert 1 <= clock.slept[2] <= 2
    assert all(LONGEST_PAUSE / 2 <= pause <= LONGEST_PAUSE for pause in clock.slept[6:])
    assert len(set(clock.slept)) == 12


async def test_work_that_ran_well_for_long_starts_over_with_a_short_pause(clock: Hours, chance: Chance) -> None:
    def long_day() -> None:
        clock.time += RECOVERED

    work, _ = failing(8, long_day)

    await supervise("worker", work, clock, chance)

    assert max(clock.slept) <= 0.5


async def test_a_failure_is_counted_and_told_with_a_number_that_can_be_looked_up(
    clock: Hours, chance: Chance, caplog: pytest.LogCaptureFixture
) -> None:
    work, _ = failing(2)
    watch = Watch("chores", work, clock, chance)

    await watch.run()

    told = [vars(record) for record in caplog.records]
    assert watch.failures == 2
    assert [facts["work"] for facts in told] == ["chores", "chores"]
    assert len({facts["error"] for facts in told}) == 2
    assert all(facts["exc_info"] for facts in told)


AWAY = [
    TableUnavailable("no sure answer"),
    Unavailable("outage", "no"),
    ExceptionGroup("a group", [ExceptionGroup("within", [TableUnavailable("no sure answer")])]),
]


@pytest.mark.parametrize("away", AWAY)
async def test_a_store_that_is_away_is_told_in_one_line(
    away: Exception, clock: Hours, chance: Chance, caplog: pytest.LogCaptureFixture
) -> None:
    ends = iter([away])

    async def work() -> None:
        for end in ends:
            raise end

    await supervise("courier web", work, clock, chance)

    (told,) = caplog.records
    assert told.levelname == "WARNING"
    assert told.getMessage() in ("courier web waits (no sure answer)", "courier web waits (outage)")
    assert not told.exc_info


async def test_a_mistake_among_stores_that_are_away_is_told_with_its_trace(
    clock: Hours, chance: Chance, caplog: pytest.LogCaptureFixture
) -> None:
    ends = iter([ExceptionGroup("a group", [TableUnavailable("no sure answer"), KeyError("ours")])])

    async def work() -> None:
        for end in ends:
            raise end

    await supervise("inbox", work, clock, chance)

    (told,) = caplog.records
    assert told.getMessage() == "inbox failed and will begin again"
    assert told.exc_info


@pytest.mark.parametrize("end", [asyncio.CancelledError, Death])
async def test_what_is_meant_to_end_the_work_passes_through(
    end: type[BaseException], clock: Hours, chance: Chance
) -> None:
    async def work() -> None:
        raise end

    with pytest.raises(end):
        await supervise("worker", work, clock, chance)

    assert clock.slept == []


async def test_a_crew_is_asked_to_stop_and_may_finish_what_it_holds(clock: Hours, chance: Chance) -> None:
    asked, finished = asyncio.Event(), []

    async def careful() -> None:
        await asked.wait()
        finished.append("the last picture")

    async with Crew(clock, chance) as crew:
        crew.add("worker", careful, stop=asked.set)

    assert finished == ["the last picture"]


async def test_a_member_that_does_not_stop_in_time_is_cancelled(
    clock: Hours, chance: Chance, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("stubborn")

    async with asyncio.timeout(5), Crew(clock, chance, patience=0.01) as crew:
        crew.add("stubborn", stubborn, stop=list)
        await asyncio.sleep(0)

    assert ended == ["stubborn"]
    assert "stubborn did not finish in time" in caplog.text


async def test_a_member_without_a_stop_is_cancelled_at_once(clock: Hours, chance: Chance) -> None:
    async with asyncio.timeout(5), Crew(clock, chance) as crew:
        crew.add("listener", forever)

    assert crew.failures == {"listener": 0}


async def test_a_member_between_two_beginnings_does_not_hold_up_the_end(chance: Chance) -> None:
    night = Night()
    work, begun = failing(100)

    async with asyncio.timeout(5), Crew(night, chance) as crew:
        crew.add("courier", work, stop=list)
        await night.asleep.wait()

    assert len(begun) == 1
    assert crew.failures == {"courier": 1}


async def test_one_failing_member_leaves_the_others_at_work(clock: Hours, chance: Chance) -> None:
    broken, _ = failing(50)
    done = asyncio.Event()

    async def steady() -> None:
        for _ in range(100):
            await asyncio.sleep(0)
        done.set()

    async with asyncio.timeout(5), Crew(clock, chance) as crew:
        crew.add("broken", broken)
        crew.add("steady", steady)
        await done.wait()

    assert crew.failures["broken"] > 1
    assert crew.failures["steady"] == 0


async def forever() -> None:
    await asyncio.Event().wait()
