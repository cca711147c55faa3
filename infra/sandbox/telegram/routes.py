"""The Bot API over HTTP: /bot<token>/<method> with a query, a form, JSON or files, and /file/bot<token>/<path>."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from infra.sandbox import door
from infra.sandbox.line import Cut, torn
from infra.sandbox.telegram.asked import Upload
from infra.sandbox.telegram.files import BIGGEST_DOCUMENT
from infra.sandbox.telegram.refusing import Refused, bad, not_found, unauthorized
from infra.sandbox.telegram.telegram import Answer, Telegram

BIGGEST_BODY = BIGGEST_DOCUMENT + 1024 * 1024
FILES = "/file"


def api_app(telegram: Telegram) -> web.Application:
    api = Api(telegram)
    app = door.application(BIGGEST_BODY)
    app.add_routes(
        [
            web.route("*", "/bot{token:[^/]+}/{method:[^/]+}", api.call),
            web.get(FILES + "/bot{token:[^/]+}/{path:.+}", api.file),
            web.route("*", "/{rest:.*}", api.nothing),
        ]
    )
    return app


class Api:
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def call(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        if not token.partition(":")[0].isdecimal() or not token.partition(":")[2]:
            return _said(not_found())
        try:
            params, files = await _asked(request)
            answer = await self._telegram.call(token, method, params, files)
        except Refused as refused:
            return _said(refused)
        except web.HTTPRequestEntityTooLarge:
            return _said(Refused(413, "Request Entity Too Large"))
        except Cut as cut:
            return await torn(request, cut)
        return _sent(answer)

    async def file(self, request: web.Request) -> web.StreamResponse:
        robot = self._telegram.world.robots.get(request.match_info["token"])
        if robot is None:
            return _said(unauthorized())
        upload = self._telegram.files.at(robot.id, request.match_info["path"])
        if upload is None:
            return _said(not_found())
        return web.Response(body=upload.data, content_type="application/octet-stream")

    async def nothing(self, _: web.Request) -> web.StreamResponse:
        return _said(not_found())


def _sent(answer: Answer) -> web.Response:
    headers = {}
    parameters = answer.body.get("parameters", {})
    if "retry_after" in parameters:
        headers["Retry-After"] = str(parameters["retry_after"])
    return web.json_response(answer.body, status=answer.status, headers=headers)


def _said(refused: Refused) -> web.Response:
    return web.json_response(refused.body, status=refused.code)


async def _asked(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    params: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        params |= await _json(request)
    elif request.content_type == "multipart/form-data":
        await _parts(request, params, files)
    elif request.content_type == "application/x-www-form-urlencoded":
        params |= {name: str(value) for name, value in (await request.post()).items()}
    return params, files


async def _json(request: web.Request) -> Mapping[str, Any]:
    body = await request.read()
    try:
        said = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise bad("can't parse JSON object")
    return said


async def _parts(request: web.Request, params: dict[str, Any], files: dict[str, Upload]) -> None:
    weight = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read(decode=True))
        weight += len(data)
        if weight > BIGGEST_BODY:
            raise Refused(413, "Request Entity Too Large")
        if part.filename is None:
            params[part.name] = data.decode(errors="replace")
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(data, part.filename or "file", kind)
