"""A home's payments from outside: a day added up, compared, written; its file behind a link; play voided, once."""

import asyncio
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot import app, books
from bot.__main__ import parser
from bot.admin.files import recon_link
from bot.app import open_house, plan
from bot.house import House
from core.clock import HOUR
from core.errors import CannotStart
from core.people import CONSENT_VERSION
from core.play import mark_played, was_played
from infra import embedded
from infra.embedded.home import look_in
from payments.orders import Order, Place, day_of
from payments.packages import Package
from payments.recon import COLUMNS, INVOICED
from payments.tills import Reason, Told
from tests.bot.homes import settings_of
from tests.storms.played_till import PlayedTill


async def furnish(home: Path, *, play: bool = False, pays: bool = True) -> Order:
    """Somebody has bought fifty-five credits here; or was about to."""
    async with embedded.open(home) as wing:
        settings = settings_of(home, sandbox="vnpay" if play else "none")
        house = House(wing, plan(settings, wing), tills=[PlayedTill()])
        await house.wake(alone=True)
        if play:
            await mark_played(wing.ports.table)
        met = await house.people.greet("telegram", "5550123", "vi")
        person = await house.people.agree(met, CONSENT_VERSION, "telegram")
        order = await house.cashier.checkout(person, Package(50_000, 55), "vnpay", Place("telegram", "5550123"))
        order = await house.cashier.open(order.ref)
        told = Told(order.ref, order.terminal, 50_000, "paid", Reason.OK, number="77", bank="NCB")
        if pays:
            await house.cashier.settle(told, "call")
        return await house.cashier.orders.order(order.ref)


def done(*words: str | Path) -> int:
    """The command line's own words, without a process of its own; how it ends."""
    options = parser().parse_args([str(word) for word in words])
    return int(options.do(options))


# --- a day


async def test_a_day_of_a_home_is_added_up(tmp_path: Path) -> None:
    await furnish(tmp_path / "home")

    said, agrees = await books.recon(settings_of(tmp_path / "home"), "today", None, None)

    assert said.endswith(": 1 orders, 50,000 VND, 55 credits; paid back or on the way: 0 orders, 0 VND, 0 credits.")
    assert agrees


async def test_play_money_is_not_taken_for_money(tmp_path: Path) -> None:
    await furnish(tmp_path / "home", play=True)

    said, _ = await books.recon(settings_of(tmp_path / "home"), "today", None, None)

    assert ": 0 orders, 0 VND, 0 credits; paid back" in said
    assert said.endswith("; besides, 1 orders, 50,000 VND, 55 credits of play money.")


async def test_a_day_is_looked_at_while_the_house_is_open(tmp_path: Path) -> None:
    await furnish(tmp_path / "home")

    async with open_house(settings_of(tmp_path / "home", sandbox="none")):
        said, _ = await books.recon(settings_of(tmp_path / "home"), "today", None, None)

    assert "1 orders, 50,000 VND" in said


@pytest.mark.parametrize(("sum_", "agrees"), [(50_000, True), (60_000, False)])
async def test_a_day_is_compared_with_a_file_of_theirs(sum_: int, agrees: bool, tmp_path: Path) -> None:
    order = await furnish(tmp_path / "home")
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(f"vnp_TxnRef,vnp_Amount\n{order.ref},{sum_ * 100}\n", encoding="utf-8-sig")

    said, clean = await books.recon(settings_of(tmp_path / "home"), "today", theirs, None)

    assert clean == agrees
    assert ("Beside their list: 1 match" in said) == agrees
    assert (f"differs: {order.ref} ours 50000, theirs 60000" in said) == (not agrees)


async def test_a_day_is_written_to_a_file_and_for_invoices_to_another(tmp_path: Path) -> None:
    order = await furnish(tmp_path / "home")
    ours, invoices = tmp_path / "ours.csv", tmp_path / "invoices.csv"

    await books.recon(settings_of(tmp_path / "home"), "today", None, ours)
    said = await books.export(settings_of(tmp_path / "home"), "today", invoices)

    assert said == f"1 orders. Written to {invoices}."
    assert ours.read_text().startswith(f"{','.join(COLUMNS)}\n{order.ref},77,50000,55,")
    assert invoices.read_text().startswith(f"{','.join(INVOICED)}\n{order.ref},")


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (None, "cannot be read: no such file or directory."),
        (b"A,50000", "is no list of payments"),
        (b"\xff\xfe", "is no list"),
    ],
)
async def test_a_list_that_cannot_be_read_is_named(theirs: bytes | None, why: str, tmp_path: Path) -> None:
    await furnish(tmp_path / "home")
    file = tmp_path / "theirs.csv"
    if theirs is not None:
        file.write_bytes(theirs)

    with pytest.raises(CannotStart, match="theirs") as refused:
        await books.recon(settings_of(tmp_path / "home"), "today", file, None)

    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("recon", "soon"), "'soon' is no day: write 2026-11-21, 21/11/2026, today or yesterday."),
        (("recon", "today"), "There is no house in "),
        (("export", "today", "--out", "x.csv"), "There is no house in "),
        (("void-play",), "There is no house in "),
    ],
)
def test_what_is_no_day_or_no_house_is_said_in_one_sentence(words: tuple[str, ...], why: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as refused:
        done(*words, "--home", tmp_path)

    assert str(refused.value).startswith(why)
    assert list(tmp_path.iterdir()) == []


def test_a_difference_ends_the_command_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(furnish(tmp_path / "home"))
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("order,vnd\nSTRANGER,10000\n")

    assert done("recon", "today", "--home", tmp_path / "home") == 0
    assert done("recon", "today", "--theirs", theirs, "--home", tmp_path / "home") == 1

    assert "only theirs: STRANGER 10000" in capsys.readouterr().out


# --- its file


async def test_a_days_file_is_fetched_by_its_link_and_by_no_other(tmp_path: Path) -> None:
    order = await furnish(tmp_path / "home")

    async with open_house(settings_of(tmp_path / "home", sandbox="none")) as opened:
        desk, now = opened.house.desk, opened.house.ports.clock.now()
        good, old = recon_link(desk, day_of(now), now), recon_link(desk, day_of(now), now - 25 * HOUR)
        said = await asyncio.to_thread(fetched, good)
        refused = [await asyncio.to_thread(fetched, link) for link in (old, good.replace(".csv", "0.csv"))]

    assert said.startswith(f"{','.join(COLUMNS)}\n{order.ref},77,50000,55,")
    assert refused == ["404", "404"]


def fetched(link: str) -> str:
    try:
        with urlopen(link, timeout=10) as answer:  # noqa: S310  our own door
            assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert answer.headers["Cache-Control"] == "no-store"
            return str(answer.read().decode())
    except HTTPError as error:
        return str(error.code)


# --- voiding play


async def test_a_home_opens_with_real_keys_once_its_play_is_voided(tmp_path: Path) -> None:
    home = tmp_path / "home"
    await furnish(home, play=True)
    real = settings_of(home, vnpay={"tmn_code": "IMGF0001", "secret": "S" * 32})
    with pytest.raises(CannotStart, match="void-play"):
        async with open_house(real):
            pass

    said = await books.void_play(settings_of(home))

    assert said.startswith("Play is voided: 55 credits of 1 people, and 0 open orders closed. ")
    assert (await app.audit_home(home)).violations == ()
    async with open_house(real) as opened:
        assert not await was_played(opened.house.ports.table)
    assert (await books.void_play(settings_of(home))).startswith("Play is voided: 0 credits of 0 people")


async def test_an_order_that_waits_at_the_played_till_is_closed_with_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    await furnish(home, play=True, pays=False)

    said = await books.void_play(settings_of(home))

    assert "and 1 open orders closed" in said


async def test_play_is_not_voided_while_the_house_is_open(tmp_path: Path) -> None:
    home = tmp_path / "home"
    await furnish(home, play=True)

    async with open_house(settings_of(home)):
        with pytest.raises(CannotStart, match="is in use by process"):
            await books.void_play(settings_of(home))

    table = look_in(home)
    assert await was_played(table)
    await table.close()
