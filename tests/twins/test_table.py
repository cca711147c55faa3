"""What writing to the table promises, sentence by sentence, on every builder."""

import asyncio
import json

import pytest

from core.table import (
    Change,
    Check,
    Create,
    Delete,
    Fields,
    Key,
    Refused,
    Row,
    Table,
    Write,
)
from tests.twins.asking import AN, BINH, CHI, fields_of, refused


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


async def test_a_change_alone_is_made_or_refused_as_any_other(table: Table) -> None:
    await table.write(Create(AN, {"fence": 1, "until": 5, "old": True}))

    for until in (6, 7):
        await table.write(Change(AN, set={"until": until}, unset=("old",), when={"fence": 1}, alone=True))

    assert await fields_of(table, AN) == {"fence": 1, "until": 7}
    assert await refused(table, Change(AN, set={"until": 8}, when={"fence": 2}, alone=True)) == {
        0: Row(AN, {"fence": 1, "until": 7})
    }
    assert await refused(table, Change(BINH, set={"until": 8}, alone=True)) == {0: None}


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
    "the row's mark": [Change(AN, set={"w": "x"}, or_create=True)],
    "an addition alone": [Change(AN, add={"f": 1}, alone=True)],
    "a beginning alone": [Change(AN, set={"f": 1}, or_create=True, alone=True)],
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
