"""Admins and appeals: which wait, and answering one; a ban that ends answers the appeal against it, too."""

from bot.admin.finding import PersonNamed
from bot.admin.second_tap import Deed, asking_twice, confirmed
from bot.asking import Ask, Rest, command
from bot.replies import Reply
from bot.texts import appealing as texts
from bot.when import moment_of
from core.appeals import Appeal, answering
from core.news import APPEAL_LOST, APPEAL_WON, posting, to_chat
from core.people import Person
from core.table import Write

MOST_SHOWN = 10


@command("appeals", rights="moderator", private=True, does=texts.DOES["appeals"])
async def appeals(ask: Ask) -> Reply:
    waiting = await ask.desk.appeals.open()
    if not waiting:
        return Reply(ask.say(texts.NONE))
    lines = "\n".join(line_of(ask, one) for one in waiting[:MOST_SHOWN])
    return Reply(f"{ask.say(texts.LISTED, count=len(waiting), list=lines)}\n\n{ask.say(texts.NEXT)}")


def line_of(ask: Ask, appeal: Appeal) -> str:
    at = moment_of(appeal.at, ask.person.language)
    return ask.say(texts.LINE, person=appeal.person, at=at, about=appeal.about, words=appeal.words)


@command("uphold", rights="moderator", private=True, does=texts.DOES["uphold"], usage=texts.USAGES["uphold"])
async def uphold(ask: Ask, person: PersonNamed, reason: Rest) -> Reply:
    if await ask.desk.appeals.of(person.id) is None:
        return Reply(ask.say(texts.NO_APPEAL, person=person.id))
    what = ask.say(texts.SURE_UPHOLD, person=person.id, reason=reason)
    return await asking_twice(ask, what, do="uphold", person=person.id, reason=reason)


@confirmed("uphold")
async def upheld(ask: Ask, deed: Deed) -> Reply:
    person = await deed.person()
    answered = await answer(ask, person, APPEAL_LOST, deed.reason)
    if not answered:
        return Reply(ask.say(texts.NO_APPEAL, person=person.id))
    await ask.desk.ports.table.write(*answered, deed.noting(person.id))
    return Reply(ask.say(texts.UPHELD, person=person.id))


async def granted(ask: Ask, person: Person, reason: str) -> list[Write]:
    """The writes that answer an appeal of the person with the end of the ban."""
    return await answer(ask, person, APPEAL_WON, reason)


async def answer(ask: Ask, person: Person, kind: str, reason: str) -> list[Write]:
    """Nothing, where no appeal of the person waits; they are told where they first met us."""
    appeal = await ask.desk.appeals.of(person.id)
    if appeal is None or not person.addresses:
        return [answering(appeal)] if appeal else []
    to, news = person.addresses[0], ask.desk.ports.chance.ulid(ask.now)
    told = to_chat(kind, person.id, to.channel, to.chat, news, ask.now, reason=reason)
    return [answering(appeal), posting(told)]
