"""What a telephone shows: chats and their messages for one person, as JSON that its page can draw."""

from infra.sandbox.telegram.asked import Wire
from infra.sandbox.telegram.chats import Chat, Message
from infra.sandbox.telegram.people import Person
from infra.sandbox.telegram.telegram import Telegram
from infra.sandbox.telegram.world import OUTSIDE, Robot

SHOWN = 150  # messages of a chat, the newest
LIKELY = ("chat_member", "chat", "all_private_chats", "all_group_chats", "default")  # scopes, the narrowest first


def screen(telegram: Telegram, person: Person, chat: Chat) -> Wire:
    """All that one telephone needs to be drawn."""
    return {
        "revision": telegram.world.revision,
        "date": int(telegram.clock.date()),
        "me": {"id": person.id, "name": person.known.first_name, "stars": person.stars},
        "people": [{"id": one.id, "name": one.known.first_name} for one in telegram.people],
        "chats": [_listed(telegram, one, person) for one in chats_of(telegram, person)],
        "chat": _shown(telegram, person, chat),
    }


def chats_of(telegram: Telegram, person: Person) -> list[Chat]:
    """A chat with each bot, begun or not, and the groups one is in."""
    private = [telegram.chat(person.id, robot.bot) for robot in telegram.bots]
    groups = [group.room for group in telegram.groups if group.room.members.get(person.id, "left") not in OUTSIDE]
    return [*private, *(one for one in groups if not one.upgraded_to)]


def _listed(telegram: Telegram, chat: Chat, person: Person) -> Wire:
    last = chat.messages[-1] if chat.messages else None
    return {
        "id": chat.id,
        "bot": chat.bot,
        "title": telegram.robot(chat.bot).bot.name if chat.private else chat.title,
        "kind": chat.kind,
        "last": _brief(last) if last else "",
        "mine": bool(last and last.sender["id"] == person.id),
        "at": int(last.at) if last else 0,
    }


def _shown(telegram: Telegram, person: Person, chat: Chat) -> Wire:
    now = telegram.clock.date()
    robot = next((one for one in telegram.bots if chat.members.get(one.id, "left") not in OUTSIDE), telegram.bots[0])
    action, until = chat.action
    number, draft, fades = chat.draft
    return {
        "id": chat.id,
        "bot": chat.bot,
        "kind": chat.kind,
        "title": robot.bot.name if chat.private else chat.title,
        "username": robot.bot.username,
        "members": len(chat.members),
        "about": _word(robot, "description", person),
        "blocked": chat.private and chat.members.get(chat.bot) == "kicked",
        "commands": commands_for(robot, person, chat),
        "action": {"what": action, "for": until - now} if until > now else None,
        "draft": {"id": number, "text": draft} if number and fades > now else None,
        "keyboard": _keyboard(chat),
        "messages": [_message(one, person) for one in chat.messages[-SHOWN:]],
    }


def commands_for(robot: Robot, person: Person, chat: Chat) -> list[Wire]:
    """The narrowest list there is, in the person's language before any."""
    kinds = {
        "chat_member": f"chat_member:{chat.id}:{person.id}",
        "chat": f"chat:{chat.id}",
        "all_private_chats": "all_private_chats" if chat.private else "",
        "all_group_chats": "" if chat.private else "all_group_chats",
        "default": "default",
    }
    for scope in (kinds[kind] for kind in LIKELY):
        for language in (person.known.language_code, ""):
            if commands := robot.commands.get((scope, language)):
                return commands
    return []


def _word(robot: Robot, kind: str, person: Person) -> str:
    return robot.words.get((kind, person.known.language_code)) or robot.words.get((kind, "")) or ""


def _keyboard(chat: Chat) -> list[list[str]]:
    """The keys that stand instead of the letters: those of the last message that brought some or took them away."""
    for message in chat.newest_first():
        markup = message.body.get("reply_markup", {})
        if markup.get("remove_keyboard"):
            return []
        if "keyboard" in markup:
            return [[str(key["text"] if isinstance(key, dict) else key) for key in row] for row in markup["keyboard"]]
    return []


def _message(message: Message, person: Person) -> Wire:
    body, reply = message.body, message.reply_to
    sender = message.sender_chat or message.sender
    return {
        "id": message.id,
        "mine": message.sender["id"] == person.id,
        "from": sender.get("title") or sender.get("first_name"),
        "bot": message.by_bot,
        "at": int(message.at),
        "edited": bool(message.edited),
        "text": message.text,
        "entities": body.get("entities") or body.get("caption_entities") or [],
        "photo": _photo(body),
        "document": _document(body),
        "group": body.get("media_group_id", ""),
        "invoice": body.get("invoice"),
        "paid": body.get("successful_payment", {}).get("total_amount"),
        "returned": body.get("refunded_payment", {}).get("total_amount"),
        "service": _happening(body),
        "buttons": body.get("reply_markup", {}).get("inline_keyboard", []),
        "reply": {"id": reply.id, "from": reply.sender["first_name"], "text": _brief(reply)} if reply else None,
        "reaction": message.reaction,
    }


def _photo(body: Wire) -> Wire | None:
    if "photo" not in body:
        return None
    largest = body["photo"][-1]
    return {"id": largest["file_id"], "width": largest["width"], "height": largest["height"]}


def _document(body: Wire) -> Wire | None:
    if "document" not in body:
        return None
    given = body["document"]
    return {"id": given["file_id"], "name": given["file_name"], "size": given["file_size"]}


def _happening(body: Wire) -> Wire | None:
    """Something that happened, and to whom."""
    for name in ("new_chat_members", "left_chat_member"):
        if name in body:
            who = body[name] if isinstance(body[name], list) else [body[name]]
            return {"what": name, "who": ", ".join(one["first_name"] for one in who)}
    moved = {"migrate_to_chat_id", "migrate_from_chat_id"} & set(body)
    return {"what": "migrated", "who": ""} if moved else None


def _brief(message: Message) -> str:
    """One line of it."""
    if message.text:
        return message.text.replace("\n", " ")[:80]
    marks = {"photo": "🖼", "document": "📄", "invoice": "⭐", "successful_payment": "⭐", "refunded_payment": "⭐"}
    return next((mark for name, mark in marks.items() if name in message.body), "·")
