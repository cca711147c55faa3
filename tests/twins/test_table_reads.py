"""What reading the table promises, on every builder: order, pages, prefixes, shelves, walks."""

import pytest

from core.table import (
    EMAIL_INDEX,
    SHELF_INDEX,
    Change,
    Create,
    Delete,
    Key,
    Row,
    Rows,
    Table,
)
from tests.twins.asking import AN, BINH, fields_of

NAMES = ["A", "a", "aa", "a#1", "b", "é", "ô", "ố", "Đ", "đồng", "字", "🎨", "\U0010ffff"]


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
