"""Colours – mixing of colours, and the palettes of moods and times of day."""

from dataclasses import dataclass
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (24, 22, 30)
INK: Colour = (43, 34, 48)


def of(code: str) -> Colour:
    """Colour of the hex `code` with six digits."""
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Mix the `share` of `other` into `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def dark(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (28, 18, 48), share)


def light(colour: Colour, share: float = 0.35) -> Colour:
    return mix(colour, (255, 252, 240), share)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a scene in one light. The colour `air` covers all things, the farther the more."""

    sky: tuple[Colour, Colour, Colour]  # at the top, in the middle, at the horizon
    far: Colour
    ground: tuple[Colour, Colour]  # at the horizon, in the foreground
    water: tuple[Colour, Colour]
    sun: Colour
    accent: Colour
    air: Colour
    share: float = 0.0  # share of the air over near things
    dark: bool = False  # True if lamps are lit and stars shine


def palette(codes: str, share: float = 0.0, *, dark: bool = False) -> Palette:
    """Build a Palette from eleven `codes` in the order of its fields."""
    top, middle, low, far, back, front, distant, near, sun, accent, air = (of(code) for code in codes.split())
    return Palette((top, middle, low), far, (back, front), (distant, near), sun, accent, air, share, dark)


PALETTES = {
    "dawn": palette("7c8fc9 f3b6b8 ffe3c2 a9a0cc 9cc09a 4f8068 d9bcd0 6e86b5 fff0c4 f2726f ffc9b5", 0.12),
    "noon": palette("2e9be6 7cc8f5 e2f5fc 8db8d9 b4d972 4e9e4a 6fd0de 1f7fb5 ffe27a f25c54 eaf6ff", 0.02),
    "golden": palette("5b3a7e f0796b ffd08a b06a86 d6995a 7a4b3a f6ab80 8a4f7d fff3c0 d7263d ff9d5c", 0.18),
    "dusk": palette("1d2a5e 6a64ad f6aca0 5c5a94 54788a 2b4058 a98fb5 2f3f78 ffe3c4 ff8a5c 4a4a8c", 0.26, dark=True),
    "night": palette("0b1437 1d2f66 45639f 27406f 2f5560 152a3d 34578f 101f45 fff3cf ffb84d 22356e", 0.36, dark=True),
    "rain": palette("55697c 8da2ae c9d3d4 8496a0 7c9b86 435f57 93a9b3 4c6577 eef1ec e8503a 7e94a3", 0.2),
    "spring": palette("8fd3f0 cdebf5 fff3e6 a9cbd8 c4e283 6fb04e a9dfe2 4fa6b8 fff0a8 ff7fa5 fff4ea", 0.05),
    "festive": palette("a30f28 d9363a ffc35a b5303c e0a83f a35a2a f0a24f a8323a fff0b8 ffd447 ff8f4a", 0.12),
    "autumn": palette("7fb0c4 ecdcb8 fbe9c4 c29a7a e0a04a 9c5a2c c6c1a0 5f8788 fff2c6 c0392b f5c98a", 0.12),
    "winter": palette("86abd2 c5d9ea f5f8fb a9bfd6 f7fafd cfdcea b4d0e2 5f8bb0 fffbea d64545 dbe8f5", 0.1),
    "neon": palette("0b0221 3b0f6b ff2e93 2a0f5c 2a1760 0a0620 6a24b0 0b0630 ff8ac0 00e5ff 5a1fc0", 0.3, dark=True),
    "pastel": palette("bfd9f2 e6d3ef ffe5e0 cfc5e8 d4ecce a9d6b8 d3e3f3 a6c3e6 fff4cf ff9aa8 fff2f4", 0.18),
    "sepia": palette("cdb48c e2cfa8 f5e9cc b79a70 b4905f 6e5233 cdb58a 8a6c47 fff3d6 9c4a2c c49a62", 0.5),
    "ocean": palette("0e7cc0 48b4d6 c6f0ea 5aa3bf f4e2b0 dcbb7c 48cbd0 0a5e93 fff3b0 ff7f50 d8f4f4", 0.06),
    "mist": palette("a9c7c2 d3e2da f6f5ea 9dbbb0 a3c29a 4f7a65 c3d9d4 6f9c9c fff9dc e0654a e4eee4", 0.14),
    "jungle": palette("3f9c8c 9fd6a8 f0f3c0 6fa98a 86b84e 2f6b3c 7cc4a4 2a7f7a fff2a0 f4a236 cfe8b4", 0.1),
    "space": palette("060a1f 1b1546 4b2a72 3a2f6b 5f5a86 2f2c52 35306a 14123a ffe9b8 ff7a59 2a2560", 0.16, dark=True),
}
DAYLIGHT = ("noon", "spring", "dawn", "golden", "mist", "pastel", "autumn", "ocean", "jungle")
