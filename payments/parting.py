"""What becomes of orders when chats join one wallet or leave it (core/linking.py, core/unlinking.py).

Credits follow by themselves: an order names the person who made it, and whoever that person was merged into is
credited. What is looked after here is that nothing is pending at that moment, and where an order is told of afterwards.
"""

from collections.abc import Sequence

from core.addresses import Address
from core.errors import NotLinked
from core.ledger import owner_of
from core.table import Change, Check, Row, Table, Write, every
from payments.orders import Order, newest_key, order_key

MOST = 40  # orders that are told elsewhere from now on; older ones stay where they are


class OrdersAside:
    """Everything of orders that linking asks for."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def count(self, people: Sequence[str]) -> int:
        """How many anything came of, or may still come."""
        return sum([1 for person in people async for _ in every(self._table, owner_of(person), "ORDER#")])

    async def at_rest(self, people: Sequence[str], at: Address | None = None) -> list[Write]:
        """None is pending, or none in this chat; and none is made before the write that counts on it."""
        for person in people:
            for pointer in await self._pointers(person):
                if at is None or stands_in(pointer, at):
                    await self._check(pointer, person)
        rows = [await self._table.get(newest_key(person)) for person in people]
        return [Check(row.key, {"ref": row.text("ref") or None}) for row in rows if row]

    async def moving(self, people: Sequence[str], gone: Address, to: Address) -> list[Write]:
        """Whatever is still to be said of an order made in the chat that leaves is said where its credits are."""
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
