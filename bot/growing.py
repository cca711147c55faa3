"""A reply that is read while it is written: one message, edited as it grows; whole where nothing can be edited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.channel import Channel, Following, Gone, NotSent, Rejected, Unsure
from bot.replies import Reply
from core.clock import Clock
from core.table import TableUnavailable

BEAT = 1.0  # seconds between two edits, where the channel has no beat of its own
AGAIN = 2  # tries before the one that decides


async def grown(channel: Channel, clock: Clock, chat: str, reply: Reply, once: str) -> str:
    """The id of the message, once it says all that it is going to say."""
    pieces, begun = reply.grows, replace(reply, grows=None)
    if pieces is None:
        return await channel.send(chat, begun, once=once)
    if not channel.can_edit:
        return await channel.send(chat, replace(begun, text=await last(pieces, begun.text)), once=once)
    message = await channel.send(chat, begun, once=once)
    growth = Growth(channel, clock, chat, message, begun.text)
    whole = replace(begun, text=await growth.follow(pieces))
    try:
        return await finished(channel, clock, chat, whole, message)
    except Rejected:  # it was taken away meanwhile
        return await channel.send(chat, whole, once=f"{once}:anew")


async def finished(channel: Channel, clock: Clock, chat: str, whole: Reply, message: str) -> str:
    """The last edit is the one that counts, and may be repeated."""
    for _ in range(AGAIN):
        with suppress(NotSent, Unsure):
            return await channel.send(chat, whole, message)
        await clock.sleep(BEAT)
    return await channel.send(chat, whole, message)


async def last(pieces: AsyncIterator[str], text: str) -> str:
    async for longer in pieces:
        text = longer
    return text


@dataclass(slots=True)
class Growth:
    """A message on its way to its last words."""

    channel: Channel
    clock: Clock
    chat: str
    message: str
    text: str
    said: str = ""
    over: bool = False  # nothing more is written
    saying: bool = False  # an edit has left, so the next one must wait for it

    async def follow(self, pieces: AsyncIterator[str]) -> str:
        """Edits go beside the writing: a chat that is slow holds up no model, and is told the newest when it can be."""
        self.said = self.text
        edits = asyncio.create_task(self._edits())
        try:
            async for longer in pieces:
                self.text = longer
        finally:
            self.over = True
            if not self.saying:
                edits.cancel()
            await asyncio.wait((edits,))
        return self.text

    async def _edits(self) -> None:
        beat = self.channel.beat(self.chat) if isinstance(self.channel, Following) else BEAT
        while not self.over:
            await self.clock.sleep(beat)
            if self.text != self.said:
                with suppress(NotSent, Rejected, Unsure, Gone, TableUnavailable):
                    await self._edit()
                self.saying = False

    async def _edit(self) -> None:
        if isinstance(self.channel, Following):
            await self.channel.progress(self.chat, self.message, self._words)
        elif words := await self._words():
            await self.channel.send(self.chat, words, self.message)

    async def _words(self) -> Reply | None:
        """What is true when its turn has come."""
        if self.over:
            return None
        self.saying, self.said = True, self.text
        return Reply(self.text, urgency="progress")
