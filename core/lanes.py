"""Lanes – one route as this process sees: queue of seats, calls in flight, vendor's health.

A job takes a seat (a slot in this queue) before the claim, so that no more jobs are claimed than the route will soon
take. Unclaimed jobs keep a place in the table, where a new job with a smaller place still goes first. The words of a
job are translated while the job has a seat. The turn to call, which is a slot in flight and a token of the bucket
shared by all processes, is taken last, right before the call, by the ready job with the smallest place.
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

OFF = 10 * MINUTE  # how long a wrongly set up route is paused
FRESH = 2 * SECOND  # how old the rate learned by other processes may be
REMEMBERED = 3_600  # seconds for which the cache keeps a learned rate
WORDING = 1.5  # seconds in which a job's words are ready for an English painter
CLAIMING = 0.1  # seconds in which any job is ready
BURST = 1.25  # tokens held; above 1, because calls sent evenly may arrive bunched
NEAR, FAR = 15 * SECOND, 75 * SECOND  # a place so far ahead belongs to a person who ordered a lot
LAG = 0.2  # share of the time between two calls for which those let others go first, also in other processes
LOOK_AGAIN = 5.0  # seconds after which a waiting job looks again, in case it missed a nudge
SHORTEST = 0.001  # seconds


@dataclass(eq=False, slots=True)
class Seat:
    """Seat of a job in a lane, from before the claim until the turn. Left in any case."""

    within: "Lane | None"  # None: no route will ever paint the job
    place: int
    began: int = 0
    nudged: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def lane(self) -> "Lane":
        """Lane of the seat. Raises Unavailable where there is none."""
        if self.within is None:
            raise Unavailable("misconfigured", "no")
        return self.within

    @property
    def route(self) -> Route:
        return self.lane.route

    def leave(self) -> None:
        """Free the seat for another job."""
        if self.within:
            self.within.rise(self)

    def give_back(self) -> None:
        """Free the seat of a job that went to another worker, without a look for further jobs."""
        if self.within:
            self.within.forget(self)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn, held during the call. Raises Unavailable where the route is shut."""
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
        """Call `freed` whenever one more job might be taken."""
        self.route, self.breaker = route, Breaker(clock)
        self._cache, self._clock, self._freed = cache, clock, freed
        self._rate = Rate(route.per_minute / 60)
        self._off_until = -OFF
        self._seats: list[Seat] = []
        self._ready: list[Seat] = []  # seats whose words are ready, by place
        self._fresh_until = -FRESH
        self.flying = 0

    # -- how it stands ----------------------------------------------------------------------------------------------

    @property
    def rate(self) -> float:
        """Calls per second, all processes together."""
        return self._rate.by(self._clock.now())

    @property
    def waiting(self) -> int:
        return len(self._seats)

    @property
    def off(self) -> bool:
        """True while the route is paused because of a wrong set-up."""
        return self._clock.steady() < self._off_until

    @property
    def shut(self) -> bool:
        return self.off or self.breaker.shut

    def room(self, place: int) -> bool:
        """True if a job at `place` would soon have a turn: only few seats come before."""
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
        """Wait until `seat` is the first that is ready, a slot in flight is free, and the bucket has given a token."""
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
        """Seconds until the next try, or 0 if `seat` has the turn and is in flight. Raises Unavailable if shut."""
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
        """Seconds to wait longer, more for a `place` far ahead: a person with few orders gets the token first."""
        far = (place - self._clock.now() - NEAR) / (FAR - NEAR)
        return min(1.0, max(0.0, far)) * LAG / self.rate

    def land(self) -> None:
        self.flying -= 1
        self._nudge()
        self._freed()

    def _nudge(self) -> None:
        """Wake the first ready seat, or all when the route is shut."""
        for seat in self._ready if self.shut else self._ready[:1]:
            seat.nudged.set()

    # -- what is learned --------------------------------------------------------------------------------------------

    async def learn(self) -> None:
        """Learn the rate that other processes have found for this route."""
        now = self._clock.steady()
        if now >= self._fresh_until:
            self._fresh_until = now + FRESH
            self._rate = self._rate.hearing(await self._cache.get(self._learned))

    async def slow_down(self, began: int) -> None:
        """Slow down every process, as the vendor has throttled a call that `began` then."""
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
