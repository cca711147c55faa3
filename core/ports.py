"""Ports – all that the house stands on, handed over by a wing in one piece."""

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
    """Ports of one wing, and what else the house must know of the wing."""

    ports: Ports
    secret: str  # the secret under which people's addresses are stored
    vendors: frozenset[str]  # vendors that can paint here
    alone: bool  # True: a lock proves that no other process uses this table
    roll: Roll | None = None  # live processes, where several may use the table
    measures: Measuring = nothing  # numbers that the wing's stores keep of themselves
    almanac: Almanac | None = None  # end dates of models, besides those in the catalogue
