"""Asking for pictures, and everything that can be done with one."""

import re
from dataclasses import replace

from bot import telling
from bot.asking import COMMANDS, Ask, Command, Number, OwnImage, OwnJob, Rest, action, command
from bot.captions import added, painter_of, sentence_of
from bot.replies import Choice, Reply
from bot.texts import images as texts
from bot.texts import length, refusals
from core import letters
from core.drafts import Draft, Drafts
from core.errors import NotEnoughCredits, PaidOnly, TooLate, TooOften
from core.gallery import Image
from core.jobs import Job
from core.models import ratio_size
from core.prompts import Prompt, read
from core.remembered import PRESSES, Remembered
from core.studio import Ordered, Spot

FOUR = 4
ID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
LOOKED_AT = 30  # newest pictures among which one is looked for


def spoken(text: str) -> tuple[Command, str] | None:
    """The id of a picture alone, as its recipe says it."""
    return (COMMANDS["show"], text.upper()) if ID.fullmatch(text.upper()) else None


def without_wish(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if rest and letters.bare(first.lower()) in ("ve", "tao") else text


@command("imagine", "tao", "ve", "image", menu=True, usage=texts.USAGE, does=texts.DOES["imagine"])
async def imagine(ask: Ask, words: Rest) -> Reply:
    """A prompt, with or without the slash."""
    return await painted(ask, asked(ask, words))


async def painted(ask: Ask, prompt: Prompt) -> Reply:
    """What somebody has said; if they have that very picture already, it is shown for nothing."""
    if prompt.seed and (image := await had_already(ask, prompt)):
        return await once_more(ask, image)
    return await wanted(ask, prompt)


def asked(ask: Ask, words: str, source: str = "") -> Prompt:
    """As the sentence says, and as the person always wants it; `source`: the picture that is to be changed."""
    prompt = read(words)
    return replace(prompt, plain=prompt.plain or ask.person.plain, source=source)


async def wanted(ask: Ask, prompt: Prompt, ceiling: int | None = None, once: str = "") -> Reply:
    """Paint it, or ask first where its price is more than the person goes along with. Ordered `once` under that key."""
    desk = ask.desk
    await desk.terms.limits.take_prompt(desk.ports.cache, ask.person.id)
    try:
        quote = await desk.studio.quote(ask.person, prompt, ask.standing.purse)
    except PaidOnly as refusal:
        raise await kept_until_paid(ask, prompt, refusal) from None
    agreed = ask.person.asks == "never" or (ask.person.asks == "dear" and not quote.dear)
    if agreed if ceiling is None else quote.price <= ceiling:
        return await ordered(ask, prompt, once or ask.key)
    if quote.price > quote.free:
        await keep_for_later(ask, prompt, quote.price, short=True)
        raise NotEnoughCredits(quote.price, quote.free)
    return await confirming(ask, prompt, quote.price)


async def kept_until_paid(ask: Ask, prompt: Prompt, refusal: PaidOnly) -> PaidOnly:
    """The wish waits for credits that were bought, and the refusal can say how many."""
    terms = ask.desk.terms
    cost = terms.price(terms.catalogue.models[refusal.name]) * prompt.count
    await keep_for_later(ask, prompt, cost, short=True)
    return PaidOnly(refusal.name, refusal.instead, cost)


async def confirming(ask: Ask, prompt: Prompt, price: int) -> Reply:
    """The price, the balance after and the expected time stand before the button."""
    quote = await ask.desk.studio.quote(ask.person, prompt, ask.standing.purse)
    await keep_for_later(ask, prompt, price)
    wait = length(quote.seconds, ask.person.language)
    text = ask.say(texts.CONFIRM, words=prompt.words, model=quote.model.title, count=prompt.count, wait=wait)
    go = ask.say(texts.GO_IN_GROUP if ask.heard.group else texts.GO, price=price, after=quote.free - price)
    return Reply(text, (Choice(go, action=f"go:{ask.short}"), edit(ask, prompt)))


# -- what is there already ------------------------------------------------------------------------------------------


async def had_already(ask: Ask, prompt: Prompt) -> Image | None:
    """A newest picture of theirs that was asked for in the very same way, seed and all, and painted by that model."""
    if prompt.count > 1:
        return None
    try:
        model = (await ask.desk.studio.quote(ask.person, prompt)).model.name
    except PaidOnly:
        return None
    images = [image for one in ask.person.ids for image in await ask.desk.studio.gallery.newest(one, limit=LOOKED_AT)]
    same = (image for image in images if bare(image.prompt_) == bare(prompt) and image.model == model)
    return next((image for image in same if painter_of(image) == model), None)


def bare(prompt: Prompt) -> Prompt:
    """What was asked for, without how it was read and beside how many others it was painted."""
    return replace(prompt, model="", count=1, english="", without="")


async def once_more(ask: Ask, image: Image) -> Reply:
    """It would come out the same, so it is theirs for nothing."""
    seen = await ask.desk.studio.gallery.view(image.person, image.id)
    shown = ask.desk.teller.shown(seen, ask.person.language)
    return replace(shown, text=f"{ask.say(texts.HAD_ALREADY)}\n{shown.text}")


async def ordered(ask: Ask, prompt: Prompt, key: str) -> Reply:
    """Held and queued: the status message, which becomes the picture."""
    address = ask.heard.address
    asker = address.id if ask.heard.group else ""
    spot = Spot(address.channel, address.chat, reply_to=ask.heard.own, asker=asker)
    try:
        order = await ask.desk.studio.order(ask.person, prompt, key=key, spot=spot, purse=ask.standing.purse)
    except NotEnoughCredits as short:
        await keep_for_later(ask, prompt, short.cost, short=True)
        raise
    return await status(ask, order)


async def status(ask: Ask, order: Ordered) -> Reply:
    first = order.jobs[0]
    if order.already and first.message:
        return Reply(ask.say(texts.ALREADY))
    ahead = await ask.desk.places.ahead(first.place)
    wait = length(ask.desk.places.seconds(ahead), ask.person.language)
    text = ask.say(texts.QUEUED, place=ahead + 1, wait=wait, price=sum(job.price for job in order.jobs))
    cancel = Choice(ask.say(texts.CANCEL), action=f"cancel:{first.id}")
    return Reply(text, (cancel,), watches=order.sheet.id, answers=ask.heard.own)


# -- a prompt kept for later ----------------------------------------------------------------------------------------


def drafts(ask: Ask) -> Drafts:
    return Drafts(ask.desk.ports.table)


async def keep_for_later(ask: Ask, prompt: Prompt, price: int, *, short: bool = False) -> None:
    """One prompt waits for a person's yes: to the notice, to a price, to a top-up."""
    await drafts(ask).keep(ask.person.id, Draft(prompt, price, ask.short, ask.now, short=short))


def going_on(ask: Ask, draft: Draft) -> Choice:
    """The yes that a kept prompt waits for."""
    return Choice(ask.say(refusals.CONTINUE), action=f"go:{draft.key}")


@action("go")
async def go(ask: Ask, key: Rest) -> Reply:
    """Yes to the price that was shown; a dearer one is asked about again."""
    draft, person = await drafts(ask).of(ask.person.id), ask.person.id
    if draft is None or draft.key != key:
        return Reply(ask.say(refusals.OLD_BUTTON))
    reply = await wanted(ask, draft.prompt, ceiling=draft.price, once=draft.once(person))
    await drafts(ask).answer(person, draft)
    return reply


@action("gift")
async def within_gift(ask: Ask, key: Rest) -> Reply:
    """The words of a wish that waits for credits, painted anew by the painter that a gift pays for."""
    draft, person = await drafts(ask).of(ask.person.id), ask.person.id
    if draft is None or draft.key != key:
        return Reply(ask.say(refusals.OLD_BUTTON))
    anew = replace(draft.prompt, model="", source="", count=1)
    return await wanted(ask, anew, ceiling=ask.desk.terms.least(ask.now), once=f"{draft.once(person)}:gift")


# -- waiting --------------------------------------------------------------------------------------------------------


async def open_jobs(ask: Ask) -> list[Job]:
    """The asker's jobs that are not closed, oldest first; the purse knows their sheets."""
    purse = await ask.desk.ledger.purse(ask.person.id)
    orders = [await ask.desk.studio.ordered(sheet) for sheet in purse.open]
    return sorted((job for order in orders for job in order.jobs if not job.closed), key=lambda job: job.place)


@command("queue", "hàng đợi", "hang doi", menu=True, private=True, does=texts.DOES["queue"])
async def queue(ask: Ask) -> Reply:
    jobs = await open_jobs(ask)
    if not jobs:
        return Reply(ask.say(texts.NOTHING_OPEN))
    lines = [await waiting(ask, job) for job in jobs]
    cancel = Choice(ask.say(texts.CANCEL), action=f"cancel:{jobs[-1].id}")
    return Reply(ask.say(texts.QUEUE, list="\n".join(lines)), (cancel,))


async def waiting(ask: Ask, job: Job) -> str:
    if job.state == "painting":
        return ask.say(texts.PAINTING_LINE, words=job.words.words)
    return ask.say(texts.QUEUE_LINE, place=await ask.desk.places.ahead(job.place) + 1, words=job.words.words)


@command("cancel", "huy", "huỷ", "hủy", does=texts.DOES["cancel"])
async def cancel_newest(ask: Ask) -> Reply:
    jobs = await open_jobs(ask)
    return await cancel(ask, jobs[-1]) if jobs else Reply(ask.say(texts.NOTHING_OPEN))


@action("cancel")
async def cancel(ask: Ask, job: OwnJob) -> Reply:
    """The whole sheet: whoever ordered four did so with one word."""
    order = await ask.desk.studio.ordered(job.sheet)
    back = 0
    state: str = job.state
    for one in (one for one in order.jobs if not one.closed):
        try:
            back += (await ask.desk.studio.cancel(one.person, one.id)).price
        except TooLate as late:
            state = late.state
        except TooOften:  # it is being drawn, and somebody pays for that
            state = "painting"
    if not back:
        raise TooLate(state)
    return Reply(ask.say(texts.CANCELLED, price=back))


# -- a picture ------------------------------------------------------------------------------------------------------


async def pressed(ask: Ask, prompt: Prompt, ceiling: int) -> Reply:
    """One button that orders, pressed in two tabs or by a trembling thumb, was meant once."""
    presses, press = Remembered(ask.desk.ports.cache, PRESSES), f"{ask.person.id}:{ask.heard.action}"
    if await presses.find(press) not in (None, ask.key):
        return Reply(ask.say(texts.ALREADY))
    await presses.keep(press, ask.key)
    return await wanted(ask, prompt, ceiling=ceiling or None)


@action("again")
async def again(ask: Ask, job: OwnJob, ceiling: Number = 0) -> Reply:
    """The same words, another seed. A price on an old button is the most it may cost."""
    return await pressed(ask, job.words.anew(), ceiling)


@action("plain")
async def plain(ask: Ask, job: OwnJob, ceiling: Number = 0) -> Reply:
    """From the very same seed, and nothing added to the words: the difference is what the words make."""
    return await pressed(ask, job.words.anew(seed=job.words.seed).in_own_words(), ceiling)


@action("retry")
async def retry(ask: Ask, job: OwnJob) -> Reply:
    """What came to nothing of that order, once more and for no more."""
    prompt = await lost_of(ask, job)
    return await wanted(ask, prompt, ceiling=job.price * prompt.count)


async def lost_of(ask: Ask, job: Job) -> Prompt:
    """What has failed of its order, to be asked for anew."""
    order = await ask.desk.studio.ordered(job.sheet)
    lost = [one for one in order.jobs if one.state == job.state == "failed"] or [job]
    return replace(lost[0].words, count=len(lost))


@action("typed")
async def typed(ask: Ask, job: OwnJob, ceiling: Number = 0) -> Reply:
    """What nobody could translate, painted from the words as they were typed."""
    prompt = (await lost_of(ask, job)).as_typed()
    return (
        await pressed(ask, prompt.anew(count=prompt.count), ceiling) if prompt else Reply(ask.say(texts.NOT_AS_TYPED))
    )


@action("four")
async def four(ask: Ask, job: OwnJob, ceiling: Number = 0) -> Reply:
    """Four variations, shown as one contact sheet."""
    return await pressed(ask, job.words.anew(count=FOUR), ceiling)


@command("show", "xem", does=texts.DOES["show"], usage=texts.SHOW_USAGE)
@action("show")
async def show(ask: Ask, image: OwnImage) -> Reply:
    """One picture with everything that can be done with it; seen from here on."""
    seen = await ask.desk.studio.gallery.view(image.person, image.id)
    return ask.desk.teller.shown(seen, ask.person.language)


@action("original")
async def original(ask: Ask, image: OwnImage) -> Reply:
    """The kept bytes themselves, as a file where the channel tells files from pictures."""
    seen = await ask.desk.studio.gallery.view(image.person, image.id)
    hung = telling.hung(seen, ask.person.language)
    return Reply(ask.say(texts.BUTTONS["original"]), shown=hung, alt=hung.alt, as_file=True)


@action("recipe")
async def recipe(ask: Ask, image: OwnImage) -> Reply:
    """How to get this very picture again."""
    prompt = image.prompt_.anew(seed=image.seed)
    wide, high = image.width, image.height
    size = f"{wide}×{high}" if wide else "×".join(map(str, ratio_size(prompt.ratio)))
    facts = {"words": prompt.words, "spelled": sentence_of(prompt), "model": painter_of(image), "seed": image.seed}
    text = ask.say(texts.RECIPE, **facts, size=size, id=image.id) + added(image, ask.person.language)
    made = ask.say(texts.MADE_FROM, source=prompt.source.rpartition("/")[2]) if prompt.source else ""
    return Reply(f"{text}\n{made}" if made else text, (edit(ask, prompt),))


@action("star")
async def star(ask: Ask, image: OwnImage) -> Reply:
    await ask.desk.studio.gallery.favour(image.person, image.id)
    return Reply(ask.say(texts.STARRED))


@action("unstar")
async def unstar(ask: Ask, image: OwnImage) -> Reply:
    await ask.desk.studio.gallery.favour(image.person, image.id, favourite=False)
    return Reply(ask.say(texts.UNSTARRED))


@action("delete")
async def delete(ask: Ask, image: OwnImage) -> Reply:
    sure = Choice(ask.say(texts.BUTTONS["delete_yes"]), action=f"delete_yes:{image.id}")
    return Reply(ask.say(texts.SURE_DELETE), (sure,))


@action("delete_yes")
async def delete_yes(ask: Ask, image: OwnImage) -> Reply:
    await ask.desk.studio.gallery.discard(image.person, image.id, ask.now)
    return Reply(ask.say(texts.DELETED))


def edit(ask: Ask, prompt: Prompt) -> Choice:
    """The words go back into the input, with their flags."""
    return Choice(ask.say(texts.BUTTONS["edit"]), fill=sentence_of(prompt))
