"""Tools: what can be done with a finished picture without a word, each a model of the catalogue that runs here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.replies import Choice
from bot.texts import Language
from bot.texts import changing as texts
from core.gallery import Image
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


def offered(terms: Terms, image: Image, now: int) -> dict[Tool, int]:
    """What can be done with this picture here, and its price."""
    models = {tool: living(terms, tool.model, now) for tool in ALL if tool.fits(image)}
    return {
        tool: terms.price(model) for tool, model in models.items() if model and model.takes(image.width, image.height)
    }


def can_change(terms: Terms, now: int) -> bool:
    """Whether a model here changes a picture by words."""
    return any(model.tier != "past" for model in terms.catalogue.able("repaint", now, terms.vendors))


def living(terms: Terms, name: str, now: int) -> Model | None:
    model = terms.catalogue.models.get(name)
    return model if model and model.runs_at(terms.vendors) and not model.ended(now) else None


def button(tool: Tool, price: int, image: Image, language: Language) -> Choice:
    """The price on it is the most it may cost, however old the button is."""
    return Choice(texts.TOOLS[tool.name][language].format(price=price), action=f"tool:{image.id}:{tool.name}:{price}")
