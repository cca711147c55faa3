"""A person's whole way through the Zalo product, over real sockets: what they write on a telephone and see there."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.sandbox.zalo import Message
from tests.journeys.zalo_phone import Dialect, Mode, Passer, Street, street

WAYS = pytest.mark.parametrize(
    ("mode", "dialect"), [("poll", "observed"), ("poll", "docs"), ("webhook", "observed"), ("webhook", "docs")]
)
PAGE = re.compile(r"^http://127\.0\.0\.1:\d+/p/(\w+)\S*$", re.MULTILINE)


@pytest.fixture
async def road(tmp_path: Path, mode: Mode, dialect: Dialect) -> AsyncIterator[Street]:
    async with street(tmp_path / "home", mode, dialect) as one:
        yield one


@pytest.fixture
def mode() -> Mode:
    return "webhook"


@pytest.fixture
def dialect() -> Dialect:
    return "observed"


async def pays(one: Passer, order: Message) -> None:
    """The link of an order, followed to the bank and paid there; the bank calls the house."""
    road, found = one.street, PAGE.search(order.text)
    assert found
    assert road.opened
    assert road.opened.till
    assert road.opened.till.played
    gateway, (link, ref) = road.opened.till.played.gateway, found.group(0, 1)
    async with road.session.get(link) as page:
        assert page.status == 200
    async with road.session.post(f"{road.url}/p/{ref}/pay", allow_redirects=False) as leads:
        assert leads.status == 303
    gateway.open(leads.headers["Location"])
    await gateway.pay(ref)


@WAYS
async def test_from_the_first_word_to_a_picture_bought_with_credits_that_were_paid_for(road: Street) -> None:
    async with road.house(gift=1):
        an = road.meets()
        await an.says("một con mèo --seed 7")
        notice = await an.sees("phần mềm tự động tạo ảnh bằng AI", "Mình đã giữ lời mô tả", "1. Đồng ý")
        await an.answers("dong y")
        picture = await an.is_shown("một con mèo", "còn 0 credit", after=notice)
        assert await road.credits(an) == (0, 0)

        await an.says("vẽ một con chó")
        short = await an.sees("💡 Cần 1 credit, bạn đang có 0")
        await an.answers("1")
        order = await an.sees("Mã đơn", "Thanh toán", after=short)
        ref = PAGE.search(order.text)
        assert ref
        await an.says(f"nap {ref[1]}")
        await an.sees("Mã đơn", after=order)
        await pays(an, order)
        receipt = await an.sees("🎉", "🧾 Biên nhận", ref[1])
        await an.answers("1")
        second = await an.is_shown("một con chó", after=receipt)

        await an.answers("so du")
        await an.sees("💰 19 credit")
    assert picture.rendered
    assert second.rendered
    assert {call.code for call in road.played.zalo.calls} <= {0, 408}
    assert not any(call.ignored for call in road.played.zalo.calls)
