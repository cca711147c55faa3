"""What a bot asked for: the parameters of a call, wherever in it they came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from infra.sandbox.zalo.refusing import bad

Wire: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Asked:
    """Whatever is not read is what Zalo does not know; `unread` tells it."""

    params: Mapping[str, Any] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    def get(self, name: str) -> Any:
        self._read.add(name)
        return self.params.get(name)

    def text(self, name: str) -> str:
        """Empty where it is not there; Zalo's parameters are strings all."""
        value = self.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise bad(f"{name} must be a string")
        return value

    def seconds(self, name: str, default: float) -> float:
        """A number, or its digits: the documents show both."""
        value = self.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise bad(f"{name} must be a number")
        try:
            return float(value)
        except ValueError:
            raise bad(f"{name} must be a number") from None

    @property
    def unread(self) -> tuple[str, ...]:
        return tuple(sorted(self.params.keys() - self._read))
