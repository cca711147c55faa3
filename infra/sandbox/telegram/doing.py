"""One call while it is done: who asks, what for, and the chat and messages it means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from infra.sandbox.telegram.asked import Asked, Wire
from infra.sandbox.telegram.chats import Chat, Message
from infra.sandbox.telegram.refusing import (
    BLOCKED,
    DEACTIVATED,
    KICKED,
    NEVER_STARTED,
    bad,
    forbidden,
    upgraded,
)
from infra.sandbox.telegram.world import Robot, World


@dataclass(frozen=True, slots=True)
class Told:
    """A result with words beside it."""

    result: object
    description: str


Verb: TypeAlias = Callable[["Doing"], Any]


@dataclass(frozen=True, slots=True)
class Doing:
    world: World
    robot: Robot
    asked: Asked
    method: str = ""

    @property
    def now(self) -> float:
        return self.world.clock.date()

    def chat(self, name: str = "chat_id") -> Chat:
        """A chat this bot can speak in; raises what Telegram says of any other."""
        chat = self.known_chat(name)
        status = chat.members.get(self.robot.id, "left")
        if chat.private:
            self._check_person(chat, status)
        elif chat.upgraded_to:
            raise upgraded(chat.upgraded_to)
        elif status == "kicked":
            raise forbidden(KICKED if chat.kind == "group" else f"bot was kicked from the {chat.kind} chat")
        elif status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def known_chat(self, name: str = "chat_id") -> Chat:
        written = self.asked.text(name).strip()
        if not written:
            raise bad("chat_id is empty")
        groups, private = self.world.groups, self.world.private
        identifier = self._identifier(written)
        if identifier in groups:
            return groups[identifier]
        if (self.robot.id, identifier) in private:
            return private[self.robot.id, identifier]
        if identifier in self.world.people:
            raise forbidden(DEACTIVATED if self.world.people[identifier].gone else NEVER_STARTED)
        raise bad("chat not found")

    def _identifier(self, written: str) -> int:
        if written.startswith("@"):
            named = (one for one in self.world.groups.values() if one.wire.get("username") == written[1:])
            return next((one.id for one in named), 0)
        return int(written) if written.lstrip("-").isdecimal() else 0

    def _check_person(self, chat: Chat, status: str) -> None:
        if self.world.people[chat.person].gone:
            raise forbidden(DEACTIVATED)
        if status == "kicked":
            raise forbidden(BLOCKED)

    def message(self, chat: Chat, what: str) -> Message:
        """The one that `message_id` means; `what` is how Telegram calls it when it is not there."""
        identifier = self.asked.number("message_id")
        if not identifier:
            raise bad("message identifier is not specified")
        found = chat.find(identifier)
        if found is None:
            raise bad(f"{what} not found")
        return found

    def reply(self, chat: Chat) -> Message | None:
        """What the new message answers, in the old spelling or the new."""
        given = self.asked.object("reply_parameters", "reply parameters") or {}
        identifier = given.get("message_id") or self.asked.number("reply_to_message_id")
        lenient = given.get("allow_sending_without_reply") or self.asked.yes("allow_sending_without_reply")
        if not identifier:
            return None
        found = chat.find(int(identifier))
        if found is None and not lenient:
            raise bad("message to be replied not found")
        if found and (quote := given.get("quote")) and str(quote) not in found.text:
            raise bad("QUOTE_TEXT_INVALID")
        return found

    def send(self, chat: Chat, body: Wire, reply: Message | None = None) -> Message:
        """Everything was checked: it stands in the chat."""
        if self.asked.yes("protect_content"):
            body["has_protected_content"] = True
        return self.world.put(chat, self.robot.bot.wire, body, reply_to=reply)
