"""A lane: one route as this process uses it. Who waits for a turn there, who is painting, and how the vendor fares.

A job takes a seat before it is claimed, so that no more are claimed than the route will soon take: what has not
been claimed keeps its place in the table, where whoever comes with a smaller one still goes first. Its words are
translated while it sits there. The turn itself, a place in flight and a token of the bucket that all processes share,
is taken last of all, right before the call, by whoever has the smallest place of those that are ready.
"""

import asyncio
from bisect import insort
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import ceil, inf

from core.breaker import Breaker
from core.cache import Cache
from core.clock import MINUTE, SECOND, Clock
from core.errors import Unavailable
from core.models import Route
from core.rates import Rate

OFF = 10 * MINUTE  # how long a route that is set up wrongly is left alone
FRESH = 2 * SECOND  # how old what the other processes have learned may be
REMEMBERED = 3_600  # seconds for which they learn it from the cache
WORDING = 1.5  # seconds in which a job's words are ready for an English painter
CLAIMING = 0.1  # seconds in which any job is ready
BURST = 1.25  # calls leave one by one: what the vendor allows above it is slack for their journeys
NEAR, FAR = 15 * SECOND, 75 * SECOND  # a place so far ahead is one of many that its person has ordered
LAG = 0.2  # share of the time between two calls by which those let others go first, in other processes too
LOOK_AGAIN = 5.0  # seconds that one who waits may have missed a nudge
SHORTEST = 0.001  # seconds


@dataclass(eq=False, slots=True)
class Seat:
    """A job's place in a lane, from before its claim until its turn; left in any case."""

    within: "Lane | None"  # None: nobody will ever paint it
    place: int
    began: int = 0
    nudged: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def lane(self) -> "Lane":
        """Raises Unavailable where there is none."""
        if self.within is None:
            raise Unavailable("misconfigured", "no")
        return self.within

    @property
    def route(self) -> Route:
        return self.lane.route

    def leave(self) -> None:
        """Somebody else may have it."""
        if self.within:
            self.within.rise(self)

    def give_back(self) -> None:
        """Its job went to another worker: nothing has changed for those that wait in the table."""
        if self.within:
            self.within.forget(self)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn, and have it as long as the call lasts. Raises Unavailable where the route is shut."""
        await self.lane.wait(self)
        try:
            yield
        finally:
            self.lane.land()

    async def rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.nudged.wait()


class Lane:
    def __init__(self, route: Route, cache: Cache, clock: Clock, freed: Callable[[], None]) -> None:
        """`freed` is called whenever one more job might be taken."""
        self.route, self.breaker = route, Breaker(clock)
        self._cache, self._clock, self._freed = cache, clock, freed
        self._rate = Rate(route.per_minute / 60)
        self._off_until = -OFF
        self._seats: list[Seat] = []
        self._ready: list[Seat] = []  # by place, of those whose words are ready
        self._fresh_until = -FRESH
        self.flying = 0

    # -- how it stands ----------------------------------------------------------------------------------------------

    @property
    def rate(self) -> float:
        """Calls a second, all processes together."""
        return self._rate.by(self._clock.now())

    @property
    def waiting(self) -> int:
        return len(self._seats)

    @property
    def off(self) -> bool:
        """Set up wrongly, and left alone for a while."""
        return self._clock.steady() < self._off_until

    @property
    def shut(self) -> bool:
        return self.off or self.breaker.shut

    def room(self, place: int) -> bool:
        """Whether a job at this place would soon have its turn: only few that sit here come before it."""
        if self.shut or (self.breaker.trying and self._seats):
            return False
        ahead = sum(seat.place <= place for seat in self._seats)
        return ahead < 1 + ceil(self.rate * (WORDING if self.route.languages else CLAIMING))

    # -- a seat and a turn ------------------------------------------------------------------------------------------

    def sit(self, place: int) -> Seat:
        seat = Seat(self, place)
        self._seats.append(seat)
        return seat

    def rise(self, seat: Seat) -> None:
        if self.forget(seat):
            self._freed()

    def forget(self, seat: Seat) -> bool:
        sat = seat in self._seats
        if sat:
            self._seats.remove(seat)
        return sat

    async def wait(self, seat: Seat) -> None:
        """Until nobody who is ready comes before it, a place in flight is free, and the bucket has given a token."""
        insort(self._ready, seat, key=lambda one: one.place)
        try:
            while seconds := await self._until_turn(seat):
                await seat.rest(max(seconds + self._lag(seat.place), SHORTEST))
        finally:
            self._ready.remove(seat)
            self._nudge()
        seat.began = self._clock.now()
        self.rise(seat)

    async def _until_turn(self, seat: Seat) -> float:
        """Seconds after which to ask again; 0: it is its turn, and it is in flight."""
        seat.nudged.clear()
        if self.shut:
            raise Unavailable("shut", "no")
        if self._ready[0] is not seat or self.flying >= self.route.in_flight:
            return LOOK_AGAIN
        wait = inf
        self.flying += 1
        try:
            wait = await self._cache.take(f"route:{self.route.name}", self.rate, BURST)
        finally:
            self.flying -= bool(wait)
        return wait

    def _lag(self, place: int) -> float:
        """Seconds: whoever ordered little has the token before it, and the bucket keeps what is fetched so late."""
        far = (place - self._clock.now() - NEAR) / (FAR - NEAR)
        return min(1.0, max(0.0, far)) * LAG / self.rate

    def land(self) -> None:
        self.flying -= 1
        self._nudge()
        self._freed()

    def _nudge(self) -> None:
        """Whoever is first now; all of them where nobody will have a turn."""
        for seat in self._ready if self.shut else self._ready[:1]:
            seat.nudged.set()

    # -- what is learned --------------------------------------------------------------------------------------------

    async def learn(self) -> None:
        """What the other processes have learned of this route."""
        now = self._clock.steady()
        if now >= self._fresh_until:
            self._fresh_until = now + FRESH
            self._rate = self._rate.hearing(await self._cache.get(self._learned))

    async def slow_down(self, began: int) -> None:
        """The vendor says it is too much; everybody slows down."""
        heard = self._rate.hearing(await self._cache.get(self._learned))
        self._rate = heard.cut(self._clock.now(), began)
        if self._rate != heard:
            await self._cache.put(self._learned, self._rate.told(), REMEMBERED)

    def turn_off(self) -> None:
        self._off_until = self._clock.steady() + OFF
        self._nudge()

    @property
    def _learned(self) -> str:
        return f"rate:{self.route.name}"
