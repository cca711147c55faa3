"""Sheets and jobs: what was ordered, and the only ways a job may move.

    queued -> painting -> kept -> delivered | returned
    queued | painting -> failed | cancelled          painting -> queued

A job moves as a value; `changing` turns the difference into a write that stands only while the job is still in the
state and under the fence it was read with. Whoever holds the fence speaks for the job; a takeover or a cancel raises
it, and the late speaker's writes are refused.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Literal

from core.clock import MINUTE, come
from core.errors import TooLate
from core.ledger import Parts
from core.prompts import Prompt
from core.table import Change, Create, Fields, Key, Row, Value, When

State = Literal["queued", "painting", "kept", "delivered", "returned", "failed", "cancelled"]
LEGAL: Mapping[str, tuple[str, ...]] = {
    "queued": ("painting", "failed", "cancelled"),
    "painting": ("painting", "queued", "kept", "failed", "cancelled"),
    "kept": ("delivered", "returned"),
}
OPEN = ("queued", "painting")
QUEUED, PAINTING, LEFTOVERS, FAILED = "JOBS#queued", "JOBS#painting", "JOBS#leftovers", "JOBS#failed"  # shelves
SWEEP_AFTER = 15 * MINUTE  # longer than any call to a painter and its lease
MOST_PAID = 2  # billable attempts of one job
MOST_CRASHES = 3  # times its worker's lease may run out
AS_TYPED = "as typed"  # detail of a failure: the words can be painted as they were typed
MOST_IDLE = 20  # claims one after the other that brought it before no painter


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to a painter, written down before it is made."""

    route: str
    at: int
    usd_micros: int
    state: Literal["sent", "done", "free", "failed", "unknown"] = "sent"  # free: surely not billed

    @property
    def billable(self) -> bool:
        return self.state != "free"


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    person: str
    sheet: str
    price: int
    model: str
    prompt: Mapping[str, Value]
    channel: str  # where the result goes
    chat: str
    place: int  # virtual finish time; the smallest is painted first
    created: int
    reply_to: str = ""
    asker: str = ""  # in a group, where others read along: who of it asked; it is for nobody else to press
    siblings: tuple[str, ...] = ()  # the other jobs of its sheet
    gift: bool = False  # ordered by a person who never paid
    from_gift: int = 0  # how much of the price came from the gift pocket
    state: State = "queued"
    claims: int = 0
    idle: int = 0  # claims since a painter was asked
    crashes: int = 0
    fence: int = 0
    lease_until: int = 0
    not_before: int = 0
    wait: int = 0  # for which it was put off until then
    asked: bool = False  # a painter has been asked and has not answered
    attempts: tuple[Attempt, ...] = ()
    began: int = 0
    ended: int = 0
    message: str = ""  # the status message in the chat
    reason: str = ""
    swept: bool = False  # what it may have left behind has been looked for

    @classmethod
    def of(cls, row: Row) -> "Job":
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in row.fields.items() if name in known}
        siblings = tuple(row.texts("siblings"))
        attempts = tuple(Attempt(**one) for one in row.items("attempts") if isinstance(one, dict))  # type: ignore[arg-type]  # the row keeps what its noun wrote
        named = {"id": row.key.owner.removeprefix("JOB#"), "attempts": attempts, "siblings": siblings}
        return cls(**{**values, **named})  # type: ignore[arg-type]  # the row keeps what its noun wrote

    def facts(self) -> dict[str, Value]:
        """The job as a row keeps it, with its place on the shelf while it is open."""
        kept = {name: value for name, value in asdict(self).items() if name not in ("id", "attempts", "siblings")}
        attempts: list[Value] = [asdict(one) for one in self.attempts]
        return {**kept, "attempts": attempts, "siblings": list(self.siblings), **self.shelf()}

    def shelf(self) -> dict[str, Value]:
        """Queued jobs stand by their place, painted ones by their age, and closed ones until they are swept.

        Not by their lease: at every heartbeat they would have to be moved.
        """
        match self.state:
            case "queued":
                return {"shelf": QUEUED, "due": self.place}
            case "painting":
                return {"shelf": PAINTING, "due": self.began}
            case "failed" | "cancelled" | "returned" if self.attempts and not self.swept:
                return {"shelf": LEFTOVERS, "due": self.ended + SWEEP_AFTER}
            case "failed":
                return {"shelf": FAILED, "due": -self.ended}  # the newest stands first
        return {}

    @property
    def closed(self) -> bool:
        return self.state not in OPEN

    @property
    def blob(self) -> str:
        return f"img/{self.id}"

    @property
    def thumb(self) -> str:
        return f"thumb/{self.id}"

    @property
    def parts(self) -> Parts:
        return Parts(self.from_gift, self.price - self.from_gift)

    def ready(self, now: int) -> bool:
        """It may be tried now."""
        return come(self.not_before, now, self.wait)

    def lapsed(self, now: int, lease: int) -> bool:
        """Its worker is gone: the lease ran out, or lies so far ahead that the clock was set back since."""
        return self.state == "painting" and not now <= self.lease_until <= now + 2 * lease

    @property
    def words(self) -> Prompt:
        return Prompt.of(self.prompt)

    @property
    def paid(self) -> int:
        """Attempts that cost money, or may have."""
        return sum(one.billable for one in self.attempts)

    @property
    def drawn(self) -> bool:
        """A painter has answered with bytes; until the job is kept they are on the disk of whoever asked."""
        return any(one.state == "done" for one in self.attempts)

    # -- moves -----------------------------------------------------------------------------------------------------

    def claimed(self, now: int, lease: int) -> "Job":
        """A worker takes it; a lease that ran out counts as a crash, its unanswered call as perhaps paid."""
        taken = self.moved("painting", fence=self.fence + 1, claims=self.claims + 1, lease_until=now + lease)
        taken = replace(taken, began=self.began or now, idle=self.idle + 1)
        return taken.taken_over() if self.state == "painting" else taken

    def taken_over(self) -> "Job":
        attempts = tuple(replace(one, state="unknown") if one.state == "sent" else one for one in self.attempts)
        return replace(self, crashes=self.crashes + 1, asked=False, attempts=attempts)

    def beaten(self, now: int, lease: int) -> "Job":
        return self.moved("painting", lease_until=now + lease)

    def asking(self, attempt: Attempt, prompt: Prompt | None = None) -> "Job":
        """A painter is about to be asked, with these words where they are not those of the order."""
        words = prompt.facts() if prompt else self.prompt
        tried = (*self.attempts, attempt)
        return self.moved("painting", asked=True, attempts=tried, prompt=words, reason="", idle=0)

    def answered(self, state: Literal["done", "free", "failed", "unknown"]) -> "Job":
        """The painter has answered the call that is out."""
        if not self.asked:
            return self
        return replace(self, asked=False, attempts=(*self.attempts[:-1], replace(self.attempts[-1], state=state)))

    def requeued(self, now: int, wait: int = 0, reason: str = "") -> "Job":
        """Back to its old place, to be tried later; the reason is told if it is given up there."""
        return self.moved("queued", not_before=now + wait, wait=wait, lease_until=0, reason=reason)

    def kept(self, now: int) -> "Job":
        """Whatever was thought of its last call, its bytes are here, unless they are those of an earlier one."""
        done = self.attempts[-1:] if self.drawn else tuple(replace(one, state="done") for one in self.attempts[-1:])
        return self.moved("kept", ended=now, asked=False, attempts=(*self.attempts[:-1], *done))

    def failed(self, now: int, reason: str) -> "Job":
        return self.answered("failed").moved("failed", ended=now, reason=reason)

    def cancelled(self, now: int) -> "Job":
        """The fence rises, so that whoever paints it can publish nothing."""
        return self.moved("cancelled", ended=now, fence=self.fence + 1)

    def delivered(self) -> "Job":
        return self.moved("delivered")

    def returned(self, now: int) -> "Job":
        return self.moved("returned", ended=now)

    def cleared(self) -> "Job":
        """Nothing of it is left in the blob store or on a disk."""
        return replace(self, swept=True)

    def moved(self, state: State, **changes: object) -> "Job":
        if state not in LEGAL.get(self.state, ()):
            raise TooLate(self.state)
        return replace(self, state=state, **changes)  # type: ignore[arg-type]  # each move names its fields


@dataclass(frozen=True, slots=True)
class Sheet:
    """One to four jobs ordered together; its row is the guard of the order's key."""

    id: str
    person: str
    jobs: tuple[str, ...]
    facts: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row) -> "Sheet":
        return cls(row.key.owner.removeprefix("SHEET#"), row.text("person"), tuple(row.texts("jobs")), row.map("facts"))

    def creating(self, now: int) -> Create:
        kept: Fields = {
            "person": self.person,
            "jobs": list(self.jobs),
            "facts": dict(self.facts),
            "at": now,
        }
        return Create(sheet_key(self.id), kept)


def job_key(job: str) -> Key:
    return Key(f"JOB#{job}", "META")


def sheet_key(sheet: str) -> Key:
    return Key(f"SHEET#{sheet}", "META")


def creating(job: Job) -> Create:
    return Create(job_key(job.id), job.facts())


def changing(before: Job, after: Job, when: When | None = None) -> Change:
    """The difference as a write that stands only in the state and under the fence the job was read with."""
    old, new = before.facts(), after.facts()
    return Change(
        job_key(before.id),
        set={name: value for name, value in new.items() if name not in old or old[name] != value},
        unset=tuple(name for name in old if name not in new),
        when={"state": before.state, "fence": before.fence, **(when or {})},
    )


def claiming(before: Job, after: Job) -> Change:
    """A queued job is free to take; a painted one only if its lease has not been renewed since it was read."""
    still = {"lease_until": before.lease_until} if before.state == "painting" else None
    return replace(changing(before, after, still), alone=True)


def beating(job: Job, after: Job) -> Change:
    """Whoever holds the fence, and nobody else, says that they are still at it."""
    return replace(changing(job, after), alone=True)


def cancelling(before: Job, after: Job, *, late: bool) -> Change:
    """In time: no painter has been asked. Late: whatever is being drawn will be thrown away."""
    return changing(before, after, None if late else {"asked": False})
