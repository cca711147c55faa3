"""Parting – looks after orders when chats join a wallet or leave one.

Used by core/linking.py and core/unlinking.py. Credits need no care: an order names its person, and a merged person's
credits go to the merged wallet. Here no order may be pending at that moment, and later news get a new chat.
"""

from collections.abc import Sequence

from core.addresses import Address
from core.errors import NotLinked
from core.ledger import owner_of
from core.table import Change, Check, Row, Table, Write, every
from payments.orders import Order, newest_key, order_key

MOST = 40  # orders whose news move to another chat; older ones stay


class OrdersAside:
    """Orders as needed for linking: the port `OrdersBeside` of core/linking.py."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def count(self, people: Sequence[str]) -> int:
        """Count of the orders of `people`."""
        return sum([1 for person in people async for _ in every(self._table, owner_of(person), "ORDER#")])

    async def at_rest(self, people: Sequence[str], at: Address | None = None) -> list[Write]:
        """Checks that no order of `people` is pending (in chat `at`) or made before the write. Raises NotLinked."""
        for person in people:
            for pointer in await self._pointers(person):
                if at is None or stands_in(pointer, at):
                    await self._check(pointer, person)
        rows = [await self._table.get(newest_key(person)) for person in people]
        return [Check(row.key, {"ref": row.text("ref") or None}) for row in rows if row]

    async def moving(self, people: Sequence[str], gone: Address, to: Address) -> list[Write]:
        """Writes that send later news of orders from the leaving chat `gone` to chat `to`, where the credits are."""
        pointers = [pointer for person in people for pointer in await self._pointers(person)]
        here = sorted((one for one in pointers if stands_in(one, gone)), key=lambda row: row.key.name)[-MOST:]
        place = {"channel": to.channel, "chat": to.chat, "message": ""}
        return [Change(pointer.key, set=place, when={"chat": gone.chat}) for pointer in here]

    async def _check(self, pointer: Row, person: str) -> None:
        row = await self._table.get(order_key(pointer.key.name.rpartition("#")[2]))
        if row and Order.of(row).state == "pending":
            raise NotLinked("orders", person)

    async def _pointers(self, person: str) -> list[Row]:
        return await self._table.list(owner_of(person), "ORDER#", limit=MOST, newest_first=True)


def stands_in(pointer: Row, at: Address) -> bool:
    return (pointer.text("channel"), pointer.text("chat")) == (at.channel, at.chat)
