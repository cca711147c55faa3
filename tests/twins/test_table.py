"""What the table promises, sentence by sentence, on every builder."""

import asyncio
import json

import pytest

from core.table import (
    EMAIL_INDEX,
    SHELF_INDEX,
    AnyOf,
    Below,
    Change,
    Check,
    Create,
    Delete,
    Fields,
    Key,
    Refused,
    Row,
    Rows,
    Table,
    Write,
)

AN = Key("USER#an", "PROFILE")
BINH = Key("USER#binh", "PROFILE")
CHI = Key("USER#chi", "PROFILE")
NAMES = ["A", "a", "aa", "a#1", "b", "é", "ô", "ố", "Đ", "đồng", "字", "🎨", "\U0010ffff"]


async def fields_of(table: Table, key: Key) -> Fields | None:
    row = await table.get(key)
    return row.fields if row else None


async def refused(table: Table, *writes: Write) -> dict[int, Row | None]:
    with pytest.raises(Refused) as caught:
        await table.write(*writes)
    return caught.value.rows


async def names(
    table: Table, owner: str, prefix: str = "", *, after: str = "", newest_first: bool = False
) -> list[str]:
    rows = await table.list(owner, prefix, after=after, newest_first=newest_first)
    assert all(row.key.owner == owner for row in rows)
    return [row.key.name for row in rows]


async def test_what_was_never_written_is_not_there(table: Table) -> None:
    assert await table.get(AN) is None
    assert await table.list("USER#an") == []
    assert await table.find(EMAIL_INDEX, "an@example.vn") == []
    assert await table.find(SHELF_INDEX, "JOBS#queued") == []
    assert await table.walk() == []


async def test_every_kind_of_value_comes_back_as_it_went_in(table: Table) -> None:
    fields: Fields = {
        "empty": "",
        "text": "Thành phố 🌆 \x00 \n \"'\\ e\u0301 \u202e",
        "most": 10**18 - 1,
        "least": 1 - 10**18,
        "zero": 0,
        "hundred": 100,
        "yes": True,
        "no": False,
        "list": [1, "hai", True, [], {}, [[0]]],
        "map": {"a b": {"c.d": [{"#e": ""}]}, "select": 1},
        "size": 1,  # a word DynamoDB keeps for itself
        "a.b": "dotted",
    }

    await table.write(Create(AN, fields))

    found = await fields_of(table, AN)
    assert json.dumps(found, sort_keys=True) == json.dumps(fields, sort_keys=True)  # as text, since 1 == True


async def test_a_row_without_fields_is_a_row(table: Table) -> None:
    await table.write(Create(AN, {}))

    assert await table.get(AN) == Row(AN, {})
    assert await table.list(AN.owner) == [Row(AN, {})]


async def test_a_row_is_created_once_and_the_second_sees_what_stands(table: Table) -> None:
    await table.write(Create(AN, {"n": 1}))

    assert await refused(table, Create(AN, {"n": 2})) == {0: Row(AN, {"n": 1})}
    assert await fields_of(table, AN) == {"n": 1}


async def test_of_many_who_create_the_same_row_exactly_one_does(table: Table) -> None:
    outcomes = await asyncio.gather(*(table.write(Create(AN, {"n": n})) for n in range(8)), return_exceptions=True)

    [winner] = [n for n, outcome in enumerate(outcomes) if outcome is None]
    assert await fields_of(table, AN) == {"n": winner}
    for n, outcome in enumerate(outcomes):
        if n != winner:
            assert isinstance(outcome, Refused)
            assert outcome.rows == {0: Row(AN, {"n": winner})}


async def test_additions_made_at_the_same_time_all_count(table: Table) -> None:
    await table.write(Create(AN, {"free": 0}))

    await asyncio.gather(*(table.write(Change(AN, add={"free": n})) for n in range(1, 11)))

    assert await fields_of(table, AN) == {"free": 55}


async def test_a_change_sets_adds_unsets_and_leaves_the_rest(table: Table) -> None:
    await table.write(Create(AN, {"set": 1, "add": 10, "unset": "x", "rest": [1]}))

    await table.write(
        Change(AN, set={"set": "new", "fresh": True}, add={"add": -3, "begun": 4}, unset=("unset", "gone"))
    )

    assert await fields_of(table, AN) == {"set": "new", "fresh": True, "add": 7, "begun": 4, "rest": [1]}


async def test_a_change_of_a_missing_row_is_refused_and_shows_nothing(table: Table) -> None:
    assert await refused(table, Change(AN, set={"n": 1})) == {0: None}
    assert await refused(table, Change(AN, when={"n": None})) == {0: None}
    assert await table.get(AN) is None


async def test_a_change_that_changes_nothing_still_wants_the_row(table: Table) -> None:
    assert await refused(table, Change(AN)) == {0: None}
    await table.write(Create(AN, {"n": 1}))

    await table.write(Change(AN, when={"n": 1}))

    assert await refused(table, Change(AN, when={"n": 2})) == {0: Row(AN, {"n": 1})}
    assert await fields_of(table, AN) == {"n": 1}


async def test_a_change_may_begin_the_row_and_then_looks_at_an_empty_one(table: Table) -> None:
    await table.write(Change(AN, add={"n": 2}, when={"n": None}, floor={"n": 2}, or_create=True))
    await table.write(Change(BINH, or_create=True))

    assert await fields_of(table, AN) == {"n": 2}
    assert await fields_of(table, BINH) == {}
    assert await refused(table, Change(AN, add={"n": 1}, when={"n": None}, or_create=True)) == {0: Row(AN, {"n": 2})}
    assert await refused(table, Change(CHI, when={"n": 0}, or_create=True)) == {0: None}
    assert await refused(table, Change(CHI, add={"n": 1}, floor={"n": 2}, or_create=True)) == {0: None}
    assert await table.get(CHI) is None


async def test_a_row_begun_by_a_change_and_one_created_look_alike(table: Table) -> None:
    await table.write(Change(AN, set={"n": 1}, or_create=True), Create(BINH, {"n": 1}))
    await table.write(Change(AN, set={"m": 1}, or_create=True), Change(BINH, set={"m": 1}))

    assert await fields_of(table, AN) == await fields_of(table, BINH) == {"n": 1, "m": 1}


HELD = {
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
MISSED: dict[str, tuple[Fields, object]] = {
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
    table: Table, fields: Fields, condition: str | int | bool | AnyOf | Below | None
) -> None:
    await table.write(Create(AN, fields))

    await table.write(Check(AN, {"f": condition}), Create(BINH, {}))
    await table.write(Change(AN, set={"seen": 1}, when={"f": condition}))
    await table.write(Delete(AN, {"f": condition}))

    assert await table.get(AN) is None


@pytest.mark.parametrize(("fields", "condition"), MISSED.values(), ids=MISSED)
async def test_a_condition_that_fails_refuses_each_kind_of_write(
    table: Table, fields: Fields, condition: str | int | bool | AnyOf | Below | None
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


async def test_adding_to_what_is_no_number_is_our_mistake(table: Table) -> None:
    await table.write(Create(AN, {"text": "x", "truth": True, "n": 1}))

    for field in ("text", "truth"):
        with pytest.raises(ValueError, match=r".+"):
            await table.write(Change(AN, add={field: 1, "n": 1}))

    assert await fields_of(table, AN) == {"text": "x", "truth": True, "n": 1}


async def test_a_check_wants_the_row(table: Table) -> None:
    assert await refused(table, Check(AN)) == {0: None}
    assert await refused(table, Check(AN, {"f": None})) == {0: None}
    await table.write(Create(AN, {}))

    await table.write(Check(AN))
    await table.write(Check(AN, {"f": None}))


async def test_a_delete_without_conditions_does_not_mind_a_row_gone_already(table: Table) -> None:
    await table.write(Create(AN, {}))

    await table.write(Delete(AN))
    await table.write(Delete(AN))

    assert await table.get(AN) is None


async def test_a_delete_with_conditions_wants_the_row(table: Table) -> None:
    assert await refused(table, Delete(AN, {})) == {0: None}
    assert await refused(table, Delete(AN, {"f": None})) == {0: None}
    await table.write(Create(AN, {"f": 1}))

    await table.write(Delete(AN, {}))

    assert await table.get(AN) is None


async def test_a_row_taken_away_may_be_created_again(table: Table) -> None:
    await table.write(Create(AN, {"old": 1}))
    await table.write(Delete(AN))

    await table.write(Create(AN, {"new": 1}))

    assert await fields_of(table, AN) == {"new": 1}


async def test_all_parts_are_written_together(table: Table) -> None:
    await table.write(Create(AN, {"n": 1}), Create(BINH, {"n": 1}))

    await table.write(Change(AN, add={"n": 1}), Delete(BINH), Create(CHI, {"n": 3}))

    assert await fields_of(table, AN) == {"n": 2}
    assert await table.get(BINH) is None
    assert await fields_of(table, CHI) == {"n": 3}


async def test_one_refused_part_keeps_all_the_others_from_happening(table: Table) -> None:
    await table.write(Create(AN, {"n": 1}), Create(BINH, {"n": 1}))

    told = await refused(
        table,
        Change(AN, add={"n": 1}),
        Create(CHI, {}),
        Delete(BINH),
        Check(Key("USER#an", "PURSE")),
        Create(Key("X", "Y"), {}),
    )

    assert told == {3: None}
    assert await fields_of(table, AN) == {"n": 1}
    assert await fields_of(table, BINH) == {"n": 1}
    assert await table.get(CHI) is None
    assert await table.get(Key("X", "Y")) is None


async def test_every_refused_part_is_named_with_the_row_that_stood_there(table: Table) -> None:
    await table.write(Create(AN, {"n": 1}), Create(BINH, {"n": 2, "list": [1]}), Create(CHI, {}))
    missing = Key("USER#dung", "PROFILE")

    told = await refused(
        table,
        Create(AN, {"n": 9}),
        Change(missing, add={"n": 1}),
        Check(CHI),
        Change(BINH, add={"n": -3}, floor={"n": 0}),
        Create(Key("fresh", "row"), {}),
        Delete(Key("USER#dung", "PURSE"), {}),
        Check(Key("USER#an", "PURSE"), {"f": None}),
    )

    assert told == {0: Row(AN, {"n": 1}), 1: None, 3: Row(BINH, {"n": 2, "list": [1]}), 5: None, 6: None}


async def test_a_hundred_parts_are_one_write(table: Table) -> None:
    await table.write(*(Create(Key("many", f"{n:03}"), {"n": n}) for n in range(100)))

    assert [row.number("n") for row in await table.list("many")] == list(range(100))


async def test_a_hundred_refused_parts_are_all_named(table: Table) -> None:
    creating = [Create(Key("many", f"{n:03}"), {"n": n, "text": "x" * 2_000}) for n in range(100)]
    await table.write(*creating)

    assert await refused(table, *creating) == {n: Row(write.key, write.fields) for n, write in enumerate(creating)}


FORBIDDEN: dict[str, list[Write]] = {
    "nothing at all": [],
    "a hundred and one parts": [Create(Key("many", str(n)), {}) for n in range(101)],
    "a row twice": [Create(AN, {}), Delete(AN)],
    "a float": [Create(AN, {"f": 1.5})],  # type: ignore[dict-item]
    "a float within": [Create(AN, {"f": [{"g": 0.0}]})],  # type: ignore[dict-item]
    "nothing as a value": [Change(AN, set={"f": None}, or_create=True)],  # type: ignore[dict-item]
    "bytes": [Create(AN, {"f": b"x"})],  # type: ignore[dict-item]
    "nineteen digits": [Create(AN, {"f": 10**18})],
    "nineteen digits below": [Create(AN, {"f": [-(10**18)]})],
    "nineteen digits added": [Change(AN, add={"f": 10**18}, or_create=True)],
    "a truth added": [Change(AN, add={"f": True}, or_create=True)],
    "a text added": [Change(AN, add={"f": "1"}, or_create=True)],  # type: ignore[dict-item]
    "half a letter": [Create(AN, {"f": "\ud83c"})],
    "half a letter as a key": [Create(Key("USER#\ud83c", "PROFILE"), {})],
    "an owner without a name": [Create(Key("", "PROFILE"), {})],
    "a name without a letter": [Create(Key("USER#an", ""), {})],
    "a field without a name": [Create(AN, {"": 1})],
    "an inner field without a name": [Create(AN, {"f": {"": 1}})],
    "an unset field without a name": [Change(AN, unset=("",), or_create=True)],
    "the table's own field": [Create(AN, {"owner": "x"})],
    "the row's version": [Change(AN, unset=("v",), or_create=True)],
    "a field set and added": [Change(AN, set={"f": 1}, add={"f": 1}, or_create=True)],
    "a field set and unset": [Change(AN, set={"f": 1}, unset=("f",), or_create=True)],
    "a floor under nothing": [Change(AN, set={"f": 1}, floor={"f": 1}, or_create=True)],
    "an empty e-mail": [Create(AN, {"email": ""})],
    "a number for a shelf": [Create(AN, {"shelf": 1, "due": 1})],
    "a text for a due": [Change(AN, set={"due": "soon"}, or_create=True)],
}


@pytest.mark.parametrize("writes", FORBIDDEN.values(), ids=FORBIDDEN)
async def test_what_the_table_does_not_keep_is_our_mistake_and_writes_nothing(
    table: Table, writes: list[Write]
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        await table.write(*writes)

    assert await table.walk() == []


async def test_rows_of_an_owner_come_in_the_order_of_their_names_letter_by_letter(table: Table) -> None:
    await table.write(*(Create(Key("o", name), {}) for name in reversed(NAMES)), Create(Key("p", "a"), {}))

    assert await names(table, "o") == sorted(NAMES)
    assert await names(table, "o", newest_first=True) == sorted(NAMES, reverse=True)


async def test_a_list_is_read_page_by_page_in_both_directions(table: Table) -> None:
    await table.write(*(Create(Key("o", name), {}) for name in NAMES))

    for newest_first in (False, True):
        read: list[str] = []
        while page := await table.list("o", after=read[-1] if read else "", limit=3, newest_first=newest_first):
            assert len(page) <= 3
            read += [row.key.name for row in page]
        assert read == sorted(NAMES, reverse=newest_first)


async def test_a_prefix_bounds_a_list_from_both_sides(table: Table) -> None:
    await table.write(*(Create(Key("o", name), {}) for name in ["JOB", "JOB#1", "JOB#2", "JOB#é", "JOC", "K"]))

    assert await names(table, "o", "JOB#") == ["JOB#1", "JOB#2", "JOB#é"]
    assert await names(table, "o", "JOB#", newest_first=True) == ["JOB#é", "JOB#2", "JOB#1"]
    assert await names(table, "o", "JOB") == ["JOB", "JOB#1", "JOB#2", "JOB#é"]
    assert await names(table, "o", "nothing") == []
    assert await names(table, "q", "JOB") == []


@pytest.mark.parametrize(
    "after", ["A", "JOB", "JOB#", "JOB#1", "JOB#15", "JOB#2", "JOB#é", "JOB#\U0010ffff", "JOC", "z"]
)
async def test_a_list_may_begin_behind_a_name_that_is_not_there(table: Table, after: str) -> None:
    found = ["JOB#1", "JOB#2", "JOB#é"]
    await table.write(*(Create(Key("o", name), {}) for name in ["A", "JOB", *found, "JOC", "K"]))

    assert await names(table, "o", "JOB#", after=after) == [name for name in found if name > after]
    assert await names(table, "o", "JOB#", after=after, newest_first=True) == [
        name for name in reversed(found) if name < after
    ]


async def test_a_prefix_may_end_in_the_last_letter_there_is(table: Table) -> None:
    await table.write(
        *(Create(Key("o", name), {}) for name in ["a", "a\U0010ffff", "a\U0010ffffb", "b", "\ud7ff", "\ue000"])
    )

    assert await names(table, "o", "a\U0010ffff") == ["a\U0010ffff", "a\U0010ffffb"]
    assert await names(table, "o", "\ud7ff") == ["\ud7ff"]


async def test_an_owner_is_found_by_its_whole_name_only(table: Table) -> None:
    await table.write(
        Create(Key("USER#an", "x"), {}), Create(Key("USER#anh", "y"), {}), Create(Key("user#an", "z"), {})
    )

    assert await names(table, "USER#an") == ["x"]


async def test_big_rows_are_read_to_the_last_one_asked_for(table: Table) -> None:
    for n in range(12):
        await table.write(Create(Key("big", f"{n:02}"), {"shelf": "big", "due": n, "text": "ô" * 100_000}))

    assert [row.number("due") for row in await table.list("big")] == list(range(12))
    assert [row.number("due") for row in await table.list("big", limit=11, newest_first=True)] == list(range(11, 0, -1))
    assert [row.number("due") for row in await table.find(SHELF_INDEX, "big")] == list(range(12))
    assert len(await table.walk()) == 12


async def test_a_person_is_found_by_e_mail(table: Table) -> None:
    await table.write(Create(AN, {"email": "an@example.vn", "n": 1}), Create(BINH, {"email": "binh@example.vn"}))

    assert await table.find(EMAIL_INDEX, "an@example.vn") == [Row(AN, {"email": "an@example.vn", "n": 1})]
    assert await table.find(EMAIL_INDEX, "An@example.vn") == []

    await table.write(Change(AN, unset=("email",)), Change(BINH, set={"email": "an@example.vn"}))
    assert [row.key for row in await table.find(EMAIL_INDEX, "an@example.vn")] == [BINH]


async def test_rows_with_the_same_e_mail_are_all_found_page_by_page(table: Table) -> None:
    keys = {Key(f"USER#{n}", "PROFILE") for n in range(5)}
    await table.write(*(Create(key, {"email": "x@example.vn"}) for key in keys))

    found: Rows = []
    while page := await table.find(EMAIL_INDEX, "x@example.vn", after=found[-1] if found else None, limit=2):
        found += page

    assert len(found) == 5
    assert {row.key for row in found} == keys


async def test_a_shelf_is_in_the_order_of_what_is_due_and_ends_with_until(table: Table) -> None:
    await table.write(
        *(Create(Key(f"JOB#{due}", "META"), {"shelf": "queued", "due": due}) for due in (30, -5, 7, 0, 100)),
        Create(Key("JOB#other", "META"), {"shelf": "painting", "due": 1}),
    )

    async def dues(until: int | None = None, limit: int = 100) -> list[int]:
        return [row.number("due") for row in await table.find(SHELF_INDEX, "queued", until=until, limit=limit)]

    assert await dues() == [-5, 0, 7, 30, 100]
    assert await dues(until=30) == [-5, 0, 7, 30]
    assert await dues(until=0) == [-5, 0]
    assert await dues(until=-6) == []
    assert await dues(limit=2) == [-5, 0]


async def test_a_shelf_is_read_page_by_page_also_where_dues_are_equal(table: Table) -> None:
    dues = {f"JOB#{n}": n // 3 for n in range(10)}
    await table.write(*(Create(Key(owner, "META"), {"shelf": "queued", "due": due}) for owner, due in dues.items()))

    found: Rows = []
    while page := await table.find(SHELF_INDEX, "queued", until=2, after=found[-1] if found else None, limit=2):
        found += page

    assert [row.number("due") for row in found] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert {row.key.owner for row in found} == {f"JOB#{n}" for n in range(9)}


async def test_a_shelf_may_be_read_on_behind_a_row_that_has_left_it(table: Table) -> None:
    await table.write(*(Create(Key(f"JOB#{n}", "META"), {"shelf": "queued", "due": n}) for n in range(4)))
    first, second = await table.find(SHELF_INDEX, "queued", limit=2)

    await table.write(Delete(first.key), Change(second.key, unset=("shelf",)))

    assert [row.number("due") for row in await table.find(SHELF_INDEX, "queued", after=second)] == [2, 3]


async def test_a_row_moves_from_shelf_to_shelf(table: Table) -> None:
    key = Key("JOB#1", "META")
    await table.write(Create(key, {"shelf": "queued"}))
    assert await table.find(SHELF_INDEX, "queued") == []  # nothing is due yet

    await table.write(Change(key, add={"due": 5}))
    assert [row.key for row in await table.find(SHELF_INDEX, "queued")] == [key]

    await table.write(Change(key, set={"shelf": "painting"}, add={"due": 2}))
    assert await table.find(SHELF_INDEX, "queued") == []
    assert await table.find(SHELF_INDEX, "painting") == [Row(key, {"shelf": "painting", "due": 7})]

    await table.write(Change(key, unset=("due",)))
    assert await table.find(SHELF_INDEX, "painting") == []


@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_a_walk_sees_each_row_once_and_ends_with_a_short_page(table: Table, limit: int) -> None:
    keys = {Key(owner, name) for owner in ("a", "ô", "ab") for name in ("1", "é", "2")} | {Key("a", "b\x001")}
    await table.write(*(Create(key, {"email": "x"}) for key in keys))

    seen: list[Key] = []
    while page := await table.walk(seen[-1] if seen else None, limit):
        seen += [row.key for row in page]
        if len(page) < limit:
            break

    assert len(seen) == len(keys)
    assert set(seen) == keys


async def test_a_walk_goes_on_behind_a_row_that_was_taken_away(table: Table) -> None:
    keys = {Key(f"o{n}", "x") for n in range(6)}
    await table.write(*(Create(key, {}) for key in keys))

    seen: set[Key] = set()
    after: Key | None = None
    while page := await table.walk(after, 1):
        after = page[0].key
        seen.add(after)
        await table.write(Delete(after))

    assert seen == keys


async def test_a_read_after_a_write_sees_it(table: Table) -> None:
    await table.write(Create(AN, {"n": 0}))

    for n in range(1, 20):
        await table.write(Change(AN, add={"n": 1}))
        assert await fields_of(table, AN) == {"n": n}
        assert await table.list(AN.owner) == [Row(AN, {"n": n})]
