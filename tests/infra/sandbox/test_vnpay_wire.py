"""The played VNPAY writes the wire as the vectors have it, which six other implementations agree on."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from infra.sandbox.vnpay.emv import qr_text
from infra.sandbox.vnpay.wire import (
    HASH,
    QUERY_ANSWERED,
    QUERY_ASKED,
    REFUND_ANSWERED,
    REFUND_ASKED,
    canonical,
    checksum,
    is_signed,
    mac,
    moment_of,
    same,
    signed_query,
    stamp,
)

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors/vnpay.json").read_text(encoding="utf-8"))


def rows(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", VECTORS[kind], ids=lambda row: row["id"])


@rows("pay_url")
def test_a_pay_link_is_signed_as_everybody_signs_it(row: dict[str, Any]) -> None:
    expected = row["expected"]

    assert canonical(row["params"]) == expected["hash_data"]
    assert mac(row["secret"], expected["hash_data"]) == expected["secure_hash"]
    assert f"{row['base_url']}?{signed_query(row['params'], row['secret'])}" == expected["url"]


@rows("ipn_valid")
def test_a_signed_query_is_known_however_it_was_disturbed_on_its_way(row: dict[str, Any]) -> None:
    assert is_signed(dict(parse_qsl(row["query_string"])), row["secret"])


@rows("ipn_tampered")
def test_a_query_that_was_tampered_with_is_not_signed(row: dict[str, Any]) -> None:
    pairs = parse_qsl(row["query_string"])

    assert len(dict(pairs)) != len(pairs) or not is_signed(dict(pairs), row["secret"])


@pytest.mark.parametrize(
    ("row", "names"),
    [(row, QUERY_ASKED) for row in VECTORS["querydr_request"]]
    + [(row, REFUND_ASKED) for row in VECTORS["refund_request"]],
)
def test_what_a_merchant_asks_is_summed_over_the_raw_values(row: dict[str, Any], names: tuple[str, ...]) -> None:
    assert checksum(row["body_unsigned"], names, row["secret"]) == row["expected"]["secure_hash"]


@pytest.mark.parametrize(
    ("row", "names"),
    [(row, QUERY_ANSWERED) for row in VECTORS["querydr_response"]]
    + [(row, REFUND_ANSWERED) for row in VECTORS["refund_response"]],
)
def test_what_a_merchant_is_answered_is_signed_like_the_recorded_answers(
    row: dict[str, Any], names: tuple[str, ...]
) -> None:
    signed = same(checksum(row["body"], names, row["secret"]), row["body"].get(HASH, ""))

    assert signed == row["expected"]["verify"]


def test_the_day_begins_in_viet_nam_seven_hours_before_it_does_at_greenwich() -> None:
    assert stamp(1_795_132_800) == "20261120070000"
    assert moment_of("20261120070000") == 1_795_132_800
    assert moment_of("20261320070000") is None
    assert moment_of("2026112007000") is None


def test_a_qr_carries_the_amount_and_a_check_that_fits() -> None:
    text = qr_text("IMGF0001", 50_000, "REF1", "Nap 50 credit")

    assert text.startswith("000201010212")
    assert "540550000" in text
    assert text[-8:-4] == "6304"
    assert text[-4:] == f"{_crc(text[:-4]):04X}"


def _crc(text: str) -> int:
    """Once more by another road: as a division of polynomials, bit by bit."""
    bits = int.from_bytes(text.encode(), "big") << 16
    bits ^= 0xFFFF << 8 * len(text.encode())
    for shift in range(8 * len(text.encode()) - 1, -1, -1):
        if bits >> (shift + 16) & 1:
            bits ^= 0x11021 << shift
    return bits
