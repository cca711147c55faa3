"""A chat leaves the wallet it shares: asked twice, told everywhere, and what was paid late still finds the wallet."""

import re
from dataclasses import replace

import pytest

from core.addresses import Address
from core.people import Language
from tests.house import Balance, Imagify, Speaker

OWNER = Address("telegram", "1", "1")


@pytest.fixture
async def mai(imagify: Imagify) -> Speaker:
    """At Telegram, with the wallet that is to stay."""
    await imagify.opens()
    return await imagify.meets(gift=5)


@pytest.fixture
async def there(imagify: Imagify) -> Speaker:
    """The same person at Zalo."""
    return await imagify.meets("zalo", gift=3, paid=50)


async def code_of(speaker: Speaker) -> str:
    await speaker.says("/link")
    found = re.search(r"/link (\w+)\n", speaker.last_heard)
    assert found, speaker.last_heard
    return found[1]


async def linked(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    """As two people would do it; afterwards both speak as one."""
    code = await code_of(mai)
    await there.says(f"/link {code}")
    await there.acts(f"link_yes:{code}")
    await mai.acts(f"link_yes:{code}")
    await imagify.settles()
    mai.person = there.person = await imagify.house.people.person(mai.person.id)


async def whose(imagify: Imagify, speaker: Speaker) -> Speaker:
    """Whoever speaks from that chat by now."""
    person = await imagify.house.people.find(speaker.address.channel, speaker.address.id)
    assert person
    return replace(speaker, person=person)


# -- leaving ----------------------------------------------------------------------------------------------------------


async def test_the_other_chat_hears_that_they_are_one(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    await linked(imagify, mai, there)

    assert there.last_heard.startswith("✅ Chat này và telegram … giờ dùng chung một ví: 55 credit.")


async def test_a_chat_leaves_after_it_was_asked_twice_and_both_are_told(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    await linked(imagify, mai, there)

    await there.says("bỏ liên kết")
    assert "Ví ở lại với telegram …: 55 credit, 0 ảnh" in there.last_heard
    await there.presses("Rời ví")
    assert there.last_heard.startswith("❗ Hỏi lại lần cuối: 55 credit")
    await there.presses("Chắc chắn rời")
    await imagify.settles()

    assert there.last_heard.startswith("🔓 Chat này đã rời ví chung.")
    assert "ở đây bạn có ví mới, 0 credit" in there.last_heard
    assert mai.last_heard == "🔓 zalo … đã rời ví này. Ví ở lại với bạn: 55 credit, ảnh và đơn hàng như cũ."
    assert await imagify.balance(mai) == Balance(55, 0)
    assert await imagify.balance(await whose(imagify, there)) == Balance(0, 0)


@pytest.mark.parametrize("words", ["/unlink", "unlink", "bo lien ket", "Bỏ liên kết"])
async def test_it_can_be_asked_for_in_any_way(imagify: Imagify, mai: Speaker, there: Speaker, words: str) -> None:
    await linked(imagify, mai, there)

    await there.says(words)

    assert there.last_heard.startswith("🔓 Cho chat này rời ví chung?")


async def test_either_no_leaves_everything_as_it_was(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    await linked(imagify, mai, there)
    await there.says("/unlink")
    await there.presses("Ở lại")
    await there.presses("Rời ví")
    await there.presses("Ở lại")

    assert there.last_heard == "Không có gì thay đổi: ví vẫn dùng chung."
    assert (await whose(imagify, there)).person.id == mai.person.id


async def test_whoever_left_is_asked_for_consent_and_given_no_gift(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    await linked(imagify, mai, there)
    await there.acts(f"unlink_yes:{mai.person.links}")
    await imagify.settles()

    await there.says("mèo")
    assert "phần mềm tự động tạo ảnh bằng AI" in there.last_heard
    await there.presses("Đồng ý")

    assert await imagify.balance(await whose(imagify, there)) == Balance(0, 0)


async def test_pictures_stay_with_the_wallet(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    await there.says("mèo mướp")
    await imagify.settles()
    await linked(imagify, mai, there)
    image = next(iter((await imagify.books()).images))
    await there.acts(f"unlink_yes:{mai.person.links}")
    await there.acts("agree")

    await there.acts(f"show:{image}")
    await mai.acts(f"show:{image}")

    assert there.last_heard.startswith("🔎")
    assert mai.last_heard.startswith("🖼️ “mèo mướp”")


async def test_a_picture_being_drawn_for_the_chat_is_waited_for(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    await linked(imagify, mai, there)
    await there.says("mèo mướp")

    await there.says("/unlink")
    assert any(shown.text.startswith("🎨 Ở chat này còn ảnh") for shown in there.heard)
    await imagify.settles()
    await there.says("/unlink")

    assert there.last_heard.startswith("🔓 Cho chat này rời ví chung?")


async def test_an_order_waiting_to_be_paid_is_waited_for(imagify: Imagify, mai: Speaker, there: Speaker) -> None:
    await linked(imagify, mai, there)
    order = await there.opens(await there.tops_up())

    await there.says("/unlink")
    assert there.last_heard.startswith("🧾 Ở chat này có đơn nạp đang chờ thanh toán.")
    await mai.says("/unlink")
    assert mai.last_heard.startswith("🔓")

    assert order.state == "pending"


async def test_an_order_paid_after_its_chat_has_left_is_credited_and_told_where_the_wallet_is(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    await linked(imagify, mai, there)
    order = await imagify.house.cashier.cancel(await there.opens(await there.tops_up()))
    await imagify.settles()
    await there.acts(f"unlink_yes:{mai.person.links}")
    await imagify.settles()

    paid = await there.pays(order=order)
    await imagify.settles()

    assert paid.state == "paid"
    assert await imagify.balance(mai) == Balance(55 + 55, 0)
    assert await imagify.balance(await whose(imagify, there)) == Balance(0, 0)
    assert mai.last_heard.startswith("🎉 Nạp thành công! +55 credit")
    assert not any("🎉" in shown.text for shown in there.heard)


async def test_an_order_made_before_the_link_is_credited_to_the_wallet_after_the_parting(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    order = await imagify.house.cashier.cancel(await there.opens(await there.tops_up()))
    await linked(imagify, mai, there)
    await there.acts(f"unlink_yes:{mai.person.links}")
    await imagify.settles()

    await there.pays(order=order)

    assert await imagify.balance(mai) == Balance(55 + 55, 0)


async def test_an_old_button_does_nothing_after_they_were_linked_again(
    imagify: Imagify, mai: Speaker, there: Speaker
) -> None:
    await linked(imagify, mai, there)
    old = f"unlink_yes:{mai.person.links}"
    await there.acts(old)
    await there.acts("agree")
    there = await whose(imagify, there)
    await linked(imagify, mai, there)

    await there.acts(old)
    assert there.last_heard.startswith("🚫 Mã hoặc nút này không còn giá trị")

    await there.acts("unlink_yes:everything")
    assert there.last_heard.startswith("🚫 Mã hoặc nút này không còn giá trị")
    assert (await whose(imagify, there)).person.id == mai.person.id


async def test_a_chat_alone_has_nothing_to_leave(mai: Speaker) -> None:
    await mai.says("/unlink")

    assert mai.last_heard.startswith("🔓 Chat này không dùng chung ví với chat nào.")


# -- why not ----------------------------------------------------------------------------------------------------------

REFUSED: dict[str, dict[Language, tuple[str, str]]] = {  # what is said in the chat that asks, and what to do
    "drawing": {"vi": ("🎨 Ở kênh kia còn ảnh", "/queue"), "en": ("🎨 A picture of the other chat", "/queue")},
    "orders": {"vi": ("🧾 Ở kênh kia có đơn nạp", "/history"), "en": ("🧾 An order of the other chat", "/history")},
    "refund": {"vi": ("💸 Ở kênh kia đang có khoản hoàn", "Đợi"), "en": ("💸 Money is being paid back", "Wait")},
    "frozen": {"vi": ("🔒 Ví của kênh kia", "/paysupport"), "en": ("🔒 The wallet of the other chat", "/paysupport")},
    "banned": {"vi": ("🚫 Đang bị khoá: kênh kia", "/paysupport"), "en": ("🚫 Banned: the other chat", "/paysupport")},
    "leaving": {"vi": ("🗑️ Đang chờ xoá dữ liệu: kênh kia", "/deleteme"), "en": ("🗑️ Waiting to be forg", "/deleteme")},
}
COST: dict[Language, str] = {
    "vi": "Không có gì thay đổi, không trừ credit.",
    "en": "Nothing was changed, no credits were used.",
}


async def befall(imagify: Imagify, there: Speaker, why: str) -> None:
    """What stands in the way, on the side that would go."""
    house = imagify.house
    match why:
        case "drawing":
            imagify.painter.seconds = 500
            await there.orders()
        case "orders":
            await there.tops_up()
        case "refund":
            order = await there.pays()
            imagify.till.will_refund("accepted")
            await house.refunds.refund(order.ref, "an admin", "asked for")
        case "frozen":
            await house.ledger.freeze(there.person.id)
        case "banned":
            await house.addresses.ban(there.address, reason="enough", actor=OWNER)
        case "leaving":
            await house.privacy.ask_erase(there.person)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("why", REFUSED)
async def test_a_link_that_cannot_be_made_says_why_what_it_cost_and_what_to_do(
    imagify: Imagify, mai: Speaker, there: Speaker, why: str, language: Language
) -> None:
    code = await code_of(mai)
    await mai.speaks(language)
    await there.acts(f"link_yes:{code}")
    await befall(imagify, there, why)

    await mai.acts(f"link_yes:{code}")

    begins, to_do = REFUSED[why][language]
    assert mai.last_heard.startswith(begins)
    assert COST[language] in mai.last_heard
    assert to_do in mai.last_heard
    assert (await imagify.house.people.person(there.person.id)).id == there.person.id
    assert (await imagify.balance(mai)).free == 5
