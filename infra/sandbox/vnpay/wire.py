"""VNPAY's wire as VNPAY writes it: signed queries, checksums of the API, and Việt Nam's time.

Written from the protocol alone and on purpose not shared with the house: what both got wrong would otherwise pass.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_plus

VIETNAM = timezone(timedelta(hours=7))
STAMP = "%Y%m%d%H%M%S"
HASH = "vnp_SecureHash"

# What the API's checksums are made of, in this order; absent counts as empty.
QUERY_ASKED = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
REFUND_ASKED = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
REFUND_ANSWERED = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
)
QUERY_ANSWERED = (*REFUND_ANSWERED, "vnp_PromotionCode", "vnp_PromotionAmount")


def mac(secret: str, data: str) -> str:
    return hmac.new(secret.encode(), data.encode(), hashlib.sha512).hexdigest()


def canonical(params: Mapping[str, str]) -> str:
    """The query itself, which is also what is signed: sorted, nothing empty, a space as a plus."""
    filled = sorted((name, value) for name, value in params.items() if value)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in filled)


def signed_query(params: Mapping[str, str], secret: str) -> str:
    data = canonical(params)
    return f"{data}&{HASH}={mac(secret, data)}"


def is_signed(params: Mapping[str, str], secret: str) -> bool:
    """Of a request as it arrived: only what is VNPAY's own counts, and neither the hash nor its old type."""
    ours = {name: value for name, value in params.items() if name.startswith("vnp_") and not name.startswith(HASH)}
    return same(mac(secret, canonical(ours)), params.get(HASH, ""))


def checksum(body: Mapping[str, str], names: Sequence[str], secret: str) -> str:
    return mac(secret, "|".join(body.get(name, "") for name in names))


def same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.lower().encode())


def joined(url: str, query: str) -> str:
    """The address with one more query, whether or not it has one already."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def stamp(moment: float) -> str:
    """Seconds since 1970 as yyyyMMddHHmmss in Việt Nam, wherever the host believes to be."""
    return datetime.fromtimestamp(moment, VIETNAM).strftime(STAMP)


def moment_of(stamped: str) -> float | None:
    """None for what is no moment."""
    if len(stamped) != 14 or not (stamped.isascii() and stamped.isdigit()):
        return None
    try:
        return datetime.strptime(stamped, STAMP).replace(tzinfo=VIETNAM).timestamp()
    except ValueError:
        return None
