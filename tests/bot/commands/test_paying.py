"""Buying credits in the chat: packages, prices, and help where a payment went wrong."""

from dataclasses import replace

import pytest

from bot.commands.paying import money_of
from bot.texts import paying as texts
from payments.packages import Package
from tests.house import Imagify, Speaker
from tests.storms.played_till import PlayedTill


@pytest.fixture
async def zalo(workshop: Imagify) -> Speaker:
    """Somebody where nothing can be edited and there are no slashes."""
    return await workshop.meets("zalo", gift=5)


# -- choosing -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("imagify")
async def test_the_packages_are_buttons_and_the_best_one_is_marked(an: Speaker) -> None:
    await an.says("/topup")

    assert an.buttons == [
        "20.000đ = 20 credit",
        "50.000đ = 55 credit",
        "100.000đ = 120 credit",
        "200.000đ = 260 credit ⭐ lợi nhất",
    ]
    assert "không hết hạn" in an.last_heard

    await an.speaks("en")
    await an.says("/topup")
    assert an.buttons[-1] == "200,000đ = 260 credits ⭐ best value"


@pytest.mark.parametrize("words", ["/topup", "/nap", "nạp", "nap", "Nạp", "topup"])
@pytest.mark.usefixtures("imagify")
async def test_there_are_many_ways_to_say_it(zalo: Speaker, words: str) -> None:
    await zalo.says(words)

    assert zalo.last_heard.startswith("💳 Chọn một gói credit")


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("bang gia", "🏷️ Bảng giá"),
        ("giá", "🏷️ Bảng giá"),
        ("ho tro thanh toan", "🧾 Hỗ trợ thanh toán"),
        ("hỗ trợ thanh toán", "🧾 Hỗ trợ thanh toán"),
        ("kiem tra", "Bạn chưa có đơn nào."),
    ],
)
@pytest.mark.usefixtures("imagify")
async def test_all_of_it_can_be_typed_without_a_slash_and_without_accents(
    zalo: Speaker, words: str, command: str
) -> None:
    await zalo.says(words)

    assert zalo.last_heard.startswith(command)


@pytest.mark.parametrize("words", ["/topup 50k", "nap 50k", "nạp 50.000", "Nap 50000đ", "nạp 50", "/nap 50,000"])
@pytest.mark.usefixtures("imagify")
async def test_a_sum_leads_straight_to_its_package(zalo: Speaker, words: str) -> None:
    await zalo.says(words)

    assert zalo.last_heard.startswith("💳 Gói 55 credit – 50.000đ.")
    assert (await zalo.newest_order()).vnd == 50_000


@pytest.mark.parametrize(
    ("text", "vnd"),
    [
        ("50k", 50_000),
        ("50 nghìn", 50_000),
        ("50.000", 50_000),
        ("50,000đ", 50_000),
        ("1tr", 1_000_000),
        ("1tr5", 1_500_000),
        ("1,25 triệu", 1_250_000),
        ("50k5", 0),
        ("1.5", 0),
        ("con mèo", 0),
        ("9" * 40, 0),
        ("", 0),
    ],
)
def test_sums_are_read_as_people_write_them(text: str, vnd: int) -> None:
    assert money_of(text) == vnd


async def test_a_nap_that_is_no_sum_is_a_prompt(imagify: Imagify, an: Speaker) -> None:
    await an.says("nap của một con mèo")
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["nap của một con mèo"]


async def test_a_sum_that_is_no_package_is_answered_with_those_there_are(imagify: Imagify, an: Speaker) -> None:
    await an.says("nạp 30k")

    assert an.last_heard.startswith("🤔 Bây giờ không có gói 30.000đ.")
    assert len(an.buttons) == 4
    assert await imagify.house.cashier.orders.newest(an.person.id) is None


async def test_a_package_that_is_sold_no_more_is_not_sold_by_an_old_button(imagify: Imagify, an: Speaker) -> None:
    await imagify.house.counter.offer.say([Package(30_000, 33)])

    await an.acts("topup:50000")

    assert an.last_heard.startswith("🤔 Bây giờ không có gói 50.000đ.")
    assert an.buttons == ["30.000đ = 33 credit"]


async def test_where_nothing_can_be_bought_it_is_said_kindly(imagify: Imagify, an: Speaker) -> None:
    imagify.house.counter.tills = {"telegram": ()}

    await an.says("/topup")
    assert an.last_heard == texts.NO_TILL["vi"]
    await an.says("/pricing")
    assert texts.NO_TILL["vi"] in an.last_heard

    await an.speaks("en")
    await an.acts("topup:50000")
    assert an.last_heard.startswith("🙏 Nothing can be bought here yet.")


async def test_where_there_are_two_tills_the_person_chooses(workshop: Imagify) -> None:
    house = workshop.house = workshop.build(tills=(workshop.till, PlayedTill("stars", "STARS001")))
    await workshop.opens(house)
    an = await workshop.meets()

    await an.acts("topup:50000")
    assert an.buttons == ["VNPAY", "Telegram Stars"]
    await an.presses("Telegram Stars")

    assert (await an.newest_order()).till == "stars"
    assert an.buttons[0] == "Thanh toán Telegram Stars"


async def test_in_a_group_nobody_pays(imagify: Imagify) -> None:
    await imagify.meets(chat="501")
    an = await imagify.newcomer(chat="501", group="-100")

    for said in ("/topup", "/paysupport", "/check"):
        await an.says(said)
        assert an.last_heard == "Nhắn riêng cho mình nhé."
    await an.acts("topup:50000")

    assert an.last_heard == "Nhắn riêng cho mình nhé."
    assert await imagify.house.cashier.orders.newest(an.person.id) is None


async def test_who_orders_again_and_again_is_asked_to_wait(imagify: Imagify, an: Speaker) -> None:
    for vnd in (20_000, 50_000) * 3:
        await an.tops_up(vnd)
        assert an.last_heard.startswith("💳")

    await an.acts("topup:100000")
    assert an.last_heard.startswith("✋")

    await imagify.passes(10 * 60)
    await an.acts("topup:100000")
    assert an.last_heard.startswith("💳")


@pytest.mark.usefixtures("imagify")
async def test_the_prices_name_packages_models_and_the_gift(an: Speaker) -> None:
    await an.says("/pricing")
    assert "• 50.000đ = 55 credit\n" in an.last_heard
    assert "• Vẽ phác nhỏ: 1 credit\n" in an.last_heard
    assert "được tặng 10 credit" in an.last_heard

    await an.speaks("en")
    await an.says("/pricing")
    assert "• 50,000đ = 55 credits\n" in an.last_heard
    assert "Newcomers get 10 credits" in an.last_heard


# -- all of them ----------------------------------------------------------------------------------------------------


async def test_the_history_names_the_orders_and_shows_their_receipts(imagify: Imagify, an: Speaker) -> None:
    paid = await an.pays()
    await imagify.settles()
    waiting = await an.tops_up(20_000)

    await an.says("/history")

    lines = an.last_heard.splitlines()
    assert any("nạp · +55 → còn 60" in line and line.endswith(paid.ref) for line in lines)
    assert lines[-1] == f"• 07:00 01/01/2027 · 20.000đ · đang chờ · {waiting.ref}"
    assert an.buttons == [f"Kiểm tra 20.000đ · …{waiting.ref[-4:]}", f"🧾 50.000đ · …{paid.ref[-4:]}"]
    await an.presses("🧾 50.000đ")
    assert an.last_heard.startswith("🎉 Nạp thành công! +55 credit (50.000đ).")


async def test_help_with_payments_lists_the_orders_it_can_be_about(imagify: Imagify, an: Speaker) -> None:
    failed = await an.fails_to_pay()
    await imagify.settles()

    await an.says("/paysupport")
    assert "đừng trả lại" in an.last_heard
    assert an.last_heard.endswith(f"• 07:00 01/01/2027 · 50.000đ · không thành công · {failed.ref}")
    await an.presses("Kiểm tra 50.000đ")
    assert an.last_heard.startswith("😔 Thanh toán chưa thành công.")

    await an.speaks("en")
    await an.says("/paysupport")
    assert "do not pay again" in an.last_heard
    assert an.last_heard.endswith(f"2027-01-01 07:00 · 50,000đ · failed · {failed.ref}")


async def test_before_consent_prices_and_help_can_be_read_and_nothing_is_sold(imagify: Imagify) -> None:
    mai = await imagify.newcomer()

    await mai.says("/pricing")
    assert mai.last_heard.startswith("🏷️")
    await mai.says("/paysupport")
    assert mai.last_heard.endswith("Bạn chưa có đơn nào.")
    await mai.says("nạp 50k")

    assert "Bạn đồng ý chứ?" in mai.last_heard
    assert await imagify.house.cashier.orders.newest(mai.person.id) is None


async def test_a_frozen_purse_buys_nothing(imagify: Imagify, an: Speaker) -> None:
    await imagify.house.ledger.freeze(an.person.id)

    await an.acts("topup:50000")

    assert an.last_heard.startswith("🔒")


async def test_an_order_is_found_again_after_two_wallets_became_one(
    imagify: Imagify, an: Speaker, zalo: Speaker
) -> None:
    order = await imagify.house.cashier.cancel(await zalo.opens(await zalo.tops_up()))
    linking = imagify.house.linking
    code = await linking.ask_code(an.person)
    await linking.accept(code, zalo.person)
    an.person = (await linking.confirm(code, an.person)).person

    await an.says(order.ref)
    assert an.last_heard.startswith("❌ Giao dịch đã huỷ.")
    await zalo.pays(order=order)
    await imagify.settles()

    assert zalo.last_heard.startswith("🎉 Nạp thành công! +55 credit")
    assert (await imagify.balance(replace(zalo, person=an.person))).free == 60
