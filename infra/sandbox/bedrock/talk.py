"""What is said to a text model: the system's words, the turns, the pictures, and how much may be answered."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from infra.sandbox.bedrock import pictures
from infra.sandbox.bedrock.models import Model
from infra.sandbox.bedrock.refusing import Refused, invalid, malformed

MOST_PICTURES = 20
MOST_PICTURE = 3_932_160  # bytes: 3.75 MB
MOST_SIDE = 8_000
MOST_TOKENS = 10_000
FORMATS = ("png", "jpeg", "gif", "webp")
CONVERSED = {
    "messages",
    "system",
    "inferenceConfig",
    "additionalModelRequestFields",
    "additionalModelResponseFieldPaths",
    "requestMetadata",
    "performanceConfig",
    "serviceTier",
    "guardrailConfig",
}
INVOKED = {"schemaVersion", "messages", "system", "inferenceConfig"}
CONFIGURED: Mapping[str, tuple[float, float]] = {
    "maxTokens": (1, MOST_TOKENS),
    "temperature": (0, 1),
    "topP": (0, 1),
    "topK": (0, 128),
}


@dataclass(slots=True)
class Talk:
    system: str = ""
    texts: list[str] = field(default_factory=list)  # of the person
    pictures: list[Image.Image] = field(default_factory=list)
    begun: str = ""  # the answer's first words, which were put into the model's mouth
    stops: Sequence[str] = ()
    most_tokens: int = MOST_TOKENS

    @property
    def last(self) -> str:
        return self.texts[-1] if self.texts else ""


def read(raw: bytes, model: Model, known: set[str]) -> Talk:
    """A conversation that may be had with this model. Raises what Bedrock says of any other."""
    asked = _object(raw)
    for key in asked:
        if key not in known:
            raise malformed(f"#: extraneous key [{key}] is not permitted")
    talk = Talk(system="\n".join(_system(asked)))
    _turns(asked.get("messages"), talk, model)
    _config(asked.get("inferenceConfig", {}), talk)
    return talk


def _object(raw: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Refused(400, "SerializationException", "The request body is no JSON object.")
    return asked


def _system(asked: Mapping[str, Any]) -> list[str]:
    blocks = asked.get("system", [])
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        raise malformed("#/system: expected type: JSONArray")
    return [str(one["text"]) for one in blocks if "text" in one]


def _turns(messages: Any, talk: Talk, model: Model) -> None:
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise malformed("#/messages: expected type: JSONArray")
    if not messages or messages[0].get("role") != "user":
        raise invalid(
            "A conversation must start with a user message. Try again with a conversation that starts with a user "
            "message."
        )
    for number, message in enumerate(messages):
        if message.get("role") != ("assistant" if number % 2 else "user"):
            raise invalid("A conversation must alternate between user and assistant roles.")
        for place, block in enumerate(message.get("content") or ()):
            _block(block, f"messages.{number}.content.{place}", talk, model, message["role"])
    if len(talk.pictures) > MOST_PICTURES:
        raise invalid(f"too many images: {len(talk.pictures)} > {MOST_PICTURES}")
    if messages[-1]["role"] == "user":
        talk.begun = ""


def _block(block: Any, where: str, talk: Talk, model: Model, role: str) -> None:
    if not isinstance(block, dict):
        raise malformed(f"#/{where}: expected type: JSONObject")
    if "image" in block:
        talk.pictures.append(_picture(block["image"], model))
        return
    text = block.get("text")
    if not isinstance(text, str) or not text.strip():
        raise invalid(
            f"The text field in the ContentBlock object at {where} is blank. Add text to the text field, and try again."
        )
    if role == "user":
        talk.texts.append(text)
    else:
        talk.begun = text


def _picture(block: Any, model: Model) -> Image.Image:
    if not model.sees:
        raise invalid("This model doesn't support the image content block that you provided. Remove it and try again.")
    if not isinstance(block, dict) or block.get("format") not in FORMATS:
        raise invalid(f"image.format must be one of {', '.join(FORMATS)}")
    source = block.get("source")
    try:
        data = base64.b64decode(str(source.get("bytes") if isinstance(source, dict) else ""), validate=True)
        picture = pictures.read(data, (*pictures.READ, "GIF"))
    except (binascii.Error, *pictures.BROKEN):
        raise invalid("Could not process image.") from None
    if len(data) > MOST_PICTURE or max(picture.size) > MOST_SIDE or (picture.format or "").lower() != block["format"]:
        raise invalid("The image is larger than 3.75 MB or 8000 pixels, or not of the format that was told.")
    return picture


def _config(config: Any, talk: Talk) -> None:
    if not isinstance(config, dict):
        raise malformed("#/inferenceConfig: expected type: JSONObject")
    for key, value in config.items():
        if key == "stopSequences":
            talk.stops = [str(one) for one in value]
            continue
        low, high = CONFIGURED.get(key, (1, 0))
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise malformed(f"#/inferenceConfig/{key}: {value} is not between {low} and {high}")
    talk.most_tokens = int(config.get("maxTokens", MOST_TOKENS))
