"""What Bedrock says of its models' lives: asked of the region that paints, in the words of its control plane."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from core.errors import Unavailable
from core.models import Route
from infra.aws.call import AwsError, Place, Request, Road, json_of

OF_PLACES = "us."  # a profile's name begins with where it may run; the model's own does not


@dataclass(frozen=True, slots=True)
class Life:
    status: str  # ACTIVE or LEGACY
    ends: date | None


class BedrockAlmanac:
    def __init__(self, road: Road, places: Callable[[str], Place]) -> None:
        """`places`: where the control plane of a region answers."""
        self._road, self._places = road, places

    async def ends(self, route: Route) -> date | None:
        """The day from which it is gone; nothing where none is set. Raises Unavailable."""
        try:
            return (await self.life(route)).ends
        except AwsError as error:
            raise Unavailable("outage", "no") from error

    async def life(self, route: Route) -> Life:
        """Raises AwsError."""
        name = quote(route.vendor_model.removeprefix(OF_PLACES), safe="")
        asked = Request(
            self._places(route.region), "GetFoundationModel", method="GET", path=f"/foundation-models/{name}"
        )
        told = json_of(asked, await self._road.send(asked)).get("modelDetails", {}).get("modelLifecycle", {})
        return Life(str(told.get("status", "")), day_of(told.get("endOfLifeTime")))


def day_of(told: object) -> date | None:
    """A moment comes as seconds or as text, by protocol; what cannot be read is no date."""
    try:
        if isinstance(told, int | float):
            return date.fromordinal(date(1970, 1, 1).toordinal() + int(told) // 86_400)
        return date.fromisoformat(told[:10]) if isinstance(told, str) else None
    except ValueError:
        return None
