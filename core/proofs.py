"""Proofs – what must hold of all rows together: one function per rule names violations.

of a purse    entries 1..n without a gap, running balances right, nothing negative, keys unique,
              balances the sum of the entries, held the sum of the open holds
of a job      one hold: held while the job is open, captured with an image, released without,
              returned with one give-back and a withdrawn, unseen picture, and never paid more than twice
of a refund   its hold stays open as long as the refund is (payments/proofs.py knows for which order)
of a link     a merged person leads to the one who absorbed them, with an empty purse and no address,
              and every address belongs to a person who exists and lists it
of the house  every row can be read, what one purse lost in a merge another gained,
              every kept image has its bytes, bytes have an image, and bytes of an upload have their row
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.blobs import Stored
from core.gallery import Image
from core.jobs import MOST_PAID, OPEN, Job, Sheet
from core.ledger import Purse
from core.news import News, waits
from core.table import Key, Row
from core.uploads import FOLDER, Upload

HELD_WHILE = {
    "queued": "held",
    "painting": "held",
    "kept": "captured",
    "delivered": "captured",
    "returned": "captured",
    "failed": "released",
    "cancelled": "released",
}
UNGUARDED = frozenset(  # kinds of entries that a job, a refund, a code or a profile allows only once
    {"hold", "capture", "release", "refund hold", "refund", "refund release", "merge in", "merge out", "lapse"}
)
POCKETS = ("gift", "paid", "held")
ASIDE = "refund:"  # prefix of the name of a refund's hold
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # what a row raises that none of our nouns has written


@dataclass(frozen=True, slots=True)
class Violation:
    rule: str
    where: str
    detail: str = ""


@dataclass(slots=True)
class Books:
    """Rows that the proof is about, by kind."""

    purses: dict[str, Purse] = field(default_factory=dict)
    entries: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    holds: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # by job
    aside: dict[str, Row] = field(default_factory=dict)  # holds of refunds, of no job
    guards: list[Row] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    profiles: dict[str, Row] = field(default_factory=dict)
    speaking: Counter[str] = field(default_factory=Counter)  # count of addresses by person
    told: set[str] = field(default_factory=set)  # jobs with news in the outbox or parked
    unread: list[Key] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Sort `row` by kind. An unreadable row is kept aside, to be named."""
        try:
            self._take(row)
        except UNREADABLE:
            self.unread.append(row.key)

    def _take(self, row: Row) -> None:
        kind, _, owner = row.key.owner.partition("#")
        match kind:
            case "USER":
                self._take_of_person(owner, row)
            case "JOB":
                self.jobs[owner] = Job.of(row)
            case "SHEET":
                self.sheets[owner] = Sheet.of(row)
            case "ADDRESS" if row.key.name == "META" and (person := row.text("person")):
                self.speaking[person] += 1
            case "OUTBOX" if waits(row):
                self.told.add(News.of(row).job)

    def _take_of_person(self, person: str, row: Row) -> None:
        kind, _, name = row.key.name.partition("#")
        match kind:
            case "PROFILE":
                self.profiles[person] = row
            case "PURSE":
                self.purses[person] = Purse.of(person, row)
            case "TRANSACTION":
                int(name)
                self.entries[person].append(row)
            case "HOLD" if name.startswith(ASIDE):
                self.aside[name] = row
            case "HOLD":
                self.holds[name].append(row)
            case "PARKED":
                self.told.add(News.of(row).job)
            case "OP":
                self.guards.append(row)
            case "IMAGE":
                self.images[name] = Image.of(row)
            case "UPLOAD":
                self.uploads[name] = Upload.of(row)

    def keys(self, kind: str) -> Counter[str]:
        """Count of each key over all entries of that `kind`."""
        return Counter(row.text("key") for rows in self.entries.values() for row in rows if row.text("kind") == kind)


Proof = Callable[[Books], Iterator[Violation]]


class Annex(Protocol):
    """Books of another package, proved with these in one reading of the table."""

    name: str  # name of what it counts

    def take(self, row: Row) -> None:
        """Sort `row` by kind, if of this annex."""
        ...

    def __len__(self) -> int: ...

    def violations(self, books: Books) -> Iterator[Violation]:
        """Violations of the annex's rules, alone or against the house's own `books`."""
        ...


def violations(books: Books, stored: Sequence[Stored] | None, annexes: Sequence[Annex] = ()) -> Iterator[Violation]:
    """Violations of all rules, in order."""
    for proof in PROOFS:
        yield from made(proof.__name__, proof(books))
    for annex in annexes:
        yield from made(annex.name, annex.violations(books))
    if stored is not None:
        yield from made(bytes_and_images.__name__, bytes_and_images(books, stored))


def made(name: str, proof: Iterator[Violation]) -> Iterator[Violation]:
    """Violations of `proof`. A proof that fails on an unreadable row ends there and is named, and the others go on."""
    try:
        yield from proof
    except UNREADABLE as error:
        yield Violation("a proof comes to its end", name.replace("_", " "), f"{type(error).__name__}: {error}")


# -- of a purse -----------------------------------------------------------------------------------------------------


def entries_run_without_a_gap(books: Books) -> Iterator[Violation]:
    for person, purse in books.purses.items():
        numbers = sorted(int(row.key.name.removeprefix("TRANSACTION#")) for row in books.entries[person])
        if numbers != list(range(1, purse.seq + 1)):
            yield Violation("entries 1..n", person, f"{len(numbers)} entries, purse at {purse.seq}")
    for person in books.entries.keys() - books.purses.keys():
        yield Violation("entries without a purse", person)


def balances_follow_from_entries(books: Books) -> Iterator[Violation]:
    for person, purse in books.purses.items():
        balance = dict.fromkeys(POCKETS, 0)
        for row in sorted(books.entries[person], key=lambda row: row.key.name):
            balance = {pocket: balance[pocket] + row.number(pocket) for pocket in POCKETS}
            if any(balance[pocket] != row.number(f"{pocket}_after") for pocket in POCKETS):
                yield Violation("running balance", person, row.key.name)
            if min(balance.values()) < 0:
                yield Violation("nothing negative", person, row.key.name)
        if balance != {"gift": purse.gift, "paid": purse.paid, "held": purse.held}:
            yield Violation("purse is the sum of its entries", person)


def keys_are_unique(books: Books) -> Iterator[Violation]:
    for person, rows in books.entries.items():
        counted = Counter(row.text("key") for row in rows)
        yield from (Violation("one entry a key", person, key) for key, count in counted.items() if count > 1)


def held_is_what_open_holds_hold(books: Books) -> Iterator[Violation]:
    held: Counter[str] = Counter()
    sheets: dict[str, Counter[str]] = defaultdict(Counter)
    for row in open_holds(books):
        person = row.key.owner.removeprefix("USER#")
        held[person] += row.number("gift") + row.number("paid")
        if sheet := row.text("sheet"):
            sheets[person][sheet] += 1
    for person, purse in books.purses.items():
        if purse.held != held[person]:
            yield Violation("held is the sum of open holds", person, f"{purse.held}, not {held[person]}")
        if dict(purse.open) != dict(sheets[person]):
            yield Violation("open sheets are those with open holds", person)


def open_holds(books: Books) -> Iterator[Row]:
    for rows in (*books.holds.values(), [*books.aside.values()]):
        yield from (row for row in rows if row.text("state") == "held")


def guards_stand_for_entries(books: Books) -> Iterator[Violation]:
    keys = {row.text("key") for rows in books.entries.values() for row in rows}
    for row in books.guards:
        if (key := row.key.name.removeprefix("OP#")) not in keys:
            yield Violation("a guard has its entry", row.key.owner, key)
    guarded = {row.key.name.removeprefix("OP#") for row in books.guards}
    for row in (row for rows in books.entries.values() for row in rows):
        if row.text("kind") not in UNGUARDED and row.text("key") not in guarded:
            yield Violation("an entry has its guard", row.key.owner, row.text("key"))


# -- of a job -------------------------------------------------------------------------------------------------------


def a_job_has_one_hold_in_its_state(books: Books) -> Iterator[Violation]:
    for name, job in books.jobs.items():
        states = [row.text("state") for row in books.holds.get(name, ())]
        if states != [HELD_WHILE[job.state]]:
            yield Violation("one hold in the job's state", name, f"{job.state} with {states}")
        if job.paid > MOST_PAID:
            yield Violation("never paid more than twice", name, str(job.paid))
    for name in books.holds.keys() - books.jobs.keys():
        yield Violation("a hold has its job", name)


def entries_tell_the_same_story(books: Books) -> Iterator[Violation]:
    """Entries of a job: one hold, and capture, release and give-back exactly where the state asks for one."""
    for kind, states in (
        ("hold", (*HELD_WHILE,)),
        ("capture", ("kept", "delivered", "returned")),
        ("release", ("failed", "cancelled")),
        ("give back", ("returned",)),
    ):
        told = books.keys(kind)
        due = Counter(f"{kind}:{name}" for name, job in books.jobs.items() if job.state in states)
        yield from (Violation(f"one {kind} entry a job", key) for key in (told - due) + (due - told))


def pictures_hang_where_they_were_kept(books: Books) -> Iterator[Violation]:
    kept = {name for name, job in books.jobs.items() if HELD_WHILE[job.state] == "captured"}
    yield from (Violation("captured means an image", name) for name in kept ^ books.images.keys())
    for name in kept & books.images.keys():
        image, returned = books.images[name], books.jobs[name].state == "returned"
        if returned != (image.state == "withdrawn") or (returned and image.seen != "no"):
            yield Violation("returned means withdrawn and unseen", name, f"{image.state}, seen {image.seen}")


def sheets_have_their_jobs(books: Books) -> Iterator[Violation]:
    ordered = {job for sheet in books.sheets.values() for job in sheet.jobs}
    yield from (Violation("a sheet has its jobs", name) for name in ordered ^ books.jobs.keys())


def results_are_told(books: Books) -> Iterator[Violation]:
    """News for a kept picture that is not delivered, due or parked."""
    waiting = [job for job in books.jobs.values() if job.state == "kept"]
    for job in waiting:
        whole = {job.id, *job.siblings}  # a sheet is told by the last of its jobs that closes
        if not whole & books.told and all(books.jobs[one].closed for one in whole & books.jobs.keys()):
            yield Violation("a kept picture is in the outbox", job.id)


# -- of the house ---------------------------------------------------------------------------------------------------


def rows_can_be_read(books: Books) -> Iterator[Violation]:
    yield from (Violation("a row can be read", key.owner, key.name) for key in books.unread)


def merges_lose_nothing(books: Books) -> Iterator[Violation]:
    moved: Counter[str] = Counter()
    for row in (row for rows in books.entries.values() for row in rows):
        if row.text("kind") in ("merge in", "merge out"):
            moved[row.text("ref")] += row.number("gift") + row.number("paid")
    yield from (Violation("a merge sums to nothing", ref, str(sum_)) for ref, sum_ in moved.items() if sum_)


# -- of a link ------------------------------------------------------------------------------------------------------


def who_was_merged_is_wholly_gone(books: Books) -> Iterator[Violation]:
    for person, row in books.profiles.items():
        into, purse = row.text("merged_into"), books.purses.get(person)
        if (row.text("status") == "merged") != bool(into):
            yield Violation("merged means into somebody", person)
        if purse and purse.merged_into != into:
            yield Violation("profile and purse go the same way", person, f"{into}, {purse.merged_into}")
        if into and purse and (purse.free or purse.held or purse.open):
            yield Violation("who was merged has nothing", person, f"{purse.free} free, {purse.held} held")
        there = books.profiles.get(into) if into else None
        if into and (there is None or person not in there.texts("absorbed")):
            yield Violation("who was merged is absorbed there", person, into)


def addresses_speak_for_whoever_lists_them(books: Books) -> Iterator[Violation]:
    for person, count in books.speaking.items():
        profile = books.profiles.get(person)
        if profile is None or len(profile.items("addresses")) != count:
            listed = len(profile.items("addresses")) if profile else "no profile"
            yield Violation("addresses speak for whoever lists them", person, f"{count} speak, {listed}")
    for person, row in books.profiles.items():
        if row.items("addresses") and not books.speaking[person]:
            yield Violation("who is listed at an address speaks from it", person)


def bytes_and_images(books: Books, stored: Iterable[Stored]) -> Iterator[Violation]:
    """Bytes of kept images, unchanged, and no bytes without an image or a job that may still keep them."""
    here = {one.name: one.sha256 for one in stored}
    for image in books.images.values():
        if image.state == "kept" and (here.get(image.blob), here.get(image.thumb)) != (
            image.sha256,
            image.thumb_sha256,
        ):
            yield Violation("a kept image has its bytes", image.id)
    kept = {name for name, image in books.images.items() if image.state == "kept"}
    awaited = {name for name, job in books.jobs.items() if job.state in OPEN or (job.shelf() and not job.swept)}
    awaited |= {name for name, image in books.images.items() if image.shelf}
    for name, sha256 in here.items():
        folder, _, id_ = name.partition("/")
        if f"{folder}/" != FOLDER and id_ not in kept | awaited:
            yield Violation("bytes have their image", name)
        if f"{folder}/" == FOLDER and (id_ not in books.uploads or books.uploads[id_].sha256 != sha256):
            yield Violation("bytes of an upload have their row", name)


PROOFS: tuple[Proof, ...] = (
    entries_run_without_a_gap,
    balances_follow_from_entries,
    keys_are_unique,
    held_is_what_open_holds_hold,
    guards_stand_for_entries,
    a_job_has_one_hold_in_its_state,
    entries_tell_the_same_story,
    pictures_hang_where_they_were_kept,
    sheets_have_their_jobs,
    results_are_told,
    rows_can_be_read,
    merges_lose_nothing,
    who_was_merged_is_wholly_gone,
    addresses_speak_for_whoever_lists_them,
)
