"""The proof: a house that was lived in is clean, and whatever is spoilt in it by hand is named."""

import inspect
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from core import proofs
from core.audit import PAGE, audit
from core.gallery import image_key
from core.jobs import Job, job_key, sheet_key
from core.ledger import entry_key, guard_key, hold_key, purse_key
from core.news import telling
from core.people import profile_key
from core.table import Change, Create, Delete, Fields, Key, Value
from tests.house import Imagify, Speaker


@dataclass
class Lived:
    """A house in which an order stands at each of the places where one may stand."""

    imagify: Imagify
    person: Speaker
    queued: Job
    kept: Job
    delivered: Job
    returned: Job
    failed: Job

    @classmethod
    async def begin(cls, imagify: Imagify) -> "Lived":
        person = await imagify.meets(gift=2, paid=10)

        async def painted() -> Job:
            (job,) = await person.orders("mèo")
            return await imagify.paints(job)

        delivered, returned = await painted(), await painted()
        await person.looks_at(delivered)
        news = next(one for one in await imagify.due() if one.job == returned.id)
        assert await imagify.house.studio.give_back(news, *telling(news, "returned"))
        imagify.painter.will("mèo", "decline")
        failed, kept = await painted(), await painted()
        (queued,) = await person.orders("mèo")
        return cls(imagify, person, queued, kept, delivered, returned, failed)

    @property
    def id(self) -> str:
        return self.person.person.id

    async def entry(self, kind: str) -> Key:
        """The newest entry of that kind."""
        rows = await self.imagify.rows_named("TRANSACTION#")
        return [row.key for row in rows if row.text("kind") == kind][-1]

    async def set(self, where: Key, **fields: str | int | bool) -> None:
        await self.imagify.table.write(Change(where, set=fields))

    async def add(self, where: Key, **more: int) -> None:
        await self.imagify.table.write(Change(where, add=more))

    async def create(self, key: Key, fields: Fields) -> None:
        await self.imagify.table.write(Create(key, fields))

    async def delete(self, *keys: Key) -> None:
        await self.imagify.table.write(*[Delete(key, when={}) for key in keys])


@pytest.fixture
async def lived(ruin: Imagify) -> Lived:
    return await Lived.begin(ruin)


async def rules(lived: Lived) -> set[str]:
    return {one.rule for one in (await lived.imagify.proof()).violations}


async def no_entry(lived: Lived) -> None:
    await lived.delete(entry_key(lived.id, 3))


async def no_purse(lived: Lived) -> None:
    await lived.delete(purse_key(lived.id))


async def wrong_balance(lived: Lived) -> None:
    await lived.add(entry_key(lived.id, 3), paid_after=1)


async def negative(lived: Lived) -> None:
    await lived.add(entry_key(lived.id, 1), gift=-100, gift_after=-100)


async def richer(lived: Lived) -> None:
    await lived.add(purse_key(lived.id), paid=1)


async def one_key_twice(lived: Lived) -> None:
    row = await lived.imagify.table.get(entry_key(lived.id, 2))
    assert row
    await lived.set(entry_key(lived.id, 3), key=row.text("key"))


async def bigger_hold(lived: Lived) -> None:
    await lived.add(hold_key(lived.id, lived.queued.id), paid=1)


async def forgotten_sheet(lived: Lived) -> None:
    await lived.imagify.table.write(Change(purse_key(lived.id), set={"open": {}}))


async def lonely_guard(lived: Lived) -> None:
    await lived.create(guard_key(lived.id, "order:nothing"), {"seq": 1})


async def no_guard(lived: Lived) -> None:
    (guard, *_) = await lived.imagify.rows_named("OP#")
    await lived.delete(guard.key)


async def hold_closed_too_early(lived: Lived) -> None:
    await lived.set(hold_key(lived.id, lived.queued.id), state="captured")


async def paid_three_times(lived: Lived) -> None:
    attempt: Value = {"route": "pocket@here", "at": 1, "usd_micros": 0, "state": "unknown"}
    await lived.imagify.table.write(Change(job_key(lived.kept.id), set={"attempts": [attempt] * 3}))


async def no_job(lived: Lived) -> None:
    await lived.delete(job_key(lived.queued.id))


async def impossible_state(lived: Lived) -> None:
    await lived.set(job_key(lived.kept.id), state="asleep")


async def no_hold_entry(lived: Lived) -> None:
    await lived.set(await lived.entry("hold"), key="hold:another")


async def no_capture_entry(lived: Lived) -> None:
    await lived.set(await lived.entry("capture"), kind="grant")


async def no_release_entry(lived: Lived) -> None:
    await lived.set(await lived.entry("release"), kind="grant")


async def no_give_back_entry(lived: Lived) -> None:
    await lived.set(await lived.entry("give back"), kind="grant")


async def no_image(lived: Lived) -> None:
    await lived.delete(image_key(lived.id, lived.delivered.id))


async def seen_after_all(lived: Lived) -> None:
    await lived.set(image_key(lived.id, lived.returned.id), seen="yes")


async def withdrawn_for_nothing(lived: Lived) -> None:
    await lived.set(image_key(lived.id, lived.delivered.id), state="withdrawn")


async def no_sheet(lived: Lived) -> None:
    await lived.delete(sheet_key(lived.kept.sheet))


async def no_news(lived: Lived) -> None:
    await lived.delete(*[news.key for news in await lived.imagify.due() if news.job == lived.kept.id])


async def merged_from_nothing(lived: Lived) -> None:
    await lived.set(entry_key(lived.id, 2), kind="merge in", ref="a code")


async def no_bytes(lived: Lived) -> None:
    await lived.imagify.blobs.delete(lived.kept.blob)


async def no_thumbnail(lived: Lived) -> None:
    await lived.imagify.blobs.delete(lived.kept.thumb)


async def other_bytes(lived: Lived) -> None:
    lived.imagify.blobs.kept[lived.kept.blob] = b"PLAYED by somebody else"


async def stray_bytes(lived: Lived) -> None:
    await lived.imagify.blobs.put("img/nobody", b"PLAYED for nobody", "image/png")


async def bytes_of_a_withdrawn_one(lived: Lived) -> None:
    left = replace(lived.returned, swept=True)
    await lived.imagify.table.write(
        Change(job_key(left.id), set={"swept": True}, unset=("shelf", "due"), when={"state": "returned"})
    )


async def bytes_that_somebody_sent(lived: Lived) -> None:
    await lived.imagify.blobs.put("upload/NOBODYS", b"PLAYED for nobody", "image/jpeg")


async def half_a_job(lived: Lived) -> None:
    await lived.imagify.table.write(Change(job_key(lived.queued.id), unset=("price",)))


async def no_image_at_all(lived: Lived) -> None:
    await lived.create(Key(f"USER#{lived.id}", "IMAGE#another"), {"mood": "cheerful"})


async def merged_into_nobody(lived: Lived) -> None:
    await lived.set(profile_key(lived.id), status="merged")


async def half_linked(lived: Lived) -> None:
    await lived.set(profile_key(lived.id), status="merged", merged_into="SOMEBODY")


async def speaks_from_nowhere(lived: Lived) -> None:
    await lived.delete(*[row.key for row in await lived.imagify.rows("ADDRESS#") if row.text("person") == lived.id])


async def listed_nowhere(lived: Lived) -> None:
    await lived.imagify.table.write(Change(profile_key(lived.id), set={"addresses": []}))


Spoil = Callable[[Lived], Awaitable[None]]
SPOILT: list[tuple[Spoil, str]] = [
    (merged_into_nobody, "merged means into somebody"),
    (half_linked, "profile and purse go the same way"),
    (half_linked, "who was merged is absorbed there"),
    (half_linked, "who was merged has nothing"),
    (speaks_from_nowhere, "who is listed at an address speaks from it"),
    (listed_nowhere, "addresses speak for whoever lists them"),
    (no_entry, "entries 1..n"),
    (no_purse, "entries without a purse"),
    (wrong_balance, "running balance"),
    (negative, "nothing negative"),
    (richer, "purse is the sum of its entries"),
    (one_key_twice, "one entry a key"),
    (bigger_hold, "held is the sum of open holds"),
    (forgotten_sheet, "open sheets are those with open holds"),
    (lonely_guard, "a guard has its entry"),
    (no_guard, "an entry has its guard"),
    (hold_closed_too_early, "one hold in the job's state"),
    (paid_three_times, "never paid more than twice"),
    (no_job, "a hold has its job"),
    (impossible_state, "a proof comes to its end"),
    (no_hold_entry, "one hold entry a job"),
    (no_capture_entry, "one capture entry a job"),
    (no_release_entry, "one release entry a job"),
    (no_give_back_entry, "one give back entry a job"),
    (no_image, "captured means an image"),
    (seen_after_all, "returned means withdrawn and unseen"),
    (withdrawn_for_nothing, "returned means withdrawn and unseen"),
    (no_sheet, "a sheet has its jobs"),
    (no_news, "a kept picture is in the outbox"),
    (merged_from_nothing, "a merge sums to nothing"),
    (half_a_job, "a row can be read"),
    (no_image_at_all, "a row can be read"),
    (no_bytes, "a kept image has its bytes"),
    (no_thumbnail, "a kept image has its bytes"),
    (other_bytes, "a kept image has its bytes"),
    (stray_bytes, "bytes have their image"),
    (bytes_of_a_withdrawn_one, "bytes have their image"),
    (bytes_that_somebody_sent, "bytes of an upload have their row"),
]


async def test_a_house_that_was_lived_in_is_clean(lived: Lived) -> None:
    report = await lived.imagify.proof()

    assert report.clean
    assert (report.people, report.jobs, report.images, report.blobs) == (1, 5, 3, 6)
    assert report.entries == 12


@pytest.mark.parametrize(("spoil", "rule"), SPOILT, ids=[spoil.__name__ for spoil, _ in SPOILT])
async def test_whatever_is_spoilt_by_hand_is_named(spoil: Spoil, rule: str, lived: Lived) -> None:
    await spoil(lived)

    assert rule in await rules(lived)


def test_every_rule_of_the_proof_is_broken_by_a_test_here() -> None:
    named = set(re.findall(r'Violation\(\s*f?"([^"]+)"', inspect.getsource(proofs)))
    kinds = {"hold", "capture", "release", "give back"}

    spelled = {name.format(kind=kind) for name in named for kind in kinds}

    assert spelled == {rule for _, rule in SPOILT}


async def test_a_violation_says_where(lived: Lived) -> None:
    await no_sheet(lived)

    (violation,) = (await lived.imagify.proof()).violations

    assert violation.where == lived.kept.id


async def test_a_report_can_be_read_by_a_program(lived: Lived) -> None:
    await richer(lived)

    told = json.loads(json.dumps((await lived.imagify.proof()).facts()))

    assert told["clean"] is False
    assert told["people"] == 1
    assert told["violations"][0] == {"rule": "purse is the sum of its entries", "where": lived.id, "detail": ""}


async def test_without_the_bytes_the_rest_is_proved_all_the_same(lived: Lived) -> None:
    await no_bytes(lived)
    assert (await audit(lived.imagify.table)).clean

    await richer(lived)
    assert not (await audit(lived.imagify.table)).clean


async def test_more_rows_than_fit_on_a_page_are_all_read(ruin: Imagify) -> None:
    person = await ruin.meets()
    for number in range(PAGE // 2 + 10):
        await ruin.house.ledger.deposit(person.person.id, 1, key=f"grant:{number}")

    report = await ruin.proof()

    assert report.clean
    assert report.entries == PAGE // 2 + 10
    assert len(await ruin.rows()) > PAGE


async def test_an_empty_house_is_clean(ruin: Imagify) -> None:
    report = await ruin.proof()

    assert report.clean
    assert (report.people, report.entries) == (0, 0)
