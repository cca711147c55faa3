"""Zalo's mouth in one piece: opened before the house, for it brings a channel; joined to it once it stands."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import Counter

from bot.house import House
from bot.settings import LOOPBACK
from bot.texts import Language
from bot.vendors import Zalo, host_of
from bot.zalo.channel import ZaloChannel
from bot.zalo.inlet import Inlet
from bot.zalo.line import Line
from bot.zalo.listening import Listening
from bot.zalo.metering import Meter
from bot.zalo.photos import Photos, hosts_of
from bot.zalo.pictures import Postcards
from core.ports import Ports
from core.supervise import Crew


class ZaloMouth:
    def __init__(self, own: Zalo, ports: Ports, secrets: Sequence[bytes], phone: str = "") -> None:
        """`phone`: where a played Zalo is chatted with."""
        token = own.token.get_secret_value()
        self._own, self._phone = own, phone
        self._line = Line(own.api, token)
        self._postcards = Postcards(ports, secrets)
        meter = Meter(ports.table, ports.clock, own, token.partition(":")[0], secrets)
        photos = Photos(hosts_of(own.photos), played_at(own.api))
        self.channel = ZaloChannel(self._line, ports, self._postcards, photos, meter)

    def join(self, house: House) -> list[web.AbstractRouteDef]:
        """What is heard goes into the house; handed over is where Zalo calls us, and where it looks at pictures."""
        taken = Counter("imagify_zalo", "Events of Zalo by what became of them", ["became"], registry=house.registry)
        ports, self._house = house.ports, house
        self._postcards.studio = house.studio
        self.channel.alarm, self.channel.speaks = house.alarms.once, self._speaks
        self.inlet = Inlet(
            channel=self.channel,
            inbox=house.inbox,
            table=ports.table,
            cache=ports.cache,
            clock=ports.clock,
            chance=ports.chance,
            taken=taken,
        )
        self.inlet.note = house.contacts.open("zalo").note
        if self._phone:
            house.desk.ways.known["zalo"] = self.way_in
        hook = self.inlet.routes(self._secret) if self._own.mode == "webhook" else []
        return [*self._postcards.routes(), *hook]

    def way_in(self, _: str) -> str:
        """No link leads into a chat at Zalo and brings something along; a played one has its telephone."""
        return self._phone

    def enlist(self, crew: Crew) -> None:
        """Once the door is open: from then on we can be called, and looked at."""
        house, ports = self._house, self._house.ports
        self._postcards.base = house.counter.base
        listening = Listening(
            inlet=self.inlet,
            line=self._line,
            leases=house.leases,
            clock=ports.clock,
            chance=ports.chance,
            public_url=house.counter.base if self._own.mode == "webhook" else "",
            secret=self._secret,
        )
        crew.add("zalo", listening.run)
        crew.add("zalo's plan", self._watch)

    async def _watch(self) -> None:
        await self.channel.meter.watch(self._house.alarms)

    async def _speaks(self, chat: str) -> Language:
        """In private the chat is the person."""
        person = await self._house.people.find("zalo", chat)
        return person.language if person else "vi"

    async def close(self) -> None:
        """What is being said is said; then nothing is said any more."""
        await self.inlet.close()
        await self.channel.close()

    @property
    def _secret(self) -> str:
        return self._own.secret.get_secret_value()


def played_at(api: str) -> str:
    """Host and port of a Zalo on this very machine, which keeps what people send where it answers."""
    return urlsplit(api).netloc if host_of(api) in LOOPBACK else ""
