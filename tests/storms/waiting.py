"""Waiting for what other processes do: they give no sign, so it is looked at now and again, and not for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK = 0.1  # seconds between two looks


async def until(holds: Callable[[], object], seconds: float) -> bool:
    """Whether it came to hold in time."""

    async def look() -> bool:
        return bool(holds())

    return bool(await looked_for(look, bool, seconds))


async def looked_for(look: Callable[[], Awaitable[T]], fits: Callable[[T], object], seconds: float) -> T:
    """What was found when it fitted, or when time was over."""
    over = asyncio.get_running_loop().time() + seconds
    while not fits(found := await look()) and asyncio.get_running_loop().time() < over:  # noqa: ASYNC110 - of others
        await asyncio.sleep(LOOK)
    return found
