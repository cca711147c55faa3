"""Upkeep: what is found wrong with the house's own stores is told to whoever looks after it, each thing once a day."""

import logging
from dataclasses import dataclass

from core.alarms import Alarms
from core.ports import Ports
from core.tally import day_of

log = logging.getLogger(__name__)

LOOKED_EVERY = 10  # seconds


@dataclass(slots=True)
class Upkeep:
    ports: Ports
    alarms: Alarms

    async def look(self) -> None:
        """Admins hear of the first damaged picture of a day; the log names every one."""
        found, day = sorted(self.ports.blobs.damaged), day_of(self.ports.clock.now())
        if not found:
            return
        log.critical("damaged, and shown to nobody: %s", ", ".join(found))
        await self.alarms.once(f"damaged picture {day}", "damaged picture", job=found[0], used=len(found))
        self.ports.blobs.damaged.difference_update(found)
