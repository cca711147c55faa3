"""Ports – all that the house stands on, handed over by a wing in one piece."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

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

Room: TypeAlias = Callable[[], float]  # bytes that are free where the house keeps its files


def unbounded() -> float:
    """A wing whose disks are somebody else's care."""
    return inf


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
    room: Room = unbounded  # free bytes where the house keeps its files
