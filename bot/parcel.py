"""What the courier carries: pictures in a parcel, words in a letter, each with the writes that follow from its fate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.replies import Reply
from core.gallery import Image, Seen, looking
from core.jobs import Job, changing, job_key, sheet_key
from core.news import News, telling
from core.table import Change, Write
from payments.orders import Order, pointer_key


@dataclass(frozen=True, slots=True)
class Parcel:
    """News of one picture or of a whole sheet, with what there is to show."""

    news: News
    jobs: tuple[Job, ...]
    images: tuple[Image, ...]

    @property
    def name(self) -> str:
        """A sheet is sent once, whichever of its news brings it."""
        return self.jobs[0].sheet if len(self.jobs) > 1 else self.news.id

    @property
    def waiting(self) -> list[Job]:
        """Those that have not been delivered."""
        return [job for job in self.jobs if job.state == "kept"]

    @property
    def doubtful(self) -> bool:
        """Sent before, and nobody knows whether it arrived."""
        return any(image.seen == "maybe" for image in self.images)

    @property
    def unseen(self) -> list[Image]:
        """Those that nobody can have seen before this try."""
        return [image for image in self.images if image.seen == "no"]

    def lost(self, contents: Sequence[bytes | None]) -> list[Image]:
        """Those that nobody can have seen, and whose bytes are not here to be sent."""
        gone = {image.id for image, data in zip(self.images, contents, strict=False) if data is None}
        return [image for image in self.unseen if image.id in gone]

    def trying(self) -> list[Write]:
        """The courier's lease keeps every other courier off, so it may go alone."""
        return [replace(looking(image.person, image.id, "maybe", was=("no",)), alone=True) for image in self.unseen]

    def in_vain(self) -> list[Write]:
        """The try came to nothing, so the pictures are as unseen as they were before."""
        return [looking(image.person, image.id, "no", was=("maybe",)) for image in self.unseen]

    def seeing(self, seen: Seen) -> list[Write]:
        """Same."""
        marked = [image for image in self.images if image.seen != "yes"]
        return [replace(looking(one.person, one.id, seen, was=("no", "maybe")), alone=True) for one in marked]

    def delivering(self) -> list[Write]:
        return [changing(job, job.delivered()) for job in self.waiting]

    def telling(self, outcome: str) -> list[Write]:
        """With all that was ordered together; what else there is in the outbox of it goes in silence."""
        return [*telling(self.news, outcome), *remembering(self.jobs)]


def remembering(jobs: Sequence[Job]) -> list[Write]:
    """What was ordered together has been told."""
    return [Change(sheet_key(jobs[0].sheet), set={"told": True})] if len(jobs) > 1 else []


@dataclass(frozen=True, slots=True)
class Letter:
    """News in words. What it replaces is the message of a job or of an order; later ones are to find it there."""

    news: News
    reply: Reply
    replaces: str = ""
    jobs: tuple[Job, ...] = ()
    order: Order | None = None  # whose message this is to be
    also: tuple[Write, ...] = ()  # what follows from its being told
    bell: Reply | None = None  # for a message so far up that its edit would be seen by nobody

    @property
    def name(self) -> str:
        return self.jobs[0].sheet if len(self.jobs) > 1 else self.news.id

    def telling(self, outcome: str) -> list[Write]:
        return [*telling(self.news, outcome), *remembering(self.jobs)]

    def told(self, message: str) -> list[Write]:
        stands = [] if self.replaces or self.order is None else [standing(self.order, message)]
        return [*self.telling("told"), *stands, *self.also]

    def forgetting(self) -> list[Write]:
        """The message to edit is gone."""
        return [*forgetting(self.jobs), *([standing(self.order, "")] if self.order else [])]


def forgetting(jobs: Sequence[Job]) -> list[Write]:
    return [Change(job_key(job.id), set={"message": ""}) for job in jobs]


def standing(order: Order, message: str) -> Change:
    return Change(pointer_key(order), set={"message": message})
