"""Five hundred Vietnamese prompts and a translator that plays up: every order ends soon, and the owner hears of it."""

from core.clock import SECOND
from core.jobs import MOST_IDLE, Job
from tests.house import Balance, Imagify
from tests.storms.translations import PHASES, Translations

MANY = 500
MINUTE = 60.0
WELL = ("well", "puts a fence around it", "is slow")
NEVER = {
    "gives the words back": "untranslated",
    "puts half into English": "untranslated",
    "talks": "untranslated",
    "is asked too often": "wordless",
    "is down": "wordless",
    "does not answer": "wordless",
    "is not for us": "wordless",
}


def seconds(job: Job) -> float:
    return (job.ended - job.created) / SECOND


async def test_no_order_is_stranded_whatever_the_translator_does(workshop: Imagify) -> None:
    storm, owner = Translations(workshop), await workshop.newcomer(chat="1")

    await storm.run(MANY)

    ended = {phase: await storm.ended(phase) for phase in PHASES}
    jobs = [job for phase in ended.values() for job in phase]
    assert len(jobs) >= MANY
    assert {job.state for job in jobs} == {"delivered", "failed"}
    assert {job.state for phase in WELL for job in ended[phase]} == {"delivered"}
    assert {job.reason for phase in NEVER for job in ended[phase] if job.state == "failed"} == set(NEVER.values())
    assert max(map(seconds, jobs)) <= storm.road.longest + MINUTE
    assert max(job.claims for job in jobs) < MOST_IDLE / 2
    painted = sum(job.price for job in jobs if job.state == "delivered")
    assert await workshop.balance(storm.customer) == Balance(free=storm.PAID - painted, held=0)
    assert sum("🗣️" in shown.text for shown in owner.heard) == len(set(NEVER.values()))  # once a day for each reason
