"""What can be made to go wrong, for the next so many times or until it is cleared, for one terminal or for all."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

KINDS: Mapping[str, str] = {
    "ipn_lost": "the IPN is lost on its way; VNPAY takes it for a time-out and tries again",
    "ipn_never": "no IPN at all for the transaction",
    "ipn_delayed": "the first IPN comes `seconds` late",
    "ipn_doubled": "the IPN comes `copies` times more, at the same moment",
    "ipn_held": "the IPN waits until another one of the terminal has gone, or until it is let go",
    "ipn_before_return": "the payer is sent back only when the first IPN has been answered",
    "ipn_after_return": "the first IPN goes `seconds` (3 if none are told) after the payer was sent back",
    "ipn_bad_hash": "the IPN's signature is wrong",
    "ipn_bad_amount": "the IPN names 1,000 VND more, and is signed rightly",
    "ipn_timeout": "the IPN goes out, and VNPAY hangs up after `seconds` without having listened",
    "ipn_reply_lost": "the merchant answers, but the answer is lost: it counts as a time-out",
    "api_5xx": "the API answers with an HTTP error (`code`, 503 if none is told)",
    "api_timeout": "the API does nothing, and never answers",
    "api_reply_lost": "the API does what it is asked, but never answers",
    "api_bad_signature": "the API's answer is signed wrongly",
    "api_94": "every query is told that it is a duplicate",
    "api_garbage": "the API answers with something that is no JSON",
    "refund_99": "a refund is answered 99 and not done: the real sandbox's habit",
    "refund_99_done": "a refund is answered 99, and done all the same",
    "refund_rejected": "a refund is accepted, and the bank rejects it later",
    "refund_stuck": "a refund is accepted, and stays in process until it is finished by hand",
}
TERMS: Mapping[str, float] = {"ipn_after_return": 3.0, "ipn_delayed": 60.0, "ipn_timeout": 0.05, "api_timeout": 30.0}


@dataclass(slots=True)
class Fault:
    kind: str
    terminal: str = ""  # "": any
    left: float = math.inf  # times
    seconds: float = 0.0  # the gateway's own
    copies: int = 1
    code: str = ""


class Faults:
    """A fault that has been met so many times as it was set for is gone."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def set(
        self,
        kind: str,
        *,
        terminal: str = "",
        times: int | None = None,
        seconds: float | None = None,
        copies: int = 1,
        code: str = "",
    ) -> Fault:
        """One more; the older of a kind are met first. None times: until it is cleared."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        within = TERMS.get(kind, 30.0) if seconds is None else seconds
        fault = Fault(kind, terminal, math.inf if times is None else times, within, copies, code)
        self._set.append(fault)
        return fault

    def clear(self, kind: str = "", terminal: str = "") -> None:
        """All of them, or those of one kind, or of one terminal."""
        gone = [one for one in self._set if kind in {"", one.kind} and terminal in {"", one.terminal}]
        self._set = [one for one in self._set if one not in gone]

    def all(self) -> tuple[Fault, ...]:
        return tuple(self._set)

    def meet(self, kind: str, terminal: str) -> Fault | None:
        """The fault that befalls this terminal now, if one does; it counts as met."""
        for fault in self._set:
            if fault.kind == kind and fault.terminal in {"", terminal} and fault.left > 0:
                fault.left -= 1
                self._set = [one for one in self._set if one.left > 0]
                return fault
        return None
