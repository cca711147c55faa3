"""What the played VNPAY tells a merchant, how often, and what can be made to go wrong on the way."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from infra.sandbox.vnpay import Finished, Heard
from infra.sandbox.vnpay.wire import is_signed
from tests.infra.sandbox.vnpay_rig import AMOUNT, CODE, SECRET, THE_DAY, Shop, answer

MINUTES = 60.0


async def test_a_success_is_told_in_the_alphabet_with_its_hash_last() -> None:
    shop = Shop()

    await shop.pays("R1")

    [attempt] = shop.gateway.transactions["R1"].attempts
    names = [name for name, _ in parse_qsl(attempt.query)]
    assert names == [
        "vnp_Amount",
        "vnp_BankCode",
        "vnp_BankTranNo",
        "vnp_CardType",
        "vnp_OrderInfo",
        "vnp_PayDate",
        "vnp_ResponseCode",
        "vnp_TmnCode",
        "vnp_TransactionNo",
        "vnp_TransactionStatus",
        "vnp_TxnRef",
        "vnp_SecureHash",
    ]
    assert "vnp_OrderInfo=Nap+50+credit&" in attempt.query
    [told] = shop.heard
    assert is_signed(told, SECRET)
    assert told["vnp_BankTranNo"] == f"VNP{told['vnp_TransactionNo']}"
    assert (told["vnp_BankCode"], told["vnp_CardType"], told["vnp_Amount"]) == ("NCB", "ATM", str(AMOUNT))
    assert (attempt.number, attempt.outcome) == (1, "00")


async def test_the_payer_comes_back_with_the_same_parameters() -> None:
    shop = Shop()

    back = await shop.pays("R1")

    assert back.startswith("http://shop.test/return?lang=vi&vnp_Amount=")
    assert dict(parse_qsl(urlsplit(back).query)) == {"lang": "vi", **shop.heard[0]}


async def test_who_leaves_before_choosing_a_bank_has_no_bank_and_no_number() -> None:
    shop = Shop()

    await shop.pays("R1", "24", bank="")

    [told] = shop.heard
    assert (told["vnp_BankCode"], told["vnp_CardType"], told["vnp_TransactionNo"]) == ("VNPAY", "QRCODE", "0")
    assert (told["vnp_ResponseCode"], told["vnp_TransactionStatus"]) == ("24", "02")
    assert "vnp_BankTranNo" not in told


async def test_who_leaves_at_the_bank_names_the_bank() -> None:
    shop = Shop()

    await shop.pays("R1", "24", bank="VIETCOMBANK")

    [told] = shop.heard
    assert (told["vnp_BankCode"], told["vnp_CardType"], told["vnp_TransactionStatus"]) == ("VIETCOMBANK", "ATM", "02")
    assert "vnp_BankTranNo" not in told


@pytest.mark.parametrize("code", ["09", "10", "11", "12", "13", "51", "65", "75", "79", "99"])
async def test_a_failure_is_told_with_its_code_and_status_02(code: str) -> None:
    shop = Shop()

    await shop.pays("R1", code)

    [told] = shop.heard
    assert (told["vnp_ResponseCode"], told["vnp_TransactionStatus"], told["vnp_TransactionNo"]) == (code, "02", "0")
    assert shop.orders["R1"] == "failed"


async def test_suspicious_money_is_told_as_taken() -> None:
    shop = Shop()

    await shop.pays("R1", "07")

    [told] = shop.heard
    assert (told["vnp_ResponseCode"], told["vnp_TransactionStatus"]) == ("07", "07")
    assert told["vnp_TransactionNo"] != "0"


async def test_a_code_and_a_card_have_their_own_types() -> None:
    shop = Shop()

    await shop.pays("R1", bank="VNPAYQR")
    await shop.pays("R2", bank="INTCARD")

    assert [(one["vnp_BankCode"], one["vnp_CardType"]) for one in shop.heard] == [
        ("VNPAYQR", "QRCODE"),
        ("VISA", "VISA"),
    ]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (answer("01"), "01"),
        (answer("04"), "04"),
        (answer("97"), "97"),
        (answer("99"), "99"),
        (Heard(500, b'{"RspCode":"00"}'), "HTTP 500"),
        (Heard(200, b"OK"), "not JSON"),
        (Heard(200, b"[]"), "no RspCode"),
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(), "unreachable"),
    ],
)
async def test_what_is_not_confirmed_is_told_ten_times_five_minutes_apart(
    said: Heard | Exception, outcome: str
) -> None:
    shop = Shop()
    shop.says = [said] * 20

    await shop.pays("R1")
    await shop.gateway.pass_by(300 * MINUTES)

    attempts = shop.gateway.transactions["R1"].attempts
    assert [attempt.at - THE_DAY for attempt in attempts] == [5 * MINUTES * number for number in range(10)]
    assert [attempt.number for attempt in attempts] == list(range(1, 11))
    assert {attempt.outcome for attempt in attempts} == {outcome}
    assert len(shop.heard) == 10


@pytest.mark.parametrize("code", ["00", "02", "03"])
async def test_what_is_confirmed_is_told_once(code: str) -> None:
    shop = Shop()
    shop.says = [answer("99"), answer(code)]

    await shop.pays("R1")
    await shop.gateway.pass_by(60 * MINUTES)

    assert shop.outcomes("R1") == ["99", code]


async def test_a_terminal_without_an_address_is_told_when_it_has_one() -> None:
    shop = Shop()
    shop.gateway.set_ipn_url(CODE, "")

    await shop.pays("R1")
    shop.gateway.set_ipn_url(CODE, "http://shop.test/elsewhere?shop=1")
    await shop.gateway.pass_by(5 * MINUTES)

    assert shop.outcomes("R1") == ["no address", "00"]
    assert shop.heard[0]["shop"] == "1"


async def test_a_payment_ends_once() -> None:
    shop = Shop()
    await shop.pays("R1")

    with pytest.raises(Finished):
        await shop.gateway.pay("R1", "24")
    with pytest.raises(Finished):
        await shop.gateway.pay("R1", "24", late=True)


async def test_a_bank_may_say_late_that_it_was_paid_after_all() -> None:
    shop = Shop()
    await shop.pays("R1", "24")
    shop.opens("R2")
    await shop.gateway.pass_by(16 * MINUTES)

    with pytest.raises(Finished):
        await shop.gateway.pay("R2")
    await shop.gateway.pay("R1", late=True)
    await shop.gateway.pay("R2", late=True)
    await shop.gateway.settle_ipns()

    assert [one["vnp_ResponseCode"] for one in shop.heard] == ["24", "00", "00"]
    assert (shop.gateway.status("R1"), shop.gateway.status("R2")) == ("00", "00")


# -- faults


async def test_a_lost_ipn_is_sent_again() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_lost", times=2)

    await shop.pays("R1")
    await shop.gateway.pass_by(10 * MINUTES)

    assert shop.outcomes("R1") == ["lost", "lost", "00"]
    assert len(shop.heard) == 1


async def test_a_terminal_that_is_never_told_hears_nothing() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_never", times=1)

    await shop.pays("R1")
    await shop.pays("R2")
    await shop.gateway.pass_by(60 * MINUTES)

    assert [one["vnp_TxnRef"] for one in shop.heard] == ["R2"]


async def test_a_delayed_ipn_comes_after_its_delay() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_delayed", times=1, seconds=90)

    await shop.pays("R1")
    await shop.gateway.pass_by(89)
    assert shop.heard == []
    await shop.gateway.pass_by(1)

    assert shop.outcomes("R1") == ["00"]


async def test_a_doubled_ipn_comes_several_times_at_once() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_doubled", times=1, copies=3)

    await shop.pays("R1")

    assert sorted(shop.outcomes("R1")) == ["00", "02", "02", "02"]


async def test_a_held_ipn_comes_after_another_one() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_held", times=1)

    await shop.pays("R1")
    assert shop.heard == []
    await shop.pays("R2")

    assert [one["vnp_TxnRef"] for one in shop.heard] == ["R2", "R1"]


async def test_a_held_ipn_can_be_let_go_by_hand() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_held")
    await shop.pays("R1")
    await shop.pays("R2")

    assert shop.gateway.messenger.let_go() == 2
    await shop.gateway.settle_ipns()

    assert [one["vnp_TxnRef"] for one in shop.heard] == ["R1", "R2"]


async def test_an_ipn_with_a_wrong_hash_comes_right_the_next_time() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_bad_hash", times=1)

    await shop.pays("R1")
    await shop.gateway.pass_by(5 * MINUTES)

    assert shop.outcomes("R1") == ["97", "00"]


async def test_an_ipn_with_a_wrong_amount_is_signed_all_the_same() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_bad_amount", times=1)

    await shop.pays("R1")

    assert shop.outcomes("R1") == ["04"]
    assert shop.heard[0]["vnp_Amount"] == str(AMOUNT + 100_000)
    assert is_signed(shop.heard[0], SECRET)


async def test_a_lost_answer_counts_as_none_though_the_merchant_has_booked() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_reply_lost", times=1)

    await shop.pays("R1")
    assert (shop.outcomes("R1"), shop.orders["R1"]) == (["timeout"], "paid")
    await shop.gateway.pass_by(5 * MINUTES)

    assert shop.outcomes("R1") == ["timeout", "02"]


async def test_a_gateway_that_hangs_up_counts_a_time_out() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_timeout", times=1, seconds=0)

    await shop.pays("R1")
    await shop.gateway.pass_by(5 * MINUTES)

    assert shop.outcomes("R1")[0] == "timeout"
    assert shop.orders["R1"] == "paid"


async def test_a_payer_may_be_back_before_the_merchant_is_told() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_after_return", times=1)

    assert await shop.pays("R1")
    assert shop.heard == []
    await shop.gateway.pass_by(3)

    assert len(shop.heard) == 1


async def test_a_payer_may_be_kept_until_the_merchant_was_told() -> None:
    shop = Shop()
    shop.opens("R1", "R2")
    shop.gateway.faults.set("ipn_before_return", times=1)

    kept, free = (shop.gateway.decide(shop.gateway.transaction(ref), "00") for ref in ("R1", "R2"))

    assert (kept.waits, free.waits) == (True, False)


async def test_a_fault_befalls_its_own_terminal_alone_and_can_be_cleared() -> None:
    shop = Shop()
    shop.gateway.faults.set("ipn_never", terminal="OTHER001")
    shop.gateway.faults.set("ipn_never")

    await shop.pays("R1")
    shop.gateway.faults.clear(terminal="")
    await shop.pays("R2")

    assert [one["vnp_TxnRef"] for one in shop.heard] == ["R2"]
    assert shop.gateway.faults.all() == ()
    with pytest.raises(ValueError, match="no such fault"):
        shop.gateway.faults.set("ipn_eaten")


# -- acceptance


async def test_a_right_merchant_passes_the_acceptance_suite() -> None:
    shop = Shop()
    shop.opens("R1", "R2")

    cases = await shop.gateway.run_acceptance(CODE, "R1", "R2")

    assert [case.expected for case in cases] == ["97", "01", "04", "00", "00", "02"]
    assert all(case.passed for case in cases)
    assert shop.orders == {"R1": "failed", "R2": "paid"}


async def test_a_merchant_that_believes_everything_fails_the_suite_case_by_case() -> None:
    shop = Shop()
    shop.opens("R1", "R2")
    shop.says = [answer("00")] * 6

    cases = await shop.gateway.run_acceptance(CODE, "R1", "R2")

    assert [case.passed for case in cases] == [False, False, False, True, True, False]
    assert {case.got for case in cases} == {"00"}
