"""VNPAY's side of the wire as a test plays it: it signs by itself, and shares no code with ours."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from payments.vnpay import Terminal

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "vnpay.json").read_text(encoding="utf-8")
)
SECRET = "27YSNI0G1IITN3XVK9TFTDHWZXUYXXA9"
TERMINAL = Terminal("IMGF0001", SECRET, "https://pay.example/vpcpay.html", "https://pay.example/api")
REF = "20261120ABCDEFGH"
NOTICE = {
    "vnp_Amount": "5000000",
    "vnp_BankCode": "NCB",
    "vnp_BankTranNo": "VNP15200000",
    "vnp_CardType": "ATM",
    "vnp_OrderInfo": "Imagify 55 credit",
    "vnp_PayDate": "20261120080300",
    "vnp_ResponseCode": "00",
    "vnp_TmnCode": "IMGF0001",
    "vnp_TransactionNo": "15200000",
    "vnp_TransactionStatus": "00",
    "vnp_TxnRef": REF,
}
ROW = {
    "vnp_ResponseId": "39b1d6d91d778df2be848f77dc36d3a5",
    "vnp_Command": "querydr",
    "vnp_ResponseCode": "00",
    "vnp_Message": "QueryDR Success",
    "vnp_TmnCode": "IMGF0001",
    "vnp_TxnRef": REF,
    "vnp_Amount": "5000000",
    "vnp_BankCode": "NCB",
    "vnp_PayDate": "20261120080300",
    "vnp_TransactionNo": "15200000",
    "vnp_TransactionType": "01",
    "vnp_TransactionStatus": "00",
    "vnp_OrderInfo": "Imagify 55 credit",
    "vnp_PromotionCode": "",
    "vnp_PromotionAmount": "",
}
REFUND_ROW = {name: value for name, value in ROW.items() if "Promotion" not in name} | {
    "vnp_Command": "refund",
    "vnp_TransactionType": "02",
    "vnp_TransactionStatus": "05",
}


def hmac_of(text: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def notice(params: Mapping[str, str], secret: str = SECRET) -> str:
    """A signed query string, in VNPAY's own order."""
    signed = urlencode(sorted((name, value) for name, value in params.items() if value))
    return f"{signed}&vnp_SecureHash={hmac_of(signed, secret)}"


def answer(row: Mapping[str, str], **changes: str | None) -> dict[str, str]:
    """A signed answer: the fields of `row` with these changes, None for one that is left out."""
    named = {f"vnp_{name}": value for name, value in changes.items()}
    body = {name: value for name, value in {**row, **named}.items() if value is not None}
    return body | {"vnp_SecureHash": hmac_of("|".join(body.get(name, "") for name in row))}


def link_is_signed(url: str, secret: str = SECRET) -> bool:
    params = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    given = params.pop("vnp_SecureHash")
    return given == hmac_of(urlencode(sorted(params.items())), secret)
