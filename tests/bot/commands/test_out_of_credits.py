"""Out of credits: what to buy, and the saved prompt goes on from the receipt, once."""

import pytest

from core.clock import MINUTE
from payments.packages import Package
from tests.house import Balance, Imagify, Speaker


async def short_of_credits(an: Speaker) -> None:
    """One credit left, and a prompt that costs four."""
    await an.says("mèo --n 4")
    await an.imagify.settles()
    await an.says("chó --n 4")


@pytest.mark.usefixtures("imagify")
async def test_who_is_out_of_credits_is_shown_what_covers_it_the_cheapest_first(an: Speaker) -> None:
    await short_of_credits(an)

    assert an.last_heard.startswith("💡 Cần 4 credit, bạn đang có 1 (thiếu 3).")
    assert an.buttons == ["20.000đ = 20 credit", "50.000đ = 55 credit", "100.000đ = 120 credit", "▶️ Tiếp tục"]


async def test_where_no_package_covers_it_the_largest_is_offered(imagify: Imagify, an: Speaker) -> None:
    await imagify.house.counter.offer.say([Package(10_000, 1), Package(20_000, 2)])

    await short_of_credits(an)

    assert an.buttons == ["20.000đ = 2 credit", "▶️ Tiếp tục"]


async def test_in_a_group_no_package_is_offered(imagify: Imagify) -> None:
    await imagify.meets(chat="501")
    an = await imagify.newcomer(chat="501", group="-100")

    await an.says("/imagine chó")

    assert an.last_heard.startswith("💡 Ảnh này cần thêm credit")
    assert an.buttons == []


async def test_from_out_of_credits_to_the_picture_by_way_of_a_payment(imagify: Imagify, an: Speaker) -> None:
    await short_of_credits(an)
    await an.presses("20.000đ")
    order = await an.pays(order=await an.newest_order())
    await imagify.settles()

    receipt = an.heard[-1]
    assert receipt.text.startswith(f"🎉 Nạp thành công! +20 credit (20.000đ). Số dư: 21. Mã GD: {order.ref}")
    assert an.buttons == ["▶️ Tiếp tục"]
    await an.presses("▶️ Tiếp tục")
    await imagify.settles()

    assert [job.words.words for job in await an.jobs()] == ["mèo"] * 4 + ["chó"] * 4
    assert await imagify.balance(an) == Balance(free=17, held=0)


async def test_a_saved_prompt_is_drawn_once_and_then_offered_no_more(imagify: Imagify, an: Speaker) -> None:
    await short_of_credits(an)
    await an.pays(20_000)
    await imagify.settles()
    await an.presses("▶️ Tiếp tục")
    await imagify.settles()

    await an.pays(20_000)
    await imagify.settles()

    assert an.last_heard.startswith("🎉")
    assert an.buttons == []
    await an.presses("▶️ Tiếp tục")
    assert an.last_heard == "Mình đã nhận yêu cầu này rồi."
    assert len(await an.jobs()) == 8


async def test_who_never_wants_to_be_asked_has_it_drawn_as_soon_as_they_paid(imagify: Imagify, an: Speaker) -> None:
    an.person = await imagify.house.people.prefer(an.person, "never")
    await short_of_credits(an)

    await an.pays(20_000)
    await imagify.passes(30)
    await imagify.settles()

    receipt = next(shown for shown in an.heard if shown.text.startswith("🎉"))
    assert receipt.text.endswith("▶️ Mình vẽ tiếp mô tả bạn đã lưu.")
    assert receipt.choices == ()
    assert len(await an.jobs()) == 8
    assert await imagify.balance(an) == Balance(free=17, held=0)


async def test_it_goes_on_by_itself_once_even_when_the_news_is_told_twice(imagify: Imagify, an: Speaker) -> None:
    an.person = await imagify.house.people.prefer(an.person, "never")
    await short_of_credits(an)
    order = await an.opens(await an.tops_up(20_000))
    imagify.telegram.will(an.chat, "arrived", "lost")

    await an.pays(order=order)
    await imagify.passes(60)
    await imagify.settles()

    assert sum(one.reply.text.startswith("🎉") for one in imagify.telegram.delivered) == 2
    assert len(await an.jobs()) == 8
    assert "Mình đã nhận yêu cầu này rồi." not in [shown.text for shown in an.heard]


async def test_a_prompt_from_long_ago_is_offered_and_not_drawn_by_itself(imagify: Imagify, an: Speaker) -> None:
    an.person = await imagify.house.people.prefer(an.person, "never")
    await short_of_credits(an)
    imagify.clock.skip(25 * 60 * MINUTE)

    await an.pays(20_000)
    await imagify.passes(30)
    await imagify.settles()

    assert an.buttons == ["▶️ Tiếp tục"]
    assert len(await an.jobs()) == 4
