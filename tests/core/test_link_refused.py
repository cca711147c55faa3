"""Linking refused: which side it lies with, and nothing changed; and guesses at codes, counted before answered."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.clock import MINUTE, SECOND
from core.errors import NotAgreed, NotLinked, TooOften
from core.guesses import MOST_OF_A_HOME, MOST_OF_A_KIND, MOST_TRIES, PAUSE, PAUSED
from core.ledger import setting_aside
from core.linking import CODE_LASTS, Linked
from core.news import ALARM, SHARDS, News, shelf_of
from core.people import Person
from core.table import every
from tests.core.rig import OWNER, House


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


# -- refused ---------------------------------------------------------------------------------------------------------


async def test_a_wallet_with_a_picture_being_drawn_waits(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    await house.orders(zalo)

    for step in (house.linking.confirm(code, an), house.linking.look(code, an), house.linking.accept(code, zalo)):
        with pytest.raises(NotLinked, match=f"drawing {zalo.id}"):
            await step

    assert (await house.people.person(zalo.id)).status == "active"


async def test_the_wallet_that_stays_may_have_orders_open(house: House, an: Person, zalo: Person) -> None:
    await house.orders(an)

    await linked(house, an, zalo)

    assert await house.balanced()


@pytest.mark.parametrize("which", [0, 1])
async def test_a_frozen_wallet_is_linked_to_nothing(house: House, an: Person, zalo: Person, which: int) -> None:
    code = await accepted(house, an, zalo)
    await house.ledger.freeze((an, zalo)[which].id)

    with pytest.raises(NotLinked, match="frozen"):
        await house.linking.confirm(code, an)


@pytest.mark.parametrize("late", range(12))
async def test_a_freeze_is_never_lost_in_a_link(house: House, an: Person, zalo: Person, late: int) -> None:
    code = await accepted(house, an, zalo)

    async def freeze() -> None:
        for _ in range(late):
            await asyncio.sleep(0)
        await house.ledger.freeze(zalo.id)

    await asyncio.gather(house.linking.confirm(code, an), freeze(), return_exceptions=True)

    assert (await house.ledger.purse(zalo.id)).frozen


async def test_whoever_is_leaving_stays_apart(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    await house.privacy.ask_erase(zalo)

    with pytest.raises(NotLinked, match="leaving"):
        await house.linking.confirm(code, an)


async def test_both_must_have_agreed_to_the_notice(house: House, an: Person) -> None:
    new = await house.people.greet("zalo", "1234567", "vi")

    with pytest.raises(NotAgreed):
        await house.linking.ask_code(new)
    with pytest.raises(NotAgreed):
        await house.linking.accept(await house.linking.ask_code(an), new)


async def test_nobody_is_linked_to_themselves(house: House, an: Person) -> None:
    code = await house.linking.ask_code(an)

    with pytest.raises(NotLinked, match="same chat"):
        await house.linking.accept(code, an)


async def test_a_code_ends_after_ten_minutes(house: House, an: Person, zalo: Person) -> None:
    code = await house.linking.ask_code(an)
    house.clock.pass_by(CODE_LASTS / SECOND)

    with pytest.raises(NotLinked, match="expired"):
        await house.linking.accept(code, zalo)


async def test_a_new_code_makes_the_old_one_void(house: House, an: Person, zalo: Person) -> None:
    codes = await asyncio.gather(*(house.linking.ask_code(an) for _ in range(3)))

    ends = await asyncio.gather(*(house.linking.accept(code, zalo) for code in codes), return_exceptions=True)

    assert sum(isinstance(end, NotLinked) for end in ends) == 2


async def test_five_wrong_codes_in_an_hour_are_enough(house: House, an: Person, zalo: Person) -> None:
    code = await house.linking.ask_code(an)
    guesses = [house.linking.look(f"WRONG{number}", zalo) for number in range(8)]

    ends = await asyncio.gather(*guesses, return_exceptions=True)

    assert sum(isinstance(end, NotLinked) for end in ends) == MOST_TRIES
    house.clock.pass_by(10 * MINUTE / SECOND)
    with pytest.raises(TooOften) as refused:
        await house.linking.accept(code, zalo)
    assert refused.value.seconds == 50 * 60


async def test_an_hour_later_codes_may_be_tried_again(house: House, zalo: Person) -> None:
    for _ in range(2):
        for number in range(MOST_TRIES):
            with pytest.raises(NotLinked, match="code"):
                await house.linking.look(f"WRONG{number}", zalo)
        with pytest.raises(TooOften):
            await house.linking.look("WRONG", zalo)
        house.clock.pass_by(3_600)


async def test_a_code_accepted_by_one_is_no_use_to_another(house: House, an: Person, zalo: Person) -> None:
    eve = await house.meet("web", "w0000666")
    code = await house.linking.ask_code(an)

    ends = await asyncio.gather(
        house.linking.accept(code, zalo), house.linking.accept(code, eve), return_exceptions=True
    )

    assert sum(isinstance(end, NotLinked) for end in ends) == 1
    assert (await house.linking.accept(code, zalo)).state == "accepted"
    with pytest.raises(NotLinked, match="taken"):
        await house.linking.look(code, eve)


async def test_a_banned_side_is_linked_to_nothing(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    await house.addresses.ban(*zalo.addresses, reason="enough", actor=OWNER)

    with pytest.raises(NotLinked, match=f"banned {zalo.id}"):
        await house.linking.confirm(code, an)
    assert (await house.people.person(zalo.id)).status == "active"


@pytest.mark.parametrize("late", range(0, 40, 2))
async def test_a_ban_at_the_very_moment_comes_before_the_link_or_after_it(
    house: House, an: Person, zalo: Person, late: int
) -> None:
    code = await accepted(house, an, zalo)

    async def ban() -> None:
        for _ in range(late):
            await asyncio.sleep(0)
        await house.addresses.ban(*zalo.addresses, reason="enough", actor=OWNER)

    linked_, _ = await asyncio.gather(house.linking.confirm(code, an), ban(), return_exceptions=True)

    assert await house.addresses.banned(zalo.addresses[0])
    here = await house.people.find("zalo", "8880456")
    assert here is not None
    assert (here.id == an.id) == isinstance(linked_, Linked)
    assert await house.balanced()


async def test_money_on_its_way_back_is_waited_for(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    await house.ledger.commit(zalo.id, lambda purse: setting_aside(purse, "refund:an order:1", 5, "an order"))

    with pytest.raises(NotLinked, match=f"refund {zalo.id}"):
        await house.linking.confirm(code, an)


async def test_a_code_of_somebody_who_was_erased_is_void(house: House, an: Person, zalo: Person) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(7 * 24 * 3600)
    leaving = await house.people.profile(an.id)
    code = await house.linking.codes.begin(leaving, leaving.addresses[0])
    await house.privacy.erase_due(house.clock.now())

    with pytest.raises(NotLinked, match="void"):
        await house.linking.accept(code, zalo)


async def test_chats_of_one_wallet_are_told_so(house: House, an: Person, zalo: Person) -> None:
    one = await linked(house, an, zalo)
    code = await house.linking.ask_code(one, one.addresses[0])

    for step in (house.linking.look, house.linking.accept):
        with pytest.raises(NotLinked, match="already"):
            await step(code, one, one.addresses[1])


async def test_a_used_code_is_of_no_use_to_a_third_chat(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    await house.linking.confirm(code, an)

    with pytest.raises(NotLinked, match="used"):
        await house.linking.accept(code, await house.meet("web", "w0000666"))


async def test_an_expired_code_is_of_no_use_to_those_it_names_either(house: House, an: Person, zalo: Person) -> None:
    code = await accepted(house, an, zalo)
    house.clock.pass_by(CODE_LASTS / SECOND)

    with pytest.raises(NotLinked, match="expired"):
        await house.linking.confirm(code, an)


# -- guessing --------------------------------------------------------------------------------------------------------


async def test_right_codes_cost_no_tries(house: House, an: Person, zalo: Person) -> None:
    for _ in range(2 * MOST_TRIES):
        assert (await house.linking.look(await house.linking.ask_code(an), zalo)).state == "open"


async def test_however_many_guess_at_once_no_more_are_answered_than_are_counted(house: House) -> None:
    chats = [await house.meet("web", f"w{number:07}") for number in range(MOST_OF_A_KIND)]
    ends = await asyncio.gather(
        *(house.linking.look(f"WRONG{n}", chat) for chat in chats for n in range(2)), return_exceptions=True
    )
    answered = [end for end in ends if isinstance(end, NotLinked) and end.why == "code"]

    assert len(answered) == MOST_OF_A_KIND
    assert sum(isinstance(end, TooOften) for end in ends) == MOST_OF_A_KIND


async def test_when_chats_of_a_kind_guess_too_often_that_kind_pauses_alone_and_the_admins_hear_of_it_once(
    house: House, an: Person, zalo: Person
) -> None:
    begun, code = await accepted(house, an, zalo), ""
    await guessed(house, MOST_OF_A_KIND)
    late, other = await house.meet("web", "w9999999"), await house.meet("zalo", "9990999")
    code = await house.linking.ask_code(other)

    with pytest.raises(TooOften):
        await house.linking.look(code, late)
    assert (await house.linking.look(code, await house.meet("telegram", "9990998"))).state == "open"
    assert (await house.linking.confirm(begun, an)).person.id == an.id  # whoever is half-way through goes on

    house.clock.pass_by(PAUSE / SECOND)
    code = await house.linking.ask_code(other)
    assert (await house.linking.look(code, late)).state == "open"
    alarms = [row async for shard in shards() async for row in every(house.table, shard) if row.text("kind") == ALARM]
    assert [News.of(row).facts["what"] for row in alarms] == [PAUSED]


async def test_twenty_two_free_chats_of_one_household_stop_nobody_but_themselves(house: House, an: Person) -> None:
    code, answered = await house.linking.ask_code(an), 0
    for number in range(22 * MOST_TRIES):
        chat = await house.meet("web", f"w{number // MOST_TRIES:07}")
        at = replace(chat.addresses[0], home="one household")
        with pytest.raises((NotLinked, TooOften)) as told:
            await house.linking.look(f"WRONG{number}", chat, at)
        answered += told.type is NotLinked

    assert answered == MOST_OF_A_HOME
    neighbour = await house.meet("web", "w9999999")
    at = replace(neighbour.addresses[0], home="another household")
    assert (await house.linking.look(code, neighbour, at)).state == "open"


async def guessed(house: House, count: int) -> None:
    for number in range(count):
        chat = await house.meet("web", f"w{number // MOST_TRIES:07}")
        with pytest.raises(NotLinked, match="code"):
            await house.linking.look(f"WRONG{number}", chat)


async def shards() -> AsyncIterator[str]:
    for shard in range(SHARDS):
        yield shelf_of("telegram", shard)
