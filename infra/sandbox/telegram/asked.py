"""What a bot asked for: parameters as they come in a query, a form or JSON, read the way Telegram reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from infra.sandbox.telegram.refusing import bad

Wire: TypeAlias = dict[str, Any]
TRUE = frozenset({"true", "yes", "1"})


def names(written: str) -> frozenset[str]:
    """Several names in one string, apart by spaces."""
    return frozenset(written.split())


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    data: bytes
    name: str = "file"
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Asked:
    """Telegram takes a number for its digits and an object for its JSON; so does this."""

    params: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.params.get(name) is not None or name in self.files

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def within(self, name: str, default: int, least: int, most: int) -> int:
        """Telegram does not refuse a number out of its limits; it takes the nearest."""
        return min(max(self.number(name, default), least), most)

    def yes(self, name: str) -> bool:
        return self.text(name).strip().lower() in TRUE

    def tree(self, name: str, words: str) -> Any:
        """JSON, whole or as text; None when it is not there. `words` say what could not be read."""
        value = self.params.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad(f"can't parse {words}") from None

    def object(self, name: str, words: str) -> Wire | None:
        found = self.tree(name, f"{words} JSON object")
        if found is not None and not isinstance(found, dict):
            raise bad(f"object expected as {words}")
        return found

    def objects(self, name: str, words: str) -> list[Wire] | None:
        found = self.tree(name, f"{words} JSON object")
        if found is None:
            return None
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise bad(f"can't parse {words}: expected an Array of Objects")
        return found

    def upload(self, source: str) -> Upload | None:
        """The file that a parameter's value points at."""
        return self.files.get(source.removeprefix("attach://")) if source.startswith("attach://") else None
