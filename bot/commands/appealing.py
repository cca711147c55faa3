"""Appealing against a ban: the one thing that a banned chat is heard with."""

from bot.asking import Ask, Rest, command
from bot.replies import Reply
from bot.texts import appealing as texts
from core.appeals import LONGEST
from core.letters import clean

BAN = "ban"


@command("appeal", "khieu nai", "khiếu nại", private=True, does=texts.DOES["appeal"])
async def appeal(ask: Ask, words: Rest = "") -> Reply:
    """With the person's own words, which admins read."""
    said = clean(words)
    if not await ask.desk.addresses.bans_of(ask.heard.address):
        return Reply(ask.say(texts.NOTHING))
    if not said:
        return Reply(ask.say(texts.HOW))
    if len(said) > LONGEST:
        return Reply(ask.say(texts.TOO_LONG, count=len(said), most=LONGEST))
    await ask.desk.appeals.make(ask.person.id, BAN, said)
    return Reply(ask.say(texts.MADE))
