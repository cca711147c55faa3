"""Limits – how much one person, one address and one day may ask for.

Plain values and checks: the counts come from the caller or the cache.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from core.cache import Cache
from core.clock import DAY, HOUR, MINUTE, SECOND
from core.errors import BadFlag, QueueTooLong, TooManyOpen, TooOften


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the house, each a setting."""

    open_sheets: int = 2
    gift_open_sheets: int = 1  # for a person who never paid
    jobs_in_sheet: int = 4
    prompts_per_minute: int = 10
    prompts_at_once: int = 5
    checkouts_per_ten_minutes: int = 6
    requests_per_five_minutes: int = 1_000  # for one address
    longest_wait: int = 600  # seconds in the queue; a longer wait is refused before credits are held
    give_up: int = 1_800  # seconds after which an order that could not be painted is closed and its credits freed
    descriptions_per_day: int = 10
    uploads_per_day: int = 100
    spend_per_day_paid: int = 0  # US cents that painting for people who paid may cost us; 0: no cap
    spend_per_day_gift: int = 0  # and for people who never paid
    stand_in_per_day: int = 0  # US cents that dearer stand-ins may cost above the ordered model; 0: no stand-ins
    gift_credits_per_hour: int = 500
    gift_credits_per_day: int = 3_000

    def check_open(self, open_: Mapping[str, int], *, gift_only: bool) -> None:
        """Check that one more sheet may open. `open_` maps each sheet to the jobs left. Raises TooManyOpen."""
        most = self.gift_open_sheets if gift_only else self.open_sheets
        sheets = sum(jobs > 0 for jobs in open_.values())
        if sheets >= most:
            raise TooManyOpen(sheets, most)

    def check_jobs(self, count: int) -> None:
        """Check that `count` pictures may be ordered together. Raises BadFlag."""
        if not 1 <= count <= self.jobs_in_sheet:
            raise BadFlag("--n", str(count), [str(jobs + 1) for jobs in range(self.jobs_in_sheet)])

    def check_wait(self, seconds: int) -> None:
        """Check that a wait of `seconds` is acceptable. Raises QueueTooLong."""
        if seconds > self.longest_wait:
            raise QueueTooLong(seconds)

    def check_gifts(self, amount: int, *, hour: int, today: int, now: int) -> None:
        """Check that a gift of `amount` fits the budget, with `hour` and `today` already given. Raises TooOften."""
        if today + amount > self.gift_credits_per_day:
            raise TooOften(seconds_left(now, DAY))
        if hour + amount > self.gift_credits_per_hour:
            raise TooOften(seconds_left(now, HOUR))

    async def take_prompt(self, cache: Cache, person: str) -> None:
        """Count one prompt of `person`. Raises TooOften."""
        per_second = self.prompts_per_minute * SECOND / MINUTE
        await take(cache, f"prompts:{person}", per_second, self.prompts_at_once)

    async def take_checkout(self, cache: Cache, person: str) -> None:
        """Count one new order of `person`. Raises TooOften."""
        per_second = self.checkouts_per_ten_minutes * SECOND / (10 * MINUTE)
        await take(cache, f"checkouts:{person}", per_second, self.checkouts_per_ten_minutes)

    async def take_description(self, cache: Cache, person: str) -> None:
        """Count one description for `person`. Raises TooOften."""
        per_second = self.descriptions_per_day * SECOND / DAY
        await take(cache, f"descriptions:{person}", per_second, self.descriptions_per_day)

    async def take_upload(self, cache: Cache, person: str) -> None:
        """Count one upload of `person`. Raises TooOften."""
        per_second = self.uploads_per_day * SECOND / DAY
        await take(cache, f"uploads:{person}", per_second, self.uploads_per_day)

    async def take_request(self, cache: Cache, address: str) -> None:
        """Count one request from `address`. Raises TooOften."""
        per_second = self.requests_per_five_minutes * SECOND / (5 * MINUTE)
        await take(cache, f"requests:{address}", per_second, self.requests_per_five_minutes)


async def take(cache: Cache, bucket: str, per_second: float, burst: int) -> None:
    wait = await cache.take(bucket, per_second, burst)
    if wait > 0:
        raise TooOften(ceil(wait))


def seconds_left(now: int, span: int) -> int:
    """Seconds until the present `span` (an hour or a day) is over."""
    return -(-(span - now % span) // SECOND)
