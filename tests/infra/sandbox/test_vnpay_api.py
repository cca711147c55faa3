"""The API of the played VNPAY: what a merchant may ask, how often, and what becomes of a refund."""

import json

import pytest

from infra.sandbox.vnpay.wire import HASH, QUERY_ANSWERED, REFUND_ANSWERED, checksum, stamp
from tests.infra.sandbox.vnpay_rig import AMOUNT, SECRET, THE_DAY, Shop

LIMITED = {"vnp_ResponseCode": "94", "vnp_Message": "Request is duplicated"}


def is_signed(said: dict[str, str], names: tuple[str, ...]) -> bool:
    return said.get(HASH) == checksum(said, names, SECRET)


# -- queries


async def test_a_paid_transaction_is_told_signed_with_more_than_is_signed() -> None:
    shop = Shop()
    await shop.pays("R1")

    said = await shop.asks(shop.query("R1"))

    assert is_signed(said, QUERY_ANSWERED)
    assert (said["vnp_ResponseCode"], said["vnp_TransactionType"], said["vnp_TransactionStatus"]) == ("00", "01", "00")
    assert (said["vnp_Amount"], said["vnp_TransactionNo"]) == (str(AMOUNT), shop.heard[0]["vnp_TransactionNo"])
    assert said["vnp_CardNumber"] == "970419xxxxxxxxx2198"
    assert {"vnp_Trace", "vnp_CardHolder", "vnp_Issuer", "vnp_FeeAmount"} <= said.keys()
    assert all(isinstance(value, str) for value in said.values())


async def test_an_open_transaction_is_told_as_not_finished() -> None:
    shop = Shop()
    shop.opens("R1")

    said = await shop.asks(shop.query("R1"))

    assert (said["vnp_ResponseCode"], said["vnp_TransactionStatus"], said["vnp_BankCode"]) == ("00", "01", "VNBANK")


async def test_a_failed_transaction_is_told_as_failed() -> None:
    shop = Shop()
    await shop.pays("R1", "51")

    said = await shop.asks(shop.query("R1"))

    assert (said["vnp_ResponseCode"], said["vnp_TransactionStatus"]) == ("00", "02")


@pytest.mark.parametrize(
    "instead",
    [
        {"vnp_TxnRef": "NOBODY"},
        {"vnp_TransactionDate": stamp(THE_DAY - 1)},
        {"vnp_TransactionNo": "12345"},
    ],
)
async def test_what_is_not_found_is_told_with_a_signature_and_without_an_amount(instead: dict[str, str]) -> None:
    shop = Shop()
    await shop.pays("R1")

    said = await shop.asks(shop.query("R1", **instead))

    assert (said["vnp_ResponseCode"], said["vnp_Message"]) == ("91", "Transaction_not_found")
    assert is_signed(said, QUERY_ANSWERED)
    assert "vnp_Amount" not in said


async def test_a_terminal_may_query_once_in_five_minutes_whatever_it_asks_for() -> None:
    shop = Shop()
    await shop.pays("R1")
    await shop.pays("R2")

    assert (await shop.asks(shop.query("R1")))["vnp_ResponseCode"] == "00"
    assert await shop.asks(shop.query("R2")) == LIMITED
    await shop.gateway.pass_by(299)
    assert await shop.asks(shop.query("R2")) == LIMITED
    await shop.gateway.pass_by(1)

    assert (await shop.asks(shop.query("R2")))["vnp_ResponseCode"] == "00"


async def test_a_query_that_was_refused_does_not_close_the_door_to_the_next() -> None:
    shop = Shop()
    shop.opens("R1")

    assert (await shop.asks({**shop.query("R1"), HASH: "0" * 128}))["vnp_ResponseCode"] == "97"

    assert (await shop.asks(shop.query("R1")))["vnp_ResponseCode"] == "00"


async def test_a_request_id_is_good_for_one_request_a_day() -> None:
    shop = Shop()
    shop.opens("R1")
    body = shop.query("R1", vnp_RequestId="again")
    await shop.asks(body)

    assert await shop.asks_later(body) == LIMITED
    await shop.gateway.pass_by(86_400)

    assert (await shop.asks(body))["vnp_ResponseCode"] == "00"


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"vnp_TmnCode": "NOBODY01"}, "02"),
        ({"vnp_RequestId": ""}, "03"),
        ({"vnp_RequestId": "x" * 33}, "03"),
        ({"vnp_Version": "1.0.0"}, "03"),
        ({"vnp_Command": "delete"}, "03"),
        ({"vnp_TransactionDate": "yesterday"}, "03"),
        ({"vnp_IpAddr": ""}, "03"),
        ({"vnp_OrderInfo": "x" * 256}, "03"),
    ],
)
async def test_a_bad_request_is_told_what_is_wrong_without_a_signature(instead: dict[str, str], code: str) -> None:
    shop = Shop()
    shop.opens("R1")

    said = await shop.asks(shop.query("R1", **instead))

    assert said["vnp_ResponseCode"] == code
    assert HASH not in said


@pytest.mark.parametrize("raw", [b"", b"[]", b"vnp_Command=querydr", b"\xff", b'{"vnp_Amount": 5}', b"[" * 100_000])
async def test_what_is_no_object_of_texts_is_bad_data(raw: bytes) -> None:
    said = json.loads((await Shop().gateway.answer(raw)).body)

    assert said["vnp_ResponseCode"] == "03"


# -- refunds


async def test_a_refund_goes_from_in_process_over_the_bank_to_done() -> None:
    shop = Shop()
    await shop.pays("R1")

    said = await shop.asks(shop.refund("R1"))
    assert is_signed(said, REFUND_ANSWERED)
    assert (said["vnp_ResponseCode"], said["vnp_TransactionType"], said["vnp_TransactionStatus"]) == ("00", "02", "05")
    assert said["vnp_TransactionNo"] != shop.heard[0]["vnp_TransactionNo"]
    await shop.gateway.pass_by(60)
    sent = await shop.asks(shop.query("R1"))
    done = await shop.asks_later(shop.query("R1"))

    assert (sent["vnp_TransactionType"], sent["vnp_TransactionStatus"]) == ("02", "06")
    assert (done["vnp_TransactionType"], done["vnp_TransactionStatus"]) == ("02", "00")
    assert done["vnp_TransactionNo"] == said["vnp_TransactionNo"]


async def test_a_refund_may_be_rejected_by_the_bank_and_asked_for_again() -> None:
    shop = Shop()
    await shop.pays("R1")
    shop.gateway.faults.set("refund_rejected", times=1)

    await shop.asks(shop.refund("R1"))
    await shop.gateway.pass_by(360)
    said = await shop.asks(shop.query("R1"))

    assert (said["vnp_TransactionType"], said["vnp_TransactionStatus"]) == ("02", "09")
    assert (await shop.asks(shop.refund("R1")))["vnp_ResponseCode"] == "00"


async def test_a_refund_is_not_given_twice() -> None:
    shop = Shop()
    await shop.pays("R1")
    await shop.asks(shop.refund("R1"))

    going = await shop.asks(shop.refund("R1"))
    shop.gateway.finish_refund("R1")
    done = await shop.asks(shop.refund("R1"))

    assert (going["vnp_ResponseCode"], done["vnp_ResponseCode"]) == ("94", "94")
    assert is_signed(going, REFUND_ANSWERED)
    assert len(shop.gateway.transactions["R1"].refunds) == 1


@pytest.mark.parametrize("outcome", ["51", "24", "07"])
async def test_what_was_not_paid_is_not_refunded(outcome: str) -> None:
    shop = Shop()
    await shop.pays("R1", outcome)

    assert (await shop.asks(shop.refund("R1")))["vnp_ResponseCode"] == "95"


async def test_what_is_not_known_is_not_refunded() -> None:
    assert (await (shop := Shop()).asks(shop.refund("R1")))["vnp_ResponseCode"] == "91"


async def test_parts_are_refunded_up_to_the_whole_and_no_further() -> None:
    shop = Shop()
    await shop.pays("R1")
    part = {"vnp_TransactionType": "03", "vnp_Amount": str(AMOUNT - 100)}

    codes = [(await shop.asks(shop.refund("R1", vnp_Amount=str(AMOUNT - 100))))["vnp_ResponseCode"]]
    for asked in (part, part, {}, {**part, "vnp_Amount": "200"}, {**part, "vnp_Amount": "100"}):
        codes.append((await shop.asks(shop.refund("R1", **asked)))["vnp_ResponseCode"])
        if codes[-1] == "00":
            shop.gateway.finish_refund("R1")

    assert codes == ["93", "00", "93", "04", "93", "00"]


async def test_the_sandbox_habit_of_answering_99_does_nothing() -> None:
    shop = Shop()
    await shop.pays("R1")
    shop.gateway.faults.set("refund_99", times=1)

    said = await shop.asks(shop.refund("R1"))

    assert (said["vnp_ResponseCode"], is_signed(said, REFUND_ANSWERED)) == ("99", True)
    assert shop.gateway.transactions["R1"].refunds == []


async def test_a_99_may_hide_a_refund_that_was_done() -> None:
    shop = Shop()
    await shop.pays("R1")
    shop.gateway.faults.set("refund_99_done", times=1)

    said = await shop.asks(shop.refund("R1"))

    assert said["vnp_ResponseCode"] == "99"
    assert [one.status for one in shop.gateway.transactions["R1"].refunds] == ["05"]


async def test_a_refund_may_wait_to_be_finished_by_hand() -> None:
    shop = Shop()
    await shop.pays("R1")
    shop.gateway.faults.set("refund_stuck", times=1)

    await shop.asks(shop.refund("R1"))
    await shop.gateway.pass_by(86_400)
    assert shop.gateway.transactions["R1"].refunds[0].status == "05"
    shop.gateway.finish_refund("R1", "09")

    assert (await shop.asks(shop.query("R1")))["vnp_TransactionStatus"] == "09"


# -- faults


async def test_an_api_that_is_down_says_so_in_http() -> None:
    shop = Shop()
    shop.opens("R1")
    shop.gateway.faults.set("api_5xx", times=1, code="502")

    said = await shop.gateway.answer(json.dumps(shop.query("R1")).encode())

    assert said.status == 502
    assert (await shop.asks(shop.query("R1")))["vnp_ResponseCode"] == "00"


async def test_a_silent_api_has_done_nothing_and_one_whose_answer_is_lost_has() -> None:
    shop = Shop()
    await shop.pays("R1")
    body = json.dumps(shop.refund("R1")).encode()

    shop.gateway.faults.set("api_timeout", times=1, seconds=9)
    silent = await shop.gateway.answer(body)
    assert (silent.wait, shop.gateway.transactions["R1"].refunds) == (9, [])
    shop.gateway.faults.set("api_reply_lost", times=1)
    lost = await shop.gateway.answer(body)

    assert lost.wait == 30
    assert len(shop.gateway.transactions["R1"].refunds) == 1


async def test_an_answer_may_be_signed_wrongly() -> None:
    shop = Shop()
    shop.opens("R1")
    shop.gateway.faults.set("api_bad_signature", times=1)

    said = await shop.asks(shop.query("R1"))

    assert said["vnp_ResponseCode"] == "00"
    assert not is_signed(said, QUERY_ANSWERED)


async def test_every_query_may_be_called_a_duplicate() -> None:
    shop = Shop()
    shop.opens("R1")
    shop.gateway.faults.set("api_94")

    assert await shop.asks(shop.query("R1")) == LIMITED
    assert await shop.asks_later(shop.query("R1")) == LIMITED


async def test_an_answer_may_be_garbage() -> None:
    shop = Shop()
    shop.opens("R1")
    shop.gateway.faults.set("api_garbage", times=1)

    said = await shop.gateway.answer(json.dumps(shop.query("R1")).encode())

    assert (said.status, said.body[:6]) == (200, b"<html>")
