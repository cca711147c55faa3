"""The courier: every picture reaches its chat, or its credits go back; nobody is told twice, and no crash lies."""

import asyncio
from collections import Counter

import pytest

from bot.courier import MOST_TRIES
from bot.replies import Reply
from core.gallery import looking
from core.jobs import Job
from core.leases import Leases
from core.news import IMAGE_FAILED, Outbox
from core.table import Key
from core.tally import day_of
from tests.house import Balance, Imagify, Speaker
from tests.storms.played import FLOOD, Fault


@pytest.fixture
async def zalo(workshop: Imagify) -> Speaker:
    """Somebody where nothing that was sent can be edited."""
    return await workshop.meets("zalo", gift=5)


async def ordered(speaker: Speaker, text: str = "mèo") -> Job:
    """An order whose status stands in the chat; its picture is not painted yet."""
    await speaker.says(text)
    return (await speaker.jobs())[-1]


async def painted(speaker: Speaker) -> Job:
    """A picture that waits in the outbox of a house in which nothing runs."""
    (job,) = await speaker.orders("mèo")
    return await speaker.imagify.paints(job)


def will(speaker: Speaker, *faults: Fault) -> None:
    speaker.imagify.channel(speaker.address.channel).will(speaker.chat, *faults)


def often(fault: Fault, times: int) -> tuple[Fault, ...]:
    return (fault,) * times


async def outcomes(imagify: Imagify) -> Counter[str]:
    """What the tally says became of news."""
    await imagify.house.tally.count()
    return Counter(await imagify.house.tally.day(day_of(imagify.clock.now())))


# --- it arrives


async def test_where_messages_can_be_edited_the_picture_takes_the_place_of_its_status(
    imagify: Imagify, an: Speaker
) -> None:
    await ordered(an)
    assert [shown.text[0] for shown in an.heard] == ["⏳"]

    await imagify.settles()

    assert len(an.heard) == 1
    assert len(an.pictures) == 1


async def test_where_they_cannot_the_picture_is_a_message_of_its_own(imagify: Imagify, zalo: Speaker) -> None:
    await ordered(zalo)
    await imagify.settles()

    assert [shown.picture is None for shown in zalo.heard] == [True, False]


async def test_what_arrived_is_seen_delivered_and_counted(imagify: Imagify, an: Speaker) -> None:
    job = await ordered(an)
    await imagify.settles()

    assert (await imagify.image(job)).seen == "yes"
    assert (await imagify.job(job.id)).state == "delivered"
    assert (await outcomes(imagify))["image ready/delivered"] == 1


async def test_news_come_in_the_persons_own_language(imagify: Imagify, an: Speaker) -> None:
    await imagify.house.people.speak(an.person, "en")

    await ordered(an)
    await imagify.settles()

    assert an.last_heard.startswith("✅ Done in 8 s · 1 used · 4 credits left · Image made by AI")


async def test_a_picture_that_failed_is_told_with_a_way_to_try_again(imagify: Imagify, an: Speaker) -> None:
    imagify.painter.declines("mèo")
    job = await ordered(an)
    await imagify.settles()

    told = imagify.telegram.delivered[-1].reply

    assert [choice.action for choice in told.choices] == [f"retry:{job.id}"]
    assert job.id[-8:] in told.text
    assert (await outcomes(imagify))[f"{IMAGE_FAILED}/told"] == 1


# --- it does not arrive, and surely so


async def test_what_surely_did_not_arrive_is_sent_again_and_seen_once(imagify: Imagify, zalo: Speaker) -> None:
    job = await ordered(zalo)
    will(zalo, "later", "later", "later")

    await imagify.settles()

    assert len(zalo.pictures) == 1
    assert (await imagify.image(job)).seen == "yes"


async def test_while_it_surely_did_not_arrive_the_picture_is_unseen(workshop: Imagify, zalo: Speaker) -> None:
    job = await painted(zalo)
    will(zalo, "later")

    await workshop.carries()

    assert (await workshop.image(job)).seen == "no"
    assert [news.tries for news in await workshop.due()] == [1]


async def test_a_flooded_channel_is_left_alone_as_long_as_it_asks(workshop: Imagify, zalo: Speaker) -> None:
    await painted(zalo)
    will(zalo, "flood")

    await workshop.carries()
    (news,) = await workshop.due()

    assert news.due >= workshop.clock.now() + FLOOD * 1_000
    await workshop.passes(FLOOD)
    await workshop.carries()
    assert len(zalo.pictures) == 1


async def test_when_all_tries_were_in_vain_the_credit_goes_back_and_the_picture_is_withdrawn(
    imagify: Imagify, zalo: Speaker
) -> None:
    job = await ordered(zalo)
    will(zalo, *often("later", MOST_TRIES + 1))

    await imagify.settles()

    assert (await imagify.job(job.id)).state == "returned"
    assert (await imagify.image(job)).state == "withdrawn"
    assert await imagify.balance(zalo) == Balance(free=5, held=0)
    assert zalo.pictures == []
    assert zalo.last_heard.startswith("↩️")


async def test_a_status_that_the_person_deleted_is_replaced_by_a_new_message(imagify: Imagify, an: Speaker) -> None:
    await ordered(an)
    imagify.telegram.deletes(an.chat, an.heard[0].message)

    await imagify.settles()

    assert len(an.heard) == 1
    assert len(an.pictures) == 1


async def test_what_a_channel_will_never_take_is_given_back(imagify: Imagify, zalo: Speaker) -> None:
    await ordered(zalo)
    will(zalo, "reject")

    await imagify.settles()

    assert zalo.pictures == []
    assert await imagify.balance(zalo) == Balance(free=5, held=0)


async def test_words_that_cannot_be_brought_are_let_go_and_no_credit_hangs_on_them(
    imagify: Imagify, zalo: Speaker
) -> None:
    imagify.painter.declines("mèo")
    await ordered(zalo)
    will(zalo, *often("later", MOST_TRIES + 1))

    await imagify.settles()

    assert await imagify.balance(zalo) == Balance(free=5, held=0)
    assert (await outcomes(imagify))[f"{IMAGE_FAILED}/lost"] == 1


# --- nobody knows whether it arrived


@pytest.mark.parametrize("fault", ["lost", "arrived"])
async def test_an_edit_that_may_have_arrived_is_simply_made_again(fault: Fault, imagify: Imagify, an: Speaker) -> None:
    job = await ordered(an)
    will(an, fault, fault)

    await imagify.settles()

    assert len(an.heard) == 1
    assert len(an.pictures) == 1
    assert (await imagify.image(job)).seen == "yes"


@pytest.mark.parametrize(("fault", "pictures"), [("lost", 0), ("arrived", 1)])
async def test_a_message_that_may_have_arrived_is_not_sent_twice_but_offered_again_for_nothing(
    fault: Fault, pictures: int, imagify: Imagify, zalo: Speaker
) -> None:
    job = await ordered(zalo)
    will(zalo, fault)

    await imagify.settles()

    assert len(zalo.pictures) == pictures
    assert [choice.action for choice in imagify.zalo.delivered[-1].reply.choices] == [f"show:{job.id}"]
    assert (await imagify.image(job)).seen == "maybe"
    assert (await imagify.job(job.id)).state == "delivered"
    assert await imagify.balance(zalo) == Balance(free=4, held=0)


async def test_a_courier_that_died_before_it_sent_loses_nothing_where_messages_can_be_edited(
    workshop: Imagify, an: Speaker
) -> None:
    job = await painted(an)
    message = await workshop.telegram.send(an.chat, Reply("drawing"))
    await workshop.house.studio.told(job.sheet, message)
    await workshop.table.write(looking(job.person, job.id, "maybe"))

    await workshop.carries()

    assert len(an.pictures) == 1
    assert (await workshop.image(job)).seen == "yes"


async def test_a_courier_that_died_while_it_sent_a_message_does_not_send_it_twice(
    workshop: Imagify, zalo: Speaker
) -> None:
    job = await painted(zalo)
    await workshop.table.write(looking(job.person, job.id, "maybe"))

    await workshop.carries()

    assert zalo.pictures == []
    assert zalo.last_heard.startswith("📨")


# --- the person is gone


async def linked(imagify: Imagify, an: Speaker, channel: str = "zalo") -> Speaker:
    """The same person in another chat."""
    other = await imagify.meets(channel)
    code = await imagify.house.linking.ask_code(an.person)
    await imagify.house.linking.accept(code, other.person)
    await imagify.house.linking.confirm(code, an.person)
    return other


async def test_who_left_one_chat_is_told_in_the_other(workshop: Imagify, binh: Speaker) -> None:
    zalo = await linked(workshop, binh)
    binh.leaves()
    job = await painted(binh)

    await workshop.carries()
    await workshop.carries()

    assert len(zalo.pictures) == 1
    assert (await workshop.image(job)).seen == "yes"
    assert await workshop.due() == []


async def test_a_status_in_the_chat_that_was_left_is_not_looked_for_in_the_other(
    workshop: Imagify, binh: Speaker
) -> None:
    other = await linked(workshop, binh, "telegram")
    job = await painted(binh)
    await workshop.house.studio.told(job.sheet, await workshop.telegram.send(binh.chat, Reply("drawing")))
    binh.leaves()

    await workshop.carries()
    await workshop.carries()

    assert len(other.pictures) == 1


async def test_who_left_every_chat_is_waited_for_until_their_next_word(workshop: Imagify, binh: Speaker) -> None:
    zalo = await linked(workshop, binh)
    binh.leaves()
    zalo.leaves()
    job = await painted(binh)
    await workshop.carries()
    await workshop.carries()
    assert await workshop.due() == []
    assert (await workshop.image(job)).seen == "no"

    zalo.returns()
    await Outbox(workshop.table).fetch(binh.person.id, workshop.clock.now())
    await workshop.carries()

    assert len(zalo.pictures) == 1


async def test_nobody_is_told_who_was_erased(workshop: Imagify, binh: Speaker) -> None:
    await painted(binh)
    binh.leaves()
    await workshop.carries()
    await Outbox(workshop.table).fetch(binh.person.id, workshop.clock.now())
    await workshop.house.privacy.ask_erase(binh.person)
    await workshop.house.privacy.erase_due(workshop.clock.now() + 8 * 24 * 3_600_000)

    await workshop.carries()

    assert await workshop.due() == []
    assert binh.pictures == []


# --- the person was quicker


async def test_who_has_looked_at_the_picture_is_not_brought_it_once_more(workshop: Imagify, zalo: Speaker) -> None:
    job = await painted(zalo)
    await zalo.looks_at(job)

    await workshop.carries()

    assert await workshop.due() == []
    assert (await workshop.image(job)).seen == "yes"
    assert len(zalo.pictures) <= 1
    assert await workshop.balance(zalo) == Balance(free=4, held=0)


@pytest.mark.parametrize("fault", ["fine", "later", "lost", "arrived", "reject"])
async def test_what_was_looked_at_while_it_was_sent_stays_seen_and_paid(fault: Fault, workshop: Imagify) -> None:
    for _ in range(20):
        zalo = await workshop.meets("zalo", gift=5)
        job = await painted(zalo)
        will(zalo, fault)

        await asyncio.gather(workshop.carries(), zalo.looks_at(job), return_exceptions=True)
        for _ in range(3):
            await workshop.passes(5)
            await workshop.carries()

        image, balance = await workshop.image(job), await workshop.balance(zalo)
        assert (image.state, image.seen, balance.free) in [("kept", "yes", 4), ("withdrawn", "no", 5)]
        assert image.state == "kept" or fault == "reject"


async def test_what_was_looked_at_stays_seen_however_unsure_the_channel_is(imagify: Imagify, an: Speaker) -> None:
    job = await ordered(an)
    will(an, *often("lost", 2 * MOST_TRIES))
    await imagify.passes(10)
    await an.looks_at(job)

    await imagify.settles()

    assert (await imagify.image(job)).seen == "yes"
    assert await imagify.balance(an) == Balance(free=4, held=0)


# --- several processes


async def test_of_two_processes_one_carries_and_nobody_is_told_twice(workshop: Imagify, binh: Speaker) -> None:
    await workshop.opens()
    await workshop.opens(workshop.build(hands=0))

    await ordered(binh, "mèo --n 4")
    await workshop.settles()

    assert Counter(one.how for one in workshop.telegram.delivered if one.reply.picture) == {"edit": 1}
    assert len(binh.heard) == 1


async def test_the_courier_of_a_dead_process_is_followed_by_another(workshop: Imagify, an: Speaker) -> None:
    dead = Leases(workshop.table, workshop.clock, "dead")
    assert await dead.take(Key("COURIER#telegram", "META"), 30_000)
    await painted(an)

    await workshop.opens()
    await workshop.passes(25)
    assert an.pictures == []
    await workshop.settles()

    assert len(an.pictures) == 1


async def test_one_chat_that_hangs_holds_up_no_other(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    an.leaves()
    await painted(an)
    await painted(binh)

    await workshop.carries()

    assert len(binh.pictures) == 1
