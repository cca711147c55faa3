"""Which conditions hold and which do not, on every builder."""

import pytest

from core.table import (
    AnyOf,
    Below,
    Change,
    Check,
    Condition,
    Create,
    Delete,
    Fields,
    Row,
    Table,
)
from tests.twins.asking import AN, BINH, fields_of, refused

HELD: dict[str, tuple[Fields, Condition]] = {
    "text": ({"f": "x"}, "x"),
    "empty text": ({"f": ""}, ""),
    "number": ({"f": 7}, 7),
    "nought": ({"f": 0}, 0),
    "truth": ({"f": True}, True),
    "untruth": ({"f": False}, False),
    "absence": ({"other": 1}, None),
    "one of several": ({"f": "b"}, AnyOf(("a", "b", 3))),
    "one of several kinds": ({"f": 3}, AnyOf(("a", "b", 3))),
    "below": ({"f": -2}, Below(-1)),
}
MISSED: dict[str, tuple[Fields, Condition]] = {
    "other text": ({"f": "x"}, "X"),
    "text of a number": ({"f": 1}, "1"),
    "number of a text": ({"f": "1"}, 1),
    "one for true": ({"f": 1}, True),
    "true for one": ({"f": True}, 1),
    "nought for untrue": ({"f": 0}, False),
    "empty for absent": ({"f": ""}, None),
    "absent for empty": ({}, ""),
    "absent for nought": ({}, 0),
    "none of several": ({"f": "c"}, AnyOf(("a", "b"))),
    "true among ones": ({"f": True}, AnyOf((1, "True"))),
    "absent among several": ({}, AnyOf(("a", 0, False))),
    "one of none": ({"f": "a"}, AnyOf(())),
    "absent of none": ({}, AnyOf(())),
    "not below itself": ({"f": 5}, Below(5)),
    "absent below": ({}, Below(5)),
    "text below": ({"f": "1"}, Below(5)),
    "truth below": ({"f": False}, Below(5)),
    "a list for a text": ({"f": ["x"]}, "x"),
}


@pytest.mark.parametrize(("fields", "condition"), HELD.values(), ids=HELD)
async def test_a_condition_that_holds_lets_each_kind_of_write_through(
    table: Table, fields: Fields, condition: Condition
) -> None:
    await table.write(Create(AN, fields))

    await table.write(Check(AN, {"f": condition}), Create(BINH, {}))
    await table.write(Change(AN, set={"seen": 1}, when={"f": condition}))
    await table.write(Delete(AN, {"f": condition}))

    assert await table.get(AN) is None


@pytest.mark.parametrize(("fields", "condition"), MISSED.values(), ids=MISSED)
async def test_a_condition_that_fails_refuses_each_kind_of_write(
    table: Table, fields: Fields, condition: Condition
) -> None:
    await table.write(Create(AN, fields))

    stood = {0: Row(AN, fields)}
    assert await refused(table, Check(AN, {"f": condition})) == stood
    assert await refused(table, Change(AN, set={"seen": 1}, when={"f": condition})) == stood
    assert await refused(table, Change(AN, set={"seen": 1}, when={"f": condition}, or_create=True)) == stood
    assert await refused(table, Delete(AN, {"f": condition})) == stood
    assert await fields_of(table, AN) == fields


async def test_all_conditions_must_hold(table: Table) -> None:
    await table.write(Create(AN, {"a": 1, "b": 2}))

    assert await refused(table, Check(AN, {"a": 1, "b": 3})) == {0: Row(AN, {"a": 1, "b": 2})}
    assert await refused(table, Check(AN, {"a": 0, "b": 2, "c": None})) == {0: Row(AN, {"a": 1, "b": 2})}
    await table.write(Check(AN, {"a": 1, "b": Below(3), "c": None}))


async def test_conditions_look_at_the_row_before_the_change(table: Table) -> None:
    await table.write(Create(AN, {"state": "queued", "n": 5}))

    await table.write(
        Change(AN, set={"state": "painting"}, add={"n": -5}, when={"state": "queued", "n": 5}, floor={"n": 0})
    )

    assert await fields_of(table, AN) == {"state": "painting", "n": 0}


async def test_no_sum_falls_below_its_floor(table: Table) -> None:
    await table.write(Create(AN, {"free": 3}))

    assert await refused(table, Change(AN, add={"free": -4}, floor={"free": 0})) == {0: Row(AN, {"free": 3})}
    await table.write(Change(AN, add={"free": -3}, floor={"free": 0}))

    assert await fields_of(table, AN) == {"free": 0}
    await table.write(Change(AN, add={"free": -2}))  # no floor, no bound
    assert await refused(table, Change(AN, add={"free": 1}, floor={"free": 0})) == {0: Row(AN, {"free": -2})}


async def test_a_floor_under_a_number_that_does_not_stand_counts_from_nought(table: Table) -> None:
    await table.write(Create(AN, {}))

    assert await refused(table, Change(AN, add={"free": -1}, floor={"free": 0})) == {0: Row(AN, {})}
    await table.write(Change(AN, add={"free": 0, "held": 5}, floor={"free": 0, "held": 5}))

    assert await fields_of(table, AN) == {"free": 0, "held": 5}
