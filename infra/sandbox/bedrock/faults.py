"""What can be made to go wrong, for the next so many times or until it is cleared: by operation, model and region."""

import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

BEFORE: Mapping[str, str] = {
    "error": "an HTTP error: `code` (500), as the exception `type` where that is not the usual one, with `words`",
    "reset_before": "the line is cut, and nothing has been done",
}
DURING: Mapping[str, str] = {
    "slow": "it takes `seconds` more",
    "hang": "it is accepted, nothing is heard for `seconds` (300), then the line is cut",
}
AFTER: Mapping[str, str] = {
    "reset_after": "it is done, but the line is cut before the answer",
    "reset_headers": "it is done, but the line is cut behind the answer's headers",
    "torn": "it is done, but only half of the answer comes through",
    "corrupt": "the picture comes in broken base64",
    "broken_picture": "the picture comes in good base64, and is none",
    "stream_error": "a stream ends in the middle with the exception `type` (throttlingException)",
    "malformed_json": "the text model begins an object and does not end it",
    "fenced_json": "the text model puts its object into a fence, behind some words",
    "filtered": "the picture is kept back with `words` (Filter reason: output image)",
    "untranslated": "the text model gives the words back as they are, where it should have put them into English",
    "half_translated": "the text model puts every second word into English",
    "talks": "the text model talks about the words where it should have given an object",
    "content_filtered": "the text model says that its text was blocked",
}
KINDS: Mapping[str, str] = {**BEFORE, **DURING, **AFTER}
OF_PICTURES = {"corrupt", "broken_picture", "filtered"}
OF_TEXTS = {"malformed_json", "fenced_json", "untranslated", "half_translated", "talks", "content_filtered"}
UNBILLED = frozenset(BEFORE)  # where nothing else is said
TERMS: Mapping[str, float] = {"hang": 300.0, "slow": 10.0}


@dataclass(slots=True)
class Fault:
    kind: str
    operation: str = ""  # "": any; invoke, converse, converse-stream, guardrail, moderate, models
    model: str = ""  # "": any; a part of the id as it was asked for
    region: str = ""
    left: float = math.inf  # times
    share: float = 1.0  # of the calls that it fits
    seconds: float = 0.0  # Bedrock's own
    code: int = 500
    type: str = ""
    words: str = ""
    billed: bool = True

    def fits(self, operation: str, model: str, region: str) -> bool:
        meant = self.operation in {"", operation} and self.region in {"", region}
        return meant and self.model in model and self._possible(operation)

    def _possible(self, operation: str) -> bool:
        """No text is written where a picture is painted."""
        if self.kind in OF_PICTURES:
            return operation == "invoke"
        return (self.kind not in OF_TEXTS or operation.startswith("converse")) and (
            self.kind != "stream_error" or operation.endswith("-stream")
        )

    @property
    def at_once(self) -> bool:
        """Nothing is done first."""
        return self.kind in BEFORE and not self.billed

    @property
    def wire(self) -> dict[str, Any]:
        """JSON knows no infinity: a fault until further notice has no number left."""
        return {**asdict(self), "left": None if self.left == math.inf else self.left}


class Faults:
    """A fault that has been met so many times as it was set for is gone; `met` counts every one."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self.met: Counter[str] = Counter()
        self._set: list[Fault] = []
        self._chance = chance or random.Random(1)

    def set(
        self,
        kind: str,
        *,
        times: int | None = None,
        seconds: float | None = None,
        billed: bool | None = None,
        **said: Any,
    ) -> Fault:
        """One more; the older are met first. None times: until it is cleared.

        Said: `operation`, `model`, `region`, `share`, `code`, `type`, `words`.
        """
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        fault = Fault(
            kind,
            left=math.inf if times is None else times,
            seconds=TERMS.get(kind, 0.0) if seconds is None else seconds,
            billed=kind not in UNBILLED if billed is None else billed,
            **said,
        )
        self._set.append(fault)
        return fault

    def clear(self, kind: str = "") -> None:
        self._set = [one for one in self._set if kind not in {"", one.kind}]

    def all(self) -> tuple[Fault, ...]:
        return tuple(self._set)

    def meet(self, operation: str, model: str, region: str, *, at_once: bool) -> Fault | None:
        """The fault that befalls this call before, or after, it is let in, if one does; it counts as met."""
        for fault in self._set:
            if fault.at_once != at_once or not fault.fits(operation, model, region):
                continue
            if fault.share >= 1 or self._chance.random() < fault.share:
                fault.left -= 1
                self._set = [one for one in self._set if one.left > 0]
                self.met[fault.kind] += 1
                return fault
        return None
