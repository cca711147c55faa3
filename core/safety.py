"""What we refuse to draw, and why."""

from typing import Protocol


class PictureJudge(Protocol):
    async def judge(self, picture: bytes) -> None:
        """Raises Blocked when the picture breaks a rule."""
        ...
