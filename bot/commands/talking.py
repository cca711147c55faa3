"""Talking: answers to words that are no prompt (core/talk.py). Nothing is used up before a button is pressed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from bot import tools
from bot.asking import Ask, Command, PrivateOnly, Rest, action
from bot.commands import images
from bot.commands.people import welcome_back
from bot.replies import Choice, Reply
from bot.telling import reworded
from bot.texts import talking as texts
from core.errors import PaidOnly, PromptTooLong, UnknownModel
from core.flags import MOST_AT_ONCE
from core.gallery import Image
from core.prompts import Prompt
from core.remembered import KIND_WORDS, Remembered
from core.talk import DOUBT, Meant

NEWEST = 5  # pictures among which one is looked for that can still be painted again
LONGEST_SHOWN = 60  # characters of what somebody has said


# -- small talk -----------------------------------------------------------------------------------------------------


async def chatted(ask: Ask, kind: Rest) -> list[Reply]:
    """Kindly, and not to every line of a chat."""
    if kind == "greeting" and ask.heard.group:
        raise PrivateOnly
    spoken_to = Remembered(ask.desk.ports.cache, KIND_WORDS)
    if await spoken_to.find(ask.person.id) not in (None, ask.key):
        return []
    await spoken_to.keep(ask.person.id, ask.key)
    if kind == "greeting":
        return [await welcome_back(ask, "")]
    return [Reply(ask.say(texts.SMALL[kind]), () if ask.heard.group else await next_step(ask, kind))]


async def next_step(ask: Ask, kind: str) -> tuple[Choice, ...]:
    """One thing to do: a question that stands open, else what fits the newest picture."""
    draft = await images.drafts(ask).of(ask.person.id)
    if kind == "nod" and draft and draft.waits:
        return (images.going_on(ask, draft),)
    wanted = {"praise": "star:", "blame": "again:"}.get(kind)
    image = await newest(ask) if wanted else None
    if image is None or wanted is None:
        return ()
    offered = ask.desk.teller.buttons(image, ask.person.language)
    return tuple(one for one in offered if one.action.startswith(wanted) or (kind == "blame" and one.fill))


# -- what leans on the newest picture -------------------------------------------------------------------------------


async def newest(ask: Ask) -> Image | None:
    """Their newest picture, over all of their ids."""
    found = [image for one in ask.person.ids for image in await ask.desk.studio.gallery.newest(one, limit=NEWEST)]
    return max(found, key=lambda image: image.id, default=None)


async def again(ask: Ask, count: Rest = "1") -> Reply:
    """The newest picture's words once more, or so many times, at a price that is said first."""
    image = await newest(ask)
    if image is None:
        return Reply(ask.say(texts.NO_PICTURE))
    many = int(count)
    prompt = reworded(image.prompt_).anew(count=min(many, MOST_AT_ONCE))
    said = texts.MOST if many > MOST_AT_ONCE else texts.AGAIN
    return await offered(ask, prompt, ask.say(said, most=MOST_AT_ONCE))


async def leaning(ask: Ask, more: Rest) -> Reply:
    """What can be done with words like `nhưng màu xanh`: change the picture, or paint a new one with both words."""
    image = await newest(ask)
    if image is None:
        return Reply(ask.say(texts.NO_PICTURE))
    if tools.can_change(ask.desk.terms, ask.now):
        with suppress(PaidOnly, UnknownModel):
            change = images.asked(ask, ask.heard.text, source=image.blob)
            await ask.desk.studio.quote(ask.person, change)
            return await offered(ask, change, ask.say(texts.CHANGED))
    with suppress(PromptTooLong):
        before = reworded(image.prompt_)
        both = replace(images.asked(ask, f"{before.words}, {more}"), ratio=before.ratio, style=before.style)
        return await offered(ask, both, ask.say(texts.NOT_CHANGED))
    return await doubted(ask, ask.heard.text)


# -- what may be a prompt -------------------------------------------------------------------------------------------


async def crowd(ask: Ask, words: Rest) -> Reply:
    """More pictures than are painted at once."""
    prompt = replace(images.asked(ask, words), count=MOST_AT_ONCE)
    return await offered(ask, prompt, ask.say(texts.MOST, most=MOST_AT_ONCE))


async def doubted(ask: Ask, words: Rest) -> Reply:
    """Asked for nothing; a prompt that waits for its yes keeps its place."""
    prompt = images.asked(ask, words)
    quote = await ask.desk.studio.quote(ask.person, prompt, ask.standing.purse)
    draft = await images.drafts(ask).of(ask.person.id)
    text = ask.say(texts.DOUBT, words=words[:LONGEST_SHOWN])
    if quote.price > quote.free or (draft and draft.waits):
        return Reply(f"{text}\n{ask.say(texts.HOW_TO_PAINT, words=words[:LONGEST_SHOWN])}")
    return await offered(ask, prompt, text)


async def offered(ask: Ask, prompt: Prompt, said: str) -> Reply:
    """The price and the two buttons, whatever the person likes to be asked about otherwise."""
    reply = await images.wanted(ask, prompt, ceiling=0)
    yes, *rest = reply.choices
    no = Choice(ask.say(texts.NO), action="unpainted")
    return replace(reply, text=f"{said}\n{reply.text}", choices=(yes, no, *rest))


@action("unpainted")
async def unpainted(ask: Ask) -> Reply:
    return Reply(ask.say(texts.NOT_PAINTED))


TALK: Mapping[str, Command] = {
    "small": Command("small", chatted),
    "again": Command("again", again, private=True),
    "leaning": Command("leaning", leaning, private=True),
    "crowd": Command("crowd", crowd),
    DOUBT: Command(DOUBT, doubted),
}


def answering(meant: Meant, text: str) -> tuple[Command, str] | None:
    """The answer to talk that is no command, and what it has to know of the words."""
    if meant.small:
        return TALK["small"], meant.name
    if meant.name == "again":
        return TALK["again"], str(meant.count or 1)
    if meant.name == "leaning":
        return TALK["leaning"], meant.words or text
    return (TALK[DOUBT], text) if meant.name == DOUBT else None
