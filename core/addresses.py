"""Addresses: what stays with a mouth's chat whatever becomes of the person who speaks from it.

An address row is found by a keyed digest of channel and id, never by either in clear. It says whose it is, whether the
welcome gift was taken, how many strikes it has and whether it is banned. When a person is erased their addresses stay
behind without them, so that neither gifts nor strikes begin anew. Rights belong to an address too, by setting alone.
"""

import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from core.chance import Chance
from core.clock import SECOND, Clock
from core.table import (
    SHELF_INDEX,
    Change,
    Condition,
    Create,
    Delete,
    Fields,
    Key,
    Refused,
    Row,
    Scalar,
    Table,
    Value,
    Write,
    every,
)

Rights = Literal["owner", "moderator", "none"]
DIGEST_LETTERS = 32  # 128 bits in hex
ADMINS = "ADMINS"
BANNED = "BANNED"  # the shelf of addresses that nobody is heard from
FIELDS = (
    "person",
    "rights",
    "gift_taken",
    "strikes",
    "banned",
    "reason",
    "by",
    "shelf",
    "due",
)  # all that an address row may say


@dataclass(frozen=True, slots=True)
class Address:
    """Who speaks on a channel, and the private chat in which they are answered."""

    channel: str
    id: str
    chat: str = ""
    home: str = field(default="", compare=False)  # a digest of the household that asks, where a channel shows it to us

    @classmethod
    def of(cls, said: Value) -> "Address":
        """The address that `facts` were of."""
        return cls(**said) if isinstance(said, dict) else cls("", "")  # type: ignore[arg-type]  # the fields of `facts`

    @property
    def masked(self) -> str:
        """Enough to know one's own by, too little to know a stranger's."""
        return f"{self.channel} …{self.id[-3:]}" if len(self.id) > 6 else f"{self.channel} …"

    def same(self, other: "Address") -> bool:
        """Whoever speaks there is the same, whichever chat they are answered in."""
        return (self.channel, self.id) == (other.channel, other.id)

    def facts(self) -> dict[str, Value]:
        return {"channel": self.channel, "id": self.id, "chat": self.chat}


@dataclass(frozen=True, slots=True)
class Ban:
    """An address that nobody is heard from."""

    address: str  # the owner of its row
    person: str
    reason: str
    since: int  # 0: from before it was written down
    by: str  # the owner of the row of the admin's address

    @classmethod
    def of(cls, row: Row) -> "Ban":
        return cls(row.key.owner, row.text("person"), row.text("reason"), row.number("due"), row.text("by"))


class Addresses:
    def __init__(
        self,
        table: Table,
        clock: Clock,
        chance: Chance,
        secrets: Sequence[bytes],
        admins: Mapping[tuple[str, str], Rights],
    ) -> None:
        """`secrets`: the current one first; what stands under a previous one is moved when it is met."""
        self._table, self._clock, self._chance = table, clock, chance
        self.secrets, self._admins = secrets, admins

    def digest(self, word: str) -> str:
        """A word under our secret: the same for the same word, and nobody else can tell which."""
        return digest(self.secrets[0], word)

    def digests(self, word: str) -> list[str]:
        """The same, and what it was under the secrets before."""
        return [digest(secret, word) for secret in self.secrets]

    def key(self, address: Address) -> Key:
        return address_key(self.secrets[0], address)

    def keys(self, address: Address) -> list[Key]:
        """The same, and what it was under the secrets before."""
        return [address_key(secret, address) for secret in self.secrets]

    def rights(self, channel: str, id_: str) -> Rights:
        return self._admins.get((channel, id_), "none")

    async def rights_of(self, address: Address) -> Rights:
        """By setting, or by a link that was made for the owner of the house."""
        by_setting = self.rights(address.channel, address.id)
        return self.rights_at(address, await self.find(address)) if by_setting == "none" else by_setting

    def rights_at(self, address: Address, row: Row | None) -> Rights:
        """The same, where it is known what stands there."""
        by_setting = self.rights(address.channel, address.id)
        by_link: Rights = row.text("rights", "none") if row else "none"  # type: ignore[assignment]  # what `entitle` wrote
        return by_link if by_setting == "none" else by_setting

    async def entitle(self, address: Address, rights: Rights, *also: Write) -> None:
        """From now on with rights; they stay with the address whatever becomes of the person."""
        await self.renew(address)
        known = Change(admin_key(address), set={**address.facts(), "rights": rights}, or_create=True)
        await self._table.write(Change(self.key(address), set={"rights": rights}, or_create=True), known, *also)

    async def admins(self) -> list[Address]:
        """Where those who look after the house are reached: in their private chat, or where they took their rights."""
        named = [Address(channel, id_, id_) for channel, id_ in self._admins]
        rows = [row async for row in every(self._table, ADMINS)]
        said = [Address(row.text("channel"), row.text("id"), row.text("chat")) for row in rows]
        return [*named, *(one for one in said if (one.channel, one.id) not in self._admins)]

    async def find(self, address: Address) -> Row | None:
        """What stands at an address."""
        return await self._table.get(self.key(address)) or await self.older(address)

    async def older(self, address: Address) -> Row | None:
        """What stood there under a previous secret, moved under the current one. Asks nobody while there is none."""
        previous = self.secrets[1:]
        for secret in previous:
            await self._move(address_key(secret, address), self.key(address))
        return await self._table.get(self.key(address)) if previous else None

    async def renew(self, *addresses: Address) -> None:
        """Before their rows are written to: let them stand under the current secret."""
        for address in addresses:
            await self.older(address)

    async def _move(self, old: Key, new: Key) -> None:
        """The row goes as it stands; one that changes meanwhile is looked at again."""
        while row := await self._table.get(old):
            standing: dict[str, Condition] = {name: scalar(row, name) for name in FIELDS}
            try:
                await self._table.write(Create(new, row.fields), Delete(old, when=standing))
            except Refused as refused:
                if 0 in refused.rows:
                    return  # somebody else was there first

    def taking(self, address: Address, person: str, standing: Row | None) -> Create | Change:
        """The address is this person's from now on: a new one, or one that an erased person left."""
        if standing is None:
            return Create(self.key(address), {"person": person})
        return Change(self.key(address), set={"person": person}, when={"person": None})

    def handing(self, address: Address, giver: str, to: str) -> Change:
        """The address speaks for another person: two have become one. One that is banned stays where it is."""
        return Change(self.key(address), set={"person": to}, when={"person": giver, "banned": None})

    def parting(self, address: Address, person: str, to: str) -> Change:
        """The address leaves a wallet, for somebody new; what is welcomed there again is not given to again."""
        return Change(self.key(address), set={"person": to, "gift_taken": True}, when={"person": person})

    def leaving(self, address: Address, person: str) -> Change:
        """The person is erased; what the address has taken and done stays."""
        return Change(self.key(address), unset=("person",), when={"person": person})

    def gifting(self, address: Address, person: str) -> Change:
        """The welcome gift of this address is taken, once for ever."""
        return Change(self.key(address), set={"gift_taken": True}, when={"person": person, "gift_taken": None})

    # -- strikes and bans ---------------------------------------------------------------------------------------------

    async def strike(self, address: Address, *, key: str, reason: str) -> int:
        """One strike more, once under this key; how many there are now."""
        await self.renew(address)
        mark = Key(self.key(address).owner, f"STRIKE#{self.digest(key)}")
        with suppress(Refused):  # it was counted before
            await self._table.write(
                Change(self.key(address), add={"strikes": 1}, or_create=True),
                Create(mark, {"reason": reason, "at": self._clock.now()}),
            )
        row = await self._table.get(self.key(address))
        return row.number("strikes") if row else 0

    async def banned(self, address: Address) -> bool:
        row = await self.find(address)
        return row is not None and row.flag("banned")

    async def ban(self, *addresses: Address, reason: str, actor: Address) -> None:
        """Nobody is heard from these addresses any more. A person is banned by all of theirs."""
        await self.renew(*addresses)
        keys, now = [self.key(address) for address in addresses], self._clock.now()
        said: Fields = {"banned": True, "reason": reason, "by": self.key(actor).owner, "shelf": BANNED, "due": now}
        marks = [Change(key, set=said, or_create=True) for key in keys]
        await self._table.write(*marks, self.noting(actor, "ban", [key.owner for key in keys], reason))

    async def unban(self, *addresses: Address, reason: str, actor: Address, also: Sequence[Write] = ()) -> None:
        await self.renew(*addresses)
        keys = [self.key(address) for address in addresses]
        marks = [Change(key, unset=("banned", "reason", "by", "shelf", "due"), or_create=True) for key in keys]
        await self._table.write(*marks, self.noting(actor, "unban", [key.owner for key in keys], reason), *also)

    async def bans_of(self, *addresses: Address) -> list[Ban]:
        """The bans that stand at these addresses."""
        rows = [await self.find(address) for address in addresses]
        return [Ban.of(row) for row in rows if row and row.flag("banned")]

    async def bans(self) -> list[Ban]:
        """All that stand, the oldest first."""
        found: list[Row] = []
        while rows := await self._table.find(SHELF_INDEX, BANNED, after=found[-1] if found else None):
            found += rows
        return [Ban.of(row) for row in found]

    async def admin_at(self, owner: str) -> Address | None:
        """The admin whose deeds the log keeps under this owner, whichever secret it was made by."""
        owned = ((one, {key.owner for key in self.keys(one)}) for one in await self.admins())
        return next((one for one, owners in owned if owner in owners), None)

    def noting(self, actor: Address, what: str, whom: Sequence[str], reason: str) -> Create:
        """An admin's action for the log, to stand in the same write as the action itself."""
        now = self._clock.now()
        who = self.key(actor).owner
        noted: Fields = {"who": who, "what": what, "whom": list(whom), "reason": reason, "at": now}
        return Create(Key(audit_owner(now), self._chance.ulid(now)), noted)


def admin_key(address: Address) -> Key:
    return Key(ADMINS, f"{address.channel}:{address.id}")


def digest(secret: bytes, word: str) -> str:
    return hmac.digest(secret, word.encode(), sha256).hex()[:DIGEST_LETTERS]


def address_key(secret: bytes, address: Address) -> Key:
    return Key(f"ADDRESS#{digest(secret, f'{address.channel}:{address.id}')}", "META")


def audit_owner(now: int) -> str:
    """What admins did in one month, UTC."""
    return f"AUDIT#{datetime.fromtimestamp(now // SECOND, UTC):%Y%m}"


def scalar(row: Row, name: str) -> Scalar | None:
    value = row.fields.get(name)
    return value if isinstance(value, str | int | bool) else None
