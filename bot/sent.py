"""Pictures that people send: fetched where they are still with a vendor, admitted, kept for a day, and judged."""

from bot.asking import Ask, NotNow, PictureBlocked
from core.digests import digest_of
from core.errors import Blocked, Unavailable, Unknown
from core.provenance import Mark, read_mark
from core.uploads import FOLDER, Upload


async def brought(ask: Ask) -> str:
    """The blob of the picture that came along, or that was replied to: an image of theirs, or what they sent.

    Raises NotAPicture, PictureBlocked, NotNow, TooOften or Unknown.
    """
    try:
        return await own(ask) or await judged(ask, await upload(ask))
    except Unavailable:
        raise NotNow from None


async def own(ask: Ask) -> str:
    """A result of ours that they point at is the kept image itself, at its full size."""
    channel = ask.desk.fetching.get(ask.heard.address.channel)
    if channel is None or ask.heard.picture or not ask.heard.about:
        return ""
    image = await channel.ours(ask.person.ids, ask.heard.about)
    return (await ask.desk.studio.gallery.own(ask.person.ids, image)).blob if image else ""


async def upload(ask: Ask) -> Upload:
    """Where the mouth has not kept it already, it is fetched now."""
    desk, name = ask.desk, ask.heard.picture or ask.heard.about
    if name.startswith(FOLDER):
        return await desk.studio.uploads.find(ask.person.ids, name)
    channel = desk.fetching.get(ask.heard.address.channel)
    if channel is None:
        raise Unknown("picture", name)
    await desk.terms.limits.take_upload(desk.ports.cache, ask.person.id)
    admitted = await desk.ports.darkroom.admit(await channel.fetch(name))
    return await desk.studio.uploads.keep(ask.person.id, admitted)


async def judged(ask: Ask, sent: Upload) -> str:
    """What breaks a rule is not kept for a moment longer."""
    try:
        await ask.desk.ports.judge.judge(await data_of(ask, sent.blob))
    except Blocked as blocked:
        await ask.desk.studio.uploads.forget(sent)
        raise PictureBlocked(blocked.group) from None
    return sent.blob


async def data_of(ask: Ask, blob: str) -> bytes:
    ports = ask.desk.ports
    data = await ports.blobs.get(blob, await digest_of(ports.table, ask.person.ids, blob))
    if data is None:
        raise Unknown("picture", blob.rpartition("/")[2])
    return data


async def mark_of(ask: Ask, blob: str) -> Mark | None:
    """The mark it carries, or that it came with: what people send is kept without any luggage."""
    if blob.startswith(FOLDER):
        return (await ask.desk.studio.uploads.find(ask.person.ids, blob)).mark
    return read_mark(await data_of(ask, blob))


async def let_go(ask: Ask) -> None:
    """Nothing can be done with it here, so it need not stay a day."""
    if ask.heard.picture.startswith(FOLDER):
        await ask.desk.studio.uploads.forget(await upload(ask))
