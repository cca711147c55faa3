"""Admins and people: looking one up, credits, bans. Money and bans want a reason and a second tap."""

from bot.admin.appeals import granted as granted_appeal
from bot.admin.finding import PersonNamed
from bot.admin.second_tap import Deed, asking_twice, confirmed
from bot.asking import COMMANDS, RANK, Ask, Credits, Rest, command
from bot.replies import Reply
from bot.texts import admin as texts
from bot.when import moment_of
from core.addresses import Ban
from core.news import GRANTED, News, posting, to_chat
from core.people import Person

SHOWN = 3
MOST_LISTED = 15  # bans


@command("admin", rights="moderator", private=True, does=texts.DOES["admin"])
async def admin(ask: Ask) -> Reply:
    mine = [
        one
        for name, one in COMMANDS.items()
        if name == one.name and one.rights != "none" and RANK[one.rights] <= RANK[ask.rights]
    ]
    lines = [f"{ask.say(one.usage) if one.usage else f'/{one.name}'} – {ask.say(one.does)}" for one in mine if one.does]
    return Reply(ask.say(texts.MENU, list="\n".join(lines)))


@command("user", rights="moderator", private=True, does=texts.DOES["user"], usage=texts.USAGES["user"])
async def user(ask: Ask, person: PersonNamed) -> Reply:
    purse = await ask.desk.ledger.purse(person.id)
    images = await ask.desk.studio.gallery.newest(person.id, limit=SHOWN)
    facts = {"free": purse.free, "gift": purse.gift, "held": purse.held, "frozen": " 🔒" if purse.frozen else ""}
    told = {
        "addresses": ", ".join(one.masked for one in person.addresses),
        "images": ", ".join(image.id for image in images) or "–",
    }
    text = ask.say(texts.USER, person=person.id, status=person.status, language=person.language, **facts, **told)
    bans = [await ban_of(ask, one) for one in await ask.desk.addresses.bans_of(*person.addresses)]
    return Reply("\n".join([text, *dict.fromkeys(bans)]))


async def ban_of(ask: Ask, ban: Ban) -> str:
    """Since when, why, and by which admin."""
    since = moment_of(ban.since, ask.person.language) if ban.since else "–"
    by = await ask.desk.addresses.admin_at(ban.by)
    return ask.say(texts.BANNED_SINCE, since=since, reason=ban.reason, by=by.masked if by else "–")


@command("banned", rights="moderator", private=True, does=texts.DOES["banned"])
async def banned_people(ask: Ask) -> Reply:
    """Everybody who is not heard, the newest ban first; a person with several chats stands there once."""
    bans = {ban.person or ban.address: ban for ban in await ask.desk.addresses.bans()}
    newest = sorted(bans.items(), key=lambda one: one[1].since, reverse=True)
    lines = [f"• {who}\n  {await ban_of(ask, ban)}" for who, ban in newest[:MOST_LISTED]]
    if not lines:
        return Reply(ask.say(texts.NOBODY_BANNED))
    return Reply(ask.say(texts.BANNED_PEOPLE, count=len(bans), list="\n".join(lines)))


@command("grant", rights="owner", private=True, does=texts.DOES["grant"], usage=texts.USAGES["grant"])
async def grant(ask: Ask, person: PersonNamed, credits_: Credits, reason: Rest) -> Reply:
    what = ask.say(texts.GRANT, credits=credits_, person=person.id, reason=reason)
    return await asking_twice(ask, what, do="grant", person=person.id, credits=credits_, reason=reason)


@confirmed("grant")
async def granted(ask: Ask, deed: Deed) -> Reply:
    person, credits_, reason = await deed.person(), deed.number("credits"), deed.reason
    noted = deed.noting(person.id, reason=f"{credits_}: {reason}")
    told = [posting(told_of(ask, person, credits_, reason))] if person.addresses else []
    moved = await ask.desk.ledger.deposit(person.id, credits_, key=deed.key, actor=ask.person.id, also=(noted, *told))
    return Reply(ask.say(texts.GRANTED, credits=credits_, person=person.id, free=moved.purse.free))


def told_of(ask: Ask, person: Person, credits_: int, reason: str) -> News:
    """The person hears of it where they first met us."""
    address, news = person.addresses[0], ask.desk.ports.chance.ulid(ask.now)
    return to_chat(GRANTED, person.id, address.channel, address.chat, news, ask.now, credits=credits_, reason=reason)


@command("ban", rights="moderator", private=True, does=texts.DOES["ban"], usage=texts.USAGES["ban"])
async def ban(ask: Ask, person: PersonNamed, reason: Rest) -> Reply:
    what = ask.say(texts.BAN, person=person.id, reason=reason)
    return await asking_twice(ask, what, do="ban", person=person.id, reason=reason)


@confirmed("ban")
async def banned(ask: Ask, deed: Deed) -> Reply:
    person = await deed.person()
    await ask.desk.addresses.ban(*person.addresses, reason=deed.reason, actor=ask.heard.address)
    return Reply(ask.say(texts.BANNED, person=person.id))


@command("unban", rights="moderator", private=True, does=texts.DOES["unban"], usage=texts.USAGES["unban"])
async def unban(ask: Ask, person: PersonNamed, reason: Rest) -> Reply:
    what = ask.say(texts.UNBAN, person=person.id, reason=reason)
    return await asking_twice(ask, what, do="unban", person=person.id, reason=reason)


@confirmed("unban")
async def unbanned(ask: Ask, deed: Deed) -> Reply:
    person = await deed.person()
    also = await granted_appeal(ask, person, deed.reason)
    await ask.desk.addresses.unban(*person.addresses, reason=deed.reason, actor=ask.heard.address, also=also)
    return Reply(ask.say(texts.UNBANNED, person=person.id))
