"""Alarms – tells every admin, in a private chat, what needs a look."""

from core.addresses import Addresses
from core.chance import Chance
from core.clock import Clock
from core.news import ALARM, posting, to_chat
from core.table import Create, Key, Refused, Table, Value


class Alarms:
    def __init__(
        self, table: Table, addresses: Addresses, clock: Clock, chance: Chance, channels: frozenset[str]
    ) -> None:
        """Take `channels` served here: news for another channel would wait for ever."""
        self._table, self._addresses = table, addresses
        self._clock, self._chance, self._channels = clock, chance, channels

    async def posting(self, what: str, **facts: Value) -> list[Create]:
        """Writes that raise the alarm `what`, for the write that moves the thing itself."""
        now = self._clock.now()
        chats = {(one.channel, one.chat) for one in await self._addresses.admins()}
        return [
            posting(to_chat(ALARM, "", channel, chat, self._chance.ulid(now), now, what=what, **facts))
            for channel, chat in sorted(chats)
            if channel in self._channels
        ]

    async def once(self, key: str, what: str, **facts: Value) -> bool:
        """Raise the alarm `what` unless any process has used `key` before, and return True if raised now."""
        guard = Create(Key(f"ALARM#{key}", "META"), {"at": self._clock.now()})
        try:
            await self._table.write(guard, *await self.posting(what, **facts))
        except Refused:
            return False
        return True
