"""A person's whole way through the Zalo product, over real sockets: what they write on a telephone and see there."""

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.sandbox.zalo import Message
from tests.journeys.zalo_phone import Dialect, Mode, Passer, Street, street
from tests.pictures import a_jpeg

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
    async with road.session.post(f"{link}/pay", headers={"Origin": road.url}, allow_redirects=False) as leads:
        assert leads.status == 303
    gateway.open(leads.headers["Location"])
    await gateway.pay(ref)


@WAYS
async def test_from_the_first_word_to_a_picture_bought_with_credits_that_were_paid_for(
    road: Street, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
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
        assert await an.still_has(picture)
        assert await an.still_has(second)
    assert {call.code for call in road.played.zalo.calls} <= {0, 408}
    assert not any(call.ignored for call in road.played.zalo.calls)
    assert not [secret for secret in road.secrets if secret in caplog.text or secret in road.told()]


async def test_four_are_shown_as_one_sheet_of_which_one_is_taken_and_varied_by_its_name(road: Street) -> None:
    async with road.house(gift=10):
        an = road.meets()
        await an.arrives()
        await an.says("con rồng --n 4")
        four = await an.is_shown("✅ 4 ảnh", "U1 | U2 | U3 | U4", "V1 · 4 | V2 · 4 | V3 · 4 | V4 · 4")
        await an.answers("u2")
        picked = await an.sees("🖼️ “con rồng”", "3. 📋 Công thức", after=four)
        assert picked.photo
        await an.answers("V3")
        await an.sees("không có lựa chọn này", after=picked)  # the newest list is the picture's
        await an.answers("2")
        again = await an.is_shown("✅ 4 ảnh", after=picked)
        assert await road.credits(an) == (2, 0)
        await an.answers("99")
        await an.sees("không có lựa chọn này", after=again)
        await road.played.zalo.pass_by(2 * 86_400)
        await an.says("1")
        await an.sees("Danh sách đó đã cũ")
    assert road.played.zalo.called("sendMessage", an.known.id)
    assert all(one.rendered for one in an.chat.said)


@WAYS
async def test_a_photo_with_a_caption_is_changed_and_a_forged_one_is_fetched_from_nowhere(road: Street) -> None:
    async with road.house() as opened:
        an = road.meets()
        await an.arrives()
        await an.known.sends_photo(a_jpeg(), "/describe")
        await an.sees("👁️ Mô tả ảnh:")
        asked = []
        for url in (
            "http://127.0.0.1:1/a.jpg",
            "https://zdn.vn.evil.example/a.jpg",
            f"http://127.0.0.1:{opened.port}/",
        ):
            asked.append(await an.known.sends_photo(a_jpeg(), "/describe", url=url))
            await an.sees("không", after=asked[-1])
    assert road.played.zalo.chat(an.known.id).said[-1].text.count("👁️ Mô tả ảnh:") == 0


async def test_a_wait_is_typing_and_where_it_is_long_one_notice_with_a_way_out(road: Street) -> None:
    async with road.house(workers=0):
        an = road.meets()
        await an.arrives()
        prompt = await an.says("một con mèo")
        await road.until(lambda: road.played.zalo.called("sendChatAction", an.known.id))
        notice = await an.sees("⏳", "1. Huỷ", after=prompt)
        typed = len(road.played.zalo.called("sendChatAction", an.known.id))
        await road.until(lambda: len(road.played.zalo.called("sendChatAction", an.known.id)) > typed + 3)
        assert [one for one in an.chat.said if "⏳" in one.text] == [notice]
        await an.answers("huy")
        await an.sees("❌ Đã huỷ")
        assert await road.credits(an) == (7, 0)


async def test_somebody_whom_the_law_protects_gets_one_polite_line_and_no_account(road: Street) -> None:
    async with road.house():
        be = road.meets("Bé", protected=True)
        await be.says("vẽ con mèo")
        await be.sees("Zalo không cho mình đọc")
        await be.says("vẽ con mèo nữa")
        await be.known.sends_photo(a_jpeg())
        an = road.meets()
        await an.arrives()
        assert await road.known(be) is None
    assert len(be.chat.said) == 1


async def test_a_group_gets_one_polite_line_and_nobody_in_it_is_met(road: Street) -> None:
    async with road.house():
        an, binh = road.meets(), road.meets("Bình")
        group = road.played.zalo.group("Nhóm vẽ", [an.known, binh.known])
        await an.says("@Bot vẽ con mèo", group)
        await an.sees("chỉ trò chuyện riêng", place=group)
        await binh.says("@Bot vẽ con chó", group)
        await an.arrives()
        assert await road.known(binh) is None
    assert len([one for one in group.messages if one.by_bot]) == 1


async def test_pictures_are_visible_when_zalo_looks_again_and_gone_once_they_are_deleted(road: Street) -> None:
    async with road.house():
        an = road.meets()
        await an.arrives()
        await an.says("một con mèo")
        picture = await an.is_shown("một con mèo")
        assert await an.still_has(picture)
        assert picture.picture
        assert [look.method for look in picture.picture.looks] == ["HEAD", "GET", "GET"]
        assert len({look.size for look in picture.picture.looks}) == 1
        async with road.session.get(picture.photo) as later:
            assert (later.status, later.content_type) == (200, "image/jpeg")
        whole = re.search(r"📎 (http\S+/i/\S+)", picture.text)
        assert whole
        async with road.session.get(whole[1]) as full:
            assert full.status == 200

        await an.answers("xoa")
        await an.sees("Xoá ảnh này?")
        await an.answers("1")
        await an.sees("🗑️ Đã xoá")
        async with road.session.get(picture.photo) as gone:
            assert gone.status == 404
    assert picture.rendered


async def test_a_picture_that_may_have_arrived_is_offered_again_for_nothing(road: Street) -> None:
    async with road.house():
        an = road.meets()
        await an.arrives()
        road.played.zalo.faults.set("lapse_after", method="sendPhoto", times=1)
        await an.says("một con mèo")
        offered = await an.sees("không chắc đã gửi tới nơi", "1. Gửi lại")
        await an.answers("1")
        again = await an.sees("🖼️ “một con mèo”", after=offered)
        assert again.photo
        assert await road.credits(an) == (6, 0)
    assert len([one for one in an.chat.said if one.photo]) == 2


async def test_a_picture_that_cannot_be_fetched_at_first_is_brought_later_and_paid_for_once(road: Street) -> None:
    async with road.house():
        an = road.meets()
        await an.arrives()
        road.played.zalo.faults.set("photo_unfetched", method="sendPhoto", times=2)
        await an.says("một con mèo")
        await an.is_shown("một con mèo")
        assert await road.credits(an) == (6, 0)
    assert len([one for one in an.chat.said if one.photo]) == 1


async def test_our_webhook_answers_a_probe_and_nobody_who_does_not_know_the_secret(road: Street) -> None:
    async with road.house():
        an = road.meets()
        await an.arrives()
        forged = b'{"event_name":"message.text.received","message":{"message_id":"x","text":"/mydata",'
        forged += f'"from":{{"id":"{an.known.id}"}},"chat":{{"id":"{an.known.id}","chat_type":"PRIVATE"}}}}}}'.encode()
        said = len(an.chat.messages)

        assert await road.is_called(b"", None) == 200
        assert await road.is_called(forged, None) == 403
        assert await road.is_called(forged, "guessed-by-somebody") == 403
        assert await road.is_called(b"[]") == 400
        assert await road.is_called(b"no json") == 400
        assert await road.is_called(b'{"event_name":"message.reacted","message":{}}') == 200
        assert await road.is_called(b" " * 70_000) == 413

        await an.says("so du")
        await an.sees("💰 7 credit")
    assert len(an.chat.messages) == said + 2


async def test_the_same_event_brought_three_times_is_heard_once(road: Street) -> None:
    async with road.house():
        an = road.meets()
        await an.arrives()
        for fault in ("update_doubled", "hook_answer_lost"):
            road.played.zalo.faults.set(fault, times=1)
        await an.says("một con mèo")
        await an.is_shown("một con mèo")
        await an.says("so du")
        await an.sees("💰 6 credit")
        assert await road.credits(an) == (6, 0)
    assert len([one for one in an.chat.said if one.photo]) == 1


@pytest.mark.parametrize("first", ["zalo", "telegram"])
async def test_one_wallet_for_a_chat_on_zalo_and_one_on_telegram(road: Street, first: str) -> None:
    async with road.house(both=True):
        an, same = road.meets(), road.telegram.telegram.person(101, "An")
        await an.arrives()
        await same.starts()
        await road.on_telegram(same, "Imagify")
        await same.presses("Đồng ý")
        await road.on_telegram(same, "👋")
        if first == "zalo":
            await an.says("/link")
            code = code_in(await an.sees("🔗"))
            await same.says(f"/link {code}")
            await same.presses("Đồng ý", await road.on_telegram(same, "🔗 Gộp chat này"))
            await road.on_telegram(same, "👍")
            await an.answers("da go o kenh kia")
            await an.sees("🔗", "muốn dùng chung ví này")
            await an.answers("1")
            linked = (await an.sees("✅ Xong: 2 kênh chat")).text
        else:
            await same.says("/link")
            asked = await road.on_telegram(same, "🔗")
            code = code_in(asked)
            await an.says(f"/link {code}")
            await an.sees("🔗 Gộp chat này")
            await an.answers("1")
            await an.sees("👍")
            await same.presses("Đã gõ ở kênh kia", asked)
            await same.presses("Đồng ý", await road.on_telegram(same, "muốn dùng chung ví này"))
            linked = (await road.on_telegram(same, "✅ Xong: 2 kênh chat")).text
        assert "Bạn có 7 credit" in linked

        await an.says("một con mèo")
        await an.is_shown("một con mèo", "còn 6 credit")
        await same.says("/balance")
        await road.on_telegram(same, "💰 6 credit")
        await an.says("so du")
        await an.sees("💰 6 credit")
        assert await road.credits(an) == (6, 0)


def code_in(message: object) -> str:
    found = re.search(r"/link ([0-9A-Z]{8,})", str(getattr(message, "text", "")))
    assert found
    return found[1]
