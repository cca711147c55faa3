"""Many people chat over their sockets while the house is killed: every prompt ends in one picture or one refusal.

python -m tests.storms.chat PEOPLE PROMPTS KILLS [default]      with `default` the limits of the house stand
"""

import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

from bot.app import audit_home
from tests.storms.chatter import Chatter

SETTLED = 240.0  # seconds after which whoever still waits has waited in vain
WIDE = {
    "IMAGIFY_OPEN_SHEETS": "50",
    "IMAGIFY_GIFT_OPEN_SHEETS": "50",
    "IMAGIFY_PROMPTS_PER_MINUTE": "1000",
    "IMAGIFY_LONGEST_WAIT": "100000",
    "IMAGIFY_GIFT": "50",
    "IMAGIFY_REQUESTS": "1000000",
}
DEFAULT = {"IMAGIFY_GIFT": "50", "IMAGIFY_REQUESTS": "1000000"}


@dataclass(slots=True)
class Verdict:
    """What came of it."""

    people: int
    prompts: int
    kills: int
    pictures: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    violations: int = 0
    seconds: float = 0.0
    ack_p50: float = 0.0
    ack_p99: float = 0.0

    @property
    def clean(self) -> bool:
        return not self.lost and not self.doubled and not self.violations

    def __str__(self) -> str:
        ends = f"{self.pictures} pictures, {self.refused} refused, {len(self.lost)} lost, {len(self.doubled)} doubled"
        acks = f"acknowledged in {1000 * self.ack_p50:.0f} ms (p50), {1000 * self.ack_p99:.0f} ms (p99)"
        said = f"{self.people} people x {self.prompts} prompts, {self.kills} kills"
        return f"{said}: {ends}, {self.violations} violations, {self.seconds:.0f} s, {acks}"


class Lives:
    """The house, begun again after every kill."""

    def __init__(self, home: Path, limits: dict[str, str], pace: float) -> None:
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self._words = [sys.executable, "-P", "-m", "tests.storms.chat_house", str(home), str(port), str(pace)]
        self._environment = {**os.environ, **limits}
        self._process: Popen[bytes] | None = None

    def begin(self) -> None:
        self._process = Popen(  # noqa: S603  our own words
            self._words, env=self._environment, stdout=PIPE, stderr=DEVNULL
        )
        assert self._process.stdout
        assert self._process.stdout.readline().startswith(b"open on"), "the house did not open"

    def memory(self) -> int:
        """What the house takes of this machine, in MiB."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def kill(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()  # and with it its pipe is closed


def free_port() -> int:
    """One that nobody has now; the house takes it again after every kill."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


@asynccontextmanager
async def seated(people: Sequence[Chatter]) -> AsyncIterator[None]:
    pages = [asyncio.create_task(one.live()) for one in people]
    try:
        yield
    finally:
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)


async def run(people: int, prompts: int, kills: int, *, wide: bool = True, seed: int = 1, pace: float = 0.0) -> Verdict:
    """The whole storm in a home of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        lives = Lives(Path(home), WIDE if wide else DEFAULT, pace)
        lives.begin()
        chatters = [Chatter(lives.base, f"p{number}") for number in range(people)]
        try:
            async with seated(chatters):
                await greeted(chatters)
                await stormed(chatters, prompts, lives, kills, random.Random(seed))
                verdict = judged(chatters, prompts, kills)
        finally:
            lives.kill()
        verdict.violations = len((await audit_home(Path(home))).violations)
    verdict.seconds = time.monotonic() - began
    return verdict


async def greeted(people: Sequence[Chatter]) -> None:
    """Everybody has read the notice and agreed."""
    await until(lambda: all(one.button("agree") for one in people))
    for one in people:
        one.press(one.button("agree"))
    await until(lambda: all(len(one.messages) >= 2 for one in people))


async def stormed(people: Sequence[Chatter], prompts: int, lives: Lives, kills: int, lot: random.Random) -> None:
    """Everybody says all they have to say, while the house dies now and again; then all of it comes to an end."""
    saying = [asyncio.create_task(speak(one, prompts, lot.uniform(0, 1))) for one in people]
    for _ in range(kills):
        await asyncio.sleep(lot.uniform(1.5, 4))
        lives.kill()
        lives.begin()
    await asyncio.gather(*saying)
    await until(lambda: not any(one.unacked for one in people) and all(ended(one, prompts) for one in people))


async def speak(one: Chatter, prompts: int, pause: float) -> None:
    for number in range(prompts):
        one.say(words_of(one, number))
        await asyncio.sleep(pause)


def words_of(one: Chatter, number: int) -> str:
    return f"con mèo số {number} của {one.name}"


def ended(one: Chatter, prompts: int) -> bool:
    """As many answers as prompts, and none of them still on its way."""
    answers = list(one.messages.values())[2:]
    return len(answers) >= prompts and not any("⏳" in str(answer["text"]) for answer in answers)


async def until(holds: object) -> None:
    """Bounded, so that a storm that finds something stuck ends and says so."""
    assert callable(holds)
    end = time.monotonic() + SETTLED
    while not holds() and time.monotonic() < end:  # noqa: ASYNC110  sockets fill what it looks at
        await asyncio.sleep(0.2)


def judged(people: Sequence[Chatter], prompts: int, kills: int) -> Verdict:
    verdict = Verdict(len(people), prompts, kills)
    for one in people:
        captions = one.pictures()
        verdict.pictures += len(captions)
        refusals = [text for answer in one.messages.values() if (text := str(answer["text"])).startswith(("✋", "🚶"))]
        verdict.refused += len(refusals)
        for number in range(prompts):
            found = sum(f"“{words_of(one, number)}”" in caption for caption in captions)
            verdict.doubled += [words_of(one, number)] * max(0, found - 1)
        missing = prompts - len(captions) - len(refusals)
        verdict.lost += [one.name] * max(0, missing)
    acked = sorted(seconds for one in people for seconds in one.acked_in)
    verdict.ack_p50, verdict.ack_p99 = acked[len(acked) // 2], acked[len(acked) * 99 // 100]
    return verdict


if __name__ == "__main__":
    verdict = asyncio.run(run(*(int(word) for word in sys.argv[1:4]), wide="default" not in sys.argv))
    sys.stdout.write(f"{verdict}\n")
    sys.exit(not verdict.clean)
