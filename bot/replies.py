"""What goes back to a person, before a channel puts it into its own form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where a channel has no buttons."""

    text: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    choices: tuple[Choice, ...] = ()
    picture: bytes | None = None
    quiet: bool = False
