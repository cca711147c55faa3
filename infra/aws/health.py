"""Health – checks that everything of AWS that a house needs answers and is set up right.

A finding says also how to mend a fault.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from core.clock import SECOND
from core.errors import Unavailable
from core.models import Model, Route
from core.table import INDEXES, SHELF_INDEX, Index, TableUnavailable
from infra.aws.almanac import BedrockAlmanac
from infra.aws.call import Answer, AwsError, ErrorAnswer, NotSent, Road, json_of, json_request
from infra.aws.queue import Queues
from infra.aws.table import TARGET, DynamoTable, key_schema

MOST_SKEW = 2.0  # seconds our clock may differ from the clock of AWS


@dataclass(frozen=True, slots=True)
class Seen:
    """Finding about one thing: `well` or not, and how to `mend` a fault."""

    well: bool
    what: str
    mend: str = ""


def why(error: AwsError) -> str:
    """Advice for the owner about `error`, never in the vendor's own words."""
    match error:
        case NotSent():
            return "look at the network, and at the keys (AWS_PROFILE, AWS_ACCESS_KEY_ID or the machine's role)"
        case ErrorAnswer(status=401 | 403, code=code):
            return f"these keys may not do that ({code}): look at the rights of the role"
        case ErrorAnswer(status=status, code=code):
            return f"AWS answered {status} {code}: look at the name and the region"
    return "AWS took the call and did not answer: try again"


# -- the table ------------------------------------------------------------------------------------------------------


async def table(road: Road, at: DynamoTable, name: str, now: Callable[[], int]) -> list[Seen]:
    """Check that the table answers, that its indexes are right and may be queried, and AWS's clock against `now`."""
    request = json_request(at.place, TARGET, "DescribeTable", {"TableName": name})
    try:
        answer = await road.send(request)
    except AwsError as error:
        return [Seen(False, f"table {name} in {at.place.region} does not answer", why(error))]
    told = json_of(request, answer).get("Table", {})
    stands = Seen(True, f"table {name} in {at.place.region}: {told.get('TableStatus', 'it stands')}")
    return [stands, *indexes(told), *(await queried(at)), *skew(answer, now())]


def indexes(told: dict[str, Any]) -> Iterator[Seen]:
    standing = {one["IndexName"]: one for one in told.get("GlobalSecondaryIndexes", [])}
    for index in INDEXES:
        right = is_right(standing.get(index.name), index)
        orders = f" then {index.order}" if index.order else ""
        mend = "" if right else f"make the index {index.name} over {index.field}{orders}, with all fields"
        yield Seen(right, f"index {index.name}", mend)


def is_right(stands: dict[str, Any] | None, index: Index) -> bool:
    schema = (stands or {}).get("KeySchema", [])
    return sorted(map(str, schema)) == sorted(map(str, key_schema(index.field, index.order)))


async def queried(at: DynamoTable) -> list[Seen]:
    """Query an index of `at`, because this right is granted apart from the table and is easily forgotten."""
    try:
        await at.find(SHELF_INDEX, "nobody stands here", limit=1)
    except TableUnavailable:
        return [Seen(False, "the indexes cannot be read", "allow dynamodb:Query on the table's ARN with /index/*")]
    return []


def skew(answer: Answer, now: int) -> list[Seen]:
    """Compare `now` with the Date of `answer`, because leases depend on our own clock."""
    said = answer.headers.get("Date", "")
    if not said:
        return []
    apart = now / SECOND - parsedate_to_datetime(said).timestamp()
    well = -MOST_SKEW <= apart <= MOST_SKEW + 1  # the header has whole seconds only
    return [Seen(well, f"clock: {apart:+.1f} s beside AWS's", "" if well else "let NTP set this machine's clock")]


# -- queue and bucket -----------------------------------------------------------------------------------------------


async def answers(what: str, question: Callable[[], Awaitable[object]], mend: str) -> Seen:
    try:
        await question()
    except Unavailable as unavailable:
        return Seen(False, f"{what} does not answer ({unavailable.cause})", mend)
    return Seen(True, f"{what} answers")


async def queue(queues: Queues, name: str) -> list[Seen]:
    """Check the queue `name`, and count the tickets that wait and the tickets that were put aside."""
    try:
        url = await queues.url(name)
        waiting, aside = await queues.waiting(url), await queues.waiting(await queues.aside(url))
    except Unavailable:
        return [Seen(False, f"queue {name} does not answer", "look at IMAGIFY_AWS__QUEUE, its rights and its redrive")]
    mend = "look why workers died, then `imagify redrive`" if aside else ""
    return [Seen(not aside, f"queue {name}: {waiting} tickets wait, {aside} were put aside", mend)]


# -- the models -----------------------------------------------------------------------------------------------------


async def models(almanac: BedrockAlmanac, painters: Sequence[Model]) -> list[Seen]:
    """Check each model of `painters` in each region of its routes."""
    return [await model(almanac, route) for one in painters for route in one.routes]


async def model(almanac: BedrockAlmanac, route: Route) -> Seen:
    try:
        found = await almanac.life(route)
    except AwsError as error:
        return Seen(False, f"model {route.name} is not to be had", why(error))
    until = f", until {found.ends}" if found.ends else ""
    well = found.status in ("", "ACTIVE")
    mend = "" if well else "Bedrock will end it: give the catalogue its `ends` and a successor"
    return Seen(well, f"model {route.name}: {found.status.lower() or 'known'}{until}", mend)
