"""What stands under a picture: the person's words and the words used, who painted it, and the sentence that says so."""

from bot.lengths import cut, fits
from bot.texts import Language
from bot.texts import images as texts
from core.gallery import Image
from core.prompts import Prompt, spelled

LONGEST_QUOTE, LONGEST_USED = 120, 400  # as texts are measured; a whole caption has 1,024 at most
SHORT_ID = 8  # letters of an id that a person may type


def said_of(image: Image) -> dict[str, object]:
    return {"words": quoted(image), "model": painter_of(image), "seed": image.seed}


def quoted(image: Image) -> str:
    return shortened(image.prompt_.words, LONGEST_QUOTE)


def used(image: Image) -> str:
    """The words that the painter read, where they are not the person's own."""
    prompt = image.prompt_
    return prompt.english if prompt.english != prompt.words else ""


def improved(image: Image) -> bool:
    """Something may have been added to the person's words."""
    return bool(used(image)) and not image.prompt_.plain


def painter_of(image: Image) -> str:
    """The model that painted it, which may have stood in for the one that was ordered."""
    return image.route.partition("@")[0] or image.model


def added(image: Image, language: Language) -> str:
    """Lines that stand there only where there is something to tell."""
    lines = []
    if words := used(image):
        lines.append(texts.USED[language].format(used=shortened(words, LONGEST_USED)))
    if image.unread:
        lines.append(texts.UNREAD_WORDS[language].format(words=", ".join(image.unread)))
    if (painter := painter_of(image)) != image.model:
        lines.append(texts.STOOD_IN[language].format(painter=painter, model=image.model))
    return "".join(f"\n{line}" for line in lines)


def shortened(text: str, most: int) -> str:
    """As much of it as fits, and a sign that there is more."""
    return text if fits(text, most) else f"{cut(text, most - 1)[0]}…"


def sentence_of(prompt: Prompt) -> str:
    """What to type for it; a picture that was changed is named by the end of its id."""
    return f"/edit {prompt.source[-SHORT_ID:]} {spelled(prompt)}" if prompt.source else spelled(prompt)
