"""One browser and one house for all the journeys; every visitor has a chat of their own."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.journeys.browser.rig import AXE, CHROMIUM, SHOP, Lodging, Visitor, chromium, lodging, visitor


@pytest.fixture(scope="session", autouse=True)
def fetched() -> None:
    """What tests/browser.sh fetches; without it the journeys are skipped at home and fail in CI."""
    for one in (CHROMIUM, AXE):
        if one.exists():
            continue
        missing = f"{one.name} is not here; `sh tests/browser.sh` fetches it"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lodging]:
    with lodging(tmp_path_factory.mktemp("lodging") / "home") as house:
        yield house


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lodging]:
    """The house of those who pay."""
    with lodging(tmp_path_factory.mktemp("shop") / "home", SHOP) as shop:
        yield shop


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def an(browser: Browser, house: Lodging) -> AsyncIterator[Visitor]:
    """At the open page for the first time."""
    async with visitor(browser) as one:
        await one.comes(house)
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def buyer(browser: Browser, shop: Lodging) -> AsyncIterator[Visitor]:
    """Has agreed, and has the one credit that is given there."""
    async with visitor(browser) as one:
        await one.comes(shop)
        await one.agrees(gift=1)
        yield one
