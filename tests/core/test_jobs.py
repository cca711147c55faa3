"""A job's legal moves, who may make them, and which write is refused when somebody was quicker."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TooLate
from core.jobs import (
    FAILED,
    LEFTOVERS,
    LEGAL,
    MOST_PAID,
    OPEN,
    PAINTING,
    QUEUED,
    SWEEP_AFTER,
    Attempt,
    Job,
    Sheet,
    State,
    cancelling,
    changing,
    claiming,
    creating,
    job_key,
    sheet_key,
)
from core.people import Person
from core.table import Refused, Row, Table
from tests.core.rig import HOME, a_job

NOW, LEASE = 1_000_000, 30_000
STATES: tuple[State, ...] = ("queued", "painting", "kept", "delivered", "returned", "failed", "cancelled")
SENT = Attempt("pocket@here", NOW, 40)


def queued() -> Job:
    return a_job(Person("an", addresses=(HOME,)), "sheet", "job", 3)


def painting() -> Job:
    return queued().claimed(NOW, LEASE)


def in_state(state: State) -> Job:
    return replace(queued(), state=state)


async def standing(table: Table, job: Job) -> Job:
    await table.write(creating(job))
    return job


async def read(table: Table) -> Job:
    row = await table.get(job_key("job"))
    assert row
    return Job.of(row)


# --- moves


@pytest.mark.parametrize(("before", "after"), [*itertools.product(STATES, STATES)])
def test_a_job_moves_only_as_the_plan_says(before: State, after: State) -> None:
    legal = after in LEGAL.get(before, ())

    if legal:
        assert in_state(before).moved(after).state == after
    else:
        with pytest.raises(TooLate, match=f"it is {before}"):
            in_state(before).moved(after)


@pytest.mark.parametrize("state", ["delivered", "returned", "failed", "cancelled"])
def test_what_is_over_moves_no_more(state: State) -> None:
    assert all(after not in LEGAL.get(state, ()) for after in STATES)
    assert in_state(state).closed


def test_taking_a_job_raises_its_fence_and_starts_its_lease() -> None:
    mine = queued().claimed(NOW, LEASE)

    assert (mine.state, mine.fence, mine.claims, mine.lease_until) == ("painting", 1, 1, NOW + LEASE)
    assert mine.began == NOW
    assert mine.crashes == 0


def test_taking_over_from_the_dead_counts_a_crash_and_the_unanswered_call_as_perhaps_paid() -> None:
    dead = painting().asking(SENT)

    mine = dead.claimed(NOW + 2 * LEASE, LEASE)

    assert (mine.crashes, mine.fence, mine.asked) == (1, 2, False)
    assert [one.state for one in mine.attempts] == ["unknown"]
    assert mine.paid == 1
    assert mine.began == NOW


def test_only_a_call_that_was_surely_not_billed_costs_nothing() -> None:
    states = ("sent", "done", "free", "failed", "unknown")

    paid = [replace(queued(), attempts=(replace(SENT, state=state),)).paid for state in states]  # type: ignore[arg-type]  # a literal each

    assert paid == [1, 1, 0, 1, 1]
    assert MOST_PAID == 2


def test_an_answer_closes_the_call_that_is_out_and_no_other() -> None:
    twice = painting().asking(SENT).answered("failed").asking(SENT).answered("done")

    assert [one.state for one in twice.attempts] == ["failed", "done"]
    assert twice.answered("unknown") == twice


def test_a_job_that_goes_back_keeps_its_place() -> None:
    back = painting().requeued(NOW + 5_000)

    assert (back.state, back.place, back.not_before, back.lease_until) == ("queued", queued().place, NOW + 5_000, 0)
    assert back.shelf() == {"shelf": QUEUED, "due": queued().place}


def test_whatever_was_thought_of_the_last_call_a_kept_job_was_painted_by_it() -> None:
    kept = painting().asking(SENT).answered("unknown").kept(NOW)

    assert [one.state for one in kept.attempts] == ["done"]
    assert kept.ended == NOW


def test_bytes_that_were_found_again_are_those_of_the_call_that_brought_them() -> None:
    waiting = painting().asking(SENT).answered("done")

    kept = waiting.asking(SENT).answered("free").kept(NOW)

    assert waiting.drawn
    assert [one.state for one in kept.attempts] == ["done", "free"]
    assert kept.paid == 1


def test_a_cancel_raises_the_fence_so_that_whoever_paints_can_publish_nothing() -> None:
    assert painting().cancelled(NOW).fence == painting().fence + 1


# --- leases


@pytest.mark.parametrize(
    ("moment", "lapsed"),
    [
        (NOW, False),
        (NOW + LEASE, False),
        (NOW + LEASE + 1, True),
        (NOW - LEASE, False),
        (NOW - LEASE - 1, True),
    ],
)
def test_a_lease_that_ran_out_or_lies_too_far_ahead_is_dead(moment: int, *, lapsed: bool) -> None:
    assert painting().lapsed(moment, LEASE) is lapsed


def test_only_what_is_being_painted_can_lapse() -> None:
    assert not queued().lapsed(NOW + 10 * LEASE, LEASE)
    assert not painting().kept(NOW).lapsed(NOW + 10 * LEASE, LEASE)


# --- shelves


def test_an_open_job_stands_where_it_is_looked_for() -> None:
    assert queued().shelf() == {"shelf": QUEUED, "due": 1}
    assert painting().shelf() == {"shelf": PAINTING, "due": NOW}
    assert painting().beaten(NOW + 5_000, LEASE).shelf() == painting().shelf()  # a heartbeat moves nothing


@pytest.mark.parametrize("state", ["failed", "cancelled", "returned"])
def test_a_job_that_may_have_left_bytes_is_looked_at_once_more(state: State) -> None:
    left = replace(in_state(state), attempts=(SENT,), ended=NOW)

    assert left.shelf() == {"shelf": LEFTOVERS, "due": NOW + SWEEP_AFTER}

    stays = {"shelf": FAILED, "due": -NOW} if state == "failed" else {}
    assert left.cleared().shelf() == stays
    assert replace(left, attempts=()).shelf() == stays


@pytest.mark.parametrize("state", ["kept", "delivered"])
def test_a_picture_that_is_there_is_no_leftover(state: State) -> None:
    assert replace(in_state(state), attempts=(SENT,)).shelf() == {}


# --- rows


@given(
    st.builds(
        Job,
        **{name: st.text(max_size=5) for name in ("person", "sheet", "model", "channel", "chat", "message", "reason")},
        id=st.just("job"),
        prompt=st.just({"words": "mèo"}),
        price=st.integers(0, 99),
        place=st.integers(0, 10**15),
        created=st.integers(0, 10**15),
        state=st.sampled_from(STATES),
        attempts=st.tuples(st.builds(Attempt, route=st.text(), at=st.integers(0, 9), usd_micros=st.integers(0, 9))),
        asked=st.booleans(),
        swept=st.booleans(),
    )
)
def test_a_job_comes_back_from_its_row_as_it_went(job: Job) -> None:
    assert Job.of(Row(job_key(job.id), job.facts())) == job


def test_a_field_that_a_newer_version_added_is_passed_over() -> None:
    row = Row(job_key("job"), {**queued().facts(), "mood": "cheerful"})

    assert Job.of(row) == queued()


def test_a_sheet_comes_back_from_its_row_as_it_went() -> None:
    sheet = Sheet("s1", "an", ("a", "b"), {"words": "mèo"})

    assert Sheet.of(Row(sheet_key("s1"), sheet.creating(NOW).fields)) == sheet


# --- whoever is late is refused


async def test_the_difference_leaves_no_field_of_the_old_place(table: Table) -> None:
    mine = await standing(table, painting())

    await table.write(changing(mine, mine.kept(NOW)))

    row = await table.get(job_key("job"))
    assert row
    assert "shelf" not in row.fields
    assert "due" not in row.fields


async def test_a_worker_whose_fence_was_passed_writes_nothing(table: Table) -> None:
    late = await standing(table, painting())
    await table.write(changing(late, late.claimed(NOW + 2 * LEASE, LEASE)))

    for move in (late.beaten(NOW, LEASE), late.kept(NOW), late.failed(NOW, "x"), late.requeued(NOW)):
        with pytest.raises(Refused):
            await table.write(changing(late, move))

    assert (await read(table)).fence == late.fence + 1


async def test_a_queued_job_is_taken_once(table: Table) -> None:
    job = await standing(table, queued())
    await table.write(claiming(job, job.claimed(NOW, LEASE)))

    with pytest.raises(Refused):
        await table.write(claiming(job, job.claimed(NOW, LEASE)))


async def test_a_lease_that_was_renewed_meanwhile_is_not_taken_over(table: Table) -> None:
    slow = await standing(table, painting())
    await table.write(changing(slow, slow.beaten(NOW + LEASE, LEASE)))

    with pytest.raises(Refused):
        await table.write(claiming(slow, slow.claimed(NOW + LEASE + 1, LEASE)))


async def test_a_cancel_in_time_is_refused_once_the_painter_has_been_asked(table: Table) -> None:
    mine = await standing(table, painting())
    await table.write(changing(mine, mine.asking(SENT)))

    with pytest.raises(Refused):
        await table.write(cancelling(mine, mine.cancelled(NOW), late=False))
    await table.write(cancelling(mine, mine.cancelled(NOW), late=True))

    assert (await read(table)).state == "cancelled"


def test_every_open_state_is_one_that_can_still_move() -> None:
    assert [state for state in STATES if not in_state(state).closed] == list(OPEN)
