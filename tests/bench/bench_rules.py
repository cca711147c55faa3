"""How many sentences the rules miss or refuse wrongly, by half and group: ./dev bench --only rules"""

from collections.abc import Sequence

from tests.bench.paper import Cell, Paper
from tests.measured import HELD_OUT, WORKING, Sentence, sentences


async def measure() -> list[Paper]:
    """The misses are listed of the working half alone: what is held out is counted and not read."""
    wrong = [(one.words, one.judged, one.refuse) for one in sentences(WORKING) if one.wrong]
    return [counted(WORKING), counted(HELD_OUT), Paper(("wrong in the working half", "refused by", "is for"), wrong)]


def counted(half: str) -> Paper:
    said = sentences(half)
    groups = sorted({one.refuse or one.like for one in said})
    rows = [
        row(group or "anything else", [one for one in said if group == (one.refuse or one.like)]) for group in groups
    ]
    return Paper((half, "to refuse", "missed", "to pass", "false"), [*rows, row("all", said)])


def row(name: str, said: Sequence[Sentence]) -> tuple[Cell, ...]:
    refused, passed = [one for one in said if one.refuse], [one for one in said if not one.refuse]
    return name, len(refused), sum(one.wrong for one in refused), len(passed), sum(one.wrong for one in passed)
