"""A house at a real door, and somebody at its page who has agreed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.web.browsers import Browser, Tab, Web, opened


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with opened(tmp_path) as web:
        yield web


@pytest.fixture
async def mai(web: Web) -> AsyncIterator[Browser]:
    """Somebody's browser, in which nothing is open yet."""
    async with web.browser() as browser:
        yield browser


@pytest.fixture
async def tab(mai: Browser) -> AsyncIterator[Tab]:
    """Their page, once they have agreed."""
    async with mai.tab() as tab:
        await tab.agrees()
        yield tab
