"""Addresses – keeps what belongs to a channel's chat, even after its person is erased.

The row of an address is found by a keyed digest of channel and id, never by either in clear. The row says which person
the address belongs to, if the welcome gift was taken, how many strikes there are and if the address is banned. When a
person is erased, the rows of their addresses stay without the person, so that neither gifts nor strikes begin anew.
Rights belong to an address too: by setting, or by a link made for the owner of the house.
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
BANNED = "BANNED"  # the shelf of banned addresses: words from there are not handled
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
)  # every field an address row may have


@dataclass(frozen=True, slots=True)
class Address:
    """Speaker on a `channel` by `id`, with the private `chat` in which to answer."""

    channel: str
    id: str
    chat: str = ""
    home: str = field(default="", compare=False)  # digest of the speaker's household, where a channel shows it to us

    @classmethod
    def of(cls, said: Value) -> "Address":
        """Address from `said`, the stored result of `facts`."""
        return cls(**said) if isinstance(said, dict) else cls("", "")  # type: ignore[arg-type]  # the fields of `facts`

    @property
    def masked(self) -> str:
        """Channel and last letters of `id`: enough for the owner to know, too little for a stranger."""
        return f"{self.channel} …{self.id[-3:]}" if len(self.id) > 6 else f"{self.channel} …"

    def same(self, other: "Address") -> bool:
        """True if `other` is the same speaker, whichever chat the answers go to."""
        return (self.channel, self.id) == (other.channel, other.id)

    def facts(self) -> dict[str, Value]:
        return {"channel": self.channel, "id": self.id, "chat": self.chat}


@dataclass(frozen=True, slots=True)
class Ban:
    """Ban of an `address`, with the `reason`, the time and the admin who gave the ban."""

    address: str  # owner part of the address row's key
    person: str
    reason: str
    since: int  # 0: the ban is older than this field
    by: str  # owner part of the key of the admin's address row

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
        """Take `secrets` with the current one first: a row under a previous one is moved when read."""
        self._table, self._clock, self._chance = table, clock, chance
        self.secrets, self._admins = secrets, admins

    def digest(self, word: str) -> str:
        """Digest of `word` under the current secret: the same for the same word, and unreadable without the secret."""
        return digest(self.secrets[0], word)

    def digests(self, word: str) -> list[str]:
        """Digests of `word` under the current secret and every previous one."""
        return [digest(secret, word) for secret in self.secrets]

    def key(self, address: Address) -> Key:
        return address_key(self.secrets[0], address)

    def keys(self, address: Address) -> list[Key]:
        """Keys of `address` under the current secret and every previous one."""
        return [address_key(secret, address) for secret in self.secrets]

    def rights(self, channel: str, id_: str) -> Rights:
        return self._admins.get((channel, id_), "none")

    async def rights_of(self, address: Address) -> Rights:
        """Rights of `address`, given by setting or by a link made for the owner of the house."""
        by_setting = self.rights(address.channel, address.id)
        return self.rights_at(address, await self.find(address)) if by_setting == "none" else by_setting

    def rights_at(self, address: Address, row: Row | None) -> Rights:
        """Rights of `address` where the `row` has been read already."""
        by_setting = self.rights(address.channel, address.id)
        by_link: Rights = row.text("rights", "none") if row else "none"  # type: ignore[assignment]  # what `entitle` wrote
        return by_link if by_setting == "none" else by_setting

    async def entitle(self, address: Address, rights: Rights, *also: Write) -> None:
        """Give `rights` to `address` for good, even after the person is erased, and `also` in the same write."""
        await self.renew(address)
        known = Change(admin_key(address), set={**address.facts(), "rights": rights}, or_create=True)
        await self._table.write(Change(self.key(address), set={"rights": rights}, or_create=True), known, *also)

    async def admins(self) -> list[Address]:
        """Addresses of all admins, each with the private chat or the chat in which the rights were taken."""
        named = [Address(channel, id_, id_) for channel, id_ in self._admins]
        rows = [row async for row in every(self._table, ADMINS)]
        said = [Address(row.text("channel"), row.text("id"), row.text("chat")) for row in rows]
        return [*named, *(one for one in said if (one.channel, one.id) not in self._admins)]

    async def find(self, address: Address) -> Row | None:
        """Row of `address`, or None."""
        return await self._table.get(self.key(address)) or await self.older(address)

    async def older(self, address: Address) -> Row | None:
        """Row of `address`, moved from a previous secret to the current one. None at once without previous secrets."""
        previous = self.secrets[1:]
        for secret in previous:
            await self._move(address_key(secret, address), self.key(address))
        return await self._table.get(self.key(address)) if previous else None

    async def renew(self, *addresses: Address) -> None:
        """Move the rows of `addresses` under the current secret, as every write expects."""
        for address in addresses:
            await self.older(address)

    async def _move(self, old: Key, new: Key) -> None:
        """Move the row `old` unchanged to `new`, and try again if the row changed meanwhile."""
        while row := await self._table.get(old):
            standing: dict[str, Condition] = {name: scalar(row, name) for name in FIELDS}
            try:
                await self._table.write(Create(new, row.fields), Delete(old, when=standing))
            except Refused as refused:
                if 0 in refused.rows:
                    return  # another process moved the row first

    def taking(self, address: Address, person: str, standing: Row | None) -> Create | Change:
        """Give `address` to `person`: a new row, or the one an erased person left (`standing`)."""
        if standing is None:
            return Create(self.key(address), {"person": person})
        return Change(self.key(address), set={"person": person}, when={"person": None})

    def handing(self, address: Address, giver: str, to: str) -> Change:
        """Move `address` from `giver` to person `to` when two link. A banned address is refused."""
        return Change(self.key(address), set={"person": to}, when={"person": giver, "banned": None})

    def parting(self, address: Address, person: str, to: str) -> Change:
        """Move `address` out of the wallet of `person` to the new person `to`, without a second welcome gift."""
        return Change(self.key(address), set={"person": to, "gift_taken": True}, when={"person": person})

    def leaving(self, address: Address, person: str) -> Change:
        """Free `address` when `person` is erased. Gift and strikes stay in the row."""
        return Change(self.key(address), unset=("person",), when={"person": person})

    def gifting(self, address: Address, person: str) -> Change:
        """Mark the welcome gift of `address` as taken, once and for ever."""
        return Change(self.key(address), set={"gift_taken": True}, when={"person": person, "gift_taken": None})

    # -- strikes and bans ---------------------------------------------------------------------------------------------

    async def strike(self, address: Address, *, key: str, reason: str) -> int:
        """Count one more strike, once per `key`, and return how many there are now."""
        await self.renew(address)
        mark = Key(self.key(address).owner, f"STRIKE#{self.digest(key)}")
        with suppress(Refused):  # this key was counted before
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
        """Ban `addresses`: words from there are not handled any more. To ban a person, pass every address."""
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
        """Bans in force at `addresses`."""
        rows = [await self.find(address) for address in addresses]
        return [Ban.of(row) for row in rows if row and row.flag("banned")]

    async def bans(self) -> list[Ban]:
        """Bans in force everywhere, the oldest first."""
        found: list[Row] = []
        while rows := await self._table.find(SHELF_INDEX, BANNED, after=found[-1] if found else None):
            found += rows
        return [Ban.of(row) for row in found]

    async def admin_at(self, owner: str) -> Address | None:
        """Admin whose actions the log keeps under `owner`, under any of the secrets."""
        owned = ((one, {key.owner for key in self.keys(one)}) for one in await self.admins())
        return next((one for one, owners in owned if owner in owners), None)

    def noting(self, actor: Address, what: str, whom: Sequence[str], reason: str) -> Create:
        """Log row of an admin's action, for the same write as the action itself."""
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
    """Owner of the log rows of one month, UTC."""
    return f"AUDIT#{datetime.fromtimestamp(now // SECOND, UTC):%Y%m}"


def scalar(row: Row, name: str) -> Scalar | None:
    value = row.fields.get(name)
    return value if isinstance(value, str | int | bool) else None
