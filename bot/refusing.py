"""A refusal states the facts; here they find their words: what happened, what it cost, what to do."""

from collections.abc import Awaitable

from bot import tools
from bot.asking import Ask, NoRights, NotNow, PictureBlocked, PrivateOnly, Usage
from bot.captions import sentence_of
from bot.channel import REFUSAL
from bot.receipts import package_choice
from bot.replies import Choice, Reply
from bot.texts import appealing, changing, length, linking, people
from bot.texts import refusals as texts
from core.appeals import digest_of
from core.drafts import Drafts
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
    NotLinked,
    OtherFacts,
    PaidOnly,
    PromptTooLong,
    QueueTooLong,
    Refusal,
    SpendCapReached,
    TooLate,
    TooManyOpen,
    TooOften,
    UnderWay,
    Unknown,
    UnknownFlag,
    UnknownModel,
)
from payments.packages import Package, covering

MOST_OFFERED = 3
WAITED = ("go", "agree", "gift")  # presses that a kept prompt has waited for
FROM_GROUP = "group"  # what /start hears from whoever comes out of one


async def trying(ask: Ask, answer: Awaitable[Reply]) -> Reply:
    """The answer, or why not."""
    try:
        return await answer
    except Refusal as refusal:
        return await refused(ask, refusal)


async def refused(ask: Ask, refusal: Refusal) -> Reply:
    """What a person reads when something they asked cannot be done."""
    if isinstance(refusal, Blocked):
        return await blocked(ask, refusal)
    if isinstance(refusal, PictureBlocked):
        appeal = Choice(ask.say(appealing.BUTTON), action=f"sent:{refusal.group}")
        return Reply(ask.say(changing.PICTURE_BLOCKED, group=group_of(ask, refusal.group)), (appeal,))
    if isinstance(refusal, NotEnoughCredits):
        return in_private(ask, ask.say(texts.SHORT_IN_GROUP)) if ask.heard.group else await short(ask, refusal)
    if isinstance(refusal, PaidOnly) and refusal.cost:
        return in_private(ask, ask.say(texts.SHORT_IN_GROUP)) if ask.heard.group else await paid_only(ask, refusal)
    if isinstance(refusal, PrivateOnly):
        return in_private(ask, ask.say(texts.PRIVATE_ONLY))
    if isinstance(refusal, UnderWay):
        return Reply(ask.say(people.UNDER_WAY))
    if isinstance(refusal, NotLinked):
        return Reply(not_linked(ask, refusal))
    return Reply(of_prompt(ask, refusal) or of_credits(ask, refusal) or of_the_rest(ask, refusal))


def not_linked(ask: Ask, refusal: NotLinked) -> str:
    """Why two chats cannot be joined, or parted, and with which of them it lies."""
    where = ask.say(linking.WHERE[refusal.whose in ask.person.ids])
    return ask.say(linking.WHY[refusal.why], cost=ask.say(linking.COST), where=where)


def in_private(ask: Ask, text: str) -> Reply:
    """One line where others read along, and the way to a chat where nobody does."""
    way = ask.desk.ways.into(ask.heard.address.channel, FROM_GROUP)
    return Reply(text, (Choice(ask.say(texts.TO_PRIVATE), url=way),) if way else ())


async def blocked(ask: Ask, refusal: Blocked) -> Reply:
    """The words are nowhere with us: the appeal's button knows them by a digest, and its press brings them along."""
    text = ask.say(texts.BLOCKED, group=group_of(ask, refusal.group))
    words = ask.heard.text or await kept_words(ask)
    appeal = Choice(ask.say(appealing.BUTTON), action=f"{REFUSAL}{digest_of(words)}")
    edit = (Choice(ask.say(texts.EDIT), fill=ask.heard.text),) if ask.heard.text else ()
    return Reply(text, (*edit, appeal), answers=ask.heard.own)


async def kept_words(ask: Ask) -> str:
    """Those of the prompt that has just had its yes, as a sentence."""
    if ask.heard.action.partition(":")[0] not in WAITED:
        return ""
    draft = await Drafts(ask.desk.ports.table).of(ask.person.id)
    return sentence_of(draft.prompt) if draft else ""


def group_of(ask: Ask, name: str) -> str:
    """What kind of rule it breaks."""
    group = texts.GROUPS.get(name)
    return ask.say(group) if group else name


async def short(ask: Ask, refusal: NotEnoughCredits) -> Reply:
    """The prompt is kept, and runs at this price as soon as there is enough; what to buy for it stands below."""
    missing = refusal.cost - refusal.free
    text = ask.say(texts.SHORT, cost=refusal.cost, free=refusal.free, missing=missing)
    packages = await enough(ask, missing)
    go = Choice(ask.say(texts.CONTINUE), action=f"go:{ask.short}")
    return Reply(text, (*(package_choice(package, ask.person.language) for package in packages), go))


async def paid_only(ask: Ask, refusal: PaidOnly) -> Reply:
    """The wish is kept until there are credits that were bought; what a gift can have instead is offered, too."""
    draft = await Drafts(ask.desk.ports.table).of(ask.person.id)
    name = ask.say(changing.SOLD[refusal.name]) if refusal.name in changing.SOLD else refusal.name
    text = ask.say(texts.PAID_ONLY_KEPT, model=name, cost=refusal.cost, instead=refusal.instead)
    purse = await ask.desk.ledger.purse(ask.person.id)
    packages = await enough(ask, max(1, refusal.cost - purse.free))
    buttons = [package_choice(package, ask.person.language) for package in packages]
    buttons.append(Choice(ask.say(texts.CONTINUE), action=f"go:{ask.short}"))
    least = ask.desk.terms.least(ask.now)
    if draft and draft.prompt.model not in tools.NEEDS_PICTURE and purse.free >= least:
        buttons.append(Choice(ask.say(texts.WITHIN_GIFT, price=least), action=f"gift:{draft.key}"))
    return Reply(text, tuple(buttons))


async def enough(ask: Ask, missing: int) -> list[Package]:
    """The cheapest packages that cover it, or the largest where none does; none where nothing can be bought."""
    if not ask.desk.counter.tills_of(ask.heard.address.channel):
        return []
    offered = await ask.desk.counter.offer.shown()
    return covering(offered, missing)[:MOST_OFFERED] or [max(offered, key=lambda package: package.credits)]


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
        case SpendCapReached(seconds=seconds):
            return ask.say(texts.SPENT, wait=length(seconds, ask.person.language))
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
        case NotNow():
            return ask.say(changing.NOT_NOW)
        case Unknown(what="picture"):
            return ask.say(changing.PICTURE_GONE)
        case Unknown(name=name):
            return ask.say(texts.UNKNOWN, name=name[:40])
        case Usage(usage=usage):
            return ask.say(texts.USAGE, usage=ask.say(usage))
        case NotAgreed():
            return ask.say(texts.NOT_AGREED)
        case NoRights():
            return ask.say(texts.NO_RIGHTS)
        case OtherFacts():
            return ask.say(texts.OTHER_FACTS)
        case Busy():
            return ask.say(texts.BUSY)
    return ask.say(texts.OLD_BUTTON)
