"""Errors – all that can go wrong, as facts for which the edge finds the words.

ImagifyError
├── Refusal                the house cannot do what a person asked
│   ├── NotEnoughCredits   cost, free
│   ├── Frozen             the purse waits for an admin
│   ├── Unknown            the person has nothing of that name
│   ├── OtherFacts         a key used again for something else
│   ├── TooLate            state: too late for this change
│   ├── TooManyOpen        open, most
│   ├── QueueTooLong       seconds
│   ├── SpendCapReached    seconds until there is money for painting again
│   ├── TooOften           seconds until the next try is allowed
│   ├── NotAgreed          no consent yet
│   ├── Busy               something is still open, so this must wait
│   ├── NotLinked          why, whose: two chats cannot be joined, or parted, like this
│   ├── Blocked            group, rule: the words or the picture break a rule
│   ├── UnderWay           an export of data is running already
│   ├── NotAPicture        why
│   ├── BadAmount          amount: not a whole number within bounds
│   ├── UnknownModel       name, known
│   ├── ModelEnded         name, ended, successor
│   ├── PaidOnly           name, instead: not for gift credits
│   └── BadPrompt
│       ├── EmptyPrompt
│       ├── PromptTooLong  count, most
│       ├── UnknownFlag    flag, near
│       └── BadFlag        flag, value, allowed
├── Failure                we or a vendor could not
│   ├── Declined           reason: the painter will not paint this, and a retry is no use
│   │   ├── Untranslated   no translation of the words was believed
│   │   └── Unread         words: the painter knows none of them
│   ├── Unavailable        cause, billed, retry_after: the vendor could not, perhaps later
│   ├── WornOut            the job was tried as often as allowed
│   ├── Fenced             another worker has taken this job over
│   └── Corrupt            rows contradict each other
└── CannotStart            the house cannot open, its message is one sentence for a person
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal


class ImagifyError(Exception):
    """Base of every error that the house raises on purpose."""


class Refusal(ImagifyError):
    """The house cannot do what a person asked."""


class NotEnoughCredits(Refusal):
    """The person has `free` credits, fewer than the `cost`."""

    def __init__(self, cost: int, free: int) -> None:
        super().__init__(f"costs {cost}, {free} free")
        self.cost, self.free = cost, free


class Frozen(Refusal):
    """The purse is frozen until an admin has decided."""


class Unknown(Refusal):
    """The person has no `what` with this `name`."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"no {what} {name}")
        self.what, self.name = what, name


class OtherFacts(Refusal):
    """The key was used before with other facts."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} was used with other facts")
        self.key = key


class TooLate(Refusal):
    """The thing is in `state` by now, too late for this change."""

    def __init__(self, state: str) -> None:
        super().__init__(f"it is {state}")
        self.state = state


class TooManyOpen(Refusal):
    """The person has `open` sheets, the `most` that are allowed."""

    def __init__(self, open_: int, most: int) -> None:
        super().__init__(f"{open_} open of {most}")
        self.open, self.most = open_, most


class QueueTooLong(Refusal):
    """The wait would be `seconds` long, longer than we accept."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"a wait of {seconds} s")
        self.seconds = seconds


class SpendCapReached(Refusal):
    """The money for painting today is spent, for `seconds` more."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class TooOften(Refusal):
    """The person asked more often than is allowed, and may ask again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class NotAgreed(Refusal):
    """The person has not agreed to the notice yet."""


class Busy(Refusal):
    """The person still has something open, so this must wait: `why`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


Unlinked = Literal[
    # about the code
    "code",  # no such code
    "expired",
    "used",
    "taken",  # another chat has accepted this code
    "void",  # the asker was erased, or has linked or parted since
    "same chat",
    "already",  # both chats share one wallet already
    "not accepted",
    "not yours",  # only the asker confirms
    # about one side
    "drawing",
    "refund",
    "orders",
    "frozen",
    "banned",
    "leaving",
    "many",
    # about parting
    "alone",
    # about the moment
    "raced",
]


class NotLinked(Refusal):
    """Two chats cannot be joined, or parted, like this. `whose`: the person on whose side the reason lies."""

    def __init__(self, why: Unlinked, whose: str = "") -> None:
        super().__init__(f"{why} {whose}".strip())
        self.why, self.whose = why, whose


class Blocked(Refusal):
    """The words or the picture break the `rule` of a `group` of things we do not draw."""

    def __init__(self, group: str, rule: str) -> None:
        super().__init__(f"{group} ({rule})")
        self.group, self.rule = group, rule


class UnderWay(Refusal):
    """An export of this person's data is running already, or too many other exports are."""


class NotAPicture(Refusal):
    """The bytes are not a picture we can take: `why`."""

    def __init__(self, why: Literal["unreadable", "bytes", "pixels", "shape", "format"]) -> None:
        super().__init__(why)
        self.why = why


class BadAmount(Refusal):
    """The `amount` is no whole number of credits within bounds."""

    def __init__(self, amount: object) -> None:
        super().__init__(f"{amount!r} is no amount of credits")
        self.amount = amount


class UnknownModel(Refusal):
    """No model of this `name` paints here, only the `known` ones do."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, tuple(known)


class ModelEnded(Refusal):
    """The vendor has `ended` the model. The `successor`, if there is one, paints instead."""

    def __init__(self, name: str, ended: date, successor: str) -> None:
        super().__init__(f"{name} ended on {ended}")
        self.name, self.ended, self.successor = name, ended, successor


class PaidOnly(Refusal):
    """Gift credits do not pay for the model `name`, only for the cheapest one, `instead`."""

    def __init__(self, name: str, instead: str, cost: int = 0) -> None:
        """Take the `cost` in credits, where the price is known."""
        super().__init__(f"{name} is for paid credits")
        self.name, self.instead, self.cost = name, instead, cost


class BadPrompt(Refusal):
    """The message cannot be read as a prompt."""


class EmptyPrompt(BadPrompt):
    """The prompt has no words to draw."""


class PromptTooLong(BadPrompt):
    """The prompt has `count` characters, more than the `most` we take. We never cut a prompt."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"{count} characters of {most}")
        self.count, self.most = count, most


class UnknownFlag(BadPrompt):
    """Unknown `flag`, with the nearest known one as `near`."""

    def __init__(self, flag: str, near: str = "") -> None:
        super().__init__(flag)
        self.flag, self.near = flag, near


class BadFlag(BadPrompt):
    """Flag with a `value` outside `allowed`."""

    def __init__(self, flag: str, value: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{flag} {value}")
        self.flag, self.value, self.allowed = flag, value, tuple(allowed)


class Failure(ImagifyError):
    """The house or a vendor could not do the work."""


class Declined(Failure):
    """The painter will not paint this, and trying again is no use."""

    def __init__(self, reason: str, billed: Literal["no", "yes", "unknown"] = "unknown") -> None:
        super().__init__(reason)
        self.reason, self.billed = reason, billed


class Untranslated(Declined):
    """No translation of the words was believed, and a retry is no use. No painter was called."""

    def __init__(self) -> None:
        super().__init__("untranslated", billed="no")


class Unread(Declined):
    """The painter knows none of the `words`, and painted nothing rather than something else."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__("no word is known", billed="no")
        self.words = tuple(words)


Cause = Literal[
    "throttled",
    "outage",
    "timeout",
    "broken",
    "misconfigured",
    "shut",  # no call was made: the route is paused for now
    "wordless",  # no translator could translate
]


class Unavailable(Failure):
    """The vendor could not do the work, perhaps later. `billed`: may have cost money all the same."""

    def __init__(self, cause: Cause, billed: Literal["no", "unknown"], retry_after: float = 0) -> None:
        super().__init__(cause)
        self.cause, self.billed, self.retry_after = cause, billed, retry_after


class WornOut(Failure):
    """The job was tried as often as allowed."""


class Fenced(Failure):
    """Another worker has taken this job over: publish nothing."""


class Corrupt(Failure):
    """Rows contradict each other."""


class CannotStart(ImagifyError):
    """The house cannot open. The message is one sentence for a person."""
