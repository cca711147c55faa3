"""Describing: what a picture shows, for someone who cannot see it, told while it is being written."""

import asyncio
from collections.abc import AsyncIterator

from bot import sent
from bot.asking import Ask, Rest, Usage, action, command, own_picture
from bot.commands.verifying import of_the_mark
from bot.replies import Reply
from bot.texts import changing as texts
from bot.texts import length
from core.errors import Declined, NotAPicture, TooOften, Unavailable

LONGEST = 20.0  # seconds; whoever handles this chat must not lose it meanwhile
HEAVY = 3_000_000  # bytes; no model looks at more of it than a chat would show


@command("describe", "mota", "mô tả", usage=texts.DESCRIBE_USAGE, does=texts.DOES["describe"])
@action("describe")
async def describe(ask: Ask, name: Rest = "") -> Reply:
    """The picture that came along, the one that is replied to, or the one that is named."""
    came = ask.heard.picture or ask.heard.about
    if not came and not name:
        raise Usage(texts.DESCRIBE_USAGE)
    limits = ask.desk.terms.limits
    try:
        await limits.take_description(ask.desk.ports.cache, ask.person.id)
    except TooOften as often:
        wait = length(often.seconds, ask.person.language)
        return Reply(ask.say(texts.DESCRIBED_ENOUGH, most=limits.descriptions_per_day, wait=wait))
    blob = await (sent.brought(ask) if came else own_picture(ask, name))
    data, mark = await sent.data_of(ask, blob), await sent.mark_of(ask, blob)
    marked = f"\n{await of_the_mark(ask, mark)}" if mark else ""
    return Reply(ask.say(texts.LOOKING), grows=told(ask, data, marked))


async def told(ask: Ask, data: bytes, marked: str) -> AsyncIterator[str]:
    """As far as it is written, ever longer. Where it cannot be written to its end, that is said in its place."""
    ports, whole = ask.desk.ports, ""
    try:
        photo = await ports.darkroom.photo(data) if len(data) > HEAVY else data
        async for piece in within(LONGEST, ports.scribe.describe(photo, ask.person.language)):
            whole += piece
            yield ask.say(texts.SHOWS, told=whole)
    except (Declined, NotAPicture, TimeoutError, Unavailable):
        whole = ""
    if not whole.strip():
        yield ask.say(texts.NOT_DESCRIBED)
    elif marked:
        yield ask.say(texts.SHOWS, told=whole) + marked


async def within(seconds: float, pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """All of them together. Raises TimeoutError."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        async with asyncio.timeout_at(until):
            piece = await anext(pieces, None)
        if piece is None:
            return
        yield piece
