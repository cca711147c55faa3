"""A person at a chat, as a test has them: they say, press, order, pay, look and leave."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.channel import Heard
from bot.replies import Choice
from core.addresses import Address
from core.gallery import Image
from core.jobs import Job
from core.people import Language, Person
from core.prompts import read
from core.studio import Ordered, Spot
from payments.orders import Order, Place
from payments.packages import PACKAGES, costing
from payments.tills import Reason, Told
from tests.storms.played import PLAYED, Shown

if TYPE_CHECKING:
    from tests.house import Imagify


@dataclass
class Speaker:
    """A person at a chat."""

    imagify: "Imagify" = field(repr=False)
    person: Person = field(repr=False)
    address: Address
    orders_made: list[Ordered] = field(default_factory=list, repr=False)

    @property
    def chat(self) -> str:
        return self.address.chat

    @property
    def lane(self) -> str:
        return f"{self.address.channel}:{self.chat}"

    @property
    def heard(self) -> list[Shown]:
        """What stands in the chat, the oldest first."""
        return self.imagify.channel(self.address.channel).shown(self.chat)

    @property
    def pictures(self) -> list[bytes]:
        return [shown.picture for shown in self.heard if shown.picture]

    @property
    def last_heard(self) -> str:
        return self.heard[-1].text

    @property
    def buttons(self) -> list[str]:
        """Under the newest message."""
        return [choice.text for choice in self.heard[-1].choices]

    def button(self, label: str) -> Choice:
        choices = [choice for shown in reversed(self.heard) for choice in shown.choices]
        found = [choice for choice in choices if choice.text.startswith(label)]
        assert found, f"no button {label!r} among {[choice.text for choice in choices]}"
        return found[0]

    async def says(self, text: str, update: str = "") -> bool:
        """Said, kept and answered; whether it was new."""
        return await self._sends(update, text=text)

    async def presses(self, label: str, update: str = "") -> bool:
        """The newest button that begins like this."""
        choice = self.button(label)
        assert choice.action, f"{choice} is no button that acts"
        return await self.acts(choice.action, update)

    async def acts(self, action: str, update: str = "") -> bool:
        """A button that may have stood there once."""
        return await self._sends(update, action=action)

    async def uploads(self, text: str = "", data: bytes = PLAYED + b"a photo") -> bool:
        """A picture with its caption; it stays with the vendor until it is fetched."""
        return await self._sends("", text=text, picture=self._handed_over(data))

    async def replies_to(self, picture: bytes | Image, text: str) -> bool:
        """Words about a picture in the chat: somebody's photo, or one of our own results."""
        if isinstance(picture, bytes):
            return await self._sends("", text=text, about=self._handed_over(picture))
        self.imagify.channel(self.address.channel).images[f"file {picture.id}"] = picture.id
        return await self._sends("", text=text, about=f"file {picture.id}")

    def _handed_over(self, data: bytes) -> str:
        name = f"file {next(self.imagify.numbers)}"
        self.imagify.channel(self.address.channel).files[name] = data
        return name

    async def speaks(self, language: Language) -> None:
        """From now on in this language."""
        self.person = await self.imagify.house.people.speak(self.person, language)

    def word(self, update: str = "", **said: str) -> Heard:
        """As a mouth hands it over."""
        update = update or f"{next(self.imagify.numbers):09}"
        group = self.address.chat != self.address.id
        return Heard(self.address, update, language=self.person.language, group=group, **said)

    async def _sends(self, update: str, **said: str) -> bool:
        house, heard = self.imagify.house, self.word(update, **said)
        kept = await house.inbox.keep(self.lane, heard.update, heard.row())

        async def answered() -> bool:
            return not await house.inbox.waiting(self.lane)

        await self.imagify.until(answered)
        return kept

    async def orders(self, text: str = "mèo", key: str = "") -> tuple[Job, ...]:
        """Straight to the studio, without a word in the chat."""
        spot = Spot(self.address.channel, self.chat)
        key = key or f"order {next(self.imagify.numbers)}"
        ordered = await self.imagify.house.studio.order(self.person, read(text), key=key, spot=spot)
        self.orders_made.append(ordered)
        return ordered.jobs

    async def jobs(self) -> list[Job]:
        """Their jobs, the oldest first."""
        jobs = (await self.imagify.books()).jobs.values()
        return sorted((job for job in jobs if job.person == self.person.id), key=lambda job: job.id)

    async def cancels(self, job: Job | None = None) -> Job:
        """Their newest one, or this."""
        job = job or (await self.jobs())[-1]
        return await self.imagify.house.studio.cancel(self.person.id, job.id)

    async def looks_at(self, job: Job) -> Image:
        return await self.imagify.house.studio.gallery.view(self.person.id, job.id)

    # -- paying -----------------------------------------------------------------------------------------------------

    async def checks_out(self, vnd: int = 50_000) -> Order:
        """Straight to the cashier, without a word in the chat."""
        package = costing(PACKAGES, vnd)
        assert package, f"no package of {vnd}"
        house, place = self.imagify.house, Place(self.address.channel, self.chat)
        return await house.cashier.checkout(self.person, package, self.imagify.till.name, place)

    async def tops_up(self, vnd: int = 50_000) -> Order:
        """A package's button is pressed; the order it has led to."""
        await self.acts(f"topup:{vnd}")
        return await self.newest_order()

    async def newest_order(self) -> Order:
        order = await self.imagify.house.cashier.orders.newest(self.person.id)
        assert order, "nothing was ever ordered"
        return order

    async def opens(self, order: Order | None = None) -> Order:
        """As the page does when the person goes on to the gateway; the order that is paid there."""
        opened = await self.imagify.house.cashier.open((order or await self.newest_order()).ref)
        self.imagify.till.opens(opened)
        return opened

    async def pays(self, vnd: int = 50_000, *, order: Order | None = None, source: str = "call") -> Order:
        """From the package to the gateway's word that the money came; the order as it stands then."""
        order = order or await self.tops_up(vnd)
        return await self.is_told(
            self.imagify.till.takes(order if order.opened_at else await self.opens(order)), source
        )

    async def fails_to_pay(self, reason: Reason = Reason.NO_BALANCE, vnd: int = 50_000) -> Order:
        return await self.is_told(self.imagify.till.fails(await self.opens(await self.tops_up(vnd)), reason))

    async def is_told(self, told: Told, source: str = "call") -> Order:
        """The gateway's word reaches the cashier."""
        await self.imagify.house.cashier.settle(told, source)
        return await self.imagify.house.cashier.orders.order(told.ref)

    def leaves(self) -> None:
        self.imagify.channel(self.address.channel).leaves(self.chat)

    def returns(self) -> None:
        self.imagify.channel(self.address.channel).returns(self.chat)
