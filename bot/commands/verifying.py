"""Verifying: whether a picture carries our mark, and whether what the mark says stands in our own books.

Anybody can write a mark, so nothing of it is repeated: the job that it names is looked up, and what that says is told.
"""

from bot import sent
from bot.asking import Ask, Rest, Usage, action, command, own_picture
from bot.captions import SHORT_ID
from bot.replies import Reply
from bot.texts import changing as texts
from bot.when import moment_of
from core.jobs import Job, job_key
from core.provenance import Mark
from core.router import painted_by

LONGEST_ID = 26  # letters


@command("verify", "xacminh", "xac minh", "xác minh", usage=texts.VERIFY_USAGE, does=texts.DOES["verify"])
@action("verify")
async def verify(ask: Ask, name: Rest = "") -> Reply:
    """The picture that came along, the one that is replied to, or the one that is named."""
    came = ask.heard.picture or ask.heard.about
    if not came and not name:
        raise Usage(texts.VERIFY_USAGE)
    blob = await (sent.brought(ask) if came else own_picture(ask, name))
    mark = await sent.mark_of(ask, blob)
    return Reply(await of_the_mark(ask, mark) if mark else unmarked(ask))


async def of_the_mark(ask: Ask, mark: Mark) -> str:
    """What our books say of it."""
    row = await ask.desk.ports.table.get(job_key(mark.job)) if fit(mark.job) else None
    if row is None:
        return ask.say(texts.MARK_UNKNOWN)
    job = Job.of(row)
    model = painted_by(job.attempts) if job.attempts else job.model
    at = moment_of(job.created, ask.person.language)
    return ask.say(texts.MARKED, model=model, at=at, code=job.id[-SHORT_ID:])


def unmarked(ask: Ask) -> str:
    """No mark proves nothing, least of all where the channel takes it off."""
    where = texts.MARK_LOST.get(ask.heard.address.channel)
    how = f"\n{ask.say(where, page=ask.desk.counter.base)}" if where else ""
    return ask.say(texts.NO_MARK) + how


def fit(job: str) -> bool:
    """It may be the id of one of ours; a stranger has written it."""
    return len(job) == LONGEST_ID and job.isascii() and job.isalnum()
