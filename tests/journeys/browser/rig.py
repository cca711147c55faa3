"""A real house in a process of its own, and a visitor who meets it in a real browser. tests/browser.sh fetches both.

Every wait is for something that can be seen on the page or heard from the house; nothing waits for time to pass.
"""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from shutil import which
from subprocess import PIPE

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, async_playwright, expect

ROOT = Path(__file__).parents[3]
CHROMIUM = Path(os.environ.get("IMAGIFY_CHROMIUM") or which("chromium") or "/usr/bin/chromium")
AXE = ROOT / ".servers/axe/node_modules/axe-core/axe.min.js"
FLAGS = (
    "--no-sandbox",  # machines that test run everything as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 20_000  # ms until what must come has come, on a busy machine
SETTINGS: Mapping[str, str] = {"IMAGIFY_PACE": "1.2", "IMAGIFY_REQUESTS": "100000"}
SHOP: Mapping[str, str] = {  # where credits run out at once, and VNPAY may be asked at any time
    **SETTINGS,
    "IMAGIFY_PACE": "0",
    "IMAGIFY_GIFT": "1",
    "IMAGIFY_VNPAY__EVERY": "1",
}
MOST_TABS = 60  # presses of a key until whatever is wanted must have had the focus
SERIOUS = ("serious", "critical")
BROKEN_LINE = ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED")  # what a browser says of a house that is gone


# Colours that are on their way to others are nobody's barrier.
AT_REST = """() => new Promise(requestAnimationFrame)
    .then(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))))"""

TOLD = "all => all.map((each) => `${each.dataset.kind}: ${each.querySelector('.text')?.textContent ?? ''}`)"


class Lodging:
    """The house as people start it. It can be killed, and opens again on the same port."""

    def __init__(self, home: Path, settings: Mapping[str, str] = SETTINGS) -> None:
        self.home, self._settings = home, settings
        self._port, self.url, self.owner, self.vnpay = 0, "", "", ""
        self._process: subprocess.Popen[str] | None = None

    def opens(self) -> None:
        command = [sys.executable, "-P", "-m", "bot", "run", "--home", str(self.home), "--port", str(self._port)]
        ours = {name: value for name, value in os.environ.items() if not name.startswith("IMAGIFY_")}
        process = self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            command, cwd=ROOT, env={**ours, **self._settings}, text=True, stdout=PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout
        self.url = process.stdout.readline().split()[4]
        self.owner = process.stdout.readline().split()[-1].removeprefix(self.url)
        self.vnpay = process.stdout.readline().split()[-1]
        self._port = int(self.url.rpartition(":")[2])

    def is_killed(self) -> None:
        self._ends(signal.SIGKILL)

    def closes(self) -> None:
        self._ends(signal.SIGTERM)

    def _ends(self, how: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(how)
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def lodging(home: Path, settings: Mapping[str, str] = SETTINGS) -> Iterator[Lodging]:
    house = Lodging(home, settings)
    house.opens()
    try:
        yield house
    finally:
        house.closes()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """Someone at the page: what they do, and what they see."""

    def __init__(self, page: Page, faults: list[str] | None = None) -> None:
        self.page = page
        self.faults: list[str] = [] if faults is None else faults  # what the browser complained about
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(one in message.text for one in BROKEN_LINE):
            self.faults.append(message.text)

    # -- what they do

    async def comes(self, house: Lodging, path: str = "/") -> None:
        await self.page.goto(f"{house.url}{path}")
        await self.is_connected()

    async def reloads(self) -> None:
        await self.page.reload()
        await self.is_connected()

    async def says(self, words: str) -> None:
        await self.page.fill("#words", words)
        await self.page.press("#words", "Enter")

    async def attaches(self, data: bytes) -> None:
        await self.page.set_input_files("#file", {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": data})

    async def presses(self, words: str, inside: str = "") -> None:
        """The newest button with these words, in the tab that is looked at."""
        await self.page.bring_to_front()  # a browser hardly draws the others, and what is not drawn cannot be pressed
        await self.button(words, inside).click()

    async def agrees(self, gift: int = 10) -> None:
        await self.presses("Đồng ý")
        await self.has(gift)

    async def opens(self, words: str) -> "Payer":
        """The newest link with these words, in a tab beside the chat."""
        async with self.page.context.expect_page() as opened:
            await self.presses(words)
        return Payer(await opened.value, self.faults)

    async def draws(self, words: str) -> None:
        """A picture, to the end."""
        message = await self.next_reply()
        await self.says(words)
        await message.locator(".opener[data-arrived]").wait_for()

    async def reaches(self, words: str, key: str = "Tab") -> None:
        """From where the focus is to a button with these words, by the keyboard alone."""
        await self.reaches_selector(f"button:text('{words}')", key)

    async def reaches_selector(self, selector: str, key: str = "Tab") -> None:
        focused = self.page.locator(f"{selector}:focus")
        for _ in range(MOST_TABS):
            if await focused.count():
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead to {selector}")

    async def speaks(self, language: str) -> None:
        await self.page.click(f"[data-language={language}]")
        await self.sees(f"html[lang={language}]")

    # -- what they see

    def button(self, words: str, inside: str = "") -> Locator:
        return self.page.locator(f"{inside} .choice:visible", has_text=words).last

    async def sees(self, selector: str) -> None:
        """It is there, whether or not it can be seen without scrolling."""
        await self.page.locator(selector).first.wait_for(state="attached")

    async def is_connected(self) -> None:
        await self.sees("body[data-line=open][data-begun]")
        await self.sees("#log:not([aria-busy])")

    async def has(self, free: int, held: int = 0) -> None:
        await self.sees(f"#balance[data-balance='{free}'][data-held='{held}']")

    async def arrives(self, count: int) -> None:
        """So many pictures of messages and walls are there, decoded."""
        await self.page.locator(f"#said .opener[data-arrived] >> nth={count - 1}").wait_for()

    async def watches(self, message: Locator) -> list[int]:
        """Every share its bar shows until the picture is there."""
        bar, picture = message.locator("[data-progress]"), message.locator(".opener[data-arrived]")
        shares: list[int] = []
        while not await picture.count():
            moved = message.locator(f"[data-progress]:not([data-share='{shares[-1] if shares else ''}'])")
            await moved.or_(picture).first.wait_for()
            shares += [int(share) for share in await bar.evaluate_all("all => all.map((one) => one.dataset.share)")]
        return shares

    async def has_in_sight(self, selector: str) -> None:
        """All of it, without scrolling."""
        await expect(self.page.locator(selector)).to_be_in_viewport(ratio=0.99, timeout=PATIENCE)

    async def overflow(self) -> int:
        """By how many pixels something sticks out to the side of the list."""
        return int(await self.page.eval_on_selector("#log", "log => log.scrollWidth - log.clientWidth"))

    async def barriers(self) -> list[str]:
        """What axe finds serious or critical."""
        await self.page.evaluate(AT_REST)
        await self.page.evaluate(AXE.read_text())
        found = await self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in SERIOUS
        ]

    async def next_reply(self) -> Locator:
        """The message that the house will write next."""
        replies = self.page.locator("#said > [data-kind=reply]")
        return replies.nth(await replies.count())

    async def story(self) -> list[str]:
        """Every message as it stands, in order: who, and the words."""
        messages = self.page.locator("#said > [data-message]")
        return list(await messages.evaluate_all(TOLD))


class Payer(Visitor):
    """The same person in the tab beside the chat: at the page of an order, at VNPAY, and back."""

    @property
    def ref(self) -> str:
        """Of the order whose page this is."""
        return self.page.url.rpartition("/")[2].partition("?")[0]

    async def reloads(self) -> None:
        """No line is kept here that would have to be found again."""
        await self.page.reload()

    async def width(self) -> int:
        """Of all there is, also of what would have to be scrolled to."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))

    async def stands(self, standing: str) -> None:
        await self.sees(f"article[data-standing={standing}]")

    async def goes_to_vnpay(self, bank: str = "") -> None:
        """By the one button of the page; straight to a bank where one is named."""
        if bank:
            await self.page.click("details summary")
            await self.page.check(f"[name=bank][value={bank}]")
        await self.page.click("form .deed")
        await self.sees("[data-left]")

    async def chooses(self, way: str) -> None:
        """One of the ways and banks that VNPAY shows."""
        await self.page.locator(".choice a", has_text=way).click()

    async def taps(self, card: str) -> None:
        """A test card: the payment ends as VNPAY says it does with that one."""
        await self.page.click(f"[data-card='{card}']")

    async def ends(self, code: str) -> None:
        """The payment, with this code of VNPAY's."""
        await self.page.locator(f"[data-outcome='{code}']").first.click()


@asynccontextmanager
async def visitor(
    browser: Browser, size: ViewportSize = DESKTOP, *, scale: float = 1, dark: bool = False, locale: str = "vi-VN"
) -> AsyncIterator[Visitor]:
    """A person nobody has seen before, whose browser speaks Vietnamese unless another language is named."""
    context = await browser.new_context(
        viewport=size,
        device_scale_factor=scale,
        color_scheme="dark" if dark else "light",
        locale=locale,
        has_touch=size == PHONE,
        reduced_motion="reduce",
    )
    one = Visitor(await context.new_page())
    try:
        yield one
    finally:
        await context.close()
    assert one.faults == []
