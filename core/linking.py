"""Linking – makes two chats one person, once each side has seen the other and said yes.

    asker   ask_code -> a code to say in the other chat         (ten minutes, one open code a person)
    second  look, accept                                        sees what moves and, masked, where to
    asker   look, confirm                                       sees the same from the other side: now one person

The asker's wallet stays: the asker keeps profile, language and e-mail, and gets the paid credits, images, orders and
addresses of the other. Gift credits do not move, but lapse. The other wallet must be at rest: no job open, no payment
and no refund under way. Parting again is the work of core/unlinking.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from core.addresses import Address
from core.alarms import Alarms
from core.chance import Chance
from core.clock import Clock
from core.errors import NotAgreed, NotLinked
from core.guesses import Guesses
from core.ledger import Draft, Ledger, Line, Lost, Purse, owner_of
from core.link_codes import CODE_LASTS, Code, Codes, pointer_key
from core.news import LINKED, posting, to_chat
from core.people import Language, People, Person, changing
from core.table import Change, Check, Fields, Refused, Table, When, Write, every

__all__ = ["CODE_LASTS", "Linked", "Linking", "NoOrders", "Offer", "OrdersBeside", "images_of"]

MOST_ADDRESSES = 20  # of one person; all of them change in the write that links
MOST_IDS = 60  # ids under which one person's things may stand; the gallery reads all of them
MOST_RACES = 20


class OrdersBeside(Protocol):
    """Port for orders as needed in linking, implemented by a package above core."""

    async def count(self, people: Sequence[str]) -> int:
        """Count of the orders of `people`."""
        ...

    async def at_rest(self, people: Sequence[str], at: Address | None = None) -> list[Write]:
        """Checks for the linking write that no order is pending, at all or in chat `at`. Raises NotLinked."""
        ...

    async def moving(self, people: Sequence[str], gone: Address, to: Address) -> list[Write]:
        """Writes that send news of orders to the chat `to` instead of the leaving chat `gone`."""
        ...


class NoOrders:
    """Orders of a house that sells nothing."""

    async def count(self, people: Sequence[str]) -> int:
        del people
        return 0

    async def at_rest(self, people: Sequence[str], at: Address | None = None) -> list[Write]:
        del people, at
        return []

    async def moving(self, people: Sequence[str], gone: Address, to: Address) -> list[Write]:
        del people, gone, to
        return []


@dataclass(frozen=True, slots=True)
class Offer:
    """Preview of what linking does, for one side to see before saying yes."""

    state: str
    keeps: bool  # True: this side's wallet is the one that stays
    other: tuple[str, ...] = ()  # addresses of the other side, masked; empty until somebody has accepted
    paid: int = 0  # credits that move
    lapses: int = 0  # gift credits that lapse
    images: int = 0
    orders: int = 0
    language: Language = "vi"  # of both, once linked


@dataclass(frozen=True, slots=True)
class Linked:
    """Result of linking: the joined `person`, and `already` if both were one before."""

    person: Person
    already: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Pair of profiles as read: `stays` keeps the wallet, `goes` is merged into `stays`."""

    stays: Person
    goes: Person
    code: Code

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (*self.stays.addresses, *self.goes.addresses)


class Changed(Exception):
    """A purse or profile changed since the last read: look at both again."""


class Linking:
    def __init__(  # noqa: PLR0913  what linking stands on, each by name
        self,
        table: Table,
        clock: Clock,
        chance: Chance,
        ledger: Ledger,
        people: People,
        alarms: Alarms,
        *,
        orders: OrdersBeside | None = None,
    ) -> None:
        self._table, self._clock, self._chance = table, clock, chance
        self._ledger, self._people, self._addresses = ledger, people, people.addresses
        self._orders = orders or NoOrders()
        self.codes = Codes(table, clock, chance, people, Guesses(table, clock, alarms))

    # `at` is the chat of the request; a person with only one chat may leave it out.

    async def ask_code(self, person: Person, at: Address | None = None) -> str:
        """Code to say in the other chat. Voids an earlier one. Raises NotAgreed or NotLinked."""
        if not person.agreed:
            raise NotAgreed
        if (await self._ledger.purse(person.id)).frozen:
            raise NotLinked("frozen", person.id)
        return await self.codes.begin(person, at or person.addresses[0])

    async def look(self, code: str, by: Person, at: Address | None = None) -> Offer:
        """Preview of what `code` would do, seen from the side of `by`."""
        at = at or by.addresses[0]
        found = await self.codes.find(code, by, at)
        keeps = by.id == found.asker
        if found.state == "used":
            return Offer("used", keeps)
        if keeps and not found.second:
            if not self.codes.is_chat_of(found.chat, at):
                raise NotLinked("already")
            return Offer(found.state, keeps)
        return await self._offer(await self._pair(found, found.second or by.id), keeps=keeps)

    async def accept(self, code: str, by: Person, at: Address | None = None) -> Offer:
        """Accept `code` from the second chat. A second yes has the same result."""
        at = at or by.addresses[0]
        found = await self.codes.find(code, by, at)
        if not by.agreed:
            raise NotAgreed
        if by.id == found.asker:
            raise NotLinked("same chat" if self.codes.is_chat_of(found.chat, at) else "already")
        offer = await self._offer(await self._pair(found, by.id), keeps=False)
        if found.state == "open":
            await self._accept(found, by)
        return replace(offer, state="accepted")

    async def confirm(self, code: str, by: Person, at: Address | None = None) -> Linked:
        """Confirm `code` for the asker: purses, profiles, addresses and the code change in one write."""
        at = at or by.addresses[0]
        for _ in range(MOST_RACES):
            found = await self.codes.find(code, by, at)
            if found.asker != by.id:
                raise NotLinked("not yours")
            if found.state == "used":
                return Linked(await self._people.person(by.id), already=True)
            if found.state == "open":
                raise NotLinked("not accepted")
            try:
                return await self._merge(await self._pair(found, found.second), at)
            except (Changed, Lost):
                continue  # another write came first: read everything again
        raise NotLinked("raced")

    # -- looking ------------------------------------------------------------------------------------------------------

    async def _offer(self, pair: Pair, *, keeps: bool) -> Offer:
        """Offer of what moves, once the purses and orders are at rest. Raises NotLinked."""
        goes, other = pair.goes, pair.goes if keeps else pair.stays
        purses = [await self._ledger.purse(person.id) for person in (pair.stays, goes)]
        check_purses(*purses)
        await self._orders.at_rest(goes.ids)
        return Offer(
            pair.code.state,
            keeps,
            tuple(address.masked for address in other.addresses),
            paid=purses[1].paid,
            lapses=purses[1].gift,
            images=sum([await images_of(self._table, one) for one in goes.ids]),
            orders=await self._orders.count(goes.ids),
            language=pair.stays.language,
        )

    async def _pair(self, code: Code, second: str) -> Pair:
        """Pair of profiles as read now. Raises NotLinked, also if either has linked or parted since saying yes."""
        stays, goes = await self._people.profile(code.asker), await self._people.profile(second)
        for person, links in ((stays, code.links), (goes, code.second_links if code.second else goes.links)):
            if person.status == "leaving":
                raise NotLinked("leaving", person.id)
            if person.status != "active" or person.links != links:
                raise NotLinked("void")
        if len(stays.addresses) + len(goes.addresses) > MOST_ADDRESSES or len(stays.ids) + len(goes.ids) > MOST_IDS:
            raise NotLinked("many")
        await self._check_banned(stays, goes)
        return Pair(stays, goes, code)

    async def _check_banned(self, *people: Person) -> None:
        for person in people:
            for address in person.addresses:
                if await self._addresses.banned(address):
                    raise NotLinked("banned", person.id)

    # -- becoming one -------------------------------------------------------------------------------------------------

    async def _accept(self, code: Code, by: Person) -> None:
        yes: Fields = {"state": "accepted", "second": by.id, "second_links": by.links}
        try:
            await self._table.write(code.moving(yes))
        except Refused as refused:
            row = refused.rows[0]
            if row is None:
                raise NotLinked("void") from None  # another code was asked for this very moment
            if row.text("second") != by.id:
                raise NotLinked("taken") from None

    async def _merge(self, pair: Pair, at: Address) -> Linked:
        await self._addresses.renew(*pair.addresses)
        orders = await self._orders.at_rest(pair.goes.ids)
        rows = (*self._rows(pair), *orders, *self._news(pair, at))
        purses = [await self._ledger.purse(person.id) for person in (pair.stays, pair.goes)]
        await self._ledger.commit_all(purses, lambda purses: self._drafts(pair, purses, rows))
        return Linked(await self._people.person(pair.stays.id))

    def _drafts(self, pair: Pair, purses: Sequence[Purse], rows: tuple[Write, ...]) -> tuple[Draft, Draft]:
        stays, goes = purses
        if (stays.person, goes.person) != (pair.stays.id, pair.goes.id):
            raise Changed
        check_purses(stays, goes)
        moving = self._ledger.line("merge in", goes.paid, key=f"merge:{pair.code.digest}", ref=pair.code.digest)
        carried: Fields = {"had_paid": True} if goes.had_paid else {}
        return (
            Draft((moving,), rows, carried),
            Draft(emptying(goes, moving), (), {"merged_into": pair.stays.id}),
        )

    def _rows(self, pair: Pair) -> tuple[Write, ...]:
        """Writes of all but money: profiles, addresses and the code, each as read, and no address banned meanwhile."""
        stays, goes, addresses = pair.stays, pair.goes, self._addresses
        return (
            changing(stays, joined(stays, goes), linking(stays)),
            changing(goes, merged(goes, stays), linking(goes)),
            *(addresses.handing(address, goes.id, stays.id) for address in goes.addresses),
            *(Check(addresses.key(address), {"person": stays.id, "banned": None}) for address in stays.addresses),
            pair.code.moving({"state": "used"}),
            Change(pointer_key(stays.id), unset=("code",), when={"code": pair.code.digest}),
        )

    def _news(self, pair: Pair, at: Address) -> list[Write]:
        """News for every chat of the pair but `at`, the one that confirmed and gets an answer."""
        now = self._clock.now()
        return [
            posting(to_chat(LINKED, pair.stays.id, one.channel, one.chat, self._chance.ulid(now), now, other=others))
            for one in pair.addresses
            if not one.same(at)
            for others in [", ".join(each.masked for each in pair.addresses if each != one)]
        ]


async def images_of(table: Table, person: str) -> int:
    """Count of images of `person` that can still be viewed."""
    return sum([row.text("state") == "kept" async for row in every(table, owner_of(person), "IMAGE#")])


def check_purses(stays: Purse, goes: Purse) -> None:
    """Check that neither purse is frozen and that `goes` has no open job and no refund. Raises NotLinked."""
    for purse in (stays, goes):
        if purse.frozen:
            raise NotLinked("frozen", purse.person)
    if goes.open:
        raise NotLinked("drawing", goes.person)
    if goes.held:
        raise NotLinked("refund", goes.person)


def emptying(goes: Purse, moving: Line) -> tuple[Line, ...]:
    """Lines that move the paid credits of `goes` out and let the gift lapse."""
    out = replace(moving, kind="merge out", paid=-moving.paid)
    lapse = replace(moving, kind="lapse", key=f"lapse:{moving.ref}", paid=0, gift=-goes.gift)
    return (out, lapse) if goes.gift else (out,)


def joined(stays: Person, goes: Person) -> Fields:
    return {
        "absorbed": [*stays.absorbed, *goes.ids],
        "addresses": [address.facts() for address in (*stays.addresses, *goes.addresses)],
        "links": stays.links + 1,
    }


def merged(goes: Person, stays: Person) -> Fields:
    return {"status": "merged", "merged_into": stays.id, "addresses": [], "links": goes.links + 1}


def linking(person: Person) -> When:
    """Condition of a merge: the profile is as read and not leaving, so that a wish to be erased is never lost."""
    return {"status": "active", "links": person.links}
