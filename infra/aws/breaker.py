"""Remembering that a far store is away, so that nobody waits for it call after call."""

from core.chance import Chance
from core.clock import SECOND, Clock

REST = 2 * SECOND  # at least; up to as long again by lot, so that not every process comes back at once


class Breaker:
    def __init__(self, clock: Clock, chance: Chance) -> None:
        self._clock, self._chance = clock, chance
        self._until = 0
        self.open = False

    def rests(self) -> bool:
        """Nobody asks for a while. When that is over, one caller asks for all the others."""
        if self.open and self._clock.steady() < self._until:
            return True
        if self.open:
            self._rest()
        return False

    def failed(self) -> None:
        self.open = True
        self._rest()

    def answered(self) -> None:
        self.open = False

    def _rest(self) -> None:
        self._until = self._clock.steady() + REST + int(self._chance.below(REST))
