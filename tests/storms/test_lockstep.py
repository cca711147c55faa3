"""A short run of the lock step in every suite, and proof that it notices what it is there to notice."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest

from infra.aws.call import Answer, Place, Request, Road
from tests.servers import on_dynoxide, on_ministack
from tests.storms.lockstep import run

__all__ = ["on_dynoxide", "on_ministack"]  # fixtures, found by their names

pytestmark = pytest.mark.server


class ForgetfulRoad:
    """A road that draws a new token for every try, as if each were another write."""

    def __init__(self, road: Road) -> None:
        self.counts, self._road = road.counts, road

    async def send(self, request: Request) -> Answer:
        asked = json.loads(request.body)
        if "ClientRequestToken" in asked:
            request = replace(request, body=json.dumps({**asked, "ClientRequestToken": str(uuid4())}).encode())
        return await self._road.send(request)


@pytest.mark.parametrize("server", ["on_ministack", "on_dynoxide"])
def test_both_tables_answer_alike_step_by_step_through_every_fault(server: str, request: pytest.FixtureRequest) -> None:
    report = run(300, 1, request.getfixturevalue(server))

    assert report.differences == []
    assert report.steps >= 300
    assert report.refused > report.steps / 10
    assert report.injected["lost reply"] > 0
    assert report.injected["conflict"] > 0


def test_a_table_that_forgets_its_token_is_found_out(on_dynoxide: Place) -> None:
    report = run(3_000, 1, on_dynoxide, wrap=ForgetfulRoad, shrink=False)

    assert report.differences
