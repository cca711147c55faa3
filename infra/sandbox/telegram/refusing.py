"""What Telegram says when it does not do what it was asked: its own words, and the HTTP status that goes with them."""

from collections.abc import Mapping

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
WRONG_FILE = "wrong file identifier/HTTP URL specified"
BLOCKED = "bot was blocked by the user"
NEVER_STARTED = "bot can't initiate conversation with a user"
DEACTIVATED = "user is deactivated"
KICKED = "bot was kicked from the group chat"
UPGRADED = "group chat was upgraded to a supergroup chat"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
TWO_POLLERS = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Refused(Exception):
    """A call that failed: the code, the words, and what a client is told beside them."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters or {}

    @property
    def body(self) -> dict[str, object]:
        said: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return {**said, "parameters": dict(self.parameters)} if self.parameters else said


def bad(words: str) -> Refused:
    return Refused(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refused:
    return Refused(403, f"Forbidden: {words}")


def conflict(words: str) -> Refused:
    return Refused(409, f"Conflict: {words}")


def flood(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def upgraded(chat: int) -> Refused:
    return Refused(400, f"Bad Request: {UPGRADED}", {"migrate_to_chat_id": chat})


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized")


def no_method() -> Refused:
    return Refused(404, "Not Found: method not found")


def not_found() -> Refused:
    return Refused(404, "Not Found")
