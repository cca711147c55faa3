"""People – who chats, at which addresses, in which language and with whose consent.

    active <-> leaving -> erased        active -> merged (into another person, by linking)

A person is an id: the profile has what we know, and further rows what the person owns. People are met by an address.
The first meeting is one write of address, profile and purse, or none of them.
"""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from core.addresses import Address, Addresses
from core.chance import Chance
from core.clock import Clock
from core.errors import NotAgreed, OtherFacts, TooLate, Unknown
from core.ledger import Draft, Ledger, Line, Lost, Moved, Purse, amount, depositing, facts, opening_purse, owner_of
from core.remembered import Remembered
from core.table import EMAIL_INDEX, AnyOf, Change, Create, Delete, Fields, Key, Refused, Row, Table, Value, When, Write

Language = Literal["vi", "en"]
Asks = Literal["dear", "always", "never"]
Status = Literal["active", "leaving", "erased", "merged"]
HERE = AnyOf(("active", "leaving"))
CONSENT_VERSION = 2  # of the notice that people agree to; a higher one asks everybody again
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
LONGEST_MAIL = 254


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent to a `version` of the notice: when, and on which `channel`."""

    version: int
    at: int
    channel: str

    def facts(self) -> dict[str, Value]:
        return {"version": self.version, "at": self.at, "channel": self.channel}


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    status: Status = "active"
    language: Language = "vi"
    consent: Consent | None = None
    merged_into: str = ""
    absorbed: tuple[str, ...] = ()  # ids of people merged into this one
    addresses: tuple[Address, ...] = ()  # in clear, so that we can write to the person
    links: int = 0  # count of merges and partings of this profile; its lists change with it
    email: str = ""
    email_verified: bool = False
    erase_at: int = 0
    asks: Asks = "dear"  # when to ask about the price before painting
    plain: bool = False  # True: paint the person's words as typed, with nothing added

    @classmethod
    def of(cls, person: str, row: Row) -> "Person":
        return cls(
            id=person,
            status=row.text("status"),  # type: ignore[arg-type]  # only we write here
            language=row.text("language"),  # type: ignore[arg-type]  # same
            consent=consent_of(row.map("consent")),
            merged_into=row.text("merged_into"),
            absorbed=tuple(row.texts("absorbed")),
            addresses=tuple(Address.of(one) for one in row.items("addresses")),
            links=row.number("links"),
            email=row.text("email"),
            email_verified=row.flag("email_verified"),
            erase_at=row.number("due"),
            asks=row.text("asks", "dear"),  # type: ignore[arg-type]  # the row keeps what `prefer` wrote
            plain=row.flag("plain"),
        )

    @property
    def agreed(self) -> bool:
        """True if the person has agreed to the present version of the notice."""
        return self.consent is not None and self.consent.version >= CONSENT_VERSION

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids under which the person's images, jobs and entries are stored."""
        return (self.id, *self.absorbed)

    def facts(self) -> dict[str, Value]:
        """Fields of a new person's profile."""
        addresses: list[Value] = [address.facts() for address in self.addresses]
        return {"status": self.status, "language": self.language, "addresses": addresses, "links": self.links}


class People:
    def __init__(
        self,
        table: Table,
        clock: Clock,
        chance: Chance,
        ledger: Ledger,
        addresses: Addresses,
        remembered: Remembered | None = None,
    ) -> None:
        """Take `remembered`: a cache of the person at an address."""
        self._table, self._clock, self._chance, self._ledger = table, clock, chance, ledger
        self.addresses, self._remembered = addresses, remembered

    # -- meeting ------------------------------------------------------------------------------------------------------

    async def greet(self, channel: str, id_: str, language: Language, chat: str = "") -> Person:
        """Person at this address, created in one write if there is none yet.

        A person whose erasure is not finished comes with status `erased`, and begins anew once it is.
        """
        address = Address(channel, id_, chat or id_)
        person = await self._found(address, await self.remembered(address))
        if person is None:
            person = await self._met(address, language)
            if self._remembered:
                await self._remembered.keep(self.addresses.key(address).owner, person.id)
        return person

    async def remembered(self, address: Address) -> str:
        """Cached id of the person at `address`, for reading ahead. Only `greet` checks the profile."""
        found = await self._remembered.find(self.addresses.key(address).owner) if self._remembered else None
        return found if isinstance(found, str) else ""

    async def _found(self, address: Address, remembered: str) -> Person | None:
        """Person with the id `remembered`, if the profile still lists `address`. Saves a write."""
        if not remembered:
            return None
        with suppress(Unknown):
            person = await self.person(remembered)
            return person if any(one.same(address) for one in person.addresses) else None
        return None

    async def _met(self, address: Address, language: Language) -> Person:
        row = await self.addresses.older(address)
        while row is None or not row.text("person"):
            newcomer = Person(self._chance.ulid(self._clock.now()), language=language, addresses=(address,))
            try:
                await self._table.write(*self._greeting(newcomer, row))
            except Refused as refused:
                row = refused.rows[0]
            else:
                return newcomer
        return await self.person(row.text("person"))

    def _greeting(self, newcomer: Person, standing: Row | None) -> list[Write]:
        taken = self.addresses.taking(newcomer.addresses[0], newcomer.id, standing)
        return [taken, Create(profile_key(newcomer.id), newcomer.facts()), opening_purse(newcomer.id)]

    async def find(self, channel: str, id_: str) -> Person | None:
        """Person at this address, or None."""
        row = await self.addresses.find(Address(channel, id_))
        return await self.person(row.text("person")) if row and row.text("person") else None

    async def person(self, person: str) -> Person:
        """Person of that id, or the one that id was merged into. Raises Unknown."""
        found = await self.profile(person)
        while found.merged_into:
            found = await self.profile(found.merged_into)
        return found

    async def profile(self, person: str) -> Person:
        """Profile of that very id, even if merged. Raises Unknown."""
        row = await self._table.get(profile_key(person))
        if row is None:
            raise Unknown("person", person)
        return Person.of(person, row)

    # -- what they say of themselves ----------------------------------------------------------------------------------

    async def speak(self, person: Person, language: Language) -> Person:
        """Set the `language` of `person`. Raises TooLate."""
        return await self._changed(person, changing(person, {"language": language}))

    async def prefer(self, person: Person, asks: Asks) -> Person:
        """Set when `person` is asked about a price. Raises TooLate."""
        return await self._changed(person, changing(person, {"asks": asks}))

    async def word(self, person: Person, *, plain: bool) -> Person:
        """Set if the words of `person` are painted as typed. Raises TooLate."""
        return await self._changed(person, changing(person, {"plain": plain}))

    async def agree(self, person: Person, version: int, channel: str) -> Person:
        """Record that `person` agreed to `version` of the notice. The first time is kept as the proof."""
        consent = Consent(version, self._clock.now(), channel).facts()
        proof = Create(Key(owner_of(person.id), f"CONSENT#{version:06d}"), consent)
        return await self._changed(person, changing(person, {"consent": consent}), proof)

    async def gift(self, person: Person, address: Address, credits_: int, *, key: str) -> Moved:
        """Give the welcome gift, once per address for ever. The caller knows if the channel may give one.

        Raises NotAgreed, OtherFacts or Unknown.
        """
        if not person.agreed:
            raise NotAgreed
        await self.addresses.renew(address)
        line = self._ledger.line("gift", amount(credits_), key=key)
        taking = self.addresses.gifting(address, person.id)

        def draft(purse: Purse) -> Draft:
            money = depositing(purse, line, person.id)
            return replace(money, also=(*money.also, taking))

        try:
            return await self._ledger.commit(person.id, draft)
        except Lost as lost:
            check_gift(person, line, lost)
        purse = await self._ledger.purse(person.id)
        return Moved(purse, purse, already=True)

    async def came_by(self, person: Person, payload: str, at: int) -> None:
        """Keep the `payload` of the first link that brought the person here. Not used yet."""
        with suppress(Refused):
            await self._table.write(Create(Key(owner_of(person.id), "CAME"), {"by": payload, "at": at}))

    # -- e-mail -------------------------------------------------------------------------------------------------------

    async def claim_email(self, person: Person, email: str) -> Person:
        """Reserve `email` for `person` alone, not verified yet. Raises TooLate or Unknown."""
        mail = mail_of(email)
        if mail == person.email:
            return person
        claim = Create(email_key(mail), {"person": person.id, "verified": False})
        let_go = [Delete(email_key(person.email), when={"person": person.id})] if person.email else []
        change = changing(person, {"email": mail, "email_verified": False}, {"email": person.email or None})
        try:
            await self._table.write(change, claim, *let_go)
        except Refused:
            raise TooLate("claimed") from None
        return await self.person(person.id)

    async def verify_email(self, person: Person) -> Person:
        """Mark the e-mail as verified, after an answer to our letter."""
        claim = Change(email_key(person.email), set={"verified": True}, when={"person": person.id})
        return await self._changed(person, changing(person, {"email_verified": True}, {"email": person.email}), claim)

    async def find_by_email(self, email: str) -> Person | None:
        rows = await self._table.find(EMAIL_INDEX, mail_of(email), limit=1)
        return await self.person(rows[0].key.owner.removeprefix("USER#")) if rows else None

    async def _changed(self, person: Person, change: Change, *also: Write) -> Person:
        """Person after `change`. Rows in `also` that refuse were written before. Raises TooLate."""
        try:
            await self._table.write(change, *also)
        except Refused as refused:
            if row := refused.rows.get(0):
                raise TooLate(row.text("status")) from None
        return await self.person(person.id)


def profile_key(person: str) -> Key:
    return Key(owner_of(person), "PROFILE")


def email_key(mail: str) -> Key:
    return Key(f"EMAIL#{mail}", "META")


def changing(person: Person, fields: Fields, when: When | None = None) -> Change:
    """Write to the profile of a person who is active or leaving."""
    return Change(profile_key(person.id), set=fields, when={"status": HERE, **(when or {})})


def consent_of(said: Mapping[str, Value]) -> Consent | None:
    return Consent(**said) if said else None  # type: ignore[arg-type]  # the fields of `facts`


def mail_of(text: str) -> str:
    """Normalised e-mail, for comparing. Raises Unknown if `text` is none."""
    mail = unicodedata.normalize("NFC", text.strip()).casefold()
    if len(mail) > LONGEST_MAIL or not MAIL.fullmatch(mail):
        raise Unknown("e-mail", text)
    return mail


def check_gift(person: Person, line: Line, lost: Lost) -> None:
    """Check why a gift was refused: given before is fine. Raises OtherFacts or Unknown."""
    guard, address = lost.rows.get(0), lost.rows.get(1)
    if guard and guard.map("facts") != facts(line):
        raise OtherFacts(line.key)
    if 1 in lost.rows and (address is None or address.text("person") != person.id):
        raise Unknown("address", line.key)
