"""The composition root: from settings to the running house. Alone knows infra."""

from bot.app.keeping import (
    accept_home,
    audit_home,
    audit_house,
    engine,
    known_by,
    look,
    now,
    paid_in,
    redrive,
    takes_writes,
    void_played,
)
from bot.app.mouths import played_token
from bot.app.moving import migrate, secret_of, undo_migrate
from bot.app.opening import Opened, open_house, open_in, open_workshop, web_faces
from bot.app.planning import plan
from infra.embedded.backup import backup, has_secret, restore

__all__ = [
    "Opened",
    "accept_home",
    "audit_home",
    "audit_house",
    "backup",
    "engine",
    "has_secret",
    "known_by",
    "look",
    "migrate",
    "now",
    "open_house",
    "open_in",
    "open_workshop",
    "paid_in",
    "plan",
    "played_token",
    "redrive",
    "restore",
    "secret_of",
    "takes_writes",
    "undo_migrate",
    "void_played",
    "web_faces",
]
