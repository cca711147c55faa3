"""Notice – reads that an order was paid or not, from the IPN's or return page's query.

Both query strings have the same form.
"""

from urllib.parse import parse_qsl

from payments.tills import Told
from payments.vnpay.told import read_payment
from payments.vnpay.wire import ENCODINGS, HASH, NotVerified, Terminal, encoded

HASH_TYPE = "vnp_SecureHashType"  # sent by older terminals, outside of what is signed
LONGEST = 4_096  # bytes; a real one has about 500


def read_notice(query: str, terminal: Terminal) -> Told:
    """Word on an order in a raw `query`, for any terminal's order. Raises NotVerified or Unreadable."""
    told = verified(parameters(query), terminal)
    return read_payment(told, told.get("vnp_ResponseCode", ""))


def parameters(query: str) -> dict[str, str]:
    """Parameters of `query` named vnp_, as a link may have others. Raises NotVerified, also for a repeated name."""
    if len(query) > LONGEST or not query.isascii():
        raise NotVerified("no query string of VNPAY's")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise NotVerified("no text") from error
    ours = [(name, value) for name, value in pairs if name.startswith("vnp_")]
    if len(dict(ours)) < len(ours):
        raise NotVerified("a parameter twice")
    return dict(ours)


def verified(told: dict[str, str], terminal: Terminal) -> dict[str, str]:
    """Signed parameters, if the hash is right under any of the encodings: each needs the secret. Raises NotVerified."""
    signed = {name: value for name, value in told.items() if name not in {HASH, HASH_TYPE}}
    if not told.get(HASH):
        raise NotVerified("no hash")
    if not any(terminal.signed(encoded(signed, plain), told[HASH]) for plain in ENCODINGS):
        raise NotVerified("another hash")
    return signed
