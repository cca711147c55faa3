"""What stands outside a house that is killed for real, and remembers: vendor, channel, and who was promised what.

Everything that people and vendors have seen is a line of one file, each line appended by one write of its own, so a
kill leaves whole lines only. The same lines go to a pipe, by which the killer sees how far the house has come.
"""

import asyncio
import hashlib
import io
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias

from PIL import Image

from bot.channel import NotSent, Rejected, Unsure
from bot.replies import Reply
from core.errors import Unavailable
from core.models import Route
from core.painter import Picture
from core.prompts import Prompt
from core.spool import Spool
from infra.embedded import losses

What: TypeAlias = Literal["began", "kept", "answered", "billed", "safe", "shown", "viewed", "complaint", "ended"]

SLOWEST = 0.01  # seconds a painter takes at most
THROTTLED, LATER, UNSURE, REJECTED = 0.03, 0.06, 0.09, 0.12  # by lot, one after the other


@dataclass(frozen=True, slots=True)
class Line:
    """One thing seen from outside; `who` is a chat, a person, a job or the words of a prompt."""

    life: int  # which of the killed processes it was
    what: What
    who: str = ""
    name: str = ""
    more: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Line":
        life, what, who, name, more = json.loads(text)
        return cls(life, what, who, name, tuple(more))

    def written(self) -> bytes:
        return f"{json.dumps([self.life, self.what, self.who, self.name, self.more])}\n".encode()


class Witness:
    def __init__(self, path: Path, life: int) -> None:
        self._life, self._pipe = life, sys.stdout.fileno()
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tell(self, what: What, who: str = "", name: str = "", *more: str) -> None:
        line = Line(self._life, what, who, name, more).written()
        os.write(self._file, line)
        os.write(self._pipe, line)


class Reading:
    """Reads the file of the witness on and on, each line once."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0
        self.lines: list[Line] = []

    def go_on(self) -> list[Line]:
        """Read the lines that are new since the last time."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = [Line.read(line) for line in file.read().decode().splitlines()]
            self._read = file.tell()
        self.lines += new
        return new


class Complaints(logging.Handler):
    """Work that failed and began again, which nothing in this storm excuses.

    A write that the kill has torn is excused, because nobody was told that it is kept.
    """

    def __init__(self, witness: Witness) -> None:
        super().__init__(logging.WARNING)
        self._witness = witness
        self.addFilter(lambda record: record.name != losses.__name__)

    def emit(self, record: logging.LogRecord) -> None:
        self._witness.tell("complaint", record.getMessage(), repr(record.exc_info and record.exc_info[1]))


class BilledPainter:
    """Bills a call before it answers, whoever is still there to hear; now and then it has no time and bills nothing."""

    def __init__(self, witness: Witness, lot: Random) -> None:
        self._witness, self._lot = witness, lot

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:  # noqa: ARG002 - it has but one way to paint
        if self._lot.random() < THROTTLED:
            raise Unavailable("throttled", "no", retry_after=1)
        self._witness.tell("billed", prompt.words, str(prompt.seed))
        await asyncio.sleep(self._lot.uniform(0, SLOWEST))
        return Picture(drawn(prompt.seed), "image/jpeg", prompt.seed)


def drawn(seed: int) -> bytes:
    """A small real picture, another one for every seed."""
    chance = Random(seed)
    picture = Image.new("RGB", (64, 64))
    picture.putdata([(chance.randrange(256), chance.randrange(256), chance.randrange(256)) for _ in range(8)] * 512)
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=80)
    return held.getvalue()


class WitnessedSpool:
    """From here on a picture is paid for once and for all."""

    def __init__(self, spool: Spool, witness: Witness) -> None:
        self._spool, self._witness = spool, witness

    async def keep(self, job: str, data: bytes) -> None:
        await self._spool.keep(job, data)
        self._witness.tell("safe", job)

    async def find(self, job: str) -> bytes | None:
        return await self._spool.find(job)

    async def forget(self, job: str) -> None:
        await self._spool.forget(job)

    async def waiting(self) -> list[str]:
        return await self._spool.waiting()


class WitnessedChannel:
    """Shows what it is sent, but for a few messages that come to nothing, for certain or perhaps."""

    name, can_edit, takes_links, silent_edits = "played", False, False, False
    takes_files = False

    def __init__(self, witness: Witness, lot: Random) -> None:
        self._witness, self._lot, self._sent = witness, lot, 0

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:  # noqa: ARG002 - it can neither edit nor tell what it has seen before
        fate = self._lot.random()
        if fate < LATER:
            raise NotSent(1)
        if REJECTED > fate > UNSURE:
            raise Rejected
        digest = hashlib.sha256(reply.picture or reply.text.encode()).hexdigest()
        self._witness.tell("shown", chat, digest, *images_in(reply))
        if fate < UNSURE:
            raise Unsure
        self._sent += 1
        return f"{chat}/{self._sent}"


def images_in(reply: Reply) -> list[str]:
    """The images that a contact sheet shows, by the buttons under it."""
    actions = [choice.action for choice in reply.choices] if reply.sheet and reply.picture else []
    return [action.removeprefix("show:") for action in actions if action.startswith("show:")]
