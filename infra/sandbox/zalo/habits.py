"""What nobody outside Zalo knows for sure of how it behaves, each guess as a setting that a test can turn round."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

DIALECTS = ("observed", "docs")  # flat, with photo_url and message_type, as captured; in an envelope, with photo
UNITS = ("utf16", "letters", "bytes")
CHOICES: Mapping[str, tuple[str, ...]] = {"text_unit": UNITS, "unfetched": ("refused", "black")}


@dataclass(slots=True)
class Habits:
    """Seconds are the simulator's own, but for `hook_patience`."""

    strict_http: bool = False  # the HTTP status follows error_code; else it is always 200
    unknown_code: int = 404  # of a method that there is not; the documents also read as 400
    # -- hearing
    idle_code: int = 408  # of a poll that heard nothing; 0: the answer names none
    longest_poll: float = 60.0
    dead_polls_take: bool = False  # a poll whose caller has gone still takes an update, and loses it
    local_hooks: bool = True  # webhooks on loopback are taken; Zalo itself refuses them
    hook_probed: bool = True  # setting a webhook sends it an empty body first, without the secret
    verifies: bool = True  # the answer to setWebhook tells what the probe met
    hook_in_order: bool = True  # an event waits for the one before it in its chat, with all its tries
    hook_patience: float = 5.0  # real seconds
    hook_waits: tuple[float, ...] = (1.0, 5.0, 25.0)  # before each further try
    links_are_text: bool = True  # a text with a link in it; else it is told as unsupported
    media_lasts: float = 86_400.0  # how long what people send can be fetched
    # -- saying
    text_unit: str = "utf16"
    longest_text: int = 2000
    longest_caption: int = 2000
    typing_shows: float = 5.0
    blocked_code: int = 400  # of a message to somebody who blocked the bot; 0: it is taken, and reaches nobody
    actions_count: bool = False  # sendChatAction is one of the plan's messages
    # -- pictures
    head_first: bool = True
    fetches: int = 2  # GETs of a photo's address, the first one during the call
    again_after: float = 20.0  # between them
    unfetched: str = "refused"  # what becomes of a photo that the first look does not get: refused, or black
    follows: bool = False  # redirects
    biggest_photo: int = 5 * 1024 * 1024  # bytes
    photo_kinds: tuple[str, ...] = ("image/jpeg", "image/png")

    def change(self, name: str, value: object) -> None:
        """As the telephone sends it, in JSON."""
        known = {field.name for field in fields(self)}
        if name not in known:
            raise ValueError(f"no such habit: {name}")
        if value not in CHOICES.get(name, (value,)):
            raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
        now = getattr(self, name)
        if isinstance(now, tuple):
            setattr(self, name, tuple(type(now[0])(one) for one in _listed(value)))
        elif isinstance(now, bool) is not isinstance(value, bool):
            raise TypeError(f"{name} is wanted as {type(now).__name__}")
        else:
            setattr(self, name, type(now)(value))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list is wanted")
    return value
