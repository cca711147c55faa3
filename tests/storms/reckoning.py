"""What must hold when a storm is over, by what was seen of it from outside and by the proof of every row.

The extra calls are counted against the painter's bill: a call is in order when its picture was kept, when the painter
spoiled it himself, or when the person cancelled so late that it was being drawn. Any other was paid for in vain.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from bot.replies import Reply
from core.audit import audit, every_row
from core.errors import ImagifyError
from core.jobs import Job
from core.news import GIVEN_BACK, IMAGE_CANCELLED, IMAGE_FAILED, IMAGE_READY, News, waits
from core.proofs import Books
from core.table import Refused, Row, TableUnavailable
from tests.storms.pipeline import USD_MICROS, Storm
from tests.storms.played import Delivered, pictures_in

FOR_JOB = re.compile(rb" for ([0-9A-Z]{26}) at ")
TOLD_OF = {"kept": IMAGE_READY, "failed": IMAGE_FAILED, "cancelled": IMAGE_CANCELLED, "returned": GIVEN_BACK}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a storm came to; two runs of one seed come to the same."""

    digest: str  # of every point passed, with its time
    points: int
    kills: int
    wrong: tuple[str, ...] = ()
    jobs: tuple[tuple[str, int], ...] = ()  # by the state they ended in
    extra: int = 0  # calls paid in vain
    hands: int = 1  # of a process: so many calls may be out when it dies
    spoiled: int = 0  # billed calls of which the painter made no picture
    laid_aside: int = 0  # words laid aside after three lonely deaths


@dataclass(slots=True)
class Evidence:
    """All rows, and all that reached anybody."""

    storm: Storm
    books: Books
    counted: Counter[str]
    spent: int
    waiting: Counter[str]  # news that nobody could be told, by kind

    @property
    def jobs(self) -> dict[str, Job]:
        return self.books.jobs

    def deliveries(self) -> Iterator[tuple[str, Delivered]]:
        for channel in self.storm.world.channels.values():
            yield from ((channel.name, one) for one in channel.delivered)

    def shown(self) -> dict[str, list[bytes]]:
        """By job, the pictures of it that reached somebody, by whatever road."""
        shown: defaultdict[str, list[bytes]] = defaultdict(list)
        for _, one in self.deliveries():
            for picture in pictures_of(one.reply):
                shown[job_in(picture)].append(picture)
        for job in self.storm.witness.looked:
            shown[job].append(b"")
        return shown

    def offered(self) -> set[str]:
        """Jobs whose picture somebody was offered to be sent again."""
        words = (one.reply for _, one in self.deliveries() if not one.reply.picture)
        choices = (choice for reply in words for choice in reply.choices)
        return {choice.action.removeprefix("show:") for choice in choices if choice.action.startswith("show:")}

    def bill(self) -> Counter[tuple[str, int]]:
        """Calls by what was to be drawn."""
        return Counter((charge.words, charge.seed) for charge in self.storm.world.painter.bill)


def pictures_of(reply: Reply) -> list[bytes]:
    """The one it brings, or all on its contact sheet."""
    return pictures_in(reply.picture) if reply.picture else []


def job_in(picture: bytes) -> str:
    found = FOR_JOB.search(picture)
    return found[1].decode() if found else ""


def subject(job: Job) -> tuple[str, int]:
    return job.words.words, job.words.seed


async def gathered(storm: Storm) -> Evidence:
    """Read while the world stands still."""
    evidence = Evidence(storm, Books(), Counter(), 0, Counter())
    async for row in every_row(storm.world.table):
        evidence.books.take(row)
        take(evidence, row)
    return evidence


def take(evidence: Evidence, row: Row) -> None:
    kind, _, _ = row.key.owner.partition("#")
    if kind == "COUNTER" and row.key.name == "EVENTS":
        evidence.counted.update({name: value for name, value in row.fields.items() if isinstance(value, int)})
    elif kind == "COUNTER":
        evidence.spent += row.number("gift") + row.number("paid")
    elif row.key.name.startswith("PARKED#") or (kind == "OUTBOX" and waits(row)):
        evidence.waiting[News.of(row).kind] += 1


# -- the rules ------------------------------------------------------------------------------------------------------


def comes_to_rest(evidence: Evidence) -> Iterator[str]:
    storm = evidence.storm
    if not storm.quiet:
        yield "stuck: it did not grow quiet"
    elif not storm.swept:
        yield f"left over in the morning: {sorted(name for name, s in storm.world.spools.items() if s.kept)}"
    yield from storm.witness.odd


def every_job_is_closed(evidence: Evidence) -> Iterator[str]:
    """Delivered, returned, failed or cancelled; or kept for a person who has left, and may come back."""
    for name, job in evidence.jobs.items():
        if not job.closed:
            yield f"stuck: job {name} is {job.state}"
        if job.state == "kept" and not parked(evidence, job):
            yield f"job {name} is kept, and nobody waits for its person"


def parked(evidence: Evidence, job: Job) -> bool:
    """A sheet waits as one, by the news of whichever of its jobs closed last."""
    return bool({job.id, *job.siblings} & evidence.books.told) and has_left(evidence, job)


def has_left(evidence: Evidence, job: Job) -> bool:
    return any(job.chat in mouth._left for mouth in evidence.storm.world.channels.values())


def who_paid_has_seen_it(evidence: Evidence) -> Iterator[str]:
    """Shown or offered; whoever has left for good and may have seen it cannot be asked any more."""
    knows = {*evidence.shown(), *evidence.offered(), *evidence.storm.witness.asked}
    for name, job in evidence.jobs.items():
        if job.state == "delivered" and name not in knows and not has_left(evidence, job):
            yield f"job {name} was charged, and its picture neither shown nor offered"


def who_was_paid_back_has_not(evidence: Evidence) -> Iterator[str]:
    shown = evidence.shown()
    for name, job in evidence.jobs.items():
        if job.state in ("returned", "failed", "cancelled") and name in shown:
            yield f"job {name} is {job.state}, and its picture was shown"


def shown_is_what_was_kept(evidence: Evidence) -> Iterator[str]:
    for name, pictures in evidence.shown().items():
        kept = evidence.books.images[name].sha256 if name in evidence.books.images else ""
        if any(picture and sha256(picture).hexdigest() != kept for picture in pictures):
            yield f"job {name} was shown with another picture than is kept"


def a_picture_is_brought_once(evidence: Evidence) -> Iterator[str]:
    """Where nothing can be edited, a second one would be a nuisance; sent again only when asked for."""
    brought = Counter(
        job_in(picture)
        for channel, one in evidence.deliveries()
        if channel == "zalo" and one.reply.text != "here it is"
        for picture in pictures_of(one.reply)
    )
    yield from (f"job {job} was brought {times} times" for job, times in brought.items() if times > 1)


def every_word_is_handled_once(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged is handled; a prompt has one sheet, or one refusal, however often it came."""
    witness, aside = evidence.storm.witness, evidence.storm.aside
    for number, update in witness.heard.items():
        if update.words["do"] == "draw" and number not in {*witness.orders, *witness.refusals, *aside}:
            yield f"update {number} was never handled"
    for number, orders in witness.orders.items():
        if len({order.jobs for order in orders}) > 1:
            yield f"update {number} was ordered more than once"
    if len(evidence.books.sheets) > sum(map(bool, witness.orders.values())) + len(aside):
        yield f"{len(evidence.books.sheets)} sheets for {len(witness.orders)} prompts"


def every_gift_is_given_once(evidence: Evidence) -> Iterator[str]:
    entries = (row for rows in evidence.books.entries.values() for row in rows)
    given = Counter(row.text("key") for row in entries if row.text("kind") in ("gift", "topup"))
    yield from (f"{key} was given {times} times" for key, times in given.items() if times > 1)


def news_are_counted_once(evidence: Evidence) -> Iterator[str]:
    due: Counter[str] = Counter()
    for job in evidence.jobs.values():
        due[TOLD_OF.get(job.state, IMAGE_READY)] += 1
        due[IMAGE_READY] += job.state == "returned"
    for kind in TOLD_OF.values():
        if evidence.counted[kind] + evidence.waiting[kind] != due[kind]:
            yield f"{due[kind]} times {kind}, counted {evidence.counted[kind]}, waiting {evidence.waiting[kind]}"


def spend_is_what_was_billed(evidence: Evidence) -> Iterator[str]:
    """Never less than the bill; the same, where every call was answered."""
    bill = sum(USD_MICROS[charge.route.partition("@")[0]] for charge in evidence.storm.world.painter.bill)
    if evidence.spent < bill:
        yield f"{bill} was billed, {evidence.spent} counted"
    attempts = [one for job in evidence.jobs.values() for one in job.attempts]
    doubtful = any(one.state in ("sent", "unknown") for one in attempts)
    if evidence.spent > bill and not doubtful and not evidence.storm.world.fate.deaths:
        yield f"{bill} was billed, {evidence.spent} counted, and nothing was in doubt"


def what_is_on_a_disk_is_not_paid_again(evidence: Evidence) -> Iterator[str]:
    """For a house that is alone: the disk is where the next hand is."""
    storm = evidence.storm
    if not storm.shape.alone or storm.witness.disks_lost or storm.witness.clocks_moved:
        return
    for name, job in evidence.jobs.items():
        since = storm.witness.spooled.get(name, float("inf"))
        for charge in storm.world.painter.bill:
            if (charge.words, charge.seed) == subject(job) and charge.seconds > since and not spoiled(storm, job):
                yield f"job {name} was paid for again although its picture was on the disk"


def spoiled(storm: Storm, job: Job) -> bool:
    return subject(job) in storm.world.painter.spoiled  # type: ignore[attr-defined]  # the brush of a storm


def extra(evidence: Evidence) -> int:
    """Calls paid in vain."""
    spoiled_: Counter[tuple[str, int]] = Counter(evidence.storm.world.painter.spoiled)  # type: ignore[attr-defined]  # same
    bill, sum_ = evidence.bill(), 0
    for job in evidence.jobs.values():
        fair = spoiled_[subject(job)] + (job.id in evidence.books.images or job.state == "cancelled")
        sum_ += max(0, bill[subject(job)] - fair)
    return sum_


def calls_in_vain_are_few(evidence: Evidence) -> Iterator[str]:
    """At most one for every hand of a process that died; clocks and disks may cost one more each."""
    storm = evidence.storm
    deaths = len(storm.world.fate.deaths) + storm.witness.clocks_moved
    if (in_vain := extra(evidence)) > deaths * storm.shape.hands + storm.witness.disks_lost:
        yield f"{in_vain} calls were paid in vain by {deaths} deaths"


RULES = (
    comes_to_rest,
    every_job_is_closed,
    who_paid_has_seen_it,
    who_was_paid_back_has_not,
    shown_is_what_was_kept,
    a_picture_is_brought_once,
    every_word_is_handled_once,
    every_gift_is_given_once,
    news_are_counted_once,
    spend_is_what_was_billed,
    what_is_on_a_disk_is_not_paid_again,
    calls_in_vain_are_few,
)


# -- the verdict ----------------------------------------------------------------------------------------------------

BROKEN = (AssertionError, ImagifyError, LookupError, Refused, RuntimeError, TableUnavailable, TypeError, ValueError)


def judged(storm: Storm) -> Verdict:
    """Let it rage, and say what it came to."""
    try:
        storm.rage()
        return asyncio.run(reckoned(storm))
    except BROKEN as broken:  # a story that breaks off is as wrong as one that ends badly
        return Verdict(*passed(storm), wrong=(f"{type(broken).__name__}: {broken}",))


def passed(storm: Storm) -> tuple[str, int, int]:
    report = storm.world.report()
    return report.digest, report.points, len(report.deaths)


async def reckoned(storm: Storm) -> Verdict:
    evidence = await gathered(storm)
    proof = await audit(storm.world.table, storm.world.blobs)
    wrong = [f"{one.rule}: {one.where} {one.detail}" for one in proof.violations]
    wrong += [told for rule in RULES for told in rule(evidence)]
    return Verdict(
        *passed(storm),
        wrong=tuple(wrong),
        jobs=tuple(sorted(Counter(job.state for job in evidence.jobs.values()).items())),
        extra=extra(evidence),
        hands=storm.shape.hands,
        spoiled=len(storm.world.painter.spoiled),  # type: ignore[attr-defined]  # the brush of a storm
        laid_aside=len(storm.aside),
    )
