"""The telephone: one person's Telegram in a browser, on a port of its own; and JSON for faults, limits, time."""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from itertools import count
from pathlib import Path

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.deeds import Asked, Deed, Impossible, route, text, wait
from infra.sandbox.telegram.chats import Chat, Message
from infra.sandbox.telegram.faults import KINDS
from infra.sandbox.telegram.files import BIGGEST_PHOTO, File
from infra.sandbox.telegram.limits import Rates
from infra.sandbox.telegram.people import Person
from infra.sandbox.telegram.refusing import Refused
from infra.sandbox.telegram.screen import screen
from infra.sandbox.telegram.stars import Payment
from infra.sandbox.telegram.telegram import Telegram

PAGE = Path(__file__).parent / "page"
FILES = ("chat.css", "phone.js", "draw.js", "side.js", "words.js")
BIGGEST_BODY = BIGGEST_PHOTO * 4 // 3 + 64 * 1024
PATIENCE = 20.0  # real seconds a telephone waits for news before it asks again
FOR_AN_ANSWER = 4.0  # real seconds a press of a button shows that it waits
LIVING = (("An", "vi"), ("Bình", "vi"), ("Chloe", "en"))
FIRST = 1001  # their numbers begin here
SHOWN = 60  # calls, the newest
FURTHEST = 30 * 86_400.0  # seconds the clock moves at once


def phone_app(telegram: Telegram) -> web.Application:
    phone = Phone(telegram)
    app = door.application(BIGGEST_BODY)
    app.on_shutdown.append(phone.hang_up)
    app.add_routes(
        [
            web.get("/", phone.page),
            *door.files(PAGE, FILES),
            *door.files(door.PAGE, door.FILES),
            web.get("/photo/{file}", phone.photo),
            web.get("/document/{file}", phone.document),
            web.get("/api/screen", phone.screen),
            web.get("/api/control", phone.control),
            *(web.post(f"/api/{name}", route(deed, Refused)) for name, deed in phone.deeds.items()),
        ]
    )
    return app


class Phone:
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._numbers = count(FIRST)
        self._closing = False
        self._html = (PAGE / "phone.html").read_text(encoding="utf-8")
        chatting = (self.say, self.photograph, self.press, self.pay, self.delete, self.block, self.stop)
        ruling = (self.person, self.group, self.fault, self.clear, self.rates, self.advance)
        self.deeds: Mapping[str, Deed] = {deed.__name__: deed for deed in (*chatting, *ruling)}

    async def hang_up(self, _: web.Application) -> None:
        """Nobody is kept waiting for news."""
        self._closing = True
        self._telegram.stirred.set()

    # -- what is seen

    async def page(self, _: web.Request) -> web.Response:
        """Whoever opens the first telephone finds somebody to be."""
        if not self._telegram.people:
            for name, language in LIVING:
                self._telegram.person(next(self._numbers), name, language)
        return web.Response(text=self._html, content_type="text/html", headers={"Content-Security-Policy": door.PHONE})

    async def screen(self, request: web.Request) -> web.Response:
        """Answers at once when there is something new since `seen`, else when there is."""
        asked = {name: _number(value) for name, value in request.query.items()}
        people = {one.id: one for one in self._telegram.people}
        if not people:
            raise web.HTTPConflict(text="nobody lives here yet")
        person = people.get(asked.get("person", 0)) or next(iter(people.values()))
        await self._news(asked.get("seen", -1))
        return web.json_response(screen(self._telegram, person, self._open(person, asked)))

    def _open(self, person: Person, asked: Mapping[str, int]) -> Chat:
        """The chat that is meant, or the one with the bot where it is none of theirs."""
        room = self._telegram.world.groups.get(asked.get("chat", 0))
        if room and room.members.get(person.id) in {"member", "creator", "administrator"}:
            return room
        bot = next((one.bot for one in self._telegram.bots if one.id == asked.get("bot")), None)
        return self._telegram.chat(person.id, bot)

    async def _news(self, seen: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._telegram.world.revision == seen and not self._closing:
                    self._telegram.stirred.clear()
                    await self._telegram.stirred.wait()

    async def photo(self, request: web.Request) -> web.Response:
        file = self._file(request)
        if not file.upload.mime.startswith("image/"):
            raise web.HTTPNotFound
        return web.Response(body=file.upload.data, content_type=file.upload.mime)

    async def document(self, request: web.Request) -> web.Response:
        """Only ever to be kept: whatever it is, no browser runs it here."""
        data = self._file(request).upload.data
        headers = {"Content-Disposition": "attachment"}
        return web.Response(body=data, content_type="application/octet-stream", headers=headers)

    def _file(self, request: web.Request) -> File:
        file = self._telegram.files.named(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        return file

    async def control(self, _: web.Request) -> web.Response:
        """What stands behind: calls, faults, limits, floods, the clock."""
        telegram = self._telegram
        calls = [
            {"at": int(one.at), "method": one.method, "chat": one.chat, "status": one.status, "told": _told(one.result)}
            for one in list(telegram.calls)[-SHOWN:]
        ]
        return web.json_response(
            {
                "date": int(telegram.clock.date()),
                "scale": telegram.clock.scale,
                "calls": calls[::-1],
                "faults": [one.wire for one in telegram.faults.all()],
                "kinds": dict(KINDS),
                "rates": asdict(telegram.rates),
                "floods": len(telegram.floods),
                "bots": [{"username": one.bot.username, "webhook": one.hook.info} for one in telegram.bots],
            }
        )

    # -- what a person does

    async def say(self, asked: Asked) -> object:
        """{person, chat?, bot?, text, to?, anonymous?}"""
        person, chat = self._who(asked)
        to, anonymous = self._message(chat, asked.get("to")), asked.get("anonymous") is True
        return {"message": (await person.says(text(asked, "text"), chat, to=to, anonymous=anonymous)).id}

    async def photograph(self, asked: Asked) -> object:
        """{person, chat?, bot?, data: base64, caption?, to?}"""
        person, chat = self._who(asked)
        try:
            data = base64.b64decode(text(asked, "data"), validate=True)
        except binascii.Error:
            raise ValueError("data is wanted in base64") from None
        to = self._message(chat, asked.get("to"))
        return {"message": (await person.sends_photo(data, text(asked, "caption", ""), chat, to=to)).id}

    async def press(self, asked: Asked) -> object:
        """{person, chat?, bot?, message, button}: a button's text or data; waits a little for what the bot says."""
        person, chat = self._who(asked)
        pressed = await person.presses(text(asked, "button"), int(asked["message"]), chat)
        if pressed.payment:
            return await self._paid(pressed.payment)
        if pressed.query:
            await wait(pressed.answered, FOR_AN_ANSWER)
        return {"text": pressed.text, "alert": pressed.alert, "url": pressed.url, "copied": pressed.copied}

    async def pay(self, asked: Asked) -> object:
        """{person, chat?, bot?, message}: answers when it is paid, or is not going to be."""
        person, chat = self._who(asked)
        message = self._message(chat, asked.get("message"))
        if message is None:
            raise Impossible("the message is gone")
        return await self._paid(await person.pays(message))

    async def _paid(self, payment: Payment) -> object:
        await wait(payment.over, PATIENCE)
        return {"state": payment.state, "why": payment.why}

    async def delete(self, asked: Asked) -> object:
        """{person, chat?, bot?, message}"""
        person, chat = self._who(asked)
        message = self._message(chat, asked.get("message"))
        if message:
            await person.deletes(message)
        return {}

    async def block(self, asked: Asked) -> object:
        """{person, bot?, blocked}"""
        person, chat = self._who(asked)
        robot = self._telegram.robot(chat.bot or None)
        await (person.blocks(robot.bot) if asked.get("blocked", True) else person.returns(robot.bot))
        return {}

    async def stop(self, asked: Asked) -> object:
        """{person, bot?}: the draft that is streaming in."""
        person, chat = self._who(asked)
        await person.stops(chat)
        return {}

    # -- who is there, and what goes wrong

    async def person(self, asked: Asked) -> object:
        """{name, language?, id?, stars?}"""
        known = {one.id for one in self._telegram.people}
        number = int(asked.get("id") or next(one for one in self._numbers if one not in known))
        person = self._telegram.person(number, text(asked, "name")[:64], text(asked, "language", "vi"))
        person.known.stars = int(asked.get("stars", person.stars))
        return {"id": person.id}

    async def group(self, asked: Asked) -> object:
        """{title, members: [id], supergroup?}: the first owns it; every bot is in it."""
        members = [self._telegram.person(int(one)) for one in asked["members"]]
        group = self._telegram.group(text(asked, "title"), members, supergroup=asked.get("supergroup") is True)
        return {"id": group.id}

    async def fault(self, asked: Asked) -> object:
        """{kind, method?, chat?, times?, seconds?, code?, words?}"""
        times, seconds = asked.get("times"), asked.get("seconds")
        return self._telegram.faults.set(
            text(asked, "kind"),
            method=text(asked, "method", ""),
            chat=int(asked.get("chat") or 0),
            times=None if times is None else int(times),
            seconds=None if seconds is None else float(seconds),
            code=int(asked.get("code") or 0),
            words=text(asked, "words", ""),
        ).wire

    async def clear(self, asked: Asked) -> object:
        """{kind?, method?, chat?}"""
        chat = int(asked.get("chat") or 0)
        self._telegram.faults.clear(text(asked, "kind", ""), text(asked, "method", ""), chat)
        return {}

    async def rates(self, asked: Asked) -> object:
        """Any of limits.Rates; {"on": true} switches them on."""
        for field in fields(Rates):
            if field.name in asked:
                kind = type(getattr(self._telegram.rates, field.name))
                setattr(self._telegram.rates, field.name, kind(asked[field.name]))
        return asdict(self._telegram.rates)

    async def advance(self, asked: Asked) -> object:
        """{seconds}: what falls due on the way is done before this answers."""
        await self._telegram.pass_by(min(abs(float(asked["seconds"])), FURTHEST))
        self._telegram.world.changed()
        return {"date": int(self._telegram.clock.date())}

    # -- whom a call means

    def _who(self, asked: Asked) -> tuple[Person, Chat]:
        number = int(asked["person"])
        if number not in self._telegram.world.people:
            raise Impossible(f"there is no person {number}")
        person = self._telegram.person(number)
        return person, self._open(person, {name: _number(asked.get(name)) for name in ("chat", "bot")})

    def _message(self, chat: Chat, number: object) -> Message | None:
        return chat.find(_number(number)) if number else None


def _number(value: object) -> int:
    written = str(value)
    return int(written) if written.lstrip("-").isdecimal() and len(written) < 20 else 0


def _told(result: object) -> str:
    return result[:200] if isinstance(result, str) else ""
