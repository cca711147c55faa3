"""The time of a played vendor, moved on by hand while it passes by itself."""

from infra.sandbox.clock import Agenda, Clock

HURRY, TOOK = 20.0, 0.25  # times as fast; seconds on the wall, in which five pass at the vendor


async def test_a_date_is_moved_on_in_full_however_long_acts_on_the_way_really_take() -> None:
    wall = [1_000.0]
    clock = Clock(HURRY, lambda: wall[0])
    agenda, done = Agenda(clock), list[float]()

    async def slow() -> None:
        wall[0] += TOOK
        done.append(clock.date())

    for due in (0.0, 2.0):
        agenda.after(due, slow)
    before = clock.date()
    await agenda.pass_by(5.0)

    assert clock.date() == before + 5.0 + 2 * TOOK
    assert len(done) == 2


async def test_an_act_is_done_in_its_own_moment_and_one_behind_the_end_is_not() -> None:
    clock, done = Clock.by_hand(1_000.0), list[float]()
    agenda = Agenda(clock)

    async def act() -> None:
        done.append(clock.now())

    for due in (3.0, 1.0, 5.5):
        agenda.after(due, act)
    await agenda.pass_by(5.0)

    assert done == [1_001.0, 1_003.0]
    assert clock.now() == 1_005.0
