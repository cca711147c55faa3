"""Who asks, and for which region: read from the signature of the request, which is made again where the key is known.

Written from the protocol alone, so that a mistake in the house's signer, or in the one it borrowed, is seen here.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from infra.sandbox.bedrock.refusing import denied
from infra.sandbox.bedrock.work import Asked

ALGORITHM = "AWS4-HMAC-SHA256"
STAMP = "%Y%m%dT%H%M%SZ"
UNSIGNED = "UNSIGNED-PAYLOAD"
MOST_SKEW = 300.0  # seconds
READ = re.compile(
    ALGORITHM + r" Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/(?P<name>[a-z]+)/aws4_request,"
    r" *SignedHeaders=(?P<signed>[a-z0-9;-]+), *Signature=(?P<signature>[0-9a-f]{64})"
)


def region_of(asked: Asked, name: str, now: float, keys: Mapping[str, str]) -> str:
    """The region the request was signed for; 403 where the signature is none, too old, or wrong."""
    read = READ.fullmatch(asked.headers.get("authorization", ""))
    if read is None:
        raise denied("MissingAuthenticationTokenException", "Missing Authentication Token")
    if read["name"] != name:
        raise denied("InvalidSignatureException", f"Credential should be scoped to correct service: '{name}'.")
    _in_time(asked, now)
    if keys:
        _right(asked, read, keys)
    return read["region"]


def _in_time(asked: Asked, now: float) -> None:
    stamp = asked.headers.get("x-amz-date", "")
    try:
        made = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise denied("IncompleteSignatureException", "Authorization header requires 'X-Amz-Date'.") from None
    here = datetime.fromtimestamp(now, UTC).strftime(STAMP)
    if made < now - MOST_SKEW:
        raise denied("InvalidSignatureException", f"Signature expired: {stamp} is now earlier than {here} - 5 min.")
    if made > now + MOST_SKEW:
        raise denied("InvalidSignatureException", f"Signature not yet current: {stamp} is still later than {here}.")


def _right(asked: Asked, read: re.Match[str], keys: Mapping[str, str]) -> None:
    secret = keys.get(read["key"])
    if secret is None:
        raise denied("UnrecognizedClientException", "The security token included in the request is invalid.")
    if not hmac.compare_digest(_signature(asked, read, secret), read["signature"]):
        raise denied(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.",
        )


def _signature(asked: Asked, read: re.Match[str], secret: str) -> str:
    scope = [read["day"], read["region"], read["name"], "aws4_request"]
    digest = hashlib.sha256(_canonical(asked, read["signed"]).encode()).hexdigest()
    text = "\n".join([ALGORITHM, asked.headers["x-amz-date"], "/".join(scope), digest])
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = _mac(key, part)
    return _mac(key, text).hex()


def _canonical(asked: Asked, signed: str) -> str:
    """The path is escaped once more than it came, the query sorted, the headers as they were signed."""
    path, _, query = asked.path.partition("?")
    pairs = sorted(
        (quote(name, "-_.~"), quote(value, "-_.~")) for name, value in parse_qsl(query, keep_blank_values=True)
    )
    headers = "".join(f"{name}:{' '.join(asked.headers.get(name, '').split())}\n" for name in signed.split(";"))
    stated = asked.headers.get("x-amz-content-sha256")
    body = stated if stated == UNSIGNED else hashlib.sha256(asked.body).hexdigest()
    asked_for = "&".join(f"{name}={value}" for name, value in pairs)
    return "\n".join([asked.method, quote(path, "/-_.~"), asked_for, headers, signed, body])


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
