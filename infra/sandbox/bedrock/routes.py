"""Bedrock over HTTP: every address leads to the world, which reads the path itself as it was written."""

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.bedrock.bedrock import BIGGEST_BODY, Bedrock
from infra.sandbox.bedrock.refusing import Cut
from infra.sandbox.bedrock.work import Answer, Asked

READ_AT_MOST = 2 * BIGGEST_BODY  # more is not even read to be refused


def bedrock_app(bedrock: Bedrock) -> web.Application:
    async def route(request: web.Request) -> web.StreamResponse:
        try:
            return await _told(request, await bedrock.answer(await _asked(request)), bedrock)
        except Cut:
            return _gone(request)

    app = door.application(READ_AT_MOST)
    app.router.add_route("*", "/{rest:.*}", route)
    return app


async def _asked(request: web.Request) -> Asked:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        body = bytes(BIGGEST_BODY + 1)
    return Asked(request.method, request.raw_path, headers, body)


async def _told(request: web.Request, answer: Answer, bedrock: Bedrock) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    if len(answer.pieces) == 1:
        response.content_length = len(answer.body)
    try:
        await response.prepare(request)
        if answer.torn:
            await response.write(answer.body[: len(answer.body) // 2] if answer.torn == "half" else b"")
            return _gone(request)
        await _pieces(response, answer, bedrock)
    except ConnectionResetError:
        response = _gone(request)
    if answer.call is not None and (request.transport is None or request.transport.is_closing()):
        answer.call.outcome = "abandoned"
        bedrock.stir()
    return response


async def _pieces(response: web.StreamResponse, answer: Answer, bedrock: Bedrock) -> None:
    for number, piece in enumerate(answer.pieces):
        if number:
            await bedrock.pause(answer.gap)
        await response.write(piece)
    await response.write_eof()


def _gone(request: web.Request) -> web.Response:
    """The line goes dead; what is returned is told to nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=504)
