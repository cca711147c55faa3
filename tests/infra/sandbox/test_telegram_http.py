"""The played Telegram over its sockets: every way to put a call, lines that break, webhooks and the telephone."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from infra.sandbox.telegram import Clock, Played, open_telegram
from tests.infra.sandbox.telegram_rig import BOT, THE_DAY, TOKEN, button, buttons, png, until

Said = tuple[int, dict[str, Any]]


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    async with open_telegram([BOT], clock=Clock.by_hand(THE_DAY)) as played:
        await played.telegram.person(101, "An").says("chào")
        yield played


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def get(session: aiohttp.ClientSession, url: str, **more: Any) -> Said:
    async with session.get(url, **more) as answer:
        return answer.status, await answer.json()


async def post(session: aiohttp.ClientSession, url: str, **more: Any) -> Said:
    async with session.post(url, **more) as answer:
        return answer.status, await answer.json()


async def test_a_call_may_come_in_a_query_a_form_json_or_parts(played: Played, session: aiohttp.ClientSession) -> None:
    url = f"{played.api_url}/bot{TOKEN}/sendMessage"
    asked = {"chat_id": "101", "text": "chào", "reply_markup": json.dumps(buttons([button()]))}
    form = aiohttp.FormData()
    for name, value in asked.items():
        form.add_field(name, value, content_type="text/plain")

    told = [
        await get(session, url, params=asked),
        await post(session, url, data=asked),
        await post(session, url, json={"chat_id": 101, "text": "chào", "reply_markup": buttons([button()])}),
        await post(session, url, data=form),
    ]

    assert [(status, body["result"]["text"]) for status, body in told] == [(200, "chào")] * 4
    assert [len(message.buttons) for message in played.telegram.chat(101).messages] == [0, 1, 1, 1, 1]


async def test_a_file_goes_up_and_comes_down_again(played: Played, session: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"chat_id": "101", "caption": "mèo"})
    form.add_field("photo", png(), filename="a.png", content_type="image/png")

    _, sent = await post(session, f"{played.api_url}/bot{TOKEN}/sendPhoto", data=form)
    name = sent["result"]["photo"][-1]["file_id"]
    _, told = await get(session, f"{played.api_url}/bot{TOKEN}/getFile", params={"file_id": name})
    async with session.get(f"{played.files_url}/bot{TOKEN}/{told['result']['file_path']}") as answer:
        fetched = await answer.read()

    assert fetched == png()
    assert (await get(session, f"{played.files_url}/bot{TOKEN}/photos/none.jpg"))[0] == 404
    assert (await get(session, f"{played.files_url}/bot9:no/{told['result']['file_path']}"))[0] == 401


async def test_a_refusal_has_its_status_in_the_answer_too(played: Played, session: aiohttp.ClientSession) -> None:
    async def call(path: str, **params: str) -> Said:
        return await get(session, f"{played.api_url}{path}", params=params)

    assert await call("/bot9:nobody/getMe") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert (await call("/botnonsense/getMe"))[1]["description"] == "Not Found"
    assert (await call("/elsewhere"))[0] == 404
    empty = await call(f"/bot{TOKEN}/sendMessage", chat_id="101")
    garbage = await post(
        session, f"{played.api_url}/bot{TOKEN}/getMe", data=b"[", headers={"Content-Type": "application/json"}
    )
    assert empty[1]["description"] == "Bad Request: message text is empty"
    assert garbage[1]["description"] == "Bad Request: can't parse JSON object"


async def test_a_flood_says_how_long_to_wait_in_both_places(played: Played, session: aiohttp.ClientSession) -> None:
    played.telegram.faults.set("flood", seconds=17)

    async with session.get(f"{played.api_url}/bot{TOKEN}/sendMessage", params={"chat_id": 101, "text": "a"}) as answer:
        body = await answer.json()

    assert (answer.status, answer.headers["Retry-After"]) == (429, "17")
    assert body["parameters"] == {"retry_after": 17}


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "torn"])
async def test_a_line_that_is_cut_is_cut(played: Played, session: aiohttp.ClientSession, kind: str) -> None:
    played.telegram.faults.set(kind, times=1)

    with pytest.raises(aiohttp.ClientError):
        await post(session, f"{played.api_url}/bot{TOKEN}/sendMessage", json={"chat_id": 101, "text": "a"})

    assert len(played.telegram.chat(101).texts) == (1 if kind == "reset_before" else 2)


async def test_the_limits_are_on_over_sockets(played: Played, session: aiohttp.ClientSession) -> None:
    url = f"{played.api_url}/bot{TOKEN}/sendMessage"

    statuses = [(await post(session, url, json={"chat_id": 101, "text": f"{n}"}))[0] for n in range(6)]

    assert statuses == [200] * 5 + [429]


async def test_a_webhook_on_loopback_is_called_over_plain_http(played: Played, session: aiohttp.ClientSession) -> None:
    heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def hear(request: web.Request) -> web.Response:
        await heard.put((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return web.json_response({"method": "sendMessage", "chat_id": 101, "text": "đây"})

    app = web.Application()
    app.router.add_post("/hook", hear)
    async with TestServer(app) as server:
        params = {"url": str(server.make_url("/hook")), "secret_token": "s3cret"}
        await get(session, f"{played.api_url}/bot{TOKEN}/setWebhook", params=params)
        async with asyncio.timeout(5):
            secret, update = await heard.get()
        await played.telegram.settle()

    assert (secret, update["message"]["text"]) == ("s3cret", "chào")
    assert played.telegram.chat(101).last.text == "đây"


async def test_only_who_calls_it_by_its_own_name_is_let_in(played: Played, session: aiohttp.ClientSession) -> None:
    for url in (played.phone_url, f"{played.api_url}/bot{TOKEN}/getMe"):
        async with session.get(url, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421
        async with session.get(url, headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403


# -- the telephone


async def phone(played: Played, session: aiohttp.ClientSession, deed: str, **asked: object) -> Said:
    return await post(session, f"{played.phone_url}api/{deed}", json={"person": 101, **asked})


async def test_the_telephone_shows_what_stands_and_waits_for_what_comes(
    played: Played, session: aiohttp.ClientSession
) -> None:
    url = f"{played.phone_url}api/screen"
    _, first = await get(session, url, params={"person": 101})

    waiting = asyncio.create_task(get(session, url, params={"person": 101, "seen": first["revision"]}))
    await phone(played, session, "say", text="vẽ <b>mèo</b>")
    async with asyncio.timeout(5):
        _, second = await waiting

    assert [one["text"] for one in first["chat"]["messages"]] == ["chào"]
    assert [one["text"] for one in second["chat"]["messages"]] == ["chào", "vẽ <b>mèo</b>"]
    assert (second["me"]["name"], second["chat"]["title"]) == ("An", "Imagify")


async def test_at_the_telephone_one_presses_pays_and_sends_a_picture(
    played: Played, session: aiohttp.ClientSession
) -> None:
    telegram = played.telegram
    await telegram.call(TOKEN, "sendMessage", {"chat_id": 101, "text": "a", "reply_markup": buttons([button()])})
    sent = telegram.chat(101).last

    press = asyncio.create_task(phone(played, session, "press", message=sent.id, button="draw"))
    await until(telegram, lambda: bool(telegram.world.queries))
    query = next(iter(telegram.world.queries))
    await telegram.call(TOKEN, "answerCallbackQuery", {"callback_query_id": query, "text": "ừ"})
    _, pressed = await press
    picture = base64.b64encode(png()).decode()
    _, photographed = await phone(played, session, "photograph", data=picture, caption="như thế", to=sent.id)
    message = telegram.chat(101).last
    async with session.get(f"{played.phone_url}photo/{message.photo}") as answer:
        seen = await answer.read()

    assert (pressed["text"], photographed["message"], message.text) == ("ừ", message.id, "như thế")
    assert (seen, message.reply_to) == (png(), sent)


async def test_what_cannot_be_done_at_the_telephone_is_said(played: Played, session: aiohttp.ClientSession) -> None:
    await phone(played, session, "block", blocked=True)

    blocked = await phone(played, session, "say", text="a")
    nobody = await phone(played, session, "say", person=7, text="a")
    garbage = await phone(played, session, "photograph", data="%%%")
    async with session.post(f"{played.phone_url}api/say", data={"person": "101", "text": "a"}) as form:
        pass

    assert blocked == (409, {"error": "An has blocked the bot; `returns` takes that back"})
    assert (nobody[0], garbage[0], form.status) == (409, 409, 415)


async def test_from_the_telephone_faults_limits_time_and_people_are_ruled(
    played: Played, session: aiohttp.ClientSession
) -> None:
    await phone(played, session, "fault", kind="error", method="getMe", times=2, code=503)
    await phone(played, session, "rates", on=False, chat_burst=9)
    _, moved = await phone(played, session, "advance", seconds=60)
    _, somebody = await phone(played, session, "person", name="Dũng", stars=5)
    _, group = await phone(played, session, "group", title="Xưởng", members=[101, somebody["id"]])
    _, told = await get(session, f"{played.phone_url}api/control")

    assert (moved["date"], told["date"]) == (THE_DAY + 60, THE_DAY + 60)
    assert [(one["kind"], one["left"], one["code"]) for one in told["faults"]] == [("error", 2, 503)]
    assert (told["rates"]["on"], told["rates"]["chat_burst"]) == (False, 9)
    assert set(played.telegram.chat(group["id"]).members) == {101, somebody["id"], BOT.id}
    assert played.telegram.person(somebody["id"]).stars == 5


async def test_whoever_opens_the_first_telephone_finds_somebody_to_be(session: aiohttp.ClientSession) -> None:
    async with open_telegram([BOT]) as played:
        async with session.get(played.phone_url) as page:
            policy, text = page.headers["Content-Security-Policy"], await page.text()
        _, shown = await get(session, f"{played.phone_url}api/screen")

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert TOKEN not in text + json.dumps(shown)
    assert [one["name"] for one in shown["people"]] == ["An", "Bình", "Chloe"]


async def test_a_document_is_never_opened_by_the_browser(played: Played, session: aiohttp.ClientSession) -> None:
    message = await played.telegram.person(101).sends_document(b"<script>", "a.html", "text/html")

    async with session.get(f"{played.phone_url}document/{message.document}") as answer:
        kept = answer.headers
    async with session.get(f"{played.phone_url}photo/{message.document}") as picture:
        pass

    assert (kept["Content-Disposition"], kept["Content-Type"]) == ("attachment", "application/octet-stream")
    assert picture.status == 404
