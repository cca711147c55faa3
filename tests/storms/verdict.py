"""What must stand in the stores after a house was killed, by what was seen of it from outside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.audit import every_row
from core.gallery import Image, image_key
from core.inbox import HANDLED, lane_key
from core.jobs import LEFTOVERS, Job, Sheet, job_key
from core.ledger import purse_key
from core.table import Row, Table
from tests.storms.killed_house import says
from tests.storms.witness import Line

PROMISES = ("kept", "answered", "viewed")


# -- what was acknowledged ------------------------------------------------------------------------------------------


async def lost(table: Table, seen: Sequence[Line]) -> set[str]:
    """Whatever somebody was told is kept, and does not stand."""
    return {f"lost: {line}" for line in seen if line.what in PROMISES and not await stands(table, line)}


async def stands(table: Table, line: Line) -> bool:
    match line:
        case Line(what="kept", who=chat, name=update):
            return await table.get(lane_key(f"played:{chat}", update)) is not None
        case Line(what="viewed", who=person, name=image, more=(sha256,)):
            row = await table.get(image_key(person, image))
            return row is not None and told_of(row) == ("yes", "kept", sha256)
        case Line(more=("started", person)):
            purse = await table.get(purse_key(person))
            return purse is not None and purse.flag("had_paid")
        case Line(more=("ordered" | "cancelled" as answer, *names)):
            return all([await is_so(table, answer, name) for name in names])
    return True  # a refusal promises nothing


def told_of(image: Row) -> tuple[str, str, str]:
    return image.text("seen"), image.text("state"), image.text("sha256")


async def is_so(table: Table, answer: str, job: str) -> bool:
    row = await table.get(job_key(job))
    return row is not None and (answer == "ordered" or row.text("state") == "cancelled")


# -- what may not be ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Rows:
    """What stands in the end."""

    sheets: list[Sheet] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    heard: dict[tuple[str, str], Row] = field(default_factory=dict)  # by chat and update

    @classmethod
    async def of(cls, table: Table) -> "Rows":
        rows = cls()
        async for row in every_row(table):
            rows.take(row)
        return rows

    def take(self, row: Row) -> None:
        kind, _, owner = row.key.owner.partition("#")
        if kind == "SHEET":
            self.sheets.append(Sheet.of(row))
        elif kind == "JOB":
            self.jobs.append(Job.of(row))
        elif kind == "LANE" and row.key.name != "LEASE":
            self.heard[owner.partition(":")[2], row.key.name] = row
        elif row.key.name.startswith("IMAGE#"):
            self.images.append(Image.of(row))

    @property
    def laid_aside(self) -> set[tuple[str, str]]:
        return {one for one, row in self.heard.items() if row.flag("laid_aside")}


def wrong(rows: Rows, seen: Sequence[Line], seed: int) -> Iterator[str]:
    """Everything that does not hold once the house has settled."""
    yield from (f"complaint: {line.who} {line.name}" for line in seen if line.what == "complaint")
    yield from (f"still open: {job.id} {job.state}" for job in rows.jobs if not job.closed)
    yield from (f"not cleared away: {job.id}" for job in rows.jobs if job.shelf().get("shelf") == LEFTOVERS)
    yield from unanswered(rows, seen)
    yield from doubled(rows, seen, seed)
    yield from shown_and_returned(rows, seen)
    yield from needless(rows, seen)


def unanswered(rows: Rows, seen: Sequence[Line]) -> Iterator[str]:
    """What was kept is handled, and what was handled has been answered."""
    answers = {(line.who, line.name) for line in seen if line.what == "answered"} | rows.laid_aside
    for one, row in rows.heard.items():
        if row.text("shelf") != HANDLED or one not in answers:
            yield f"unanswered: {one}"


def doubled(rows: Rows, seen: Sequence[Line], seed: int) -> Iterator[str]:
    """One sheet for every prompt that was taken, and for no other."""
    taken = {(line.who, line.name) for line in seen if line.more[:1] == ("ordered",)}
    sheets = Counter(str(sheet.facts["words"]) for sheet in rows.sheets)
    orders = {(chat, update): text_of(seed, chat, update) for chat, update in taken | rows.laid_aside}
    yield from (f"{count} sheets: {text}" for text, count in sheets.items() if count != 1)
    yield from (f"no sheet: {orders[one]}" for one in taken if orders[one] not in sheets)
    yield from (f"a sheet nobody was told of: {text}" for text in sheets.keys() - set(orders.values()))


def text_of(seed: int, chat: str, update: str) -> str:
    """The words of an order; nothing for anything else that was said."""
    return str(says(seed, chat, int(update)).get("text", "")).partition(" --")[0]


def shown_and_returned(rows: Rows, seen: Sequence[Line]) -> Iterator[str]:
    shown = {name for line in seen if line.what == "shown" for name in (line.name, *line.more)}
    withdrawn = [image for image in rows.images if image.state == "withdrawn"]
    yield from (f"shown and taken back: {one.id}" for one in withdrawn if shown & {one.id, one.sha256})


# -- what was paid for twice ----------------------------------------------------------------------------------------


def paid_again(seen: Sequence[Line]) -> int:
    """Calls beyond the first for one picture."""
    bills = Counter((line.who, line.name) for line in seen if line.what == "billed")
    return sum(bills.values()) - len(bills)


def caught(seen: Sequence[Line]) -> int:
    """Calls that were paid for in a life that did not come to have their bytes safe."""
    ends = Counter((line.life, line.what) for line in seen)
    return sum(count - ends[life, "safe"] for (life, what), count in ends.items() if what == "billed")


def needless(rows: Rows, seen: Sequence[Line]) -> Iterator[str]:
    """A picture is paid for again only when its process was killed between the painter's bill and the spool."""
    pictures = {job.id: (job.words.words, str(job.words.seed)) for job in rows.jobs}
    out: dict[tuple[str, str], int] = {}  # picture -> the life that pays for it
    safe: set[tuple[str, str]] = set()
    for line in seen:
        if line.what == "safe":
            safe.add(pictures.get(line.who, (line.who, "")))
        elif line.what == "billed":
            picture = (line.who, line.name)
            if picture in safe or out.get(picture) == line.life:
                yield f"paid again without need: {picture}"
            out[picture] = line.life
