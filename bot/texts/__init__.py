"""Every sentence, Vietnamese and English side by side, by subject."""

from typing import Literal

Language = Literal["vi", "en"]
Said = dict[Language, str]
