"""VNPAY – signs links, verifies and reads notices and answers, without any network call.

    pay_url        where a person pays                     read_notice         what the return page and the IPN carry
    query_body     the question what became of an order    read_query_answer   ... of its payment
                                                           read_refund_status  ... of its refund
    refund_body    the request to pay all of it back       read_refund_answer

Until its hash is verified, a text may come from anybody, so no word of it is believed before.
"""

from payments.vnpay.calls import (
    Call,
    query_body,
    read_query_answer,
    read_refund_answer,
    read_refund_status,
    refund_body,
)
from payments.vnpay.link import Payment, pay_url
from payments.vnpay.notice import read_notice
from payments.vnpay.told import Unreadable, reason_of, verdict_of
from payments.vnpay.wire import NotVerified, Terminal, ascii_info, read_vietnam_time, vietnam_time

__all__ = [
    "Call",
    "NotVerified",
    "Payment",
    "Terminal",
    "Unreadable",
    "ascii_info",
    "pay_url",
    "query_body",
    "read_notice",
    "read_query_answer",
    "read_refund_answer",
    "read_refund_status",
    "read_vietnam_time",
    "reason_of",
    "refund_body",
    "verdict_of",
    "vietnam_time",
]
