"""The methods by which a bot hears: long polls, the webhook, and files."""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from infra.sandbox.telegram.asked import Wire
from infra.sandbox.telegram.doing import Doing, Told, Verb
from infra.sandbox.telegram.hook import DEFAULT_CONNECTIONS, Address
from infra.sandbox.telegram.refusing import bad, flood

SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
PORTS = frozenset({None, 443, 80, 88, 8443})
BETWEEN = 1.0  # seconds between two settings of a webhook


async def get_updates(doing: Doing) -> list[Wire]:
    return await doing.robot.updates.poll(doing.asked)


def set_webhook(doing: Doing) -> Told:
    asked, robot = doing.asked, doing.robot
    url = asked.text("url").strip()
    if not url:
        return delete_webhook(doing)
    _check(url)
    if not SECRET.fullmatch(asked.text("secret_token")):
        raise bad("secret token contains unallowed characters")
    _not_too_often(doing)
    address = Address(
        url,
        asked.text("secret_token"),
        asked.within("max_connections", DEFAULT_CONNECTIONS, 1, 100),
        asked.text("ip_address") or _ip(url),
    )
    robot.updates.set_allowed(asked)
    _drop_pending(doing)
    if robot.hook.address == address:
        return Told(True, "Webhook is already set")
    robot.updates.end_poll("terminated by setWebhook request")
    robot.hook.set(address)
    return Told(True, "Webhook was set")


def delete_webhook(doing: Doing) -> Told:
    _drop_pending(doing)
    if doing.robot.hook.address is None:
        return Told(True, "Webhook is already deleted")
    doing.robot.hook.set(None)
    return Told(True, "Webhook was deleted")


def _not_too_often(doing: Doing) -> None:
    now = doing.world.clock.now()
    if now - doing.robot.hook_set < BETWEEN:
        raise flood(1)
    doing.robot.hook_set = now


def _drop_pending(doing: Doing) -> None:
    if doing.asked.yes("drop_pending_updates"):
        doing.robot.updates.pending.clear()


def _check(url: str) -> None:
    """Plain http is for loopback alone, as with a Bot API server of one's own."""
    parts = urlsplit(url)
    if parts.scheme == "http" and _ip(url) == "127.0.0.1":
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not parts.hostname or "." not in parts.hostname:
        raise bad("bad webhook: URL host is empty" if not parts.hostname else "bad webhook: Failed to resolve host")
    if parts.port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _ip(url: str) -> str:
    name = urlsplit(url).hostname or ""
    try:
        loopback = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return "149.154.167.220"
    return "127.0.0.1" if loopback else name


def get_webhook_info(doing: Doing) -> Wire:
    return doing.robot.hook.info


def get_file(doing: Doing) -> Wire:
    file = doing.world.files.find(doing.robot.id, doing.asked.text("file_id"))
    known = {name: value for name, value in file.wire.items() if name in {"file_id", "file_unique_id", "file_size"}}
    return {**known, "file_path": file.path}


RECEIVING: Mapping[str, Verb] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}
