"""Lengths as chat vendors count them: in UTF-16 units, so that an emoji counts for two."""


def length(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def place(text: str, index: int) -> int:
    """Where a letter of ours stands in theirs."""
    return length(text[:index])


def part(text: str, offset: int, size: int) -> str:
    """A piece of a text, cut by their measure."""
    units = text.encode("utf-16-le")[offset * 2 : (offset + size) * 2]
    return units.decode("utf-16-le", errors="replace")


def octets(text: str, index: int) -> int:
    """The byte offset that Telegram names when it cannot read a markup."""
    return len(text[:index].encode())
