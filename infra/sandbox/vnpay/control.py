"""The control page and its JSON, on a port of their own: see transactions, make things go wrong, hurry the clock."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.vnpay.book import Transaction
from infra.sandbox.vnpay.codes import OUTCOMES, PAID
from infra.sandbox.vnpay.faults import KINDS
from infra.sandbox.vnpay.gateway import Finished, Gateway, Unknown
from infra.sandbox.vnpay.wire import stamp

HERE = Path(__file__).parent
SHOWN = 100  # transactions, the newest

Asked: TypeAlias = Mapping[str, Any]
Deed: TypeAlias = Callable[[Asked], Awaitable[object]]


def control_app(gateway: Gateway, url: str) -> web.Application:
    control = Control(gateway, url)
    app = door.application()
    app.add_routes(
        [
            web.get("/", door.file(HERE / "control.html")),
            web.get("/control.css", door.file(HERE / "control.css")),
            web.get("/control.js", door.file(HERE / "control.js")),
            web.get("/api/state", control.state),
            *(web.post(f"/api/{name}", _asked(deed)) for name, deed in control.deeds.items()),
        ]
    )
    return app


class Control:
    def __init__(self, gateway: Gateway, url: str) -> None:
        self._gateway, self._url = gateway, url
        self.deeds: Mapping[str, Deed] = {
            "terminal": self.terminal,
            "fault": self.fault,
            "clear": self.clear,
            "advance": self.advance,
            "deliver": self.deliver,
            "pay": self.pay,
            "resend": self.resend,
            "refund": self.refund,
            "acceptance": self.acceptance,
        }

    async def state(self, request: web.Request) -> web.Response:
        """All there is to see; `?limit=` transactions, the newest first."""
        asked = request.query.get("limit", "")
        limit = int(asked) if asked.isascii() and asked.isdigit() else SHOWN
        gateway = self._gateway
        shown = list(reversed(gateway.all()))[:limit]
        return web.json_response(
            {
                "url": self._url,
                "date": stamp(gateway.clock.date()),
                "scale": gateway.clock.scale,
                "terminals": [self._terminal(code) for code in gateway.terminals],
                "transactions": [self._transaction(one) for one in shown],
                "faults": [_json(asdict(one)) for one in gateway.faults.all()],
                "held": len(gateway.messenger.held),
                "kinds": KINDS,
                "outcomes": {code: english for code, (_, english) in OUTCOMES.items()},
            }
        )

    async def terminal(self, asked: Asked) -> object:
        """{code, ipn_url?, approved?}"""
        code = _text(asked, "code")
        if "ipn_url" in asked:
            self._gateway.set_ipn_url(code, _text(asked, "ipn_url"))
        if "approved" in asked:
            self._gateway.approve(code, approved=asked["approved"] is True)
        return self._terminal(code)

    async def fault(self, asked: Asked) -> object:
        """{kind, terminal?, times?, seconds?, copies?, code?}"""
        times, seconds = asked.get("times"), asked.get("seconds")
        fault = self._gateway.faults.set(
            _text(asked, "kind"),
            terminal=_text(asked, "terminal", ""),
            times=None if times is None else int(times),
            seconds=None if seconds is None else float(seconds),
            copies=int(asked.get("copies", 1)),
            code=_text(asked, "code", ""),
        )
        return _json(asdict(fault))

    async def clear(self, asked: Asked) -> object:
        """{kind?, terminal?}"""
        self._gateway.faults.clear(_text(asked, "kind", ""), _text(asked, "terminal", ""))
        return {}

    async def advance(self, asked: Asked) -> object:
        """{seconds}: what falls due on the way is done before this answers."""
        await self._gateway.pass_by(min(abs(float(asked["seconds"])), 30 * 86_400.0))
        return {"date": stamp(self._gateway.clock.date())}

    async def deliver(self, asked: Asked) -> object:
        """{terminal?}: lets go what is held back."""
        return {"delivered": self._gateway.messenger.let_go(_text(asked, "terminal", ""))}

    async def pay(self, asked: Asked) -> object:
        """{ref, terminal?, outcome?, bank?, late?}"""
        back = await self._gateway.pay(
            _text(asked, "ref"),
            _text(asked, "outcome", PAID),
            bank=_text(asked, "bank", "NCB"),
            late=asked.get("late") is True,
            terminal=_text(asked, "terminal", ""),
        )
        await self._gateway.settle_ipns()
        return {"return_url": back}

    async def resend(self, asked: Asked) -> object:
        """{ref, terminal?}"""
        self._gateway.resend(_text(asked, "ref"), _text(asked, "terminal", ""))
        await self._gateway.settle_ipns()
        return {}

    async def refund(self, asked: Asked) -> object:
        """{ref, terminal?, status}: 06 sent to the bank, 00 done, 09 rejected."""
        self._gateway.finish_refund(_text(asked, "ref"), _text(asked, "status"), _text(asked, "terminal", ""))
        return {}

    async def acceptance(self, asked: Asked) -> object:
        """{terminal, failed?, paid?}: without references, the two newest open transactions."""
        code = _text(asked, "terminal")
        failed, paid = _text(asked, "failed", ""), _text(asked, "paid", "")
        if not (failed and paid):
            failed, paid = self._gateway.two_open(code)
        cases = await self._gateway.run_acceptance(code, failed, paid)
        listed = [{**asdict(case), "passed": case.passed} for case in cases]
        return {"failed": failed, "paid": paid, "cases": listed, "passed": all(case.passed for case in cases)}

    def _terminal(self, code: str) -> Mapping[str, object]:
        gateway, known = self._gateway, self._gateway.terminals[code]
        waiting = len(gateway.open_ones(code))
        return {"code": code, "ipn_url": known.ipn_url, "approved": gateway.is_approved(code), "open": waiting}

    def _transaction(self, found: Transaction) -> Mapping[str, object]:
        return {
            "ref": found.ref,
            "terminal": found.terminal,
            "amount": found.vnd,
            "info": found.wish.info,
            "opened": stamp(found.opened),
            "expires": stamp(found.wish.expires),
            "status": found.status(self._gateway.clock.date()),
            "outcome": asdict(found.outcome) if found.outcome else None,
            "attempts": [{**asdict(one), "at": stamp(one.at)} for one in found.attempts],
            "refunds": [asdict(one) for one in found.refunds],
        }


def _asked(deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A deed as a route. Only JSON is read: a stranger's form cannot send that without asking first."""

    async def route(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="application/json only")
        try:
            asked = await request.json()
            done = await deed(asked if isinstance(asked, dict) else {})
        except (Unknown, Finished, ValueError, TypeError, KeyError, OverflowError) as refused:
            return web.json_response({"error": str(refused)}, status=409)
        return web.json_response(done)

    return route


def _text(asked: Asked, name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name} is wanted, as text")
    return value


def _json(fault: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no infinity: a fault until further notice has no number left."""
    return {**fault, "left": None if fault["left"] == float("inf") else fault["left"]}
