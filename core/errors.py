"""What can go wrong, as facts; the edge finds the words.

ImagifyError
├── Refusal                what a person asked cannot be done
│   ├── NotEnoughCredits   cost, free
│   ├── Frozen             the purse waits for an admin
│   ├── Unknown            nothing of that name that is theirs
│   ├── OtherFacts         a key used again for something else
│   ├── TooLate            state: it has moved on
│   ├── TooManyOpen        open, most
│   ├── QueueTooLong       seconds
│   ├── SpendCapReached    seconds until there is money for painting again
│   ├── TooOften           seconds until it may be tried again
│   ├── NotAgreed          no consent yet
│   ├── Busy               holds are open, so this must wait
│   ├── NotLinked          why, whose: two chats cannot be joined, or parted, like this
│   ├── Blocked            group, rule: the words or the picture break a rule
│   ├── UnderWay           somebody takes their data along already
│   ├── NotAPicture        why
│   ├── BadAmount          amount: not a whole number in reason
│   ├── UnknownModel       name, known
│   ├── ModelEnded         name, ended, successor
│   ├── PaidOnly           name, instead: not for credits that were a gift
│   └── BadPrompt
│       ├── EmptyPrompt
│       ├── PromptTooLong  count, most
│       ├── UnknownFlag    flag, near
│       └── BadFlag        flag, value, allowed
├── Failure                we or a vendor could not
│   ├── Declined           reason: the painter will not paint this, and trying again is no use
│   │   ├── Untranslated   no translation of the words was believed
│   │   └── Unread         words: the painter knows none of them
│   ├── Unavailable        cause, billed, retry_after: the vendor could not, perhaps later
│   ├── WornOut            the job was tried as often as it may be
│   ├── Fenced             another worker has taken this job over
│   └── Corrupt            rows that cannot stand together stand together
└── CannotStart            the house cannot open; its message is the one human sentence
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal


class ImagifyError(Exception):
    """Everything the house raises on purpose."""


class Refusal(ImagifyError):
    """What a person asked cannot be done."""


class NotEnoughCredits(Refusal):
    """The person has fewer free credits than it costs."""

    def __init__(self, cost: int, free: int) -> None:
        super().__init__(f"costs {cost}, {free} free")
        self.cost, self.free = cost, free


class Frozen(Refusal):
    """The purse is frozen until an admin has looked at it."""


class Unknown(Refusal):
    """Nothing of that name, or nothing that is theirs."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"no {what} {name}")
        self.what, self.name = what, name


class OtherFacts(Refusal):
    """The key was used before, for something else."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} was used with other facts")
        self.key = key


class TooLate(Refusal):
    """It has moved on and cannot be changed like this any more."""

    def __init__(self, state: str) -> None:
        super().__init__(f"it is {state}")
        self.state = state


class TooManyOpen(Refusal):
    """The person has as many open sheets as one may have."""

    def __init__(self, open_: int, most: int) -> None:
        super().__init__(f"{open_} open of {most}")
        self.open, self.most = open_, most


class QueueTooLong(Refusal):
    """The wait would be longer than is decent."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"a wait of {seconds} s")
        self.seconds = seconds


class SpendCapReached(Refusal):
    """What painting may cost us today is spent."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class TooOften(Refusal):
    """Asked more often than is allowed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class NotAgreed(Refusal):
    """The person has not agreed to the notice yet."""


class Busy(Refusal):
    """Something of theirs is still open, so this must wait."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


Unlinked = Literal[
    # of the code
    "code",  # there is no such code
    "expired",
    "used",
    "taken",  # somebody else has said yes to it
    "void",  # its asker was erased, or has linked or parted since
    "same chat",
    "already",  # one wallet as it is
    "not accepted",
    "not yours",  # the last word is the asker's
    # of a side
    "drawing",
    "refund",
    "orders",
    "frozen",
    "banned",
    "leaving",
    "many",
    # of parting
    "alone",
    # of the moment
    "raced",
]


class NotLinked(Refusal):
    """Two chats cannot be joined, or parted, like this. `whose`: the person it lies with."""

    def __init__(self, why: Unlinked, whose: str = "") -> None:
        super().__init__(f"{why} {whose}".strip())
        self.why, self.whose = why, whose


class Blocked(Refusal):
    """The words or the picture break a rule of what we draw."""

    def __init__(self, group: str, rule: str) -> None:
        super().__init__(f"{group} ({rule})")
        self.group, self.rule = group, rule


class UnderWay(Refusal):
    """Somebody's data are being taken along already, or those of too many others are."""


class NotAPicture(Refusal):
    """The bytes are not a picture we can take."""

    def __init__(self, why: Literal["unreadable", "bytes", "pixels", "shape", "format"]) -> None:
        super().__init__(why)
        self.why = why


class BadAmount(Refusal):
    """Credits come in whole numbers within reason."""

    def __init__(self, amount: object) -> None:
        super().__init__(f"{amount!r} is no amount of credits")
        self.amount = amount


class UnknownModel(Refusal):
    """No model of that name paints here; these do."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, tuple(known)


class ModelEnded(Refusal):
    """The model's vendor has ended it; the successor paints instead where there is one."""

    def __init__(self, name: str, ended: date, successor: str) -> None:
        super().__init__(f"{name} ended on {ended}")
        self.name, self.ended, self.successor = name, ended, successor


class PaidOnly(Refusal):
    """Credits that were a gift do not pay for this model, but for the cheapest."""

    def __init__(self, name: str, instead: str, cost: int = 0) -> None:
        """`cost` in credits, once somebody has asked for it."""
        super().__init__(f"{name} is for paid credits")
        self.name, self.instead, self.cost = name, instead, cost


class BadPrompt(Refusal):
    """The sentence cannot be read as a prompt."""


class EmptyPrompt(BadPrompt):
    """Nothing to draw is left in it."""


class PromptTooLong(BadPrompt):
    """More characters than we take; it is never cut."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"{count} characters of {most}")
        self.count, self.most = count, most


class UnknownFlag(BadPrompt):
    """A flag we do not know, with the nearest one we do."""

    def __init__(self, flag: str, near: str = "") -> None:
        super().__init__(flag)
        self.flag, self.near = flag, near


class BadFlag(BadPrompt):
    """A flag with a value it does not take."""

    def __init__(self, flag: str, value: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{flag} {value}")
        self.flag, self.value, self.allowed = flag, value, tuple(allowed)


class Failure(ImagifyError):
    """We or a vendor could not."""


class Declined(Failure):
    """The painter will not paint this, and trying again is no use."""

    def __init__(self, reason: str, billed: Literal["no", "yes", "unknown"] = "unknown") -> None:
        super().__init__(reason)
        self.reason, self.billed = reason, billed


class Untranslated(Declined):
    """No translation of the words was believed, and asking for another is no use. No painter was asked."""

    def __init__(self) -> None:
        super().__init__("untranslated", billed="no")


class Unread(Declined):
    """The painter knows none of the words, and paints nothing rather than something else."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__("no word is known", billed="no")
        self.words = tuple(words)


Cause = Literal[
    "throttled",
    "outage",
    "timeout",
    "broken",
    "misconfigured",
    "shut",  # nobody was asked: the route is left alone for now
    "wordless",  # nobody could translate
]


class Unavailable(Failure):
    """The vendor could not, perhaps later. `billed` says whether it may have cost money all the same."""

    def __init__(self, cause: Cause, billed: Literal["no", "unknown"], retry_after: float = 0) -> None:
        super().__init__(cause)
        self.cause, self.billed, self.retry_after = cause, billed, retry_after


class WornOut(Failure):
    """The job was tried as often as it may be."""


class Fenced(Failure):
    """Another worker has taken this job over; publish nothing."""


class Corrupt(Failure):
    """Rows that cannot stand together stand together."""


class CannotStart(ImagifyError):
    """The house cannot open; the message is one sentence for a person."""
