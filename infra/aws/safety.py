"""Who looks at pictures on AWS: Rekognition's moderation labels, read by what we refuse to draw.

It fails closed: a picture that could not be looked at is neither shown nor thrown away, it waits (`core/sitting.py`).
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
MOST_BYTES, MOST_SIDE = 5_242_880, 10_000  # of a picture that is sent along
AT_LEAST = 70.0  # of 100; how sure it must be

# Its labels, of the first level or below it, and the group of core/rules.toml that each breaks. What is not listed is
# drawn here: swimwear and kisses, weapons and wine, a game of cards.
GROUPS: Mapping[str, str] = {
    "Explicit": "sexual",
    "Explicit Nudity": "sexual",
    "Explicit Sexual Activity": "sexual",
    "Sex Toys": "sexual",
    "Exposed Female Nipple": "sexual",
    "Obstructed Intimate Parts": "sexual",
    "Graphic Violence": "gore",
    "Graphic Violence Or Gore": "gore",  # its name before the seventh version
    "Blood & Gore": "gore",
    "Self-Harm": "gore",
    "Self Injury": "gore",  # before the seventh version
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
        """Raises Blocked; Unavailable where nobody could look."""
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
    """The names it found, the more exact ones first, so that a refusal says as much as is known."""
    match answer:
        case {"ModerationLabels": [*found]} if all(isinstance(one, dict) and "Name" in one for one in found):
            names = sorted(found, key=lambda one: -int(one.get("TaxonomyLevel") or 0))
            return iter([str(one["Name"]) for one in names])
    raise Unavailable("broken", "no")
