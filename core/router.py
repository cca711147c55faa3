"""Router – chooses the route that paints a job now: its own, or a stand-in's.

admit(job) gives a seat in the lane of a route that will soon have a turn for the job, or None, and then the job stays
in the table. A job with a seat waits there for its turn. The call is made here, and its failure is judged here:

    throttled      the route slows down for all processes, and the job goes back to its place
    outage, timeout, broken     counted by the route's breaker: when it is open, jobs wait in the table
    misconfigured  the route is paused for ten minutes and admins get an alarm
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from core.alarms import Alarms
from core.breaker import Breaker
from core.budget import Budget
from core.clock import SECOND, Lived
from core.errors import Declined, Unavailable
from core.jobs import Attempt, Job
from core.lanes import Lane, Seat
from core.limits import Limits
from core.models import Catalogue, Model, Route
from core.painter import Picture
from core.ports import Ports
from core.prompts import Prompt
from core.table import TableUnavailable, Value
from core.tally import day_of

WORDS_WAIT = 30 * SECOND  # how long a job waits for a translator who is away


@dataclass(frozen=True, slots=True)
class LaneState:
    """State of a route in this process, for the gauges."""

    route: str
    rate: float  # calls a second, all processes together
    open: bool  # True: the route's breaker is open
    off: bool  # True: set up wrongly
    waiting: int
    flying: int


class Router:
    def __init__(
        self, ports: Ports, catalogue: Catalogue, vendors: Collection[str], limits: Limits, alarms: Alarms
    ) -> None:
        self._ports, self._catalogue, self._vendors, self._alarms = ports, catalogue, vendors, alarms
        self._lived = Lived(ports.clock)
        self.budget = Budget(ports.table, ports.clock, limits, alarms)
        self.scribe = Breaker(ports.clock, forgives=())  # without the scribe no English painter can be called
        self.freed = asyncio.Event()  # set when one more job might be admitted
        self.outcomes: Counter[tuple[str, str]] = Counter()  # count of attempts by route and outcome
        self.wordings: Counter[str] = Counter()  # count of translations by outcome
        self._lanes: dict[str, Lane] = {}
        self._retired: set[str] = set()

    # -- a seat -----------------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Learn what other processes have found out and spent, before a worker looks at the table."""
        self.freed.clear()
        await self.budget.look()
        for lane in list(self._lanes.values()):
            await lane.learn()

    def admit(self, job: Job) -> Seat | None:
        """Seat for a `job` that would soon have a turn, or None. The caller must leave the seat, whatever happens."""
        if self.hopeless(job):
            return Seat(None, job.place)
        rooms = (lane for lane in self._open(job) if lane.room(job.place) and self._ready_for(job, lane.route))
        lane = next(rooms, None)
        return lane.sit(job.place) if lane else None

    def seat(self, job: Job) -> Seat:
        """Seat even without room: for a `job` without a worker after a crash, which may need no turn at all."""
        if seat := self.admit(job):
            return seat
        lane = next(iter(self._open(job)), None) or self._lane(next(self._groups(job))[0])
        return lane.sit(job.place)

    def hopeless(self, job: Job) -> bool:
        """True if no route here will ever paint `job`."""
        return next(self._groups(job), None) is None

    def _ready_for(self, job: Job, route: Route) -> bool:
        """True if today's budget is left, and a translator is there if `route` needs one."""
        if route.usd_micros and not self.budget.allows(gift=job.gift):
            return False
        if not route.languages or job.words.english or not self.scribe.shut:
            return True
        return self.speechless(job)  # tried once more, and then closed

    def speechless(self, job: Job) -> bool:
        """True if `job` has waited long enough for a translator who has been away for a while."""
        away = self._ports.clock.steady() - self.scribe.since >= WORDS_WAIT // 2
        return self.scribe.open and away and self._lived.age(job.created) >= WORDS_WAIT

    def _open(self, job: Job) -> list[Lane]:
        """Lanes of the first group with an open route: a stand-in is not used for a mere crowd."""
        for group in self._groups(job):
            if lanes := [lane for lane in map(self._lane, group) if not lane.shut and self._bears(job, lane.route)]:
                return lanes
        return []

    def _bears(self, job: Job, route: Route) -> bool:
        beyond = self.beyond(job, route.usd_micros)
        return beyond == 0 or self.budget.bears(beyond)

    # -- who may paint it -------------------------------------------------------------------------------------------

    def _groups(self, job: Job) -> Iterator[Sequence[Route]]:
        """Routes of the ordered model, then of each model that may stand in, the best first."""
        now = self._ports.clock.now()
        for model in self._painters(job, now):
            here = [route for route in model.routes if route.vendor in self._vendors]
            if here and not (model.ended(now) or model.name in self._retired):
                yield here

    def _painters(self, job: Job, now: int) -> Iterator[Model]:
        if ordered := self._catalogue.models.get(job.model):
            yield ordered
            stand_ins = self._catalogue.stand_ins(ordered, job.words, now)
            yield from (one for one in stand_ins if self._affordable(job, one))

    def _affordable(self, job: Job, model: Model) -> bool:
        """True if `model` costs us no more than the ordered one, or we may pay the difference, never for a gift."""
        return self.beyond(job, model.usd_micros) == 0 or (self.budget.stands_in and not job.gift)

    def beyond(self, job: Job, usd_micros: int) -> int:
        """Cost of a call above that of the ordered model, in millionths of a dollar."""
        ordered = self._catalogue.models.get(job.model)
        return max(0, usd_micros - ordered.usd_micros) if ordered else 0

    def retire(self, model: str) -> None:
        """Stop using `model`, which the vendor has ended before the date we know."""
        self._retired.add(model)

    def _lane(self, route: Route) -> Lane:
        if route.name not in self._lanes:
            self._lanes[route.name] = Lane(route, self._ports.cache, self._ports.clock, self.freed.set)
        return self._lanes[route.name]

    # -- a call -----------------------------------------------------------------------------------------------------

    async def paint(self, seat: Seat, prompt: Prompt, source: bytes = b"") -> Picture:
        """Make one attempt within the route's time. A time-out may have been billed all the same."""
        outcome = "cut off"
        try:
            with seat.lane.breaker.watch():
                picture = await self._asked(prompt, seat.route, source)
            outcome = "painted"
        except Declined:
            outcome = "declined"
            raise
        except Unavailable as failure:
            outcome = failure.cause
            await self._learn(seat, failure)
            raise
        finally:
            self.outcomes[seat.route.name, outcome] += 1
        return picture

    async def _asked(self, prompt: Prompt, route: Route, source: bytes) -> Picture:
        try:
            async with asyncio.timeout(route.timeout):
                return await self._ports.painter.paint(prompt, route, source)
        except TimeoutError:
            raise Unavailable("timeout", "unknown") from None

    async def _learn(self, seat: Seat, failure: Unavailable) -> None:
        if failure.cause == "throttled":
            await seat.lane.slow_down(seat.began)
        if failure.cause == "misconfigured":
            seat.lane.turn_off()
            await self.tell("route off", seat.route.name, route=seat.route.name, model=seat.route.vendor_model)

    async def tell(self, what: str, about: str, **facts: Value) -> None:
        """Alarm admins, once a day for each `about`. If the table does not answer, a later call will tell."""
        try:
            await self._alarms.once(f"{what}/{about}/{day_of(self._ports.clock.now())}", what, **facts)
        except TableUnavailable:
            return

    # -- how it stands ----------------------------------------------------------------------------------------------

    def states(self) -> list[LaneState]:
        return [
            LaneState(lane.route.name, lane.rate, lane.breaker.open, lane.off, lane.waiting, lane.flying)
            for lane in self._lanes.values()
        ]


def painted_by(attempts: Sequence[Attempt]) -> str:
    """Name of the model that made the last of `attempts`."""
    return attempts[-1].route.partition("@")[0]
