"""What the table tries again, with what, for how long, and what it says when it gives up."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

import pytest

from core.chance import Chance
from core.table import Change, Create, Delete, Key, Refused, Row, TableUnavailable
from infra.aws.call import Answer, AwsError, Counts, NoAnswer, NotSent, Request, place
from infra.aws.patience import MOST_TRIES
from infra.aws.table import DynamoTable
from tests.clocks import SetClock
from tests.storms.faults import AFTER, BEFORE, BEFORE_A_WRITE, cancelled, said

AN = Key("USER#an", "PURSE")
HERE = place("dynamodb", "ap-southeast-1", "http://127.0.0.1:1")
Line: TypeAlias = Callable[[Request], AwsError | Answer]


BEAT = Change(AN, set={"free": 3}, when={"fence": 1}, alone=True)


def done(_: Request) -> Answer:
    return Answer(200, {}, b"{}")


def mark_of(request: Request) -> str:
    """What an UpdateItem would leave in the row."""
    asked = json.loads(request.body)
    name = next(sign for sign, meant in asked["ExpressionAttributeNames"].items() if meant == "w")
    value = asked["UpdateExpression"].partition(f"{name} = ")[2].partition(",")[0]
    return str(asked["ExpressionAttributeValues"][value]["S"])


def met(request: Request, mark: str) -> AwsError:
    """Refused by a row with this mark."""
    item = {"owner": {"S": AN.owner}, "name": {"S": AN.name}, "free": {"N": "3"}, "w": {"S": mark}}
    return said(request, 400, "ConditionalCheckFailedException", {"Item": item})


class Script:
    """A road that answers line after line; the last one stays."""

    def __init__(self, *lines: Line) -> None:
        self.counts = Counts()
        self.sent: list[Request] = []
        self.lines = list(lines)

    async def send(self, request: Request) -> Answer:
        self.sent.append(request)
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        outcome = line(request)
        if isinstance(outcome, AwsError):
            raise outcome
        return outcome

    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.sent]


class Longest(Chance):
    """Always the longest pause."""

    def below(self, limit: float) -> float:
        return limit


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def table_on(road: Script, clock: SetClock, chance: Chance | None = None, *, deadline: float = 10.0) -> DynamoTable:
    return DynamoTable(road, HERE, "imagify", clock, chance or Chance(Random(1)), deadline=deadline)


PASSING = {**BEFORE, **BEFORE_A_WRITE, **AFTER}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
async def test_a_write_is_tried_again_with_the_very_same_words(fault: Line, clock: SetClock) -> None:
    road = Script(fault, fault, done)

    await table_on(road, clock).write(Create(AN, {"free": 1}), Delete(Key("USER#an", "x")))

    assert len(road.sent) == 3
    assert len({request.body for request in road.sent}) == 1
    assert len(clock.slept) == 2
    assert road.counts.retries["dynamodb", "TransactWriteItems"] == 2


@pytest.mark.parametrize("fault", [*BEFORE.values(), *AFTER.values()], ids=[*BEFORE, *AFTER])
async def test_a_read_is_tried_again(fault: Line, clock: SetClock) -> None:
    road = Script(fault, done)

    assert await table_on(road, clock).get(AN) is None

    assert len(road.sent) == 2


async def test_each_write_has_a_token_of_its_own_even_when_it_says_the_same(clock: SetClock) -> None:
    road = Script(done)
    table = table_on(road, clock)

    for _ in range(3):
        await table.write(Change(AN, add={"free": 1}))

    tokens = [asked["ClientRequestToken"] for asked in road.asked()]
    assert len(set(tokens)) == 3
    assert all(1 <= len(token) <= 36 for token in tokens)


async def test_a_token_is_not_drawn_from_a_seed(clock: SetClock) -> None:
    one, other = Script(done), Script(done)

    for road in (one, other):
        await table_on(road, clock, Chance(Random(5))).write(Create(AN, {}))

    assert one.asked()[0]["ClientRequestToken"] != other.asked()[0]["ClientRequestToken"]


async def test_even_a_write_of_one_part_goes_with_a_token(clock: SetClock) -> None:
    road = Script(done)

    await table_on(road, clock).write(Delete(AN))

    assert [request.operation for request in road.sent] == ["TransactWriteItems"]
    assert road.asked()[0]["ClientRequestToken"]


async def test_a_change_that_is_alone_goes_without_a_token_and_leaves_its_mark(clock: SetClock) -> None:
    road = Script(done)
    table = table_on(road, clock)

    for _ in range(2):
        await table.write(BEAT)

    one, other = road.asked()
    assert [request.operation for request in road.sent] == ["UpdateItem"] * 2
    assert "ClientRequestToken" not in one
    assert one["ExpressionAttributeValues"] != other["ExpressionAttributeValues"]  # each has a mark of its own


async def test_one_of_several_does_not_go_alone(clock: SetClock) -> None:
    road = Script(done)

    await table_on(road, clock).write(BEAT, Delete(Key("USER#an", "x")))

    assert [request.operation for request in road.sent] == ["TransactWriteItems"]


async def test_what_its_own_mark_refuses_was_done_and_only_its_answer_was_lost(clock: SetClock) -> None:
    road = Script(AFTER["lost reply"], lambda request: met(request, mark_of(request)))

    await table_on(road, clock).write(BEAT)

    assert len({request.body for request in road.sent}) == 1


async def test_what_another_mark_refuses_is_refused_and_shows_no_mark(clock: SetClock) -> None:
    road = Script(AFTER["lost reply"], lambda request: met(request, "another"))

    with pytest.raises(Refused) as caught:
        await table_on(road, clock).write(BEAT)

    assert caught.value.rows == {0: Row(AN, {"free": 3})}


async def test_a_row_that_is_not_there_refuses_and_shows_nothing(clock: SetClock) -> None:
    road = Script(lambda request: said(request, 400, "ConditionalCheckFailedException"))

    with pytest.raises(Refused) as caught:
        await table_on(road, clock).write(BEAT)

    assert caught.value.rows == {0: None}


@pytest.mark.parametrize("code", ["TransactionConflictException", "ThrottlingException"])
async def test_a_change_alone_is_tried_again_as_any_other(code: str, clock: SetClock) -> None:
    road = Script(lambda request: said(request, 400, code), done)

    await table_on(road, clock).write(BEAT)

    assert len(road.sent) == 2


async def test_a_refusal_is_told_at_once_and_not_tried_again(clock: SetClock) -> None:
    road = Script(lambda request: cancelled(request, "None", "ConditionalCheckFailed"))

    with pytest.raises(Refused) as caught:
        await table_on(road, clock).write(Create(AN, {}), Create(Key("a", "b"), {}), Create(Key("c", "d"), {}))

    assert caught.value.rows == {1: None, 2: None}
    assert len(road.sent) == 1


async def test_a_refusal_counts_more_than_a_conflict_beside_it(clock: SetClock) -> None:
    road = Script(lambda request: cancelled(request, "TransactionConflict", "ConditionalCheckFailed"))

    with pytest.raises(Refused) as caught:
        await table_on(road, clock).write(Create(AN, {}), Change(Key("a", "b"), add={"n": 1}))

    assert caught.value.rows == {1: None}


async def test_a_refused_part_shows_the_row_that_stood_there(clock: SetClock) -> None:
    item = {"owner": {"S": "USER#an"}, "name": {"S": "PURSE"}, "free": {"N": "3"}, "v": {"N": "1"}}
    told = {"CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": item}]}
    road = Script(lambda request: said(request, 400, "TransactionCanceledException", told))

    with pytest.raises(Refused) as caught:
        await table_on(road, clock).write(Create(AN, {}))

    assert caught.value.rows == {0: Row(AN, {"free": 3})}


async def test_the_pauses_may_double_up_to_two_seconds_and_end_with_the_deadline(clock: SetClock) -> None:
    road, began = Script(BEFORE["outage"]), clock.now()

    with pytest.raises(TableUnavailable):
        await table_on(road, clock, Longest(Random(1))).get(AN)

    assert clock.slept == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]
    assert len(road.sent) == 10
    assert clock.now() - began <= 10_000


async def test_the_pauses_are_drawn_by_lot(clock: SetClock) -> None:
    road = Script(BEFORE["throttled"])

    with pytest.raises(TableUnavailable):
        await table_on(road, clock).get(AN)

    longest = [min(2.0, 0.05 * 2**step) for step in range(len(clock.slept))]
    assert all(0 <= pause <= most for pause, most in zip(clock.slept, longest, strict=True))
    assert len(set(clock.slept)) == len(clock.slept)
    assert sum(clock.slept) <= 10


async def test_the_deadline_is_the_houses_to_set(clock: SetClock) -> None:
    road = Script(BEFORE["outage"])

    with pytest.raises(TableUnavailable):
        await table_on(road, clock, Longest(Random(1)), deadline=0.5).get(AN)

    assert clock.slept == [0.05, 0.1, 0.2]


async def test_a_clock_set_back_does_not_keep_it_trying_for_ever(clock: SetClock) -> None:
    def back(request: Request) -> AwsError:
        clock.pass_by(-60)
        return NoAnswer(request, "no answer")

    road = Script(back)

    with pytest.raises(TableUnavailable):
        await table_on(road, clock).get(AN)

    assert len(road.sent) == MOST_TRIES + 1


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "IncompleteSignatureException"])
async def test_what_will_not_pass_is_not_tried_again(code: str, clock: SetClock) -> None:
    road = Script(lambda request: said(request, 400, code))

    with pytest.raises(TableUnavailable):
        await table_on(road, clock).write(Create(AN, {}))

    assert len(road.sent) == 1


@pytest.mark.parametrize("body", [b"<html>please log in</html>", b"", b"[]"])
async def test_an_answer_that_does_not_come_from_aws_is_no_missing_row(body: bytes, clock: SetClock) -> None:
    road = Script(lambda _: Answer(200, {}, body))

    with pytest.raises(TableUnavailable):
        await table_on(road, clock).get(AN)


async def test_a_row_the_table_cannot_keep_is_our_mistake(clock: SetClock) -> None:
    outright = Script(lambda request: said(request, 400, "ValidationException"))
    by_part = Script(lambda request: cancelled(request, "ValidationError"))

    for road in (outright, by_part):
        with pytest.raises(ValueError, match="cannot keep"):
            await table_on(road, clock).write(Create(AN, {}))
        assert len(road.sent) == 1


ENDS: dict[str, Line] = {
    **PASSING,
    "denied": lambda request: said(request, 400, "AccessDeniedException"),
    "invalid": lambda request: said(request, 400, "ValidationException"),
    "refused": lambda request: cancelled(request, "ConditionalCheckFailed"),
    "never sent": lambda request: NotSent(request, "no keys to sign with"),
}


@pytest.mark.parametrize("fault", ENDS.values(), ids=ENDS)
async def test_whatever_happens_the_words_of_the_vendor_stay_inside(fault: Line, clock: SetClock) -> None:
    with pytest.raises((TableUnavailable, Refused, ValueError)) as caught:
        await table_on(Script(fault), clock).write(Create(AN, {}))

    words = str(caught.value).lower()
    assert not any(word in words for word in ("vendor", "exception", "dynamo", "amazon", "http"))
