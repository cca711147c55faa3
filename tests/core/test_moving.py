"""A house moves: nothing is lost wherever the power fails, only one door is ever open, and what differs is refused."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from core.audit import audit, every_blob, every_row
from core.errors import CannotStart
from core.moving import Ground, Moved, letters, move, stay
from core.schema import NEVER, SCHEMA, SCHEMA_KEY, open_schema, shut
from core.table import Change, Create, Delete, Fields, Key, Row, Table
from infra.embedded.blobs import FileBlobs
from tests.core.moving_rig import Counting, Empty, Power, in_memory, mortal
from tests.core.rig import House, PowerCut
from tests.servers import on_dynoxide, on_ministack
from tests.tables import dynamo

__all__ = ["on_dynoxide", "on_ministack"]  # fixtures, found by their names

TO, NAME = "table imagify in ap-southeast-1", "drawn for this move"
MANY = 260  # rows that are nobody's, so that it takes several writes


@pytest.fixture
async def old(house: House, tmp_path: Path) -> Ground:
    """A house that has been lived in: people, wallets, an order that waits, pictures, values of every kind."""
    await open_schema(house.table)
    an, binh = await house.meet("telegram", "1", gift=10, paid=50), await house.meet("zalo", "2", paid=20)
    await house.orders(an)
    for person in (an, binh, binh):
        await house.paints(person)
    for number in range(MANY):
        odd: Fields = {
            "yes": True,
            "one": 1,
            "text": f"chữ {number}",
            "list": [1, "a", {"b": False}],
            "map": {"x": [0]},
        }
        await house.table.write(Create(Key(f"SCRAP#{number % 7}", f"{number:04}"), odd))
    blobs = FileBlobs(tmp_path / "blobs")
    for name, data in house.blobs.kept.items():
        await blobs.put(name, data, "image/png")
    return Ground(house.table, blobs)


@pytest.fixture
async def new() -> AsyncIterator[Empty]:
    async with in_memory() as table:
        yield Empty(table)


async def everything(ground: Ground) -> tuple[list[bytes], dict[str, str]]:
    """What stands there, but for the door."""
    rows = [letters(row) async for row in every_row(ground.table) if row.key != SCHEMA_KEY]
    return sorted(rows), {one.name: one.sha256 async for one in every_blob(ground.blobs)}


async def door(ground: Ground) -> Row:
    row = await ground.table.get(SCHEMA_KEY)
    assert row is not None
    return row


async def is_open(ground: Ground) -> bool:
    row = await ground.table.get(SCHEMA_KEY)
    return row is not None and not shut(row)


async def moves(old: Ground, new: Ground, name: str = NAME) -> Moved:
    return await move(old, new, TO, name)


async def test_all_that_is_kept_arrives_as_it_was_and_is_proved_on_both_sides(old: Ground, new: Empty) -> None:
    before = await everything(old)

    moved = await moves(old, new.ground)

    assert await everything(new.ground) == await everything(old) == before
    assert (moved.rows, moved.blobs, moved.differences) == (len(before[0]), len(before[1]), ())
    assert moved.report
    assert (moved.report.clean, moved.report.people, moved.report.jobs, moved.report.images) == (True, 2, 4, 3)


async def test_the_new_house_opens_and_the_old_one_says_where_it_has_gone(old: Ground, new: Empty) -> None:
    await moves(old, new.ground)

    await open_schema(new.table)
    with pytest.raises(CannotStart, match=f"has moved to {TO}"):
        await open_schema(old.table)
    assert (await door(new.ground)).fields == {"version": SCHEMA, "oldest": SCHEMA - 1, "arrived": NAME}


async def test_a_second_move_of_the_same_house_changes_nothing(old: Ground, new: Empty) -> None:
    await moves(old, new.ground)
    await open_schema(new.table)
    await new.table.write(Create(Key("USER#new", "PURSE"), {"gift": 1}))  # it is lived in
    before = await everything(new.ground), await everything(old)

    again = await moves(old, new.ground, "drawn anew")

    assert again == Moved()
    assert (await everything(new.ground), await everything(old)) == before
    assert await is_open(new.ground)


def every_call() -> Iterator[tuple[int, bool]]:
    """The first call before and after it, the second, and so on."""
    return ((k, after) for k in itertools.count(1) for after in (False, True))


async def test_wherever_the_power_fails_it_goes_on_and_no_two_doors_are_ever_open(old: Ground) -> None:
    before = await everything(old)

    for k, after in every_call():
        async with in_memory() as table:
            new = Empty(table)
            if await cut_off(old, new.ground, Power(k, after)):
                await stay(old.table)
                break
            assert not (await is_open(old) and await is_open(new.ground))
            await moves(old, new.ground, "drawn anew")

            assert await everything(new.ground) == before
            assert (await is_open(old), await is_open(new.ground)) == (False, True)
            await stay(old.table)

    assert k > 20


async def cut_off(old: Ground, new: Ground, power: Power) -> bool:
    """Whether the house had moved before the power failed."""
    try:
        await moves(mortal(old, power), mortal(new, power))
    except PowerCut:
        return False
    return True


async def test_bytes_that_have_arrived_are_not_sent_again(old: Ground) -> None:
    whole = Power()
    async with in_memory() as table:
        await moves(old, mortal(Empty(table).ground, whole))
    await stay(old.table)

    async with in_memory() as table:
        new = Empty(table, bytes_ := Counting())
        await cut_off(old, mortal(new.ground, Power(whole.calls - 2)), Power())  # when the door is to be opened
        assert not await is_open(new.ground)
        await moves(old, new.ground)

        assert bytes_.sent == len(bytes_.kept) == 6
        assert await is_open(new.ground)


async def test_nobody_opens_a_house_that_is_half_moved_on_either_side(old: Ground, new: Empty) -> None:
    await cut_off(old, mortal(new.ground, Power(6)), Power())

    with pytest.raises(CannotStart, match="has not all arrived"):
        await open_schema(new.table)
    with pytest.raises(CannotStart, match=f"is on its way to {TO}"):
        await open_schema(old.table)
    assert ((await door(old)).number("oldest"), (await door(new.ground)).number("oldest")) == (NEVER, NEVER)


# --- what is refused


async def test_a_house_moves_only_to_where_nothing_is(old: Ground, new: Empty) -> None:
    await new.table.write(Create(Key("USER#else", "PURSE"), {"gift": 1}))

    with pytest.raises(CannotStart, match="table there is not empty"):
        await moves(old, new.ground)

    assert await is_open(old)


async def test_a_bucket_with_pictures_is_no_empty_place(old: Ground, new: Empty) -> None:
    await new.blobs.put("img/else", b"a picture", "image/png")

    with pytest.raises(CannotStart, match="bucket there is not empty"):
        await moves(old, new.ground)

    assert await is_open(old)


async def test_a_house_does_not_move_into_one_that_is_lived_in(old: Ground, new: Empty) -> None:
    await open_schema(new.table)

    with pytest.raises(CannotStart, match="table there is not empty"):
        await moves(old, new.ground)


async def test_on_its_way_to_one_place_it_does_not_turn_to_another(old: Ground, new: Empty) -> None:
    await cut_off(old, mortal(new.ground, Power(6)), Power())

    async with in_memory() as table:
        with pytest.raises(CannotStart, match="It cannot go to somewhere else before that"):
            await move(old, Empty(table).ground, "somewhere else", "drawn anew")

        assert await table.walk() == []


async def test_a_move_that_was_undone_is_not_gone_on_with_for_the_house_has_lived_since(
    old: Ground, new: Empty
) -> None:
    await cut_off(old, mortal(new.ground, Power(8)), Power())

    assert await stay(old.table) == TO

    await open_schema(old.table)
    with pytest.raises(CannotStart, match="a move that was undone"):
        await moves(old, new.ground, "drawn anew")
    assert await is_open(old)


async def test_what_has_not_moved_cannot_be_taken_back(old: Ground) -> None:
    with pytest.raises(CannotStart, match="has not moved"):
        await stay(old.table)


async def test_a_row_that_stands_there_otherwise_ends_the_move_and_the_door_stays_shut(old: Ground, new: Empty) -> None:
    await cut_off(old, mortal(new.ground, Power(6)), Power())
    await new.table.write(Change(Key("SCRAP#0", "0000"), set={"one": True}, or_create=True))

    with pytest.raises(CannotStart, match="stands there otherwise than here"):
        await moves(old, new.ground)

    assert not await is_open(new.ground)


async def test_bytes_that_stand_there_otherwise_end_the_move(old: Ground, new: Empty) -> None:
    await cut_off(old, mortal(new.ground, Power(6)), Power())
    [first] = await old.blobs.walk(limit=1)
    await new.blobs.put(first.name, b"something else", "image/png")

    with pytest.raises(CannotStart, match=f"{first.name} stands there otherwise"):
        await moves(old, new.ground)


async def test_what_is_too_much_on_the_other_side_is_found_and_the_door_stays_shut(old: Ground, new: Empty) -> None:
    await cut_off(old, mortal(new.ground, Power(6)), Power())
    await new.table.write(Create(Key("SCRAP#0", "stranger"), {}))
    await new.blobs.put("img/stranger", b"nobody's", "image/png")

    moved = await moves(old, new.ground)

    rows = len((await everything(old))[0])
    assert f"rows: {rows} here, {rows + 1} there" in moved.differences
    assert any(one.startswith("blobs: ") for one in moved.differences)
    assert not await is_open(new.ground)
    await new.table.write(Delete(Key("SCRAP#0", "stranger")))
    await new.blobs.delete("img/stranger")
    assert (await moves(old, new.ground)).differences == ()


async def test_a_house_of_a_newer_schema_waits_for_that_version(old: Ground, new: Empty) -> None:
    await open_schema(old.table, SCHEMA + 1)

    with pytest.raises(CannotStart, match="written by a newer Imagify"):
        await moves(old, new.ground)

    assert await new.table.walk() == []


async def test_what_does_not_hold_here_is_carried_as_it_is_and_told(old: Ground, new: Empty, house: House) -> None:
    an = (await house.people.greet("telegram", "1", "vi")).id
    await house.table.write(Change(Key(f"USER#{an}", "PURSE"), add={"paid": 5}))

    moved = await moves(old, new.ground)

    assert moved.differences == ()
    assert moved.report
    assert [one.rule for one in moved.report.violations] == ["purse is the sum of its entries"]


# --- on servers that speak DynamoDB

Dynamo = Callable[[], AbstractAsyncContextManager[Table]]


@pytest.fixture(params=["on_ministack", "on_dynoxide"])
def fresh(request: pytest.FixtureRequest) -> Dynamo:
    return lambda: dynamo(request.getfixturevalue(request.param))


@pytest.mark.server
async def test_a_house_moves_to_dynamo_wherever_the_power_fails_on_the_way(old: Ground, fresh: Dynamo) -> None:
    before = await everything(old)

    for k in (5, 7, 8, 9, 12, 20):
        async with fresh() as table:
            new = Empty(table)
            assert not await cut_off(old, new.ground, Power(k, after=True))
            moved = await moves(old, new.ground, "drawn anew")

            assert moved.differences == ()
            assert await everything(new.ground) == before
            assert (await audit(table, new.blobs)).clean
            await open_schema(table)
            await stay(old.table)
