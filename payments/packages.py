"""Packages: so many credits for so many đồng; tills, and what they keep of it."""

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
        """What one of its credits brings through this till, in đồng."""
        return Fraction(self.vnd * (MILLION - till.fee), MILLION * self.credits)


@dataclass(frozen=True, slots=True)
class Till:
    """A way to pay, and the share it keeps, in parts per million."""

    name: str
    fee: int


PACKAGES = (Package(20_000, 20), Package(50_000, 55), Package(100_000, 120), Package(200_000, 260))
# Guesses on the safe side until the contract is known. A package costs as many Stars as pay for all of it (`in_stars`);
# what is counted as kept of them is for a payout that is worth less by the day it comes.
TILLS = (Till("vnpay", 20_000), Till("stars", 20_000))
# A guess on the safe side: Telegram pays out a Star at about 0.013 dollars, in a currency that rises and falls.
VND_PER_STAR = 300


def lowest_net_per_credit(packages: Iterable[Package], tills: Iterable[Till]) -> Fraction:
    """The least a credit can bring, in đồng: what prices must be made from."""
    tills = list(tills)
    return min(package.net(till) for package in packages for till in tills)


def in_stars(vnd: int, vnd_per_star: int) -> int:
    """As many as bring at least that much."""
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
    """The setting that reads back as these packages."""
    return ", ".join(f"{package.vnd}={package.credits}" for package in packages)


def costing(packages: Iterable[Package], vnd: int) -> Package | None:
    """The package of that price, if it is still sold."""
    return next((package for package in packages if package.vnd == vnd), None)


def covering(packages: Sequence[Package], credits_: int) -> list[Package]:
    """The packages that bring at least so many credits, the cheapest first."""
    return sorted(package for package in packages if package.credits >= credits_)


def best_value(packages: Sequence[Package]) -> Package:
    """The package with the cheapest credits."""
    return min(packages, key=lambda package: Fraction(package.vnd, package.credits))


class Offer:
    """What is sold today: as it is set, until an admin says otherwise."""

    def __init__(self, table: Table, set_: Sequence[Package], remembered: Remembered | None = None) -> None:
        self._table, self._set, self._remembered = table, tuple(set_), remembered

    async def packages(self) -> tuple[Package, ...]:
        row = await self._table.get(OFFER)
        return read_packages(row.text("packages")) if row and row.text("packages") else self._set

    async def shown(self) -> tuple[Package, ...]:
        """As people are shown it, perhaps some minutes old; whoever takes money asks for `packages`."""
        if self._remembered is None:
            return await self.packages()
        return read_packages(str(await self._remembered.of("sold", self._spelled)))

    async def _spelled(self) -> Value:
        return spelled(await self.packages())

    async def say(self, packages: Iterable[Package], *also: Write) -> None:
        """From now on these; none: as it is set."""
        said = spelled(packages)
        await self._table.write(Change(OFFER, set={"packages": said}, or_create=True), *also)
        await self.show_anew()

    async def show_anew(self) -> None:
        """What is shown is not what is sold any more."""
        if self._remembered:
            await self._remembered.forget()
