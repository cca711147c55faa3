"""What goes back to a person, before a channel puts it into its own form; and how news become it."""

from dataclasses import dataclass

from bot.texts import Language, Said, images
from core.news import GIVEN_BACK, IMAGE_CANCELLED, IMAGE_FAILED, IMAGE_READY, News

SUPPORT_CODE = 8  # letters of a job's id that a person can quote


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


def of_news(news: News, language: Language, picture: bytes | None = None) -> Reply:
    """What a person reads when these news reach them."""
    text = sentence(news)[language].format(price=news.facts.get("price", 0), code=news.job[-SUPPORT_CODE:])
    return Reply(text, choices(news, language), picture)


def sentence(news: News) -> Said:
    blocked = news.facts.get("reason") == "blocked"
    told = {
        IMAGE_READY: images.READY,
        IMAGE_FAILED: images.BLOCKED if blocked else images.FAILED,
        IMAGE_CANCELLED: images.CANCELLED,
        GIVEN_BACK: images.GIVEN_BACK,
    }
    return told[news.kind]


def choices(news: News, language: Language) -> tuple[Choice, ...]:
    if news.kind != IMAGE_FAILED:
        return ()
    return (Choice(images.RETRY_BUTTON[language], action=f"retry:{news.job}"),)


def send_again(news: News, language: Language) -> Reply:
    """Where a picture may or may not have arrived, the person decides."""
    button = Choice(images.AGAIN_BUTTON[language], action=f"show:{news.job}")
    return Reply(images.SEND_AGAIN[language], (button,))
