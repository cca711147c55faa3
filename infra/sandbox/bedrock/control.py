"""The strings of the played Bedrock as JSON, on a port of their own, so that they can be pulled while it is cut off."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.bedrock.bedrock import Bedrock
from infra.sandbox.bedrock.faults import KINDS
from infra.sandbox.bedrock.ledger import MOST_REMEMBERED

Asked: TypeAlias = Mapping[str, Any]
Deed: TypeAlias = Callable[[Asked], Awaitable[object]]
Cutting: TypeAlias = Callable[[float], Awaitable[None]]
SETTINGS: Mapping[str, type] = {
    "latency": float,
    "pixels": int,
    "living": bool,
    "bills_filtered": bool,
    "skew": float,
}


def control_app(bedrock: Bedrock, cut: Cutting) -> web.Application:
    control = Control(bedrock, cut)
    app = door.application()
    app.router.add_get("/control/ledger", control.ledger)
    app.router.add_get("/control/faults", control.faults)
    app.router.add_get("/control/state", control.state)
    for name, deed in control.deeds.items():
        app.router.add_post(f"/control/{name}", _asked(deed))
    return app


class Control:
    def __init__(self, bedrock: Bedrock, cut: Cutting) -> None:
        self._bedrock, self._cut = bedrock, cut
        self.deeds: Mapping[str, Deed] = {
            "faults": self.fault,
            "clear": self.clear,
            "clock": self.clock,
            "rate": self.rate,
            "filters": self.filters,
            "settings": self.settings,
            "cut": self.cut,
        }

    async def ledger(self, request: web.Request) -> web.Response:
        """`?since=&model=&operation=&limit=&billed=1`: the calls, newest first, and the sums of all that fit."""
        query = request.query
        ledger = self._bedrock.ledger
        fitting = ledger.made(
            since=float(query.get("since", 0)), model=query.get("model", ""), operation=query.get("operation", "")
        )
        billed = [call for call in fitting if call.billed]
        shown = billed if query.get("billed") else fitting
        limit = int(query.get("limit", MOST_REMEMBERED))
        models = {call.model for call in billed}
        return web.json_response(
            {
                "billed": len(billed),
                "usd_micros": sum(call.usd_micros for call in billed),
                "models": {name: sum(call.usd_micros for call in billed if call.model == name) for name in models},
                "exceptions": dict(ledger.codes),
                "calls": [call.wire for call in reversed(shown)][:limit],
            }
        )

    async def faults(self, _: web.Request) -> web.Response:
        faults = self._bedrock.faults
        return web.json_response(
            {"faults": [one.wire for one in faults.all()], "met": dict(faults.met), "kinds": KINDS}
        )

    async def state(self, _: web.Request) -> web.Response:
        bedrock = self._bedrock
        return web.json_response(
            {
                **self._time(),
                "rates": bedrock.rates.all(),
                "filters": bedrock.filters.wire,
                "in_flight": bedrock.in_flight,
                "most_in_flight": bedrock.most_in_flight,
                **{name: getattr(bedrock, name) for name in SETTINGS},
            }
        )

    async def fault(self, asked: Asked) -> object:
        """{kind, operation?, model?, region?, times?, share?, seconds?, code?, type?, words?, billed?}"""
        return self._bedrock.faults.set(**asked).wire

    async def clear(self, asked: Asked) -> object:
        """{kind?}"""
        self._bedrock.faults.clear(str(asked.get("kind", "")))
        return {}

    async def clock(self, asked: Asked) -> object:
        """{date?: the models' day, advance?: seconds}"""
        if "date" in asked:
            self._bedrock.set_date(date.fromisoformat(str(asked["date"])))
        self._bedrock.advance(float(asked.get("advance", 0)))
        return self._time()

    async def rate(self, asked: Asked) -> object:
        """{model?, region?, per_second, burst?}, or {on}"""
        rates = self._bedrock.rates
        if "on" in asked:
            rates.on = asked["on"] is True
        if "per_second" in asked:
            burst = float(asked["burst"]) if "burst" in asked else None
            model, region = str(asked.get("model", "")), str(asked.get("region", ""))
            rates.set(model, float(asked["per_second"]), burst, region)
        return {"on": rates.on, "rates": rates.all()}

    async def filters(self, asked: Asked) -> object:
        """Any of filters.Filters."""
        self._bedrock.filters.change(asked)
        return self._bedrock.filters.wire

    async def settings(self, asked: Asked) -> object:
        """Any of SETTINGS."""
        for name, value in asked.items():
            if name not in SETTINGS:
                raise ValueError(f"no such setting: {name}")
            setattr(self._bedrock, name, SETTINGS[name](value))
        return {name: getattr(self._bedrock, name) for name in SETTINGS}

    async def cut(self, asked: Asked) -> object:
        """{seconds}: every connection is refused so long."""
        await self._cut(float(asked["seconds"]))
        return {}

    def _time(self) -> dict[str, Any]:
        clock = self._bedrock.clock
        return {"now": clock.now(), "scale": clock.scale, "date": self._bedrock.today.isoformat()}


def _asked(deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A deed as a route. Only JSON is read: a stranger's form cannot send that without asking first."""

    async def route(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="application/json only")
        try:
            asked = await request.json()
            done = await deed(asked if isinstance(asked, dict) else {})
        except (ValueError, TypeError, KeyError) as refused:
            return web.json_response({"error": str(refused)}, status=409)
        return web.json_response(done)

    return route
