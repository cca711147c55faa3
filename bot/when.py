"""Moments as people in Việt Nam read them, whatever the zone of the machine."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

from bot.texts import Language
from core.clock import SECOND
from core.letters import bare

VIETNAM = timezone(timedelta(hours=7))


def local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment // SECOND, UTC).astimezone(VIETNAM)


def moment_of(moment: int, language: Language) -> str:
    """21:05 20/11/2026, or 2026-11-20 21:05."""
    return local(moment).strftime("%H:%M %d/%m/%Y" if language == "vi" else "%Y-%m-%d %H:%M")


def date_of(moment: int, language: Language) -> str:
    return local(moment).strftime("%d/%m/%Y" if language == "vi" else "%Y-%m-%d")


def time_of(moment: int) -> str:
    return local(moment).strftime("%H:%M")


def second_of(moment: int, language: Language) -> str:
    """To the second, for comparing with somebody else's log."""
    return local(moment).strftime("%H:%M:%S %d/%m/%Y" if language == "vi" else "%Y-%m-%d %H:%M:%S")


def day_named(word: str, now: int) -> str:
    """A day of Việt Nam as people write it, as `yyyymmdd`. Raises ValueError for what is no day."""
    near = {"today": 0, "hom nay": 0, "yesterday": 1, "hom qua": 1}
    if (said := bare(word.lower())) in near:
        return (local(now) - timedelta(days=near[said])).strftime("%Y%m%d")
    form = "%d/%m/%Y" if "/" in word else "%Y-%m-%d"
    return datetime.strptime(word, form).replace(tzinfo=VIETNAM).strftime("%Y%m%d")


def day_first(text: str, now: int) -> tuple[str, str]:
    """The day that a text begins with, of one word or of two, and what stands behind it. Raises ValueError."""
    for count in (2, 1):
        words = text.split(maxsplit=count)
        with suppress(ValueError):
            return day_named(" ".join(words[:count]), now), " ".join(words[count:])
    raise ValueError(text)


def written(day: str, language: Language) -> str:
    """A `yyyymmdd` as a reader is used to it."""
    year, month, date = day[:4], day[4:6], day[6:]
    return f"{date}/{month}/{year}" if language == "vi" else f"{year}-{month}-{date}"
