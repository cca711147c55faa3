"""Nova, played: it answers what it is told to answer – a prompt in English as JSON, or what a picture shows."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from infra.sandbox.bedrock import pictures
from infra.sandbox.bedrock.filters import said
from infra.sandbox.bedrock.lexicon import Lexicon
from infra.sandbox.bedrock.talk import Talk
from infra.sandbox.bedrock.work import Task

KEYS = ("english", "avoid", "enhanced", "language")
DETAILS = "soft natural light, fine detail, balanced composition, rich but gentle colours"
BLOCKED = " - The generated text has been blocked by our content filters."
VIETNAMESE, ENGLISH = (
    re.compile(r"vietnamese|tiếng việt", re.IGNORECASE),
    re.compile(r"english|tiếng anh", re.IGNORECASE),
)
HUES: Mapping[str, tuple[str, str]] = {
    "red": ("đỏ", "red"),
    "yellow": ("vàng", "yellow"),
    "green": ("xanh lá", "green"),
    "blue": ("xanh lam", "blue"),
    "purple": ("tím", "purple"),
    "grey": ("xám", "grey"),
}
CHARACTERS_A_TOKEN = 4
TOKENS_A_PICTURE = 1_300


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    stop: str  # the stopReason
    read: int  # tokens
    written: int

    @property
    def usage(self) -> dict[str, int]:
        return {"inputTokens": self.read, "outputTokens": self.written, "totalTokens": self.read + self.written}

    @property
    def pieces(self) -> list[str]:
        """As they are written: a few words at a time."""
        return re.findall(r"(?:\S+\s*){1,3}|\s+", self.text)


def speak(task: Task, talk: Talk) -> Said:
    """The whole answer, within what it may write."""
    read = tokens(talk.system) + sum(tokens(text) for text in talk.texts) + TOKENS_A_PICTURE * len(talk.pictures)
    if task.befallen("content_filtered") or said(" ".join(talk.texts), task.filters.text):
        return Said(BLOCKED, "content_filtered", read, tokens(BLOCKED))
    if any(pictures.danger_in(picture) for picture in talk.pictures):
        return Said(BLOCKED, "content_filtered", read, tokens(BLOCKED))
    text, stop = _ended(_spoiled(_answer(talk, task), task).removeprefix(talk.begun), talk)
    return Said(text, stop, read, tokens(text))


def tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_A_TOKEN)


def _answer(talk: Talk, task: Task) -> str:
    if talk.pictures:
        return described(talk.pictures[0], _language(talk.system or talk.last))
    wish = _wish(talk.last)
    if wish is not None and "json" in talk.system.lower():
        return json.dumps(_mistaken(worded(wish, talk.system), str(wish["words"]), task), ensure_ascii=False)
    asked = str(wish["words"]) if wish is not None else talk.last
    return Lexicon.open().english(asked)


def _wish(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("words"), str) else None


def worded(wish: Mapping[str, Any], system: str) -> dict[str, str]:
    """The keys that the system text names; all four where it names none."""
    lexicon, words = Lexicon.open(), str(wish["words"])
    english = lexicon.english(words)
    whole = {
        "english": english,
        "avoid": lexicon.english(str(wish.get("avoid") or "")),
        "enhanced": f"{english}, {DETAILS}" if wish.get("enhance") is True else "",
        "language": lexicon.language(words),
    }
    named = [key for key in KEYS if re.search(rf"\b{key}\b", system)]
    return {key: whole[key] for key in named or KEYS}


def _mistaken(told: dict[str, str], words: str, task: Task) -> dict[str, str]:
    if task.befallen("untranslated"):
        return {**told, "english": words, "enhanced": ""}
    if task.befallen("half_translated"):
        both = zip(words.split(), told["english"].split(), strict=False)
        return {**told, "english": " ".join(pair[number % 2] for number, pair in enumerate(both)), "enhanced": ""}
    return told


def described(picture: Image.Image, language: str) -> str:
    """Something true of it: its shape, its colour, how bright it is."""
    upright, wide = picture.height > picture.width * 1.1, picture.width > picture.height * 1.1
    shape = ("dọc", "upright") if upright else ("ngang", "wide") if wide else ("vuông", "square")
    colours = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).convert("HSV").getpixel((0, 0))
    hue, grey, light = colours if isinstance(colours, tuple) else (0, 0, 0)
    colour = HUES[_hue(hue, grey)]
    bright = ("sáng", "bright") if light > 140 else ("trầm", "dark")
    if language == "vi":
        return (
            f"Một bức tranh khổ {shape[0]}, tông màu {colour[0]} là chủ đạo. Ánh sáng {bright[0]} và dịu. "
            "Ở giữa có vài hình tròn mềm mại nổi trên nền chuyển màu."
        )
    return (
        f"A picture in {shape[1]} format, mostly {colour[1]}. The light is {bright[1]} and soft. "
        "In the middle a few round shapes stand before a background of flowing colours."
    )


def _hue(hue: float, grey: float) -> str:
    if grey < 30:
        return "grey"
    limits = ((20, "red"), (50, "yellow"), (115, "green"), (180, "blue"), (235, "purple"))
    return next((name for limit, name in limits if hue < limit), "red")


def _language(text: str) -> str:
    """The one that is named first."""
    vietnamese, english = VIETNAMESE.search(text), ENGLISH.search(text)
    if vietnamese and english:
        return "vi" if vietnamese.start() < english.start() else "en"
    return "vi" if vietnamese else "en"


def _spoiled(text: str, task: Task) -> str:
    if task.befallen("malformed_json"):
        return text[: len(text) * 2 // 3]
    if task.befallen("talks"):
        return "What a lovely idea! Shall I tell you more about it, or write a poem?"
    if task.befallen("fenced_json"):
        return f"Here is the JSON you asked for:\n```json\n{text}\n```"
    return text


def _ended(text: str, talk: Talk) -> tuple[str, str]:
    """Where it stops, and why."""
    stops = [at for at in (text.find(one) for one in talk.stops) if at >= 0]
    if stops:
        text = text[: min(stops)]
    if tokens(text) > talk.most_tokens:
        return text[: talk.most_tokens * CHARACTERS_A_TOKEN], "max_tokens"
    return text, "stop_sequence" if stops else "end_turn"


def converse_events(said: Said) -> Iterator[tuple[str, dict[str, Any]]]:
    """As ConverseStream tells it; the padding `p` is what the real one adds, of no meaning."""
    yield "messageStart", {"role": "assistant", "p": "ab"}
    for piece in said.pieces:
        yield "contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}, "p": "abcdefgh"}
    yield "contentBlockStop", {"contentBlockIndex": 0, "p": "abcd"}
    yield "messageStop", {"stopReason": said.stop, "p": "abc"}
    yield "metadata", {"usage": said.usage, "metrics": {"latencyMs": 400}, "p": "a"}


def chunks(events: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """As InvokeModelWithResponseStream tells it: the model's own JSON, in base64."""
    for name, body in events:
        plain = {key: value for key, value in body.items() if key != "p"}
        yield "chunk", {"bytes": base64.b64encode(json.dumps({name: plain}).encode()).decode()}


def whole(said: Said) -> dict[str, Any]:
    message = {"role": "assistant", "content": [{"text": said.text}]}
    return {"output": {"message": message}, "stopReason": said.stop, "usage": said.usage}
