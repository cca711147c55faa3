"""What can be made to go wrong, for the next so many times or until it is cleared, by method and by chat."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from infra.sandbox.telegram.asked import Wire

BEFORE: Mapping[str, str] = {
    "reset_before": "the line is cut, and nothing has been done",
    "timeout_before": "silence for `seconds`, then the line is cut; nothing has been done",
    "flood": "429 with `seconds` to wait; from then on the chat cools down",
    "error": "an HTTP error (`code`, 500 if none is told), and nothing has been done",
    "refusal": "400 with `words`, and nothing has been done",
    "delay": "it is done `seconds` late",
}
AFTER: Mapping[str, str] = {
    "reset_after": "it is done, but the line is cut before the answer",
    "timeout_after": "it is done, but nothing is heard for `seconds`, then the line is cut",
    "error_after": "it is done, but answered with an HTTP error (`code`, 502 if none is told)",
    "torn": "it is done, but only half of the answer comes through",
}
UPDATES: Mapping[str, str] = {
    "update_doubled": "an update comes twice, with one number",
    "update_delayed": "an update, and whatever follows in its chat, comes `seconds` late, behind those of other chats",
    "hook_lost": "an update sent to the webhook is lost on its way, and tried again",
    "hook_answer_lost": "the webhook's answer is lost: the update comes again",
    "payment_doubled": "a payment is told twice, in two updates",
    "payment_untold": "a payment is made, and no update tells of it",
    "payment_unchecked": "a payment is made without asking the bot first",
}
KINDS: Mapping[str, str] = {**BEFORE, **AFTER, **UPDATES}
TERMS: Mapping[str, float] = {"flood": 30.0, "delay": 2.0, "update_delayed": 5.0}
CODES: Mapping[str, int] = {"error": 500, "error_after": 502}


@dataclass(slots=True)
class Fault:
    kind: str
    method: str = ""  # "": any; of an update its kind
    chat: int = 0  # 0: any
    left: float = math.inf  # times
    seconds: float = 0.0  # the simulator's own
    code: int = 500
    words: str = ""

    def fits(self, kind: str, method: str, chat: int) -> bool:
        return self.kind == kind and self.method in {"", method.lower()} and self.chat in {0, chat}

    @property
    def wire(self) -> Wire:
        """JSON knows no infinity: a fault until further notice has no number left."""
        return {**asdict(self), "left": None if self.left == math.inf else self.left}


class Faults:
    """A fault that has been met so many times as it was set for is gone."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def set(
        self,
        kind: str,
        *,
        method: str = "",
        chat: int = 0,
        times: int | None = None,
        seconds: float | None = None,
        **said: int | str,
    ) -> Fault:
        """One more; the older of a kind are met first. None times: until it is cleared. Said: `code`, `words`."""
        if kind not in KINDS or set(said) - {"code", "words"}:
            raise ValueError(f"no such fault: {kind} {said}")
        within = TERMS.get(kind, 30.0) if seconds is None else seconds
        code, words = int(said.get("code") or CODES.get(kind, 500)), str(said.get("words") or "PLAYED_FAULT")
        left = math.inf if times is None else times
        fault = Fault(kind, method.lower(), chat, left, within, code, words)
        self._set.append(fault)
        return fault

    def clear(self, kind: str = "", method: str = "", chat: int = 0) -> None:
        """All of them, or those of one kind, one method, one chat."""
        self._set = [one for one in self._set if not self._meant(one, kind, method.lower(), chat)]

    def _meant(self, one: Fault, kind: str, method: str, chat: int) -> bool:
        return kind in {"", one.kind} and method in {"", one.method} and chat in {0, one.chat}

    def all(self) -> tuple[Fault, ...]:
        return tuple(self._set)

    def meet(self, kind: str, method: str, chat: int = 0) -> Fault | None:
        """The fault that befalls this call or update now, if one does; it counts as met."""
        for fault in self._set:
            if fault.fits(kind, method, chat):
                fault.left -= 1
                if fault.left <= 0:
                    self._set = [one for one in self._set if one is not fault]
                return fault
        return None
