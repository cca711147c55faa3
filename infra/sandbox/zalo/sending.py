"""The methods that send: messages, photos by their address, stickers, voice; and that the bot is typing."""

import json
import re
from collections.abc import Mapping

from infra.sandbox.utf16 import length
from infra.sandbox.zalo.asked import Asked, Wire
from infra.sandbox.zalo.chats import Chat
from infra.sandbox.zalo.doing import Doing, Verb
from infra.sandbox.zalo.pictures import Picture, checked
from infra.sandbox.zalo.refusing import bad

ACTIONS = ("typing",)  # upload_photo is announced, and not there
MODES = ("markdown", "html")
BRACES = re.compile(r"\{[^}\n]*\}?|\}")
COLOURS = re.compile(r"\{/?(red|orange|yellow|green|big|small)\}")
STYLES = re.compile(r"b|i|u|s|f_(13|15|18|20)|c_(050a19|15a85f|f7b503|f27806|db342e)|lst_[12]|ind_[1-5]")
STICKER = re.compile(r"[0-9A-Za-z_-]{4,64}")


async def send_message(doing: Doing) -> Wire:
    chat = doing.chat()
    text = doing.words("text", doing.world.habits.longest_text)
    if not text.strip():
        raise bad("text is empty")
    _check_look(doing.asked, text)
    return _sent(doing, chat, "text", {"text": text})


async def send_photo(doing: Doing) -> Wire:
    """The plan is asked first, so that nothing is fetched in vain."""
    chat = doing.chat()
    caption = doing.words("caption", doing.world.habits.longest_caption)
    url = checked(doing.asked.text("photo"))
    doing.robot.meter.admit(chat.id)
    picture = await doing.world.gallery.take(url, chat.id)
    return _sent(doing, chat, "image", {"caption": caption} if caption else {}, picture)


async def send_sticker(doing: Doing) -> Wire:
    chat, sticker = doing.chat(), doing.asked.text("sticker")
    if not STICKER.fullmatch(sticker):
        raise bad("sticker not found")
    return _sent(doing, chat, "sticker", {"sticker": sticker})


async def send_voice(doing: Doing) -> Wire:
    """To a group it is taken, and reaches nobody."""
    chat, url = doing.chat(), checked(doing.asked.text("voice_url"))
    if not url.partition("?")[0].endswith(".aac"):
        raise bad("voice_url must end in .aac")
    return _sent(doing, chat, "voice", {"voice_url": url})


async def send_chat_action(doing: Doing) -> None:
    chat, world = doing.chat(), doing.world
    if doing.asked.text("action") not in ACTIONS:
        raise bad("action is not supported")
    if world.habits.actions_count:
        doing.robot.meter.admit(chat.id)
        doing.robot.meter.count(chat.id)
    chat.typing_until = world.clock.now() + world.habits.typing_shows
    world.changed()


def _sent(doing: Doing, chat: Chat, kind: str, content: Wire, picture: Picture | None = None) -> Wire:
    doing.robot.meter.admit(chat.id)
    message = doing.world.say(chat, doing.robot, kind, content, picture)
    return {"message_id": message.id, "date": int(message.at * 1000)}


def _check_look(asked: Asked, text: str) -> None:
    """A mode wins over styles. In markdown every brace is read as a colour, so that a stray one spoils the message."""
    mode, styles = asked.text("parse_mode"), asked.get("text_styles")
    if mode and mode not in MODES:
        raise bad("parse_mode is not supported")
    if mode == "markdown" and not all(COLOURS.fullmatch(one) for one in BRACES.findall(text)):
        raise bad("text cannot be parsed as markdown")
    if styles is not None and not mode and not all(_is_style(one, length(text)) for one in _listed(styles)):
        raise bad("text_styles cannot be read")


def _listed(styles: object) -> list[object]:
    try:
        found = json.loads(styles) if isinstance(styles, str) else styles
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise bad("text_styles cannot be read")
    return found


def _is_style(one: object, end: int) -> bool:
    match one:
        case {"start": int(start), "len": int(size), "st": [*names]}:
            known = all(isinstance(name, str) and STYLES.fullmatch(name) for name in names)
            return known and start >= 0 and size > 0 and start + size <= end
        case _:
            return False


SENDING: Mapping[str, Verb] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendSticker": send_sticker,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
}
