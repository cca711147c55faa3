"""Images: kept pictures with their prompts. One a job, under the job's own id.

    kept -> withdrawn    it could not reach the person and the credits went back
    kept -> gone         the person deleted it

`seen` says whether the picture was before the person's eyes: no <-> maybe -> yes.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from core.errors import Unknown
from core.jobs import Job, changing, job_key
from core.ledger import owner_of
from core.prompts import Prompt
from core.table import AnyOf, Change, Create, Key, Refused, Row, Table, Value, Write

Fits: TypeAlias = Callable[["Image"], bool]

READ_AT_ONCE, MOST_READ = 100, 5_000  # rows of one person, in one question and for one page
GONE = "IMAGES#gone"  # shelf: bytes that are to go
OFF_ROW = ("id", "person", "shelf", "due")  # not written when it is hung
Seen = Literal["no", "maybe", "yes"]


@dataclass(frozen=True, slots=True)
class Image:
    id: str
    person: str
    sha256: str
    thumb_sha256: str
    size: int
    mime: str
    width: int
    height: int
    model: str
    route: str
    seed: int
    price: int
    prompt: Mapping[str, Value]
    at: int
    favourite: bool = False
    unread: Sequence[str] = ()  # words that its painter did not know
    seen: Seen = "no"
    state: Literal["kept", "withdrawn", "gone"] = "kept"
    shelf: str = ""
    due: int = 0

    @classmethod
    def of(cls, row: Row) -> "Image":
        person = row.key.owner.removeprefix("USER#")
        return cls(id=row.key.name.removeprefix("IMAGE#"), person=person, **dict(row.fields))  # type: ignore[arg-type]  # the row keeps what its noun wrote

    @property
    def prompt_(self) -> Prompt:
        return Prompt.of(self.prompt)

    @property
    def blob(self) -> str:
        return f"img/{self.id}"

    @property
    def thumb(self) -> str:
        return f"thumb/{self.id}"


def image_key(person: str, image: str) -> Key:
    return Key(owner_of(person), f"IMAGE#{image}")


def hanging(image: Image) -> Create:
    """A kept picture's row."""
    fields = {name: getattr(image, name) for name in Image.__slots__ if name not in OFF_ROW}
    return Create(
        image_key(image.person, image.id), {**fields, "prompt": dict(image.prompt), "unread": list(image.unread)}
    )


def looking(person: str, image: str, seen: Seen, was: tuple[Seen, ...] = ("no", "maybe", "yes")) -> Change:
    """The picture is about to be, has been, or surely has not been before the person's eyes."""
    return Change(image_key(person, image), set={"seen": seen}, when={"state": "kept", "seen": AnyOf(was)})


def withdrawing(person: str, image: str) -> Change:
    """Only a picture that nobody saw can be taken back."""
    return Change(image_key(person, image), set={"state": "withdrawn"}, when={"state": "kept", "seen": "no"})


def discarding(person: str, image: str, now: int) -> Change:
    """It is gone for the person at once; its bytes follow from the shelf."""
    gone: dict[str, Value] = {"state": "gone", "prompt": {}, "shelf": GONE, "due": now}
    return Change(image_key(person, image), set=gone, when={"state": "kept"})


class Gallery:
    def __init__(self, table: Table) -> None:
        self._table = table

    async def image(self, person: str, image: str) -> Image:
        """An image of theirs that can still be looked at."""
        row = await self._table.get(image_key(person, image))
        if row is None or row.text("state") != "kept":
            raise Unknown("image", image)
        return Image.of(row)

    async def own(self, ids: Sequence[str], image: str) -> Image:
        """The same, of a person who has several ids."""
        for one in ids:
            with suppress(Unknown):
                return await self.image(one, image)
        raise Unknown("picture", image)

    async def newest(self, person: str, before: str = "", limit: int = 10) -> list[Image]:
        after = f"IMAGE#{before}" if before else ""
        rows = await self._table.list(owner_of(person), "IMAGE#", after=after, limit=limit, newest_first=True)
        return [image for image in map(Image.of, rows) if image.state == "kept"]

    async def leaf(self, ids: Sequence[str], fits: Fits, before: str = "", limit: int = 10) -> list[Image]:
        """The newest that fit, of all of a person's ids, and older than `before` where that is named."""
        found = [image for one in ids for image in await self._fitting(one, fits, before, limit)]
        return sorted(found, key=lambda image: image.id, reverse=True)[:limit]

    async def _fitting(self, person: str, fits: Fits, before: str, limit: int) -> list[Image]:
        found: list[Image] = []
        after = f"IMAGE#{before}" if before else ""
        for _ in range(MOST_READ // READ_AT_ONCE):
            rows = await self._table.list(
                owner_of(person), "IMAGE#", after=after, limit=READ_AT_ONCE, newest_first=True
            )
            found += [image for image in map(Image.of, rows) if image.state == "kept" and fits(image)]
            if len(rows) < READ_AT_ONCE or len(found) >= limit:
                break
            after = rows[-1].key.name
        return found[:limit]

    async def view(self, person: str, image: str) -> Image:
        """Mark the picture seen and its job delivered *before* it is shown; a withdrawn one is not shown."""
        found = await self.image(person, image)
        while found.seen != "yes":
            try:
                await self._table.write(*await self._seeing(found))
            except Refused:
                found = await self.image(person, image)
            else:
                found = replace(found, seen="yes")
        return found

    async def _seeing(self, image: Image) -> list[Write]:
        row = await self._table.get(job_key(image.id))
        look: Write = looking(image.person, image.id, "yes")
        if row is None or (job := Job.of(row)).state != "kept":
            return [look]
        return [look, changing(job, job.delivered())]

    async def discard(self, person: str, image: str, now: int) -> None:
        """Delete it, at the person's wish."""
        await self.view(person, image)
        await self._table.write(discarding(person, image, now))

    async def favour(self, person: str, image: str, *, favourite: bool = True) -> None:
        await self.image(person, image)
        await self._table.write(Change(image_key(person, image), set={"favourite": favourite}))
