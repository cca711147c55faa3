"""The composition root: from settings to the running house. Alone knows infra."""

from bot.app.keeping import audit_home, now, paid_in, void_played
from bot.app.mouths import played_token
from bot.app.opening import Opened, open_house, open_in, web_faces
from bot.app.planning import plan
from infra.embedded.backup import backup, restore

__all__ = [
    "Opened",
    "audit_home",
    "backup",
    "now",
    "open_house",
    "open_in",
    "paid_in",
    "plan",
    "played_token",
    "restore",
    "void_played",
    "web_faces",
]
