"""A painter for storms: real pictures, small ones, in next to no time, so that the house is what is measured."""

import asyncio
import io
import random

from PIL import Image

from core.models import Route
from core.painter import Picture
from core.prompts import Prompt

SIDE = 96  # pixels


class QuickPainter:
    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace

    async def paint(self, prompt: Prompt, route: Route, source: bytes = b"") -> Picture:  # noqa: ARG002  it has but one way to paint
        await asyncio.sleep(self._pace)
        lot = random.Random(f"{prompt.words} {prompt.seed}")
        data = io.BytesIO()
        Image.new("RGB", (SIDE, SIDE), tuple(lot.randrange(256) for _ in range(3))).save(data, "JPEG")
        return Picture(data.getvalue(), "image/jpeg", prompt.seed)
