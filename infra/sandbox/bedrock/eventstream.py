"""AWS's event stream (application/vnd.amazon.eventstream): frames with headers, two checksums and a payload."""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

CONTENT_TYPE = "application/vnd.amazon.eventstream"
TEXT = 7  # the type of a header whose value is a string
JSON_TYPE = (":content-type", "application/json")


def event(name: str, said: Mapping[str, Any]) -> bytes:
    return _frame([(":event-type", name), JSON_TYPE, (":message-type", "event")], _json(said))


def exception(name: str, message: str) -> bytes:
    """An error that the vendor's model of itself knows; its name begins with a small letter."""
    headers = [(":exception-type", name), JSON_TYPE, (":message-type", "exception")]
    return _frame(headers, _json({"message": message}))


def error(code: str, message: str) -> bytes:
    """An error that it does not know."""
    return _frame([(":error-code", code), (":error-message", message), (":message-type", "error")], b"")


def _frame(headers: list[tuple[str, str]], payload: bytes) -> bytes:
    head = b"".join(_header(name, value) for name, value in headers)
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    whole = prelude + _checksum(prelude) + head + payload
    return whole + _checksum(whole)


def _header(name: str, value: str) -> bytes:
    said = value.encode()
    return struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", TEXT, len(said)) + said


def _checksum(data: bytes) -> bytes:
    return struct.pack("!I", zlib.crc32(data))


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
