"""The whole way on the AWS wing: one process hears people, two paint, and one of them dies, or is asked to stop."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.cloud import Child, open_cloud
from tests.servers import on_ministack, on_valkey
from tests.storms.chatter import Chatter
from tests.storms.waiting import until

__all__ = ["on_ministack", "on_valkey"]  # fixtures, found by their names

# They say whether there are servers; the wing stands on its own.
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("on_ministack", "on_valkey")]
PATIENCE = 60.0  # seconds on a busy machine until what must come has come
ORDER = re.compile(r"/p/(\w+)")
CONTROL = re.compile(r"its own side: (http\S+)")


@asynccontextmanager
async def seated(url: str) -> AsyncIterator[Chatter]:
    """Somebody at the page, who has agreed to the notice."""
    one = Chatter(url, "an")
    page = asyncio.create_task(one.live())
    try:
        assert await until(lambda: one.button("agree"), PATIENCE)
        one.press(one.button("agree"))
        assert await until(lambda: len(one.messages) >= 2, PATIENCE)
        yield one
    finally:
        page.cancel()
        await asyncio.gather(page, return_exceptions=True)


async def sees(one: Chatter, pictures: int) -> None:
    assert await until(lambda: len(one.pictures()) == pictures, PATIENCE), shown(one)


async def pays(web: Child, one: Chatter) -> None:
    """The smallest package, over its page and the bank; the bank calls the house."""
    one.say("/topup 20k")
    assert await until(lambda: ORDER.search(shown(one)), PATIENCE)
    found = ORDER.search(shown(one))
    assert found
    ref = found[1]
    async with ClientSession() as browser:
        by = {"Origin": web.url}
        async with browser.post(f"{web.url}/p/{ref}/pay", headers=by, allow_redirects=False) as leads:
            assert leads.status == 303
        async with browser.get(leads.headers["Location"]) as bank:
            assert bank.status == 200
        control = CONTROL.search(web.out.read_text())
        assert control
        async with browser.post(f"{control[1].rstrip('/')}/api/pay", json={"ref": ref}) as paid:
            assert paid.status == 200
    assert await until(lambda: "🎉" in shown(one), PATIENCE)


def shown(one: Chatter) -> str:
    return "\n".join(f"{frame['text']} {frame.get('choices')}" for frame in one.messages.values())


async def test_from_consent_to_paid_pictures_though_a_worker_is_killed_and_another_is_asked_to_stop(
    tmp_path: Path,
) -> None:
    async with open_cloud(tmp_path, {"IMAGIFY_GIFT": "60"}) as cloud:
        web, workers = await cloud.opens(workers=2)
        async with seated(web.url) as an:
            an.say("mèo mướp đội nón lá trên biển, tranh lụa")
            await sees(an, 1)
            (caption,) = an.pictures()
            assert "mèo mướp đội nón lá" in caption
            an.press(an.labelled("🎲"))
            await sees(an, 2)
            await pays(web, an)

            await cloud.pulls("settings", latency=0.5)
            an.say("một con thuyền giấy trong mưa")
            killed = await cloud.at_a_picture(workers, PATIENCE)
            killed.kill()
            await sees(an, 3)

            an.say("một cánh diều trên đồng lúa")
            stopped = await cloud.at_a_picture([one for one in workers if one is not killed], PATIENCE)
            assert await stopped.drains() == 0
            assert (await cloud.books()).open == []
            await sees(an, 4)

        books, proof = await cloud.rest(PATIENCE), await cloud.audit()
        assert books.states == {"delivered": 7}
        assert books.overcharged(60 + 20) == []
        assert await cloud.billed() == 7 + 1
        assert sum(job.crashes for job in books.jobs) == 1
        assert proof["clean"], proof
        assert proof["images"] == 7
