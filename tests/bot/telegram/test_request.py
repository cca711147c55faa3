"""How we speak to Telegram over HTTP: what goes out, what a fault becomes, and that the token is told to nobody."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.server import serve
from bot.telegram.fates import never_left
from bot.telegram.files import fetch
from bot.telegram.request import AiohttpRequest
from core.errors import Unavailable

TOKEN = "1234567890:AAF-to-be-seen-by-telegram-alone-okay"
SENT = {"message_id": 1, "date": 1, "chat": {"id": 101, "type": "private"}}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def telegram(answer: Answer, request: AiohttpRequest | None = None) -> AsyncIterator[Bot]:
    """A bot whose every call gets this answer."""
    app = web.Application(client_max_size=20 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", answer)
    request = request or AiohttpRequest()
    async with serve(app, "127.0.0.1", 0) as port:
        yield Bot(TOKEN, f"http://127.0.0.1:{port}/bot", f"http://127.0.0.1:{port}/file/bot", request=request)
        await request.shutdown()


def sent(_: object = None) -> web.Response:
    return web.json_response({"ok": True, "result": SENT})


async def test_a_call_without_files_is_a_plain_form_and_keeps_its_connection() -> None:
    calls: list[tuple[str, str, dict[str, object]]] = []
    lines = set()

    async def answer(request: web.Request) -> web.Response:
        lines.add(request.transport)
        calls.append((request.path, request.content_type, dict(await request.post())))
        return sent()

    async with telegram(answer) as bot:
        for _ in range(3):
            await bot.send_message(101, "chào\nbạn & một <con> mèo 🐈")

    path, kind, said = calls[0]
    assert path == f"/bot{TOKEN}/sendMessage"
    assert kind == "application/x-www-form-urlencoded"
    assert said == {"chat_id": "101", "text": "chào\nbạn & một <con> mèo 🐈"}
    assert (len(calls), len(lines)) == (3, 1)


async def test_a_file_goes_in_parts_beside_its_words() -> None:
    parts: dict[str, object] = {}

    async def answer(request: web.Request) -> web.Response:
        assert request.content_type == "multipart/form-data"
        for name, part in (await request.post()).items():
            parts[name] = part.file.read() if isinstance(part, web.FileField) else part
        return sent()

    async with telegram(answer) as bot:
        await bot.send_photo(101, io.BytesIO(b"bytes of a picture"), caption="mèo")

    assert parts.pop("caption") == "mèo"
    assert parts.pop("chat_id") == "101"
    assert b"bytes of a picture" in parts.values()


def with_a_file(path: object, asked: list[str]) -> Answer:
    """A Telegram that names a file so, and has bytes wherever it is asked for some."""

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "f", "file_unique_id": "u", "file_path": path}})
        asked.append(request.path)
        return web.Response(body=b"\x00\xff")

    return answer


async def test_a_file_is_fetched_as_it_is() -> None:
    asked: list[str] = []

    async with telegram(with_a_file("a/b c.jpg", asked)) as bot:
        assert await fetch(bot, "f") == b"\x00\xff"

    assert asked == [f"/file/bot{TOKEN}/a/b c.jpg"]


async def test_a_file_that_lies_on_this_disk_under_the_same_path_is_fetched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    (tmp_path / "a.jpg").write_bytes(b"somebody's secret")
    monkeypatch.chdir(tmp_path)

    async with telegram(with_a_file("a.jpg", asked)) as bot:
        assert await fetch(bot, "f") == b"\x00\xff"

    assert asked == [f"/file/bot{TOKEN}/a.jpg"]


@pytest.mark.parametrize(
    "path",
    [
        __file__,
        "/etc/passwd",
        "../../secret",
        "photos/../../secret",
        "photos/./a.jpg",
        "photos//a.jpg",
        "..",
        "",
        None,
        "file:///etc/passwd",
        "http://127.0.0.1/a.jpg",
        "C:/secret",
        "..\\secret",
        "a\nb",
    ],
)
async def test_a_path_of_the_apis_own_disk_or_one_that_climbs_is_neither_read_nor_fetched(
    path: object, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    async with telegram(with_a_file(path, asked)) as bot:
        with pytest.raises(Unavailable):
            await fetch(bot, "f")

    assert asked == []
    assert "run it without --local" in caplog.text


@pytest.mark.parametrize(
    ("status", "more", "error"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest),
        (401, {"description": "Unauthorized"}, InvalidToken),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (409, {"description": "Conflict"}, Conflict),
        (429, {"description": "Too Many Requests", "parameters": {"retry_after": 7}}, RetryAfter),
        (502, {}, NetworkError),
    ],
)
async def test_what_telegram_refuses_is_told_as_the_library_tells_it(
    status: int, more: dict[str, object], error: type[Exception]
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": status, **more}, status=status)

    async with telegram(answer) as bot:
        with pytest.raises(error):
            await bot.send_message(101, "chào")


async def test_silence_is_a_time_out_and_may_have_been_heard() -> None:
    over = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await over.wait()
        return sent()

    async with telegram(answer) as bot:
        with pytest.raises(TimedOut) as silence:
            await bot.send_message(101, "chào", read_timeout=0.05, connect_timeout=0.05)
        over.set()

    assert not never_left(silence.value)


async def test_a_line_that_is_cut_may_have_been_heard() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.close()
        return sent()

    async with telegram(answer) as bot:
        with pytest.raises(NetworkError) as cut:
            await bot.send_message(101, "chào")

    assert not isinstance(cut.value, TimedOut)
    assert not never_left(cut.value)


async def test_where_nobody_listens_nothing_was_heard_for_certain() -> None:
    async with telegram(web_never) as bot:
        url = bot.base_url
    request = AiohttpRequest()
    gone = Bot(TOKEN, url.removesuffix(TOKEN), request=request)

    with pytest.raises(NetworkError) as nobody:
        await gone.send_message(101, "chào")
    await request.shutdown()

    assert never_left(nobody.value)


async def web_never(_: web.Request) -> web.Response:
    raise AssertionError


async def test_no_error_and_no_log_holds_the_token(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        assert request.transport
        match request.path.rpartition("/")[2]:
            case "sendMessage":
                request.transport.close()
            case "sendPhoto":
                return web.Response(status=500, text="<html>oops</html>")
            case _:
                return web.json_response({"ok": False, "description": "Not Found"}, status=404)
        return sent()

    with caplog.at_level(logging.INFO):
        async with telegram(answer) as bot:
            for call in (bot.send_message(101, "a"), bot.send_photo(101, io.BytesIO(b"p")), bot.get_me()):
                with pytest.raises(TelegramError) as fault:
                    await call
                told += [str(fault.value), repr(fault.value), repr(fault.value.__cause__)]
            await bot.request.shutdown()

    assert len(told) == 9
    assert TOKEN not in "\n".join(told) + caplog.text
    assert TOKEN.partition(":")[2] not in "\n".join(told) + caplog.text
