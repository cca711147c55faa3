"""The telephone: one person's Zalo in a browser, on a port of its own; and JSON for faults, habits, plans, time."""

import asyncio
import base64
import binascii
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from infra.sandbox import door
from infra.sandbox.deeds import Asked, Deed, Impossible, route, text
from infra.sandbox.zalo.chats import Chat
from infra.sandbox.zalo.habits import DIALECTS
from infra.sandbox.zalo.people import Person
from infra.sandbox.zalo.screen import behind, screen
from infra.sandbox.zalo.world import Robot
from infra.sandbox.zalo.zalo import Zalo

PAGE = Path(__file__).parent / "page"
FILES = ("zalo.css", "phone.js", "draw.js", "side.js", "words.js")
BIGGEST_PHOTO = 10 * 1024 * 1024
BIGGEST_BODY = BIGGEST_PHOTO * 4 // 3 + 64 * 1024
PATIENCE = 20.0  # real seconds a telephone waits for news before it asks again
LIVING = ("An", "Bình", "Chi")
FURTHEST = 62 * 86_400.0  # seconds the clock moves at once: a month and more, for the plan


def phone_app(zalo: Zalo) -> web.Application:
    phone = Phone(zalo)
    app = door.application(BIGGEST_BODY)
    app.on_shutdown.append(phone.hang_up)
    app.add_routes(
        [
            web.get("/", phone.page),
            *door.files(PAGE, FILES),
            *door.files(door.PAGE, door.FILES),
            web.get("/photo/{message}", phone.photo),
            web.get("/api/screen", phone.screen),
            web.get("/api/control", phone.control),
            *(web.post(f"/api/{name}", route(deed)) for name, deed in phone.deeds.items()),
        ]
    )
    return app


class Phone:
    def __init__(self, zalo: Zalo) -> None:
        self._zalo = zalo
        self._closing = False
        self._html = (PAGE / "phone.html").read_text(encoding="utf-8")
        chatting = (self.say, self.photograph, self.stick, self.speak, self.card, self.block)
        ruling = (self.person, self.bot, self.habit, self.fault, self.clear, self.advance)
        self.deeds: dict[str, Deed] = {deed.__name__: deed for deed in (*chatting, *ruling)}

    async def hang_up(self, _: web.Application) -> None:
        """Nobody is kept waiting for news."""
        self._closing = True
        self._zalo.stirred.set()

    # -- what is seen

    async def page(self, _: web.Request) -> web.Response:
        """Whoever opens the first telephone finds somebody to be."""
        if not self._zalo.people:
            for name in LIVING:
                self._zalo.person(name=name)
        return web.Response(text=self._html, content_type="text/html", headers={"Content-Security-Policy": door.PHONE})

    async def screen(self, request: web.Request) -> web.Response:
        """Answers at once when there is something new since `seen`, else when there is."""
        people = {one.id: one for one in self._zalo.people}
        if not people:
            raise web.HTTPConflict(text="nobody lives here yet")
        person = people.get(request.query.get("person", "")) or next(iter(people.values()))
        await self._news(request.query.get("seen", ""))
        return web.json_response(screen(self._zalo, person, self._open(person, request.query.get("bot", ""))))

    def _open(self, person: Person, bot: object) -> Chat:
        """The chat with the bot that is meant, or with the first."""
        robot = next((one for one in self._zalo.bots if one.id == bot), self._zalo.bots[0])
        return self._zalo.chat(person.id, robot.bot)

    async def _news(self, seen: str) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while str(self._zalo.world.revision) == seen and not self._closing:
                    self._zalo.stirred.clear()
                    await self._zalo.stirred.wait()

    async def photo(self, request: web.Request) -> web.Response:
        """As Zalo has got it."""
        name = request.match_info["message"]
        chats = self._zalo.world.private.values()
        found = (one.picture for chat in chats for one in chat.newest_first() if one.id == name)
        picture = next(found, None)
        if picture is None or picture.black or not picture.kind.startswith("image/"):
            raise web.HTTPNotFound
        return web.Response(body=picture.data, content_type=picture.kind)

    async def control(self, _: web.Request) -> web.Response:
        return web.json_response(behind(self._zalo))

    # -- what a person does

    async def say(self, asked: Asked) -> object:
        """{person, bot?, text}"""
        person, robot = self._who(asked)
        return {"message": (await person.says(text(asked, "text"), robot.bot)).id}

    async def photograph(self, asked: Asked) -> object:
        """{person, bot?, data: base64, caption?}"""
        person, robot = self._who(asked)
        data, caption = _bytes(asked), text(asked, "caption", "")
        return {"message": (await person.sends_photo(data, caption, robot.bot)).id}

    async def stick(self, asked: Asked) -> object:
        """{person, bot?}: a sticker."""
        person, robot = self._who(asked)
        return {"message": (await person.sends_sticker(place=robot.bot)).id}

    async def speak(self, asked: Asked) -> object:
        """{person, bot?}: a moment of voice."""
        person, robot = self._who(asked)
        return {"message": (await person.sends_voice(place=robot.bot)).id}

    async def card(self, asked: Asked) -> object:
        """{person, bot?, url}"""
        person, robot = self._who(asked)
        return {"message": (await person.sends_card(text(asked, "url"), robot.bot)).id}

    async def block(self, asked: Asked) -> object:
        """{person, bot?, blocked}"""
        person, robot = self._who(asked)
        await (person.blocks(robot.bot) if asked.get("blocked", True) else person.returns(robot.bot))
        return {}

    # -- who is there, and what goes wrong

    async def person(self, asked: Asked) -> object:
        """{name, id?, protected?}"""
        name, protected = text(asked, "name")[:64], asked.get("protected") is True
        return {"id": self._zalo.person(text(asked, "id", ""), name, protected=protected).id}

    async def bot(self, asked: Asked) -> object:
        """{bot?, dialect?, users?, messages?, a_day?, person_a_day?}: how it is told, and what its plan holds."""
        robot, dialect = self._robot(asked.get("bot")), asked.get("dialect")
        if dialect is not None and dialect not in DIALECTS:
            raise ValueError(f"no such dialect: {dialect}")
        limits: dict[str, Any] = {
            name: int(asked[name]) for name in ("users", "messages", "a_day", "person_a_day") if name in asked
        }
        robot.dialect, robot.meter.plan = dialect or robot.dialect, replace(robot.meter.plan, **limits)
        self._zalo.world.changed()
        return asdict(robot.meter.plan)

    async def habit(self, asked: Asked) -> object:
        """Any of habits.Habits, by its name."""
        for name, value in asked.items():
            if name not in {"person", "bot"}:
                self._zalo.habits.change(name, value)
        return asdict(self._zalo.habits)

    async def fault(self, asked: Asked) -> object:
        """{kind, method?, chat?, times?, seconds?, code?, words?}"""
        times, seconds = asked.get("times"), asked.get("seconds")
        return self._zalo.faults.set(
            text(asked, "kind"),
            method=text(asked, "method", ""),
            chat=text(asked, "chat", ""),
            times=None if times is None else int(times),
            seconds=None if seconds is None else float(seconds),
            code=int(asked.get("code") or 0),
            words=text(asked, "words", ""),
        ).wire

    async def clear(self, asked: Asked) -> object:
        """{kind?, method?, chat?}"""
        self._zalo.faults.clear(text(asked, "kind", ""), text(asked, "method", ""), text(asked, "chat", ""))
        return {}

    async def advance(self, asked: Asked) -> object:
        """{seconds}: what falls due on the way is done before this answers."""
        await self._zalo.pass_by(min(abs(float(asked["seconds"])), FURTHEST))
        self._zalo.world.changed()
        return {"date": int(self._zalo.clock.date())}

    # -- whom a call means

    def _who(self, asked: Asked) -> tuple[Person, Robot]:
        identifier = text(asked, "person")
        if identifier not in self._zalo.world.people:
            raise Impossible(f"there is no person {identifier}")
        return self._zalo.person(identifier), self._robot(asked.get("bot"))

    def _robot(self, identifier: object) -> Robot:
        return next((one for one in self._zalo.bots if one.id == identifier), self._zalo.bots[0])


def _bytes(asked: Asked) -> bytes:
    try:
        return base64.b64decode(text(asked, "data"), validate=True)
    except binascii.Error:
        raise ValueError("data is wanted in base64") from None
