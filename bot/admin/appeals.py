"""Admins and appeals: which wait, and answering one; a ban that ends answers the appeal against it, too."""

from contextlib import suppress

from bot.admin.finding import person_named
from bot.admin.second_tap import Deed, asking_twice, confirmed
from bot.asking import Ask, Rest, command
from bot.refusing import group_of
from bot.replies import Reply
from bot.texts import Said, length
from bot.texts import appealing as texts
from bot.when import moment_of
from core.appeals import BAN, GRANTED, LOST, OPEN, UPLOAD, Appeal, answering
from core.clock import SECOND
from core.news import APPEAL_LOST, APPEAL_WON, REFUSAL_WITHDRAWN, UPLOAD_WITHDRAWN, posting, to_chat
from core.people import Person
from core.table import Refused, Write

MOST_SHOWN = 10
WON = {BAN: APPEAL_WON, UPLOAD: UPLOAD_WITHDRAWN}  # all else lets words pass


@command("appeals", rights="moderator", private=True, does=texts.DOES["appeals"])
async def appeals(ask: Ask) -> Reply:
    waiting = await ask.desk.appeals.open()
    if not waiting:
        return Reply(ask.say(texts.NONE))
    lines = "\n".join(line_of(ask, one) for one in waiting[:MOST_SHOWN])
    return Reply(f"{ask.say(texts.LISTED, count=len(waiting), list=lines)}\n\n{ask.say(texts.NEXT)}")


def line_of(ask: Ask, appeal: Appeal) -> str:
    """Whose it is or its code, its age, until when it is to be answered, and the rule."""
    language = ask.person.language
    clock = texts.OVERDUE if appeal.due < ask.now else texts.DUE
    facts = {
        "whose": appeal.code or appeal.person,
        "at": moment_of(appeal.at, language),
        "age": length((ask.now - appeal.at) / SECOND, language),
        "clock": ask.say(clock, due=moment_of(appeal.due, language)),
        "about": ask.say(texts.ABOUT[appeal.about], rule=rule_of(ask, appeal), person=appeal.person),
        "words": appeal.words or "–",
    }
    return ask.say(texts.LINE, **facts)


def rule_of(ask: Ask, appeal: Appeal) -> str:
    """Its group, its name and the pack that it stands in."""
    named = [group_of(ask, appeal.group)] if appeal.group else []
    return " · ".join([*named, *(one for one in (appeal.rule, appeal.pack) if one)])


async def waiting(ask: Ask, whose: str) -> tuple[Person, Appeal | None]:
    """The appeal of this code, or the one against the ban of whom it names."""
    coded = next((one for one in await ask.desk.appeals.open() if one.code and one.code == whose.upper()), None)
    person = await (ask.desk.people.person(coded.person) if coded else person_named(ask, whose))
    return person, coded or await ask.desk.appeals.of(person.id)


@command("uphold", rights="moderator", private=True, does=texts.DOES["uphold"], usage=texts.USAGES["uphold"])
async def uphold(ask: Ask, whose: Rest, reason: Rest) -> Reply:
    person, appeal = await waiting(ask, whose)
    if appeal is None:
        return Reply(ask.say(texts.NO_APPEAL, person=person.id))
    what = ask.say(texts.SURE_UPHOLD, person=appeal.code or person.id, reason=reason)
    return await asking_twice(ask, what, do="uphold", person=person.id, appeal=appeal.code, reason=reason)


@command("allow", rights="moderator", private=True, does=texts.DOES["allow"], usage=texts.USAGES["allow"])
async def allow(ask: Ask, code: Rest, reason: Rest) -> Reply:
    person, appeal = await waiting(ask, code)
    if appeal is None:
        return Reply(ask.say(texts.NO_APPEAL, person=person.id))
    if appeal.about == BAN:
        return Reply(ask.say(texts.UNBAN_INSTEAD, person=person.id))
    sure = texts.SURE_ALLOW_UPLOAD if appeal.about == UPLOAD else texts.SURE_ALLOW
    what = ask.say(sure, code=appeal.code, words=appeal.words, reason=reason)
    return await asking_twice(ask, what, do="allow", person=person.id, appeal=appeal.code, reason=reason)


@confirmed("uphold")
async def upheld(ask: Ask, deed: Deed) -> Reply:
    return await answered(ask, deed, LOST, texts.UPHELD)


@confirmed("allow")
async def let_pass(ask: Ask, deed: Deed) -> Reply:
    return await answered(ask, deed, GRANTED, texts.ALLOWED)


async def answered(ask: Ask, deed: Deed, state: str, said: Said) -> Reply:
    """Once, whoever of the admins is first; with the line in the log and what the person is told."""
    person, code = await deed.person(), deed.text("appeal")
    appeal = await ask.desk.appeals.named(person.id, code)
    with suppress(Refused):  # another admin has answered it this very moment
        if appeal and (not code or appeal.state == OPEN):
            whom = (person.id, code) if code else (person.id,)
            await ask.desk.ports.table.write(*answer(ask, person, appeal, state, deed.reason), deed.noting(*whom))
            return Reply(ask.say(said, person=code or person.id))
    return Reply(ask.say(texts.NO_APPEAL, person=code or person.id))


async def granted(ask: Ask, person: Person, reason: str) -> list[Write]:
    """The writes that answer an appeal of the person with the end of the ban."""
    appeal = await ask.desk.appeals.of(person.id)
    return answer(ask, person, appeal, GRANTED, reason) if appeal else []


def answer(ask: Ask, person: Person, appeal: Appeal, state: str, reason: str) -> list[Write]:
    """The person is told where they first met us, if anywhere."""
    done = answering(appeal, state, ask.now)
    if not person.addresses:
        return [done]
    to, news = person.addresses[0], ask.desk.ports.chance.ulid(ask.now)
    kind = APPEAL_LOST if state == LOST else WON.get(appeal.about, REFUSAL_WITHDRAWN)
    told = to_chat(kind, person.id, to.channel, to.chat, news, ask.now, reason=reason, appeal=appeal.code)
    return [done, posting(told)]
