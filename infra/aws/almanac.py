"""Bedrock almanac – asks the region that paints on which day a model ends.

The answer comes from GetFoundationModel of Bedrock's control plane.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from core.errors import Unavailable
from core.models import Route
from infra.aws.call import AwsError, Place, Request, Road, json_of

OF_PLACES = "us."  # an inference profile's name begins with the area where it may run, the model's own name does not


@dataclass(frozen=True, slots=True)
class Life:
    status: str  # ACTIVE or LEGACY
    ends: date | None


class BedrockAlmanac:
    def __init__(self, road: Road, places: Callable[[str], Place]) -> None:
        """Take `places`, which gives the control plane's address for a region."""
        self._road, self._places = road, places

    async def ends(self, route: Route) -> date | None:
        """Day from which the model of `route` is gone, or None where no day is set. Raises Unavailable."""
        try:
            return (await self.life(route)).ends
        except AwsError as error:
            raise Unavailable("outage", "no") from error

    async def life(self, route: Route) -> Life:
        """Status and last day of the model of `route`. Raises AwsError."""
        name = quote(route.vendor_model.removeprefix(OF_PLACES), safe="")
        asked = Request(
            self._places(route.region), "GetFoundationModel", method="GET", path=f"/foundation-models/{name}"
        )
        told = json_of(asked, await self._road.send(asked)).get("modelDetails", {}).get("modelLifecycle", {})
        return Life(str(told.get("status", "")), day_of(told.get("endOfLifeTime")))


def day_of(told: object) -> date | None:
    """Date in `told`, which has seconds or text depending on the protocol, or None if unreadable."""
    try:
        if isinstance(told, int | float):
            return date.fromordinal(date(1970, 1, 1).toordinal() + int(told) // 86_400)
        return date.fromisoformat(told[:10]) if isinstance(told, str) else None
    except ValueError:
        return None
