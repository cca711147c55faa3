"""How much of each storm there is, and what one came to."""

from dataclasses import dataclass, field

from tests.storms.mutants import MOST_SEEDS
from tests.storms.quota_loopback import FEW, FULL, Shape
from tests.storms.strangers import FULL as FULL_SIEGE
from tests.storms.strangers import Siege


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each."""

    step: int = 1  # every so many points
    seeds: int = 1_500
    leaping: int = 10_000
    hunts: int = MOST_SEEDS  # storms that a mutant may survive
    silences: int = 200
    orders: int = 30
    copies: int = 32
    kills: int = 100
    house_kills: int = 1_000
    crowd: int = 60  # chats that greet without end in the house that is killed
    shop_kills: int = 40
    telegram_kills: int = 30  # in each mode
    zalo_kills: int = 30  # the same
    server_kills: int = 5
    steps: int = 10_000
    people: int = 200
    prompts: int = 10
    kills_among_people: int = 5
    watching: int = 500
    listening: int = 500  # over sockets
    backlog: int = 500
    guessers: int = 300  # chats
    guessing_hours: int = 24
    billing_faults: int = 3  # of each kind
    worker_kills: int = 10
    away: float = 30.0  # seconds of each store
    spent: Shape = FULL  # of a quota on loopback
    flips: int = 10_000  # of single bits
    changed_rows: int = 1_000
    siege: Siege = FULL_SIEGE


QUICK = Size(
    step=37,
    seeds=100,
    leaping=100,
    hunts=100,
    silences=20,
    orders=6,
    copies=8,
    kills=5,
    house_kills=5,
    crowd=10,
    shop_kills=3,
    telegram_kills=2,
    zalo_kills=2,
    server_kills=1,
    steps=400,
    people=20,
    kills_among_people=1,
    watching=60,
    listening=30,
    backlog=120,
    guessers=60,
    guessing_hours=3,
    billing_faults=1,
    worker_kills=1,
    away=15.0,
    spent=FEW,
    flips=300,
    changed_rows=50,
    siege=Siege(strangers=26, people=5, idle=10, seconds=20),
)


@dataclass(slots=True)
class Found:
    """What a storm came to, as lines of a table, and what was wrong."""

    lines: list[tuple[str, object]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def say(self, what: str, figure: object) -> None:
        self.lines.append((what, figure))
