"""One call while it is done: who asks, what for, and the chat it means."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from infra.sandbox.utf16 import length
from infra.sandbox.zalo.asked import Asked, Wire
from infra.sandbox.zalo.chats import Chat
from infra.sandbox.zalo.refusing import Refused, bad
from infra.sandbox.zalo.updates import always
from infra.sandbox.zalo.world import Robot, World

Verb: TypeAlias = Callable[["Doing"], Awaitable[Wire | None]]  # None: the answer is {"ok": true} alone
BLOCKED = "the user has blocked the bot"


@dataclass(frozen=True, slots=True)
class Doing:
    world: World
    robot: Robot
    asked: Asked
    alive: Callable[[], bool] = always  # whether the caller is still there

    def chat(self) -> Chat:
        """A chat this bot can speak in: one that a person has begun, or a group it is in."""
        written, world = self.asked.text("chat_id"), self.world
        if not written:
            raise bad("chat_id is empty")
        chat = world.private.get((self.robot.id, written)) or world.groups.get(written)
        if chat is None or chat.bot != self.robot.id or (chat.private and not chat.begun):
            raise bad("chat not found")
        if chat.blocked and world.habits.blocked_code:
            raise Refused(world.habits.blocked_code, f"Bad request: {BLOCKED}")
        return chat

    def words(self, name: str, longest: int) -> str:
        text = self.asked.text(name)
        if self._measured(text) > longest:
            raise bad(f"{name} is longer than {longest} characters")
        return text

    def _measured(self, text: str) -> int:
        """As long as Zalo finds it."""
        match self.world.habits.text_unit:
            case "letters":
                return len(text)
            case "bytes":
                return len(text.encode())
            case _:
                return length(text)
