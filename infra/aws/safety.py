"""Rekognition judge – refuses pictures by their moderation labels.

A picture that could not be judged is neither shown nor thrown away, but waits (`core/sitting.py`).
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.darkroom import Darkroom
from core.errors import Blocked, Unavailable
from infra.aws.bedrock import aside, unpaid
from infra.aws.call import AwsError, Bounds, Place, Request, Road, json_request
from infra.aws.eyes import Eyes

BOUNDS = Bounds(read=10.0, sent=7_200_000, received=1_000_000)
MOST_BYTES, MOST_SIDE = 5_242_880, 10_000  # of a picture within a request
AT_LEAST = 70.0  # of 100: the least confidence that counts

# Labels of any level, each with the group of core/rules.toml that it breaks. Labels not listed are allowed here:
# swimwear and kisses, wine, card games, and weapons, since a toy looks like one (the rules for words are stricter).
GROUPS: Mapping[str, str] = {
    "Explicit": "sexual",
    "Explicit Nudity": "sexual",
    "Explicit Sexual Activity": "sexual",
    "Sex Toys": "sexual",
    "Exposed Female Nipple": "sexual",
    "Obstructed Intimate Parts": "sexual",
    "Graphic Violence": "gore",
    "Graphic Violence Or Gore": "gore",  # the name before version 7
    "Blood & Gore": "gore",
    "Self-Harm": "gore",
    "Self Injury": "gore",  # the name before version 7
    "Visually Disturbing": "gore",
    "Death and Emaciation": "gore",
    "Corpses": "gore",
    "Hanging": "gore",
    "Hate Symbols": "hate",
    "Nazi Party": "hate",
    "White Supremacy": "hate",
    "Extremist": "hate",
}


class RekognitionJudge:
    def __init__(self, road: Road, place: Place, darkroom: Darkroom, *, at_least: float = AT_LEAST) -> None:
        self._road, self._place, self._at_least = road, replace(place, bounds=BOUNDS), at_least
        self._eyes = Eyes(darkroom, ("JPEG", "PNG"), MOST_BYTES, MOST_SIDE)

    async def judge(self, picture: bytes) -> None:
        """Judge `picture`. Raises Blocked, or Unavailable if Rekognition gave no answer."""
        shown, _ = await self._eyes.fitted(picture)
        request = await aside(len(shown), self._request, shown)
        try:
            answer = await self._road.send(request)
        except AwsError as error:
            raise unpaid(error) from error
        for label in labels(answer.json()):
            if label in GROUPS:
                raise Blocked(GROUPS[label], label)

    def _request(self, picture: bytes) -> Request:
        asked = {"Image": {"Bytes": b64encode(picture).decode()}, "MinConfidence": self._at_least}
        return json_request(self._place, "RekognitionService", "DetectModerationLabels", asked, version="1.1")


def labels(answer: Mapping[str, Any] | None) -> Iterator[str]:
    """Names of the labels in `answer`, the most exact first, so that a refusal is as precise as possible."""
    match answer:
        case {"ModerationLabels": [*found]} if all(isinstance(one, dict) and "Name" in one for one in found):
            names = sorted(found, key=lambda one: -int(one.get("TaxonomyLevel") or 0))
            return iter([str(one["Name"]) for one in names])
    raise Unavailable("broken", "no")
