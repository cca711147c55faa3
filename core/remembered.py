"""Remembered – every kind of fact in the cache, with its reader and time to live.

docs/operate.md has the table. A cache may forget at any time, and may miss the order to forget. So nothing here decides
about money, rights or bans, and a fact that may have become untrue is checked by its reader against the table.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, TypeAlias

from core.cache import Cache
from core.clock import DAY, HOUR, MINUTE, SECOND
from core.errors import Failure
from core.scribe import Scribe, Wording
from core.table import Value


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    what: str
    reader: str  # file:function
    seconds: int
    forgotten: str  # what makes the cache forget early, or makes a stale fact harmless
    version: int = 1  # of the stored form; a higher one ignores all that was kept before


ADDRESSES = Kind(
    name="address",
    what="which person speaks from a chat",
    reader="core/people.py:People.greet",
    seconds=HOUR // SECOND,
    forgotten="their profile, read from the table each time, no longer names the chat",
)
WORDINGS = Kind(
    name="wording",
    what="a prompt in English, by its words, the scribe's version and whether it was enhanced",
    reader="core/remembered.py:RememberingScribe.word",
    seconds=DAY // SECOND,
    forgotten="a new version of the scribe",
)
DESCRIPTIONS = Kind(
    name="description",
    what="what a picture shows, by its bytes, the language and the scribe's version",
    reader="core/remembered.py:RememberingScribe.describe",
    seconds=DAY // SECOND,
    forgotten="a new version of the scribe",
)
PICTURES = Kind(
    name="picture",
    what="whose a picture is",
    reader="bot/web/faces.py:Faces._owner",
    seconds=DAY // SECOND,
    forgotten="never: it stays true, and whether the picture may be seen is read from the table each time",
)
SOLD = Kind(
    name="packages",
    what="the packages as they are shown",
    reader="payments/packages.py:Offer.shown",
    seconds=15 * MINUTE // SECOND,
    forgotten="an admin sets others; a checkout reads the table",
)
PRESSES = Kind(
    name="press",
    what="the first press of a button that orders",
    reader="bot/commands/images.py:pressed",
    seconds=3,
    forgotten="never",
)
KIND_WORDS = Kind(
    name="kind word",
    what="the word of a person that small talk was answered to",
    reader="bot/commands/talking.py:chatted",
    seconds=2 * MINUTE // SECOND,
    forgotten="never: the next small talk is answered again",
)
EARLY_CODES = Kind(
    name="early code",
    what="a code for linking that came before consent",
    reader="bot/commands/linking.py:kept",
    seconds=10 * MINUTE // SECOND,
    forgotten="never; the code itself ends in the table",
)
RATES = Kind(
    name="rate",
    what="how fast a route may be asked, as its refusals have taught us",
    reader="core/lanes.py:Lane.learn",
    seconds=HOUR // SECOND,
    forgotten="a process learns otherwise",
)

KINDS = (ADDRESSES, WORDINGS, DESCRIPTIONS, PICTURES, SOLD, PRESSES, KIND_WORDS, EARLY_CODES, RATES)


Read: TypeAlias = Callable[[], Awaitable[Value]]


def anything(_: Value) -> bool:
    return True


class Remembered:
    """Cached facts of one `kind`."""

    def __init__(self, cache: Cache, kind: Kind) -> None:
        self._cache, self.kind = cache, kind
        self._read: dict[str, asyncio.Future[Value | None]] = {}  # facts being read for the first time

    async def find(self, key: str) -> "Value | None":
        kept = await self._cache.get(self._named(key))
        return None if kept is None else json.loads(kept)

    async def keep(self, key: str, fact: Value) -> None:
        said = json.dumps(fact, ensure_ascii=False).encode()
        await self._cache.put(self._named(key), said, self.kind.seconds, [self.kind.name])

    async def forget(self) -> None:
        """Forget every fact of this kind."""
        await self._cache.forget(self.kind.name)

    async def of(self, key: str, read: Read, worth: Callable[[Value], bool] = anything) -> Value:
        """Fact under `key` from the cache, else from `read`. Parallel callers share one read, and also the failure.

        `worth`: True if the fact is worth keeping.
        """
        fact = await self.find(key)
        while fact is None and (read_by_another := self._read.get(key)):
            fact = await asyncio.shield(read_by_another)  # a caller who gives up does not end the read
        return fact if fact is not None else await self._first(key, read, worth)

    async def _first(self, key: str, read: Read, worth: Callable[[Value], bool]) -> Value:
        reading = self._read[key] = asyncio.get_running_loop().create_future()
        try:
            fact = await read()
            if worth(fact):
                await self.keep(key, fact)
            reading.set_result(fact)
        except Failure as failure:
            reading.set_exception(failure)
            reading.exception()  # marks the failure as seen, should no caller wait for it
            raise
        finally:
            del self._read[key]
            if not reading.done():
                reading.set_result(None)  # the read was given up half-way: waiting callers read for themselves
        return fact

    def _named(self, key: str) -> str:
        return f"{self.kind.name}:{self.kind.version}:{key}"


class RememberingScribe:
    """Scribe that pays once a day for the same words or picture, with an answer in an outage too."""

    def __init__(self, scribe: Scribe, cache: Cache, version: str) -> None:
        """Take `version`: of the scribe's model and instructions."""
        self._scribe, self._version = scribe, version
        self.wordings, self.descriptions = Remembered(cache, WORDINGS), Remembered(cache, DESCRIPTIONS)

    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        async def read() -> Value:
            return asdict(await self._scribe.word(words, avoid, enhance=enhance))

        def worth(said: Any) -> bool:
            return bool(said["enhanced"]) or not enhance  # else a stand-in answered that could not do all of it

        said: Any = await self.wordings.of(digest(words, avoid, enhance, self._version), read, worth)
        return Wording(**said)

    async def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        """Description of `picture`, kept once told to the end. A kept one comes in one piece."""
        key = digest(sha256(picture).hexdigest(), language, self._version)
        whole = str(await self.descriptions.find(key) or "")
        if whole:
            yield whole
            return
        async for piece in self._scribe.describe(picture, language):
            whole += piece
            yield piece
        if whole:
            await self.descriptions.keep(key, whole)


def digest(*parts: str | bool) -> str:
    """Key from `parts` that tells nobody what was asked."""
    return sha256(json.dumps(parts).encode()).hexdigest()
