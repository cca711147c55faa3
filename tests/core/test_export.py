"""Export: everything that is theirs, from all their chats, and what is handed over has been seen."""

import json
from collections.abc import AsyncIterator

import pytest

from core.addresses import Addresses
from core.alarms import Alarms
from core.appeals import Appeals
from core.closings import Closings
from core.export import Export
from core.news import IMAGE_READY, of_job
from core.people import Person
from core.table import Row, every
from core.uploads import Uploads
from tests.core.rig import HOME, WORDS, House, somebody
from tests.storms.played import PLAYED, PlayedDarkroom


@pytest.fixture
async def an(house: House) -> Person:
    return await somebody(house)


async def taken(house: House, person: Person) -> dict[str, bytes]:
    export = Export(house.table, house.blobs, house.gallery)
    return {name: data async for name, data in export.files(person)}


async def test_a_person_takes_everything_along_from_all_their_chats(house: House, an: Person) -> None:
    files = await taken(house, an)

    images = [row.key.name async for row in rows_of(house, an, "IMAGE#")]
    told = {name: json.loads(data) for name, data in files.items() if name.endswith(".json")}
    assert told["profile.json"]["email"] == "an@example.vn"
    assert len(told["consents.json"]) == 2
    assert [one["prompt"]["words"] for one in told["prompts.json"]] == [WORDS, WORDS]
    assert {one["kind"] for one in told["entries.json"]} >= {
        "gift",
        "topup",
        "hold",
        "capture",
        "merge in",
        "merge out",
    }
    assert {name for name in files if name.startswith("images/")} == {
        f"images/{name.removeprefix('IMAGE#')}.png" for name in images
    }


async def test_what_they_sent_us_is_theirs_to_take(house: House, an: Person) -> None:
    uploads = Uploads(house.table, house.blobs, PlayedDarkroom(), house.clock)
    kept = await uploads.keep(an.ids[-1], await PlayedDarkroom().admit(PLAYED + b"their own"))

    files = await taken(house, an)

    assert files[f"uploads/{kept.id}.jpg"] == await house.blobs.get(kept.blob)


async def test_what_is_damaged_is_not_taken_along_as_if_it_were_whole(house: House, an: Person) -> None:
    house.blobs.kept = dict.fromkeys(house.blobs.kept, PLAYED + b"by somebody else")

    assert [name for name in await taken(house, an) if name.startswith("images/")] == []


async def test_an_appeal_that_waits_is_theirs_to_take_too(house: House, an: Person) -> None:
    addresses = Addresses(house.table, house.clock, house.chance, (b"a secret",), {})
    alarms = Alarms(house.table, addresses, house.clock, house.chance, frozenset())
    await Appeals(house.table, house.clock, alarms).make(an.id, "ban", "nhầm rồi")

    (appeal,) = json.loads((await taken(house, an))["appeals.json"])

    assert appeal["words"] == "nhầm rồi"


async def test_a_picture_is_seen_before_it_is_handed_over_and_cannot_be_given_back_then(
    house: House, an: Person
) -> None:
    closings = Closings(house.table, house.ledger, house.clock, house.chance)
    images = [row.key.name.removeprefix("IMAGE#") async for row in rows_of(house, an, "IMAGE#")]

    await taken(house, an)

    for image in images:
        job = await closings.job(image)
        assert job.state == "delivered"
        assert not await closings.give_back(of_job(IMAGE_READY, job, "news", 1))
    assert [row.text("seen") async for row in rows_of(house, an, "IMAGE#")] == ["yes", "yes"]


async def test_a_picture_that_was_taken_back_is_not_handed_over(house: House) -> None:
    an = await house.meet(HOME.channel, HOME.id, paid=5)
    image = await house.paints(an)
    closings = Closings(house.table, house.ledger, house.clock, house.chance)
    news = of_job(IMAGE_READY, await closings.job(image.id), "news", 1)
    assert await closings.give_back(news)

    files = await taken(house, an)

    assert sorted(files) == ["consents.json", "entries.json", "profile.json", "prompts.json"]


async def rows_of(house: House, person: Person, prefix: str) -> AsyncIterator[Row]:
    for one in person.ids:
        async for row in every(house.table, f"USER#{one}", prefix):
            yield row
