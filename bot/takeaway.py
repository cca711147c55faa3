"""Taking along: everything of a person as ZIPs, made piece by piece, so that never more than a picture is held for it.

A person takes one at a time, and the house hands out a few at once. Where no file can be sent a link stands for it,
signed and short-lived. It gives nothing away before somebody presses, for a chat may look at a link by itself.
"""

import hmac
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from zipfile import ZIP_STORED, ZipFile

from bot.replies import Attached
from core.clock import MINUTE, SECOND
from core.errors import UnderWay
from core.export import Export, written
from core.gallery import Gallery
from core.people import Person
from core.ports import Ports
from payments.orders import Orders

MOST_AT_ONCE = 6  # in a process
MOST_ORDERS = 10_000
PART = 20_000_000  # bytes of a file that a chat is sent; one picture is never divided
PIECE = 256 * 1024  # bytes
LASTS = 15 * MINUTE  # a link
ID_LETTERS, MAC_LETTERS = 26, 32


class Drain:
    """What a ZIP is written to, and taken from again before there is much."""

    def __init__(self) -> None:
        self._held = bytearray()

    def __len__(self) -> int:
        return len(self._held)

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def drained(self) -> bytes:
        data, self._held = bytes(self._held), bytearray()
        return data


class Takeaway:
    def __init__(self, ports: Ports, gallery: Gallery, orders: Orders, secrets: Sequence[bytes]) -> None:
        self._export, self._orders = Export(ports.table, ports.blobs, gallery), orders
        self._clock, self._secrets = ports.clock, secrets
        self._taking: set[str] = set()

    # -- what is taken ------------------------------------------------------------------------------------------------

    def check(self, person: str) -> None:
        """Raises UnderWay where they take theirs already, or too many others do."""
        if person in self._taking or len(self._taking) >= MOST_AT_ONCE:
            raise UnderWay

    async def pieces(self, person: Person) -> AsyncGenerator[bytes, None]:
        """One ZIP. Raises UnderWay."""
        drain = Drain()
        with self._begun(person.id):
            with ZipFile(drain, "w", ZIP_STORED) as archive:
                async for name, data in self._files(person):
                    archive.writestr(name, data)
                    for piece in cut(drain.drained()):
                        yield piece
            yield drain.drained()

    async def parts(self, person: Person) -> AsyncGenerator[Attached, None]:
        """As many ZIPs as it takes, each whole in itself. Raises UnderWay."""
        number, drain = 1, Drain()
        with self._begun(person.id):
            archive = ZipFile(drain, "w", ZIP_STORED)
            async for name, data in self._files(person):
                if len(drain) and len(drain) + len(data) > PART:
                    archive.close()
                    yield Attached(f"imagify-{number}.zip", drain.drained())
                    number, archive = number + 1, ZipFile(drain, "w", ZIP_STORED)
                archive.writestr(name, data)
            archive.close()
            yield Attached(f"imagify-{number}.zip" if number > 1 else "imagify.zip", drain.drained())

    async def _files(self, person: Person) -> AsyncIterator[tuple[str, bytes]]:
        orders = await self._orders.of_person(*person.ids, limit=MOST_ORDERS)
        yield "orders.json", written([asdict(order) for order in orders])
        async for name, data in self._export.files(person):
            yield name, data

    @contextmanager
    def _begun(self, person: str) -> Iterator[None]:
        self.check(person)
        self._taking.add(person)
        try:
            yield
        finally:
            self._taking.discard(person)

    # -- links --------------------------------------------------------------------------------------------------------

    def link(self, person: str) -> str:
        """A path of ours, for who has it."""
        until = f"{(self._clock.now() + LASTS) // SECOND:012d}"
        return f"/mydata/{person}{until}{signed(self._secrets[0], person, until)}"

    def of(self, token: str) -> str:
        """Whose data a link stands for; nothing where it was made up, or has run out."""
        person, until, shown = token[:ID_LETTERS], token[ID_LETTERS:-MAC_LETTERS], token[-MAC_LETTERS:]
        right = (signed(secret, person, until) for secret in self._secrets)
        genuine = any(hmac.compare_digest(shown.encode(), one.encode()) for one in right)
        return person if genuine and int(until) * SECOND > self._clock.now() else ""


def signed(secret: bytes, person: str, until: str) -> str:
    return hmac.digest(secret, f"my data\n{person}\n{until}".encode(), "sha256").hex()[:MAC_LETTERS]


def cut(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE]
