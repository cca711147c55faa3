"""VNPAY's wire, pure: links are signed, notices and answers are verified and read; nothing is called from here.

    pay_url        where a person pays                     read_notice         what the return page and the IPN carry
    query_body     the question what became of an order    read_query_answer   ... of its payment
                                                           read_refund_status  ... of its refund
    refund_body    the wish to pay all of it back          read_refund_answer

Who wrote what we read is unknown until its hash is verified, so nothing is believed before.
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
