"""Prices – sets the price of a picture so that every package and till keeps the margin.

    price = ceil(cost in USD x VND per USD x (1 + margin + fees) / the lowest net dong a credit brings), at least 1

Whole numbers and fractions only. Shares are parts per million.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from core.models import Model

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of the price rule. `net`: what a credit brings at least, in đồng, after the till's fee."""

    net: Fraction
    vnd_per_usd: int = 26_000
    margin: int = 500_000
    fees: int = 30_000  # reading, translating and judging beside the painting, as a share of its cost

    def cost(self, usd_micros: int) -> Fraction:
        """Cost of a painting for us, in đồng."""
        return Fraction(usd_micros * self.vnd_per_usd, MILLION)

    def due(self, usd_micros: int) -> Fraction:
        """Sum in đồng that a painting of this cost has to bring: cost, fees and margin."""
        return self.cost(usd_micros) * (MILLION + self.margin + self.fees) / MILLION

    def price(self, usd_micros: int) -> int:
        """Price in credits of a painting that costs us `usd_micros`."""
        return max(1, ceil(self.due(usd_micros) / self.net))


def price(model: Model, rates: Rates) -> int:
    """Price in credits of one picture by `model`."""
    return rates.price(model.usd_micros) if model.credits is None else model.credits


def margin(usd_micros: int, credits_: int, net: Fraction, vnd_per_usd: int) -> Fraction | None:
    """Profit on a picture above its cost, as a share of the cost, or None where the picture costs nothing."""
    cost = Fraction(usd_micros * vnd_per_usd, MILLION)
    return credits_ * net / cost - 1 if cost else None
