"""Every test of this folder runs on every builder of the port."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.table import Table
from tests.servers import on_dynoxide, on_ministack
from tests.tables import dynamo, sqlite_inline, sqlite_threaded

__all__ = ["on_dynoxide", "on_ministack"]  # fixtures, found by their names

EMBEDDED = {"sqlite-inline": sqlite_inline, "sqlite-threaded": sqlite_threaded}
SERVERS = {"dynamo-on-ministack": "on_ministack", "dynamo-on-dynoxide": "on_dynoxide"}


@pytest.fixture(params=[*EMBEDDED, *(pytest.param(name, marks=pytest.mark.server) for name in SERVERS)])
async def table(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Table]:
    if request.param in EMBEDDED:
        opened = EMBEDDED[request.param](tmp_path)
    else:
        opened = dynamo(request.getfixturevalue(SERVERS[request.param]))
    async with opened as fresh:
        yield fresh
