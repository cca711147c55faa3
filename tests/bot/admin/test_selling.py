"""Admins and what is sold: a day beside VNPAY's list, its file behind a link, packages that keep the margin."""

import pytest

from bot.admin.files import AdminFiles
from core.addresses import audit_owner
from core.clock import DAY
from payments.orders import Order
from payments.packages import PACKAGES
from tests.house import DOOR, Imagify, Speaker

YES = "Đúng, làm đi"


async def paid(an: Speaker, vnd: int = 50_000) -> Order:
    return await an.pays(order=await an.checks_out(vnd))


# --- a day's payments


@pytest.mark.parametrize("word", ["today", "2027-01-01", "01/01/2027"])
async def test_a_day_is_added_up_whichever_way_it_is_written(word: str, owner: Speaker, an: Speaker) -> None:
    await paid(an)
    await paid(an, 20_000)

    await owner.says(f"/recon {word}")

    assert owner.last_heard.startswith("📒 01/01/2027: 2 đơn đã trả · 70.000đ · 75 credit\n")


async def test_yesterday_is_another_day_than_today(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await paid(an)
    imagify.clock.skip(DAY)

    await owner.says("/recon today")
    assert owner.last_heard.startswith("📒 02/01/2027: 0 đơn")
    for word in ("yesterday", "hôm qua", "Hom qua"):
        await owner.says(f"/recon {word}")
        assert owner.last_heard.startswith("📒 01/01/2027: 1 đơn")


async def test_what_goes_back_is_told_apart(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    order = await paid(an)
    await imagify.house.refunds.refund(order.ref, "somebody", "why")

    await owner.says("/recon today")

    assert "hoàn: 1 đơn · 50.000đ\n" in owner.last_heard


async def test_play_money_is_added_up_apart(workshop: Imagify) -> None:
    workshop.house = workshop.build(play=True)
    await workshop.opens()
    owner, an = await workshop.meets(chat="1"), await workshop.meets()
    await paid(an)

    await owner.says("/recon today")

    assert owner.last_heard.startswith("📒 01/01/2027: 0 đơn đã trả · 0đ · 0 credit")
    assert "🎭 Ngoài ra 1 đơn tiền chơi · 50.000đ" in owner.last_heard


@pytest.mark.parametrize("word", ["", " soon", " 2026-13-40", " 31/02/2026"])
async def test_what_is_no_day_is_answered_with_days_that_are(word: str, owner: Speaker) -> None:
    await owner.says(f"/recon{word}")

    assert owner.last_heard.startswith("Cách dùng: /recon NGÀY (2026-11-21, 21/11/2026, hôm nay, hôm qua)")


async def test_a_pasted_list_is_compared_payment_by_payment(owner: Speaker, an: Speaker, binh: Speaker) -> None:
    same, missing, other = await paid(an), await paid(an, 20_000), await paid(binh, 100_000)
    unpaid = await binh.opens(await binh.checks_out(20_000))
    rows = [f"{same.ref};50.000", f"{other.ref};90.000", f"{unpaid.ref};20.000", "STRANGER;10.000"]

    await owner.says("\n".join(["/recon 2027-01-01", "Mã đơn hàng;Số tiền", *rows]))

    said = owner.last_heard
    assert "khớp 1 · chỉ mình có 1 · chỉ VNPAY có 2 · lệch tiền 1" in said
    assert f"Chỉ mình có: {missing.ref} · 20.000đ" in said
    assert f"Chỉ VNPAY có: {unpaid.ref} · 20.000đ · bên mình: đang chờ" in said
    assert "Chỉ VNPAY có: STRANGER · 10.000đ · bên mình: không có" in said
    assert f"Lệch tiền: {other.ref} · mình 100.000đ · VNPAY 90.000đ" in said


async def test_a_list_without_names_over_its_columns_is_refused_with_the_names(owner: Speaker) -> None:
    await owner.says("/recon today\n123;50.000")

    assert owner.last_heard.startswith("Không đọc được danh sách. Dòng đầu cần tên cột: mã đơn (order, vnp_TxnRef)")


async def test_a_day_is_the_owners_affair(moderator: Speaker) -> None:
    await moderator.says("/recon today")

    assert moderator.last_heard == "Lệnh này dành cho quản trị."


# --- its file


@pytest.fixture
async def link(owner: Speaker, an: Speaker) -> str:
    """To the day's file, without the door."""
    await paid(an)
    await owner.says("/recon today")
    return owner.last_heard.rpartition(f" {DOOR}")[2]


async def test_a_made_up_link_to_a_file_leads_nowhere(workshop: Imagify) -> None:
    files = AdminFiles(workshop.house.desk)
    good = "20270101-29918880"

    tokens = [good, f"{good}-", f"{good}-{'0' * 32}", "", "-", "x-y-z", f"{good}-é", "\udc80"]

    assert [files.day_of(token) for token in tokens] == [""] * len(tokens)


async def test_a_link_names_its_day_for_a_day(imagify: Imagify, link: str) -> None:
    files = AdminFiles(imagify.house.desk)
    token = link.rpartition("/")[2].removesuffix(".csv")
    assert files.day_of(token) == "20270101"
    assert files.day_of(token.replace("20270101", "20261231")) == ""

    imagify.clock.skip(DAY)

    assert files.day_of(token) == ""


# --- packages


async def test_what_is_sold_is_shown_with_what_a_credit_brings(owner: Speaker) -> None:
    await owner.says("/price")

    assert "• 20.000đ = 20 credit · còn 980đ mỗi credit sau phí (vnpay)" in owner.last_heard
    assert "• 200.000đ = 260 credit · còn 753đ mỗi credit sau phí (vnpay)" in owner.last_heard
    assert "stars" not in owner.last_heard


async def test_every_model_that_paints_here_is_shown_with_its_margin(workshop: Imagify) -> None:
    workshop.house = workshop.build(vendors=frozenset({"bedrock", "pocket"}))
    await workshop.opens()
    owner = await workshop.meets(chat="1")

    await owner.says("/price")

    models = owner.last_heard.partition("Ảnh (tính theo")[2].splitlines()[1:]
    assert len(models) > 2
    assert "lãi không tốn gì" in owner.last_heard
    earned = [int(line.rpartition("lãi ")[2].removesuffix(" %")) for line in models if line.endswith("%")]
    assert earned
    assert all(share > 0 for share in earned)


async def test_other_packages_are_sold_after_a_second_tap(imagify: Imagify, owner: Speaker) -> None:
    await owner.says("/price 30.000đ = 30, 60000=65")
    assert owner.last_heard == "Chắc chứ? Từ giờ bán: 30.000đ = 30, 60.000đ = 65"
    assert await imagify.house.counter.offer.packages() == PACKAGES

    await owner.presses(YES)

    assert owner.last_heard == "🏷️ Đã đổi. Đang bán: 30.000đ = 30, 60.000đ = 65"
    assert [(one.vnd, one.credits) for one in await imagify.house.counter.offer.packages()] == [
        (30_000, 30),
        (60_000, 65),
    ]
    (noted,) = await imagify.table.list(audit_owner(imagify.clock.now()))
    assert (noted.text("what"), noted.text("reason")) == ("price", "30000=30, 60000=65")


async def test_what_was_set_is_sold_again_after_a_reset(imagify: Imagify, owner: Speaker) -> None:
    for said in ("/price 30000=30", "/price reset"):
        await owner.says(said)
        await owner.presses(YES)

    assert await imagify.house.counter.offer.packages() == PACKAGES


async def test_packages_that_would_eat_the_margin_are_refused_with_which_and_why(
    imagify: Imagify, owner: Speaker
) -> None:
    await owner.says("/price 20000=20, 50000=70")

    assert owner.last_heard.startswith(
        "Gói 50.000đ = 70 credit qua vnpay chỉ còn 700đ mỗi credit, mà ảnh đang tính theo"
    )
    assert "IMAGIFY_PACKAGES" in owner.last_heard
    assert await imagify.house.counter.offer.packages() == PACKAGES


@pytest.mark.parametrize("said", ["free", "0=5", "20000=20, 20000=30", "20000", "999=5", ","])
async def test_packages_that_cannot_be_read_are_answered_with_an_example(said: str, owner: Speaker) -> None:
    await owner.says(f"/price {said}")

    assert owner.last_heard.startswith("Viết gói như thế này: /price 20000=20, 50000=55.")
