"""Privacy – erases a person on request, after seven days to think again.

    ask_erase   active -> leaving      the person is told first which credits and images will be lost
    keep_me     leaving -> active
    erase_due   1. close    leaving -> erased: nothing is open, the credits left lapse, the purse takes no orders
                2. forget   pictures, prompts, messages, e-mail: all that is not on the list `STAYS`
                3. finish   the addresses let go of the person, the profile is emptied, the receipt is written

Closing is one write, and so is finishing. The process may die after any step between: a second run skips what is
deleted already and deletes the rest. Purse, entries, their guards and the proofs of consent stay, under an id that
leads nobody back to the person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.addresses import Address
from core.blobs import Blobs
from core.clock import DAY, Clock
from core.errors import Busy, Frozen, TooLate, Unknown
from core.gallery import Image
from core.inbox import HANDLED
from core.jobs import Job, job_key, sheet_key
from core.jobs import changing as changing_job
from core.ledger import Draft, Ledger, Lost, Purse, owner_of
from core.linking import images_of
from core.people import People, Person, changing, email_key, profile_key
from core.table import SHELF_INDEX, Change, Create, Delete, Fields, Key, Refused, Row, Table, When, Write, every
from core.uploads import PREFIX, Upload

ERASE = "ERASE"  # the shelf of people who are leaving
GRACE = 7 * DAY
STAYS = ("PROFILE", "PURSE", "TRANSACTION#", "OP#", "HOLD#", "IMAGE#", "CONSENT#", "RECEIPT")  # under the bare id


@dataclass(frozen=True, slots=True)
class Loss:
    """Loss that erasure brings, told before the request."""

    erase_at: int
    gift: int
    paid: int
    images: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Receipt of an erasure, with the credits that lapsed."""

    person: str
    asked_at: int
    erased_at: int
    gift: int
    paid: int

    @classmethod
    def of(cls, person: str, row: Row) -> "Receipt":
        asked, erased = row.number("asked_at"), row.number("erased_at")
        return cls(person, asked, erased, row.number("gift"), row.number("paid"))


Telling = Callable[[Person, Receipt], Sequence[Write]]


def nobody(_person: Person, _receipt: Receipt) -> Sequence[Write]:
    """Write no last words."""
    return ()


class Privacy:
    def __init__(
        self,
        table: Table,
        blobs: Blobs,
        clock: Clock,
        ledger: Ledger,
        people: People,
        telling: Telling = nobody,
    ) -> None:
        """Take `telling`: the last words to the person, in the same write as the receipt."""
        self._table, self._blobs, self._clock = table, blobs, clock
        self._ledger, self._people, self._telling = ledger, people, telling

    # -- asking -------------------------------------------------------------------------------------------------------

    async def loss(self, person: Person) -> Loss:
        """Loss if the person asked now, or the one of a request made before."""
        purse = await self._ledger.purse(person.id)
        images = sum([await images_of(self._table, one) for one in person.ids])
        return Loss(person.erase_at or self._clock.now() + GRACE, purse.gift, purse.paid, images)

    async def ask_erase(self, person: Person) -> Loss:
        """Begin the seven days. A second request does not begin anew. Raises TooLate."""
        now = self._clock.now()
        leaving: Fields = {"status": "leaving", "asked_at": now, "shelf": ERASE, "due": now + GRACE}
        await self._move(person, changing(person, leaving, {"status": "active"}), "leaving")
        return await self.loss(await self._people.profile(person.id))

    async def keep_me(self, person: Person) -> Person:
        """Take the request back. Raises TooLate."""
        staying = replace(
            changing(person, {"status": "active"}, {"status": "leaving"}), unset=("shelf", "due", "asked_at")
        )
        await self._move(person, staying, "active")
        return await self._people.profile(person.id)

    async def requests(self) -> list[Person]:
        """People who are leaving, the soonest first, for admins, who answer within two working days."""
        rows = await self._table.find(SHELF_INDEX, ERASE)
        return [Person.of(row.key.owner.removeprefix("USER#"), row) for row in rows]

    async def _move(self, person: Person, change: Change, to: str) -> None:
        """Write `change` of the status, or accept that the status is `to` already. Raises TooLate."""
        try:
            await self._table.write(change)
        except Refused as refused:
            row = refused.rows[0]
            if row is None or row.text("status") != to:
                raise TooLate(row.text("status") if row else person.status) from None

    # -- erasing ------------------------------------------------------------------------------------------------------

    async def erase_due(self, now: int) -> list[Receipt]:
        """Erase people whose days are over at `now`. People with something open or a frozen purse wait."""
        receipts: list[Receipt] = []
        after: Row | None = None
        while rows := await self._table.find(SHELF_INDEX, ERASE, until=now, after=after):
            for row in rows:
                receipts += await self._unless_waiting(row.key.owner.removeprefix("USER#"), now)
            after = rows[-1]
        return receipts

    async def _unless_waiting(self, person: str, now: int) -> list[Receipt]:
        try:
            return [await self._erase(await self._people.profile(person), now)]
        except (Busy, Frozen, TooLate):
            return []

    async def _erase(self, person: Person, now: int) -> Receipt:
        if not person.erase_at or person.erase_at > now:
            raise TooLate(person.status)  # the index was behind the row
        if person.status == "leaving":
            await self._close(person)
        for one in person.ids:
            await self._forget(one)
        for address in person.addresses:
            await self._forget_lane(address)
        return await self._finish(person)

    async def _close(self, person: Person) -> None:
        """Close the purse and set the status `erased`: the point of no return."""
        row = await self._table.get(profile_key(person.id))
        asked = row.number("asked_at") if row else 0
        try:
            await self._ledger.commit(person.id, lambda purse: self._closing(person, purse, asked))
        except Lost:
            raise TooLate("active") from None  # taken back this very moment

    def _closing(self, person: Person, purse: Purse, asked: int) -> Draft:
        if purse.frozen:
            raise Frozen
        if purse.held or purse.open:
            raise Busy("holds")
        lapse = replace(self._ledger.line("lapse", -purse.paid, key=f"erase:{person.id}"), gift=-purse.gift)
        also = (
            changing(person, {"status": "erased"}, {"status": "leaving", "due": person.erase_at}),
            Create(receipt_key(person.id), {"asked_at": asked, "gift": purse.gift, "paid": purse.paid}),
        )
        return Draft((lapse,) if purse.free else (), also, {"frozen": True})

    async def _finish(self, person: Person) -> Receipt:
        row = await self._table.get(receipt_key(person.id))
        if row is None:
            raise Unknown("receipt", person.id)
        receipt = replace(Receipt.of(person.id, row), erased_at=self._clock.now())
        await self._people.addresses.renew(*person.addresses)
        try:
            await self._table.write(*self._finishing(person, receipt), *self._telling(person, receipt))
        except Refused as refused:
            if 0 in refused.rows:
                raise TooLate("erased") from None  # another process has just finished it
            raise
        return receipt

    def _finishing(self, person: Person, receipt: Receipt) -> list[Write]:
        gone = Change(
            profile_key(person.id),
            set={"addresses": []},
            unset=("shelf", "due", "asked_at", "consent"),
            when={"status": "erased", "shelf": ERASE},
        )
        done = Change(receipt_key(person.id), set={"erased_at": receipt.erased_at})
        return [gone, done, *(self._people.addresses.leaving(address, person.id) for address in person.addresses)]

    # -- forgetting ---------------------------------------------------------------------------------------------------

    async def _forget(self, person: str) -> None:
        """Delete all rows under the id `person` but rows named in `STAYS`."""
        async for row in every(self._table, owner_of(person)):
            name = row.key.name
            if name.startswith("IMAGE#"):
                await self._forget_image(row)
            elif name.startswith(PREFIX):
                await self._blobs.delete(Upload.of(row).blob)
                await self._table.write(Delete(row.key))
            elif name.startswith("HOLD#"):
                await self._forget_job(name.removeprefix("HOLD#"))
                await self._blank(await self._table.get(sheet_key(row.text("sheet"))), {"facts": {}})
            elif not name.startswith(STAYS):
                await self._table.write(Delete(row.key))
        await self._forget_email(await self._people.profile(person))

    async def _forget_job(self, name: str) -> None:
        """Remove words and chat of a job, and let a picture that still waits for the person count as delivered."""
        row = await self._table.get(job_key(name))
        if row is None:
            return
        job = Job.of(row)
        mute = replace(job, prompt={}, chat="", reply_to="", message="")
        mute = mute.delivered() if job.state == "kept" else mute
        if mute == job:
            return
        try:
            await self._table.write(changing_job(job, mute))
        except Refused:  # delivered or given back this very moment
            await self._forget_job(name)

    async def _forget_image(self, row: Row) -> None:
        """Blank the image's row first, then delete the bytes: a picture in the gallery can always be shown."""
        image = Image.of(row)
        state = "gone" if image.state == "kept" else image.state
        try:
            await self._blank(row, {"prompt": {}, "state": state}, {"state": image.state})
        except Refused as refused:
            if stood := refused.rows[0]:  # given back this very moment
                await self._forget_image(stood)
            return
        await self._blobs.delete(image.blob)
        await self._blobs.delete(image.thumb)

    async def _forget_email(self, person: Person) -> None:
        if person.email:
            change = Change(profile_key(person.id), unset=("email", "email_verified"), when={"email": person.email})
            await self._table.write(change, Delete(email_key(person.email)))

    async def _forget_lane(self, address: Address) -> None:
        """Delete handled messages of `address`. New ones are handled first, and deleted by the lane's next sweep."""
        async for row in every(self._table, f"LANE#{address.channel}:{address.chat}"):
            if row.text("shelf") == HANDLED:
                await self._table.write(Delete(row.key))
        if address.channel == "web":  # the only channel whose messages are stored with us
            async for row in every(self._table, f"CHAT#{address.chat}"):
                await self._table.write(Delete(row.key))

    async def _blank(self, row: Row | None, fields: Fields, when: When | None = None) -> None:
        """Overwrite `fields` that still say anything, or skip a row that is blank already."""
        said = {name: empty for name, empty in fields.items() if row and row.fields.get(name, empty) != empty}
        if row and said:
            await self._table.write(Change(row.key, set=said, when=when or {}))


def receipt_key(person: str) -> Key:
    return Key(owner_of(person), "RECEIPT")
