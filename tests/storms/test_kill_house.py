"""A few kills of the whole house; `./dev storm` runs them at full size."""

import pytest

from core.table import Create, Key
from infra.embedded.table import SqliteTable
from tests.servers import on_dynoxide
from tests.storms import verdict
from tests.storms.kill_house import run
from tests.storms.verdict import Rows
from tests.storms.witness import Line

__all__ = ["on_dynoxide"]  # a fixture, found by its name


def test_a_killed_house_keeps_every_promise_and_pays_once_for_what_is_safe() -> None:
    report = run(kills=3, seed=20_261_121, crowd=4)

    assert report.acknowledged >= 3
    assert (report.lost, report.violations, report.laid_aside) == (0, (), 0)
    assert report.extra_calls <= report.caught <= 2 * report.kills  # two are in flight on the pocket painter's route


@pytest.mark.server
@pytest.mark.usefixtures("on_dynoxide")  # it says whether there is one; the storm starts its own
def test_a_killed_house_on_dynamodb_keeps_every_promise() -> None:
    report = run(kills=1, seed=20_261_121, where="dynoxide")

    assert (report.lost, report.violations) == (0, ())
    assert report.extra_calls <= report.caught <= 2


# -- the verdict itself


def named(*seen: Line) -> list[str]:
    return [*verdict.wrong(Rows(), seen, seed=1)]


def test_a_picture_paid_twice_in_one_life_is_noticed() -> None:
    bill = Line(1, "billed", "a cat", "7")

    assert named(bill, bill) == ["paid again without need: ('a cat', '7')"]


def test_a_picture_paid_again_after_a_kill_is_excused_and_counted() -> None:
    seen = [Line(1, "billed", "a cat", "7"), Line(2, "billed", "a cat", "7"), Line(2, "safe", "job")]

    assert (verdict.caught(seen), verdict.paid_again(seen)) == (1, 1)


def test_a_work_that_failed_and_an_order_that_left_no_sheet_are_noticed() -> None:
    seen = (Line(1, "complaint", "courier failed"), Line(1, "answered", "chat1", "00000002", ("ordered", "job")))

    assert named(*seen) == ["complaint: courier failed ", "no sheet: mèo mướp chat1 2"]


async def test_a_promise_that_does_not_stand_is_noticed() -> None:
    table = SqliteTable.inline(":memory:")
    await table.write(Create(Key("LANE#played:chat1", "00000002"), {"tries": 0}))
    kept = [Line(1, "kept", "chat1", "00000002"), Line(1, "kept", "chat1", "00000003")]
    answered = [
        Line(1, "answered", "chat1", "00000002", ("ordered", "job")),
        Line(1, "viewed", "person", "image", ("",)),
    ]

    assert await verdict.lost(table, [*kept, *answered]) == {f"lost: {line}" for line in [kept[1], *answered]}

    await table.close()
