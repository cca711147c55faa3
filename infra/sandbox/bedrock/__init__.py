"""Bedrock played on loopback, wire-true: InvokeModel, Converse, streams, guardrails, its list of models, Rekognition.

It shares nothing with the house. One port plays every region: a request is of the region that it is signed for.
`open_bedrock` serves it and, on a port of its own, its strings as JSON under /control. `Bedrock` is the same without
sockets, on any event loop.

    async with open_bedrock(scale=10) as played:
        played.url                                  # the endpoint of bedrock-runtime, bedrock and rekognition
        played.control_url                          # f"{control_url}/control/ledger"
        await played.cut(30)                        # nobody connects for 30 of its seconds; played.restore() ends it

        bedrock = played.bedrock
        bedrock.ledger.bills(model="core")          # every Call that costs, abandoned ones too; .made(), .total()
        bedrock.faults.set("hang", model="core", times=1)       # see faults.KINDS; faults.met counts
        bedrock.faults.set("error", code=503, region="us-west-2", share=0.1, billed=True)
        bedrock.rates.set("stability.stable-image-core-v1:1", per_second=2, burst=2)
        bedrock.filters.prompt.add("dragon")        # words that are kept back; see filters.Filters
        bedrock.flags.set(picture, DANGERS["explicit"])     # what the judges see in these bytes
        bedrock.set_date(date(2026, 3, 1))          # the day in the lives of the models
        bedrock.living = True                       # what has ended is invoked all the same
        bedrock.latency, bedrock.pixels = 0.0, 65_536           # at once, and small
        await bedrock.until(lambda world: world.in_flight == 3)

        answer = await bedrock.answer(Asked("POST", path, {}, body, region="us-west-2"))    # without a socket

Everything is kept in memory alone, and within bounds. docs/sandbox.md tells the rest.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

from infra.sandbox.bedrock.bedrock import Bedrock
from infra.sandbox.bedrock.control import control_app
from infra.sandbox.bedrock.faults import KINDS, Fault, Faults
from infra.sandbox.bedrock.filters import DANGERS, Danger, Filters
from infra.sandbox.bedrock.ledger import Call, Ledger
from infra.sandbox.bedrock.limits import Rate, Rates
from infra.sandbox.bedrock.listening import Listening, listening
from infra.sandbox.bedrock.models import Model, Models
from infra.sandbox.bedrock.refusing import Cut
from infra.sandbox.bedrock.routes import bedrock_app
from infra.sandbox.bedrock.work import Answer, Asked
from infra.sandbox.clock import Clock
from infra.sandbox.door import served

__all__ = [
    "DANGERS",
    "KINDS",
    "Answer",
    "Asked",
    "Bedrock",
    "Call",
    "Clock",
    "Cut",
    "Danger",
    "Fault",
    "Faults",
    "Filters",
    "Ledger",
    "Model",
    "Models",
    "Played",
    "Rate",
    "Rates",
    "open_bedrock",
]


@dataclass(slots=True)
class Played:
    """Bedrock as it stands: its address, that of its strings, and Bedrock itself."""

    bedrock: Bedrock
    _listening: Listening
    control_url: str = ""
    _back: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return self._listening.url

    async def cut(self, seconds: float) -> None:
        """Off at once; back after so many of Bedrock's seconds, or when it is restored."""
        self._forget()
        await self._listening.cut()
        self._back = asyncio.create_task(self._later(seconds))

    async def restore(self) -> None:
        self._forget()
        await self._listening.begin()

    async def _later(self, seconds: float) -> None:
        with suppress(Cut):
            await self.bedrock.pause(seconds)
            await self._listening.begin()

    def _forget(self) -> None:
        if self._back is not None:
            self._back.cancel()
            self._back = None

    async def close(self) -> None:
        back = self._back
        self._forget()
        self.bedrock.close()
        if back is not None:
            await asyncio.gather(back, return_exceptions=True)


@asynccontextmanager
async def open_bedrock(
    port: int = 0,
    *,
    control_port: int = 0,
    scale: float = 1.0,
    clock: Clock | None = None,
    keys: Mapping[str, str] | None = None,
    lot: int | None = None,
) -> AsyncIterator[Played]:
    """On loopback until the block ends. `scale`: how many seconds of its own waits go into a real one; 0: by hand."""
    async with AsyncExitStack() as stack:
        aside = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="bedrock"))
        bedrock = Bedrock(clock=clock or Clock(scale), keys=keys, lot=lot, aside=aside)
        here = await stack.enter_async_context(listening(bedrock_app(bedrock), port))
        played = Played(bedrock, here)
        control = control_app(bedrock, played.cut)
        played.control_url = await stack.enter_async_context(served(control, control_port))
        stack.push_async_callback(played.close)
        yield played
