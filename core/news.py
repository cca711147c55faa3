"""News – facts to tell a person later, and the outbox in which they wait.

The row of a news in the outbox is written in the same write as the move it tells of. A news is told, put off, or parked
until the person writes again. Once told, the row stays with its outcome until it is counted (core/tally.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

from core.clock import DAY, come
from core.jobs import Job
from core.ledger import owner_of
from core.table import SHELF_INDEX, Change, Create, Delete, Key, Refused, Row, Table, Value, When, Write

SHARDS = 4  # the rows of one channel are spread over so many owners
PARKED = "PARKED"
PATIENCE = 7 * DAY  # how long a parked picture waits before its credits go back
TALLY = "tally"
PAGE = 100  # rows of the outbox per read
WAITING: When = {"outcome": None}  # not told yet
IMAGE_READY, IMAGE_FAILED, IMAGE_CANCELLED, GIVEN_BACK = "image ready", "image failed", "image cancelled", "given back"
GRANTED = "granted"  # from here on, kinds that belong to no job
PAID, PAYMENT_FAILED, EXPIRED, IN_REVIEW = "paid", "payment failed", "order expired", "payment in review"
RENEWED, REPLACED, REFUNDED = "order renewed", "order replaced", "refunded"
OF_AN_ORDER = (PAID, PAYMENT_FAILED, EXPIRED, IN_REVIEW, RENEWED, REPLACED, REFUNDED)
LINKED, UNLINKED_HERE, UNLINKED_THERE = "linked", "has left", "was left"
APPEAL_WON, APPEAL_LOST, REFUSAL_WITHDRAWN = "appeal won", "appeal lost", "refusal withdrawn"
UPLOAD_WITHDRAWN = "upload withdrawn"
ALARM = "alarm"  # for an admin's chat, without a person
OF_A_SHEET = (IMAGE_READY, IMAGE_FAILED, IMAGE_CANCELLED)  # told once for the whole sheet


@dataclass(frozen=True, slots=True)
class News:
    id: str
    kind: str
    person: str
    channel: str
    chat: str
    due: int
    at: int
    facts: Mapping[str, Value] = field(default_factory=dict)
    tries: int = 0
    wait: int = 0  # milliseconds of the delay that ends at `due`

    @classmethod
    def of(cls, row: Row) -> "News":
        return cls(
            id=row.text("id"),
            kind=row.text("kind"),
            person=row.text("person"),
            channel=row.text("channel"),
            chat=row.text("chat"),
            due=row.number("due_at"),
            at=row.number("at"),
            facts=row.map("facts"),
            tries=row.number("tries"),
            wait=row.number("wait"),
        )

    @property
    def job(self) -> str:
        job = self.facts.get("job")
        return job if isinstance(job, str) else ""

    @property
    def order(self) -> str:
        order = self.facts.get("order")
        return order if isinstance(order, str) else ""

    @property
    def key(self) -> Key:
        return Key(shelf_of(self.channel, shard_of(self.chat)), f"{self.due:013d}#{self.id}")

    @property
    def parking(self) -> Key:
        return Key(owner_of(self.person), f"{PARKED}#{self.id}")

    def row(self) -> dict[str, Value]:
        return {
            "id": self.id,
            "kind": self.kind,
            "person": self.person,
            "channel": self.channel,
            "chat": self.chat,
            "due_at": self.due,
            "wait": self.wait,
            "at": self.at,
            "facts": dict(self.facts),
            "tries": self.tries,
        }

    def put_off(self, now: int, wait: int, *, tried: bool = True) -> "News":
        return self._moved(replace(self, due=now + wait, wait=wait, tries=self.tries + tried))

    def redirected(self, channel: str, chat: str, due: int) -> "News":
        """Copy for another chat, which remembers the old one under `tried`."""
        facts = {**self.facts, "tried": [*self.tried, f"{self.channel}:{self.chat}"]}
        return self._moved(replace(self, channel=channel, chat=chat, due=due, wait=0, tries=0, facts=facts))

    def _moved(self, moved: "News") -> "News":
        """Copy of `moved`, later if its key is that of this row: one write cannot delete and create one key."""
        return replace(moved, due=moved.due + 1) if moved.key == self.key else moved

    def about(self, job: str) -> "News":
        """Copy for another `job` of the same sheet."""
        return replace(self, facts={**self.facts, "job": job})

    @property
    def tried(self) -> list[Value]:
        tried = self.facts.get("tried")
        return tried if isinstance(tried, list) else []


def shelf_of(channel: str, shard: int) -> str:
    return f"OUTBOX#{channel}#{shard}"


def shard_of(chat: str) -> int:
    """Shard of `chat`: always the same, so that the news of one chat stay in order."""
    return crc32(chat.encode()) % SHARDS


def of_job(kind: str, job: Job, news_id: str, now: int, **facts: Value) -> News:
    """News of `job`, for the chat of the order."""
    told: dict[str, Value] = {"job": job.id, "sheet": job.sheet, "price": job.price, "model": job.model, **facts}
    return News(news_id, kind, job.person, job.channel, job.chat, due=now, at=now, facts=told)


def to_chat(kind: str, person: str, channel: str, chat: str, news_id: str, now: int, **facts: Value) -> News:
    """News for this `chat`, about no job."""
    return News(news_id, kind, person, channel, chat, due=now, at=now, facts=facts)


def posting(news: News) -> Create:
    return Create(news.key, news.row())


def telling(news: News, outcome: str) -> list[Write]:
    """Write that marks `news` as told, or as needing no telling, once. Person and chat are removed before the count."""
    return [Change(news.key, set={"outcome": outcome}, unset=("person", "chat"), when=WAITING)]


def unparking(news: News, outcome: str) -> list[Write]:
    """Writes that move parked `news` to the tally after the longest wait."""
    return [Delete(news.parking, when={}), counting(news, outcome)]


def waits(row: Row) -> bool:
    """True if `row` has not been told yet."""
    return "outcome" not in row.fields


def counting(news: News, outcome: str) -> Create:
    counted: dict[str, Value] = {
        "kind": news.kind,
        "channel": news.channel,
        "at": news.at,
        "outcome": outcome,
        "facts": dict(news.facts),
    }
    return Create(Key(shelf_of(TALLY, shard_of(news.chat)), news.id), counted)


def putting_off(news: News, now: int, wait: int, *, tried: bool = True) -> list[Write]:
    """Writes that put `news` off for `wait` milliseconds. Without `tried` (others went first) no try is used."""
    return [Delete(news.key, when=WAITING), posting(news.put_off(now, wait, tried=tried))]


def redirecting(news: News, channel: str, chat: str, now: int) -> list[Write]:
    """Writes that send `news` to another chat of the same person."""
    return [Delete(news.key, when=WAITING), posting(news.redirected(channel, chat, now))]


def parking(news: News, now: int) -> list[Write]:
    """Writes that park `news` of an unreachable person until the next message, or until the credits go back."""
    parked: dict[str, Value] = {**news.row(), "shelf": PARKED, "due": now + PATIENCE}
    return [Delete(news.key, when=WAITING), Create(news.parking, parked)]


def fetching(news: News, now: int) -> list[Write]:
    """Writes that move parked `news` back to the outbox."""
    return [Delete(news.parking, when={}), posting(replace(news, due=now, wait=0, tries=0))]


class Outbox:
    def __init__(self, table: Table) -> None:
        self._table = table

    async def due(self, channel: str, now: int, limit: int = 25) -> list[News]:
        """News of `channel` to tell at `now`, the oldest first within a chat."""
        found: list[News] = []
        for shard in range(SHARDS):
            found += map(News.of, await self._waiting(shelf_of(channel, shard), limit))
        return [news for news in found if come(news.due, now, news.wait)]

    async def _waiting(self, shelf: str, limit: int) -> list[Row]:
        """Oldest rows of `shelf` that are not told, skipping told rows that wait for the count."""
        found: list[Row] = []
        after = ""
        while len(found) < limit and (rows := await self._table.list(shelf, after=after, limit=PAGE)):
            found, after = [*found, *filter(waits, rows)], rows[-1].key.name
            if len(rows) < PAGE:
                break
        return found[:limit]

    async def empty(self, channel: str) -> bool:
        """True if `channel` has no news left, neither due nor later."""
        return not any([await self._waiting(shelf_of(channel, shard), 1) for shard in range(SHARDS)])

    async def fetch(self, person: str, now: int) -> int:
        """Move all parked news of `person` to the outbox, after a message from the person."""
        rows = await self._table.list(owner_of(person), f"{PARKED}#")
        for row in rows:
            await self._unless_gone(fetching(News.of(row), now))
        return len(rows)

    async def overdue(self, now: int) -> list[News]:
        """News parked so long that the credits go back."""
        return [News.of(row) for row in await self._table.find(SHELF_INDEX, PARKED, until=now)]

    async def _unless_gone(self, writes: list[Write]) -> None:
        try:
            await self._table.write(*writes)
        except Refused:
            return  # another process has fetched it
