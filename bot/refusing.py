"""A refusal states the facts; here they find their words: what happened, what it cost, what to do."""

from collections.abc import Awaitable

from bot.asking import Ask, NoRights, PrivateOnly, Usage
from bot.replies import Choice, Reply
from bot.texts import length
from bot.texts import refusals as texts
from core.errors import (
    BadAmount,
    BadFlag,
    Blocked,
    Busy,
    EmptyPrompt,
    Frozen,
    ModelEnded,
    NotAgreed,
    NotAPicture,
    NotEnoughCredits,
    OtherFacts,
    PaidOnly,
    PromptTooLong,
    QueueTooLong,
    Refusal,
    TooLate,
    TooManyOpen,
    TooOften,
    Unknown,
    UnknownFlag,
    UnknownModel,
)


async def trying(ask: Ask, answer: Awaitable[Reply]) -> Reply:
    """The answer, or why not."""
    try:
        return await answer
    except Refusal as refusal:
        return refused(ask, refusal)


def refused(ask: Ask, refusal: Refusal) -> Reply:
    """What a person reads when something they asked cannot be done."""
    if isinstance(refusal, Blocked):
        return blocked(ask, refusal)
    if isinstance(refusal, NotEnoughCredits):
        return short(ask, refusal)
    return Reply(of_prompt(ask, refusal) or of_credits(ask, refusal) or of_the_rest(ask, refusal))


def blocked(ask: Ask, refusal: Blocked) -> Reply:
    group = texts.GROUPS.get(refusal.group)
    text = ask.say(texts.BLOCKED, group=ask.say(group) if group else refusal.group)
    return Reply(text, (Choice(ask.say(texts.EDIT), fill=ask.heard.text),) if ask.heard.text else ())


def short(ask: Ask, refusal: NotEnoughCredits) -> Reply:
    """The prompt is kept, and runs at this price as soon as there is enough."""
    facts = {"cost": refusal.cost, "free": refusal.free, "missing": refusal.cost - refusal.free}
    return Reply(ask.say(texts.SHORT, **facts), (Choice(ask.say(texts.CONTINUE), action=f"go:{ask.short}"),))


def of_prompt(ask: Ask, refusal: Refusal) -> str:
    """What was wrong with the words."""
    match refusal:
        case EmptyPrompt():
            return ask.say(texts.EMPTY)
        case PromptTooLong(count=count, most=most):
            return ask.say(texts.TOO_LONG, count=count, most=most)
        case UnknownFlag(flag=flag, near=near):
            return ask.say(texts.UNKNOWN_FLAG, flag=flag, near=ask.say(texts.NEAR, near=near) if near else "")
        case BadFlag(flag=flag, value=value, allowed=allowed):
            return ask.say(texts.BAD_FLAG, flag=flag, value=value, allowed=", ".join(allowed))
        case UnknownModel(name=name, known=known):
            return ask.say(texts.NO_MODEL, name=name, known=", ".join(known))
        case ModelEnded(name=name, ended=ended, successor=successor):
            return ask.say(texts.MODEL_ENDED, name=name, ended=ended, successor=successor)
        case PaidOnly(instead=instead):
            return ask.say(texts.PAID_ONLY, instead=instead)
        case NotAPicture(why=why):
            return ask.say(texts.NOT_A_PICTURE, why=ask.say(texts.WHY[why]))
    return ""


def of_credits(ask: Ask, refusal: Refusal) -> str:
    """What there is too little or too much of."""
    match refusal:
        case TooManyOpen(open=open_):
            return ask.say(texts.LIMIT, open=open_)
        case QueueTooLong(seconds=seconds):
            return ask.say(texts.CROWDED, wait=length(seconds, ask.person.language))
        case TooOften(seconds=seconds):
            return ask.say(texts.TOO_OFTEN, wait=length(seconds, ask.person.language))
        case BadAmount(amount=amount):
            return ask.say(texts.BAD_AMOUNT, amount=amount)
        case Frozen():
            return ask.say(texts.FROZEN)
    return ""


def of_the_rest(ask: Ask, refusal: Refusal) -> str:
    match refusal:
        case TooLate(state=state):
            return ask.say(texts.TOO_LATE, state=ask.say(texts.STATES.get(state, texts.OLD_BUTTON)))
        case Unknown(name=name):
            return ask.say(texts.UNKNOWN, name=name[:40])
        case Usage(usage=usage):
            return ask.say(texts.USAGE, usage=ask.say(usage))
        case NotAgreed():
            return ask.say(texts.NOT_AGREED)
        case NoRights():
            return ask.say(texts.NO_RIGHTS)
        case PrivateOnly():
            return ask.say(texts.PRIVATE_ONLY)
        case OtherFacts():
            return ask.say(texts.OTHER_FACTS)
        case Busy():
            return ask.say(texts.BUSY)
    return ask.say(texts.OLD_BUTTON)
