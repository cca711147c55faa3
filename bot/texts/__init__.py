"""Every sentence, Vietnamese and English side by side, by subject. Vietnamese first: it is what most people read."""

from core.people import Language

__all__ = ["Language", "Said", "cut", "length", "thousands"]

Said = dict[Language, str]


def thousands(number: int, language: Language) -> str:
    """50.000 for a Vietnamese reader, 50,000 for an English one."""
    return f"{number:,}".replace(",", ".") if language == "vi" else f"{number:,}"


def cut(text: str, most: int) -> str:
    """As much of it as fits, at a word where there is one; measured in UTF-16 units, as the strictest channel does."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    kept = units[: 2 * most - 2].decode("utf-16-le", "ignore")
    return f"{kept.rpartition(' ')[0] or kept}…"


def length(seconds: float, language: Language) -> str:
    """A wait as a person says it."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} giây" if language == "vi" else f"{whole} s"
    return f"{round(whole / 60)} phút" if language == "vi" else f"{round(whole / 60)} min"
