"""Chance – the only source of randomness: ids, codes, seeds, jitter.

A simulation gives a seeded source. Without one the system's own is used.
"""

import random

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MAX_SEED = 4_294_967_294
CODE_LETTERS = 10  # 50 bits: a link code must not be guessed


class Chance:
    def __init__(self, source: random.Random | None = None) -> None:
        self._source = source or random.SystemRandom()
        self._last = (0, 0)

    def ulid(self, now: int) -> str:
        """Id of 26 letters that sorts by time `now` and never goes back within one process."""
        then, tail = self._last
        self._last = (now, self._source.getrandbits(79)) if now > then else (then, tail + 1)
        return letters(self._last[0], 10) + letters(self._last[1], 16)

    def code(self) -> str:
        """Code that a person can read out: without I, L, O and U."""
        return letters(self._source.getrandbits(5 * CODE_LETTERS), CODE_LETTERS)

    def token(self) -> str:
        """Token of 26 letters for a link that cannot be guessed: 130 random bits."""
        return letters(self._source.getrandbits(130), 26)

    def bits(self, count: int) -> int:
        """Number of `count` random bits."""
        return self._source.getrandbits(count)

    def seed(self) -> int:
        """Seed for a painter. Never 0, which makes the vendor choose one."""
        return self._source.randint(1, MAX_SEED)

    def below(self, limit: float) -> float:
        """Random number between 0 and `limit` (full jitter)."""
        return self._source.uniform(0, limit)

    def one_of(self, count: int) -> int:
        return self._source.randrange(count)


def letters(number: int, length: int) -> str:
    return "".join(CROCKFORD[(number >> 5 * place) & 31] for place in reversed(range(length)))
