"""Breaker – remembers that a remote store is away, so that calls need not wait."""

from core.chance import Chance
from core.clock import SECOND, Clock

REST = 2 * SECOND  # at least, and up to twice as long at random, so that the processes do not all come back at once


class Breaker:
    def __init__(self, clock: Clock, chance: Chance) -> None:
        self._clock, self._chance = clock, chance
        self._until = 0
        self.open = False

    def rests(self) -> bool:
        """True while no call should be made. After a pause one caller gets False and tries for all others."""
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
