"""People at their pages on the AWS wing, who remember what they said and see what became of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from tests.storms.chatter import Chatter
from tests.storms.waiting import until

SETTLED = 240.0  # seconds after which whoever still waits has waited in vain
OURS = "Có lỗi ở phía Imagify"  # what is said where our own code failed
GREETINGS = 2  # messages before the first answer
NO_PICTURE = ("😔", "✋", "🚶")


@dataclass(slots=True)
class Crowd:
    people: list[Chatter]
    lot: Random
    said: dict[str, Chatter] = field(default_factory=dict)  # by the words, which nobody says twice

    def speak(self, one: Chatter) -> None:
        words = f"con mèo số {len(self.said)} của {one.name}"
        self.said[words] = one
        one.say(words)

    async def chat(self, pause: float) -> None:
        """Everybody goes on speaking, now one and now another, until cancelled."""
        while True:
            self.speak(self.people[len(self.said) % len(self.people)])
            await asyncio.sleep(self.lot.uniform(0.5, 1.5) * pause)

    def prompts(self, one: Chatter) -> list[str]:
        return [words for words, who in self.said.items() if who is one]

    def answers(self, one: Chatter) -> list[str]:
        return [str(frame["text"]) for frame in list(one.messages.values())[GREETINGS:]]

    def settled(self) -> bool:
        """Everything is acknowledged, and answered with something that stays."""
        return all(self._settled(one) for one in self.people)

    def _settled(self, one: Chatter) -> bool:
        answers = self.answers(one)
        enough = len(answers) >= len(self.prompts(one)) and not one.unacked
        return enough and not any("⏳" in answer for answer in answers)

    async def settles(self) -> None:
        await until(self.settled, SETTLED)

    def pictures(self) -> int:
        return sum(len(one.pictures()) for one in self.people)

    def refused(self) -> int:
        return sum(answer.startswith(NO_PICTURE) for one in self.people for answer in self.answers(one))

    def wrong(self) -> list[str]:
        """Words with two pictures, or with no end."""
        told = []
        for one in self.people:
            captions, answers = one.pictures(), self.answers(one)
            shown = Counter(words for words in self.prompts(one) for caption in captions if f"“{words}”" in caption)
            told += [f"{count} pictures: {words}" for words, count in shown.items() if count > 1]
            ends = len(captions) + sum(answer.startswith(NO_PICTURE) for answer in answers)
            if ends != len(self.prompts(one)):
                told.append(f"{one.name} has {ends} ends for {len(self.prompts(one))} prompts")
            told += [f"our own fault: {answer}" for answer in answers if OURS in answer]
        return told


@asynccontextmanager
async def crowd(url: str, people: int, seed: int) -> AsyncIterator[Crowd]:
    """So many, who have agreed to the notice."""
    ours = Crowd([Chatter(url, f"p{number}") for number in range(people)], Random(seed))
    pages = [asyncio.create_task(one.live()) for one in ours.people]
    try:
        await until(lambda: all(one.button("agree") for one in ours.people), SETTLED)
        for one in ours.people:
            one.press(one.button("agree"))
        await until(lambda: all(len(one.messages) >= GREETINGS for one in ours.people), SETTLED)
        yield ours
    finally:
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
