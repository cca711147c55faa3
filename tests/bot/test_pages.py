"""The pages of an order: what whoever has its link is shown, and the way to the gateway and back."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest

from bot import qr
from bot.pages import preferred
from bot.paypage import CODES, Standing, View, draw
from bot.texts import Language, pages
from bot.texts.paying import REASONS
from payments.orders import Order
from payments.tills import Reason
from tests.bot.till_door import TillDoor, Words, reaches, till_door

LANGUAGES: tuple[Language, ...] = get_args(Language)
MADE_UP = ("x", "261120" + "A" * 15, "261120" + "A" * 17, "261120AAAAAAAAAAAAAAA%22", "%3Cscript%3E", "%ED%A0%80", "..")


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[TillDoor]:
    async with till_door(tmp_path / "home") as door:
        yield door


# --- what is shown


@pytest.mark.parametrize("standing", get_args(Standing))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_order_is_shown_as_it_stands_in_the_language_of_its_reader(
    door: TillDoor, standing: Standing, language: Language
) -> None:
    order = await reaches(door, standing)

    answer = await door.asks(f"/p/{order.ref}?lang={language}")
    page = Words(await answer.text())

    assert answer.status == 200
    assert page.of("html", "lang") == [language]
    assert pages.TITLES[standing][language] in page.text
    assert pages.ADVICE[standing][language] in page.text
    assert {"vi": "50.000đ", "en": "50,000đ"}[language] in page.text
    assert pages.CREDITS[language].format(credits=55) in page.text
    assert order.ref in page.text
    assert (await (await door.asks(f"/p/{order.ref}/state")).json()) == {"state": standing}


@pytest.mark.parametrize("standing", get_args(Standing))
async def test_a_page_says_nothing_of_the_person_and_is_kept_and_found_nowhere(
    door: TillDoor, standing: Standing
) -> None:
    order = await reaches(door, standing)

    for path in ("", "/state", "/qr.svg"):
        answer = await door.asks(f"/p/{order.ref}{path}")
        body = await answer.text()

        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers
        assert [word for word in (door.person.id, "5550123", '"m1"') if word in body] == []


@pytest.mark.parametrize("standing", get_args(Standing))
async def test_there_is_one_thing_to_do_and_it_does_what_it_says(door: TillDoor, standing: Standing) -> None:
    order = await reaches(door, standing)

    page = Words(await door.sees(order))
    forms = page.of("form", "action")
    links = [link for link in page.of("a", "href") if link and link.startswith("/p/") and order.ref not in link]

    again = standing in ("open", *pages.AGAIN)
    newer = [f"/p/{(await door.newest()).ref}?lang=vi"] if standing == "replaced" else []
    assert forms == ([f"/p/{order.ref}/pay"] if again else [])
    assert links == newer


@pytest.mark.parametrize("reason", Reason)
async def test_a_payment_that_failed_says_why(door: TillDoor, reason: Reason) -> None:
    order = await door.is_told(await door.opens(), verdict="failed", reason=reason, number="")

    assert REASONS[reason]["vi"] in Words(await door.sees(order)).text
    assert REASONS[reason]["en"] in Words(await door.sees(order, "en")).text


async def test_a_receipt_has_the_time_and_the_number_of_the_payment(door: TillDoor) -> None:
    page = Words(await door.sees(await reaches(door, "paid")))

    assert "07:00 20/11/2026" in page.text
    assert "15200000" in page.text


async def test_a_link_that_can_be_paid_says_until_when_and_what_time_the_house_has(door: TillDoor) -> None:
    order = await door.orders()
    door.clock.pass_by(60)

    page = Words(await door.sees(order))

    assert "07:15" in page.text
    assert page.of("body", "data-now") == [str(order.created + 60_000)]
    assert str(order.expires) in page.of("span", "data-expires")


async def test_every_way_to_pay_can_be_chosen_and_none_is_chosen_for_anybody(door: TillDoor) -> None:
    page = Words(await door.sees(await door.orders()))
    radios = [attrs for tag, attrs in page.tags if tag == "input" and attrs.get("type") == "radio"]

    assert {one["value"] for one in radios} == CODES | {""}
    assert [one["value"] for one in radios if "checked" in one] == [""]
    assert {one["name"] for one in radios} == {"bank"}


async def test_the_square_is_the_link_of_this_page_and_is_said_to_be_no_banks(door: TillDoor) -> None:
    order = await door.orders()

    answer = await door.asks(f"/p/{order.ref}/qr.svg")
    page = Words(await door.sees(order))

    assert answer.content_type == "image/svg+xml"
    assert await answer.read() == qr.svg(f"{door.url}/p/{order.ref}")
    assert pages.SAME_PAGE["vi"] in page.text


def test_a_square_can_be_drawn_for_a_chat_too() -> None:
    assert qr.png("https://imagify.example/p/1").startswith(b"\x89PNG")
    assert qr.png("one") != qr.png("two")


async def test_a_played_till_is_said_to_be_one(tmp_path: Path) -> None:
    async with till_door(tmp_path / "played", play=True) as played, till_door(tmp_path / "real") as real:
        banner = pages.PLAYED["vi"]

        assert banner in await played.sees(await played.orders())
        assert banner not in await real.sees(await real.orders())


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "vi"),
        ("en", "en"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("fr, EN-gb;q=0.5", "en"),
        ("ende, *;q=0.1", "vi"),
        ("en;q=nonsense,;;,", "vi"),
    ],
)
def test_the_language_is_the_browsers_and_else_vietnamese(accepted: str, language: Language) -> None:
    assert preferred(accepted) == language


async def test_the_link_of_a_page_says_the_language_before_the_browser_does(door: TillDoor) -> None:
    order = await door.orders()

    by_browser = await door.asks(f"/p/{order.ref}", **{"Accept-Language": "en"})
    by_link = await door.asks(f"/p/{order.ref}?lang=vi", **{"Accept-Language": "en"})
    by_nobody = await door.asks(f"/p/{order.ref}?lang=%22%3E%3Cscript%3E")

    said = [Words(await answer.text()).of("html", "lang") for answer in (by_browser, by_link, by_nobody)]
    assert said == [["en"], ["vi"], ["vi"]]


async def test_the_way_back_is_a_link_where_the_chat_is_here_and_words_where_it_is_not(door: TillDoor) -> None:
    here = await door.is_told(await door.house.cashier.open((await door.orders()).ref))
    there = await door.is_told(await door.house.cashier.open((await door.orders(channel="zalo")).ref), number="2")

    assert "/" in Words(await door.sees(here)).of("a", "href")
    page = Words(await door.sees(there))
    assert "/" not in page.of("a", "href")
    assert pages.YOUR_CHAT["vi"] in page.text


async def test_the_way_back_leads_into_the_chat_at_telegram_and_shows_the_order_there(door: TillDoor) -> None:
    door.house.desk.ways.known["telegram"] = lambda payload: f"https://t.me/imagify_bot?start={payload}"
    order = await door.is_told(await door.house.cashier.open((await door.orders(channel="telegram")).ref))

    page = Words(await door.sees(order))

    assert f"https://t.me/imagify_bot?start=pay_{order.ref}" in page.of("a", "href")
    assert pages.YOUR_CHAT["vi"] not in page.text


async def test_a_page_loads_nothing_from_elsewhere_and_sends_its_form_to_us_and_the_gateway_alone(
    door: TillDoor,
) -> None:
    answer = await door.asks(f"/p/{(await door.orders()).ref}")
    page = Words(await answer.text())

    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["form-action"] == "'self' https://pay.example"
    assert policy["default-src"] == "'none'"
    assert answer.headers["Referrer-Policy"] == "same-origin"  # by the house's own a form would say it comes from null
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src")} == {"'self'"}
    loaded = [*page.of("script", "src"), *page.of("img", "src"), *page.of("link", "href")]
    assert loaded
    assert [path for path in loaded if path is None or not re.match(r"/[a-z]", path)] == []
    assert [path for path in loaded if (await door.asks(str(path))).status != 200] == []


async def test_a_look_changes_nothing(door: TillDoor) -> None:
    order = await door.opens()

    for path in ("", "/state", "/qr.svg", "/pay"):
        assert (await door.asks(f"/p/{order.ref}{path}", "HEAD")).status == 200
        assert (await door.asks(f"/p/{order.ref}{path}")).status == 200

    assert await door.stands(order) == order
    assert (await door.newest()).ref == order.ref


# --- what is no order


@pytest.mark.parametrize("ref", [*MADE_UP, "261120AAAAAAAAAAAAAAAA"])
@pytest.mark.parametrize("path", ["", "/state", "/qr.svg", "/pay"])
async def test_what_is_no_order_is_not_found_in_both_languages(door: TillDoor, ref: str, path: str) -> None:
    answer = await door.asks(f"/p/{ref}{path}")
    body = await answer.text()

    assert answer.status == 404
    assert "<script>" not in body
    assert "Traceback" not in body
    if path == "" and ref != "..":
        assert [title for title in pages.NO_ORDER.values() if title not in body] == []
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("ref", ["x", "261120AAAAAAAAAAAAAAAA"])
async def test_nothing_is_paid_that_is_no_order(door: TillDoor, ref: str) -> None:
    answer = await door.asks(f"/p/{ref}/pay", "POST", Origin=door.url)

    assert answer.status == 404


@pytest.mark.parametrize("name", ["page.html", "__init__.py", "..", "%2e%2e%2fpages.py", "x"])
async def test_only_what_a_page_is_made_of_is_given_out(door: TillDoor, name: str) -> None:
    assert (await door.asks(f"/paypage/{name}")).status == 404


def test_what_is_written_into_a_page_is_text_and_never_markup() -> None:
    order = Order('"><script>', "p", 1, 10_000, "vnpay", "T", 10_000, "VND", 1, 2, "paid", paid_at=3, number="<b>'&")
    view = View(order, "paid", 3)

    for language in LANGUAGES:
        page = draw(view, language)

        assert "<script>" not in page
        assert "<b>'" not in page
        assert "&lt;b&gt;&#x27;&amp;" in page
