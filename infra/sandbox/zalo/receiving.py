"""The methods by which a bot hears: who it is, long polls, and the webhook."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from infra.sandbox.zalo.asked import Wire
from infra.sandbox.zalo.doing import Doing, Verb
from infra.sandbox.zalo.events import told
from infra.sandbox.zalo.hook import Address
from infra.sandbox.zalo.refusing import bad

SHORTEST_SECRET, LONGEST_SECRET = 8, 256
PATIENCE = 30.0  # seconds of a poll that names none


async def get_me(doing: Doing) -> Wire:
    return doing.robot.wire


async def get_updates(doing: Doing) -> Wire:
    """One event, and it is gone; there is no offset, and no way to have it again."""
    timeout = doing.asked.seconds("timeout", PATIENCE)
    return told(await doing.robot.updates.poll(timeout, doing.alive), doing.robot.dialect)


async def set_webhook(doing: Doing) -> Wire:
    asked, hook, habits = doing.asked, doing.robot.hook, doing.world.habits
    url, secret = asked.text("url").strip(), asked.text("secret_token")
    _check(url, local=habits.local_hooks)
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise bad(f"secret_token must have {SHORTEST_SECRET} to {LONGEST_SECRET} characters")
    verified = await hook.probe(url) if habits.hook_probed else None
    hook.set(Address(url, secret))
    doing.world.changed()
    return {**hook.info, **({"verification": verified} if verified and habits.verifies else {})}


async def delete_webhook(doing: Doing) -> Wire:
    doing.robot.hook.set(None)
    doing.world.changed()
    return doing.robot.hook.info


async def get_webhook_info(doing: Doing) -> Wire:
    return doing.robot.hook.info


def _check(url: str, *, local: bool) -> None:
    """Public and https; plain http is for loopback alone, where it is taken at all."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    inside = _is_inside(name)
    if local and inside and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https" or "." not in name:
        raise bad("url must be a public HTTPS URL")
    if inside:
        raise bad("url must not be a local or private address")


def _is_inside(name: str) -> bool:
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


RECEIVING: Mapping[str, Verb] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
