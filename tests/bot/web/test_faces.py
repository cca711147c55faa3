"""What a browser fetches: the page and its cookie, pictures by their links, a person's own data, the owner's link."""

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from core.gallery import Image
from core.jobs import Job, claiming
from core.people import Person
from core.prompts import read
from core.studio import Spot
from tests.bot.web.browsers import Browser, Tab, Web, opened
from tests.pictures import pixels

LEASE = 30_000
MADE_UP = ("x", "i", "i01KABCDEFGHJKMNPQRSTVWXYZ0", f"i{'0' * 52}", f"s{'0' * 52}", "%C3%BC" * 30, "%ED%A0%80")


@pytest.fixture
async def idle(tmp_path: Path) -> AsyncIterator[Web]:
    """A house in which a test paints by hand."""
    async with opened(tmp_path, workers=0) as web:
        yield web


@pytest.fixture
async def binh(idle: Web) -> AsyncIterator[Browser]:
    """Somebody who has agreed, at that house."""
    async with idle.browser() as browser, browser.tab() as tab:
        await tab.agrees()
        yield browser


async def person_of(web: Web, browser: Browser) -> Person:
    person = await web.opened.house.people.find("web", browser.cookie().partition(".")[0])
    assert person
    return person


async def hung(web: Web, browser: Browser) -> Image:
    """A picture of theirs that nobody has brought yet: it was ordered in a chat that this house has no mouth for."""
    house, person = web.opened.house, await person_of(web, browser)
    order = await house.studio.order(person, read("chó"), key="elsewhere", spot=Spot("telegram", "5550123"))
    (job,) = order.jobs
    mine = job.claimed(house.ports.clock.now(), LEASE)
    await house.ports.table.write(claiming(job, mine))
    await house.studio.paint(mine)
    return await house.studio.gallery.image(person.id, job.id)


async def as_it_stands(web: Web, image: Image) -> tuple[str, str]:
    """Whether it was seen, and what its job is."""
    job: Job = await web.opened.house.studio.closings.job(image.id)
    return (await web.opened.house.studio.gallery.image(image.person, image.id)).seen, job.state


# --- the page


async def test_the_page_comes_with_a_cookie_that_no_script_and_no_other_site_can_use(mai: Browser) -> None:
    page = await mai.asks("/")

    cookie = page.cookies["imagify"]
    assert page.status == 200
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert int(cookie["max-age"]) > 300 * 24 * 3_600


async def test_behind_https_the_cookie_is_for_https_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, public_url="https://imagify.example") as web, web.browser() as mai:
        page = await mai.asks("/", Host="imagify.example")

        assert page.cookies["imagify"]["secure"]
        assert "max-age" in page.headers["Strict-Transport-Security"]


async def test_the_page_may_load_and_reach_nothing_but_us(mai: Browser) -> None:
    policy = (await mai.asks("/")).headers["Content-Security-Policy"]

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


async def test_everything_the_page_asks_for_is_there_and_of_its_kind(mai: Browser) -> None:
    page = await (await mai.asks("/")).text()
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}

    parts = {part for part in page.replace("'", '"').split('"') if part.startswith("/page/")}

    assert len(parts) > 3
    for part in parts:
        answer = await mai.asks(part)
        assert (answer.status, answer.content_type) == (200, kinds[part.rpartition(".")[2]])


async def test_who_comes_again_keeps_their_cookie(mai: Browser) -> None:
    await mai.asks("/")
    first = mai.cookie()

    again = await mai.asks("/")

    assert "imagify" not in again.cookies
    assert mai.cookie() == first


@pytest.mark.parametrize("forged", ["x", "made.up", "chat.00000000000000000000000000"])
async def test_a_cookie_that_was_made_up_is_replaced_by_a_real_one(forged: str, mai: Browser) -> None:
    page = await mai.asks("/", Cookie=f"imagify={forged}")

    assert page.cookies["imagify"].value.partition(".")[0] not in ("", forged.partition(".")[0])


@pytest.mark.parametrize(
    "path",
    ["/page/live.py", "/page/../live.py", "/page/..%2Flive.py", "/page/%2Fetc%2Fpasswd", "/page/none.js", "/page/"],
)
async def test_nothing_beside_the_page_is_handed_out(path: str, mai: Browser) -> None:
    assert (await mai.asks(path)).status == 404


@pytest.mark.parametrize("path", ["/", "/mydata", "/live"])
async def test_nothing_is_changed_by_a_form_from_elsewhere(path: str, mai: Browser) -> None:
    assert (await mai.asks(path, "POST")).status == 405


# --- pictures


async def test_a_result_leads_to_a_picture_of_its_kind_that_no_search_engine_finds(mai: Browser, tab: Tab) -> None:
    link = await tab.draws("mèo", "1")

    answer = await mai.asks(link)

    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert pixels(await answer.read()).size == (96, 96)


async def test_a_head_is_no_look_and_a_get_is_one(idle: Web, binh: Browser) -> None:
    image = await hung(idle, binh)
    link = idle.link("i", image.id)

    head = await binh.asks(link, "HEAD")
    assert await as_it_stands(idle, image) == ("no", "kept")
    get = await binh.asks(link)

    assert await as_it_stands(idle, image) == ("yes", "delivered")
    assert (head.status, head.content_type) == (get.status, get.content_type) == (200, "image/jpeg")
    assert await head.read() == b""


async def test_a_thumbnail_is_a_look_too_and_is_smaller(idle: Web, binh: Browser) -> None:
    image = await hung(idle, binh)

    answer = await binh.asks(idle.link("t", image.id))

    assert answer.status == 200
    assert await as_it_stands(idle, image) == ("yes", "delivered")


def flip(home: Path, image: str) -> int:
    """How many files of the image have one bit flipped now."""
    files = [file for file in home.glob("blobs/kept/*/*") if image in file.name]
    for file in files:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    return len(files)


@pytest.mark.parametrize("kind", ["i", "t"])
async def test_a_picture_whose_file_is_damaged_is_not_shown(
    kind: Literal["i", "t"], idle: Web, binh: Browser, tmp_path: Path
) -> None:
    image = await hung(idle, binh)
    assert flip(tmp_path, image.id) == 2

    answer = await binh.asks(idle.link(kind, image.id))

    assert answer.status == 404


async def test_a_link_works_for_whoever_was_given_it(idle: Web, binh: Browser) -> None:
    image = await hung(idle, binh)

    async with idle.browser() as friend:
        assert (await friend.asks(idle.link("i", image.id))).status == 200


@pytest.mark.parametrize("kind", ["i", "t"])
async def test_the_link_to_a_deleted_picture_leads_nowhere(kind: str, web: Web, mai: Browser, tab: Tab) -> None:
    link = await tab.draws("mèo", "1")
    image = link[len("/i/i") : len("/i/i") + 26]
    assert (await mai.asks(web.link(kind, image))).status == 200  # type: ignore[arg-type]  # mypy sees str

    await tab.presses("🗑", "2")
    await tab.until(lambda: "Xoá ảnh này" in tab.last)
    await tab.presses("Xoá hẳn", "3")
    await tab.until(lambda: "Đã xoá" in tab.last)

    for method in ("GET", "HEAD"):
        assert (await mai.asks(web.link(kind, image), method)).status == 404  # type: ignore[arg-type]  # as above


async def test_a_browser_that_has_a_picture_is_not_sent_it_again_until_it_is_gone(mai: Browser, tab: Tab) -> None:
    link = await tab.draws("mèo", "1")
    tag = (await mai.asks(link)).headers["ETag"]
    again = await mai.asks(link, **{"If-None-Match": tag})

    await tab.presses("🗑", "2")
    await tab.until(lambda: "Xoá ảnh này" in tab.last)
    await tab.presses("Xoá hẳn", "3")
    await tab.until(lambda: "Đã xoá" in tab.last)

    assert (again.status, await again.read()) == (304, b"")
    assert (await mai.asks(link, **{"If-None-Match": tag})).status == 404


async def test_a_picture_that_was_taken_back_cannot_be_fetched(idle: Web, binh: Browser) -> None:
    image = await hung(idle, binh)
    house = idle.opened.house
    (news,) = await house.couriers[0]._outbox.due("telegram", house.ports.clock.now())
    assert await house.studio.give_back(news)

    assert (await binh.asks(idle.link("i", image.id))).status == 404


async def test_four_variations_are_one_sheet_without_those_that_were_deleted(mai: Browser, tab: Tab) -> None:
    sheet = await tab.draws("mèo --n 4", "1")
    four = pixels(await (await mai.asks(sheet)).read()).size
    assert [choice["text"] for choice in tab.messages[-1]["choices"]][:4] == ["U1", "U2", "U3", "U4"]

    for number in range(4):
        await tab.presses(f"U{number + 1}", f"u{number}")
        await tab.until(lambda: tab.last.startswith("🖼"))
        await tab.presses("🗑", f"d{number}")
        await tab.until(lambda: "Xoá ảnh này" in tab.last)
        await tab.presses("Xoá hẳn", f"y{number}")
        await tab.until(lambda: "Đã xoá" in tab.last)
        if number == 2:
            assert pixels(await (await mai.asks(sheet)).read()).size != four

    assert (await mai.asks(sheet)).status == 404


@pytest.mark.parametrize("token", MADE_UP)
async def test_a_link_that_was_made_up_leads_nowhere(token: str, mai: Browser) -> None:
    assert (await mai.asks(f"/i/{token}")).status == 404


async def test_a_well_signed_link_to_nothing_leads_nowhere(web: Web, mai: Browser) -> None:
    statuses = [(await mai.asks(web.link(kind, "0" * 26))).status for kind in ("i", "t", "s")]

    assert statuses == [404, 404, 404]


# --- a person's own data


async def test_ones_own_data_are_one_archive_with_everything_and_nobody_elses(web: Web, mai: Browser, tab: Tab) -> None:
    await tab.draws("mèo mướp", "1")
    async with web.browser() as browser, browser.tab() as other:
        await other.agrees()
        await other.draws("bí mật của bình", "1")

    answer = await mai.asks("/mydata")

    assert (answer.status, answer.content_type) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
        assert any(name.endswith((".jpeg", ".jpg")) for name in archive.namelist())
    assert "mèo mướp" in whole
    assert "bí mật" not in whole


@pytest.mark.parametrize("cookie", ["", "imagify=made.up"])
async def test_without_their_cookie_nobody_gets_a_persons_data(cookie: str, web: Web, tab: Tab) -> None:
    await tab.says("số dư", "1")
    async with web.browser() as stranger:
        assert (await stranger.asks("/mydata", **({"Cookie": cookie} if cookie else {}))).status == 404


# --- the owner


async def test_the_owners_link_works_once_and_gives_the_house_to_the_chat_it_is_opened_in(
    web: Web, mai: Browser, tab: Tab
) -> None:
    first = await mai.asks(web.opened.owner)
    async with web.browser() as thief:
        second = await thief.asks(web.opened.owner)

    await tab.says("/admin", "1")
    await tab.until(lambda: "/grant" in tab.last)
    assert (first.status, first.headers["Location"], first.headers["Cache-Control"]) == (303, "/", "no-store")
    assert second.status == 404
    assert tab.purse["rights"] == "owner"


async def test_a_look_ahead_at_the_owners_link_does_not_use_it_up(web: Web, mai: Browser) -> None:
    assert (await mai.asks(web.opened.owner, "HEAD")).status == 405

    assert (await mai.asks(web.opened.owner)).status == 303


async def test_the_owners_link_gives_a_chat_to_a_browser_that_has_none(web: Web, mai: Browser) -> None:
    await mai.asks(web.opened.owner)

    async with mai.tab() as tab:
        await tab.until(lambda: bool(tab.purse))
        assert tab.purse["rights"] == "owner"


@pytest.mark.parametrize("token", ["x", "0" * 22, "%C3%BC"])
async def test_an_owners_link_that_was_made_up_gives_nothing(token: str, web: Web, mai: Browser) -> None:
    assert (await mai.asks(f"/owner/{token}")).status == 404
    assert (await mai.asks(web.opened.owner)).status == 303


async def test_every_opening_has_a_new_owners_link_and_the_last_one_is_void(tmp_path: Path) -> None:
    async with opened(tmp_path) as web:
        old = web.opened.owner
    async with opened(tmp_path) as web, web.browser() as mai:
        assert (await mai.asks(old)).status == 404
        assert (await mai.asks(web.opened.owner)).status == 303


async def test_an_owner_stays_the_owner_over_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as web, web.browser() as mai:
        await mai.asks(web.opened.owner)
        cookie = mai.cookie()
    async with opened(tmp_path) as web, web.browser() as mai:
        mai.session.cookie_jar.update_cookies({"imagify": cookie})
        async with mai.tab() as tab:
            await tab.until(lambda: bool(tab.purse))

            assert tab.purse["rights"] == "owner"
