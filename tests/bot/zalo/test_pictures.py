"""Where Zalo looks at pictures: the same to every look, signed, small, and gone with the picture."""

import pytest

from bot.replies import Reply, Shown
from bot.zalo.pictures import AT, MEMORY, Postcards
from core.gallery import discarding, looking
from tests.bot.zalo.rig import SECRETS, Phone, name_of
from tests.house import DOOR, Imagify

ONE = name_of(1)
REPLY = Reply("", shown=Shown(ONE, "P1", ""))


@pytest.fixture
async def phone(ruin: Imagify) -> Phone:
    return Phone(ruin)


def token(address: str) -> str:
    head, tail = AT.split("{token}")
    return address.removeprefix(f"{DOOR}{head}").removesuffix(tail)


async def test_a_look_marks_nothing_as_seen(phone: Phone) -> None:
    await phone.hangs(ONE)

    assert await phone.postcards.picture(token(phone.postcards.address(REPLY)))

    [row] = await phone.imagify.rows_named(f"IMAGE#{ONE}")
    assert row.text("seen") == "no"


async def test_a_made_up_address_shows_nothing(phone: Phone) -> None:
    await phone.hangs(ONE)
    await phone.hangs(name_of(2))
    true = token(phone.postcards.address(REPLY))
    forged = [
        true[:-1] + ("0" if true[-1] != "0" else "1"),
        true.replace(ONE, name_of(2)),
        f"s{true[1:]}",
        "",
        "p",
        ONE,
    ]

    assert [await phone.postcards.picture(one) for one in forged] == [None] * len(forged)
    assert Postcards(phone.ports, (b"another secret",)).address(REPLY) != phone.postcards.address(REPLY)


async def test_an_address_outlives_a_change_of_the_secret(phone: Phone) -> None:
    await phone.hangs(ONE)
    before = token(phone.postcards.address(REPLY))

    assert await Postcards(phone.ports, (b"a new one", *SECRETS)).picture(before)
    assert await Postcards(phone.ports, (b"a new one",)).picture(before) is None


async def test_what_is_damaged_is_not_shown(phone: Phone) -> None:
    image = await phone.hangs(ONE)
    phone.imagify.blobs.kept[image.blob] = b"PLAYED by somebody else"

    assert await phone.postcards.picture(token(phone.postcards.address(REPLY))) is None


async def test_with_the_picture_its_address_is_gone_at_once_also_where_it_was_shown_before(phone: Phone) -> None:
    image = await phone.hangs(ONE)
    address = token(phone.postcards.address(REPLY))
    assert await phone.postcards.picture(address)

    await phone.ports.table.write(discarding(image.person, image.id, 0))
    assert await phone.postcards.picture(address) is None


async def test_a_picture_that_was_taken_back_is_not_shown(phone: Phone) -> None:
    image = await phone.hangs(ONE)
    await phone.ports.table.write(looking(image.person, image.id, "no"))
    await phone.ports.blobs.delete(image.blob)

    assert await phone.postcards.picture(token(phone.postcards.address(REPLY))) is None


async def test_what_is_kept_at_hand_does_not_grow_without_end(phone: Phone) -> None:
    for number in range(40):
        await phone.hangs(name_of(number), b"PLAYED" + b"x" * 1_000_000)
        await phone.postcards.picture(token(phone.postcards.address(Reply("", shown=Shown(name_of(number), "P1", "")))))

    assert 0 < sum(map(len, phone.postcards.made.values())) <= MEMORY
