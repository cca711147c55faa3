"""Who follows which topic in this process, and what each of them has yet to hear."""

import asyncio
from collections import deque
from weakref import WeakSet

MOST_WORDS = 100


class Follower:
    """Words in the order they came. One too slow for its buffer misses the oldest, never the newest:
    a word is a hint to look at the table, and the look behind the newest hint sees what the older ones meant.
    """

    def __init__(self) -> None:
        self._words: deque[str] = deque(maxlen=MOST_WORDS)
        self._rung = asyncio.Event()

    def hear(self, word: str) -> None:
        self._words.append(word)
        self._rung.set()

    def __aiter__(self) -> "Follower":
        return self

    async def __anext__(self) -> str:
        while not self._words:
            self._rung.clear()
            await self._rung.wait()
        return self._words.popleft()


class Followers:
    def __init__(self) -> None:
        self._by_topic: dict[str, WeakSet[Follower]] = {}

    @property
    def topics(self) -> set[str]:
        """What somebody follows still."""
        self._by_topic = {topic: them for topic, them in self._by_topic.items() if them}
        return set(self._by_topic)

    def follow(self, topic: str) -> Follower:
        """Followed from this very call; unfollowed when the caller lets go of it."""
        follower = Follower()
        if topic not in self.topics:
            self._by_topic[topic] = WeakSet()
        self._by_topic[topic].add(follower)
        return follower

    def tell(self, topic: str, word: str) -> bool:
        """Whether anybody was there to hear it."""
        them = list(self._by_topic.get(topic, ()))
        for follower in them:
            follower.hear(word)
        return bool(them)
