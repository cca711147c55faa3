"""VNPAY's notice: whatever a stranger writes is not verified, and what was signed is read as it was signed."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from payments.vnpay.notice import LONGEST, read_notice
from payments.vnpay.told import Unreadable
from payments.vnpay.wire import HASH, NotVerified, Terminal, bytes_of, encoded

TERMINAL = Terminal("IMAGIFY1", "the secret of a fuzzer", "https://pay.invalid/pay", "https://pay.invalid/api")
VECTORS = Path("tests/vectors/vnpay.json")


def seeds() -> Iterator[bytes]:
    told = json.loads(VECTORS.read_text("utf-8"))
    for one in (*told["ipn_valid"], *told["ipn_tampered"]):
        yield from (text.encode() for text in one.values() if isinstance(text, str) and "vnp_" in text)
    yield b"vnp_TxnRef=A&vnp_Amount=1000000&vnp_ResponseCode=00&vnp_TransactionStatus=00&vnp_TransactionNo=0"


def shoot(data: bytes) -> None:
    query = data.decode("latin-1")
    try:
        read_notice(query, TERMINAL)
    except NotVerified:
        pass
    else:
        raise AssertionError("a stranger's notice was verified")
    shoot_signed(query)


def shoot_signed(query: str) -> None:
    """As if VNPAY had signed these very parameters."""
    pairs = parse_qsl(urlsplit(f"?{query}").query, keep_blank_values=True)
    params = {name: value for name, value in pairs if name.startswith("vnp_") and not name.startswith(HASH)}
    text = encoded({name: value for name, value in params.items() if bytes_of(value).isascii() and name.isascii()})
    signed = f"{text}&{HASH}={TERMINAL.sign(text)}"
    try:
        told = read_notice(signed, TERMINAL)
    except Unreadable:
        return
    except NotVerified as refused:
        assert len(signed) > LONGEST, refused  # noqa: PT017 - the oracle, not a test
        return
    assert told.ref == params["vnp_TxnRef"]
    assert 0 <= told.amount <= int(params["vnp_Amount"])
