"""Contact sheets at hand: each is drawn once, however many look at it at the same time, and the newest are kept.

They stand under the pictures that are on them, so one that was deleted or withdrawn is on none that is shown any more.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

MOST = 64  # sheets, of some hundred kilobytes each


@dataclass(slots=True)
class Drawn:
    made: OrderedDict[tuple[str, ...], "asyncio.Task[bytes]"] = field(default_factory=OrderedDict)

    async def of(self, pictures: tuple[str, ...], draw: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """Whoever goes away meanwhile leaves the drawing to the others who look. What has failed is tried again."""
        task = self.made.get(pictures)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self.made[pictures] = asyncio.create_task(draw())
        self.made.move_to_end(pictures)
        while len(self.made) > MOST:
            self.made.popitem(last=False)
        return await asyncio.shield(task)
