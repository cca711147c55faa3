"""Alarms: what an admin should hear of without asking, told in every admin's chat."""

from core.addresses import Addresses
from core.chance import Chance
from core.clock import Clock
from core.news import ALARM, posting, to_chat
from core.table import Create, Key, Refused, Table, Value


class Alarms:
    def __init__(
        self, table: Table, addresses: Addresses, clock: Clock, chance: Chance, channels: frozenset[str]
    ) -> None:
        """`channels`: those that are spoken on here; what is meant for another would wait for ever."""
        self._table, self._addresses = table, addresses
        self._clock, self._chance, self._channels = clock, chance, channels

    async def posting(self, what: str, **facts: Value) -> list[Create]:
        """The writes that raise it, for the move it tells of."""
        now = self._clock.now()
        chats = {(one.channel, one.chat) for one in await self._addresses.admins()}
        return [
            posting(to_chat(ALARM, "", channel, chat, self._chance.ulid(now), now, what=what, **facts))
            for channel, chat in sorted(chats)
            if channel in self._channels
        ]

    async def once(self, key: str, what: str, **facts: Value) -> bool:
        """Raise it now; where any process has raised it under this key before, nobody is told again."""
        guard = Create(Key(f"ALARM#{key}", "META"), {"at": self._clock.now()})
        try:
            await self._table.write(guard, *await self.posting(what, **facts))
        except Refused:
            return False
        return True
