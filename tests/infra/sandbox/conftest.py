"""The played Bedrock and its customer."""

from collections.abc import AsyncIterator

import pytest

from tests.infra.sandbox.bedrock_rig import Customer, customer


@pytest.fixture
async def an() -> AsyncIterator[Customer]:
    async with customer() as here:
        yield here
