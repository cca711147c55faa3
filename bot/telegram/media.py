"""Pictures on their way to Telegram: as a photo or as the file itself, by the name Telegram gave it or by its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, Message

from bot.replies import Reply, Shown
from core.blobs import Blobs
from core.darkroom import Darkroom
from core.digests import digest_of
from core.errors import NotAPicture
from core.ledger import owner_of
from core.table import Change, Key, Table, Value

Kind: TypeAlias = Literal["photo", "document"]

LONGEST_RATIO = 20  # one side to the other, of a photo
FEWEST, MOST = 2, 10  # of an album
LOOKED_AT = 200  # newest images of a person among which one is looked for


@dataclass(frozen=True, slots=True)
class Picture:
    """What is handed to Telegram: `file` is its own name for it, or the bytes."""

    kind: Kind
    file: str | bytes
    name: str = "imagify.jpg"
    of: Shown | None = None  # the kept image that it shows in full

    @property
    def known(self) -> bool:
        return isinstance(self.file, str)

    @property
    def sent(self) -> str | InputFile:
        return self.file if isinstance(self.file, str) else InputFile(self.file, filename=self.name)

    def media(self, caption: str = "") -> InputMediaPhoto | InputMediaDocument:
        made = InputMediaPhoto if self.kind == "photo" else InputMediaDocument
        attached = self.file if isinstance(self.file, str) else InputFile(self.file, self.name, attach=True)
        return made(attached, caption=caption or None)


class Pictures:
    """Finds what there is to send, and remembers how Telegram calls it."""

    def __init__(self, table: Table, blobs: Blobs, darkroom: Darkroom, bot: str) -> None:
        """`bot`: its number. Another bot knows the same picture by another name."""
        self._table, self._blobs, self._darkroom, self._bot = table, blobs, darkroom, bot

    async def of(self, reply: Reply, *, anew: bool = False) -> Picture | None:
        """The picture of a reply; from its bytes if it is wanted `anew`. Nothing where it has none any more."""
        if reply.file:
            return Picture("document", reply.file.data, reply.file.name)
        kind: Kind = "document" if reply.as_file else "photo"
        if reply.shown and not anew and (known := await self._known(reply.shown, kind)):
            return Picture(kind, known, of=reply.shown)
        data = reply.picture
        if data is None and reply.shown:
            data = await self._kept(reply.shown, "img")
        return None if data is None else await self._developed(kind, data, reply.shown)

    async def hung(self, wall: Sequence[Shown]) -> list[Picture]:
        """Many together: those that Telegram has, in full; of the others the thumbnail."""
        found = [await self._small(one) for one in wall]
        return [one for one in found if one]

    async def keep(self, picture: Picture, message: Message) -> None:
        """How Telegram calls what it was just given."""
        if picture.known or picture.of is None:
            return
        file = message.document if picture.kind == "document" else message.photo[-1] if message.photo else None
        if file:
            kept: dict[str, Value] = {picture.kind: file.file_id, f"{picture.kind}_unique": file.file_unique_id}
            await self._table.write(Change(self._key(picture.of), set=kept, or_create=True))

    async def ours(self, ids: Sequence[str], picture: str) -> str:
        """Which of a person's newest kept images Telegram calls this."""
        unique = picture.partition(":")[0]
        for one in ids if unique else ():
            rows = await self._table.list(owner_of(one), self._prefix, limit=LOOKED_AT, newest_first=True)
            found = [row for row in rows if unique in (row.text("photo_unique"), row.text("document_unique"))]
            if found:
                return found[0].key.name.removeprefix(self._prefix)
        return ""

    async def _known(self, shown: Shown, kind: Kind) -> str:
        row = await self._table.get(self._key(shown))
        return row.text(kind) if row else ""

    async def _kept(self, shown: Shown, what: Literal["img", "thumb"]) -> bytes | None:
        name = f"{what}/{shown.image}"
        return await self._blobs.get(name, await digest_of(self._table, (shown.person,), name))

    async def _small(self, shown: Shown) -> Picture | None:
        if known := await self._known(shown, "photo"):
            return Picture("photo", known, of=shown)
        data = await self._kept(shown, "thumb")
        return Picture("photo", data) if data else None

    async def _developed(self, kind: Kind, data: bytes, shown: Shown | None) -> Picture:
        """What is no photo to Telegram goes as a file."""
        tail = shown.image[-8:] if shown else "sheet"
        file = Picture("document", data, f"imagify-{tail}.{ending(data)}", shown)
        if kind == "document" or (shown and narrow(shown)):
            return file
        try:
            photo = await self._darkroom.photo(data)
        except NotAPicture:
            return file
        return replace(file, kind="photo", file=photo, name=f"imagify-{tail}.jpg")

    def _key(self, shown: Shown) -> Key:
        """With the person's own rows, so that it goes when they go."""
        return Key(owner_of(shown.person), f"{self._prefix}{shown.image}")

    @property
    def _prefix(self) -> str:
        return f"FILE#telegram{self._bot}#"


def narrow(shown: Shown) -> bool:
    return max(shown.width, shown.height) > LONGEST_RATIO * max(1, min(shown.width, shown.height))


def ending(data: bytes) -> str:
    return "png" if data.startswith(b"\x89PNG") else "jpg"


def albums(pictures: Sequence[Picture]) -> list[Sequence[Picture]]:
    """As even as can be, so that no album is left with a single picture."""
    count = -(-len(pictures) // MOST)
    size, more = divmod(len(pictures), max(1, count))
    ends = [number * size + min(number, more) for number in range(count + 1)]
    return [pictures[start:end] for start, end in pairwise(ends)]
