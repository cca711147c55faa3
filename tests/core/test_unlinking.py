"""Un-linking: a chat leaves the wallet it shares, with nothing but itself; and nothing can be farmed by it."""

import asyncio

import pytest

from core.addresses import Address
from core.errors import NotLinked
from core.linking import MOST_IDS
from core.news import LINKED, SHARDS, UNLINKED_HERE, UNLINKED_THERE, News, shelf_of
from core.people import CONSENT_VERSION, Person
from core.table import Change, Key
from tests.core.rig import OWNER, House, Mortal, PowerCut

TELEGRAM, ZALO = Address("telegram", "5550123", "5550123"), Address("zalo", "8880456", "8880456")


@pytest.fixture
async def an(house: House) -> Person:
    """One person at two chats: asked for at Telegram, joined from Zalo."""
    stays = await house.meet("telegram", "5550123", gift=10, paid=20)
    goes = await house.meet("zalo", "8880456", gift=10, paid=7)
    return await joined(house, stays, goes)


async def joined(house: House, stays: Person, goes: Person) -> Person:
    code = await house.linking.ask_code(stays)
    await house.linking.accept(code, goes)
    return (await house.linking.confirm(code, stays)).person


async def leaves(house: House, person: Person, at: Address = ZALO) -> Person:
    would = await house.unlinking.look(person, at)
    return await house.unlinking.leave(person, at, would.links)


async def told(house: House, channel: str) -> list[News]:
    shelves = [shelf_of(channel, shard) for shard in range(SHARDS)]
    return [News.of(row) for shelf in shelves for row in await house.table.list(shelf)]


# -- what leaves, and what stays --------------------------------------------------------------------------------------


async def test_the_chat_leaves_and_everything_else_stays(house: House, an: Person) -> None:
    fresh = await leaves(house, an)

    stays = await house.people.person(an.id)
    assert await house.people.find("zalo", "8880456") == fresh
    assert stays.addresses == (TELEGRAM,)
    assert stays.ids == an.ids
    assert (await house.ledger.purse(an.id)).free == 10 + 20 + 7
    assert (await house.ledger.purse(fresh.id)).free == 0
    assert (fresh.language, fresh.agreed, fresh.ids) == (an.language, False, (fresh.id,))
    assert await house.balanced()


async def test_the_first_chat_can_leave_and_the_wallet_stays_with_the_second(house: House, an: Person) -> None:
    fresh = await leaves(house, an, TELEGRAM)

    assert await house.people.find("telegram", "5550123") == fresh
    here = await house.people.find("zalo", "8880456")
    assert here is not None
    assert here.id == an.id
    assert (await house.ledger.purse(here.id)).paid == 27
    assert await house.balanced()


async def test_what_it_would_mean_is_said_beforehand(house: House, an: Person) -> None:
    await house.gallery.view(an.id, (await house.paints(an, price=2)).id)

    would = await house.unlinking.look(an, ZALO)

    assert (would.others, would.free, would.images) == (("telegram …123",), 35, 1)


async def test_every_chat_is_told_what_it_means_there(house: House, an: Person) -> None:
    fresh = await leaves(house, an)

    zalo, telegram = await told(house, "zalo"), await told(house, "telegram")
    assert [(news.kind, news.person, news.facts["other"]) for news in zalo] == [
        (LINKED, an.id, "telegram …123"),
        (UNLINKED_HERE, fresh.id, "telegram …123"),
    ]
    assert [(news.kind, news.person, news.facts["other"]) for news in telegram] == [
        (UNLINKED_THERE, an.id, "zalo …456")
    ]


async def test_a_payment_for_the_id_that_was_merged_finds_the_wallet_after_the_parting(
    house: House, an: Person
) -> None:
    fresh = await leaves(house, an)

    for person in an.ids:
        await house.ledger.deposit(person, 5, key=f"order:late {person}", kind="topup")

    assert (await house.ledger.purse(an.id)).paid == 27 + 10
    assert (await house.ledger.purse(fresh.id)).free == 0
    assert await house.balanced()


async def test_rights_strikes_and_a_ban_stay_with_the_address(house: House, an: Person) -> None:
    await house.addresses.entitle(ZALO, "moderator")
    await house.addresses.strike(ZALO, key="a job", reason="blocked")

    await leaves(house, an)
    await house.addresses.ban(ZALO, reason="enough", actor=OWNER)

    assert await house.addresses.rights_of(ZALO) == "moderator"
    assert await house.addresses.strike(ZALO, key="another job", reason="blocked") == 2
    assert await house.addresses.banned(ZALO)
    assert not await house.addresses.banned(TELEGRAM)


async def test_linking_and_parting_brings_no_gift_however_often(house: House, an: Person) -> None:
    person = an
    for _ in range(5):
        fresh = await leaves(house, person)
        fresh = await house.people.agree(fresh, CONSENT_VERSION, "zalo")
        await house.people.gift(fresh, ZALO, 10, key=f"gift:{fresh.id}")
        assert (await house.ledger.purse(fresh.id)).free == 0
        person = await joined(house, await house.people.person(an.id), fresh)

    assert (await house.ledger.purse(an.id)).free == 37
    assert await house.balanced()


async def test_a_chat_that_never_had_a_gift_has_none_after_parting(house: House) -> None:
    stays, goes = await house.meet("telegram", "5550123", gift=10), await house.meet("zalo", "8880456")
    fresh = await leaves(house, await joined(house, stays, goes))
    fresh = await house.people.agree(fresh, CONSENT_VERSION, "zalo")

    await house.people.gift(fresh, ZALO, 10, key="gift:zalo")

    assert (await house.ledger.purse(fresh.id)).free == 0


async def test_a_wallet_can_go_on_to_whoever_left_it(house: House, an: Person) -> None:
    fresh = await house.people.agree(await leaves(house, an), CONSENT_VERSION, "zalo")

    one = await joined(house, fresh, await house.people.person(an.id))

    assert one.id == fresh.id
    assert one.ids == (fresh.id, *an.ids)
    await house.ledger.deposit(an.ids[1], 3, key="order:late", kind="topup")
    assert (await house.ledger.purse(fresh.id)).paid == 30
    assert await house.balanced()


async def test_whoever_has_joined_too_often_is_told_so(house: House, an: Person) -> None:
    many = [f"01{number:024}" for number in range(MOST_IDS)]
    profile = Key(f"USER#{an.id}", "PROFILE")
    web = await house.meet("web", "w0000001")
    code = await house.linking.ask_code(an)
    row = await house.table.get(profile)
    assert row
    await house.table.write(Change(profile, set={"absorbed": [*row.texts("absorbed"), *many]}))

    with pytest.raises(NotLinked, match="many"):
        await house.linking.accept(code, web)


# -- refused ----------------------------------------------------------------------------------------------------------


async def test_a_chat_that_shares_with_nobody_has_nothing_to_leave(house: House) -> None:
    alone = await house.meet("telegram", "5550123")

    with pytest.raises(NotLinked, match="alone"):
        await house.unlinking.look(alone, TELEGRAM)


async def test_nobody_parts_a_chat_that_is_not_theirs(house: House, an: Person) -> None:
    with pytest.raises(NotLinked, match="alone"):
        await house.unlinking.leave(an, Address("web", "w1", "w1"), an.links)


async def test_what_is_drawn_for_the_chat_is_waited_for(house: House, an: Person) -> None:
    await house.orders(an)  # at Telegram

    with pytest.raises(NotLinked, match="drawing"):
        await leaves(house, an, TELEGRAM)
    assert await leaves(house, an, ZALO)
    assert await house.balanced()


async def test_a_picture_on_its_way_to_the_chat_is_waited_for(house: House, an: Person) -> None:
    image = await house.paints(an)

    with pytest.raises(NotLinked, match="drawing"):
        await leaves(house, an, TELEGRAM)
    await house.gallery.view(an.id, image.id)
    assert await leaves(house, an, TELEGRAM)


async def test_a_frozen_wallet_is_left_by_nobody(house: House, an: Person) -> None:
    await house.ledger.freeze(an.id)

    with pytest.raises(NotLinked, match="frozen"):
        await leaves(house, an)


async def test_whoever_waits_to_be_forgotten_is_parted_from_nothing(house: House, an: Person) -> None:
    await house.privacy.ask_erase(an)

    with pytest.raises(NotLinked, match="leaving"):
        await leaves(house, an)


async def test_a_button_from_before_another_link_does_nothing(house: House, an: Person) -> None:
    would = await house.unlinking.look(an, ZALO)
    await joined(house, an, await house.meet("web", "w0000001"))

    with pytest.raises(NotLinked, match="void"):
        await house.unlinking.leave(an, ZALO, would.links)


async def test_a_yes_said_for_a_wallet_is_void_once_its_chat_has_left(house: House, an: Person) -> None:
    eve = await house.meet("web", "w0000666")
    code = await house.linking.ask_code(eve)
    await house.linking.accept(code, an, ZALO)
    await leaves(house, an)

    with pytest.raises(NotLinked, match="void"):
        await house.linking.confirm(code, eve)

    assert (await house.ledger.purse(an.id)).paid == 27


async def test_a_code_asked_for_before_the_parting_is_void(house: House, an: Person) -> None:
    code = await house.linking.ask_code(an, ZALO)
    fresh = await house.people.agree(await leaves(house, an), CONSENT_VERSION, "zalo")

    with pytest.raises(NotLinked, match="void"):
        await house.linking.accept(code, fresh)


# -- raced and cut off ------------------------------------------------------------------------------------------------


async def test_when_both_chats_leave_at_once_one_of_them_stays(house: House, an: Person) -> None:
    ends = await asyncio.gather(leaves(house, an), leaves(house, an, TELEGRAM), return_exceptions=True)

    assert sum(isinstance(end, Person) for end in ends) == 1
    assert sum(isinstance(end, NotLinked) for end in ends) == 1
    assert len((await house.people.person(an.id)).addresses) == 1
    assert await house.balanced()


@pytest.mark.parametrize("late", range(0, 24, 3))
async def test_an_order_at_the_same_moment_is_made_by_somebody_who_can_pay_for_it(
    house: House, an: Person, late: int
) -> None:
    async def order() -> None:
        for _ in range(late):
            await asyncio.sleep(0)
        await house.orders(an, price=2)

    await asyncio.gather(leaves(house, an, TELEGRAM), order(), return_exceptions=True)

    assert (await house.ledger.purse(an.id)).held == 2
    assert await house.balanced()


@pytest.mark.parametrize("after", [False, True])
async def test_a_process_that_dies_while_parting_leaves_one_or_two_and_never_a_half(
    house: House, an: Person, *, after: bool
) -> None:
    dying = House.build(Mortal(house.table, 1, after=after), like=house)
    with pytest.raises(PowerCut):
        await leaves(dying, an)
    assert await house.balanced()

    here = await house.people.find("zalo", "8880456")

    assert here is not None
    assert (here.id != an.id) == after
    assert len((await house.people.person(an.id)).addresses) == (1 if after else 2)


async def test_a_chat_that_left_is_erased_without_the_wallet(house: House, an: Person) -> None:
    fresh = await leaves(house, an)
    await house.privacy.ask_erase(fresh)
    house.clock.pass_by(8 * 24 * 3600)

    await house.privacy.erase_due(house.clock.now())

    assert await house.people.find("zalo", "8880456") is None
    assert (await house.ledger.purse(an.id)).free == 37
    assert await house.balanced()


async def test_the_wallet_is_erased_without_the_chat_that_left(house: House, an: Person) -> None:
    fresh = await leaves(house, an)
    await house.privacy.ask_erase(await house.people.person(an.id))
    house.clock.pass_by(8 * 24 * 3600)

    await house.privacy.erase_due(house.clock.now())

    assert await house.people.find("zalo", "8880456") == fresh
    assert await house.people.find("telegram", "5550123") is None
    assert await house.balanced()
