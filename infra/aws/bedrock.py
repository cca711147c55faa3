"""Bedrock – shared by painter and scribe: the address, the request, the meaning of errors."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, ParamSpec, TypeVar
from urllib.parse import quote

from core.errors import Cause, Declined, Unavailable
from infra.aws.call import HEAVY, AwsError, Bounds, ErrorAnswer, NoAnswer, NoKeys, Place, Request, place

P = ParamSpec("P")
T = TypeVar("T")

BAD_REQUEST = "bad request"
FILTERED = "content filter"
OPERATIONS = {"invoke": "InvokeModel", "converse": "Converse", "converse-stream": "ConverseStream"}


@dataclass(frozen=True, slots=True)
class Meaning:
    cause: Cause
    billed: Literal["no", "unknown"]


BUSY = Meaning("throttled", "no")
AWAY = Meaning("outage", "no")
BROKE = Meaning("outage", "unknown")
MISUSED = Meaning("misconfigured", "no")
STATUSES: Mapping[int, Meaning] = {
    401: MISUSED,
    403: MISUSED,
    404: MISUSED,
    408: Meaning("timeout", "unknown"),
    424: BROKE,
    429: BUSY,
    503: AWAY,
}
# AWS's JSON protocol sends these with status 400.
CODES: Mapping[str, Meaning] = {
    "ThrottlingException": BUSY,
    "ServiceQuotaExceededException": BUSY,
    "ProvisionedThroughputExceededException": BUSY,
    "AccessDeniedException": MISUSED,
    "UnrecognizedClientException": MISUSED,
    "InvalidSignatureException": MISUSED,
    "ExpiredTokenException": MISUSED,
}
SAID: Mapping[str, Meaning] = {"model identifier is invalid": MISUSED, "on-demand throughput": MISUSED}
BLOCKED = "content filters"


def runtime(region: str, endpoint: str = "", bounds: Bounds | None = None) -> Place:
    """Place where the models of `region` are called: signed as `bedrock`, at the address of `bedrock-runtime`."""
    return place("bedrock", region, endpoint or f"https://bedrock-runtime.{region}.amazonaws.com", bounds)


def model_request(to: Place, verb: str, model: str, body: bytes) -> Request:
    path = f"/model/{quote(model, safe='')}/{verb}"
    return Request(to, OPERATIONS[verb], body, path=path, headers={"Content-Type": "application/json"})


def failure(error: AwsError) -> Unavailable | Declined:
    """Translate `error` of a model call into Unavailable or Declined, which say if the call may be billed."""
    if isinstance(error, ErrorAnswer):
        return refusal(error)
    if isinstance(error, NoAnswer):
        return Unavailable(unanswered(error), "unknown")
    if isinstance(error, NoKeys):
        return Unavailable("misconfigured", "no")
    return Unavailable("outage", "no")


def unpaid(error: AwsError) -> Unavailable | Declined:
    """Translate `error` of a call beside the painting: no picture has been paid for, and no picture is to blame."""
    failed = failure(error)
    if isinstance(failed, Unavailable):
        return Unavailable(failed.cause, "no", failed.retry_after)
    return failed if failed.reason == FILTERED else Unavailable("broken", "no")


def unanswered(error: NoAnswer) -> Cause:
    """Cause of a missing answer: a timeout, an outage, or `broken` if the answer cannot be read."""
    if error.__cause__ is None:
        return "broken"
    return "timeout" if isinstance(error.__cause__, TimeoutError) else "outage"


def refusal(error: ErrorAnswer) -> Unavailable | Declined:
    """Translate the refusal `error`: Unavailable if service or setup are at fault, Declined if the request is."""
    said = error.message.lower()
    meaning = CODES.get(error.code) or STATUSES.get(error.status)
    meaning = meaning or next((meaning for words, meaning in SAID.items() if words in said), None)
    if meaning is None and error.status >= 500:
        meaning = BROKE
    if meaning is None and error.status < 400:
        meaning = MISUSED
    if meaning:
        return Unavailable(meaning.cause, meaning.billed, error.retry_after)
    return Declined(FILTERED if BLOCKED in said else BAD_REQUEST, billed="no")


async def aside(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` at once if `size` is small, else in a thread, so that the loop is not blocked."""
    if size > HEAVY:
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)
