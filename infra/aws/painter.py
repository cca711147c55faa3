"""Bedrock painter – calls one Bedrock model once: a picture or an error with the reason.

No call is sent twice here: a call that seemed to fail may have been billed, and only the router knows what may be paid
for again.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.errors import Declined, Unavailable
from core.models import Route
from core.painter import Picture
from core.prompts import Prompt
from core.provenance import Kind, kind_of
from infra.aws.bedrock import aside, failure, model_request
from infra.aws.briefs import brief_of
from infra.aws.call import AwsError, Bounds, Place, Request, Road

CONNECT = 5.0  # seconds
GRACE = 5.0  # seconds longer than the route allows, so that the router's timeout comes first, with its better reason
MOST_SENT = 25_000_000  # bytes that Bedrock takes at most
MOST_RECEIVED = 16_800_000  # bytes that Bedrock gives at most
MIMES: Mapping[Kind, str] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
NOT_ITS_FAULT = "Inference error"  # stands among the filters' reasons, but is no filter


class BedrockPainter:
    def __init__(self, road: Road, places: Callable[[str], Place]) -> None:
        self._road, self._places = road, places

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:
        request = await self._request(prompt, route, source)
        try:
            answer = await self._road.send(request)
        except AwsError as error:
            raise failure(error) from error
        return await aside(len(answer.body), developed, answer.body, prompt.seed)

    async def _request(self, prompt: Prompt, route: Route, source: bytes) -> Request:
        body = await aside(len(source), written, prompt, route.vendor_model, source)
        if len(body) > MOST_SENT:
            raise Declined("the picture is too large", billed="no")
        bounds = Bounds(CONNECT, route.timeout + GRACE, MOST_SENT, MOST_RECEIVED)
        return model_request(replace(self._places(route.region), bounds=bounds), "invoke", route.vendor_model, body)


def written(prompt: Prompt, vendor_model: str, source: bytes) -> bytes:
    return json.dumps(brief_of(vendor_model).body(prompt, source)).encode()


def developed(body: bytes, seed: int) -> Picture:
    """Picture in the answer `body`. Raises Declined if a filter kept it back, else Unavailable."""
    answer = read(body)
    if reason := withheld(answer):
        raise Declined(reason, billed="unknown")
    match answer.get("images"):
        case [str(text), *_]:
            data = decoded(text)
        case _:
            raise broken()
    kind = kind_of(data)
    if kind is None:
        raise broken()
    match answer.get("seeds"):
        case [int(used), *_]:
            seed = used
    return Picture(data, MIMES[kind], seed)


def read(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise broken()
    return answer


def withheld(answer: Mapping[str, Any]) -> str:
    """Reason why a picture was kept back: Stability's `answer` has one for each picture, Amazon's one error for all."""
    reasons = answer.get("finish_reasons")
    given = [*(reasons if isinstance(reasons, list) else [reasons]), answer.get("error")]
    reason = next((str(one) for one in given if one is not None), "")
    if reason == NOT_ITS_FAULT:
        raise broken()
    return reason


def decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise broken() from None


def broken() -> Unavailable:
    """Unavailable for an answer of no use, which may have been billed all the same."""
    return Unavailable("broken", "unknown")
