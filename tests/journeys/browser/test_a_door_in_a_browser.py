"""What people see of the bounds at the door, in a browser: one tab too many, and a picture whose line breaks."""

import re

import pytest
from playwright.async_api import Route

from tests.journeys.browser.rig import Lodging, Visitor
from tests.pictures import a_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TABS = 8  # that a chat may have open
CROWDED = "Trang này đang mở ở quá nhiều thẻ. Bạn đóng bớt rồi bấm Thử ngay nhé."


async def test_the_ninth_tab_of_a_chat_is_told_why_and_has_a_line_once_another_is_closed(
    an: Visitor, house: Lodging
) -> None:
    others = [Visitor(await an.page.context.new_page(), an.faults) for _ in range(TABS - 1)]
    for one in others:
        await one.comes(house)
    ninth = Visitor(await an.page.context.new_page(), an.faults)

    await ninth.page.goto(house.url)

    await ninth.sees(f".lost >> text={CROWDED}")
    await others[0].page.close()
    await ninth.page.click("#now")
    await ninth.is_connected()


async def test_a_picture_whose_line_breaks_on_its_way_arrives_once_after_it_is_mended(
    an: Visitor, house: Lodging
) -> None:
    """The house dies while it comes in, and the page does not know whether it was kept."""

    async def dies(route: Route) -> None:
        house.is_killed()
        await route.continue_()

    await an.agrees()
    await an.page.route(re.compile("/live/picture"), dies, times=1)
    await an.attaches(a_jpeg((600, 400)))
    await an.says("sửa giúp mình")
    await an.sees("body[data-line=broken]")
    await an.sees("#sending > [data-state=sending]")

    house.opens()
    await an.is_connected()
    await an.sees("#said >> text=Vẽ lại với lời này")

    assert [one for one in await an.story() if one.startswith("said")] == ["said: sửa giúp mình"]
    assert await an.page.locator("#sending > *").count() == 0
    await an.reloads()
    await an.sees("#said > [data-kind=said] .opener[data-arrived]")
