"""The whole way on the AWS wing: one process hears people, two paint, and one of them dies, or is asked to stop."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.cloud import Child, Cloud, open_cloud
from tests.storms.chatter import Chatter

pytestmark = pytest.mark.server
PATIENCE = 60.0  # seconds on a busy machine until what must come has come
ORDER = re.compile(r"/p/(\w+)")
CONTROL = re.compile(r"its own side: (http\S+)")


@asynccontextmanager
async def seated(url: str) -> AsyncIterator[Chatter]:
    """Somebody at the page, who has agreed to the notice."""
    one = Chatter(url, "an")
    page = asyncio.create_task(one.live())
    try:
        await until(lambda: one.button("agree"))
        one.press(one.button("agree"))
        await until(lambda: len(one.messages) >= 2)
        yield one
    finally:
        page.cancel()
        await asyncio.gather(page, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - a socket fills what it looks at
            await asyncio.sleep(0.05)


async def painting(cloud: Cloud, calls: int) -> None:
    """So many calls to painters are under way, or have been made."""
    async with asyncio.timeout(PATIENCE):
        while await cloud.billed() < calls:  # noqa: ASYNC110 - it is counted in another process
            await asyncio.sleep(0.05)


async def pays(web: Child, one: Chatter) -> None:
    """The smallest package, over its page and the bank; the bank calls the house."""
    one.say("/topup 20k")
    await until(lambda: ORDER.search(shown(one)))
    found = ORDER.search(shown(one))
    assert found
    ref = found[1]
    async with ClientSession() as browser:
        async with browser.post(f"{web.url}/p/{ref}/pay", allow_redirects=False) as leads:
            assert leads.status == 303
        async with browser.get(leads.headers["Location"]) as bank:
            assert bank.status == 200
        control = CONTROL.search(web.out.read_text())
        assert control
        async with browser.post(f"{control[1].rstrip('/')}/api/pay", json={"ref": ref}) as paid:
            assert paid.status == 200
    await until(lambda: "🎉" in shown(one))


def shown(one: Chatter) -> str:
    return "\n".join(f"{frame['text']} {frame.get('choices')}" for frame in one.messages.values())


async def test_from_consent_to_paid_pictures_though_a_worker_is_killed_as_it_paints(tmp_path: Path) -> None:
    async with open_cloud(tmp_path, {"IMAGIFY_GIFT": "60"}) as cloud:
        web, (first, second) = await cloud.opens(workers=2)
        async with seated(web.url) as an:
            an.say("mèo mướp đội nón lá trên biển, tranh lụa")
            await until(lambda: len(an.pictures()) == 1)
            (caption,) = an.pictures()
            assert "mèo mướp đội nón lá" in caption
            an.press(an.labelled("🎲"))
            await until(lambda: len(an.pictures()) == 2)
            await pays(web, an)

            await cloud.pulls("settings", latency=2.0)
            before = await cloud.billed()
            an.say("một con thuyền giấy trong mưa")
            await painting(cloud, before + 1)
            first.kill()
            second.kill()
            await cloud.pulls("settings", latency=0.05)
            await cloud.starts("work", "--workers", "1")
            await until(lambda: len(an.pictures()) == 3)

        books, proof = await cloud.rest(PATIENCE), await cloud.audit()
        assert books.states == {"delivered": 6}
        assert books.overcharged(60 + 20) == []
        assert 6 <= await cloud.billed() <= 7
        assert sum(job.crashes for job in books.jobs) == 1
        assert proof["clean"], proof
        assert proof["images"] == 6


async def test_a_worker_that_is_asked_to_stop_finishes_its_picture_first(tmp_path: Path) -> None:
    async with open_cloud(tmp_path, {"IMAGIFY_GIFT": "60"}, latency=1.0) as cloud:
        web, (worker,) = await cloud.opens(workers=1)
        async with seated(web.url) as an:
            an.say("một con mèo")
            await painting(cloud, 1)

            assert await worker.drains() == 0

            books = await cloud.books()
            assert books.states.keys() <= {"kept", "delivered"}
            assert await cloud.billed() == books.pictures == 1
            await until(lambda: len(an.pictures()) == 1)
        assert (await cloud.audit())["clean"]
