"""The secret of a house: another one is not let in, and one that takes over loses nobody."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from core.addresses import Address
from core.audit import every_row
from core.errors import CannotStart
from core.rotation import Rotation, Standing, know_secret, look
from core.schema import SCHEMA_KEY, open_schema
from core.table import Table
from infra.embedded.table import SqliteTable
from tests.core.rig import Crowded, House

OLD, NEW, OTHER = b"the old secret", b"the new secret", b"another secret"
PEOPLE = 1_000


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    file = SqliteTable.inline(":memory:")
    table = Crowded(file)
    await open_schema(table)
    await know_secret(table, (OLD,))
    yield table
    await file.close()


async def wallets(table: Table) -> dict[str, int]:
    """What is in every purse, by person."""
    return {row.key.owner: row.number("paid") async for row in every_row(table) if row.key.name == "PURSE"}


async def rounds(rotation: Rotation) -> None:
    """The chore, until it has nobody left to move."""
    moved = 1
    while moved:
        moved = await rotation.move()


async def test_a_house_opens_under_its_own_secret_alone(table: Table) -> None:
    await know_secret(table, (OLD,))

    with pytest.raises(CannotStart, match=r"bring back the file SECRET .* or name the earlier one in .*_BEFORE\.$"):
        await know_secret(table, (OTHER,))
    row = await table.get(SCHEMA_KEY)
    assert row
    assert OLD.decode() not in str(row.fields)


async def test_an_earlier_secret_is_wanted_until_everybody_is_known_by_the_new_one(table: Table) -> None:
    house = House.build(table, secrets=(OLD,))
    await house.meet("telegram", "10001")
    await know_secret(table, (NEW, OLD))

    with pytest.raises(CannotStart, match="still known by an earlier secret: name it in IMAGIFY_SECRETS_BEFORE"):
        await know_secret(table, (NEW,))
    assert await look(table, (NEW, OLD)) == Standing(listed=1, behind=1, wanted=True)
    await rounds(Rotation(table, House.build(table, secrets=(NEW, OLD)).addresses))

    await know_secret(table, (NEW,))
    assert await look(table, (NEW,)) == Standing()
    later = House.build(table, secrets=(NEW,))
    assert await later.people.find("telegram", "10001")


async def test_a_secret_that_takes_over_while_a_thousand_people_speak_orphans_nobody(table: Table) -> None:
    house, lot = House.build(table, secrets=(OLD,)), Random(12)
    people = {(await house.meet("telegram", str(number), paid=number)).id: number for number in range(PEOPLE)}
    before = await wallets(table)

    await know_secret(table, (NEW, OLD))
    houses = [House.build(table, secrets=(NEW, OLD), like=house) for _ in range(2)]  # two processes
    speaking = [asyncio.create_task(speak(lot.choice(houses), lot.randrange(PEOPLE))) for _ in range(2_000)]
    await asyncio.gather(*speaking, *(rounds(Rotation(table, one.addresses)) for one in houses))
    await rounds(Rotation(table, houses[0].addresses))

    await know_secret(table, (NEW,))
    later = House.build(table, secrets=(NEW,), like=house)
    found = {person: await later.people.find("telegram", str(number)) for person, number in people.items()}
    assert [person for person, one in found.items() if one is None or one.id != person] == []
    assert await wallets(table) == before


async def speak(house: House, number: int) -> None:
    await asyncio.sleep(0)
    await house.people.greet("telegram", str(number), "vi")


async def test_a_code_and_its_chat_are_known_under_the_secret_they_were_asked_for_under(table: Table) -> None:
    house = House.build(table, secrets=(OLD,))
    an, binh = await house.meet("telegram", "10001"), await house.meet("zalo", "10002")
    code = await house.linking.ask_code(an)

    later = House.build(table, secrets=(NEW, OLD), like=house)

    assert (await later.linking.look(code, an, Address("telegram", "10001"))).state == "open"
    await later.linking.accept(code, binh)
    assert (await later.linking.confirm(code, an)).person.id == an.id
