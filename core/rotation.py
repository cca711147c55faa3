"""Rotation – checks the secret of the house, and moves everybody to a new one without loss.

A digest of the secret stands in the schema's row. People are found by digests under the secret (core/addresses.py),
so a house that opened under another secret would know nobody: it does not open. With the earlier secrets named after
the new one it does. A person who writes is moved under the new secret at once, all others by a chore, and the earlier
secrets are needed until the chore has found nobody left to move.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.addresses import Addresses, address_key, digest
from core.errors import CannotStart
from core.people import Person
from core.schema import SCHEMA_KEY
from core.table import Change, Key, Refused, Row, Table

WORD = "the secret of this house"  # the digest of this text hides the secret, and tells two secrets apart
PAGE, PAGES = 200, 50  # rows per read, and reads in one run of the chore


async def know_secret(table: Table, secrets: Sequence[bytes]) -> None:
    """Check that people of this house are known by `secrets`, and store the current one. Raises CannotStart."""
    row = await table.get(SCHEMA_KEY)
    if row and (reason := unknown(row, secrets)):
        raise CannotStart(reason)
    now, stands = digest(secrets[0], WORD), row.text("secret") if row else ""
    if stands == now:
        return
    still = [one for one in dict.fromkeys((stands, *(former(row) if row else ()))) if one not in ("", now)]
    change = Change(
        SCHEMA_KEY, set={"secret": now, "former": " ".join(still)}, when={"secret": stands or None}, or_create=True
    )
    try:
        await table.write(change)
    except Refused:  # another process was quicker: check against what it wrote
        await know_secret(table, secrets)


def former(row: Row) -> list[str]:
    """Digests of earlier secrets under which people may still be found."""
    return row.text("former").split()


def unknown(row: Row, secrets: Sequence[bytes]) -> str:
    """Reason why the house does not open under `secrets`, or ""."""
    missing = {row.text("secret"), *former(row)} - {"", *(digest(secret, WORD) for secret in secrets)}
    if not missing:
        return ""
    if row.text("secret") in missing:
        return (
            "The secret is not the one by which the people of this house are known: bring back the file SECRET of the "
            "home, or the value of IMAGIFY_SECRET, from a backup, or name the earlier one in IMAGIFY_SECRETS_BEFORE."
        )
    return (
        "People of this house are still known by an earlier secret: name it in IMAGIFY_SECRETS_BEFORE until "
        "`imagify doctor` says that it may go."
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Count of the addresses of people: all, behind, and without a person."""

    listed: int = 0
    behind: int = 0  # not under the current secret
    left: int = 0  # the person was erased: moved only when somebody writes from that address again
    wanted: bool = False  # True: an earlier secret must still be named
    refused: str = ""  # reason why the house does not open under these secrets


class Rotation:
    """Move of everybody under the current secret, a part of the table at a time."""

    def __init__(self, table: Table, addresses: Addresses) -> None:
        self._table, self._addresses = table, addresses
        self._after: Key | None = None
        self._moved = 0  # in this round through the table

    async def move(self) -> int:
        """Move the next part and return the count. Reads almost nothing where no earlier secret is in use."""
        row = await self._table.get(SCHEMA_KEY)
        if row is None or not row.text("former"):
            return 0
        moved = 0
        for _ in range(PAGES):
            rows = await self._table.walk(self._after, PAGE)
            moved += sum([await self._bring(person_of(one)) for one in rows if one.key.name == "PROFILE"])
            self._after = rows[-1].key if len(rows) == PAGE else None
            if self._after is None:
                await self._end_round(row, moved)
                break
            await asyncio.sleep(0)  # other tasks go first
        else:
            self._moved += moved
        return moved

    async def _bring(self, person: Person) -> int:
        behind = [one for one in person.addresses if await self._table.get(self._addresses.key(one)) is None]
        await self._addresses.renew(*behind)
        return len(behind)

    async def _end_round(self, row: Row, moved: int) -> None:
        """Drop the earlier secrets after a round without any move."""
        if not self._moved + moved:
            over = {"secret": row.text("secret"), "former": row.text("former")}
            with suppress(Refused):  # another process was quicker, or yet another secret takes over
                await self._table.write(Change(SCHEMA_KEY, unset=("former",), when=over))
        self._moved = 0


async def look(table: Table, secrets: Sequence[bytes]) -> Standing:
    """Count addresses not yet under the first of `secrets`. Reads the table only where an earlier secret is in use."""
    row, after = await table.get(SCHEMA_KEY), None
    if row is None or (reason := unknown(row, secrets)) or not former(row):
        return Standing(refused=reason if row else "")
    listed = behind = left = 0
    while rows := await table.walk(after, PAGE):
        for one in rows:
            if one.key.name == "PROFILE":
                keys = [address_key(secrets[0], address) for address in person_of(one).addresses]
                listed += len(keys)
                behind += len([key for key in keys if await table.get(key) is None])
            elif one.key.owner.startswith("ADDRESS#") and one.key.name == "META":
                left += not one.text("person")
        if len(rows) < PAGE:
            break
        after = rows[-1].key
    return Standing(listed, behind, left, wanted=True)


def person_of(row: Row) -> Person:
    return Person.of(row.key.owner.removeprefix("USER#"), row)
