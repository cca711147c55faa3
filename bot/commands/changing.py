"""Changing a picture: by words, or with a tool that takes none. The result is a picture like any other."""

from collections.abc import Sequence
from contextlib import suppress

from bot import sent, tools
from bot.asking import Ask, Number, OwnImage, OwnPicture, Rest, action, command
from bot.captions import SHORT_ID, quoted
from bot.commands import images
from bot.replies import Choice, Reply
from bot.texts import changing as texts
from core.errors import PaidOnly
from core.prompts import Prompt
from core.uploads import FOLDER


async def came(ask: Ask, words: str) -> Reply:
    """A picture with a caption, or words in reply to one."""
    if not tools.can_change(ask.desk.terms, ask.now):
        await sent.let_go(ask)
        return await instead(ask, words)
    if not words:
        return what_to_change(ask, await sent.brought(ask))
    asked = wish(ask, FOLDER, words)
    with suppress(PaidOnly):  # then the picture is kept with the wish, until there are credits for it
        await ask.desk.studio.quote(ask.person, asked)  # what is refused anyway is refused before anything is fetched
    return await changed(ask, await sent.brought(ask), words)


@command("edit", "suaanh", "sửa ảnh", usage=texts.EDIT_USAGE, does=texts.DOES["edit"])
async def edit(ask: Ask, picture: OwnPicture, words: Rest) -> Reply:
    """The same by the id of the picture, where nothing can be replied to."""
    able = tools.can_change(ask.desk.terms, ask.now)
    return await (changed(ask, picture, words) if able else instead(ask, words))


async def changed(ask: Ask, picture: str, words: str) -> Reply:
    return await images.painted(ask, wish(ask, picture, words))


def wish(ask: Ask, picture: str, words: str) -> Prompt:
    """What is to become of the picture, by the tool that the words ask for."""
    return tools.meant(ask.desk.terms, images.asked(ask, words, source=picture), ask.now)


async def instead(ask: Ask, words: str) -> Reply:
    """No model here can change a picture; the words that came with it are good for a new one."""
    if not words:
        return Reply(ask.say(texts.NO_EDITING))
    prompt = images.asked(ask, words)
    quote = await ask.desk.studio.quote(ask.person, prompt)
    await images.keep_for_later(ask, prompt, quote.price)
    anew = Choice(ask.say(texts.ANEW, price=quote.price), action=f"go:{ask.short}")
    return Reply(ask.say(texts.ANEW_INSTEAD, words=prompt.words), (anew, images.edit(ask, prompt)))


@action("album")
async def album(ask: Ask) -> Reply:
    """Pressed by nobody: a mouth has passed over photos of an album that came without words, and has it said."""
    return Reply(ask.say(texts.ONE_BY_ONE))


def what_to_change(ask: Ask, picture: str) -> Reply:
    """A picture without a word."""
    id_ = picture.rpartition("/")[2]
    text = ask.say(
        texts.WHAT_TO_CHANGE, usage=f"/edit {id_[-SHORT_ID:]}", price=tools.of_change(ask.desk.terms, ask.now)
    )
    return ruled(ask, text, (change(ask, id_), *asked_by_words(ask, id_), describe(ask, id_), verify(ask, id_)))


def ruled(ask: Ask, text: str, choices: Sequence[Choice]) -> Reply:
    """With the rule of the mark, where a button carries it."""
    marked = any(tools.PAID_MARK in one.text for one in choices)
    return Reply(text + ask.say(texts.PAID_RULE) if marked else text, tuple(choices))


def asked_by_words(ask: Ask, id_: str) -> list[Choice]:
    terms, language = ask.desk.terms, ask.person.language
    return [tools.asking(terms, model, id_, language, ask.now) for model in tools.by_words(terms, ask.now)]


@action("by_words")
async def by_words(ask: Ask, picture: OwnPicture, name: Rest) -> Reply:
    """The one question of a tool that is told in words, with a sentence to begin from."""
    model = tools.living(ask.desk.terms, name, ask.now)
    if name not in tools.BY_WORDS or model is None:
        return Reply(ask.say(texts.NO_TOOL))
    begun = f"/edit {picture.rpartition('/')[2][-SHORT_ID:]} {ask.say(texts.BEGUN[name])}"
    price = tools.marked(ask.desk.terms, model, ask.now)
    text = ask.say(texts.QUESTIONS[name], price=price, typed=f"{begun}{ask.say(texts.FOR_EXAMPLE[name])}")
    return ruled(ask, text, (Choice(f"{ask.say(texts.WRITE)} · {price}", fill=begun),))


def change(ask: Ask, id_: str) -> Choice:
    """The beginning of a sentence that says what is to be changed."""
    price = tools.of_change(ask.desk.terms, ask.now)
    return Choice(ask.say(texts.CHANGE, price=price), fill=f"/edit {id_[-SHORT_ID:]} ")


def describe(ask: Ask, id_: str) -> Choice:
    return Choice(ask.say(texts.DESCRIBE), action=f"describe:{id_}")


def verify(ask: Ask, id_: str) -> Choice:
    return Choice(ask.say(texts.VERIFY), action=f"verify:{id_}")


# -- tools ------------------------------------------------------------------------------------------------------------


@action("tools")
async def more(ask: Ask, image: OwnImage) -> Reply:
    """Everything that can be done with the picture here, at its price."""
    found = tools.offered(ask.desk.terms, image, ask.now)
    buttons = [tools.button(ask.desk.terms, tool, image, ask.person.language, ask.now) for tool in found]
    changes = [change(ask, image.id)] if tools.can_change(ask.desk.terms, ask.now) else []
    choices = (*buttons, *asked_by_words(ask, image.id), *changes, describe(ask, image.id))
    return ruled(ask, ask.say(texts.WHAT_MORE, words=quoted(image)), choices)


@action("tool")
async def tool(ask: Ask, image: OwnImage, name: Rest, ceiling: Number = 0) -> Reply:
    """The price on the button is the most it may cost; one whose model has ended since says so."""
    wanted = tools.TOOLS.get(name)
    if wanted is None or wanted not in tools.offered(ask.desk.terms, image, ask.now):
        return Reply(ask.say(texts.NO_TOOL))
    return await images.pressed(ask, wanted.prompt(image), ceiling)
