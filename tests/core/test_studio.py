"""An order: what is set aside for it, what it is refused for, and that it is made once under its key."""

import asyncio

import pytest

from core.errors import (
    BadFlag,
    Blocked,
    EmptyPrompt,
    Frozen,
    NotAgreed,
    NotEnoughCredits,
    OtherFacts,
    PromptTooLong,
    QueueTooLong,
    Refusal,
    TooManyOpen,
    Unknown,
    UnknownFlag,
)
from core.jobs import Job
from core.limits import Limits
from core.prompts import read
from core.studio import Spot
from tests.house import BEDROCK, Balance, Imagify, Speaker


async def test_an_order_sets_its_price_aside_and_queues_its_job(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo mướp --ar 16:9", key="telegram:101:7")

    assert (job.state, job.price, job.channel, job.chat) == ("queued", 1, "telegram", an.chat)
    assert (job.words.words, job.words.ratio) == ("mèo mướp", "16:9")
    assert await workshop.balance(an) == Balance(free=4, held=1)
    assert await workshop.job(job.id) == job


async def test_every_job_of_an_order_rings_its_bell(workshop: Imagify, an: Speaker) -> None:
    jobs = await an.orders("mèo --n 3")

    rung = [await workshop.queue.listen(0.1) for _ in jobs]

    assert {ticket.job for ticket in rung if ticket} == {job.id for job in jobs}


async def test_a_sheet_draws_the_same_words_from_neighbouring_seeds(workshop: Imagify, binh: Speaker) -> None:
    jobs = await binh.orders("mèo --n 4 --seed 7")

    assert [job.words.seed for job in jobs] == [7, 8, 9, 10]
    assert len({job.sheet for job in jobs}) == 1
    assert await workshop.balance(binh) == Balance(free=16, held=4)


async def test_without_a_seed_one_is_drawn_before_anything_is_painted(an: Speaker) -> None:
    (job,) = await an.orders("mèo")

    assert job.words.seed != 0


async def test_gift_credits_go_first_and_each_job_knows_its_pockets(workshop: Imagify) -> None:
    person = await workshop.meets(gift=2, paid=2)

    jobs = await person.orders("mèo --n 4")

    assert [job.from_gift for job in jobs] == [1, 1, 0, 0]


# --- once under its key


async def test_the_same_prompt_twice_under_one_key_is_one_order(workshop: Imagify, an: Speaker) -> None:
    first = await an.orders("mèo", key="telegram:101:7")
    again = await an.orders("mèo", key="telegram:101:7")

    assert again == first
    assert [made.already for made in an.orders_made] == [False, True]
    assert await workshop.balance(an) == Balance(free=4, held=1)


async def test_a_replay_is_answered_with_what_stands_now(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo", key="telegram:101:7")
    await workshop.paints(job)

    (standing,) = await an.orders("mèo", key="telegram:101:7")

    assert standing.state == "kept"


async def test_a_replay_is_answered_even_when_the_purse_is_empty_by_now(workshop: Imagify) -> None:
    poor = await workshop.meets(paid=1)
    (job,) = await poor.orders("mèo", key="telegram:101:7")

    assert await poor.orders("mèo", key="telegram:101:7") == (job,)


async def test_a_key_used_again_for_other_words_is_an_error(workshop: Imagify, an: Speaker) -> None:
    await an.orders("mèo", key="telegram:101:7")

    for other in ("chó", "mèo --seed 3", "mèo --n 2"):
        with pytest.raises(OtherFacts):
            await an.orders(other, key="telegram:101:7")

    assert await workshop.balance(an) == Balance(free=4, held=1)


async def test_one_key_from_eight_sides_at_once_is_one_order(workshop: Imagify, binh: Speaker) -> None:
    orders = await asyncio.gather(*(binh.orders("mèo --n 2", key="telegram:102:7") for _ in range(8)))

    assert all(jobs == orders[0] for jobs in orders)
    assert sum(not made.already for made in binh.orders_made) == 1
    assert await workshop.balance(binh) == Balance(free=18, held=2)


async def test_an_order_that_was_refused_may_be_made_under_the_same_key(workshop: Imagify) -> None:
    poor = await workshop.meets()
    with pytest.raises(NotEnoughCredits):
        await poor.orders("mèo", key="telegram:103:7")

    await workshop.house.ledger.deposit(poor.person.id, 1, key="grant:1")

    assert await poor.orders("mèo", key="telegram:103:7")


# --- refused, and nothing is set aside


async def refused(speaker: Speaker, text: str, why: type[Refusal]) -> None:
    before = await speaker.imagify.balance(speaker)
    with pytest.raises(why):
        await speaker.orders(text)
    assert await speaker.imagify.balance(speaker) == before
    assert await speaker.jobs() == []


async def test_more_than_there_is_cannot_be_ordered(workshop: Imagify) -> None:
    await refused(await workshop.meets(paid=3), "mèo --n 4", NotEnoughCredits)


async def test_what_must_not_be_drawn_is_refused_before_any_credit_moves(an: Speaker) -> None:
    await refused(an, "a nude child", Blocked)
    await refused(an, "khỏa thân trẻ em", Blocked)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", EmptyPrompt),
        ("\x00\x01\x02\x1b", EmptyPrompt),
        ("\u202e\u200f", EmptyPrompt),
        ("m" * 10_000, PromptTooLong),
        ("🐱" * 10_000, PromptTooLong),
        ("mèo --fly away", UnknownFlag),
        ("mèo --n 0", BadFlag),
        ("mèo --n -1", BadFlag),
        ("mèo --n 5", BadFlag),
        ("mèo --n 1e9", BadFlag),
        ("mèo --seed 99999999999999999999", BadFlag),
    ],
)
async def test_what_cannot_be_read_is_refused_and_costs_nothing(text: str, why: type[Refusal], an: Speaker) -> None:
    await refused(an, text, why)


async def test_a_prompt_that_is_too_long_is_told_by_how_much(an: Speaker) -> None:
    with pytest.raises(PromptTooLong) as told:
        await an.orders("m" * 10_000)

    assert (told.value.count, told.value.most) == (10_000, 2_000)


@pytest.mark.parametrize("text", ["🐱🌸", "👨‍👩‍👧‍👦", "قطة تحت القمر", "חתול", "mèo\x07 mướp\x00", "猫"])
async def test_any_script_and_emoji_alone_are_painted_and_told(text: str, workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders(text)

    painted = await workshop.paints(job)
    await workshop.carries()

    assert painted.state == "kept"
    assert len(an.pictures) == 1
    assert "\x00" not in painted.words.words


async def test_nobody_orders_before_they_have_agreed(workshop: Imagify) -> None:
    stranger = await workshop.house.people.greet("telegram", "999", "vi")

    with pytest.raises(NotAgreed):
        await workshop.house.studio.order(stranger, read("mèo"), key="k", spot=Spot("telegram", "999"))


async def test_a_frozen_purse_orders_nothing(workshop: Imagify, an: Speaker) -> None:
    await workshop.house.ledger.freeze(an.person.id)

    await refused(an, "mèo", Frozen)


async def test_who_never_paid_has_one_sheet_open_and_who_did_has_two(an: Speaker, binh: Speaker) -> None:
    await an.orders("mèo")
    with pytest.raises(TooManyOpen):
        await an.orders("chó")

    await binh.orders("mèo")
    await binh.orders("chó")
    with pytest.raises(TooManyOpen) as told:
        await binh.orders("gà")

    assert (told.value.open, told.value.most) == (2, 2)


async def test_orders_at_the_same_moment_cannot_slip_past_the_limit(workshop: Imagify, binh: Speaker) -> None:
    outcomes = await asyncio.gather(*(binh.orders(f"mèo {n}") for n in range(8)), return_exceptions=True)

    assert sum(isinstance(one, TooManyOpen) for one in outcomes) == 6
    assert await workshop.balance(binh) == Balance(free=18, held=2)


async def test_a_sheet_is_open_until_its_last_job_is_closed(workshop: Imagify, an: Speaker) -> None:
    first, second = await an.orders("mèo --n 2")

    await workshop.paints(first)
    with pytest.raises(TooManyOpen):
        await an.orders("chó")
    await an.cancels(second)

    assert await an.orders("chó")


async def test_a_queue_that_is_too_long_is_said_before_credits_are_held(workshop: Imagify, binh: Speaker) -> None:
    workshop.house = workshop.build(limits=Limits(longest_wait=10))
    await binh.orders("mèo --n 2")
    await workshop.passes(15)

    late = await workshop.meets(paid=5)
    with pytest.raises(QueueTooLong) as told:
        await late.orders("chó")

    assert told.value.seconds == 12
    assert await workshop.balance(late) == Balance(free=5, held=0)


# --- places


async def test_who_paid_comes_before_who_never_did(an: Speaker, binh: Speaker) -> None:
    (gift,) = await an.orders("mèo")
    (paid,) = await binh.orders("chó")

    assert paid.place < gift.place
    assert gift.gift
    assert not paid.gift


async def test_a_person_of_many_orders_stands_behind_a_person_of_one(workshop: Imagify, binh: Speaker) -> None:
    many = [*await binh.orders("mèo --n 4"), *await binh.orders("chó --n 4")]
    late = await workshop.meets(paid=1)
    (one,) = await late.orders("gà")

    places = sorted([*many, one], key=lambda job: job.place)

    assert places.index(one) <= 1
    assert [job.place for job in many] == sorted({job.place for job in many})


# --- prices and models


async def test_who_paid_gets_a_better_painter_and_pays_its_price(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    workshop.house = workshop.build(vendors=BEDROCK)

    (gift,) = await an.orders("mèo")
    (paid,) = await binh.orders("mèo")

    assert (gift.model, gift.price) == ("pocket", 1)
    assert (paid.model, paid.price) == ("core", 2)
    assert await workshop.balance(binh) == Balance(free=18, held=2)


# --- what else is the studio's


async def test_nobody_cancels_what_is_not_theirs(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    (job,) = await an.orders("mèo")

    with pytest.raises(Unknown):
        await binh.cancels(job)
    with pytest.raises(Unknown):
        await workshop.house.studio.cancel(an.person.id, "no such job")

    assert (await workshop.job(job.id)).state == "queued"


async def test_bytes_that_stayed_on_this_disk_are_kept_safe_before_anything_is_painted(
    workshop: Imagify, an: Speaker
) -> None:
    (job,) = await an.orders("mèo")
    await workshop.asks(job)
    await workshop.spool.keep(job.id, b"PLAYED picture of a dead worker")

    assert await workshop.house.studio.rescue() == 1

    assert set(workshop.blobs.kept) == {job.blob, job.thumb}


async def test_bytes_of_a_closed_job_are_left_where_they_are(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    await an.cancels(job)
    await workshop.spool.keep(job.id, b"PLAYED too late")

    assert await workshop.house.studio.rescue() == 0

    assert workshop.blobs.kept == {}


async def test_bytes_that_are_no_picture_do_not_keep_a_worker_from_starting(workshop: Imagify, an: Speaker) -> None:
    (job,) = await an.orders("mèo")
    await workshop.asks(job)
    await workshop.spool.keep(job.id, b"garbage")

    await workshop.house.studio.rescue()

    assert workshop.blobs.kept == {}


def seeds(jobs: tuple[Job, ...]) -> list[int]:
    return [job.words.seed for job in jobs]


async def test_two_orders_of_the_same_words_are_two_pictures(binh: Speaker) -> None:
    one, other = await binh.orders("mèo"), await binh.orders("mèo")

    assert seeds(one) != seeds(other)
