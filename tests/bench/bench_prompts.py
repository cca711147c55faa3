"""How long a sentence takes from what was typed to a prompt that may be drawn: python -m tests.bench.bench_prompts"""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from core.errors import Blocked
from core.models import Catalogue
from core.prompts import read
from core.safety import Rules, check
from tests.bench.paper import Cell, Paper

SHORT = "mèo mướp đội nón lá"
USUAL = "một con mèo mướp đội nón lá ngồi bên hồ Gươm lúc hoàng hôn, màu nước --ar 16:9 --n 2 --no chữ, khung"
LONG = " ".join(["một phiên chợ nổi trên sông với thuyền đầy hoa và trái cây dưới mưa bụi"] * 24)
SENTENCES = {"short": SHORT, "usual, with flags": USUAL, "long": LONG}
TIMES = 300


async def measure() -> list[Paper]:
    Rules.open(), Catalogue.open()  # once for the process
    rows: list[tuple[Cell, ...]] = [row(name, text) for name, text in SENTENCES.items()]
    return [Paper(("a prompt", "characters", "read µs", "check µs", "wish µs"), rows)]


def row(name: str, text: str) -> tuple[Cell, ...]:
    prompt = read(text)
    return (
        name,
        len(text),
        median(lambda: read(text)),
        median(lambda: checked(prompt.words, prompt.avoid)),
        median(lambda: Catalogue.open().wish(prompt.words)),
    )


def checked(words: str, avoid: str) -> None:
    with suppress(Blocked):
        check(words, avoid)


def median(do: Callable[[], object]) -> float:
    """Microseconds."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        do()
        took.append((time.perf_counter() - began) * 1_000_000)
    return sorted(took)[TIMES // 2]


if __name__ == "__main__":
    sys.stdout.write("\n".join(map(str, asyncio.run(measure()))) + "\n")
