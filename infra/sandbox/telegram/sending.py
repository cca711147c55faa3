"""The methods that send: messages, photos, documents, albums, copies, drafts, what the bot is doing right now."""

from collections.abc import Mapping

from infra.sandbox.telegram.asked import Asked, Wire, names
from infra.sandbox.telegram.chats import Chat
from infra.sandbox.telegram.doing import Doing, Verb
from infra.sandbox.telegram.entities import read_text
from infra.sandbox.telegram.markup import read_markup
from infra.sandbox.telegram.refusing import bad
from infra.sandbox.utf16 import length

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024  # UTF-16 units, without the markup
FEWEST, MOST = 2, 10  # of an album
ACTION_SHOWS, DRAFT_SHOWS = 5.0, 30.0  # seconds
ACTIONS = names(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)


def text_of(asked: Asked) -> Wire:
    text, entities = read_text(asked, "text")
    if not text:
        raise bad("message text is empty")
    if length(text) > LONGEST_TEXT:
        raise bad("message is too long")
    return {"text": text, **({"entities": entities} if entities else {}), **_preview(asked)}


def _preview(asked: Asked) -> Wire:
    options = asked.object("link_preview_options", "link preview options")
    return {"link_preview_options": options} if options else {}


def caption_of(asked: Asked) -> Wire:
    caption, entities = read_text(asked, "caption")
    if length(caption) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    said: Wire = {"caption": caption} if caption else {}
    if entities:
        said["caption_entities"] = entities
    if asked.yes("show_caption_above_media"):
        said["show_caption_above_media"] = True
    if asked.yes("has_spoiler"):
        said["has_media_spoiler"] = True
    return said


def _sent(doing: Doing, chat: Chat, body: Wire) -> Wire:
    reply = doing.reply(chat)
    markup = read_markup(doing.asked, private=chat.private)
    return doing.send(chat, body | ({"reply_markup": markup} if markup else {}), reply).wire()


def send_message(doing: Doing) -> Wire:
    chat = doing.chat()
    return _sent(doing, chat, text_of(doing.asked))


def send_photo(doing: Doing) -> Wire:
    return _send_file(doing, "photo")


def send_document(doing: Doing) -> Wire:
    return _send_file(doing, "document")


def _send_file(doing: Doing, kind: str) -> Wire:
    """A refused call leaves no file behind, so the words are checked first."""
    chat, asked = doing.chat(), doing.asked
    caption = caption_of(asked)
    read_markup(asked, private=chat.private)
    doing.reply(chat)
    return _sent(doing, chat, _file(doing, kind, asked.text(kind), kind) | caption)


def _file(doing: Doing, kind: str, source: str, name: str) -> Wire:
    """The bytes may lie under the parameter's own name, or wherever it points."""
    attached = f"attach://{name}" if name in doing.asked.files else source
    return doing.world.files.asked_for(doing.robot.id, doing.asked, attached, kind)


def media_of(doing: Doing, item: Wire) -> Wire:
    """One InputMedia: the file with its own caption."""
    kind = item.get("type")
    if kind not in {"photo", "document"}:
        raise bad("can't parse InputMedia: unsupported type of media in this sandbox")
    source = item.get("media")
    if not isinstance(source, str) or not source:
        raise bad("can't parse InputMedia: media not found")
    caption = caption_of(Asked(item))
    return doing.world.files.asked_for(doing.robot.id, doing.asked, source, kind) | caption


def send_media_group(doing: Doing) -> list[Wire]:
    chat = doing.chat()
    items = doing.asked.objects("media", "media")
    if not items:
        raise bad("media not found")
    if not FEWEST <= len(items) <= MOST:
        raise bad(f"there must be {FEWEST}-{MOST} media in an album")
    if len({item.get("type") == "document" for item in items}) > 1:
        raise bad("document can't be mixed with other media types")
    reply, group = doing.reply(chat), doing.world.next_id()
    bodies = [media_of(doing, item) for item in items]
    return [doing.send(chat, {**body, "media_group_id": group}, reply).wire() for body in bodies]


def copy_message(doing: Doing) -> Wire:
    chat, origin = doing.chat(), doing.chat("from_chat_id")
    source = doing.message(origin, "message to copy")
    if not {"text", "photo", "document"} & set(source.body):
        raise bad("message can't be copied")
    body = {name: value for name, value in source.body.items() if name not in {"reply_markup", "media_group_id"}}
    if "caption" in doing.asked and "text" not in body:
        body = {name: value for name, value in body.items() if not name.startswith("caption")} | caption_of(doing.asked)
    return {"message_id": _sent(doing, chat, body)["message_id"]}


def send_chat_action(doing: Doing) -> bool:
    chat, action = doing.chat(), doing.asked.text("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat.action = (action, doing.now + ACTION_SHOWS)
    doing.world.changed()
    return True


def send_message_draft(doing: Doing) -> bool:
    """A preview that streams into a private chat until the message itself comes."""
    chat, asked = doing.chat(), doing.asked
    if not doing.world.drafts or not chat.private:
        raise bad("TEXTDRAFT_PEER_INVALID")
    if not asked.number("draft_id"):
        raise bad("draft_id must be non-zero")
    text, _ = read_text(asked, "text")
    if length(text) > LONGEST_TEXT:
        raise bad("message is too long")
    chat.draft = (asked.number("draft_id"), text, doing.now + DRAFT_SHOWS)
    doing.world.changed()
    return True


SENDING: Mapping[str, Verb] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "copyMessage": copy_message,
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
}
