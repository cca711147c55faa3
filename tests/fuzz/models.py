"""The models file: a catalogue that can be asked, or one clear refusal; never a fault while somebody orders."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.errors import CannotStart, Refusal
from core.models import Catalogue
from tests.clocks import THE_DAY

FILE = Path("core/catalogue.toml")


def seeds() -> Iterator[bytes]:
    whole = FILE.read_bytes()
    yield whole
    yield from (b"[models." + part for part in whole.split(b"[models.")[1:12])
    yield b"[models]\n"


def shoot(data: bytes) -> None:
    try:
        catalogue = Catalogue.read(data.decode("utf-8", "replace"))
    except CannotStart:
        return
    living = catalogue.living(THE_DAY)
    assert {model.name for model in living} <= set(catalogue.models)
    catalogue.ending(THE_DAY, 60)
    catalogue.ladder(THE_DAY, {"bedrock", "pocket"})
    catalogue.wish("vẽ đẹp nhất")
    for model in catalogue.models.values():
        assert model.usd_micros >= 0
        with suppress(Refusal):
            catalogue.named(model.name, THE_DAY, {"bedrock", "pocket"})
