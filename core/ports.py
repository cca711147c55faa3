"""Everything the house stands on, handed over by a wing in one piece."""

from dataclasses import dataclass

from core.almanac import Almanac
from core.blobs import Blobs
from core.cache import Cache
from core.chance import Chance
from core.clock import Clock
from core.darkroom import Darkroom
from core.journal import Journal
from core.measures import Measuring, nothing
from core.painter import Painter
from core.queue import Queue
from core.roll import Roll
from core.safety import PictureJudge
from core.scribe import Scribe
from core.spool import Spool
from core.table import Table


@dataclass(frozen=True, slots=True)
class Ports:
    table: Table
    blobs: Blobs
    queue: Queue
    cache: Cache
    painter: Painter
    scribe: Scribe
    judge: PictureJudge
    journal: Journal
    spool: Spool
    darkroom: Darkroom
    clock: Clock
    chance: Chance


@dataclass(frozen=True, slots=True)
class Wing:
    """The ports of one wing, and what else the house must know of it."""

    ports: Ports
    secret: str  # people's addresses are known by it
    vendors: frozenset[str]  # who can paint here
    alone: bool  # a lock proves that no other process lives on this table
    roll: Roll | None = None  # where others may live on it, who does
    measures: Measuring = nothing  # what its stores count of themselves
    almanac: Almanac | None = None  # who knows when its models end, besides the catalogue
