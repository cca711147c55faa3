"""A change that goes alone, on servers that speak DynamoDB, when its answer is lost."""

from collections.abc import AsyncIterator

import pytest

from core.table import Change, Create, Key, Refused, Row
from infra.aws.call import Answer, NoAnswer, Request, Road, SignedRoad
from infra.aws.table import DynamoTable
from tests.servers import on_dynoxide, on_ministack, played_keys
from tests.tables import fresh_table

__all__ = ["on_dynoxide", "on_ministack"]  # fixtures, found by their names

pytestmark = pytest.mark.server
JOB = Key("JOB#1", "META")
CLAIM = Change(JOB, set={"state": "painting", "fence": 1}, when={"state": "queued", "fence": 0}, alone=True)


class LosingRoad:
    """A road on which the answer to the first change that goes alone is lost; the change itself is made."""

    def __init__(self, road: Road) -> None:
        self._road, self.counts = road, road.counts
        self._loses = True

    async def send(self, request: Request) -> Answer:
        answer = await self._road.send(request)
        if self._loses and request.operation == "UpdateItem":
            self._loses = False
            raise NoAnswer(request, "no answer")
        return answer


@pytest.fixture(params=["on_ministack", "on_dynoxide"])
async def tables(request: pytest.FixtureRequest) -> AsyncIterator[list[DynamoTable]]:
    """The same table twice: over a road that loses an answer, and over one that does not."""
    async with SignedRoad(played_keys()) as road:
        losing = await fresh_table(LosingRoad(road), request.getfixturevalue(request.param))
        sound = DynamoTable(road, losing.place, losing._name, losing._patience.clock, losing._patience.chance)
        await sound.write(Create(JOB, {"state": "queued", "fence": 0}))
        yield [losing, sound]


async def test_a_claim_whose_answer_is_lost_is_ours(tables: list[DynamoTable]) -> None:
    losing, sound = tables

    await losing.write(CLAIM)

    assert losing._road.counts.retries["dynamodb", "UpdateItem"] == 1
    assert await sound.get(JOB) == Row(JOB, {"state": "painting", "fence": 1})


async def test_the_same_claim_of_somebody_else_is_not(tables: list[DynamoTable]) -> None:
    losing, sound = tables
    await losing.write(CLAIM)

    with pytest.raises(Refused) as caught:
        await sound.write(CLAIM)

    assert caught.value.rows == {0: Row(JOB, {"state": "painting", "fence": 1})}
