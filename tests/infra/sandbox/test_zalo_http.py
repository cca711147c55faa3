"""The played Zalo over its sockets: every way to put a call, photos it fetches, webhooks and the telephone."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from infra.sandbox.zalo import Clock, Person, Played, open_zalo
from tests.infra.sandbox.telegram_rig import png
from tests.infra.sandbox.zalo_rig import BOT, SECRET, THE_DAY, TOKEN, until

Said = tuple[int, dict[str, Any]]


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    async with open_zalo([BOT], clock=Clock.by_hand(THE_DAY)) as played:
        await played.zalo.person(name="An").says("chào")
        yield played


@pytest.fixture
def an(played: Played) -> Person:
    return played.zalo.people[0]


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


async def test_a_call_may_come_in_a_query_a_form_json_or_parts(
    played: Played, an: Person, session: aiohttp.ClientSession
) -> None:
    url = f"{played.api_url}/bot{TOKEN}/sendMessage"
    asked = {"chat_id": an.id, "text": "chào"}
    parts = aiohttp.FormData()
    for name, value in asked.items():
        parts.add_field(name, value, content_type="text/plain")

    told = [
        await get(session, url, params=asked),
        await post(session, url, data=asked),
        await post(session, url, json=asked),
        await post(session, url, data=parts),
    ]

    assert [(status, body["ok"]) for status, body in told] == [(200, True)] * 4
    assert played.zalo.chat(an.id).texts == ["chào"] * 5


async def test_whatever_is_refused_is_a_success_to_http(
    played: Played, an: Person, session: aiohttp.ClientSession
) -> None:
    api = f"{played.api_url}/bot{TOKEN}"
    headers = {"Content-Type": "application/json"}
    upload = aiohttp.FormData({"chat_id": an.id})
    upload.add_field("photo", png(), filename="a.png")

    told = [
        await get(session, f"{played.api_url}/botnonsense/getMe"),
        await get(session, f"{api}/editMessageText"),
        await post(session, f"{api}/getMe", data=b"[", headers=headers),
        await post(session, f"{api}/sendPhoto", data=upload),
    ]

    assert [(status, body["ok"], body["error_code"]) for status, body in told] == [
        (200, False, 401),
        (200, False, 404),
        (200, False, 400),
        (200, False, 400),
    ]


async def test_an_answer_that_is_not_zalos_is_a_page(played: Played, session: aiohttp.ClientSession) -> None:
    played.zalo.faults.set("error", times=1)

    async with session.get(f"{played.api_url}/bot{TOKEN}/getMe") as answer:
        text = await answer.text()

    assert (answer.status, answer.content_type, text[:6]) == (502, "text/html", "<html>")


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "torn"])
async def test_a_line_that_is_cut_is_cut(played: Played, an: Person, session: aiohttp.ClientSession, kind: str) -> None:
    played.zalo.faults.set(kind, times=1)

    with pytest.raises(aiohttp.ClientError):
        await post(session, f"{played.api_url}/bot{TOKEN}/sendMessage", json={"chat_id": an.id, "text": "a"})

    assert len(played.zalo.chat(an.id).said) == (0 if kind == "reset_before" else 1)


async def test_a_photo_is_fetched_from_its_address_and_turns_black_when_that_dies(
    played: Played, an: Person, session: aiohttp.ClientSession
) -> None:
    asked: list[str] = []

    async def picture(request: web.Request) -> web.Response:
        asked.append(request.method)
        return web.Response(body=png(), content_type="image/png")

    app = web.Application()
    app.router.add_get("/i/a.png", picture)
    async with TestServer(app) as server:
        url = str(server.make_url("/i/a.png"))
        params = {"chat_id": an.id, "photo": url, "caption": "mèo"}
        _, sent = await post(session, f"{played.api_url}/bot{TOKEN}/sendPhoto", json=params)
    message = played.zalo.chat(an.id).last
    async with session.get(f"{played.phone_url}photo/{message.id}") as answer:
        seen = await answer.read()
    await played.zalo.pass_by(60)
    async with session.get(f"{played.phone_url}photo/{message.id}") as gone:
        pass

    assert (sent["result"]["message_id"], asked, seen) == (message.id, ["HEAD", "GET"], png())
    assert (message.rendered, gone.status) == (False, 404)


async def test_what_people_send_lies_on_a_path_that_looks_like_zalos(
    played: Played, an: Person, session: aiohttp.ClientSession
) -> None:
    await an.sends_photo(png())
    for _ in range(2):
        _, told = await get(session, f"{played.api_url}/bot{TOKEN}/getUpdates")
    url = told["result"]["message"]["photo_url"]

    async with session.get(url) as answer:
        data = await answer.read()
    async with session.head(url) as head:
        pass
    await played.zalo.pass_by(86_400)
    async with session.get(url) as expired:
        pass

    assert url.startswith(f"http://{played.media_host}/cdn/photo-stal-")
    assert (data, answer.content_type, head.status) == (png(), "image/jpeg", 200)
    assert expired.status == 404


async def test_a_caller_who_hangs_up_while_polling_loses_nothing(
    played: Played, an: Person, session: aiohttp.ClientSession
) -> None:
    url, updates = f"{played.api_url}/bot{TOKEN}/getUpdates", played.zalo.robot().updates
    await get(session, url)
    async with aiohttp.ClientSession() as leaving:
        poll = asyncio.create_task(get(leaving, url))
        while not updates.polled:
            await get(session, f"{played.api_url}/bot{TOKEN}/getMe")
        poll.cancel()
        await asyncio.wait([poll])
    await get(session, f"{played.api_url}/bot{TOKEN}/getMe")  # by then it is known that nobody is there

    await an.says("còn đây")
    _, told = await get(session, url)

    assert told["result"]["message"]["text"] == "còn đây"


async def test_a_webhook_on_loopback_is_called_over_plain_http(played: Played, session: aiohttp.ClientSession) -> None:
    heard: list[tuple[str, bytes]] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append((request.headers.get("X-Bot-Api-Secret-Token", ""), await request.read()))
        played.zalo.stirred.set()
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", hear)
    async with TestServer(app) as server:
        params = {"url": str(server.make_url("/hook")), "secret_token": SECRET}
        _, told = await get(session, f"{played.api_url}/bot{TOKEN}/setWebhook", params=params)
        async with asyncio.timeout(5):
            await until(played.zalo, lambda: len(heard) == 2)
        await played.zalo.settle()

    assert told["result"]["verification"]["outcome"] == "webhook.ok"
    assert heard[0] == ("", b"")
    assert heard[1][0] == SECRET
    assert json.loads(heard[1][1])["message"]["text"] == "chào"


async def test_only_who_calls_it_by_its_own_name_is_let_in(played: Played, session: aiohttp.ClientSession) -> None:
    for url in (played.phone_url, f"{played.api_url}/bot{TOKEN}/getMe"):
        async with session.get(url, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421
        async with session.get(url, headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403


# -- the telephone


async def phone(played: Played, session: aiohttp.ClientSession, deed: str, **asked: object) -> Said:
    body = {"person": played.zalo.people[0].id, **asked}
    return await post(session, f"{played.phone_url}api/{deed}", json=body)


async def test_the_telephone_shows_what_stands_and_waits_for_what_comes(
    played: Played, an: Person, session: aiohttp.ClientSession
) -> None:
    url = f"{played.phone_url}api/screen"
    _, first = await get(session, url, params={"person": an.id})

    waiting = asyncio.create_task(get(session, url, params={"person": an.id, "seen": first["revision"]}))
    await phone(played, session, "say", text="vẽ <b>mèo</b>")
    async with asyncio.timeout(5):
        _, second = await waiting

    assert [one["text"] for one in first["chat"]["messages"]] == ["chào"]
    assert [one["text"] for one in second["chat"]["messages"]] == ["chào", "vẽ <b>mèo</b>"]
    assert (second["me"]["name"], second["chat"]["title"]) == ("An", "Bot Imagify")


async def test_at_the_telephone_one_sends_pictures_stickers_voice_and_cards(
    played: Played, session: aiohttp.ClientSession
) -> None:
    await phone(played, session, "photograph", data=base64.b64encode(png()).decode(), caption="như thế")
    await phone(played, session, "stick")
    await phone(played, session, "speak")
    await phone(played, session, "card", url="https://a.example")

    chat = played.zalo.chat(played.zalo.people[0].id)

    assert [message.kind for message in chat.messages] == ["text", "image", "sticker", "voice", "card"]


async def test_what_cannot_be_done_at_the_telephone_is_said(played: Played, session: aiohttp.ClientSession) -> None:
    await phone(played, session, "block", blocked=True)

    blocked = await phone(played, session, "say", text="a")
    nobody = await phone(played, session, "say", person="nobody", text="a")
    garbage = await phone(played, session, "photograph", data="%%%")
    async with session.post(f"{played.phone_url}api/say", data={"text": "a"}) as form:
        pass

    assert blocked == (409, {"error": "An has blocked the bot; `returns` takes that back"})
    assert (nobody[0], garbage[0], form.status) == (409, 409, 415)


async def test_from_the_telephone_faults_habits_plans_time_and_people_are_ruled(
    played: Played, session: aiohttp.ClientSession
) -> None:
    await phone(played, session, "fault", kind="error", method="getMe", times=2, code=503)
    await phone(played, session, "habit", strict_http=True)
    _, plan = await phone(played, session, "bot", dialect="docs", messages=9)
    _, moved = await phone(played, session, "advance", seconds=60)
    _, somebody = await phone(played, session, "person", name="Bé", protected=True)
    wrong = await phone(played, session, "bot", dialect="latin")
    _, told = await get(session, f"{played.phone_url}api/control")

    assert (moved["date"], told["date"]) == (THE_DAY + 60, THE_DAY + 60)
    assert [(one["kind"], one["left"], one["code"]) for one in told["faults"]] == [("error", 2, 503)]
    assert (told["habits"]["strict_http"], plan["messages"], told["bots"][0]["dialect"]) == (True, 9, "docs")
    assert played.zalo.person(somebody["id"]).known.protected
    assert wrong[0] == 409


async def test_whoever_opens_the_first_telephone_finds_somebody_to_be(session: aiohttp.ClientSession) -> None:
    async with open_zalo([BOT]) as played:
        async with session.get(played.phone_url) as page:
            policy, text = page.headers["Content-Security-Policy"], await page.text()
        _, shown = await get(session, f"{played.phone_url}api/screen")
        _, told = await get(session, f"{played.phone_url}api/control")

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert TOKEN not in text + json.dumps(shown) + json.dumps(told)
    assert [one["name"] for one in shown["people"]] == ["An", "Bình", "Chi"]
