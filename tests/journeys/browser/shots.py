"""The pictures of the README, taken at a real house: python -m tests.journeys.browser.shots docs/shots"""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Browser

from tests.journeys.browser.rig import DESKTOP, PHONE, SETTINGS, SHOP, Lodging, Visitor, chromium, lodging, visitor

HASTY = {**SETTINGS, "IMAGIFY_PACE": "0", "IMAGIFY_PROMPTS_PER_MINUTE": "1000"}
HEAVIEST = 250_000  # bytes
WALL = (
    "ngôi nhà nhỏ trong mưa, màu nước",
    "phố cổ Hội An đêm đèn lồng",
    "con rồng trên ruộng bậc thang, màu nước",
    "thành phố bên biển lúc hoàng hôn",
    "hoa sen trong đầm, tranh lụa",
    "núi mù sương lúc bình minh, tranh mực",
    "tách cà phê buổi sáng, poster",
    "chùa trên đồi mùa thu",
)
SEEN = "() => Promise.all([...document.querySelectorAll('.opener[data-arrived] img')].map((one) => one.decode()))"


class Photographer:
    def __init__(self, browser: Browser, house: Lodging, folder: Path) -> None:
        self._browser, self._house, self._folder = browser, house, folder

    @asynccontextmanager
    async def model(self, *, phone: bool = False, dark: bool = False, gift: int = 10) -> AsyncIterator[Visitor]:
        """A visitor who has agreed."""
        async with visitor(self._browser, PHONE if phone else DESKTOP, scale=2 if phone else 1, dark=dark) as an:
            await an.comes(self._house)
            await an.agrees(gift)
            yield an

    async def takes(self, an: Visitor, name: str) -> None:
        await an.page.evaluate(SEEN)
        await an.page.mouse.move(0, 0)
        data = small(await an.page.screenshot())
        assert len(data) <= HEAVIEST, f"{name} has {len(data)} bytes"
        (self._folder / f"{name}.png").write_bytes(data)

    async def desktop(self) -> None:
        async with self.model() as an:
            await an.draws("mèo mướp đội nón lá, tranh lụa --seed 7")
            await self.takes(an, "desktop")

    async def contact_sheet(self) -> None:
        async with self.model() as an:
            await an.draws("con rồng trên núi mù sương, tranh mực --seed 5")
            await an.presses("4 biến thể")
            await an.arrives(2)
            await self.takes(an, "contact-sheet")

    async def gallery(self) -> None:
        async with self.model() as an:
            for seed, words in enumerate(WALL, start=1):
                await an.draws(f"{words} --seed {seed}")
            await an.presses("⭐ Yêu thích")
            await an.says("/gallery")
            await an.sees(f".wall li:nth-child({len(WALL)}) .opener[data-arrived]")
            await self.takes(an, "gallery")

    async def dark(self) -> None:
        async with self.model(dark=True) as an:
            await an.speaks("en")
            await an.draws("a city by the sea at sunset, watercolour --ar 16:9 --seed 3")
            await self.takes(an, "dark")

    async def phone(self) -> None:
        async with self.model(phone=True) as an:
            await an.draws("phố cổ Hội An đêm đèn lồng --seed 4")
            await self.takes(an, "phone")

    async def paying(self) -> None:
        """Out of credits, and back with some."""
        async with self.model(phone=True, gift=1) as an:
            await an.says("con trâu trên đồng lúa --n 4")
            await an.presses("50.000đ")
            payer = await an.opens("Thanh toán VNPAY")
            await payer.stands("open")
            await self.takes(payer, "pay")
            await payer.goes_to_vnpay("NCB")
            await self.takes(payer, "vnpay")
            await payer.ends("00")
            await payer.stands("paid")
            await an.has(56)
            await self.takes(an, "receipt")


def small(data: bytes) -> bytes:
    """A page has few colours and a painting forgives; 256 of them are a quarter of the bytes."""
    kept = io.BytesIO()
    few = Image.open(io.BytesIO(data)).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2)
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()


async def take(folder: Path) -> None:
    with TemporaryDirectory() as home, lodging(Path(home) / "home", HASTY) as house:
        async with chromium() as browser:
            at = Photographer(browser, house, folder)
            for shot in (at.desktop, at.phone, at.dark, at.gallery, at.contact_sheet):
                await shot()
    await take_paying(folder)


async def take_paying(folder: Path) -> None:
    """In a house where credits run out at once."""
    with TemporaryDirectory() as home, lodging(Path(home) / "home", SHOP) as shop:
        async with chromium() as browser:
            await Photographer(browser, shop, folder).paying()


if __name__ == "__main__":
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(into))
