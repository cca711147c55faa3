"""Packing: what is sent for a parcel of images, with their bytes where the channel cannot follow a link of ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channel import Channel
from bot.parcel import Parcel
from bot.replies import Reply
from bot.telling import Teller
from core.blobs import Blobs
from core.darkroom import Darkroom


@dataclass(frozen=True, slots=True)
class Packing:
    blobs: Blobs
    darkroom: Darkroom
    teller: Teller
    channel: Channel

    async def contents(self, parcel: Parcel) -> list[bytes | None]:
        """The bytes of each image; nothing for one that is gone or damaged."""
        if self.channel.takes_links:
            return []
        return [await self.blobs.get(one.blob, one.sha256) for one in parcel.images]

    async def reply(self, parcel: Parcel, contents: Sequence[bytes | None]) -> Reply:
        """The picture, or the contact sheet of several."""
        if len(parcel.jobs) == 1:
            return await self.teller.picture(parcel.images[0], parcel.jobs[0], contents[0] if contents else None)
        pictures = [data for data in contents if data]
        sheet = await self.darkroom.contact_sheet(pictures) if pictures else None
        return await self.teller.sheet(parcel.images, parcel.jobs, sheet)
