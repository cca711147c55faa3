"""What every test stands on: how hard hypothesis tries, and the house. Sockets stay on loopback (pyproject.toml).

A test that asks for a house runs on virtual time, in an order drawn from its own name and from SIM_SEED, where
somebody sets it to see other orders; all others run on real time.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from tests.house import Imagify, Speaker
from tests.storms.loop import SimLoop

# No deadline anywhere: two cores shared with a server say nothing about a single example.
settings.register_profile("home", max_examples=30, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("storm", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "home"))

VIRTUAL = {"workshop", "ruin"}  # whoever has one of these has its time too
Loops = Mapping[str, Callable[[], asyncio.AbstractEventLoop]]


def pytest_asyncio_loop_factories(item: pytest.Function) -> Loops:
    """Which loop a test runs on."""
    if not VIRTUAL.intersection(item.fixturenames):
        return {"real": asyncio.new_event_loop}
    seed = crc32(f"{item.nodeid} {os.environ.get('SIM_SEED', '')}".encode())
    return {"virtual": lambda: SimLoop(seed)}


@pytest.fixture
async def workshop() -> AsyncIterator[Imagify]:
    """The house with nothing running. Whatever a test did in it, its ledger can be proved afterwards."""
    imagify = Imagify()
    yield imagify
    await imagify.closes()


@pytest.fixture
async def ruin() -> AsyncIterator[Imagify]:
    """A house whose rows a test may spoil by hand: nothing is proved afterwards."""
    imagify = Imagify()
    yield imagify
    await imagify.shuts()


@pytest.fixture
async def imagify(workshop: Imagify) -> Imagify:
    """The house, open: whatever it is told, it does."""
    await workshop.opens()
    return workshop


@pytest.fixture
async def an(workshop: Imagify) -> Speaker:
    """With five credits that were a gift, so nothing paid yet."""
    return await workshop.meets(gift=5)


@pytest.fixture
async def binh(workshop: Imagify) -> Speaker:
    """With twenty credits that were paid for."""
    return await workshop.meets(paid=20)
