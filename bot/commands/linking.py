"""One wallet for several chats: a code from here, typed over there; each side sees what moves and says yes.

The rules are core.linking's. What is new here is only where each step is asked for, and in which words.
"""

from bot.asking import Ask, Rest, action, command
from bot.refusing import trying
from bot.replies import Choice, Reply
from bot.texts import linking as texts
from core.clock import MINUTE
from core.linking import CODE_LASTS, Offer
from core.remembered import EARLY_CODES, Remembered

LONGEST_CODE = 16  # characters, as people type them
ELSEWHERE = "telegram"  # a channel that can be opened by a link that brings the code along


@command("link", "lien ket", "liên kết", private=True, does=texts.DOES["link"], usage=texts.USAGE)
async def link(ask: Ask, code: Rest = "") -> Reply:
    """Without a code one is made here; with one, what it would do."""
    if not code:
        return await new_code(ask)
    code = code[:LONGEST_CODE]
    return shown(ask, code, await ask.desk.linking.look(code, ask.person))


async def new_code(ask: Ask) -> Reply:
    code = await ask.desk.linking.ask_code(ask.person)
    typed = Choice(ask.say(texts.TYPED), action=f"link:{code}")
    there = ask.desk.ways.into(ELSEWHERE, f"link_{code}") if ask.heard.address.channel != ELSEWHERE else ""
    opens = (Choice(ask.say(texts.OPEN, channel=ELSEWHERE.title()), url=there),) if there else ()
    return Reply(ask.say(texts.CODE, code=code, minutes=CODE_LASTS // MINUTE), (*opens, typed))


@action("link", private=True)
async def looked_at(ask: Ask, code: Rest) -> Reply:
    return await link(ask, code)


def shown(ask: Ask, code: str, offer: Offer) -> Reply:
    """What this side has to know and to decide."""
    if offer.state == "used":
        return Reply(ask.say(texts.LINKED_BEFORE))
    if offer.keeps and offer.state == "open":
        return Reply(ask.say(texts.NOT_TYPED, code=code), (Choice(ask.say(texts.TYPED), action=f"link:{code}"),))
    if not offer.keeps and offer.state == "accepted":
        return Reply(ask.say(texts.ACCEPTED))
    said = texts.TAKES_IN if offer.keeps else texts.JOINS
    moves = {"paid": offer.paid, "images": offer.images, "lapses": offer.lapses}
    yes, no = Choice(ask.say(texts.YES), action=f"link_yes:{code}"), Choice(ask.say(texts.NO), action="link_no")
    return Reply(ask.say(said, other=", ".join(offer.other), **moves), (yes, no))


@action("link_yes", private=True)
async def link_yes(ask: Ask, code: Rest) -> Reply:
    """Whoever has made the code has the last word."""
    offer = await ask.desk.linking.look(code, ask.person)
    if not offer.keeps:
        await ask.desk.linking.accept(code, ask.person)
        return Reply(ask.say(texts.ACCEPTED))
    linked = (await ask.desk.linking.confirm(code, ask.person)).person
    purse = await ask.desk.ledger.purse(linked.id)
    return Reply(ask.say(texts.LINKED, count=len(linked.addresses), free=purse.free))


@action("link_no", private=True)
async def link_no(ask: Ask) -> Reply:
    """Nothing has been moved, and without both yeses nothing will be."""
    return Reply(ask.say(texts.NOT_LINKED))


# -- a code that came before consent --------------------------------------------------------------------------------


async def keep_for_later(ask: Ask, code: str) -> None:
    """For as long as it can be used; where it is forgotten, it can be typed."""
    await early(ask).keep(ask.person.id, code[:LONGEST_CODE])


async def kept(ask: Ask) -> list[Reply]:
    code = await early(ask).find(ask.person.id)
    return [await trying(ask, link(ask, str(code)))] if code else []


def early(ask: Ask) -> Remembered:
    return Remembered(ask.desk.ports.cache, EARLY_CODES)
