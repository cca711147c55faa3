"""How long the darkroom, the spool and the pocket painter take on this machine: python -m tests.bench.bench_darkroom"""

import asyncio
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from PIL import Image

from core.models import Route
from core.prompts import Prompt
from core.provenance import Mark, mark_jpeg
from infra.embedded.blobs import FileBlobs
from infra.embedded.painter import PocketPainter
from infra.local.clock import WallClock
from infra.local.darkroom import PillowDarkroom
from infra.local.spool import DiskSpool
from tests.bench.paper import Paper

TIMES = 15
MARK = Mark("bench", "01JD3Y5V0000000000000000AB", 0)
POCKET = Route("pocket", "pocket", "pocket", "pocket", "here", 0)


async def median(work: Callable[[int], Awaitable[object]]) -> float:
    """Milliseconds of the middle one."""
    taken = []
    for turn in range(TIMES):
        begun = time.perf_counter()
        await work(turn)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def noisy(kind: str) -> bytes:
    """A picture about as heavy as a painter's: 1024 by 1024, smooth with some grain."""
    grain = Image.effect_noise((1024, 1024), 12)
    smooth = Image.radial_gradient("L").resize((1024, 1024))
    picture = Image.merge("RGB", (Image.blend(grain, smooth, 0.85), Image.blend(grain, smooth, 0.7), smooth))
    held = io.BytesIO()
    picture.save(held, kind, quality=92)
    return held.getvalue()


async def lag_beside(work: Callable[[int], Awaitable[object]]) -> float:
    """Milliseconds the loop was late at worst, but for one turn in a hundred, while four of these ran at once."""
    late: list[float] = []
    running = asyncio.gather(*(work(turn) for turn in range(8)))
    while not running.done():
        begun = time.perf_counter()
        await asyncio.sleep(0.002)
        late.append((time.perf_counter() - begun) * 1000 - 2)
    await running
    return sorted(late)[int(len(late) * 0.99)]


async def measure() -> list[Paper]:
    with tempfile.TemporaryDirectory() as folder:
        figures = await figures_of(Path(folder))
    return [Paper(("darkroom, spool, blobs and painter", "ms"), list(figures.items()))]


async def figures_of(home: Path) -> dict[str, float]:
    darkroom, spool, blobs = PillowDarkroom(), DiskSpool(home / "spool"), FileBlobs(home / "blobs")
    painter, prompt = PocketPainter(WallClock()), Prompt("mèo mướp đội nón lá", seed=1)
    jpeg, png, heavy = noisy("JPEG"), noisy("PNG"), os.urandom(1_500_000)

    async def marking(_: int) -> None:
        mark_jpeg(jpeg, MARK)

    figures = {
        f"develop a JPEG of {len(jpeg) // 1000} kB": await median(lambda _: darkroom.develop(jpeg, MARK)),
        f"develop a PNG of {len(png) // 1000} kB": await median(lambda _: darkroom.develop(png, MARK)),
        "contact sheet of four JPEGs": await median(lambda _: darkroom.contact_sheet([jpeg] * 4)),
        "mark a JPEG": await median(marking),
        "pocket painter, one picture": await median(lambda turn: painter.paint(prompt.seeded(turn + 1), POCKET)),
        "spool keep 1.5 MB": await median(lambda turn: spool.keep(f"job{turn}", heavy)),
        "blob put 1.5 MB": await median(lambda turn: blobs.put(f"img/job{turn}", heavy, "image/png")),
        "loop lag p99 while developing PNGs": await lag_beside(lambda _: darkroom.develop(png, MARK)),
    }
    darkroom.close()
    return figures


if __name__ == "__main__":
    sys.stdout.write("\n".join(map(str, asyncio.run(measure()))) + "\n")
