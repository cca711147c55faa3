"""Appealing against a ban or a refusal: to a banned chat, the one thing that it is heard with besides its rights.

Words that were refused are nowhere with us before somebody presses: Telegram's press brings the message that it stands
under, the web chat has its own, and whoever cannot be helped like that says them again behind the command.
"""

from bot.asking import COMMANDS, Ask, OwnJob, Rest, action, command, own_job
from bot.captions import sentence_of
from bot.commands import images
from bot.refusing import group_of
from bot.replies import Reply
from bot.texts import appealing as texts
from core.appeals import BAN, GRANTED, LONGEST, LOST, PICTURE, UPLOAD, WORDS, Appeal, code_of, digest_of
from core.clock import DAY
from core.errors import Blocked
from core.letters import clean
from core.prompts import Prompt
from core.safety import RULES_VERSION, check
from core.talk import Talk


@command("appeal", "khieu nai", "khiếu nại", private=True, does=texts.DOES["appeal"])
async def appeal(ask: Ask, words: Rest = "") -> Reply:
    """With the person's own words against a ban, or with the words that were refused."""
    said = clean(words)
    if not await ask.desk.addresses.bans_of(ask.heard.address):
        return await refusal_told(ask, said)
    if not said:
        return Reply(ask.say(texts.HOW))
    if len(said) > LONGEST:
        return Reply(ask.say(texts.TOO_LONG, count=len(said), most=LONGEST))
    await ask.desk.appeals.make(ask.person.id, BAN, said)
    return Reply(ask.say(texts.MADE))


async def refusal_told(ask: Ask, said: str) -> Reply:
    """By somebody who is not banned. Whoever has agreed to nothing was refused nothing."""
    return await against_words(ask, said) if said and ask.person.agreed else Reply(ask.say(texts.NOTHING))


@action("refusal")
async def refusal(ask: Ask, digest: Rest) -> Reply:
    """The press takes along the words that it stands under, if they are still the same."""
    found = [ask.heard.text]
    if draft := await images.drafts(ask).of(ask.person.id):
        found.append(sentence_of(draft.prompt))
    words = next((one for one in found if one and digest_of(one) == digest), "")
    return await against_words(ask, words) if words else Reply(ask.say(texts.SAY_AGAIN))


async def against_words(ask: Ask, sentence: str) -> Reply:
    """What the rules say of the words today is what is appealed against."""
    prompt = prompt_of(ask, sentence)
    try:
        check(prompt.words, prompt.avoid)
    except Blocked as blocked:
        code = code_of(ask.person.id, prompt.words, prompt.avoid)
        words, pack = sentence_of(prompt), RULES_VERSION
        one = Appeal(ask.person.id, WORDS, words, 0, code, blocked.group, blocked.rule, pack)
        return await made(ask, one)
    return Reply(ask.say(texts.NOT_REFUSED))


def prompt_of(ask: Ask, sentence: str) -> Prompt:
    """As the sentence was read when it was refused: without the command before it, and the picture it was about."""
    words = sentence.strip()
    if words.startswith("/"):
        name, _, rest = words[1:].partition(" ")
        words = rest.partition(" ")[2] if COMMANDS.get(name.lower()) is COMMANDS["edit"] else rest
        return images.asked(ask, words)
    return images.asked(ask, images.without_wish(Talk.open().meant(words).words or words))


@action("judged")
async def judged(ask: Ask, job: OwnJob, group: Rest) -> Reply:
    """Against the refusal of a picture: its words stand in its order."""
    prompt = job.words
    code = code_of(ask.person.id, prompt.words, prompt.avoid)
    return await made(ask, Appeal(ask.person.id, PICTURE, prompt.words, 0, code, group, pack=RULES_VERSION, job=job.id))


@action("sent")
async def sent(ask: Ask, group: Rest) -> Reply:
    """Against the refusal of a picture that they sent, of which nothing is left but the kind of rule; once a day."""
    code = code_of(ask.person.id, UPLOAD, group, str(ask.now // DAY))
    return await made(ask, Appeal(ask.person.id, UPLOAD, "", 0, code, group, pack=RULES_VERSION))


async def made(ask: Ask, one: Appeal) -> Reply:
    standing = await ask.desk.appeals.against(one)
    if standing.state in (GRANTED, LOST):
        return Reply(ask.say(texts.ANSWERED_BEFORE[standing.state], code=standing.code))
    said = texts.MADE_OF_UPLOAD if one.about == UPLOAD else texts.MADE_OF_WORDS
    return Reply(ask.say(said, code=standing.code, group=group_of(ask, one.group)))


@action("allowed")
async def allowed(ask: Ask, code: Rest) -> Reply:
    """The very words that an admin has let pass, ordered as any other; they pass once."""
    one = await ask.desk.appeals.named(ask.person.id, code)
    if one is None or one.state != GRANTED:
        return Reply(ask.say(texts.PASSED))
    prompt = (await own_job(ask, one.job)).words.anew() if one.job else images.asked(ask, one.words)
    return await images.wanted(ask, prompt)
