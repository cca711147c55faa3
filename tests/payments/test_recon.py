"""A day beside the gateway's list, however that list is written; and a file that does no harm where it is opened."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.orders import Order
from payments.recon import (
    COLUMNS,
    INVOICED,
    Comparison,
    Day,
    Sum,
    Theirs,
    UnreadableList,
    compare,
    exported,
    harmless,
    read_list,
    whole,
)


def order(ref: str = "A", vnd: int = 50_000, number: str = "", **facts: object) -> Order:
    made = {"credits": vnd // 1_000, "till": "vnpay", "terminal": "IMGF0001", "currency": "VND", "created": 1}
    paid = {"expires": 2, "state": "paid", "paid_at": 1_000, "source": "call", "amount": vnd}
    return Order(ref, "AN", vnd=vnd, number=number, **{**made, **paid, **facts})  # type: ignore[arg-type]  # fields of an order


def when(at: int) -> str:
    return f"at {at}"


# --- comparing


def test_payments_are_matched_by_our_code_or_else_by_their_number() -> None:
    ours = [order("A"), order("B", number="77")]

    compared = compare(ours, [Theirs("A", "", 50_000), Theirs("", "77", 50_000)])

    assert compared == Comparison(tuple(ours), (), (), ())
    assert compared.clean


def test_what_only_one_side_has_and_what_differs_is_told_apart() -> None:
    same, missing, other = order("A"), order("B"), order("C")
    strange, dearer = Theirs("X", "9", 10_000), Theirs("C", "", 60_000)

    compared = compare([same, missing, other], [Theirs("A", "", 50_000), strange, dearer])

    assert compared == Comparison((same,), (missing,), (strange,), ((other, dearer),))
    assert not compared.clean


def test_a_payment_that_they_list_twice_matches_once() -> None:
    compared = compare([order("A")], [Theirs("A", "1", 50_000), Theirs("A", "2", 50_000)])

    assert (len(compared.matched), len(compared.only_theirs)) == (1, 1)


def test_payments_without_a_number_are_not_taken_for_one_another() -> None:
    compared = compare([order("A", number="")], [Theirs("X", "", 50_000)])

    assert (compared.only_ours, len(compared.only_theirs)) == ((order("A", number=""),), 1)


# --- reading their list


@pytest.mark.parametrize(
    "text",
    [
        "order,number,vnd\nA,77,50000",
        "vnp_TxnRef;vnp_TransactionNo;vnp_Amount\nA;77;5000000",
        "Mã đơn hàng\tMã giao dịch\tSố tiền\nA\t77\t50.000",
        "\ufeffMa don hang;Ma giao dich;So tien;Phi\n\n A ; 77 ;50.000,00 đ;1000\n\n",
        'STT,TxnRef,TransactionNo,Amount\n1,A,77,"50,000.00"\nTong,,,"50,000.00"',
    ],
)
def test_a_list_is_read_whichever_way_it_is_written(text: str) -> None:
    assert read_list(text) == [Theirs("A", "77", 50_000)]


@pytest.mark.parametrize("text", ["", "  \n ", "A,50000", "order,bank\nA,NCB", "vnd\n50000", "order,vnd\nA,much"])
def test_a_list_in_which_no_payment_can_be_found_is_refused(text: str) -> None:
    with pytest.raises(UnreadableList):
        read_list(text)


@pytest.mark.parametrize(
    ("written", "vnd"),
    [
        ("50000", 50_000),
        ("50.000", 50_000),
        ("50,000", 50_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.0", 1_250_000),
        ("50.000đ", 50_000),
        ("50 000 VND", 50_000),
        ("50000.00 VND", 50_000),
    ],
)
def test_a_sum_is_read_however_its_thousands_are_parted(written: str, vnd: int) -> None:
    assert whole(written) == vnd


@given(st.lists(st.builds(order, ref=st.text("ABCDEF2345", min_size=3), vnd=st.integers(10_000, 50_000_000))))
def test_what_we_export_matches_itself(orders: list[Order]) -> None:
    ours = list({one.ref: one for one in orders}.values())

    compared = compare(ours, read_list(exported(ours, when)))

    assert compared.clean
    assert len(compared.matched) == len(ours)


# --- writing ours


def test_a_day_is_written_with_a_line_for_each_payment() -> None:
    text = exported([order("A", number="77", bank="NCB", late=True, play=True)], when)

    assert text.splitlines() == [",".join(COLUMNS), "A,77,50000,50,at 1000,NCB,paid,late,call,play"]


def test_for_invoices_there_is_what_an_invoice_is_made_from() -> None:
    text = exported([order("A", number="77", bank="NCB")], when, INVOICED)

    assert text.splitlines() == ["order,paid_at,vnd,credits,bank,state,play", "A,at 1000,50000,50,NCB,paid,"]


@pytest.mark.parametrize("before", ["", "\t", "\r", " "])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula_and_none_breaks_its_line(sign: str, before: str) -> None:
    text = exported([order("A", bank=f"{before}{sign}cmd()\r\nB")], when)

    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["bank"] == f"'{sign}cmd() B"
    assert harmless("NCB") == "NCB"


# --- adding up


def test_play_money_and_what_goes_back_are_added_up_apart() -> None:
    orders = [order("A"), order("B", 20_000, state="refunded"), order("C", 100_000, play=True, state="refunded")]

    assert Day.of(orders) == Day(Sum(2, 70_000, 70), Sum(1, 20_000, 20), Sum(1, 100_000, 100))
