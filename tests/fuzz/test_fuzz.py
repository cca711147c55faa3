"""Every parser takes its seeds, what fuzzing has found, and a short storm of bent seeds; ./dev fuzz goes further."""

import importlib
from random import Random

import pytest

from tests.fuzz.__main__ import TARGETS
from tests.fuzz.shapes import RAW, bent

ROUNDS = 300
MODEL = b"""[models.a]
title = "A"
tier = "fast"
abilities = ["draw"]
vendor = "pocket"
vendor_model = "a"
regions = ["here"]
usd_micros = 0
"""
FOUND: list[tuple[str, bytes]] = [
    ("answers", b'\x00\x00\x00{"ok": false, "error_code": 200}'),
    ("answers", b'\x0a\x00\x00{"\xff\xff": 1, "ok": true, "result": true}'),
    ("models", b""),
    ("models", b"[models]\na = 1\n"),
    ("models", MODEL + b"ends = []\n"),
    ("models", MODEL + b"ends = 2027-03-01T00:00:00\n"),
    ("models", MODEL.replace(b'["here"]', b"[]")),
]


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_read(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.{name}")

    for seed in target.seeds():
        target.shoot(seed)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_stays_mended(name: str, data: bytes) -> None:
    importlib.import_module(f"tests.fuzz.{name}").shoot(data)


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_bytes_come_they_are_read_or_refused(name: str) -> None:
    target, lot = importlib.import_module(f"tests.fuzz.{name}"), Random(12)
    seeds = list(target.seeds())

    for _ in range(ROUNDS):
        data = bytearray(lot.choice(seeds))
        for _ in range(lot.randrange(8)):
            data.insert(lot.randrange(len(data) + 1), lot.randrange(256))
        target.shoot(bytes(data))


def test_a_document_is_bent_where_the_bytes_say_and_stays_json() -> None:
    assert bent([{"a": 1}], bytes([RAW]) + b"anything") == b"anything"
    assert bent([{"a": 1}], bytes([1, 1, 0, 0])) == b'{"a": null}'
    assert bent([{"a": 1}], bytes([1, 1, 170, 0])) == b"{}"
