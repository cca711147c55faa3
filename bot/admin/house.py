"""Admins and the house: jobs, figures, maintenance."""

import re
from typing import Annotated, TypeAlias

from bot.asking import AnyJob, Ask, Rest, Unreadable, Usage, command
from bot.replies import Reply
from bot.texts import admin as texts
from bot.texts import length
from bot.when import time_of
from core.clock import MINUTE, SECOND
from core.jobs import FAILED, PAINTING, QUEUED, Job
from core.letters import bare
from core.maintenance import begin, end
from core.table import SHELF_INDEX
from core.tally import day_of

STUCK = 5 * MINUTE  # a job that is open for longer than this
MOST_SHOWN = 15
MOST_DAYS = 90
MICROS = 1_000_000
SPANS = {"today": 1, "hom nay": 1, "week": 7, "tuan": 7, "month": 30, "thang": 30}
COUNTED_DAYS = re.compile(r"(\d{1,4}) ?(?:d|days?|ngay)?")
MAINTAINED = re.compile(r"(?:off|tat|(?:(?:on|bat) )?(\d{1,6}) ?(?:m|min|minutes?|phut|p)?)")


async def days_of(_: Ask, word: str) -> int:
    """`7d`, `7 ngày`, `hôm nay` or `tuần`: how many days, today with them."""
    said = bare(word.lower()).strip()
    if said in SPANS:
        return SPANS[said]
    count = COUNTED_DAYS.fullmatch(said)
    if count is None:
        raise Unreadable
    return max(1, min(int(count[1]), MOST_DAYS))


async def minutes_of(_: Ask, word: str) -> int:
    """`on 15`, `15` or `15 phút`; `off` and `0` end it."""
    said = MAINTAINED.fullmatch(bare(word.lower()).strip())
    if said is None:
        raise Unreadable
    return int(said[1] or 0)


Days: TypeAlias = Annotated[int, days_of]
Minutes: TypeAlias = Annotated[int, minutes_of]


@command("jobs", rights="moderator", private=True, does=texts.DOES["jobs"], usage=texts.USAGES["jobs"])
async def jobs(ask: Ask, kind: Rest) -> Reply:
    if kind not in ("stuck", "failed"):
        raise Usage(texts.USAGES["jobs"])
    found = await (stuck(ask) if kind == "stuck" else shelved(ask, FAILED))
    lines = "\n".join(line_of(ask, job) for job in found[:MOST_SHOWN])
    return Reply(ask.say(texts.JOBS, kind=kind, count=len(found), list=lines))


async def stuck(ask: Ask) -> list[Job]:
    open_ = [*await shelved(ask, QUEUED), *await shelved(ask, PAINTING)]
    return [job for job in open_ if ask.now - job.created > STUCK]


async def shelved(ask: Ask, shelf: str) -> list[Job]:
    return [Job.of(row) for row in await ask.desk.ports.table.find(SHELF_INDEX, shelf)]


def line_of(ask: Ask, job: Job) -> str:
    age = length((ask.now - job.created) / SECOND, ask.person.language)
    reason = ask.say(texts.REASONS[job.reason]) if job.reason in texts.REASONS else job.reason
    state = ask.say(texts.STATES[job.state]) if job.state in texts.STATES else job.state
    return ask.say(texts.JOB, id=job.id, state=state, age=age, reason=reason)


@command("retry", rights="moderator", private=True, does=texts.DOES["retry"], usage=texts.USAGES["retry"])
async def retry(ask: Ask, job: AnyJob) -> Reply:
    """Ring again for an open job; a closed one has paid its person back, who orders anew."""
    if job.closed:
        return Reply(ask.say(texts.NOT_STUCK, id=job.id, state=job.state))
    await ask.desk.ports.queue.ring(job.id)
    return Reply(ask.say(texts.RETRIED, id=job.id))


@command("stats", rights="moderator", private=True, does=texts.DOES["stats"], usage=texts.USAGES["stats"])
async def stats(ask: Ask, days: Days = 1) -> Reply:
    today = day_of(ask.now)
    counted: dict[str, int] = {}
    cost = 0
    for day in range(today - days + 1, today + 1):
        spend = await ask.desk.tally.spend(day)
        cost += spend.gift + spend.paid
        for name, count in (await ask.desk.tally.day(day)).items():
            counted[name] = counted.get(name, 0) + count
    return Reply(
        ask.say(
            texts.STATS,
            days=days,
            images=counted.get("image ready", 0),
            failed=counted.get("image failed", 0),
            cancelled=counted.get("image cancelled", 0),
            returned=counted.get("given back", 0),
            credits=counted.get("image ready/credits", 0),
            cost=f"{cost / MICROS:.2f}",
            queued=len(await shelved(ask, QUEUED)),
            painting=len(await shelved(ask, PAINTING)),
        )
    )


@command("maintenance", rights="owner", private=True, does=texts.DOES["maintenance"], usage=texts.USAGES["maintenance"])
async def maintenance(ask: Ask, minutes: Minutes) -> Reply:
    """People are told when it will be over; what was ordered is finished meanwhile."""
    noted = ask.desk.addresses.noting(ask.heard.address, "maintenance", [], str(minutes))
    if not minutes:
        await end(ask.desk.ports.table, noted)
        return Reply(ask.say(texts.MAINTENANCE_OFF))
    until = ask.now + minutes * MINUTE
    await begin(ask.desk.ports.table, until, noted)
    return Reply(ask.say(texts.MAINTENANCE_ON, until=time_of(until)))
