"""The Bot API over HTTP: /bot<token>/<method> with a query, a form or JSON, and /cdn/… for what people send.

Whatever Zalo refuses is HTTP 200 with ok:false in it, unless habits say otherwise.
"""

import json
from typing import Any

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.line import Cut, torn
from infra.sandbox.zalo.refusing import Broken, Refused, bad
from infra.sandbox.zalo.zalo import Answer, Zalo

MEDIA = "/cdn"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TYPES = {"jpg": "image/jpeg", "aac": "audio/aac"}
GATEWAY = "<html><head><title>{code}</title></head><body><center><h1>{code}</h1></center></body></html>"


def api_app(zalo: Zalo) -> web.Application:
    api = Api(zalo)
    app = door.application()
    app.add_routes(
        [
            web.get(MEDIA + "/{name:.+}", api.media),
            web.get("/bot{token:[^/]+}/{method:[^/]+}", api.call, allow_head=False),
            web.post("/bot{token:[^/]+}/{method:[^/]+}", api.call),
        ]
    )
    return app


class Api:
    def __init__(self, zalo: Zalo) -> None:
        self._zalo = zalo

    async def call(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]

        def alive() -> bool:
            return request.transport is not None and not request.transport.is_closing()

        try:
            return _sent(await self._zalo.call(token, method, await _asked(request), alive))
        except Refused as refused:
            return _sent(self._zalo.refusal(refused))
        except Broken as broken:
            page = GATEWAY.format(code=broken.code)
            return web.Response(status=broken.code, text=page, content_type="text/html")
        except Cut as cut:
            return await torn(request, cut)

    async def media(self, request: web.Request) -> web.Response:
        """Public, without a token, for as long as it is kept; by HEAD and GET."""
        name, world = request.match_info["name"], self._zalo.world
        data = world.media.get(name, world.clock.date())
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type=TYPES.get(name.rpartition(".")[2], "application/octet-stream"))


def _sent(answer: Answer) -> web.Response:
    return web.json_response(answer.body, status=answer.status, dumps=_text)


def _text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


async def _asked(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return params | await _json(request)
    if request.content_type in FORMS:
        form = await request.post()
        return params | {name: value if isinstance(value, str) else {"file": name} for name, value in form.items()}
    return params


async def _json(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    try:
        said = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise bad("the body is no JSON object")
    return said
