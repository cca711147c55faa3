"""What Zalo says when it does not do what it was asked: a code and words, in an answer that is HTTP 200 all the same.

Only `Unauthorized`, `Request timeout` and `Quota exceeded` are known to be Zalo's own words; the others are ours.
"""


class Refused(Exception):
    """A call that failed. Code 0: the answer names none."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words

    @property
    def body(self) -> dict[str, object]:
        said: dict[str, object] = {"ok": False, "description": self.words}
        return {**said, "error_code": self.code} if self.code else said


class Broken(Exception):
    """An answer that is none of Zalo's own making: an HTTP error with a page of some gateway's."""

    def __init__(self, code: int) -> None:
        super().__init__(f"HTTP {code}")
        self.code = code


def bad(words: str) -> Refused:
    return Refused(400, f"Bad request: {words}")


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized")


def not_found(code: int) -> Refused:
    return Refused(code, "Not found")


def lapsed(code: int) -> Refused:
    return Refused(code, "Request timeout")


def exceeded() -> Refused:
    return Refused(429, "Quota exceeded")
