"""Lifecycle – warns admins before a model ends, and takes the model out of use on the day.

Admins get an alarm two months, a month and a week before, and on the day. The catalogue has the known dates. An
almanac, where there is one, also knows what the vendor says today.
"""

from collections.abc import Collection
from datetime import date

from core.alarms import Alarms
from core.almanac import Almanac
from core.clock import Clock
from core.errors import Unavailable
from core.models import Catalogue, Model, Route, day
from core.router import Router

EVERY = 86_400  # seconds
WARNED = (60, 30, 7, 0)  # days before


class Lifecycle:
    def __init__(
        self,
        catalogue: Catalogue,
        vendors: Collection[str],
        router: Router,
        alarms: Alarms,
        clock: Clock,
        almanac: Almanac | None = None,
    ) -> None:
        self._catalogue, self._vendors, self._router = catalogue, vendors, router
        self._alarms, self._clock, self._almanac = alarms, clock, almanac

    async def look(self) -> None:
        """Look at every model. Each process does so, to retire ended ones, and admins get each alarm once."""
        today = day(self._clock.now())
        for model in self._catalogue.living(self._clock.now()):
            ends = await self._end(model) if model.runs_at(self._vendors) else None
            if ends is not None:
                await self._warn(model, ends, (ends - today).days)

    async def _end(self, model: Model) -> date | None:
        """Date from catalogue or vendor, whichever is earlier, or None."""
        said = [model.ends, *[await self._said(one) for one in model.routes if one.vendor in self._vendors]]
        return min((one for one in said if one is not None), default=None)

    async def _said(self, route: Route) -> date | None:
        if self._almanac is None:
            return None
        try:
            return await self._almanac.ends(route)
        except Unavailable:
            return None  # asked again tomorrow

    async def _warn(self, model: Model, ends: date, left: int) -> None:
        if left <= 0:
            self._router.retire(model.name)
        span = min((days for days in WARNED if left <= days), default=None)
        if span is not None:
            what = "model ends" if left > 0 else "model ended"
            facts = {"model": model.name, "date": str(ends), "successor": model.successor}
            await self._alarms.once(f"ends/{model.name}/{ends}/{span}", what, days=max(0, left), **facts)
