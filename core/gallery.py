"""Gallery – kept pictures with their prompts, one per job, under the job's id.

    kept -> withdrawn    the picture could not reach the person and the credits went back
    kept -> gone         the person deleted the picture

`seen` says if the person has seen the picture: no <-> maybe -> yes.
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

READ_AT_ONCE, MOST_READ = 100, 5_000  # rows of one person: per read, and per page
GONE = "IMAGES#gone"  # shelf of images with bytes to delete
OFF_ROW = ("id", "person", "shelf", "due")  # fields not written when an image is created
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
    """Row of a newly kept `image`."""
    fields = {name: getattr(image, name) for name in Image.__slots__ if name not in OFF_ROW}
    return Create(
        image_key(image.person, image.id), {**fields, "prompt": dict(image.prompt), "unread": list(image.unread)}
    )


def looking(person: str, image: str, seen: Seen, was: tuple[Seen, ...] = ("no", "maybe", "yes")) -> Change:
    """Write that sets `seen` of a kept picture, refused unless the value before is in `was`."""
    return Change(image_key(person, image), set={"seen": seen}, when={"state": "kept", "seen": AnyOf(was)})


def withdrawing(person: str, image: str) -> Change:
    """Write that withdraws a picture, refused unless the picture was never seen."""
    return Change(image_key(person, image), set={"state": "withdrawn"}, when={"state": "kept", "seen": "no"})


def discarding(person: str, image: str, now: int) -> Change:
    """Write that deletes a picture for the person at once. A sweep deletes the bytes from the shelf later."""
    gone: dict[str, Value] = {"state": "gone", "prompt": {}, "shelf": GONE, "due": now}
    return Change(image_key(person, image), set=gone, when={"state": "kept"})


class Gallery:
    def __init__(self, table: Table) -> None:
        self._table = table

    async def image(self, person: str, image: str) -> Image:
        """Image of `person` that can still be viewed. Raises Unknown."""
        row = await self._table.get(image_key(person, image))
        if row is None or row.text("state") != "kept":
            raise Unknown("image", image)
        return Image.of(row)

    async def own(self, ids: Sequence[str], image: str) -> Image:
        """Image under any of a person's `ids`. Raises Unknown."""
        for one in ids:
            with suppress(Unknown):
                return await self.image(one, image)
        raise Unknown("picture", image)

    async def newest(self, person: str, before: str = "", limit: int = 10) -> list[Image]:
        after = f"IMAGE#{before}" if before else ""
        rows = await self._table.list(owner_of(person), "IMAGE#", after=after, limit=limit, newest_first=True)
        return [image for image in map(Image.of, rows) if image.state == "kept"]

    async def leaf(self, ids: Sequence[str], fits: Fits, before: str = "", limit: int = 10) -> list[Image]:
        """Newest images under all `ids` for which `fits` is true, older than `before` if given."""
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
        """Mark the picture seen and its job delivered *before* the person sees it. Raises Unknown if withdrawn."""
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
        """Delete an image at the person's wish."""
        await self.view(person, image)
        await self._table.write(discarding(person, image, now))

    async def favour(self, person: str, image: str, *, favourite: bool = True) -> None:
        await self.image(person, image)
        await self._table.write(Change(image_key(person, image), set={"favourite": favourite}))
