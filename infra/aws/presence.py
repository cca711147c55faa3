"""Presence – logs once when an AWS service goes away and once when back, but no brief fault."""

import logging
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

AWAY_AFTER = 1.0  # seconds in which every call failed


@dataclass(slots=True)
class Presence:
    """Record of the services that fail or are away, with `now` in seconds on a clock that only goes forward."""

    _since: dict[str, float] = field(default_factory=dict)  # by offer: first failure without a success since
    _away: set[str] = field(default_factory=set)

    def failed(self, offer: str, error: Exception, now: float) -> None:
        since = self._since.setdefault(offer, now)
        if offer not in self._away and now - since >= AWAY_AFTER:
            self._away.add(offer)
            log.warning("%s is away (%s); what needs it is tried again", offer, error)

    def answered(self, offer: str, now: float) -> None:
        since = self._since.pop(offer, now)
        if offer in self._away:
            self._away.discard(offer)
            log.info("%s is back after %.0f s", offer, now - since)
