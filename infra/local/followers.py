"""Followers – topics followed in this process, and the words each follower has yet to hear."""

import asyncio
from collections import deque
from weakref import WeakSet

MOST_WORDS = 100


class Follower:
    """Words of one topic in order. A reader too slow for the buffer misses the oldest words, never the newest.

    A word is a hint to look at the table, and a look after the newest hint also sees the changes of older hints.
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
        """Topics that still have followers."""
        self._by_topic = {topic: them for topic, them in self._by_topic.items() if them}
        return set(self._by_topic)

    def follow(self, topic: str) -> Follower:
        """Follow `topic` from this call on, until the caller drops the Follower."""
        follower = Follower()
        if topic not in self.topics:
            self._by_topic[topic] = WeakSet()
        self._by_topic[topic].add(follower)
        return follower

    def tell(self, topic: str, word: str) -> bool:
        """Give `word` to the followers of `topic`, and return True if there are any."""
        them = list(self._by_topic.get(topic, ()))
        for follower in them:
            follower.hear(word)
        return bool(them)
