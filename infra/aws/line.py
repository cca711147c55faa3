"""Line – one Redis connection per process for all followed topics, joined anew when broken."""

import asyncio
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from core.chance import Chance
from core.clock import Clock
from infra.local.followers import Follower, Followers

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.asyncio.client import PubSub

QUIET = 15.0  # seconds without a message until a ping; after twice that the connection counts as broken
PAUSE = 2.0  # seconds at most before the connection is joined anew
OURS = "line"  # always subscribed, because a connection without a subscription cannot be listened to
AWAY = (RedisError, OSError, TimeoutError)


class Line:
    def __init__(self, redis: "Redis", place: str, clock: Clock, chance: Chance, quiet: float = QUIET) -> None:
        """Take `place`, the prefix of our topics on the server."""
        self._redis, self._place = redis, place
        self._clock, self._chance, self._quiet = clock, chance, quiet
        self._followers = Followers()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.faults = 0

    def follow(self, topic: str) -> Follower:
        """Follow `topic` from now on, where the first follower opens the connection."""
        follower = self._followers.follow(topic)
        self._changed.set()
        self._task = self._task or asyncio.create_task(self._run())
        return follower

    def tell(self, topic: str, word: str) -> None:
        """Give `word` to the followers of `topic` in this process."""
        if not self._followers.tell(topic, word):
            self._changed.set()  # all its followers have stopped

    async def close(self) -> None:
        self._closed = True
        if self._task:
            self._task.cancel()
            await asyncio.wait((self._task,))

    async def _run(self) -> None:
        while True:
            try:
                await self._joined()
            except* AWAY:
                self.faults += 1
            if self._closed:  # if the connection broke while closing, its error has replaced the cancellation
                return
            await self._clock.sleep(PAUSE / 2 + self._chance.below(PAUSE / 2))

    async def _joined(self) -> None:
        async with self._redis.pubsub() as line:
            topics = await self._subscribed(line, set())
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(line))
                group.create_task(self._keep_up(line, topics))

    async def _keep_up(self, line: "PubSub", topics: set[str]) -> None:
        """Keep the subscriptions of `line` equal to the followed topics, as these change."""
        while True:
            await self._changed.wait()
            topics = await self._subscribed(line, topics)

    async def _subscribed(self, line: "PubSub", topics: set[str]) -> set[str]:
        self._changed.clear()
        wanted = {self._place + topic for topic in (OURS, *self._followers.topics)}
        if new := wanted - topics:
            await line.subscribe(*new)
        if left := topics - wanted:
            await line.unsubscribe(*left)
        return wanted

    async def _listen(self, line: "PubSub") -> None:
        silent = False
        while True:
            heard = await line.get_message(timeout=self._quiet)
            if heard is None and silent:
                raise TimeoutError
            silent = heard is None
            if heard is None:
                await line.ping()
            elif heard["type"] == "message":
                self.tell(heard["channel"].decode().removeprefix(self._place), heard["data"].decode())
