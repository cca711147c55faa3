"""Upkeep: what is damaged in the house's own stores is shown to nobody, costs nobody, and is told once."""

import pytest

from bot import alarms
from bot.replies import Reply, Shown
from bot.texts import Language
from bot.texts.upkeep import ALARMS
from bot.upkeep import ROOM
from core.news import ALARM, News
from core.table import TableUnavailable, Write
from tests.bot.telegram.line import Phone
from tests.core import routes
from tests.core.rig import Crowded
from tests.house import BEDROCK, Balance, Imagify, Speaker
from tests.storms.played import PLAYED

SPOILT = PLAYED + b"spoilt"


async def painted(speaker: Speaker) -> str:
    """The blob of a picture that waits to be brought."""
    (job,) = await speaker.orders("mèo")
    return (await speaker.imagify.paints(job)).blob


async def test_a_damaged_picture_is_never_sent_and_its_credits_go_back(ruin: Imagify) -> None:
    an = await ruin.meets(gift=5)
    before = await ruin.balance(an)
    ruin.blobs.kept[await painted(an)] = SPOILT

    await ruin.opens()
    await ruin.settles()

    assert an.pictures == []
    assert "hoàn 1 credit" in an.last_heard
    assert await ruin.balance(an) == before


async def test_of_a_sheet_the_sound_pictures_are_sent_and_the_damaged_one_is_given_back(ruin: Imagify) -> None:
    an = await ruin.meets(gift=5)
    free = (await ruin.balance(an)).free
    jobs = [await ruin.paints(job) for job in await an.orders("mèo --n 2")]
    ruin.blobs.kept[jobs[0].blob] = SPOILT

    await ruin.opens()
    await ruin.settles()

    assert await ruin.balance(an) == Balance(free - 1, 0)
    assert [(await ruin.job(job.id)).state for job in jobs] == ["returned", "delivered"]
    assert len(an.pictures) == 1


async def test_a_damaged_picture_is_not_changed_into_another(ruin: Imagify) -> None:
    ruin.house = ruin.build(vendors=BEDROCK)
    await ruin.opens()
    an = await ruin.meets("telegram", paid=400)
    await an.says("/settings")
    await an.presses("Vẽ luôn")
    await an.says("mèo mướp --model core")
    await ruin.settles()
    (first,) = await an.jobs()
    before, painted_ = await ruin.balance(an), len(ruin.painter.bill)
    ruin.blobs.kept[first.blob] = SPOILT

    await an.presses("🧰 Thêm nữa")
    await an.presses("🔍 Phóng to ×4")
    await ruin.settles()

    assert [job.state for job in await an.jobs()] == ["delivered", "failed"]
    assert len(ruin.painter.bill) == painted_
    assert await ruin.balance(an) == before


async def test_telegram_is_sent_no_damaged_picture_and_no_damaged_thumbnail(ruin: Imagify) -> None:
    phone = Phone(ruin)
    chat, image = phone.meets(101), await phone.hangs("I1")
    shown = Shown("I1", "P1", "Ảnh", width=64, height=48)
    ruin.blobs.kept[image.blob] = ruin.blobs.kept[image.thumb] = SPOILT

    await phone.channel.send(chat, Reply("đây", shown=shown))
    await phone.channel.send(chat, Reply("nhỏ", wall=(shown,)))

    assert [set(one.body) & {"photo", "document"} for one in phone.messages(chat)] == [set(), set()]
    assert ruin.blobs.damaged == {image.blob, image.thumb}


async def test_admins_hear_of_damage_once_a_day_however_much_is_found(ruin: Imagify) -> None:
    an = await ruin.meets(gift=5)
    blobs = ruin.blobs
    for _ in range(2):
        name = await painted(an)
        blobs.kept[name] = SPOILT
        assert await blobs.get(name, "0" * 64) is None
        await ruin.house.upkeep.look()
        await ruin.house.upkeep.look()

    assert await routes.alarms(ruin) == ["damaged picture"]
    assert blobs.damaged == set()


class Filling(Crowded):
    """A table on a disk that is full for a while."""

    full = False

    async def write(self, *writes: Write) -> None:
        if self.full:
            raise TableUnavailable("the disk is full")
        await super().write(*writes)


async def test_admins_hear_once_that_nothing_was_written_for_a_minute(ruin: Imagify) -> None:
    table = ruin.table = Filling(ruin.table)
    house = ruin.house = ruin.build()
    table.full = True
    for _ in range(9):
        await house.upkeep.look()
        assert not (await house.ready())["table"]
        await ruin.passes(10)
    table.full = False
    assert await routes.alarms(ruin) == []

    for _ in range(3):
        await ruin.passes(10)
        await house.upkeep.look()

    assert (await house.ready())["table"]
    assert await routes.alarms(ruin) == ["writes fail"]


async def test_a_moment_without_a_write_is_no_alarm(ruin: Imagify) -> None:
    table = ruin.table = Filling(ruin.table)
    house = ruin.house = ruin.build()
    for full in (True, True, False, True, False):
        table.full = full
        await house.upkeep.look()
        await ruin.passes(20)

    assert await routes.alarms(ruin) == []


async def test_admins_hear_of_a_disk_that_is_nearly_full_once_a_day(ruin: Imagify) -> None:
    ruin.house.upkeep.room = lambda: ROOM - 1
    for _ in range(3):
        await ruin.house.upkeep.look()

    assert await routes.alarms(ruin) == ["disk nearly full"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("what", sorted(ALARMS))
def test_every_alarm_of_upkeep_has_its_facts(what: str, language: Language) -> None:
    told = alarms.told(
        News("1", ALARM, "", "telegram", "1", 0, 0, facts={"what": what, "job": "img/A", "used": 3}), language
    )

    assert "{" not in told.text
    assert "imagify " in told.text
