"""What the plan holds: counted, shared fairly, kept for pictures and receipts, and told of before it is over."""

import pytest

from bot.channel import NotSent, Rejected, Unsure
from bot.replies import Reply
from bot.texts.zalo import LAST_TODAY
from bot.zalo.metering import Meter
from core.clock import DAY, SECOND
from infra.sandbox.zalo import Plan
from infra.sandbox.zalo.people import Person
from tests.bot.zalo.rig import Phone
from tests.house import Imagify

WORDS = Reply("mèo")
NEWS = Reply("🎉", urgency="payment")


async def sent(phone: Phone, an: Person, count: int, reply: Reply = WORDS) -> int:
    """How many of them go out."""
    gone = 0
    for _ in range(count):
        try:
            await phone.channel.send(an.id, reply)
        except NotSent:
            continue
        gone += 1
    return gone


async def test_a_person_gets_so_many_answers_a_day_the_last_one_says_so_and_results_come_all_the_same(
    ruin: Imagify,
) -> None:
    phone = Phone(ruin, daily=5)
    an, binh = await phone.meets(), await phone.meets("Bình")

    assert await sent(phone, an, 9) == 5
    assert phone.said(an)[-1] == f"mèo\n\n{LAST_TODAY['vi']}"
    assert await sent(phone, an, 3, NEWS) == 3
    assert await sent(phone, binh, 3) == 3

    await ruin.passes(DAY / SECOND)
    assert await sent(phone, an, 9) == 5


async def test_the_end_of_a_month_is_for_results_and_receipts(ruin: Imagify) -> None:
    phone = Phone(ruin, messages=20, reserve=5, daily=0, plan=Plan(messages=20))
    an = await phone.meets()

    assert await sent(phone, an, 30) == 15
    assert await sent(phone, an, 30, NEWS) == 5
    assert not any(call.code == 429 for call in phone.zalo.calls)


async def test_a_new_month_begins_anew_by_the_calendar_of_viet_nam(ruin: Imagify) -> None:
    phone = Phone(ruin, messages=10, reserve=0, daily=0)
    an = await phone.meets()
    assert await sent(phone, an, 20) == 10

    await ruin.passes(32 * DAY / SECOND)
    assert await sent(phone, an, 20) == 10


async def test_whoever_comes_when_the_plan_is_full_of_people_is_not_written_to_and_the_others_are(
    ruin: Imagify,
) -> None:
    phone = Phone(ruin, users=2, plan=Plan(users=2))
    an, binh, chi = [await phone.meets(name) for name in ("An", "Bình", "Chi")]
    meter = phone.channel.meter

    assert [await meter.meets(one.id) for one in (an, binh, chi, an)] == [True, True, False, True]
    assert [await sent(phone, one, 1, NEWS) for one in (an, binh, chi)] == [1, 1, 0]
    assert [await sent(phone, one, 1, NEWS) for one in (an, binh, chi)] == [1, 1, 0]
    again = phone.again().meter
    assert [await again.meets(one.id) for one in (chi, binh)] == [False, True]
    assert not any(call.code == 429 for call in phone.zalo.calls)
    assert not [row.key for row in await ruin.rows("PLAN#") if an.id in row.key.name]


async def test_what_may_have_arrived_counts_and_what_surely_did_not_does_not(ruin: Imagify) -> None:
    phone = Phone(ruin)
    an = await phone.meets()
    for fault, fate in (("lapse_after", Unsure), ("refusal", Rejected)):
        phone.zalo.faults.set(fault, method="sendMessage", times=1)
        with pytest.raises(fate):
            await phone.channel.send(an.id, NEWS)

    assert await phone.channel.meter.messages() == 1


async def test_zero_is_no_limit(ruin: Imagify) -> None:
    phone = Phone(ruin, users=0, messages=0, daily=0, reserve=300)
    an = await phone.meets()

    assert await sent(phone, an, 70) == 70


async def test_admins_hear_of_it_at_80_percent_and_when_it_is_over_once_each(ruin: Imagify) -> None:
    phone = Phone(ruin, messages=10, reserve=0, daily=0, users=2)
    an, alarms = await phone.meets(), ruin.house.alarms
    await phone.channel.meter.meets(an.id)

    async def told() -> list[str]:
        await phone.channel.meter.look(alarms)
        await phone.channel.meter.look(alarms)
        return sorted({str(news.facts["what"]) for news in await ruin.due()})

    assert await told() == []
    await sent(phone, an, 8)
    assert await told() == ["zalo messages near"]
    await sent(phone, an, 8)
    await phone.channel.meter.meets("another")
    assert await told() == ["zalo messages near", "zalo messages out", "zalo people out"]
    rows = [row for row in await ruin.rows() if row.key.owner.startswith("ALARM#zalo")]
    assert len(rows) == 3


async def test_whoever_is_within_the_plan_keeps_their_place_under_a_new_secret(ruin: Imagify) -> None:
    phone = Phone(ruin, users=1)
    an = await phone.meets()
    meter = phone.channel.meter
    assert await meter.meets(an.id)

    later = Meter(meter.table, meter.clock, meter.plan, meter.bot, (b"a new secret", *meter.secrets))

    assert await later.meets(an.id)
    assert not await later.meets("somebody else")
    assert await later.people() == 1
    assert await Meter(meter.table, meter.clock, meter.plan, meter.bot, (b"a new secret",)).meets(an.id)
