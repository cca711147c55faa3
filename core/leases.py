"""Leases – let one process at a time work on a chore, a lane or a channel.

A lease runs out, so the work of a dead process is taken over before long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.clock import Clock, Watched
from core.table import Change, Create, Fields, Key, Refused, Row, Table

NOTHING: Fields = {}


@dataclass(frozen=True, slots=True)
class Lease:
    """Right that is ours until the time runs out. A write proves the right by the `fence`."""

    key: Key
    fence: int
    fields: Fields

    def guarding(self, set_: Fields = NOTHING) -> Change:
        """Write that is refused once the lease is lost, and sets `set_`."""
        return Change(self.key, set=set_, when={"fence": self.fence})


class Leases:
    def __init__(self, table: Table, clock: Clock, holder: str, *, alone: bool = False) -> None:
        """Take `holder`, a token of this process. `alone`: a lock file proves that all other processes are dead."""
        self._table, self._clock, self.holder, self._alone = table, clock, holder, alone
        self._watched = Watched(clock)

    async def take(self, key: Key, span: int) -> Lease | None:
        """Lease on `key` for `span` milliseconds, or None while another process is the holder."""
        row = await self._table.get(key)
        fence = row.number("fence") + 1 if row else 1
        held: Fields = {"holder": self.holder, "until": self._clock.now() + span, "fence": fence}
        if row and not self._free(row, span):
            return None
        taking = Change(key, set=held, when={"fence": fence - 1}) if row else Create(key, held)
        try:
            await self._table.write(taking)
        except Refused:
            return None
        return Lease(key, fence, row.fields if row else {})

    async def renew(self, lease: Lease, span: int) -> bool:
        return await self._still(lease, {"until": self._clock.now() + span})

    async def release(self, lease: Lease, set_: Mapping[str, int] | None = None) -> bool:
        """Release `lease`. `set_` is written only if the lease was still ours."""
        return await self._still(lease, {**(set_ or {}), "until": 0})

    async def _still(self, lease: Lease, set_: Fields) -> bool:
        try:
            await self._table.write(replace(lease.guarding(set_), alone=True))
        except Refused:
            return False
        return True

    def _free(self, row: Row, span: int) -> bool:
        """True if the lease is ours, of a dead process, run out, or ends too far ahead and is not renewed."""
        until, now = row.number("until"), self._clock.now()
        if row.text("holder") == self.holder or self._alone or until < now:
            return True
        return until > now + span and self._watched.over(str(row.key), (row.number("fence"), until), span)
