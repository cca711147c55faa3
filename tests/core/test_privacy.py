"""Privacy: who asks to be forgotten is, with seven days to think again, wherever the process dies meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from core.clock import DAY, SECOND
from core.closings import Closings
from core.errors import TooLate, Unknown
from core.news import IMAGE_READY, Outbox, of_job, parking, telling
from core.people import Person
from core.privacy import GRACE, Receipt
from core.table import Create, Fields, Key, Write, every
from core.uploads import Uploads
from infra.embedded.table import SqliteTable
from tests.core.rig import HOME, OWNER, WORDS, House, Mortal, PowerCut, somebody
from tests.storms.played import PLAYED, PlayedDarkroom

SECRETS = (WORDS, "5550123", "an@example.vn", "hello there", "8880456")  # what must not be found afterwards
WEEK = GRACE / SECOND


@pytest.fixture
async def an(house: House) -> Person:
    return await somebody(house)


async def delivered(house: House) -> None:
    """The courier has been: nothing is in the outbox any more."""
    for channel in ("telegram", "zalo"):
        for news in await Outbox(house.table).due(channel, house.clock.now()):
            if news.kind == IMAGE_READY:
                with suppress(Unknown):
                    await house.gallery.view(news.person, news.job)
            await house.table.write(*telling(news, "told"))


async def forgotten(house: House) -> None:
    for word in SECRETS:
        assert await house.said_anywhere(word) == [], word


async def left_under(house: House, person: Person) -> set[str]:
    rows = [row async for row in every(house.table, f"USER#{person.id}")]
    return {row.key.name.partition("#")[0] for row in rows}


# -- asking ----------------------------------------------------------------------------------------------------------


async def test_what_will_be_lost_is_said_beforehand(house: House, an: Person) -> None:
    said_before = await house.privacy.loss(an)
    asked = await house.privacy.ask_erase(an)

    assert (asked.gift, asked.paid, asked.images) == (8, 26, 2)
    assert asked == said_before
    assert asked.erase_at == house.clock.now() + 7 * DAY


async def test_asking_again_does_not_begin_the_days_anew(house: House, an: Person) -> None:
    first = await house.privacy.ask_erase(an)
    house.clock.pass_by(3_600)

    assert await house.privacy.ask_erase(an) == first
    assert [person.id for person in await house.privacy.requests()] == [an.id]


async def test_whoever_thinks_again_within_seven_days_keeps_everything(house: House, an: Person) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK - 1)
    assert await house.privacy.erase_due(house.clock.now()) == []

    kept = await house.privacy.keep_me(an)
    house.clock.pass_by(WEEK)

    assert await house.privacy.erase_due(house.clock.now()) == []
    assert kept == an
    assert await house.people.find(HOME.channel, HOME.id) == an
    assert await house.privacy.requests() == []


async def test_who_was_erased_cannot_think_again(house: House, an: Person) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    await house.privacy.erase_due(house.clock.now())

    with pytest.raises(TooLate):
        await house.privacy.keep_me(an)
    with pytest.raises(TooLate):
        await house.privacy.ask_erase(an)
    with pytest.raises(TooLate):
        await house.people.speak(an, "en")


# -- erasing ---------------------------------------------------------------------------------------------------------


async def test_after_seven_days_nothing_leads_back_to_the_person(house: House, an: Person) -> None:
    await delivered(house)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    (receipt,) = await house.privacy.erase_due(house.clock.now())

    assert receipt == Receipt(an.id, house.clock.now() - GRACE, house.clock.now(), gift=8, paid=26)
    assert house.blobs.kept == {}
    assert await house.people.find(HOME.channel, HOME.id) is None
    assert await house.people.find_by_email("an@example.vn") is None
    assert await house.people.find_by_email("an.zalo@example.vn") is None
    await forgotten(house)


async def test_what_they_sent_us_goes_with_them(house: House, an: Person) -> None:
    uploads = Uploads(house.table, house.blobs, PlayedDarkroom(), house.clock)
    await delivered(house)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    for one in an.ids:
        await uploads.keep(one, await PlayedDarkroom().admit(PLAYED + b"their own"))

    await house.privacy.erase_due(house.clock.now())

    assert house.blobs.kept == {}
    assert "UPLOAD" not in await left_under(house, an)


async def test_the_books_stay_and_can_still_be_proved(house: House, an: Person) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    await house.privacy.erase_due(house.clock.now())

    purse = await house.ledger.purse(an.id)
    newest = (await house.ledger.entries(an.id))[0]
    assert (purse.free, purse.frozen) == (0, True)
    assert (newest.text("kind"), newest.number("gift"), newest.number("paid")) == ("lapse", -8, -26)
    stays = {"PROFILE", "PURSE", "TRANSACTION", "OP", "HOLD", "IMAGE", "CONSENT", "RECEIPT"}
    assert await left_under(house, an) == stays
    assert await house.balanced()


async def test_who_comes_back_is_somebody_new_without_a_second_gift_or_a_clean_slate(house: House, an: Person) -> None:
    await house.addresses.strike(HOME, key="1", reason="weapons")
    await house.addresses.ban(HOME, reason="spam", actor=OWNER)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    await house.privacy.erase_due(house.clock.now())

    new = await house.meet(HOME.channel, HOME.id)
    gift = await house.people.gift(new, HOME, 10, key="gift:again")

    assert new.id != an.id
    assert (gift.already, gift.purse.free) == (True, 0)
    assert await house.addresses.banned(HOME)
    assert await house.addresses.strike(HOME, key="2", reason="weapons") == 2


@pytest.mark.parametrize("late", range(0, 20, 2))
async def test_who_thinks_again_at_the_last_moment_is_kept_whole_or_forgotten_whole(
    house: House, an: Person, late: int
) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    async def think_again() -> bool:
        for _ in range(late):
            await asyncio.sleep(0)
        with suppress(TooLate):
            await house.privacy.keep_me(an)
            return True
        return False

    kept, receipts = await asyncio.gather(think_again(), house.privacy.erase_due(house.clock.now()))

    assert len(receipts) == (0 if kept else 1)
    assert (await house.ledger.purse(an.id)).free == (34 if kept else 0)
    assert await house.balanced()


async def test_two_first_words_after_an_erasure_make_one_person(house: House, an: Person) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    await house.privacy.erase_due(house.clock.now())

    met = await asyncio.gather(*(house.people.greet(HOME.channel, HOME.id, "vi") for _ in range(4)))

    assert len({person.id for person in met}) == 1


async def test_an_order_that_is_open_is_waited_for(house: House, an: Person) -> None:
    job = await house.orders(an)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    assert await house.privacy.erase_due(house.clock.now()) == []

    await Closings(house.table, house.ledger, house.clock, house.chance).cancel(an.id, job.id)

    assert len(await house.privacy.erase_due(house.clock.now())) == 1
    assert await house.balanced()


async def test_one_who_must_wait_keeps_nobody_else_waiting(house: House, an: Person) -> None:
    await house.orders(an)
    others = [await house.meet("web", f"w{number:07}") for number in range(3)]
    for person in (an, *others):
        await house.privacy.ask_erase(person)
    house.clock.pass_by(WEEK)

    receipts = await house.privacy.erase_due(house.clock.now())

    assert {receipt.person for receipt in receipts} == {person.id for person in others}


async def test_a_purse_that_an_admin_looks_into_is_not_erased_under_their_eyes(house: House, an: Person) -> None:
    await house.ledger.freeze(an.id)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    assert await house.privacy.erase_due(house.clock.now()) == []

    await house.ledger.freeze(an.id, frozen=False)

    assert len(await house.privacy.erase_due(house.clock.now())) == 1


async def test_a_picture_that_still_waited_for_its_person_waits_no_more(house: House) -> None:
    an = await house.meet(HOME.channel, HOME.id, paid=5)
    image = await house.paints(an)
    closings = Closings(house.table, house.ledger, house.clock, house.chance)
    (ready,) = [news for news in await Outbox(house.table).due(HOME.channel, house.clock.now()) if news.job == image.id]
    await house.table.write(*parking(ready, house.clock.now()))
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    await house.privacy.erase_due(house.clock.now())

    assert (await closings.job(image.id)).state == "delivered"
    assert not await closings.give_back(ready)
    assert await house.balanced()


async def test_what_was_given_back_stays_given_back_when_its_person_goes(house: House) -> None:
    an = await house.meet(HOME.channel, HOME.id, paid=5)
    image = await house.paints(an, price=3)
    closings = Closings(house.table, house.ledger, house.clock, house.chance)
    await closings.give_back(of_job(IMAGE_READY, await closings.job(image.id), "news", 1))
    await delivered(house)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    (receipt,) = await house.privacy.erase_due(house.clock.now())

    assert receipt.paid == 5
    assert await house.said_anywhere(WORDS) == []
    assert await house.balanced()


async def test_the_last_words_are_written_in_the_same_breath_as_the_receipt(house: House, an: Person) -> None:
    def last_words(person: Person, receipt: Receipt) -> list[Write]:
        told: Fields = {"to": person.addresses[0].chat, "paid": receipt.paid}
        return [Create(Key("OUTBOX#telegram#0", f"erased {receipt.person}"), told)]

    polite = House.build(house.table, telling=last_words, like=house)
    await polite.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    await polite.privacy.erase_due(house.clock.now())

    row = await house.table.get(Key("OUTBOX#telegram#0", f"erased {an.id}"))
    assert row is not None
    assert (row.text("to"), row.number("paid")) == (HOME.chat, 26)


async def test_nobody_is_met_anew_while_they_are_being_forgotten(house: House, an: Person) -> None:
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)
    dying = House.build(Mortal(house.table, 2), like=house)
    with pytest.raises(PowerCut):
        await dying.privacy.erase_due(house.clock.now())

    assert (await house.people.greet(HOME.channel, HOME.id, "vi")).status == "erased"
    await house.privacy.erase_due(house.clock.now())

    assert (await house.people.greet(HOME.channel, HOME.id, "vi")).status == "active"


async def deaths(house: House, *, after: bool) -> AsyncIterator[int]:
    """Erase, dying at every write in turn, once each, until a run comes through."""
    for k in range(1, 200):
        dying = House.build(Mortal(house.table, k, after=after), like=house)
        try:
            await dying.privacy.erase_due(house.clock.now())
        except PowerCut:
            yield k
        else:
            return


@pytest.mark.parametrize("after", [False, True])
async def test_a_process_that_dies_at_the_same_place_again_and_again_gets_through(
    house: House, an: Person, *, after: bool
) -> None:
    await delivered(house)
    await house.privacy.ask_erase(an)
    house.clock.pass_by(WEEK)

    died = [k async for k in deaths(house, after=after) if await house.balanced(midway=True)]

    assert len(died) > 1
    assert await house.balanced()
    assert (await house.people.profile(an.id)).status == "erased"
    assert await house.privacy.requests() == []
    await forgotten(house)


@pytest.mark.parametrize("after", [False, True])
async def test_wherever_the_process_dies_the_next_one_finishes(*, after: bool) -> None:
    k = 1
    while await finished_after_dying(k, after=after):
        k += 1

    assert k > 10  # each write of an erasure was the last one once


async def finished_after_dying(k: int, *, after: bool) -> bool:
    """Whether there was a k-th write to die at; what is left then must be finished by the next process."""
    table = SqliteTable.inline(":memory:")
    house = House.build(table)
    person = await somebody(house)
    await delivered(house)
    await house.privacy.ask_erase(person)
    house.clock.pass_by(WEEK)
    with suppress(PowerCut):
        await House.build(Mortal(table, k, after=after), like=house).privacy.erase_due(house.clock.now())
        await table.close()
        return False

    await house.privacy.erase_due(house.clock.now())

    assert house.blobs.kept == {}
    await forgotten(house)
    assert await house.balanced()
    await table.close()
    return True
