"""One wallet for several chats: a code from here, typed over there; each side sees what moves and says yes.

The rules are core.linking's and core.unlinking's. What is new here is only where each step is asked for, and in which
words: a refusal says what happened, what it cost and what to do.
"""

import re
from collections.abc import Awaitable

from bot.asking import COMMANDS, Ask, Command, Rest, action, command
from bot.refusing import not_linked, trying
from bot.replies import Choice, Reply
from bot.texts import length
from bot.texts import linking as texts
from core.chance import CODE_LETTERS
from core.clock import MINUTE
from core.errors import NotLinked, TooOften
from core.letters import bare
from core.linking import CODE_LASTS, Offer
from core.remembered import EARLY_CODES, Remembered
from core.unlinking import Parting

LONGEST_CODE = 16  # characters, as people type them
MOST_LINKS = 9  # digits of how often somebody has linked
ELSEWHERE = "telegram"  # a channel that can be opened by a link that brings the code along
TYPED = re.compile(r"(?:link|lien ket) ((?=[a-z]*\d)[a-z0-9]{%d})" % CODE_LETTERS)  # noqa: UP031  braces of its own


def spoken(text: str) -> tuple[Command, str] | None:
    """`link 7K…` without a slash: what looks like a code is not sent to a painter."""
    said = TYPED.fullmatch(bare(text.strip().lower()).replace("-", ""))
    return (COMMANDS["link"], said[1]) if said else None


@command("link", "lien ket", "liên kết", private=True, does=texts.DOES["link"], usage=texts.USAGE)
async def link(ask: Ask, code: Rest = "") -> Reply:
    """Without a code one is made here; with one, what it would do."""
    return await or_why(ask, shown(ask, code[:LONGEST_CODE]) if code else new_code(ask))


async def or_why(ask: Ask, answer: Awaitable[Reply]) -> Reply:
    """The answer, or why two chats cannot be joined or parted like this."""
    try:
        return await answer
    except NotLinked as refusal:
        return Reply(not_linked(ask, refusal))
    except TooOften as refusal:
        wait = length(refusal.seconds, ask.person.language)
        return Reply(ask.say(texts.TOO_MANY, cost=ask.say(texts.COST), wait=wait))


async def new_code(ask: Ask) -> Reply:
    code = await ask.desk.linking.ask_code(ask.person, ask.heard.address)
    typed = Choice(ask.say(texts.TYPED), action=f"link:{code}")
    there = ask.desk.ways.into(ELSEWHERE, f"link_{code}") if ask.heard.address.channel != ELSEWHERE else ""
    opens = (Choice(ask.say(texts.OPEN, channel=ELSEWHERE.title()), url=there),) if there else ()
    return Reply(ask.say(texts.CODE, code=code, minutes=CODE_LASTS // MINUTE), (*opens, typed))


@action("link", private=True)
async def looked_at(ask: Ask, code: Rest) -> Reply:
    return await link(ask, code)


async def shown(ask: Ask, code: str) -> Reply:
    """What this side has to know and to decide."""
    offer = await ask.desk.linking.look(code, ask.person, ask.heard.address)
    if offer.state == "used":
        return Reply(ask.say(texts.LINKED_BEFORE))
    if offer.keeps and offer.state == "open":
        return Reply(ask.say(texts.NOT_TYPED, code=code), (Choice(ask.say(texts.TYPED), action=f"link:{code}"),))
    if not offer.keeps and offer.state == "accepted":
        return Reply(ask.say(texts.ACCEPTED))
    said = texts.TAKES_IN if offer.keeps else texts.JOINS
    yes, no = Choice(ask.say(texts.YES), action=f"link_yes:{code}"), Choice(ask.say(texts.NO), action="link_no")
    return Reply(ask.say(said, other=", ".join(offer.other), **moves(ask, offer)), (yes, no))


def moves(ask: Ask, offer: Offer) -> dict[str, object]:
    language = ask.say(texts.LANGUAGES[offer.language])
    return {
        "paid": offer.paid,
        "lapses": offer.lapses,
        "images": offer.images,
        "orders": offer.orders,
        "language": language,
    }


@action("link_yes", private=True)
async def link_yes(ask: Ask, code: Rest) -> Reply:
    """Whoever has made the code has the last word."""
    return await or_why(ask, agreed(ask, code[:LONGEST_CODE]))


async def agreed(ask: Ask, code: str) -> Reply:
    linking, at = ask.desk.linking, ask.heard.address
    offer = await linking.look(code, ask.person, at)
    if not offer.keeps:
        await linking.accept(code, ask.person, at)
        return Reply(ask.say(texts.ACCEPTED))
    linked = (await linking.confirm(code, ask.person, at)).person
    purse = await ask.desk.ledger.purse(linked.id)
    return Reply(ask.say(texts.LINKED, count=len(linked.addresses), free=purse.free))


@action("link_no", private=True)
async def link_no(ask: Ask) -> Reply:
    """Nothing has been moved, and without both yeses nothing will be."""
    return Reply(ask.say(texts.NOT_LINKED))


# -- a chat leaves ----------------------------------------------------------------------------------------------------


@command("unlink", "bo lien ket", "bỏ liên kết", private=True, does=texts.DOES["unlink"])
async def unlink(ask: Ask) -> Reply:
    """What it would mean; nothing is done yet."""
    return await or_why(ask, parting(ask))


async def parting(ask: Ask) -> Reply:
    would = await ask.desk.unlinking.look(ask.person, ask.heard.address)
    go = Choice(ask.say(texts.LEAVE_YES), action=f"unlink:{would.links}")
    return Reply(ask.say(texts.LEAVE, **left_behind(would)), (go, staying(ask)))


@action("unlink", private=True)
async def unlink_sure(ask: Ask, links: Rest) -> Reply:
    """Asked a second time. A button from before the last link or parting does nothing."""
    return await or_why(ask, asked_again(ask, links))


async def asked_again(ask: Ask, links: str) -> Reply:
    would = await ask.desk.unlinking.look(ask.person, ask.heard.address)
    if links != str(would.links):
        raise NotLinked("void")
    go = Choice(ask.say(texts.SURE_YES), action=f"unlink_yes:{links}")
    return Reply(ask.say(texts.SURE, **left_behind(would)), (go, staying(ask)))


@action("unlink_yes", private=True)
async def unlink_yes(ask: Ask, links: Rest) -> list[Reply]:
    """It is done; every chat of the wallet and this one hear of it by the courier, whoever dies meanwhile."""
    try:
        await ask.desk.unlinking.leave(ask.person, ask.heard.address, number_of(links))
    except NotLinked as refusal:
        return [Reply(not_linked(ask, refusal))]
    return []


@action("unlink_no", private=True)
async def unlink_no(ask: Ask) -> Reply:
    return Reply(ask.say(texts.STAYED))


def staying(ask: Ask) -> Choice:
    return Choice(ask.say(texts.LEAVE_NO), action="unlink_no")


def left_behind(would: Parting) -> dict[str, object]:
    return {"other": ", ".join(would.others), "free": would.free, "images": would.images}


def number_of(word: str) -> int:
    """How often they had linked, as the button says; no number is no button of ours."""
    return int(word) if word.isdecimal() and len(word) <= MOST_LINKS else -1


# -- a code that came before consent --------------------------------------------------------------------------------


async def keep_for_later(ask: Ask, code: str) -> None:
    """For as long as it can be used; where it is forgotten, it can be typed."""
    await early(ask).keep(ask.person.id, code[:LONGEST_CODE])


async def kept(ask: Ask) -> list[Reply]:
    code = await early(ask).find(ask.person.id)
    return [await trying(ask, link(ask, str(code)))] if code else []


def early(ask: Ask) -> Remembered:
    return Remembered(ask.desk.ports.cache, EARLY_CODES)
