"""Voiding play: all that is left of it goes, nothing else, once, wherever the power fails."""

import pytest

from core.ledger import Ledger, Purse
from core.people import Person
from core.play import mark_played, was_played
from core.table import Table
from core.voiding import Voided, void_play
from tests.core.rig import HOME, House, Mortal, PowerCut


@pytest.fixture
def played(house: House) -> Ledger:
    """The ledger of a house whose till is played, over the same rows."""
    return Ledger(house.table, house.clock, play=True)


@pytest.fixture
async def an(house: House) -> Person:
    return await house.meet(HOME.channel, HOME.id)


@pytest.fixture(autouse=True)
async def marked(table: Table) -> None:
    await mark_played(table)


async def void(house: House) -> Voided:
    return await void_play(house.table, house.ledger)


async def tops_up(ledger: Ledger, person: Person, credits_: int, key: str = "1") -> None:
    await ledger.deposit(person.id, credits_, key=f"order:{key}", kind="topup", ref=key)


async def purse_of(house: House, person: Person) -> Purse:
    return await house.ledger.purse(person.id)


async def test_what_was_bought_with_nothing_is_taken_back(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55)
    await played.deposit(an.id, 10, key="gift:1", kind="gift")

    voided = await void(house)

    assert voided == Voided(people=1, credits=65, held=0)
    assert (await purse_of(house, an)).free == 0
    assert not await was_played(house.table)
    (entry, *_) = await house.ledger.entries(an.id)
    assert (entry.text("kind"), entry.number("gift"), entry.number("paid")) == ("void", -10, -55)
    assert await house.balanced()


async def test_what_was_given_or_bought_without_play_stays(house: House, played: Ledger, an: Person) -> None:
    await tops_up(house.ledger, an, 20, "real")
    await house.ledger.deposit(an.id, 3, key="gift:1", kind="gift")
    await tops_up(played, an, 55, "played")

    voided = await void(house)

    purse = await purse_of(house, an)
    assert voided.credits == 55
    assert (purse.gift, purse.paid, purse.had_paid) == (3, 20, True)


async def test_no_more_than_is_left_is_taken(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55)
    await house.paints(an, price=40)

    voided = await void(house)

    assert voided == Voided(people=1, credits=15, held=0)
    assert await house.balanced()


async def test_what_is_held_for_a_picture_stays_held_and_is_counted(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55)
    await house.orders(an, price=40)

    voided = await void(house)

    assert voided == Voided(people=1, credits=15, held=40)
    assert (await purse_of(house, an)).held == 40
    assert await house.balanced()


async def test_whoever_paid_with_nothing_comes_after_those_who_paid(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55)
    assert (await purse_of(house, an)).had_paid

    await void(house)

    assert not (await purse_of(house, an)).had_paid


async def test_people_without_anything_of_play_are_left_alone(house: House, an: Person) -> None:
    await tops_up(house.ledger, an, 20)

    before = await house.table.walk()
    assert await void(house) == Voided(0, 0, 0)

    kept = [row for row in before if row.key.owner != "META#PLAY"]
    assert await house.table.walk() == kept


async def test_what_is_bought_afterwards_is_safe_from_being_voided(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55, "played")
    await house.paints(an, price=55)
    await void(house)
    await tops_up(house.ledger, an, 20, "real")

    again = await void(house)

    assert again == Voided(0, 0, 0)
    assert (await purse_of(house, an)).paid == 20


async def test_what_is_played_after_a_voiding_is_voided_by_the_next(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55, "first")
    await void(house)
    await tops_up(played, an, 20, "second")

    assert (await void(house)).credits == 20
    assert await house.balanced()


async def test_a_purse_that_was_merged_away_is_voided_where_its_credits_went(
    house: House, played: Ledger, an: Person
) -> None:
    zalo = await house.meet("zalo", "8880456")
    await tops_up(played, zalo, 55)
    await tops_up(house.ledger, an, 20, "real")
    code = await house.linking.ask_code(an)
    await house.linking.accept(code, zalo)
    await house.linking.confirm(code, an)

    voided = await void(house)

    assert voided == Voided(people=1, credits=55, held=0)
    assert (await purse_of(house, zalo)).paid == 20
    assert await void(house) == Voided(0, 0, 0)
    assert await house.balanced()


async def test_a_frozen_purse_is_voided_and_stays_frozen(house: House, played: Ledger, an: Person) -> None:
    await tops_up(played, an, 55)
    await house.ledger.freeze(an.id)

    await void(house)

    purse = await purse_of(house, an)
    assert (purse.free, purse.frozen) == (0, True)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
async def test_wherever_the_power_fails_beginning_again_ends_the_same(
    k: int, after: bool, house: House, played: Ledger, an: Person, table: Table
) -> None:
    others = [await house.meet("zalo", f"888045{number}") for number in range(2)]
    for number, person in enumerate((an, *others)):
        await tops_up(played, person, 55, str(number))
        await tops_up(house.ledger, person, 20, f"real {number}")
    mortal = Mortal(table, k, after=after)
    with pytest.raises(PowerCut):
        await void_play(mortal, Ledger(mortal, house.clock))
    assert await was_played(table) == (not (k == 4 and after))

    await void(house)

    assert [(await purse_of(house, person)).paid for person in (an, *others)] == [20, 20, 20]
    assert not await was_played(table)
    assert await house.balanced()
