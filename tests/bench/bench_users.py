"""Many people at their pages at once: how long each step takes them, from the word to the picture.

./dev bench --users 200

Prompts leave at fixed moments whatever the house does (open loop), so a slow answer is not hidden by a slow question.
Painting takes no time here: everything that is measured is ours.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.storms.chat import WIDE, Lives, ended, greeted, seated, until, words_of
from tests.storms.chatter import Chatter

MS = 1_000
GOOD, FAIR = 1.0, 2.0  # shares of the aim


@dataclass(frozen=True, slots=True)
class Step:
    """One step of everybody's way, and what it should take at most, in milliseconds (p99)."""

    name: str
    took: Sequence[float]
    aim: float

    def line(self) -> str:
        took = sorted(MS * one for one in self.took) or [0.0]
        p50, p95, p99 = (took[min(len(took) - 1, len(took) * part // 100)] for part in (50, 95, 99))
        return f"{self.name:34} {len(took):6} {p50:9.1f} {p95:9.1f} {p99:9.1f}  {self._rating(p99)}"

    def _rating(self, p99: float) -> str:
        share = p99 / self.aim
        rating = "good" if share <= GOOD else "fair" if share <= FAIR else "slow"
        return f"{rating} (aim {self.aim:.0f})"


async def measure(users: int, rate: float = 50, seconds: float = 20) -> str:
    with tempfile.TemporaryDirectory() as home:
        lives = Lives(Path(home), {**WIDE, "IMAGIFY_GIFT": "1000"}, 0.0)
        lives.begin()
        people = [Chatter(lives.base, f"p{number}") for number in range(users)]
        try:
            async with seated(people):
                await greeted(people)
                counts = await prompted(people, rate, seconds)
                await until(lambda: all(ended(one, counts[one.name]) for one in people))
                return told(people, rate, lives.memory())
        finally:
            lives.kill()


async def prompted(people: Sequence[Chatter], rate: float, seconds: float) -> Mapping[str, int]:
    """One prompt at a time from one after the other, at moments that were fixed before."""
    counts = dict.fromkeys((one.name for one in people), 0)
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        one = people[number % len(people)]
        one.say(words_of(one, counts[one.name]))
        counts[one.name] += 1
    return counts


def told(people: Sequence[Chatter], rate: float, memory: int) -> str:
    steps = (
        Step("page open to first words", [one.greeted_in for one in people if one.greeted_in], 1_000),
        Step("word sent to acknowledged", [took for one in people for took in one.acked_in], 50),
        Step("word sent to its place shown", [took for one in people for took in one.placed_in], 250),
        Step("word sent to its picture shown", [took for one in people for took in one.pictured_in], 1_000),
    )
    head = f"{len(people)} people, {rate:.0f} prompts a second, painting takes no time; milliseconds"
    names = f"{'step':34} {'count':>6} {'p50':>9} {'p95':>9} {'p99':>9}"
    return "\n".join([head, names, *(step.line() for step in steps), f"memory of the house: {memory} MiB"])
