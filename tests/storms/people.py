"""The people of a storm, their vendors' post, and a conversation in its shortest form.

What they do is drawn by lot from the seed, and nothing they do waits for the house to be well.
"""

import asyncio
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from bot.channel import Channel, Gone, NotSent, Rejected, Unsure
from bot.house import House
from bot.replies import Reply
from core.errors import Refusal
from core.gallery import image_key
from core.inbox import Kept
from core.news import Outbox
from core.people import CONSENT_VERSION
from core.people import Person as Known
from core.prompts import read
from core.studio import Spot
from core.table import Value
from tests.storms.loop import moment
from tests.storms.simulation import World

GIFT, TOP_UP = 10, 40
AGAIN = 4.0  # seconds after which a vendor sends an update again that nobody acknowledged
DOUBLED = 0.2  # share of updates that a vendor sends twice
QUIET = 25.0  # seconds somebody waits for a picture before they do something else
NEVER_SENT = (NotSent, Rejected, Unsure, Gone)


@dataclass(frozen=True, slots=True)
class Update:
    """Something said in a chat, with the vendor's own number for it."""

    channel: str
    chat: str
    number: str
    words: Mapping[str, Value]

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Order:
    person: str
    jobs: tuple[str, ...]


@dataclass(slots=True)
class Witness:
    """What was seen from outside the house, and no death of it can change."""

    heard: dict[str, Update] = field(default_factory=dict)  # acknowledged, by number
    orders: defaultdict[str, set[Order]] = field(default_factory=lambda: defaultdict(set))  # by number
    refusals: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)  # jobs whose picture its person has asked to see
    looked: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # job: when it was seen
    spooled: dict[str, float] = field(default_factory=dict)  # job: since when its bytes are on a disk
    disks_lost: int = 0
    clocks_moved: int = 0
    odd: list[str] = field(default_factory=list)  # what nobody should ever see
    failures: Counter[str] = field(default_factory=Counter)  # what the house's border caught


class Post:
    """The vendors' side of an update: it comes again until it is acknowledged, and by lot once more after that."""

    def __init__(self, witness: Witness, lot: random.Random) -> None:
        self._witness, self._lot = witness, lot
        self._numbers = itertools.count(1)
        self._pile: asyncio.Queue[Update] = asyncio.Queue()
        self.pages: asyncio.Queue[Order] = asyncio.Queue()  # somebody opens the page of a picture
        self._under_way = 0

    @property
    def empty(self) -> bool:
        return not self._under_way and self._pile.empty()

    async def sends(self, channel: str, chat: str, **words: Value) -> str:
        """Until the house has acknowledged it; its number."""
        update = Update(channel, chat, f"{next(self._numbers):09}", words)
        self._under_way += 1
        while update.number not in self._witness.heard:
            self._pile.put_nowait(update)
            await asyncio.sleep(AGAIN)
        if self._lot.random() < DOUBLED:
            self._pile.put_nowait(update)
        self._under_way -= 1
        return update.number

    async def carry(self, house: House) -> None:
        """A mouth of the house: what comes in is kept, then acknowledged."""
        while True:
            update = await self._pile.get()
            await house.inbox.keep(update.lane, update.number, update.words)
            self._witness.heard[update.number] = update

    async def show_pages(self, house: House) -> None:
        """The page of a picture: whoever opens it has seen it, whatever the courier is doing at that moment."""
        while True:
            asked = await self.pages.get()
            for job in asked.jobs:
                with suppress(Refusal):
                    await look(house, self._witness, asked.person, job)


async def look(house: House, witness: Witness, person: str, job: str) -> bytes:
    """The picture is marked seen first; from here on it has been before somebody's eyes."""
    witness.asked.add(job)
    image = await house.studio.gallery.view(person, job)
    picture = await house.ports.blobs.get(image.blob)
    witness.looked[job].append(moment())
    if picture is None or sha256(picture).hexdigest() != image.sha256:
        witness.odd.append(f"job {job} was shown without its bytes")
    return picture or b""


class Conversation:
    """Handles what was heard as bot/conversation.py does, in short: the key makes every move of it happen once."""

    def __init__(self, house: House, channels: Mapping[str, Channel], witness: Witness) -> None:
        self._house, self._channels, self._witness = house, channels, witness
        self._outbox = Outbox(house.ports.table)

    async def hear(self, kept: Kept, key: str) -> None:
        if kept.laid_aside:
            return
        channel, chat = kept.lane.split(":")
        house, words = self._house, kept.words
        person = await house.people.greet(channel, chat, "vi")
        for one in person.ids:
            await self._outbox.fetch(one, house.ports.clock.now())
        try:
            match words["do"]:
                case "hello":
                    await self._welcome(person, channel, chat)
                case "draw":
                    await self._draw(person, kept, key)
                case "cancel":
                    await self._cancel(person, str(words["which"]))
                case "show":
                    await self._show(person, channel, chat, str(words["which"]))
        except Refusal as refusal:
            self._witness.refusals[kept.update] = type(refusal).__name__
            await self._say(channel, chat, Reply(f"no: {refusal}"))

    async def _welcome(self, person: Known, channel: str, chat: str) -> None:
        """Consent, the gift once per address, and a first top-up."""
        if not person.agreed:
            person = await self._house.people.agree(person, CONSENT_VERSION, channel)
        (here,) = (one for one in person.addresses if one.channel == channel)
        await self._house.people.gift(person, here, GIFT, key=f"gift:{channel}:{chat}")
        await self._house.ledger.deposit(person.id, TOP_UP, key=f"topup:{channel}:{chat}", kind="topup")

    async def _draw(self, person: Known, kept: Kept, key: str) -> None:
        channel, chat = kept.lane.split(":")
        prompt = read(str(kept.words["text"]))
        ordered = await self._house.studio.order(person, prompt, key=key, spot=Spot(channel, chat, kept.update))
        self._witness.orders[kept.update].add(Order(person.id, ordered.sheet.jobs))
        if message := await self._say(channel, chat, Reply(f"drawing {ordered.sheet.id}")):
            await self._house.studio.told(ordered.sheet.id, message)

    async def _cancel(self, person: Known, update: str) -> None:
        for order in list(self._witness.orders[update]):
            for job in order.jobs:
                await self._house.studio.cancel(person.id, job)

    async def _show(self, person: Known, channel: str, chat: str, update: str) -> None:
        for order in list(self._witness.orders[update]):
            for job in order.jobs:
                picture = await look(self._house, self._witness, person.id, job)
                await self._say(channel, chat, Reply("here it is", picture=picture))

    async def _say(self, channel: str, chat: str, reply: Reply) -> str:
        """What cannot be said now stays unsaid: the credits do not depend on it."""
        with suppress(*NEVER_SENT):
            return await self._channels[channel].send(chat, reply)
        return ""


@dataclass(slots=True)
class Somebody:
    """A person with one or two chats, and what they are up to."""

    name: str
    channels: tuple[str, ...]
    prompts: int
    lot: random.Random
    numbers: list[str] = field(default_factory=list)

    @property
    def channel(self) -> str:
        return self.lot.choice(self.channels)


class Life:
    """What somebody does in a storm."""

    def __init__(self, world: World, post: Post, witness: Witness, who: Somebody) -> None:
        self._world, self._post, self._witness, self._who, self._lot = world, post, witness, who, who.lot

    async def live(self) -> None:
        await self._pause(2)
        for channel in self._who.channels:
            await self._says(channel, do="hello")
        for number in range(self._who.prompts):
            await self._pause(4)
            channel = self._who.channel
            update = await self._says(channel, do="draw", text=self._sentence(number))
            act = self._lot.choice(ACTS)
            await act(self, channel, update)

    def _sentence(self, number: int) -> str:
        kind = self._lot.choice(("mèo", "a cat", "--model pocket chó", "lake", "--n 2 phố"))
        return f"{kind} {self._who.name} {number}"

    async def _says(self, channel: str, **words: Value) -> str:
        return await self._post.sends(channel, self._who.name, **words)

    async def _pause(self, longest: float) -> None:
        await asyncio.sleep(self._lot.uniform(0, longest))

    # -- what they do once they have ordered --------------------------------------------------------------------------

    async def waits(self, _channel: str, update: str) -> None:
        """Until the picture hangs, or for as long as one has patience."""
        await self._hung(update)

    async def hurries(self, _channel: str, _update: str) -> None:
        """Orders the next one at once."""

    async def thinks_again(self, channel: str, update: str) -> None:
        """Cancels: at once, while it is being drawn, or when it is done already."""
        await self._pause(self._lot.choice((0.2, 3, 9)))
        await self._says(channel, do="cancel", which=update)

    async def asks_for_it(self, channel: str, update: str) -> None:
        """Asks for the picture as soon as there is one: by a word, just when the courier has it in hand."""
        await self._hung(update)
        await self._pause(0.6)
        await self._says(channel, do="show", which=update)

    async def opens_the_page(self, _channel: str, update: str) -> None:
        """Looks at its page the very moment it hangs, or a little later."""
        await self._hung(update)
        await self._pause(self._lot.choice((0.05, 0.6, 3)))
        self._opens(update)

    async def peeks(self, _channel: str, update: str) -> None:
        """Opens the page while the courier is at it, whatever becomes of that."""
        await self._hung(update, but="no")
        await self._pause(1)
        self._opens(update)

    async def leaves(self, channel: str, update: str) -> None:
        """Blocks us before the picture is there; some come back, and say a word."""
        mouth = self._world.channels[channel]
        await self._pause(5)
        mouth.leaves(self._who.name)
        await self._hung(update)
        await self._pause(5)
        if self._lot.random() < 0.6:
            mouth.returns(self._who.name)
            await self._says(channel, do="hello")

    async def tidies_up(self, channel: str, _update: str) -> None:
        """Deletes the newest message, perhaps the very one that is to become the picture."""
        mouth = self._world.channels[channel]
        await self._pause(4)
        for shown in mouth.shown(self._who.name)[-1:]:
            mouth.deletes(self._who.name, shown.message)

    def _opens(self, update: str) -> None:
        for order in self._witness.orders[update]:
            self._post.pages.put_nowait(order)

    async def _hung(self, update: str, but: str = "") -> None:
        """Until the picture hangs, and has been seen as far as that, or for as long as one has patience."""
        end = moment() + QUIET
        while moment() < end:
            for order in self._witness.orders[update]:
                row = await self._world.table.get(image_key(order.person, order.jobs[0]))
                if row and row.text("seen") != but:
                    return
            await asyncio.sleep(0.1)


ACTS = (
    Life.waits,
    Life.hurries,
    Life.thinks_again,
    Life.thinks_again,
    Life.asks_for_it,
    Life.opens_the_page,
    Life.peeks,
    Life.peeks,
    Life.leaves,
    Life.tidies_up,
)


def cast(seed: int, most: int, prompts: int) -> list[Somebody]:
    """Who lives in this run: the first on a channel that can edit, the next on one that cannot, the third on both."""
    roles = (("telegram",), ("zalo",), ("telegram", "zalo"), ("zalo",))
    names = ("an", "binh", "chi", "dung")
    return [
        Somebody(name, channels, prompts, random.Random(f"{name} {seed}"))
        for name, channels in list(zip(names, roles, strict=True))[:most]
    ]
