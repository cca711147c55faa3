"""Places in the queue: honest, cheap to ask for, and a wait that is too long is refused before it begins."""

import pytest

from core.errors import QueueTooLong
from core.jobs import QUEUED
from core.limits import Limits
from core.places import FRESH, Places
from core.table import Change, Create, Index, Key, Row, Rows, Table
from tests.clocks import SetClock
from tests.core.rig import Crowded


class Counted(Crowded):
    """Counts how often the queue is read."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.finds = 0

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        self.finds += 1
        return await super().find(index, value, until=until, after=after, limit=limit)


async def queue(table: Table, *places: int) -> None:
    for place in places:
        await table.write(Create(Key(f"JOB#{place}", "META"), {"shelf": QUEUED, "due": place}))


@pytest.fixture
def counted(table: Table) -> Counted:
    return Counted(table)


@pytest.fixture
def places(counted: Counted, clock: SetClock) -> Places:
    return Places(counted, clock, Limits(longest_wait=20), seconds_each=4)


async def test_a_place_is_the_number_of_jobs_before_it(table: Table, places: Places) -> None:
    await queue(table, 10, 20, 30)

    assert [await places.ahead(place) for place in (5, 10, 25, 40)] == [0, 0, 2, 3]


async def test_the_wait_is_told_in_seconds_with_the_picture_itself(places: Places) -> None:
    assert [places.seconds(ahead) for ahead in (0, 1, 9)] == [4, 8, 40]


async def test_what_is_painted_or_done_stands_before_nobody(table: Table, places: Places) -> None:
    await queue(table, 10)
    await table.write(Change(Key("JOB#10", "META"), set={"shelf": "JOBS#painting"}))

    assert await places.ahead(40) == 0


async def test_many_who_ask_at_once_read_the_queue_once(
    counted: Counted, places: Places, clock: SetClock, table: Table
) -> None:
    for _ in range(50):
        await places.ahead(40)
    await queue(table, 10)
    assert await places.ahead(40) == 0

    clock.pass_by(FRESH / 1_000)

    assert await places.ahead(40) == 1
    assert counted.finds == 2


@pytest.mark.parametrize("leap", [-3_600, 3_600])
async def test_a_clock_that_leaps_makes_what_is_known_of_the_queue_no_older_and_no_younger(
    leap: float, counted: Counted, places: Places, clock: SetClock, table: Table
) -> None:
    await places.ahead(40)
    await queue(table, 10)

    clock.leap(leap)
    assert await places.ahead(40) == 0

    clock.pass_by(2)
    assert await places.ahead(40) == 1
    assert counted.finds == 2


async def test_a_wait_that_is_too_long_is_refused_with_its_length(table: Table, places: Places) -> None:
    await queue(table, 10, 20, 30, 40)

    await places.admit(50, 1)
    with pytest.raises(QueueTooLong) as told:
        await places.admit(50, 2)

    assert told.value.seconds == 24


async def test_who_stands_far_in_front_is_admitted_to_any_queue(table: Table, places: Places) -> None:
    await queue(table, *range(10, 500, 10))

    await places.admit(5, 4)
