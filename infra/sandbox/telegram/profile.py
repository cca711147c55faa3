"""The methods about the bot itself and about chats: who it is, its commands and words, its menu, its members."""

import re
from collections.abc import Mapping

from infra.sandbox.telegram.asked import Wire, names
from infra.sandbox.telegram.doing import Doing, Verb
from infra.sandbox.telegram.refusing import bad

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
MOST_COMMANDS, LONGEST_ABOUT = 100, 256
SCOPES = names("default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member")
LONGEST = {"name": 64, "description": 512, "short_description": 120}
GIFTS = names("unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels")
NO_MENU: Wire = {"type": "default"}


def get_me(doing: Doing) -> Wire:
    bot = doing.robot.bot
    return {
        **bot.wire,
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_groups,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
    }


def log_out(doing: Doing) -> bool:
    """Telegram's own servers take it; the bot can come back at once here."""
    doing.robot.updates.end_poll("terminated by logOut request")
    return True


def close(doing: Doing) -> bool:
    doing.robot.updates.end_poll("terminated by close request")
    return True


def get_chat(doing: Doing) -> Wire:
    chat = doing.known_chat()
    full = {**chat.wire, "accent_color_id": 0, "max_reaction_count": 1 if chat.private else 11}
    return {**full, "accepted_gift_types": dict.fromkeys(GIFTS, False)}


def get_chat_member(doing: Doing) -> Wire:
    chat, identifier = doing.chat(), doing.asked.number("user_id")
    if doing.world.user(identifier) is None:
        raise bad("invalid user_id specified")
    return doing.world.member(chat, identifier)


def set_commands(doing: Doing) -> bool:
    commands = doing.asked.objects("commands", "commands")
    if commands is None:
        raise bad("can't parse commands JSON object")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    doing.robot.commands[_scope(doing), _language(doing)] = [_command(one) for one in commands]
    doing.world.changed()
    return True


def _command(given: Wire) -> Wire:
    name, about = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(about.strip()) <= LONGEST_ABOUT:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": about}


def get_commands(doing: Doing) -> list[Wire]:
    return doing.robot.commands.get((_scope(doing), _language(doing)), [])


def delete_commands(doing: Doing) -> bool:
    doing.robot.commands.pop((_scope(doing), _language(doing)), None)
    doing.world.changed()
    return True


def _scope(doing: Doing) -> str:
    """A scope as one word: its kind, and the chat and person it is for."""
    given = doing.asked.object("scope", "bot command scope") or {"type": "default"}
    kind = given.get("type")
    if kind not in SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    if kind in {"chat", "chat_administrators", "chat_member"} and not given.get("chat_id"):
        raise bad("can't parse BotCommandScope: chat_id not found")
    return ":".join(str(given[name]) for name in ("type", "chat_id", "user_id") if name in given)


def _language(doing: Doing) -> str:
    language = doing.asked.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    return language


def _set_word(kind: str) -> Verb:
    def put(doing: Doing) -> bool:
        text = doing.asked.text(kind)
        if len(text) > LONGEST[kind]:
            raise bad(f"bot {kind.replace('_', ' ')} is too long")
        doing.robot.words[kind, _language(doing)] = text
        doing.world.changed()
        return True

    return put


def _get_word(kind: str) -> Verb:
    def told(doing: Doing) -> Wire:
        words = doing.robot.words
        fallback = doing.robot.bot.name if kind == "name" else ""
        return {kind: words.get((kind, _language(doing))) or words.get((kind, "")) or fallback}

    return told


def set_menu(doing: Doing) -> bool:
    button = doing.asked.object("menu_button", "menu button") or NO_MENU
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad("MenuButton has unsupported type")
    if button["type"] == "web_app" and not str(button.get("web_app", {}).get("url", "")).startswith("https://"):
        raise bad("menu button Web App URL is invalid: Only HTTPS links are allowed")
    doing.robot.menus[doing.asked.number("chat_id")] = button
    return True


def get_menu(doing: Doing) -> Wire:
    menus = doing.robot.menus
    return menus.get(doing.asked.number("chat_id")) or menus.get(0) or NO_MENU


PROFILE: Mapping[str, Verb] = {
    "getMe": get_me,
    "logOut": log_out,
    "close": close,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": _set_word("name"),
    "getMyName": _get_word("name"),
    "setMyDescription": _set_word("description"),
    "getMyDescription": _get_word("description"),
    "setMyShortDescription": _set_word("short_description"),
    "getMyShortDescription": _get_word("short_description"),
    "setChatMenuButton": set_menu,
    "getChatMenuButton": get_menu,
}
