"""Guards removed: what a storm must notice.

Every rule of the ledger stands on two guards or more, so that a mistake in one harms nobody. Here a table forgets
chosen guards of the writes that pass through it, a store or a disk forgets its promise, and storms rage until one of
them is judged wrong. A set of guards whose loss no storm notices is not proved to guard anything.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.blobs import Stored
from core.clock import DAY, MINUTE, SECOND
from core.table import Change, Check, Create, Delete, Index, Key, Row, Rows, Table, Write
from infra.embedded.table import SqliteTable
from tests.storms.memory import MemoryBlobs, MemoryCache, stored
from tests.storms.mortal import Plan
from tests.storms.pipeline import CROWDED, EMBEDDED, SCALED_OUT, Shape, Storm, WatchedSpool, Weather
from tests.storms.played import Trouble
from tests.storms.reckoning import judged

MOST_SEEDS = 300  # storms that a mutant may survive

Guard: TypeAlias = Callable[[Write], Write]  # the write without it
Guards: TypeAlias = tuple[Guard, ...]


# -- guards, each with what its loss makes of a write -----------------------------------------------------------------


def stands_in(write: Write, owner: str = "", name: str = "") -> bool:
    return write.key.owner.startswith(owner) and write.key.name.startswith(name)


def unconditioned(*fields: str, owner: str = "", name: str = "") -> Guard:
    """A change that no longer looks at these fields."""

    def without(write: Write) -> Write:
        if not isinstance(write, Change) or not stands_in(write, owner, name):
            return write
        return replace(write, when={field: value for field, value in write.when.items() if field not in fields})

    return without


def overwriting(owner: str = "", name: str = "") -> Guard:
    """A creation that takes the place of what stands there."""

    def without(write: Write) -> Write:
        if not isinstance(write, Create) or not stands_in(write, owner, name):
            return write
        return Change(write.key, set=write.fields, or_create=True)

    return without


def careless(owner: str = "", name: str = "") -> Guard:
    """A deletion that does not mind if another was quicker."""

    def without(write: Write) -> Write:
        if not isinstance(write, Delete) or not stands_in(write, owner, name):
            return write
        return Delete(write.key)

    return without


def unfloored(write: Write) -> Write:
    """A purse may fall below nothing."""
    return replace(write, floor={}) if isinstance(write, Change) and stands_in(write, name="PURSE") else write


def unmarked(write: Write) -> Write:
    """A picture that is about to be sent is not marked."""
    if isinstance(write, Change) and stands_in(write, name="IMAGE#") and write.set.get("seen") == "maybe":
        return Check(write.key)
    return write


def unwritten(write: Write) -> Write:
    """A call to the painter is made before it is written down, and so is its cost."""
    if isinstance(write, Change) and write.set.get("asked") is True:
        return replace(write, set={name: value for name, value in write.set.items() if name == "due"})
    if isinstance(write, Change) and stands_in(write, "COUNTER#", "SPEND#"):
        return replace(write, add=dict.fromkeys(write.add, 0))
    return write


def shared(owner: str, name: str = "") -> Guards:
    """A lease that two processes can have at once, and for as long as they like."""

    def unheld(write: Write) -> Write:
        if isinstance(write, Change) and stands_in(write, owner, name) and "until" in write.set:
            return replace(write, set={**write.set, "until": 0})
        return write

    return (unconditioned("fence", owner=owner, name=name), overwriting(owner, name), unheld)


PURSE_NUMBER = (unconditioned("seq", name="PURSE"),)
PURSE_FLOOR = (unfloored,)
ENTRY_ONCE = (overwriting(name="TRANSACTION#"),)
HOLD_STATE = (unconditioned("state", name="HOLD#"),)
JOB_STATE = (unconditioned("state", owner="JOB#"),)
JOB_FENCE = (unconditioned("fence", "lease_until", owner="JOB#"),)
SHEET_ONCE = (overwriting("SHEET#"),)
LANE_ONCE = (overwriting("LANE#", "0"),)
KEY_ONCE = (overwriting(name="OP#"),)
GIFT_ONCE = (unconditioned("gift_taken", owner="ADDRESS#"),)
ADDRESS_ONCE = (overwriting("ADDRESS#"),)
IMAGE_SEEN = (unconditioned("seen", "state", name="IMAGE#"),)
IMAGE_MARK = (unmarked,)
OUTBOX_ONCE = (careless("OUTBOX#"), unconditioned("outcome", owner="OUTBOX#"))
ATTEMPT_MARK = (unwritten,)
COURIER_LEASE, CHORE_LEASE, LANE_LEASE = shared("COURIER#"), shared("CHORE#"), shared("LANE#", "LEASE")


class CarelessTable:
    """The table, forgetting guards."""

    def __init__(self, table: Table, guards: tuple[Guard, ...]) -> None:
        self._table, self._guards = table, guards

    async def get(self, key: Key) -> Row | None:
        return await self._table.get(key)

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        return await self._table.list(owner, prefix, after=after, limit=limit, newest_first=newest_first)

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        return await self._table.find(index, value, until=until, after=after, limit=limit)

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        return await self._table.walk(after, limit)

    async def write(self, *writes: Write) -> None:
        await self._table.write(*map(self._forgetful, writes))

    def _forgetful(self, write: Write) -> Write:
        for guard in self._guards:
            write = guard(write)
        return write


class OverwritingBlobs(MemoryBlobs):
    """A store that lets the last one win."""

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        del mime
        self.kept[name] = data
        return replace(stored(name, data), fresh=True)


class ForgetfulSpool(WatchedSpool):
    """A disk that says yes and keeps nothing."""

    async def keep(self, job: str, data: bytes) -> None:
        await super().keep(job, data)
        await self.forget(job)


class ForgetfulCache(MemoryCache):
    """A cache in which nothing is found again: what it remembers of a person would hide that there are two."""

    async def get(self, key: str) -> bytes | None:
        del key
        return None


# -- mutants ----------------------------------------------------------------------------------------------------------

RUDE = Trouble(painter=0.1, channel=0.3, bell=0.3)
DEADLY = Plan(chance=0.003, most=6)
CROSS = Trouble(channel=0.9)
MANY = 99  # calls in vain are no wonder where a clock goes wrong all the time
NIGHTS = (8 * DAY, 20 * MINUTE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule, and a house that has lost the guards it stands on."""

    rule: str
    lost: str
    guards: Guards = ()
    shape: Shape = SCALED_OUT
    blobs: type[MemoryBlobs] = MemoryBlobs
    spool: type[WatchedSpool] = WatchedSpool
    cache: type[MemoryCache] = MemoryCache
    trouble: Trouble = RUDE
    fast: int = 0  # how far the clock of one worker is ahead, so that it takes over jobs whose worker lives

    def storm(self, seed: int) -> Storm:
        weather = Weather(DEADLY, self.trouble, people=3, prompts=3, nights=NIGHTS)
        table = CarelessTable(SqliteTable.inline(":memory:"), self.guards)
        storm = Storm.brewing(seed, self.shape, weather, table)
        storm.world.blobs, storm.world.cache = self.blobs(), self.cache()
        for name in self.shape.processes:
            storm.world.spools[name] = self.spool(storm.witness)
        if self.fast:
            storm.world.clock_of("worker-1").offset = self.fast
            storm.witness.clocks_moved = MANY
        return storm


MUTANTS = (
    Mutant("every move of a purse stands in its book", "purse number, entry once", PURSE_NUMBER + ENTRY_ONCE),
    Mutant("no pocket falls below nothing", "purse number, purse floor", PURSE_NUMBER + PURSE_FLOOR),
    Mutant("a hold is closed once", "hold state, job state, job fence", HOLD_STATE + JOB_STATE + JOB_FENCE),
    Mutant("who holds the fence speaks for the job", "job state, job fence", JOB_STATE + JOB_FENCE),
    Mutant("a word is ordered once", "lane once, sheet once", LANE_ONCE + SHEET_ONCE),
    Mutant("a lane is served by one", "lane lease, sheet once", LANE_LEASE + SHEET_ONCE, CROWDED),
    Mutant("somebody is met once", "lane lease, address", LANE_LEASE + ADDRESS_ONCE, CROWDED, cache=ForgetfulCache),
    Mutant("a gift is given once", "key once, address gift", KEY_ONCE + GIFT_ONCE),
    Mutant("what was seen is not given back", "image seen, job state", IMAGE_SEEN + JOB_STATE, trouble=CROSS),
    Mutant("a picture is marked before it is sent", "seen mark, image seen", IMAGE_MARK + IMAGE_SEEN),
    Mutant("news are told once", "courier lease, outbox once", COURIER_LEASE + OUTBOX_ONCE, CROWDED, trouble=CROSS),
    Mutant("news are counted once", "chore lease, outbox once", CHORE_LEASE + OUTBOX_ONCE, CROWDED),
    Mutant("a call is written down before it is made", "attempt mark, spend", ATTEMPT_MARK),
    Mutant("bytes are written once", "blobs once", blobs=OverwritingBlobs, fast=9 * SECOND),
    Mutant("what is on the disk is not paid again", "spool", shape=EMBEDDED, spool=ForgetfulSpool),
)


@dataclass(frozen=True, slots=True)
class Hunt:
    """How a mutant fared: the seed that found it out, and what was wrong."""

    rule: str
    lost: str
    seed: int | None
    wrong: str = ""

    @property
    def killed(self) -> bool:
        return self.seed is not None


def hunted(mutant: Mutant, most: int = MOST_SEEDS, first: int = 0) -> Hunt:
    """Storm after storm until one is judged wrong."""
    for seed in range(first, first + most):
        if wrong := judged(mutant.storm(seed)).wrong:
            return Hunt(mutant.rule, mutant.lost, seed, wrong[0])
    return Hunt(mutant.rule, mutant.lost, None)


def hunted_by_number(number: int, most: int, first: int) -> Hunt:
    """For another processor, to which no guard can be sent."""
    return hunted(MUTANTS[number], most, first)


def sound(mutant: Mutant, seeds: range) -> list[str]:
    """What is wrong in the same storms with a house that has lost nothing: nothing, or the hunt means nothing."""
    whole = replace(mutant, guards=(), blobs=MemoryBlobs, spool=WatchedSpool)
    return [f"seed {seed}: {wrong}" for seed in seeds for wrong in judged(whole.storm(seed)).wrong]
