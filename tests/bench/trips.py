"""How often whoever speaks waits for the table or the bell before they are answered: calls that wait for each other.

Virtual time: such a call takes a little of it and nothing else takes any, so the time tells the round trips.
"""

import asyncio
from collections.abc import Sequence
from random import Random

from bot.channel import Heard
from bot.conversation import Conversation
from core.addresses import Address
from core.inbox import Kept
from core.table import Index, Key, Row, Rows, Table, Write
from infra.embedded.queue import Bell
from infra.embedded.table import SqliteTable
from tests.bench.steps import CHANNEL, CHAT, build, meet
from tests.storms.loop import SimClock, SimLoop
from tests.storms.played import PlayedChannel

TRIP = 0.01  # seconds
PAUSE = 100.0  # seconds between two words, in which nothing that was read stays fresh


class DistantTable:
    """A table to which every call takes its time."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def get(self, key: Key) -> Row | None:
        await asyncio.sleep(TRIP)
        return await self._table.get(key)

    async def list(
        self, owner: str, prefix: str = "", *, after: str = "", limit: int = 100, newest_first: bool = False
    ) -> Rows:
        await asyncio.sleep(TRIP)
        return await self._table.list(owner, prefix, after=after, limit=limit, newest_first=newest_first)

    async def find(
        self, index: Index, value: str, *, until: int | None = None, after: Row | None = None, limit: int = 100
    ) -> Rows:
        await asyncio.sleep(TRIP)
        return await self._table.find(index, value, until=until, after=after, limit=limit)

    async def walk(self, after: Key | None = None, limit: int = 100) -> Rows:
        await asyncio.sleep(TRIP)
        return await self._table.walk(after, limit)

    async def write(self, *writes: Write) -> None:
        await asyncio.sleep(TRIP)
        await self._table.write(*writes)


class DistantBell(Bell):
    """A bell as far away."""

    async def ring(self, job: str) -> None:
        await asyncio.sleep(TRIP)
        await super().ring(job)


def waited(texts: Sequence[str]) -> list[int]:
    """Round trips from each of these words, said one after the other, until its answer is in the chat."""
    loop = SimLoop(1)
    try:
        return loop.run_until_complete(answered(loop, texts))
    finally:
        loop.close()


async def answered(loop: SimLoop, texts: Sequence[str]) -> list[int]:
    rows = SqliteTable.inline(":memory:")
    table = DistantTable(rows)
    house, channel = build(table, (), SimClock(loop), DistantBell()), PlayedChannel(CHANNEL, Random(1), can_edit=False)
    await meet(house, CHAT)
    conversation, trips = Conversation(house.desk, [channel]), list[int]()
    for number, text in enumerate(texts):
        await asyncio.sleep(PAUSE)
        began, heard = loop.time(), Heard(Address(CHANNEL, CHAT, CHAT), f"{number:09}", text=text)
        await conversation.handle(Kept(heard.lane, heard.update, heard.row()), f"{number:064}")
        trips.append(round((channel.delivered[-1].seconds - began) / TRIP))
    await rows.close()
    return trips
