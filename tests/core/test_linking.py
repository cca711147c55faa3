"""Linking: two chats become one person, once, with both saying yes and no paid credit lost."""

import asyncio

import pytest

from core.chance import CODE_LETTERS
from core.errors import NotLinked
from core.ledger import Moved
from core.linking import Linked
from core.people import Person
from core.table import every
from tests.core.rig import House, Mortal, PowerCut


@pytest.fixture
async def an(house: House) -> Person:
    """On Telegram, with a gift and paid credits: she asks for the code."""
    return await house.meet("telegram", "5550123", gift=10, paid=20)


@pytest.fixture
async def zalo(house: House) -> Person:
    """The same An on Zalo, a person of its own as yet."""
    return await house.meet("zalo", "8880456", gift=10, paid=7)


async def accepted(house: House, stays: Person, goes: Person) -> str:
    code = await house.linking.ask_code(stays)
    await house.linking.accept(code, goes)
    return code


async def linked(house: House, stays: Person, goes: Person) -> Person:
    return (await house.linking.confirm(await accepted(house, stays, goes), stays)).person


# -- both say yes ----------------------------------------------------------------------------------------------------


async def test_two_wallets_become_one_and_only_the_gift_lapses(house: House, an: Person, zalo: Person) -> None:
    one = await linked(house, an, zalo)

    purse = await house.ledger.purse(an.id)
    assert (purse.gift, purse.paid) == (10, 27)
    assert one.ids == (an.id, zalo.id)
    assert await house.people.find("zalo", "8880456") == one
    assert await house.people.person(zalo.id) == one
    assert [address.channel for address in one.addresses] == ["telegram", "zalo"]
    assert await house.balanced()


async def test_the_books_of_both_sides_tell_what_moved(house: House, an: Person, zalo: Person) -> None:
    await linked(house, an, zalo)

    into = (await house.ledger.entries(an.id))[0]
    out, lapse = reversed((await house.ledger.entries(zalo.id))[:2])
    assert [(row.text("kind"), row.number("paid"), row.number("gift")) for row in (into, out, lapse)] == [
        ("merge in", 7, 0),
        ("merge out", -7, 0),
        ("lapse", 0, -10),
    ]
    assert into.text("ref") == out.text("ref") == lapse.text("ref")


async def test_each_side_sees_the_other_masked_and_what_moves(house: House, an: Person, zalo: Person) -> None:
    await house.paints(zalo, price=2)
    code = await house.linking.ask_code(an)

    alone = await house.linking.look(code, an)
    theirs = await house.linking.accept(code, zalo)
    ours = await house.linking.look(code, an)

    assert (alone.state, alone.other) == ("open", ())
    assert (theirs.keeps, theirs.other) == (False, ("telegram …123",))
    assert (ours.keeps, ours.other) == (True, ("zalo …456",))
    assert (ours.paid, ours.lapses, ours.images) == (theirs.paid, theirs.lapses, theirs.images) == (7, 8, 1)


async def test_nothing_moves_before_both_have_said_yes(house: House, an: Person, zalo: Person) -> None:
    code = await house.linking.ask_code(an)
    with pytest.raises(NotLinked, match="not accepted"):
        await house.linking.confirm(code, an)
    await house.linking.accept(code, zalo)
    with pytest.raises(NotLinked, match="not yours"):
        await house.linking.confirm(code, zalo)

    assert (await house.ledger.purse(zalo.id)).paid == 7
    assert (await house.people.person(zalo.id)).status == "active"


async def test_a_code_may_be_typed_as_people_type(house: House, an: Person, zalo: Person) -> None:
    code = await house.linking.ask_code(an)
    typed = f" {code[:5].lower()}-{code[5:].lower().replace('0', 'o').replace('1', 'l')} "

    assert len(code) == CODE_LETTERS
    assert (await house.linking.accept(typed, zalo)).state == "accepted"


async def test_no_code_stands_in_clear_anywhere(house: House, an: Person) -> None:
    code = await house.linking.ask_code(an)

    assert await house.said_anywhere(code) == []


async def test_who_linked_a_paying_chat_counts_as_one_who_paid(house: House, zalo: Person) -> None:
    new = await house.meet("web", "w0000001", gift=10)
    assert not (await house.ledger.purse(new.id)).had_paid

    await linked(house, new, zalo)

    assert (await house.ledger.purse(new.id)).had_paid


async def test_a_third_chat_can_join_and_all_lead_to_the_one_that_stays(house: House, an: Person, zalo: Person) -> None:
    web = await house.meet("web", "w0000001", paid=3)
    both = await linked(house, zalo, web)

    one = await linked(house, an, both)

    assert one.ids == (an.id, zalo.id, web.id)
    assert await house.people.person(web.id) == one
    assert (await house.ledger.purse(web.id)).paid == 30
    assert await house.balanced()


async def test_a_payment_for_the_wallet_that_went_arrives_in_the_one_that_stays(
    house: House, an: Person, zalo: Person
) -> None:
    late, replayed = await asyncio.gather(
        house.ledger.deposit(zalo.id, 20, key="order:late", kind="topup"), linked(house, an, zalo)
    )

    again = await house.ledger.deposit(zalo.id, 20, key="order:late", kind="topup")
    assert isinstance(late, Moved)
    assert isinstance(replayed, Person)
    assert again.already
    assert (await house.ledger.purse(an.id)).paid == 47
    assert await house.balanced()


# -- raced and replayed ----------------------------------------------------------------------------------------------


async def test_a_link_confirmed_twice_is_made_once(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)

    ends = await asyncio.gather(*(house.linking.confirm(code, an) for _ in range(4)))

    assert [end.already for end in ends].count(False) == 1
    assert len({end.person.id for end in ends}) == 1
    assert (await house.ledger.purse(an.id)).paid == 27
    assert (await house.linking.confirm(code, an)).already
    assert await house.balanced()


async def test_a_wallet_promised_to_two_goes_to_one(house: House, an: Person, zalo: Person) -> None:
    web = await house.meet("web", "w0000001", paid=3)
    to_an, to_web = await accepted(house, an, zalo), await accepted(house, web, zalo)

    ends = await asyncio.gather(
        house.linking.confirm(to_an, an), house.linking.confirm(to_web, web), return_exceptions=True
    )

    assert [type(end) for end in ends].count(Linked) == 1
    assert [type(end) for end in ends].count(NotLinked) == 1
    paid = [(await house.ledger.purse(person.id)).paid for person in (an, web)]
    assert sum(paid) == 20 + 7 + 3
    assert await house.balanced()


async def test_links_in_a_chain_at_the_same_moment_lose_nobody(house: House, an: Person, zalo: Person) -> None:
    web = await house.meet("web", "w0000001", paid=3)
    to_an, to_web = await accepted(house, an, zalo), await accepted(house, web, an)

    await asyncio.gather(house.linking.confirm(to_an, an), house.linking.confirm(to_web, web), return_exceptions=True)

    for person in (an, zalo, web):
        here = await house.people.find(person.addresses[0].channel, person.addresses[0].id)
        assert here is not None
        assert person.addresses[0] in here.addresses
        assert person.id in here.ids
    assert await house.balanced()


async def test_two_who_each_want_to_stay_become_one_all_the_same(house: House, an: Person, zalo: Person) -> None:
    first, second = await accepted(house, an, zalo), await accepted(house, zalo, an)

    ends = await asyncio.gather(
        house.linking.confirm(first, an), house.linking.confirm(second, zalo), return_exceptions=True
    )

    assert [type(end) for end in ends].count(Linked) == 1
    assert (await house.ledger.purse(an.id)).paid == 27
    assert await house.balanced()


async def test_deposits_while_linking_are_all_in_the_one_wallet(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    persons = [an, zalo] * 5

    await asyncio.gather(
        house.linking.confirm(code, an),
        *(house.ledger.deposit(person.id, 1, key=f"order:{n}") for n, person in enumerate(persons)),
    )

    assert (await house.ledger.purse(an.id)).paid == 37
    assert await house.balanced()


@pytest.mark.parametrize("after", [False, True])
async def test_a_process_that_dies_while_linking_leaves_two_or_one_and_never_a_half(
    house: House, an: Person, zalo: Person, *, after: bool
) -> None:
    code = await accepted(house, an, zalo)
    dying = House.build(Mortal(house.table, 1, after=after), like=house)
    with pytest.raises(PowerCut):
        await dying.linking.confirm(code, an)
    assert await house.balanced()

    ended = await house.linking.confirm(code, an)

    assert ended.already == after
    assert (await house.ledger.purse(an.id)).paid == 27
    assert await house.balanced()


async def test_a_merged_profile_keeps_no_address_in_clear(house: House, an: Person, zalo: Person) -> None:
    await linked(house, an, zalo)

    profiles = [row async for row in every(house.table, f"USER#{zalo.id}", "PROFILE")]
    assert profiles[0].items("addresses") == []
