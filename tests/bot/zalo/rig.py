"""The played Zalo with the mouth that speaks to it, on the ports of a house, without a socket and on virtual time."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from bot.vendors import Zalo as Settings
from bot.zalo.channel import ZaloChannel
from bot.zalo.line import Line, Trouble
from bot.zalo.metering import Meter
from bot.zalo.photos import Photos
from bot.zalo.pictures import AT, Postcards
from core.clock import SECOND
from core.gallery import Image, hanging
from core.jobs import Job, job_key
from core.table import Create
from infra.sandbox.zalo import Bot, Broken, Chat, Clock, Cut, Fetched, Person, Plan, Zalo
from tests.bot.telegram.line import Lab
from tests.house import DOOR, Imagify
from tests.storms.loop import SimClock

TOKEN = "12345689:abc-play"
SECRETS = (b"a secret",)


class Wire(Line):
    """As over HTTP, in a tenth of a second each way."""

    def __init__(self, zalo: Zalo, clock: SimClock, token: str = TOKEN) -> None:
        super().__init__("http://127.0.0.1:9", token)
        self._zalo, self._clock, self._token = zalo, clock, token

    async def _posted(self, method: str, asked: Mapping[str, str], patience: float) -> tuple[int, bytes]:  # noqa: ARG002  nothing hangs here
        await self._clock.sleep(0.1)
        try:
            answer = await self._zalo.call(self._token, method, asked)
        except Cut as cut:
            if cut.begun:
                return 200, cut.begun
            raise Trouble(0, "ServerDisconnectedError", maybe=True) from None
        except Broken as broken:
            return broken.code, b"<html>Bad gateway</html>"
        await self._clock.sleep(0.1)
        return answer.status, json.dumps(answer.body).encode()


class Phone:
    def __init__(self, imagify: Imagify, plan: Plan | None = None, **own: Any) -> None:
        """`own`: what is set of the mouth."""
        self.imagify, self.clock = imagify, imagify.clock
        wall = Clock(wall=lambda: imagify.clock.now() / SECOND)
        bot = Bot(TOKEN, plan=plan or Plan(), groups=True)
        self.zalo = Zalo([bot], clock=wall, fetch=self._fetch, lot=random.Random(7))
        self.ports = replace(imagify.ports(imagify.clock), darkroom=Lab())
        self.line = Wire(self.zalo, imagify.clock)
        self.own = Settings.model_validate({"token": TOKEN, **own})
        self.channel = self.again()
        self.alarms: list[str] = []

    def again(self) -> ZaloChannel:
        """The channel of the next process: it remembers nothing but what was written down."""
        self.postcards = Postcards(self.ports, SECRETS, DOOR, self.imagify.house.studio)
        meter = Meter(self.ports.table, self.clock, self.own, "12345689", SECRETS)
        channel = ZaloChannel(self.line, self.ports, self.postcards, Photos(("zdn.vn",)), meter)
        channel.alarm = self._alarmed
        return channel

    async def _alarmed(self, key: str, what: str) -> None:
        del key
        self.alarms.append(what)

    async def _fetch(self, method: str, url: str, most: int, follow: bool) -> Fetched:
        """Zalo looks at one of our addresses."""
        del follow
        head, tail = AT.split("{token}")
        assert url.startswith(f"{DOOR}{head}"), url
        data = await self.postcards.picture(url.removeprefix(f"{DOOR}{head}").removesuffix(tail))
        if data is None:
            return Fetched(404)
        return Fetched(200, "image/jpeg", len(data), data[:most] if method == "GET" else b"")

    async def meets(self, name: str = "An") -> Person:
        """Somebody who has written; nobody has heard it yet."""
        person = self.zalo.person(name=name)
        await person.says("chào")
        return person

    def chat(self, one: Person) -> Chat:
        return self.zalo.chat(one.id)

    def said(self, one: Person) -> list[str]:
        return [message.text for message in self.chat(one).said]

    async def hangs(self, image: str, data: bytes = b"PLAYED one") -> Image:
        """A kept picture with its job and its bytes."""
        facts: dict[str, Any] = dict.fromkeys(("sha256", "thumb_sha256"), sha256(data).hexdigest())
        facts |= {"size": len(data), "mime": "image/png", "width": 64, "height": 48, "model": "pocket"}
        facts |= {"route": "pocket@here", "seed": 7, "price": 1, "prompt": {"words": "mèo"}, "at": 0}
        kept = Image(id=image, person="P1", **facts)
        await self.ports.table.write(hanging(kept), Create(job_key(image), job_of(kept).facts()))
        await self.ports.blobs.put(kept.blob, data, kept.mime)
        return kept


def job_of(image: Image) -> Job:
    return Job(image.id, image.person, "S1", 1, "pocket", dict(image.prompt), "zalo", "1", 0, 0, state="delivered")


def name_of(number: int) -> str:
    """The id of a picture."""
    return f"01JD3Y5V00000000000000{number:04d}"
