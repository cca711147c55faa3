"""The catalogue of models: what each can do, what it costs, where it runs and when it ends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """One way to have a model paint: this vendor, in this region, at this cost."""

    name: str
    model: str  # the catalogue's name of the model it paints as
    vendor: str  # "pocket" or "bedrock"
    vendor_model: str
    region: str
    usd_micros: int
    languages: tuple[str, ...] = ()  # () = any; ("en",) = the words must be English
    timeout: float = 120.0  # seconds
    in_flight: int = 4
