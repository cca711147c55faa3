"""Every sentence, Vietnamese and English side by side, by subject. Vietnamese first: it is what most people read."""

from core.people import Language

__all__ = ["Language", "Said", "length", "thousands"]

Said = dict[Language, str]


def thousands(number: int, language: Language) -> str:
    """50.000 for a Vietnamese reader, 50,000 for an English one."""
    return f"{number:,}".replace(",", ".") if language == "vi" else f"{number:,}"


def length(seconds: float, language: Language) -> str:
    """A wait as a person says it."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} giây" if language == "vi" else f"{whole} s"
    return f"{round(whole / 60)} phút" if language == "vi" else f"{round(whole / 60)} min"
