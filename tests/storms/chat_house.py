"""The house that many people chat with over their sockets, and that is killed for real. Only its painter is played.

python -m tests.storms.chat_house HOME PORT SECONDS_A_PICTURE
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from bot import settings
from bot.app import open_in
from core.ports import Wing
from infra import embedded
from tests.storms.quick import QuickPainter


async def stay(home: Path, port: int, pace: float) -> None:
    said = settings.read(home=home, port=port)
    async with embedded.open(home) as wing:
        ports = replace(wing.ports, painter=QuickPainter(pace))
        async with open_in(Wing(ports, wing.secret, wing.vendors, alone=True), said) as opened:
            sys.stdout.write(f"open on {opened.port}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(stay(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
