"""Telegram's mouth in one piece: opened before the house, for it brings a channel; joined to it once it stands."""

from collections.abc import Sequence

from aiohttp import web
from prometheus_client import Counter
from telegram.ext import ApplicationBuilder

from bot.asking import COMMANDS
from bot.house import House
from bot.telegram.application import build
from bot.telegram.buttons import Buttons
from bot.telegram.channel import TelegramChannel
from bot.telegram.inlet import Inlet, nobody_sells
from bot.telegram.listening import Listening
from bot.telegram.menu import Menu
from bot.telegram.stars import Line, Question
from bot.vendors import Telegram
from core.ports import Ports
from core.supervise import Crew
from core.table import Table
from payments.orders import Orders
from payments.stars import StarsTill


class TelegramMouth:
    def __init__(self, own: Telegram, ports: Ports, secrets: Sequence[bytes], phone: str = "") -> None:
        builder = ApplicationBuilder().token(own.token.get_secret_value())
        builder = builder.base_url(f"{own.api}/bot").base_file_url(f"{own.files}/bot")
        self._own, self._buttons, self._phone = own, Buttons(secrets), phone
        self.bot = build(builder).bot
        self.channel = TelegramChannel(self.bot, ports, self._buttons.data)

    def till(self, table: Table, vnd_per_star: int) -> StarsTill:
        """Telegram's own way to pay."""
        return StarsTill(Line(self.bot), self.bot.token.partition(":")[0], Orders(table), vnd_per_star)

    def join(self, house: House) -> list[web.AbstractRouteDef]:
        """What is heard goes into the house; handed over is where Telegram calls us, where it is to call."""
        taken = Counter(
            "imagify_telegram", "Updates of Telegram by what became of them", ["became"], registry=house.registry
        )
        self._house = house
        stars = house.counter.stars
        may_pay = Question(stars).answer if stars else nobody_sells
        self.inlet = Inlet(self.bot, house.inbox, house.ports.cache, self._buttons, taken, may_pay)
        self.inlet.note = house.contacts.open("telegram").note
        house.desk.ways.known["telegram"] = self.way_in
        return self.inlet.routes(self._secret) if self._own.mode == "webhook" else []

    def way_in(self, payload: str) -> str:
        """Into the private chat with us; a played Telegram is the telephone that it has."""
        if self._phone or self.inlet.me is None:
            return self._phone
        return f"https://t.me/{self.inlet.me.username}?start={payload}"

    def enlist(self, crew: Crew) -> None:
        """Once the door is open: from then on we can be called."""
        house, ports = self._house, self._house.ports
        listening = Listening(
            inlet=self.inlet,
            leases=house.leases,
            clock=ports.clock,
            chance=ports.chance,
            commands=frozenset(COMMANDS),
            public_url=house.counter.base if self._own.mode == "webhook" else "",
            secret=self._secret,
        )
        crew.add("telegram", listening.run)
        crew.add("telegram menu", Menu(self.bot, ports.table, house.addresses, ports.clock, house.alarms.once).register)

    async def close(self) -> None:
        """What is being answered is answered; then nothing is said any more."""
        await self.inlet.close()
        await self.channel.close()
        await self.bot.request.shutdown()

    @property
    def _secret(self) -> str:
        return self._own.secret.get_secret_value()
