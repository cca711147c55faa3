"""The methods that change what stands already: edits, deletions, reactions."""

from collections.abc import Mapping

from infra.sandbox.telegram.asked import Wire
from infra.sandbox.telegram.chats import Message
from infra.sandbox.telegram.doing import Doing, Verb
from infra.sandbox.telegram.markup import read_inline
from infra.sandbox.telegram.refusing import NOT_MODIFIED, bad
from infra.sandbox.telegram.sending import caption_of, media_of, text_of

TWO_DAYS = 48 * 3600.0  # longer back nothing can be deleted
CAPTIONED = frozenset({"caption", "caption_entities", "show_caption_above_media"})
OF_FILES = frozenset({"photo", "document"})
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳💯🤣⚡🍌🏆💔😐🍓🍾💋😈😴😭🤓👻👀🎃🙈😇🤝✍🤗🫡🎅🎄☃"
    "💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


def _found(doing: Doing) -> Message:
    if "inline_message_id" in doing.asked:
        raise bad("MESSAGE_ID_INVALID")
    message = doing.message(doing.chat(), "message to edit")
    if message.sender["id"] != doing.robot.id or "successful_payment" in message.body:
        raise bad("message can't be edited")
    return message


def _edited(doing: Doing, message: Message, content: Wire) -> Wire:
    """The new content and the new buttons; without buttons the old ones are gone, as Telegram has it."""
    markup = read_inline(doing.asked, private=message.chat.private, invoice="invoice" in message.body)
    body = content | ({"reply_markup": markup} if markup else {})
    if "media_group_id" in message.body:
        body["media_group_id"] = message.body["media_group_id"]
    if _alike(body) == _alike(message.body):
        raise bad(NOT_MODIFIED)
    message.edit(body, doing.now)
    doing.world.changed()
    return message.wire()


def _alike(body: Wire) -> Wire:
    """Files are the same when they are the same file, whatever the identifier it came by."""
    said = {name: value for name, value in body.items() if name not in OF_FILES}
    files = [
        one["file_unique_id"] for one in [*body.get("photo", ()), *([body["document"]] if "document" in body else ())]
    ]
    return {**said, "files": files}


def edit_text(doing: Doing) -> Wire:
    message = _found(doing)
    content = text_of(doing.asked)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    return _edited(doing, message, content)


def edit_caption(doing: Doing) -> Wire:
    message = _found(doing)
    caption = caption_of(doing.asked)
    if not OF_FILES & set(message.body):
        raise bad("there is no caption in the message to edit")
    kept = {name: value for name, value in message.body.items() if name not in CAPTIONED | {"reply_markup"}}
    return _edited(doing, message, kept | caption)


def edit_media(doing: Doing) -> Wire:
    """A text may become a photo, a photo another; nothing becomes a text again."""
    message = _found(doing)
    item = doing.asked.object("media", "input media")
    if not item:
        raise bad("can't parse InputMedia: media not found")
    if "invoice" in message.body:
        raise bad("message media can't be edited")
    read_inline(doing.asked, private=message.chat.private)
    return _edited(doing, message, media_of(doing, item))


def edit_markup(doing: Doing) -> Wire:
    message = _found(doing)
    return _edited(doing, message, {name: value for name, value in message.body.items() if name != "reply_markup"})


def delete_message(doing: Doing) -> bool:
    chat = doing.chat()
    message = doing.message(chat, "message to delete")
    ours = message.sender["id"] == doing.robot.id
    may = ours or chat.private or chat.members.get(doing.robot.id) == "administrator"
    if not may or doing.now - message.at > TWO_DAYS:
        raise bad("message can't be deleted for everyone" if may else "message can't be deleted")
    chat.remove(message)
    doing.world.changed()
    return True


def set_reaction(doing: Doing) -> bool:
    message = doing.message(doing.chat(), "message to react")
    given = doing.asked.objects("reaction", "reaction types") or []
    if len(given) > 1:
        raise bad("REACTIONS_TOO_MANY")
    emoji = str(given[0].get("emoji", "")) if given else ""
    if emoji and emoji.rstrip("\ufe0f") not in REACTIONS:
        raise bad("REACTION_INVALID")
    message.reaction = emoji
    doing.world.changed()
    return True


EDITING: Mapping[str, Verb] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_reaction,
}
