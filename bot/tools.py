"""Tools: what can be done with a picture beside repainting it, each a model of the catalogue that runs here.

Some take no word, some are asked for by words: what becomes what, or what is to be painted after the picture.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.replies import Choice
from bot.texts import Language
from bot.texts import changing as texts
from core.gallery import Image
from core.letters import bare
from core.models import Model
from core.prompts import Prompt
from core.studio import Terms


@dataclass(frozen=True, slots=True)
class Tool:
    name: str  # in a button, where room is short
    model: str
    ratio: str = ""  # that the picture is widened to
    reads: bool = True  # the words of the picture, for what it draws beside or into it

    def fits(self, image: Image) -> bool:
        """A picture is widened only to what it is not yet."""
        if not self.ratio:
            return True
        wide, high = (int(part) for part in self.ratio.split(":"))
        beyond = image.width * high - image.height * wide
        return beyond < 0 if wide > high else beyond > 0

    def prompt(self, image: Image) -> Prompt:
        """The picture's own words go along; of the words used nothing is told where nobody reads them."""
        asked = image.prompt_.anew()
        read = asked if self.reads else asked.in_english("")
        return replace(read, model=self.model, source=image.blob, ratio=self.ratio or asked.ratio)


QUICK = "upscale"  # has its button right under a picture
ALL = (
    Tool(QUICK, "upscale", reads=False),
    Tool("cutout", "remove-background", reads=False),
    Tool("wide", "outpaint", "16:9"),
    Tool("tall", "outpaint", "9:16"),
    Tool("faithful", "upscale-faithful"),
    Tool("creative", "upscale-creative"),
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in ALL}
MODELS = frozenset(tool.model for tool in ALL)

PAID_MARK = "💳"  # before a price that credits that were a gift do not pay
ARROW = "{old} → {new}"  # how the painters are told what becomes what; no translation touches it
PAIRS: Mapping[str, re.Pattern[str]] = {
    "recolor": re.compile(
        r"(?:doi mau|to mau|to lai mau|to lai|nhuom|recolou?r) (?P<old>.+?) (?:thanh|sang|bang|to|into|in)"
        r" (?:mau )?(?P<new>.+)"
        r"|doi (?P<it>.+?) (?:thanh|sang) mau (?P<hue>.+)"
    ),
    "replace": re.compile(r"(?:thay the|thay|doi|replace|swap) (?P<old>.+?) (?:bang|thanh|with|by|for) (?P<new>.+)"),
}
AFTER: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"(?:(?:dung|lam|tu|theo|giu|use|as|from|in|keep|a|the|this) )*(?:{said})\s*:\s*(?P<new>.+)")
    for name, said in {
        "from-sketch": "(?:(?:net|ban|hinh|anh) )?phac(?: thao)?|sketch",
        "from-structure": "bo cuc|cau truc|structure",
        "style-guide": "phong cach(?: anh)?(?: nay)?|style",
    }.items()
}
BY_WORDS = ("replace", "recolor", *AFTER)  # models that are asked for by what is said
NEEDS_PICTURE = MODELS | set(BY_WORDS)  # whose words are good for nothing else


def offered(terms: Terms, image: Image, now: int) -> dict[Tool, int]:
    """What can be done with this picture here without a word, and its price."""
    models = {tool: living(terms, tool.model, now) for tool in ALL if tool.fits(image)}
    return {
        tool: terms.price(model) for tool, model in models.items() if model and model.takes(image.width, image.height)
    }


def by_words(terms: Terms, now: int) -> list[Model]:
    """What can be done here by saying it."""
    return [model for name in BY_WORDS if (model := living(terms, name, now))]


def sold(terms: Terms, now: int) -> list[Model]:
    """Everything that can be ordered here in some way, the cheapest first."""
    taught = [
        model for name in (*dict.fromkeys(tool.model for tool in ALL), *BY_WORDS) if (model := living(terms, name, now))
    ]
    return sorted([*terms.catalogue.ladder(now, terms.vendors), *taught], key=terms.price)


def can_change(terms: Terms, now: int) -> bool:
    """Whether a model here changes a picture by words."""
    return repainter(terms, now) is not None


def repainter(terms: Terms, now: int) -> Model | None:
    """Who changes a picture by words where nobody is named."""
    able = terms.catalogue.able("repaint", now, terms.vendors)
    return next((model for model in able if model.tier != "past"), None)


def living(terms: Terms, name: str, now: int) -> Model | None:
    model = terms.catalogue.models.get(name)
    return model if model and model.runs_at(terms.vendors) and not model.ended(now) else None


def meant(terms: Terms, prompt: Prompt, now: int) -> Prompt:
    """A change of a picture, by the tool that its words ask for where that lives here."""
    for model, pattern in () if prompt.model else (*PAIRS.items(), *AFTER.items()):
        said = pattern.fullmatch(bare(prompt.words).lower())
        if said and living(terms, model, now):
            return replace(prompt, model=model, words=told(prompt.words, said), plain=model in PAIRS or prompt.plain)
    return prompt


def told(words: str, said: re.Match[str]) -> str:
    """The part of the words that the tool reads; where it was found without accents it stands with them, too."""
    parts = {name: words[slice(*said.span(name))] for name, found in said.groupdict().items() if found}
    old = parts.get("old") or parts.get("it")
    new = parts.get("new") or parts["hue"]
    return ARROW.format(old=old, new=new) if old else new


# -- buttons ----------------------------------------------------------------------------------------------------------


def marked(terms: Terms, model: Model, now: int) -> str:
    """Its price; with the mark of what credits that were a gift do not buy."""
    price = str(terms.price(model))
    return f"{PAID_MARK} {price}" if terms.paid_only(model, now) else price


def of_change(terms: Terms, now: int) -> str:
    """The price of a change by words, with its mark."""
    model = repainter(terms, now)
    return marked(terms, model, now) if model else ""


def button(terms: Terms, tool: Tool, image: Image, language: Language, now: int) -> Choice:
    """The price on it is the most it may cost, however old the button is."""
    model = terms.catalogue.models[tool.model]
    text = texts.TOOLS[tool.name][language].format(price=marked(terms, model, now))
    return Choice(text, action=f"tool:{image.id}:{tool.name}:{terms.price(model)}")


def asking(terms: Terms, model: Model, picture: str, language: Language, now: int) -> Choice:
    """Leads to the one question that its words answer."""
    text = texts.TOOLS[model.name][language].format(price=marked(terms, model, now))
    return Choice(text, action=f"by_words:{picture}:{model.name}")
