"""The first words, and a person's own affairs: language, settings, credits, privacy, leaving."""

from contextlib import suppress
from typing import get_args

from bot.asking import COMMANDS, Ask, Command, Rest, Usage, action, command
from bot.commands import linking, paying
from bot.commands.images import drafts, going_on, wanted
from bot.refusing import FROM_GROUP, trying
from bot.replies import Choice, Reply
from bot.texts import Language, greeting, thousands
from bot.texts import people as texts
from bot.when import date_of, moment_of
from core.errors import OtherFacts, TooOften
from core.ledger import Purse
from core.people import CONSENT_VERSION, Asks
from core.table import Row

NEWEST = 20
LONGEST_PAYLOAD = 64  # characters, as Telegram has them
MEANWHILE = 20  # seconds after which a chat that was too fast is listened to again
OPEN = ("pending", "review")  # orders that may still become something
OF_AN_ORDER = ("topup", "refund hold", "refund release")  # entries that name theirs


@command("start", "bat dau", "bắt đầu", private=True, does=texts.DOES["start"])
async def start(ask: Ask, payload: Rest = "") -> Reply | list[Reply]:
    """With what a link has brought along: an order to look at, a code to link by, who has sent them."""
    what, _, of = payload.partition("_")
    if what == "ref" and of:
        await ask.desk.people.came_by(ask.person, of[:LONGEST_PAYLOAD], ask.now)
    if not ask.person.agreed:
        if what == "link":
            await linking.keep_for_later(ask, of)
        return notice(ask, kept=payload == FROM_GROUP and await drafts(ask).of(ask.person.id) is not None)
    if what == "pay" and of:
        return await paying.check(ask, of)
    if what == "link" and of:
        return await linking.link(ask, of)
    return await welcome_back(ask, payload)


async def welcome_back(ask: Ask, payload: str) -> Reply:
    """Out of a group they come with a prompt that is to go on."""
    purse, draft = await ask.desk.ledger.purse(ask.person.id), await drafts(ask).of(ask.person.id)
    waits = payload == FROM_GROUP and draft is not None and draft.waits
    go = (going_on(ask, draft),) if draft and waits else ()
    return Reply(ask.say(greeting.WELCOME_BACK, free=purse.free), (*go, *examples(ask)))


def notice(ask: Ask, *, kept: bool = False) -> Reply:
    """What one talks to, what is stored and where it is sent, before anything else."""
    text = ask.say(greeting.CONSENT) + (f"\n\n{ask.say(greeting.KEPT_FOR_LATER)}" if kept else "")
    offered = ((greeting.AGREE, "agree"), (greeting.POLICY, "policy"), (greeting.DECLINE, "decline"))
    return Reply(text, tuple(Choice(ask.say(said), action=name) for said, name in offered))


@action("agree", private=True)
async def agree(ask: Ask) -> list[Reply]:
    """Consent, the gift where the channel may give it, and then what was asked for before."""
    person = await ask.desk.people.agree(ask.person, CONSENT_VERSION, ask.heard.address.channel)
    if ask.desk.may_give(ask.heard.address.channel):
        key = f"gift:{ask.desk.addresses.digest(f'{ask.heard.address.channel}:{ask.heard.address.id}')}"
        with suppress(OtherFacts):  # given before, when a gift was another
            await ask.desk.people.gift(person, ask.heard.address, ask.desk.gift, key=key)
    purse = await ask.desk.ledger.purse(person.id)
    agreed = ask.by(person)
    welcome = [Reply(ask.say(greeting.WELCOME, free=purse.free), examples(ask)), *await linking.kept(agreed)]
    draft = await drafts(agreed).of(person.id)
    if draft is None or (draft.price and draft.key != ask.short):
        return welcome  # nothing was asked for, or something else is meant to be said yes to
    painted = await trying(agreed, wanted(agreed, draft.prompt, once=draft.once(person.id)))
    if draft.key != ask.short:
        await drafts(agreed).forget(person.id, draft)
    return [*welcome, painted]


def examples(ask: Ask) -> tuple[Choice, ...]:
    return tuple(Choice(ask.say(said), fill=ask.say(said)) for said in greeting.TRY)


@command("privacy", "rieng tu", "riêng tư", menu=True, private=True, does=texts.DOES["privacy"])
@action("policy", private=True)
async def privacy(ask: Ask) -> Reply:
    consent = ask.person.consent
    agreed = date_of(consent.at, ask.person.language) if consent else ask.say(greeting.NEVER)
    buttons = () if ask.person.agreed else (Choice(ask.say(greeting.AGREE), action="agree"),)
    return Reply(ask.say(greeting.PRIVACY, agreed=agreed), buttons)


@command("terms", "dieu khoan", "điều khoản", does=texts.DOES["terms"])
async def terms(ask: Ask) -> Reply:
    lines = (f"– {ask.say(line)}" for line in greeting.NOT_DRAWN.values())
    return Reply(ask.say(greeting.TERMS, not_drawn="\n".join(lines)))


@action("decline", private=True)
async def decline(ask: Ask) -> Reply:
    """Whatever was said before goes, unless it was agreed to already."""
    forgets = not ask.person.agreed
    if forgets:
        await drafts(ask).drop(ask.person.id)
    return Reply(ask.say(greeting.DECLINED), (Choice(ask.say(greeting.AGREE), action="agree"),), forgets=forgets)


@command("help", "tro giup", "trợ giúp", menu=True, does=texts.DOES["help"])
async def help_(ask: Ask) -> Reply:
    here = [one for one in menu() if not (one.private and ask.heard.group)]
    lines = [f"/{one.name} – {ask.say(one.does)}" for one in here if one.does]
    return Reply(ask.say(greeting.HELP, list="\n".join(lines)), examples(ask))


@action("slower")
async def slower(_: Ask) -> Reply:
    """Pressed by nobody: a mouth has passed over words that came too fast, and has it said."""
    raise TooOften(MEANWHILE)


def menu() -> list[Command]:
    """Every command that people may use, once."""
    return [one for name, one in COMMANDS.items() if name == one.name and one.rights == "none"]


@command("language", "ngon ngu", "ngôn ngữ", does=texts.DOES["language"], usage=texts.LANGUAGE_USAGE)
@action("language")
async def language(ask: Ask, word: Rest = "") -> Reply:
    if not word:
        spoken: tuple[tuple[str, str], ...] = (("Tiếng Việt", "vi"), ("English", "en"))
        return Reply(
            ask.say(greeting.CHOOSE_LANGUAGE), tuple(Choice(say, action=f"language:{one}") for say, one in spoken)
        )
    if word not in get_args(Language):
        raise Usage(texts.LANGUAGE_USAGE)
    person = await ask.desk.people.speak(ask.person, "en" if word == "en" else "vi")
    return Reply(ask.by(person).say(greeting.LANGUAGE_SET))


@command("settings", "cai dat", "cài đặt", menu=True, private=True, does=texts.DOES["settings"])
async def settings(ask: Ask) -> Reply:
    asks = tuple(Choice(ask.say(said), action=f"asks:{name}") for name, said in texts.ASK_BUTTON.items())
    other: Language = "en" if ask.person.language == "vi" else "vi"
    switch = Choice("English" if other == "en" else "Tiếng Việt", action=f"language:{other}")
    now, then = ("off", "on") if ask.person.plain else ("on", "off")
    improve = Choice(ask.say(texts.IMPROVE_BUTTON[then]), action=f"improve:{then}")
    facts = {"asks": ask.say(texts.ASKS[ask.person.asks]), "improves": ask.say(texts.IMPROVES[now])}
    return Reply(ask.say(texts.SETTINGS, **facts), (*asks, improve, switch))


@action("asks")
async def asks(ask: Ask, how: Rest) -> Reply:
    known: dict[str, Asks] = {name: name for name in get_args(Asks)}
    person = await ask.desk.people.prefer(ask.person, known.get(how, "dear"))
    return Reply(ask.say(texts.ASKS_SET, asks=ask.say(texts.ASKS[person.asks])))


@action("improve")
async def improve(ask: Ask, how: Rest) -> Reply:
    """Whether light and detail may be added to what they say."""
    person = await ask.desk.people.word(ask.person, plain=how == "off")
    return Reply(ask.say(texts.IMPROVE_SET["off" if person.plain else "on"]))


# -- credits --------------------------------------------------------------------------------------------------------


@command("balance", "vi", "sodu", "so du", "số dư", "ví", menu=True, private=True, does=texts.DOES["balance"])
async def balance(ask: Ask) -> Reply:
    purse = await ask.desk.ledger.purse(ask.person.id)
    split = ask.say(texts.SPLIT, gift=purse.gift) if purse.gift and purse.paid else ""
    return Reply(balance_of(ask, purse) + split)


def balance_of(ask: Ask, purse: Purse) -> str:
    held = ask.say(texts.HELD, held=purse.held) if purse.held else ""
    return ask.say(texts.BALANCE, free=thousands(purse.free, ask.person.language), held=held)


@command("history", "lich su", "lịch sử", private=True, does=texts.DOES["history"])
async def history(ask: Ask) -> Reply:
    entries = await ask.desk.ledger.entries(ask.person.id, limit=NEWEST)
    moved = [row for row in entries if row.number("gift") + row.number("paid")]  # what was held is spent in silence
    lines = "\n".join(line_of(ask, row) for row in moved)
    orders = await paying.newest(ask)
    waiting = [paying.line_of(ask, order) for order in orders if order.state in OPEN]
    text = ask.say(texts.HISTORY, list=lines) if moved else ask.say(texts.HISTORY_EMPTY)
    listed = ask.say(texts.OPEN_ORDERS, list="\n".join(waiting)) if waiting else ""
    return Reply(text + listed, paying.buttons(ask, orders))


def line_of(ask: Ask, row: Row) -> str:
    """One entry as a person reads it: what moved in their free credits, and what was left."""
    moved = row.number("gift") + row.number("paid")
    kind = texts.KINDS.get(row.text("kind"), texts.KINDS["grant"])
    after = row.number("gift_after") + row.number("paid_after")
    at = moment_of(row.number("at"), ask.person.language)
    line = ask.say(texts.ENTRY, at=at, kind=ask.say(kind), moved=f"{moved:+d}", after=after)
    return f"{line} · {row.text('ref')}" if row.text("kind") in OF_AN_ORDER and row.text("ref") else line


# -- privacy --------------------------------------------------------------------------------------------------------


@command("mydata", "du lieu cua toi", "dữ liệu của tôi", private=True, does=texts.DOES["mydata"])
async def mydata(ask: Ask) -> Reply:
    """A file where the chat takes one; else a link that is good for a while."""
    desk, channel = ask.desk, ask.heard.address.channel
    if channel == "web":
        return Reply(ask.say(texts.MYDATA), (Choice(ask.say(texts.DOWNLOAD), url="/mydata"),))
    desk.takeaway.check(ask.person.id)
    if channel in desk.filing:
        return Reply(ask.say(texts.MYDATA_COMES), files=desk.takeaway.parts(ask.person))
    if not desk.counter.base:
        return Reply(ask.say(texts.MYDATA_NOWHERE))
    link = f"{desk.counter.base}{desk.takeaway.link(ask.person.id)}"
    return Reply(ask.say(texts.MYDATA_LINK), (Choice(ask.say(texts.DOWNLOAD), url=link),))


@command("deleteme", "xoa toi", "xoá tôi", private=True, does=texts.DOES["deleteme"])
async def deleteme(ask: Ask) -> Reply:
    loss = await ask.desk.privacy.loss(ask.person)
    at = date_of(loss.erase_at, ask.person.language)
    text = ask.say(texts.SURE_LEAVE, at=at, images=loss.images, paid=loss.paid, gift=loss.gift)
    return Reply(text, (Choice(ask.say(texts.LEAVE), action="leave"),))


@action("leave")
async def leave(ask: Ask) -> Reply:
    loss = await ask.desk.privacy.ask_erase(ask.person)
    keep = Choice(ask.say(texts.KEEP), action="stay")
    return Reply(ask.say(texts.LEAVING, at=date_of(loss.erase_at, ask.person.language)), (keep,))


@action("stay")
async def stay(ask: Ask) -> Reply:
    await ask.desk.privacy.keep_me(ask.person)
    return Reply(ask.say(texts.STAYING))
