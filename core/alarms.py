"""Alarms: what an admin should hear of without asking, told in every admin's chat."""

from core.addresses import Addresses
from core.chance import Chance
from core.clock import Clock
from core.news import ALARM, posting, to_chat
from core.table import Create, Value


class Alarms:
    def __init__(self, addresses: Addresses, clock: Clock, chance: Chance, channels: frozenset[str]) -> None:
        """`channels`: those that are spoken on here; what is meant for another would wait for ever."""
        self._addresses, self._clock, self._chance, self._channels = addresses, clock, chance, channels

    async def posting(self, what: str, **facts: Value) -> list[Create]:
        """The writes that raise it, for the move it tells of."""
        now = self._clock.now()
        chats = {(one.channel, one.chat) for one in await self._addresses.admins()}
        return [
            posting(to_chat(ALARM, "", channel, chat, self._chance.ulid(now), now, what=what, **facts))
            for channel, chat in sorted(chats)
            if channel in self._channels
        ]
