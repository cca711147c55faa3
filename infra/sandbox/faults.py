"""What can be made to go wrong at a played chat vendor, for so many times or until cleared, by method and by chat."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

Where: TypeAlias = int | str  # a chat as its vendor numbers it; 0 and "": any


@dataclass(slots=True)
class Fault:
    kind: str
    method: str = ""  # "": any; of an update its kind
    chat: Where = 0
    left: float = math.inf  # times
    seconds: float = 0.0  # the simulator's own
    code: int = 500
    words: str = ""

    def fits(self, kind: str, method: str, chat: Where) -> bool:
        return self.kind == kind and self.method in {"", method.lower()} and (not self.chat or self.chat == chat)

    @property
    def wire(self) -> dict[str, Any]:
        """JSON knows no infinity: a fault until further notice has no number left."""
        return {**asdict(self), "left": None if self.left == math.inf else self.left}


@dataclass(slots=True)
class Faults:
    """A fault that has been met so many times as it was set for is gone."""

    kinds: Mapping[str, str]  # and what each of them does
    terms: Mapping[str, float] = field(default_factory=dict)  # seconds, where nobody says how many; else 30
    codes: Mapping[str, int] = field(default_factory=dict)  # the same; else 500
    _set: list[Fault] = field(default_factory=list)

    def set(
        self,
        kind: str,
        *,
        method: str = "",
        chat: Where = 0,
        times: int | None = None,
        seconds: float | None = None,
        **said: int | str,
    ) -> Fault:
        """One more; the older of a kind are met first. None times: until it is cleared. Said: `code`, `words`."""
        if kind not in self.kinds or said.keys() - {"code", "words"}:
            raise ValueError(f"no such fault: {kind} {said}")
        within = self.terms.get(kind, 30.0) if seconds is None else seconds
        code, words = int(said.get("code") or self.codes.get(kind, 500)), str(said.get("words") or "PLAYED_FAULT")
        left = math.inf if times is None else times
        fault = Fault(kind, method.lower(), chat, left, within, code, words)
        self._set.append(fault)
        return fault

    def clear(self, kind: str = "", method: str = "", chat: Where = 0) -> None:
        """All of them, or those of one kind, one method, one chat."""
        self._set = [one for one in self._set if not self._meant(one, kind, method.lower(), chat)]

    def _meant(self, one: Fault, kind: str, method: str, chat: Where) -> bool:
        return kind in {"", one.kind} and method in {"", one.method} and (not chat or chat == one.chat)

    def all(self) -> tuple[Fault, ...]:
        return tuple(self._set)

    def meet(self, kind: str, method: str, chat: Where = 0) -> Fault | None:
        """The fault that befalls this call or update now, if one does; it counts as met."""
        for fault in self._set:
            if fault.fits(kind, method, chat):
                fault.left -= 1
                if fault.left <= 0:
                    self._set = [one for one in self._set if one is not fault]
                return fault
        return None
