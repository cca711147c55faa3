"""Link – builds the signed link to VNPAY's payment page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from payments.vnpay.wire import (
    HASH,
    VERSION,
    Terminal,
    address_of,
    amount_of,
    ascii_info,
    checked,
    encoded,
    vietnam_time,
)


@dataclass(frozen=True, slots=True)
class Payment:
    """Payment page to open for an order."""

    ref: str
    vnd: int
    created: int
    expires: int
    info: str
    return_url: str
    ip: str
    locale: Literal["vn", "en"] = "vn"
    bank: str = ""  # "": the person chooses at VNPAY
    order_type: str = "other"


def pay_url(terminal: Terminal, payment: Payment) -> str:
    """Signed link to pay. Raises ValueError for fields VNPAY would not take: a mistake of ours."""
    if payment.expires <= payment.created:
        raise ValueError("a payment that is over before it began")
    return signed_url(terminal, checked(params_of(terminal, payment)))


def params_of(terminal: Terminal, payment: Payment) -> dict[str, str]:
    return {
        "vnp_Version": VERSION,
        "vnp_Command": "pay",
        "vnp_TmnCode": terminal.code,
        "vnp_Amount": amount_of(payment.vnd),
        "vnp_BankCode": payment.bank,
        "vnp_CreateDate": vietnam_time(payment.created),
        "vnp_ExpireDate": vietnam_time(payment.expires),
        "vnp_CurrCode": "VND",
        "vnp_IpAddr": address_of(payment.ip),
        "vnp_Locale": payment.locale,
        "vnp_OrderInfo": ascii_info(payment.info),
        "vnp_OrderType": payment.order_type,
        "vnp_ReturnUrl": payment.return_url,
        "vnp_TxnRef": payment.ref,
    }


def signed_url(terminal: Terminal, params: Mapping[str, str]) -> str:
    """Link with the signed query string, encoded once, as the signature covers the encoded form."""
    query = encoded(params)
    return f"{terminal.pay_url}?{query}&{HASH}={terminal.sign(query)}"
