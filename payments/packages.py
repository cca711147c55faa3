"""Packages – credits for đồng, the tills' fees, and what is on sale."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.errors import CannotStart
from core.remembered import Remembered
from core.table import Change, Key, Table, Value, Write

MILLION = 1_000_000
LEAST_VND, MOST_VND = 10_000, 50_000_000  # what a till takes in one payment
OFFER = Key("SETTING#packages", "META")
LINE = re.compile(r"\s*([\d.]+)\s*(?:đ|d|₫|vnd)?\s*[=:]\s*(\d+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Package:
    vnd: int
    credits: int

    def net(self, till: "Till") -> Fraction:
        """Sum in đồng that one credit brings through `till`."""
        return Fraction(self.vnd * (MILLION - till.fee), MILLION * self.credits)


@dataclass(frozen=True, slots=True)
class Till:
    """Till, with the `fee`: the share that the gateway keeps, in parts per million."""

    name: str
    fee: int


PACKAGES = (Package(20_000, 20), Package(50_000, 55), Package(100_000, 120), Package(200_000, 260))
# Guesses on the safe side until the contract is known. A package costs enough Stars to pay for all of it (`in_stars`).
# The fee counted for Stars covers a payout that is worth less by the day it comes.
TILLS = (Till("vnpay", 20_000), Till("stars", 20_000))
# A guess on the safe side: Telegram pays out a Star at about 0.013 dollars, in a currency that rises and falls.
VND_PER_STAR = 300


def lowest_net_per_credit(packages: Iterable[Package], tills: Iterable[Till]) -> Fraction:
    """Least sum in đồng that a credit can bring, from which prices are made."""
    tills = list(tills)
    return min(package.net(till) for package in packages for till in tills)


def in_stars(vnd: int, vnd_per_star: int) -> int:
    """Stars that bring at least `vnd`."""
    return -(-vnd // vnd_per_star)


def read_packages(text: str) -> tuple[Package, ...]:
    """Packages from a setting, `20.000đ = 20, 50.000đ = 55`, the smallest first. Raises CannotStart."""
    packages = sorted(read_package(part) for part in text.split(",") if part.strip())
    if not packages:
        raise CannotStart("IMAGIFY_PACKAGES names no package; write for example 20.000đ = 20, 50.000đ = 55.")
    if len({package.vnd for package in packages}) < len(packages):
        raise CannotStart("IMAGIFY_PACKAGES sells two packages at one price; each needs a price of its own.")
    return tuple(packages)


def read_package(text: str) -> Package:
    match = LINE.fullmatch(text)
    if match is None:
        raise CannotStart(f"IMAGIFY_PACKAGES has {text.strip()!r}; a package is written 20.000đ = 20.")
    package = Package(int(match[1].replace(".", "") or 0), int(match[2]))
    if not LEAST_VND <= package.vnd <= MOST_VND or package.credits < 1:
        raise CannotStart(
            f"IMAGIFY_PACKAGES has {text.strip()!r}; a package costs {LEAST_VND} to {MOST_VND} đồng and has a credit."
        )
    return package


def spelled(packages: Iterable[Package]) -> str:
    """Setting that reads back as `packages`."""
    return ", ".join(f"{package.vnd}={package.credits}" for package in packages)


def costing(packages: Iterable[Package], vnd: int) -> Package | None:
    """Package with the price `vnd`, or None if no longer sold."""
    return next((package for package in packages if package.vnd == vnd), None)


def covering(packages: Sequence[Package], credits_: int) -> list[Package]:
    """Packages with at least so many credits, the cheapest first."""
    return sorted(package for package in packages if package.credits >= credits_)


def best_value(packages: Sequence[Package]) -> Package:
    """Package with the cheapest credits."""
    return min(packages, key=lambda package: Fraction(package.vnd, package.credits))


class Offer:
    """Packages on sale: from the setting, until an admin chooses others."""

    def __init__(self, table: Table, set_: Sequence[Package], remembered: Remembered | None = None) -> None:
        self._table, self._set, self._remembered = table, tuple(set_), remembered

    async def packages(self) -> tuple[Package, ...]:
        row = await self._table.get(OFFER)
        return read_packages(row.text("packages")) if row and row.text("packages") else self._set

    async def shown(self) -> tuple[Package, ...]:
        """Packages to show to people, perhaps some minutes old. For taking money use `packages`."""
        if self._remembered is None:
            return await self.packages()
        return read_packages(str(await self._remembered.of("sold", self._spelled)))

    async def _spelled(self) -> Value:
        return spelled(await self.packages())

    async def say(self, packages: Iterable[Package], *also: Write) -> None:
        """Sell `packages` from now on, or the setting's if empty."""
        said = spelled(packages)
        await self._table.write(Change(OFFER, set={"packages": said}, or_create=True), *also)
        await self.show_anew()

    async def show_anew(self) -> None:
        """Forget the cached packages after a change."""
        if self._remembered:
            await self._remembered.forget()
