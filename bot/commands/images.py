"""Asking for pictures, and everything that can be done with one."""

from dataclasses import replace

from bot import telling
from bot.asking import Ask, Number, OwnImage, OwnJob, Rest, action, command
from bot.replies import Choice, Reply
from bot.texts import images as texts
from bot.texts import length, refusals
from core.drafts import Draft, Drafts
from core.errors import NotEnoughCredits, TooLate, TooOften
from core.jobs import Job
from core.models import ratio_size
from core.prompts import Prompt, read, spelled
from core.studio import Ordered, Spot

FOUR = 4
ONE_PRESS = 3  # seconds in which the same button is one wish
NEWEST = 12


@command("imagine", "tao", "ve", "image", menu=True, usage=texts.USAGE, does=texts.DOES["imagine"])
async def imagine(ask: Ask, words: Rest) -> Reply:
    """A prompt, with or without the slash."""
    return await wanted(ask, read(words))


async def wanted(ask: Ask, prompt: Prompt, ceiling: int | None = None, once: str = "") -> Reply:
    """Paint it, or ask first where its price is more than the person goes along with. Ordered `once` under that key."""
    desk = ask.desk
    await desk.terms.limits.take_prompt(desk.ports.cache, ask.person.id)
    quote = await desk.studio.quote(ask.person, prompt)
    agreed = ask.person.asks == "never" or (ask.person.asks == "dear" and not quote.dear)
    if agreed if ceiling is None else quote.price <= ceiling:
        return await ordered(ask, prompt, once or ask.key)
    if quote.price > quote.free:
        await keep_for_later(ask, prompt, quote.price, short=True)
        raise NotEnoughCredits(quote.price, quote.free)
    return await confirming(ask, prompt, quote.price)


async def confirming(ask: Ask, prompt: Prompt, price: int) -> Reply:
    """The price, the balance after and the expected time stand before the button."""
    quote = await ask.desk.studio.quote(ask.person, prompt)
    await keep_for_later(ask, prompt, price)
    wait = length(quote.seconds, ask.person.language)
    text = ask.say(texts.CONFIRM, words=prompt.words, model=quote.model.title, count=prompt.count, wait=wait)
    go = ask.say(texts.GO_IN_GROUP if ask.heard.group else texts.GO, price=price, after=quote.free - price)
    return Reply(text, (Choice(go, action=f"go:{ask.short}"), edit(ask, prompt)))


async def instead_of_an_edit(ask: Ask, words: str) -> Reply:
    """No model here can change a picture; the words that came with it are good for a new one."""
    if not words:
        return Reply(ask.say(refusals.NO_EDITING))
    prompt = read(words)
    quote = await ask.desk.studio.quote(ask.person, prompt)
    await keep_for_later(ask, prompt, quote.price)
    anew = Choice(ask.say(refusals.ANEW, price=quote.price), action=f"go:{ask.short}")
    return Reply(ask.say(refusals.ANEW_INSTEAD, words=prompt.words), (anew, edit(ask, prompt)))


async def ordered(ask: Ask, prompt: Prompt, key: str) -> Reply:
    """Held and queued: the status message, which becomes the picture."""
    address = ask.heard.address
    asker = address.id if ask.heard.group else ""
    spot = Spot(address.channel, address.chat, reply_to=ask.heard.own, asker=asker)
    try:
        order = await ask.desk.studio.order(ask.person, prompt, key=key, spot=spot)
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


@action("go")
async def go(ask: Ask, key: Rest) -> Reply:
    """Yes to the price that was shown; a dearer one is asked about again."""
    draft, person = await drafts(ask).of(ask.person.id), ask.person.id
    if draft is None or draft.key != key:
        return Reply(ask.say(refusals.OLD_BUTTON))
    reply = await wanted(ask, draft.prompt, ceiling=draft.price, once=draft.once(person))
    await drafts(ask).answer(person, draft)
    return reply


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
    cache, press = ask.desk.ports.cache, f"press:{ask.person.id}:{ask.heard.action}"
    first = await cache.get(press)
    if first not in (None, ask.key.encode()):
        return Reply(ask.say(texts.ALREADY))
    await cache.put(press, ask.key.encode(), ONE_PRESS)
    return await wanted(ask, prompt, ceiling=ceiling or None)


@action("again")
async def again(ask: Ask, job: OwnJob, ceiling: Number = 0) -> Reply:
    """The same words, another seed. A price on an old button is the most it may cost."""
    return await pressed(ask, replace(job.words, seed=0, count=1), ceiling)


@action("retry")
async def retry(ask: Ask, job: OwnJob) -> Reply:
    """What came to nothing of that order, once more and for no more."""
    order = await ask.desk.studio.ordered(job.sheet)
    lost = [one for one in order.jobs if one.state == job.state == "failed"] or [job]
    prompt = replace(lost[0].words, count=len(lost))
    return await wanted(ask, prompt, ceiling=sum(one.price for one in lost))


@action("four")
async def four(ask: Ask, job: OwnJob, ceiling: Number = 0) -> Reply:
    """Four variations, shown as one contact sheet."""
    return await pressed(ask, replace(job.words, seed=0, count=FOUR), ceiling)


@command("show", "xem", does=texts.DOES["show"], usage=texts.SHOW_USAGE)
@action("show")
async def show(ask: Ask, image: OwnImage) -> Reply:
    """One picture with everything that can be done with it; seen from here on."""
    seen = await ask.desk.studio.gallery.view(image.person, image.id)
    return ask.desk.teller.shown(seen, ask.person.language)


@command("gallery", "thu vien", "thư viện", menu=True, private=True, does=texts.DOES["gallery"])
async def gallery(ask: Ask) -> Reply:
    found = [image for one in ask.person.ids for image in await ask.desk.studio.gallery.newest(one, limit=NEWEST)]
    newest = sorted(found, key=lambda image: image.id, reverse=True)[:NEWEST]
    if not newest:
        return Reply(ask.say(texts.GALLERY_EMPTY))
    for image in newest:
        await ask.desk.studio.gallery.view(image.person, image.id)
    wall = tuple(telling.hung(image, ask.person.language) for image in newest)
    return Reply(ask.say(texts.GALLERY, count=len(newest)), wall=wall)


@action("original")
async def original(ask: Ask, image: OwnImage) -> Reply:
    """The kept bytes themselves, as a file where the channel tells files from pictures."""
    seen = await ask.desk.studio.gallery.view(image.person, image.id)
    hung = telling.hung(seen, ask.person.language)
    return Reply(ask.say(texts.BUTTONS["original"]), shown=hung, alt=hung.alt, as_file=True)


@action("recipe")
async def recipe(ask: Ask, image: OwnImage) -> Reply:
    """How to get this very picture again."""
    prompt = replace(Prompt.of(image.prompt), seed=image.seed, count=1)
    wide, high = image.width, image.height
    size = f"{wide}×{high}" if wide else "×".join(map(str, ratio_size(prompt.ratio)))
    facts = {"words": prompt.words, "spelled": spelled(prompt), "model": image.model, "seed": image.seed}
    text = ask.say(texts.RECIPE, **facts, size=size, id=image.id)
    return Reply(text, (edit(ask, prompt),))


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
    return Choice(ask.say(texts.BUTTONS["edit"]), fill=spelled(replace(prompt, english="")))
