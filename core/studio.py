"""Studio – the life of an image: ordered with credits held, painted once, kept or given back."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

from core.appeals import Appeal, passing, using
from core.chance import letters
from core.clock import MINUTE, SECOND, Lived
from core.closings import Closings
from core.errors import Blocked, Busy, Frozen, NotAgreed, NotAPicture, OtherFacts, Refusal, Unknown
from core.gallery import Gallery
from core.jobs import Job, Sheet, creating, job_key, sheet_key
from core.lanes import Seat
from core.ledger import Draft, Ledger, Lost, Parts, Purse, holding, splitting
from core.limits import Limits
from core.models import Catalogue, Model
from core.news import News
from core.people import Person
from core.places import Places
from core.ports import Ports
from core.prices import Rates, price
from core.prompts import Prompt
from core.router import Router
from core.safety import check
from core.sitting import Sitting, Tools
from core.table import Change, Row, Value, Write
from core.uploads import FOLDER, Uploads

STEP = 10 * SECOND  # how far a job puts its person's next one back
GIFT_LAST = 10 * MINUTE  # people who never paid come so much later than people who did


@dataclass(frozen=True, slots=True)
class Spot:
    """Spot in which a result is to appear."""

    channel: str
    chat: str
    reply_to: str = ""
    asker: str = ""  # in a group: the asker's id on the channel


@dataclass(frozen=True, slots=True)
class Ordered:
    """Order made now, or `already` before under the same key."""

    sheet: Sheet
    jobs: tuple[Job, ...]
    already: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """Order about to be made. Ids and seeds are drawn once, however often the write is tried."""

    sheet: Sheet
    prompts: tuple[Prompt, ...]
    model: Model
    price: int
    spot: Spot
    now: int
    passed: Appeal | None = None  # what lets its words pass once

    def jobs(self, purse: Purse) -> tuple[Job, ...]:
        parts = splitting(purse, self.price, len(self.prompts))
        return tuple(self._job(number, purse, part) for number, part in enumerate(parts))

    def place(self, purse: Purse, number: int) -> int:
        """Place of job `number`: behind the person's last job, and gifts behind paid orders."""
        finish = max(self.now, purse.finish) + (number + 1) * STEP
        return finish if purse.had_paid else finish + GIFT_LAST

    def finish(self, purse: Purse) -> int:
        return max(self.now, purse.finish) + len(self.prompts) * STEP

    def _job(self, number: int, purse: Purse, parts: Parts) -> Job:
        return Job(
            id=self.sheet.jobs[number],
            person=self.sheet.person,
            sheet=self.sheet.id,
            price=self.price,
            model=self.model.name,
            prompt=self.prompts[number].facts(),
            channel=self.spot.channel,
            chat=self.spot.chat,
            reply_to=self.spot.reply_to,
            asker=self.spot.asker,
            siblings=tuple(one for one in self.sheet.jobs if one != self.sheet.jobs[number]),
            place=self.place(purse, number),
            created=self.now,
            gift=not purse.had_paid,
            from_gift=parts.gift,
            passed=self.passed is not None,
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of the house: models, prices and limits."""

    catalogue: Catalogue
    rates: Rates
    limits: Limits
    vendors: frozenset[str]

    def model(self, prompt: Prompt, now: int, *, gift: bool) -> Model:
        return self.catalogue.choose(prompt, now, self.vendors, "gift" if gift else "paid")

    def price(self, model: Model) -> int:
        return price(model, self.rates)

    def paid_only(self, model: Model, now: int) -> bool:
        """True if gift credits do not buy `model`."""
        ladder = self.catalogue.ladder(now, self.vendors)
        return bool(ladder) and model.usd_micros > ladder[0].usd_micros

    def least(self, now: int) -> int:
        """Price of the cheapest picture here."""
        return self.price(self.catalogue.ladder(now, self.vendors)[0])


@dataclass(frozen=True, slots=True)
class Quote:
    """Quote for a prompt: the `price`, and the credits now `free`."""

    model: Model
    price: int  # of all pictures of the order
    free: int
    dear: bool  # True: more than the cheapest model costs
    seconds: int


class Studio:
    def __init__(self, ports: Ports, ledger: Ledger, terms: Terms, places: Places, router: Router) -> None:
        self._ports, self._table, self._clock = ports, ports.table, ports.clock
        self._ledger, self._terms, self._places, self.router = ledger, terms, places, router
        self.closings = Closings(ports.table, ledger, ports.clock, ports.chance)
        self.gallery = Gallery(ports.table)
        self.uploads = Uploads(ports.table, ports.blobs, ports.darkroom, ports.clock)
        self._ringing: set[asyncio.Task[None]] = set()
        self._tools = Tools(ports, router, self.closings, terms.limits.give_up * SECOND, Lived(ports.clock))

    async def order(
        self, person: Person, prompt: Prompt, *, key: str, spot: Spot, purse: Purse | None = None
    ) -> Ordered:
        """Hold the price and queue the jobs. A repeat with the same `key` and `prompt` returns the order made before.

        Pass a `purse` that was just read to save a read.
        """
        try:
            ordered = await self._order(person, prompt, key, spot, purse)
        except (Refusal, Lost) as refusal:
            return await self._already(prompt, key, refusal)
        for job in ordered.jobs:
            self._ring(job)
        return ordered

    def _ring(self, job: Job) -> None:
        """Ring for `job` in the background: the order is stored, so no caller need wait for the queue."""
        ringing = asyncio.create_task(self._ports.queue.ring(job.id))
        self._ringing.add(ringing)
        ringing.add_done_callback(self._ringing.discard)

    async def quote(self, person: Person, prompt: Prompt, purse: Purse | None = None) -> Quote:
        """Quote of price and wait for `prompt`, before any credit is held."""
        purse, now = purse or await self._ledger.purse(person.id), self._clock.now()
        model = self._terms.model(prompt, now, gift=not purse.had_paid)
        price, least = self._terms.price(model), self._terms.least(now)
        ahead = await self._places.ahead(now + STEP)
        return Quote(model, price * prompt.count, purse.free, price > least, self._places.seconds(ahead))

    async def paint(self, job: Job, seat: Seat | None = None) -> None:
        """Paint a claimed `job` up to the kept picture, or fail the job with the reason. Raises Fenced."""
        await Sitting(self._tools, job, seat).run()

    async def rescue(self) -> int:
        """Store pictures left on this disk, at a worker's start and before new work, as paid for already."""
        rows = [await self._table.get(job_key(name)) for name in await self._ports.spool.waiting()]
        left = [job for row in rows if row and not (job := Job.of(row)).closed]
        for job in left:
            if raw := await self._ports.spool.find(job.id):
                await self._rescue(job, raw)
        return len(left)

    async def _rescue(self, job: Job, raw: bytes) -> None:
        try:
            await Sitting(self._tools, job).rescue(raw)
        except (Blocked, NotAPicture):
            return  # the next sitting tells the person

    async def cancel(self, person: str, job: str) -> Job:
        return await self.closings.cancel(person, job)

    async def give_back(self, news: News, *also: Write) -> bool:
        return await self.closings.give_back(news, *also)

    async def ordered(self, sheet: str) -> Ordered:
        """Order as it stands now. Raises Unknown."""
        row = await self._table.get(sheet_key(sheet))
        if row is None:
            raise Unknown("sheet", sheet)
        return await self._standing(Sheet.of(row))

    async def told(self, sheet: str, message: str) -> None:
        """Note the id of the order's status `message` in the chat."""
        row = await self._table.get(sheet_key(sheet))
        jobs = Sheet.of(row).jobs if row else ()
        if jobs:
            await self._table.write(*(Change(job_key(job), set={"message": message}) for job in jobs))

    async def _order(self, person: Person, prompt: Prompt, key: str, spot: Spot, purse: Purse | None) -> Ordered:
        if not person.agreed:
            raise NotAgreed
        passed = await self._passed(person, prompt)
        self._terms.limits.check_jobs(prompt.count)
        await self._laid_out(person, prompt.source)
        purse = purse or await self._ledger.purse(person.id)
        wish = self._wish(purse, prompt, key, spot, passed)
        if wish.model.usd_micros:
            await self.router.budget.check(gift=not purse.had_paid)
        await self._places.admit(wish.place(purse, 0), prompt.count)
        moved = await self._ledger.commit(person.id, lambda now: self._draft(now, wish), purse)
        jobs = wish.jobs(moved.before)
        for job in jobs:
            self._places.joined(job.place)
        return Ordered(wish.sheet, jobs)

    async def _passed(self, person: Person, prompt: Prompt) -> Appeal | None:
        """Appeal that lets words pass which break a rule, or None where they break none. Raises Blocked."""
        try:
            check(prompt.words, prompt.avoid)
        except Blocked:
            if passed := await passing(self._table, person.ids, prompt.words, prompt.avoid):
                return passed
            raise
        return None

    async def _laid_out(self, person: Person, source: str) -> None:
        """Check that the picture to change is here and belongs to `person`. Raises Unknown."""
        if source.startswith(FOLDER):
            await self.uploads.use(person.ids, source)
        elif source:
            await self.gallery.own(person.ids, source.removeprefix("img/"))

    def _wish(self, purse: Purse, prompt: Prompt, key: str, spot: Spot, passed: Appeal | None) -> Wish:
        now = self._clock.now()
        model = self._terms.model(prompt, now, gift=not purse.had_paid)
        jobs = tuple(self._ports.chance.ulid(now) for _ in range(prompt.count))
        seed = prompt.seed or self._ports.chance.seed()
        prompts = tuple(prompt.seeded(seed + number) for number in range(prompt.count))
        sheet = Sheet(sheet_id(key), purse.person, jobs, prompt.facts())
        return Wish(sheet, prompts, model, self._terms.price(model), spot, now, passed)

    def _draft(self, purse: Purse, wish: Wish) -> Draft:
        """Draft of the order for the `purse` as it stands. Raises the refusals in the house's order of precedence."""
        if purse.person != wish.sheet.person:
            raise Busy("linked this very moment")
        self._terms.limits.check_open(purse.open, gift_only=not purse.had_paid)
        if purse.frozen:
            raise Frozen
        jobs = wish.jobs(purse)
        money = holding(purse, {job.id: job.parts for job in jobs}, wish.sheet.id)
        yes = (using(wish.passed),) if wish.passed else ()
        also = (wish.sheet.creating(wish.now), *money.also, *map(creating, jobs), *yes)
        queue: dict[str, Value] = {"open": purse.opening(wish.sheet.id, len(jobs)), "finish": wish.finish(purse)}
        return Draft(money.lines, also, queue)

    async def _already(self, prompt: Prompt, key: str, refusal: Exception) -> Ordered:
        """Order made before under `key`, in answer to a `refusal`. Raises `refusal` if there is none, or OtherFacts."""
        row = await self._table.get(sheet_key(sheet_id(key)))
        if row is None:
            raise refusal
        sheet = Sheet.of(row)
        if sheet.facts != prompt.facts():
            raise OtherFacts(key) from None
        return await self._standing(sheet, already=True)

    async def _standing(self, sheet: Sheet, *, already: bool = False) -> Ordered:
        rows = [await self._table.get(job_key(job)) for job in sheet.jobs]
        return Ordered(sheet, tuple(self._job(sheet, row) for row in rows), already)

    def _job(self, sheet: Sheet, row: Row | None) -> Job:
        if row is None:
            raise Unknown("sheet", sheet.id)
        return Job.of(row)


def sheet_id(key: str) -> str:
    """Id of the sheet, made from the order's `key`, so that the sheet's row guards the key."""
    return letters(int.from_bytes(sha256(key.encode()).digest()), 26)
