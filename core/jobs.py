"""Jobs – sheets and jobs, and the only ways in which a job may move.

    queued -> painting -> kept -> delivered | returned
    queued | painting -> failed | cancelled          painting -> queued

A job moves as a value. `changing` turns the difference into a write that is refused unless the job still has the state
and the fence of `before`. The worker with the current fence speaks for the job. A takeover or a cancel raises the
fence, so the writes of the earlier worker are refused.
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
MOST_PAID = 2  # attempts of one job that may cost money
MOST_CRASHES = 3  # times the lease of a job's worker may run out
AS_TYPED = "as typed"  # detail of a failure: the prompt can be painted in its own words
MOST_IDLE = 20  # claims in a row that called no painter


@dataclass(frozen=True, slots=True)
class Attempt:
    """Call to a painter, written down before the call is made."""

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
    channel: str  # channel of the result
    chat: str
    place: int  # virtual finish time: the smallest is painted first
    created: int
    reply_to: str = ""
    asker: str = ""  # in a group: the member who asked, and the only one who may press the buttons
    siblings: tuple[str, ...] = ()  # the other jobs of its sheet
    gift: bool = False  # ordered by a person who never paid
    from_gift: int = 0  # credits of the price that came from the gift pocket
    state: State = "queued"
    claims: int = 0
    idle: int = 0  # claims since a painter was called
    crashes: int = 0
    fence: int = 0
    lease_until: int = 0
    not_before: int = 0
    wait: int = 0  # milliseconds of the delay that ends at `not_before`
    asked: bool = False  # True: a painter was called and has not answered
    attempts: tuple[Attempt, ...] = ()
    began: int = 0
    ended: int = 0
    message: str = ""  # the status message in the chat
    reason: str = ""
    passed: bool = False  # an admin has let its words pass
    swept: bool = False  # True: bytes that the job may have left behind were looked for

    @classmethod
    def of(cls, row: Row) -> "Job":
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in row.fields.items() if name in known}
        siblings = tuple(row.texts("siblings"))
        attempts = tuple(Attempt(**one) for one in row.items("attempts") if isinstance(one, dict))  # type: ignore[arg-type]  # the row keeps what its noun wrote
        named = {"id": row.key.owner.removeprefix("JOB#"), "attempts": attempts, "siblings": siblings}
        return cls(**{**values, **named})  # type: ignore[arg-type]  # the row keeps what its noun wrote

    def facts(self) -> dict[str, Value]:
        """Fields of the job's row, with the place on a shelf."""
        kept = {name: value for name, value in asdict(self).items() if name not in ("id", "attempts", "siblings")}
        attempts: list[Value] = [asdict(one) for one in self.attempts]
        return {**kept, "attempts": attempts, "siblings": list(self.siblings), **self.shelf()}

    def shelf(self) -> dict[str, Value]:
        """Shelf of the job: queued by place, painting by age, closed until swept, failed by time of the end.

        Painting jobs do not stand by lease, or every heartbeat would have to move a row.
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
        """True if the job may be tried at `now`."""
        return come(self.not_before, now, self.wait)

    def lapsed(self, now: int, lease: int) -> bool:
        """True if the worker is gone: the `lease` ran out, or ends so far ahead that the clock was set back since."""
        return self.state == "painting" and not now <= self.lease_until <= now + 2 * lease

    @property
    def words(self) -> Prompt:
        return Prompt.of(self.prompt)

    @property
    def paid(self) -> int:
        """Count of attempts that cost money, or may have."""
        return sum(one.billable for one in self.attempts)

    @property
    def drawn(self) -> bool:
        """True if a painter has answered with bytes: until the job is kept, the worker has the only copy."""
        return any(one.state == "done" for one in self.attempts)

    # -- moves -----------------------------------------------------------------------------------------------------

    def claimed(self, now: int, lease: int) -> "Job":
        """Job claimed by a worker. A lease that ran out counts as a crash, and the open call as perhaps paid."""
        taken = self.moved("painting", fence=self.fence + 1, claims=self.claims + 1, lease_until=now + lease)
        taken = replace(taken, began=self.began or now, idle=self.idle + 1)
        return taken.taken_over() if self.state == "painting" else taken

    def taken_over(self) -> "Job":
        attempts = tuple(replace(one, state="unknown") if one.state == "sent" else one for one in self.attempts)
        return replace(self, crashes=self.crashes + 1, asked=False, attempts=attempts)

    def beaten(self, now: int, lease: int) -> "Job":
        return self.moved("painting", lease_until=now + lease)

    def asking(self, attempt: Attempt, prompt: Prompt | None = None) -> "Job":
        """Job with a new `attempt`, about to call a painter with `prompt` where the words differ from the order's."""
        words = prompt.facts() if prompt else self.prompt
        tried = (*self.attempts, attempt)
        return self.moved("painting", asked=True, attempts=tried, prompt=words, reason="", idle=0)

    def answered(self, state: Literal["done", "free", "failed", "unknown"]) -> "Job":
        """Job whose open call to the painter ended in `state`."""
        if not self.asked:
            return self
        return replace(self, asked=False, attempts=(*self.attempts[:-1], replace(self.attempts[-1], state=state)))

    def requeued(self, now: int, wait: int = 0, reason: str = "") -> "Job":
        """Job back at the old place, to be tried after `wait` milliseconds. `reason` is told if the house gives up."""
        return self.moved("queued", not_before=now + wait, wait=wait, lease_until=0, reason=reason)

    def kept(self, now: int) -> "Job":
        """Job kept. The last call is marked done, even if thought failed, unless the bytes came from an earlier one."""
        done = self.attempts[-1:] if self.drawn else tuple(replace(one, state="done") for one in self.attempts[-1:])
        return self.moved("kept", ended=now, asked=False, attempts=(*self.attempts[:-1], *done))

    def failed(self, now: int, reason: str) -> "Job":
        return self.answered("failed").moved("failed", ended=now, reason=reason)

    def cancelled(self, now: int) -> "Job":
        """Job cancelled, with the fence raised, so that the worker can publish no picture."""
        return self.moved("cancelled", ended=now, fence=self.fence + 1)

    def delivered(self) -> "Job":
        return self.moved("delivered")

    def returned(self, now: int) -> "Job":
        return self.moved("returned", ended=now)

    def cleared(self) -> "Job":
        """Job swept: no bytes are left in the blob store or on a disk."""
        return replace(self, swept=True)

    def moved(self, state: State, **changes: object) -> "Job":
        if state not in LEGAL.get(self.state, ()):
            raise TooLate(self.state)
        return replace(self, state=state, **changes)  # type: ignore[arg-type]  # each move names its fields


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sheet of one to four `jobs` ordered together. The row of a sheet guards the order's key."""

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
    """Write of the difference, refused unless the job still has the state and the fence of `before`."""
    old, new = before.facts(), after.facts()
    return Change(
        job_key(before.id),
        set={name: value for name, value in new.items() if name not in old or old[name] != value},
        unset=tuple(name for name in old if name not in new),
        when={"state": before.state, "fence": before.fence, **(when or {})},
    )


def claiming(before: Job, after: Job) -> Change:
    """Write of a claim: a job in painting is taken only if the lease has not been renewed since `before` was read."""
    still = {"lease_until": before.lease_until} if before.state == "painting" else None
    return replace(changing(before, after, still), alone=True)


def beating(job: Job, after: Job) -> Change:
    """Write of a heartbeat, refused unless the worker still has the fence."""
    return replace(changing(job, after), alone=True)


def cancelling(before: Job, after: Job, *, late: bool) -> Change:
    """Write of a cancel. In time (not `late`) no painter may have been called, else the picture is thrown away."""
    return changing(before, after, None if late else {"asked": False})
