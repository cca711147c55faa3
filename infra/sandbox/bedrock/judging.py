"""The judges: a guardrail of Bedrock, and Rekognition's moderation labels. Both know a danger by a picture's corner."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PIL import Image

from infra.sandbox.bedrock import pictures
from infra.sandbox.bedrock.filters import Danger, said
from infra.sandbox.bedrock.refusing import Refused, invalid
from infra.sandbox.bedrock.work import Done, Task, Work

MOST_MODERATED = 5_242_880  # bytes
MOST_GUARDED = 4_194_304
MOST_GUARDED_SIDE = 8_000
MOST_GUARDED_PICTURES = 20
LEAST_SIDE = 50
MODERATED_MICROS = 1_000  # millionths of a dollar a picture
TEXT_MICROS, PICTURE_MICROS = 150, 750  # a unit of text, a picture
UNIT = 1_000  # characters
BLOCKED = "Sorry, this was blocked by the guardrail."
UNITS = (
    "topicPolicy",
    "wordPolicy",
    "sensitiveInformationPolicy",
    "sensitiveInformationPolicyFree",
    "contextualGroundingPolicy",
)


@dataclass(slots=True)
class Flags:
    """Pictures that Rekognition finds something in though their corner tells nothing; by their sha256."""

    labels: dict[str, Danger] = field(default_factory=dict)
    confidence: float = 97.5

    def set(self, picture: bytes, danger: Danger) -> None:
        self.labels[hashlib.sha256(picture).hexdigest()] = danger

    def find(self, data: bytes, picture: Image.Image) -> Danger | None:
        return self.labels.get(hashlib.sha256(data).hexdigest()) or pictures.danger_in(picture)


def moderation(raw: bytes, flags: Flags) -> Work:
    """DetectModerationLabels on a picture that is sent along."""
    asked = _asked(raw)
    image, least = asked.get("Image"), asked.get("MinConfidence", 50)
    if not isinstance(image, dict) or not isinstance(least, int | float) or not 0 <= least <= 100:
        raise Refused(400, "InvalidParameterException", "Request has invalid parameters")
    data = _bytes(image.get("Bytes"))
    if len(data) > MOST_MODERATED:
        raise invalid(
            f"1 validation error detected: 'image.bytes' must have length less than or equal to {MOST_MODERATED}"
        )
    picture = _opened(data, "InvalidImageFormatException", "Request has invalid image format")
    if min(picture.size) < LEAST_SIDE:
        raise Refused(400, "InvalidParameterException", "Request has invalid parameters")
    danger = flags.find(data, picture)
    return Work(MODERATED_MICROS, danger.label if danger else "", partial(_labelled, danger, flags.confidence, least))


def _labelled(danger: Danger | None, confidence: float, least: float) -> Done:
    found = []
    if danger is not None and confidence >= least:
        found = [_label(danger.parent, "", 1, confidence), _label(danger.label, danger.parent, 2, confidence)]
    return Done({"ModerationLabels": found, "ModerationModelVersion": "7.0", "ContentTypes": []})


def _label(name: str, parent: str, level: int, confidence: float) -> dict[str, Any]:
    return {"Confidence": confidence, "Name": name, "ParentName": parent, "TaxonomyLevel": level}


def guardrail(task: Task) -> Work:
    """ApplyGuardrail on texts and pictures."""
    texts, shown = _guarded(_asked(task.raw))
    seen = (pictures.danger_in(picture) for picture in shown)
    found = [one for one in (*seen, *map(task.filters.danger, texts)) if one]
    words = any(said(text, task.filters.prompt | task.filters.text) for text in texts)
    units = sum(-(-len(text) // UNIT) for text in texts)
    price = units * TEXT_MICROS + len(shown) * PICTURE_MICROS
    do = partial(_guarding, found, units, len(shown), texts, words=words)
    return Work(price, " ".join(texts), do)


def _guarded(asked: Mapping[str, Any]) -> tuple[list[str], list[Image.Image]]:
    """The texts and the pictures that are to be judged."""
    blocks = asked.get("content")
    if asked.get("source") not in {"INPUT", "OUTPUT"} or not isinstance(blocks, list):
        raise invalid("source must be INPUT or OUTPUT, and content a list of blocks")
    inner = [(name, block[name]) for block in blocks for name in ("text", "image") if isinstance(block.get(name), dict)]
    texts = [str(block.get("text", "")) for name, block in inner if name == "text"]
    shown = [_picture(block) for name, block in inner if name == "image"]
    if len(shown) > MOST_GUARDED_PICTURES or len(inner) != len(blocks):
        raise invalid(f"content must be texts and at most {MOST_GUARDED_PICTURES} images")
    return texts, shown


def _guarding(found: Sequence[Danger], units: int, shown: int, texts: Sequence[str], *, words: bool) -> Done:
    assessment: dict[str, Any] = {}
    if found:
        filters = [{"type": one.guardrail, "confidence": "HIGH", "action": "BLOCKED"} for one in found]
        assessment["contentPolicy"] = {"filters": filters}
    if words:
        assessment["wordPolicy"] = {"customWords": [{"match": "word", "action": "BLOCKED"}], "managedWordLists": []}
    usage: dict[str, int] = {f"{name}Units": 0 for name in UNITS}
    usage |= {"contentPolicyUnits": units, "contentPolicyImageUnits": shown, "wordPolicyUnits": units}
    return Done(
        {
            "usage": usage,
            "action": "GUARDRAIL_INTERVENED" if assessment else "NONE",
            "outputs": [{"text": BLOCKED}] if assessment else [],
            "assessments": [assessment] if assessment else [],
            "guardrailCoverage": {"textCharacters": dict.fromkeys(("guarded", "total"), sum(map(len, texts)))},
        }
    )


def _picture(block: Mapping[str, Any]) -> Image.Image:
    source = block.get("source")
    data = _bytes(source.get("bytes") if isinstance(source, dict) else "")
    if block.get("format") not in {"png", "jpeg"} or len(data) > MOST_GUARDED:
        raise invalid("image must be png or jpeg of at most 4 MB")
    picture = _opened(data, "ValidationException", "The image could not be decoded.")
    if max(picture.size) > MOST_GUARDED_SIDE:
        raise invalid(f"image must be at most {MOST_GUARDED_SIDE} pixels a side")
    return picture


def _asked(raw: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Refused(400, "SerializationException", "The request body is no JSON object.")
    return asked


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(str(text or ""), validate=True)
    except binascii.Error:
        raise Refused(400, "SerializationException", "The bytes are no base64.") from None


def _opened(data: bytes, kind: str, message: str) -> Image.Image:
    """JPEG or PNG: neither judge reads WebP."""
    try:
        picture = pictures.read(data)
    except pictures.BROKEN:
        raise Refused(400, kind, message) from None
    if picture.format not in {"JPEG", "PNG"}:
        raise Refused(400, kind, message)
    return picture
