"""From the first visit to a picture that outlives the house's death, as people do it: in a browser, at a real house."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Route, ViewportSize

from tests.journeys.browser.rig import DESKTOP, PHONE, Lodging, Visitor, visitor
from tests.pictures import a_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAT = "mèo mướp đội nón lá, tranh lụa"
MARKUP = "<img src=x onerror=alert(1)> & <b>"
UNBROKEN = "Ơ" * 900 + " 🐉👩‍👩‍👧‍👦🏳️‍🌈"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_first_visit_ends_with_a_picture(browser: Browser, house: Lodging, size: ViewportSize) -> None:
    async with visitor(browser, size) as an:
        await an.comes(house)
        await an.has(0)
        await an.agrees()

        message = await an.next_reply()
        await an.says(CAT)
        shares = await an.watches(message)
        picture = message.locator("img")

        assert 0 < shares[-1] < 100
        assert shares == sorted(shares)
        assert await picture.evaluate("image => image.naturalWidth * image.naturalHeight") > 900_000
        await an.has(9)
        assert await an.overflow() == 0


async def test_words_that_came_before_consent_are_painted_after_it(an: Visitor) -> None:
    await an.says(CAT)
    await an.button("Đồng ý").nth(0).wait_for()
    await an.sees("#said > [data-message]:nth-child(3)")

    await an.presses("Đồng ý")

    await an.sees("#said .opener[data-arrived]")
    await an.has(9)


async def test_one_of_four_variations_is_picked_and_all_hang_in_the_gallery(an: Visitor) -> None:
    await an.agrees()
    await an.draws(CAT)
    message = await an.next_reply()
    await an.presses("4 biến thể")
    shares = await an.watches(message)
    await an.has(5)

    assert len(set(shares)) > 2
    assert shares == sorted(shares)

    await an.presses("U2")
    await an.arrives(3)
    await an.presses("⭐ Yêu thích")
    await an.says("/gallery")
    await an.sees(".wall li:nth-child(5) .opener[data-arrived]")

    assert await an.page.locator(".wall .star").count() == 1
    await an.page.click(".wall li:nth-child(3) .opener")
    await an.page.keyboard.press("ArrowLeft")
    await an.page.locator("#viewer .use").click()
    await an.arrives(9)
    await an.has(5)
    await an.has_in_sight(".pictured >> nth=-1")


async def test_the_page_changes_its_language_and_back(an: Visitor) -> None:
    await an.agrees()

    await an.speaks("en")
    await an.sees("#said >> text=From now on I speak English.")
    assert await an.page.text_content("#balance .free") == "10 credits"
    await an.says("/help")
    await an.sees("#said >> text=Type what you want to see.")

    await an.speaks("vi")
    await an.sees("#said >> text=Từ giờ mình nói tiếng Việt.")
    assert await an.page.get_attribute("#words", "placeholder") == "Bạn muốn thấy gì?"
    await an.reloads()
    await an.sees("html[lang=vi]")


async def test_a_chat_stands_after_a_reload_and_in_a_second_tab(an: Visitor, house: Lodging) -> None:
    await an.agrees()
    await an.draws(CAT)
    told = await an.story()

    await an.reloads()
    second = Visitor(await an.page.context.new_page())
    await second.comes(house)

    assert await an.story() == await second.story() == told
    await second.has(9)
    await second.says("/balance")
    await an.sees("#said >> text=💰 9 credit")
    assert await an.story() == await second.story()
    assert second.faults == []


async def test_a_house_that_was_killed_is_found_again_and_nothing_is_lost_or_doubled(
    an: Visitor, house: Lodging
) -> None:
    await an.agrees()
    await an.draws(CAT)
    told = await an.story()

    house.is_killed()
    await an.sees("body[data-line=broken]")
    await an.says("/balance")
    await an.sees("#sending > [data-state=sending]")
    await an.has_in_sight("#sending .state")
    house.opens()
    await an.is_connected()
    await an.sees("#said >> text=💰 9 credit")

    assert await an.story() == [*told, "said: /balance", "reply: 💰 9 credit"]
    assert await an.page.locator("#sending > *").count() == 0
    await an.reloads()
    assert await an.story() == [*told, "said: /balance", "reply: 💰 9 credit"]
    await an.arrives(1)
    await an.has(9)


async def test_words_that_were_unsent_when_the_page_was_left_are_sent_once_by_the_next(
    an: Visitor, house: Lodging
) -> None:
    await an.agrees()
    told = await an.story()
    house.is_killed()
    await an.sees("body[data-line=broken]")
    await an.says("/balance")

    house.opens()
    await an.reloads()
    await an.sees("#said >> text=💰 10 credit")

    assert await an.story() == [*told, "said: /balance", "reply: 💰 10 credit"]


async def test_a_picture_cancelled_on_its_way_costs_nothing(an: Visitor) -> None:
    await an.agrees()

    await an.says(CAT)
    await an.sees("[data-progress]")
    await an.presses("Huỷ")
    await an.sees("#said >> text=Đã hoàn 1 credit")

    await an.has(10)
    await an.page.locator("[data-progress]").wait_for(state="detached")
    assert await an.page.locator(".opener").count() == 0


async def test_a_button_pressed_twice_acts_once(an: Visitor) -> None:
    await an.agrees()
    await an.draws(CAT)
    told = await an.story()

    await an.button("Vẽ lại").dblclick()
    await an.has(8, held=1)
    await an.presses("Huỷ")
    await an.sees("#said >> text=Đã hoàn 1 credit")

    await an.has(9)
    await an.page.locator("#said >> text=⏳ Đã nhận yêu cầu").wait_for(state="detached")
    already = "reply: Mình đã nhận yêu cầu này rồi."  # for a second press that was slow enough to be one of its own
    assert set((await an.story())[len(told) :]) - {already} == {"reply: ❌ Đã huỷ. Đã hoàn 1 credit."}


async def test_everything_is_done_from_the_keyboard(an: Visitor) -> None:
    keys = an.page.keyboard
    await an.reaches("Đồng ý")
    await keys.press("Enter")
    await an.has(10)

    await an.page.focus("body")
    await an.reaches_selector("#words")
    await keys.type("/bal")
    await keys.press("Tab")
    await keys.press("Enter")
    await an.sees("#said >> text=💰 10 credit")
    await keys.type(CAT)
    await keys.press("Enter")
    await an.sees(".opener[data-arrived]")

    await an.reaches_selector(".opener", "Shift+Tab")
    await keys.press("Enter")
    await an.sees("#viewer[open]")
    await keys.press("Escape")
    await an.sees("#viewer:not([open])")
    await an.sees(".opener:focus")
    await an.reaches("Công thức")
    await keys.press("Space")
    await an.sees("#said >> text=Kích thước")


@pytest.mark.parametrize("words", [MARKUP, UNBROKEN], ids=["markup", "unbroken"])
async def test_whatever_is_said_is_shown_as_it_was_said(an: Visitor, words: str) -> None:
    await an.page.set_viewport_size(PHONE)
    await an.agrees()

    await an.says(words)
    await an.sees("#said > [data-kind=said]")

    assert await an.page.locator("#said > [data-kind=said] .text").text_content() == words
    assert await an.overflow() == 0


@pytest.mark.parametrize(
    ("words", "answer"),
    [("sửa giúp mình", "Vẽ lại với lời này"), ("", "Đã nhận ảnh")],
    ids=["with words", "alone"],
)
async def test_a_picture_that_is_sent_along_stands_where_it_was_sent(an: Visitor, words: str, answer: str) -> None:
    await an.agrees()

    await an.attaches(a_jpeg((600, 400)))
    await an.says(words)
    await an.sees(f"#said >> text={answer}")

    assert (await an.story())[2] == f"said: {words}"
    assert await an.page.locator("#sending > *").count() == 0
    await an.reloads()
    await an.sees("#said > [data-kind=said] .opener[data-arrived]")


async def test_a_file_that_is_no_picture_is_handed_back_with_the_reason(an: Visitor) -> None:
    await an.agrees()

    await an.attaches(b"no picture at all")
    await an.says("sửa giúp mình")
    await an.sees("#sending > [data-state=refused] >> text=Mình không đọc được tệp này")

    await an.presses("Sửa lại")
    assert await an.page.input_value("#words") == "sửa giúp mình"
    assert await an.page.locator("#sending > *").count() == 0


async def test_a_slow_line_keeps_the_place_of_a_picture(an: Visitor) -> None:
    """A wide picture that is late does not move what stands around it when it comes."""
    came = asyncio.Event()

    async def late(route: Route) -> None:
        await came.wait()
        await route.continue_()

    await an.agrees()
    await an.page.route(re.compile("/i/"), late)
    await an.says(f"{CAT} --ar 16:9")
    await an.sees(".pictured .opener")

    before = await an.page.locator(".pictured").bounding_box()
    came.set()
    await an.arrives(1)

    assert before == await an.page.locator(".pictured").bounding_box()


async def test_a_picture_that_did_not_come_is_asked_for_again_once_the_line_is_back(
    an: Visitor, house: Lodging
) -> None:
    await an.agrees()
    await an.page.route(re.compile("/i/"), lambda route: route.abort())
    await an.says(CAT)
    await an.sees(".pictured .missing")
    await an.page.unroute_all()

    house.is_killed()
    house.opens()

    await an.arrives(1)
    an.faults.clear()  # the browser was right to complain


async def test_the_page_serves_those_who_cannot_see_it_well(an: Visitor) -> None:
    await an.agrees()
    await an.says(CAT)
    await an.sees("[data-progress]")
    found = {"painting": await an.barriers()}
    await an.arrives(1)
    await an.says("/gallery")
    await an.arrives(2)

    for language in ("vi", "en"):
        await an.speaks(language)
        found[f"{language} light"] = await an.barriers()
        await an.page.emulate_media(color_scheme="dark")
        found[f"{language} dark"] = await an.barriers()
        await an.page.emulate_media(color_scheme="light")
    await an.page.set_viewport_size(PHONE)
    found["phone"] = await an.barriers()
    await an.page.click("#menu")
    found["commands"] = await an.barriers()
    await an.page.keyboard.press("Escape")
    await an.page.locator(".pictured .opener").first.click()
    found["viewer"] = await an.barriers()

    assert {where: barriers for where, barriers in found.items() if barriers} == {}
