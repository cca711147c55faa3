"""Uploads: what people send us stays for a day after its last use, is theirs alone, and is one however often sent."""

import pytest

from core.audit import audit
from core.blobs import Stored
from core.clock import DAY, HOUR, SECOND
from core.errors import Unavailable, Unknown
from core.prompts import Prompt
from core.studio import Spot
from core.uploads import Upload, Uploads
from tests.house import BEDROCK, Imagify, Speaker
from tests.storms.memory import MemoryBlobs
from tests.storms.played import PLAYED

A_DAY = DAY / SECOND
AN_HOUR = HOUR / SECOND


class Failing(MemoryBlobs):
    """A store that is full."""

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        del name, data, mime
        raise Unavailable("outage", "no")


@pytest.fixture
def uploads(workshop: Imagify) -> Uploads:
    return workshop.house.studio.uploads


async def kept(speaker: Speaker, data: bytes = PLAYED + b"a photo") -> Upload:
    house = speaker.imagify.house
    return await house.studio.uploads.keep(speaker.person.id, await house.ports.darkroom.admit(data))


async def test_the_same_picture_sent_twice_is_one(workshop: Imagify, an: Speaker) -> None:
    first, second = await kept(an), await kept(an)

    assert (first.id, first.blob) == (second.id, second.blob)
    assert list(workshop.blobs.kept) == [first.blob]
    assert (await workshop.proof()).clean


async def test_the_same_picture_of_two_people_is_two(workshop: Imagify, an: Speaker, binh: Speaker) -> None:
    await kept(an)
    await kept(binh)

    assert len(workshop.blobs.kept) == 2


async def test_a_picture_of_somebody_else_is_not_found(uploads: Uploads, an: Speaker, binh: Speaker) -> None:
    theirs = await kept(binh)

    for name in (theirs.id, theirs.blob):
        with pytest.raises(Unknown):
            await uploads.find(an.person.ids, name)
        assert await uploads.find(binh.person.ids, name) == theirs


async def test_it_stays_for_a_day_and_then_goes_with_its_row(workshop: Imagify, uploads: Uploads, an: Speaker) -> None:
    await kept(an)
    await workshop.passes(A_DAY - 1)
    assert await uploads.sweep() == 0

    await workshop.passes(2)

    assert await uploads.sweep() == 1
    assert workshop.blobs.kept == {}
    assert await workshop.rows_named("UPLOAD#") == []


async def test_an_order_for_it_keeps_it_for_another_day(workshop: Imagify, an: Speaker) -> None:
    house = workshop.house = workshop.build(vendors=BEDROCK)
    await house.ledger.deposit(an.person.id, 50, key="paid", kind="topup")
    upload = await kept(an)
    await workshop.passes(A_DAY - 1)

    edit = Prompt("thêm mũ", source=upload.blob)
    await house.studio.order(an.person, edit, key="edit", spot=Spot("telegram", an.chat))
    await workshop.passes(AN_HOUR)

    assert await house.studio.uploads.sweep() == 0
    await workshop.passes(A_DAY)
    assert await house.studio.uploads.sweep() == 1


@pytest.mark.parametrize("source", ["upload/NOTHING", "img/NOTHING"])
async def test_what_is_not_theirs_or_gone_cannot_be_changed(source: str, workshop: Imagify, an: Speaker) -> None:
    house = workshop.build(vendors=BEDROCK)

    with pytest.raises(Unknown):
        await house.studio.order(an.person, Prompt("mèo", source=source), key="edit", spot=Spot("telegram", an.chat))

    assert await an.jobs() == []


async def test_sent_again_while_it_is_forgotten_its_row_stays(workshop: Imagify, uploads: Uploads, an: Speaker) -> None:
    old = await kept(an)
    await workshop.passes(1)
    again = await kept(an)

    await uploads.forget(old)

    assert (await uploads.find(an.person.ids, old.id)).due == again.due


async def test_a_store_that_fails_in_between_leaves_nothing_that_is_nobodys(workshop: Imagify, an: Speaker) -> None:
    blobs = Failing()
    house = workshop.build(blobs=blobs)
    admitted = await house.ports.darkroom.admit(PLAYED + b"a photo")

    with pytest.raises(Unavailable):
        await house.studio.uploads.keep(an.person.id, admitted)
    assert (await audit(workshop.table, blobs)).clean

    await workshop.passes(A_DAY + 1)
    assert await house.studio.uploads.sweep() == 1
    assert await workshop.rows_named("UPLOAD#") == []


async def test_one_is_named_by_the_end_of_its_id_too(uploads: Uploads, an: Speaker, binh: Speaker) -> None:
    mine = await kept(an)

    assert await uploads.named(an.person.ids, mine.id[-8:].lower()) == mine
    with pytest.raises(Unknown):
        await uploads.named(binh.person.ids, mine.id[-8:])
