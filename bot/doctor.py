"""The doctor: names each setting and wing, says whether it answers, and gives the line that mends it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import app
from bot.settings import Settings
from core.errors import CannotStart
from core.models import Catalogue, Model, day

ROOM = 200 * 1024 * 1024  # bytes a disk should have left for a house
WARN_DAYS = 60  # before a model ends


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well or not, and what mends it."""

    well: bool
    what: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f"\n     {self.mend}" if self.mend else ""
        return f"{'ok ' if self.well else 'BAD'}  {self.what}{mend}"


async def examine(settings: Settings) -> list[Finding]:
    """Everything there is to look at, in the order in which a house needs it."""
    home = [await ledger(settings.home)] if stands(settings.home) else [empty(settings.home)]
    return [*home, room(settings.home), *wings(settings), *models(app.now())]


def stands(home: Path) -> bool:
    return home.exists()


def empty(home: Path) -> Finding:
    return Finding(True, f"home {home}: not there yet, `imagify run` makes it")


async def ledger(home: Path) -> Finding:
    """The home opens, and what stands in it is proved."""
    try:
        report = await app.audit_home(home)
    except CannotStart as reason:
        return Finding(False, f"home {home}", str(reason))
    counted = f"{report.people} people, {report.entries} entries, {report.jobs} jobs, {report.images} images"
    mend = "" if report.clean else f"imagify audit --home {home}"
    return Finding(report.clean, f"home {home}: {counted}, {len(report.violations)} violations", mend)


def room(home: Path) -> Finding:
    standing = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(standing).free
    mend = "" if free >= ROOM else "make room on the disk, or choose another folder with --home"
    return Finding(free >= ROOM, f"disk: {free // 1024**2} MiB free", mend)


def wings(settings: Settings) -> Iterator[Finding]:
    """Which wings the settings turn on, and which of them this version can open."""
    told = {
        "Telegram": ("IMAGIFY_TELEGRAM__TOKEN", bool(settings.telegram.token.get_secret_value())),
        "Zalo": ("IMAGIFY_ZALO__TOKEN", bool(settings.zalo.token.get_secret_value())),
        "VNPAY": ("IMAGIFY_VNPAY__TMN_CODE", bool(settings.vnpay.tmn_code)),
        "AWS": ("IMAGIFY_AWS__TABLE", settings.on_aws),
    }
    for name, (variable, on) in told.items():
        mend = f"unset {variable}: this version cannot open that wing yet" if on else ""
        yield Finding(not on, f"{name}: {'on' if on else f'off ({variable} is not set)'}", mend)


def models(now: int) -> Iterator[Finding]:
    """Models that have ended, or will soon."""
    catalogue = Catalogue.open()
    living = catalogue.living(now)
    yield Finding(True, f"models: {len(living)} living, {len(catalogue.models) - len(living)} ended")
    for model in catalogue.ending(now, WARN_DAYS):
        yield Finding(False, f"model {model.name} ends on {model.ends}", successor(model, now))


def successor(model: Model, now: int) -> str:
    return f"use {model.successor} instead" if model.successor else f"no successor is known on {day(now)}"
