"""The route VNPAY calls: its own codes in its own order, and one deposit however it is called."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.house import House
from core.table import Create, TableUnavailable, Write
from payments.calls import Calls
from payments.orders import Order, Place, creating, pointer_key
from payments.routes import Gate
from payments.vnpay import Terminal
from tests.core.rig import Crowded
from tests.house import Imagify, Speaker
from tests.payments.gateway import NOTICE, VECTORS, notice
from tests.payments.rig import Desk
from tests.storms.played_till import PlayedTill

SECRET = "27YSNI0G1IITN3XVK9TFTDHWZXUYXXA9"
STRANGER = "203.0.113.9"


@dataclass
class Called:
    """A gate, and what it answers."""

    house: House
    terminal: str = "PLAYED01"
    secret: str = SECRET
    callers: frozenset[str] = frozenset()
    caller: str = "113.160.92.202"
    answers: list[str] = field(default_factory=list)

    def gate(self) -> Gate:
        own = Terminal(self.terminal, self.secret, "http://127.0.0.1/pay", "http://127.0.0.1/api")
        house = self.house
        return Gate(own, house.cashier, self.calls, house.ports.cache, lambda _: self.caller, self.callers)

    @property
    def calls(self) -> Calls:
        return Calls(self.house.ports.table, self.house.ports.clock, self.house.ports.chance)

    async def answer(self, query: str) -> str:
        """The code."""
        return (await self.gate().hear(query, self.caller))[0]

    async def told(self, order: Order, **said: str) -> str:
        return await self.answer(self.query(order, **said))

    def query(self, order: Order, **said: str) -> str:
        of_order = {"vnp_TmnCode": order.terminal, "vnp_TxnRef": order.ref, "vnp_Amount": str(order.amount * 100)}
        return notice({**NOTICE, **of_order, **said}, self.secret)


@pytest.fixture
def desk(workshop: Imagify, an: Speaker) -> Desk:
    return Desk(workshop, an)


@pytest.fixture
def called(workshop: Imagify) -> Called:
    return Called(workshop.house)


FAILED = {"vnp_ResponseCode": "24", "vnp_TransactionStatus": "02"}


@pytest.mark.parametrize("row", VECTORS["ipn_decision"], ids=lambda row: f"{row['id']} {row['case']}")
async def test_every_decision_of_the_vectors_is_ours(workshop: Imagify, an: Speaker, row: dict[str, Any]) -> None:
    house = workshop.build(tills=[PlayedTill(terminal=row["tmn_code"])])
    called = Called(house, row["tmn_code"], row["secret"])
    order = await standing(workshop, an, row)
    if row["order"]["status"] == "paid":
        assert await called.told(order, vnp_TransactionNo="1") == "00"
    before = (await workshop.balance(an)).free

    code = await called.answer(row["query_string"])

    expected = row["expected"]
    brought = (await workshop.balance(an)).free - before
    assert code == expected["RspCode"]
    assert (await house.cashier.orders.order(order.ref)).state == expected["order_status_after"]
    assert brought == expected["credit_times"] * order.credits


async def standing(workshop: Imagify, an: Speaker, row: dict[str, Any]) -> Order:
    """The order a vector speaks of, as if it had been made and opened here."""
    now, amount = workshop.clock.now(), row["order"]["amount_vnd"]
    order = Order(
        ref=row["order"]["txn_ref"],
        person=an.person.id,
        credits=50,
        vnd=amount,
        till="vnpay",
        terminal=row["tmn_code"],
        amount=amount,
        currency="VND",
        created=now,
        expires=now + 900_000,
        opened_at=now,
        due=now,
    )
    pointer = Place("telegram", an.chat).fields()
    await workshop.table.write(creating(order), Create(pointer_key(order), pointer))
    return order


async def test_the_acceptance_cases_of_vnpay_are_answered_as_it_wants(desk: Desk, called: Called) -> None:
    failing, paying = await desk.opens(), await desk.opens()

    codes = [
        await called.answer(called.query(paying)[:-1] + "x"),
        await called.told(paying, vnp_TxnRef="261121NOBODYSORDER0000"),
        await called.told(paying, vnp_Amount=str((paying.amount + 1_000) * 100)),
        await called.told(failing, **FAILED, vnp_TransactionNo="14500001"),
        await called.told(paying),
        await called.told(paying),
    ]

    assert codes == ["97", "01", "04", "00", "00", "02"]
    assert (await desk.purse()).paid == 55


async def test_a_house_that_cannot_write_asks_to_be_called_again(desk: Desk, workshop: Imagify) -> None:
    order = await desk.opens()
    down = workshop.build(table=Unreachable(workshop.table))

    code = await Called(down).told(order)

    assert code == "99"
    assert await Called(workshop.house).told(order) == "00"


async def test_only_addresses_on_the_list_are_listened_to_where_there_is_one(desk: Desk, called: Called) -> None:
    order = await desk.opens()
    called.callers, called.caller = frozenset({"113.160.92.202"}), STRANGER
    refused = await called.told(order)

    called.caller = "113.160.92.202"
    heard = await called.told(order)

    assert (refused, heard) == ("03", "00")


async def test_a_query_of_another_terminal_is_about_no_order_of_ours(desk: Desk, called: Called) -> None:
    order = await desk.opens()

    assert await called.told(order, vnp_TmnCode="OTHER001") == "01"


async def test_what_was_called_is_kept_word_for_word_with_the_order(desk: Desk, called: Called) -> None:
    order = await desk.opens()
    query = called.query(order)

    await called.answer(query)
    await called.answer(query)

    kept = await called.calls.of(order.ref)
    assert [(call.caller, call.raw, call.answer) for call in kept] == [
        ("113.160.92.202", query, "00"),
        ("113.160.92.202", query, "02"),
    ]


async def test_strangers_cannot_fill_the_house_with_what_they_call(called: Called, workshop: Imagify) -> None:
    called.caller = STRANGER

    codes = {await called.answer(f"vnp_TxnRef={number}&vnp_SecureHash=00") for number in range(200)}

    assert codes == {"97"}
    assert len(await workshop.rows("CALLS#")) <= 40


async def test_what_is_no_query_at_all_is_answered_like_any_forgery(called: Called) -> None:
    garbage = ["", "a=b", "%ff%fe", "vnp_SecureHash=" + "0" * 128, "vnp_TxnRef=" + "9" * 5_000, "vnp_Amount=%00"]

    assert {await called.answer(query) for query in garbage} == {"97"}


class Unreachable(Crowded):
    """A table that can be read and not written."""

    async def write(self, *writes: Write) -> None:
        del writes
        raise TableUnavailable("away")
