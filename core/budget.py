"""Budget – caps our cost of painting per day: paid orders, gifts, and dearer stand-ins.

Every call adds its cost to the table (core/tally.py), so all processes share the sums, which are read anew here every
few seconds. Admins get an alarm when most of a cap is spent, and another when all of it is.
"""

from typing import Literal

from core.alarms import Alarms
from core.clock import DAY, SECOND, Clock
from core.errors import SpendCapReached
from core.limits import Limits
from core.table import Table
from core.tally import VIETNAM, Spend, Tally, day_of

FRESH = 5 * SECOND
NEAR = 80  # percent of a cap
MICROS = 10_000  # millionths of a dollar in a cent

Pocket = Literal["gift", "paid"]


class Budget:
    def __init__(self, table: Table, clock: Clock, limits: Limits, alarms: Alarms) -> None:
        self._tally, self._clock, self._alarms = Tally(table), clock, alarms
        self._caps = {"gift": limits.spend_per_day_gift * MICROS, "paid": limits.spend_per_day_paid * MICROS}
        self._beyond = limits.stand_in_per_day * MICROS
        self._spent, self._day, self._at = Spend(), 0, 0
        self._raised: set[str] = set()

    @property
    def stands_in(self) -> bool:
        """True if a dearer painter may ever stand in for one that is away."""
        return self._beyond > 0

    async def look(self) -> None:
        """Read the sums of today anew, if older than `FRESH`."""
        now, day = self._clock.now(), day_of(self._clock.now())
        if not (self._beyond or any(self._caps.values())):
            return
        if day == self._day and self._at <= now < self._at + FRESH:
            return
        self._spent, self._day, self._at = await self._tally.spend(day), day, now
        for pocket in ("gift", "paid"):
            await self._warn(pocket)

    async def check(self, *, gift: bool) -> None:
        """Check that a new order can still be painted today. Raises SpendCapReached."""
        await self.look()
        if not self.allows(gift=gift):
            raise SpendCapReached((DAY - (self._clock.now() + VIETNAM) % DAY) // SECOND + 1)

    def allows(self, *, gift: bool) -> bool:
        pocket: Pocket = "gift" if gift else "paid"
        return not self._caps[pocket] or self._of(pocket) < self._caps[pocket]

    def bears(self, usd_micros: int) -> bool:
        """True if the daily sum for stand-ins has room for `usd_micros` more."""
        return self._spent.beyond + usd_micros <= self._beyond

    def _of(self, pocket: Pocket) -> int:
        return self._spent.gift if pocket == "gift" else self._spent.paid

    async def _warn(self, pocket: Pocket) -> None:
        cap = self._caps[pocket]
        if not cap or 100 * self._of(pocket) < NEAR * cap:
            return
        what = "spend cap" if self._of(pocket) >= cap else "spend near"
        key = f"{what}/{pocket}/{self._day}"
        if key not in self._raised:
            await self._alarms.once(key, what, pocket=pocket, cents=self._of(pocket) // MICROS, cap=cap // MICROS)
            self._raised.add(key)
