"""Who has rights in the house on trial."""

import pytest

from tests.house import Imagify, Speaker


@pytest.fixture
async def owner(imagify: Imagify) -> Speaker:
    return await imagify.meets(chat="1")


@pytest.fixture
async def moderator(imagify: Imagify) -> Speaker:
    return await imagify.meets(chat="2")
