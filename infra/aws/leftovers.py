"""Vietnamese that a text model has left in its English: words it should have translated, told from names it may keep.

Accents alone say nothing: "Phở", "Áo dài" and "Sơn Tùng M-TP" are the same in English. A sentence is known by the small
words that hold it together and by its everyday words, and a name or a dish is made of neither.
"""

import re
from collections.abc import Sequence

from core.letters import QUOTED, bare

WORD = re.compile(r"[^\W\d_]+")
NAME = 4  # words of the longest name that may stand in small letters, as dishes do
FEW = 3  # one small word with accents in so many is no translation any more
SMALL = frozenset(
    [
        "một",
        "những",
        "các",
        "của",
        "và",
        "là",
        "có",
        "được",
        "không",
        "chưa",
        "với",
        "trên",
        "dưới",
        "trong",
        "ngoài",
        "giữa",
        "cạnh",
        "ở",
        "đang",
        "đã",
        "sẽ",
        "rất",
        "như",
        "từ",
        "đến",
        "về",
        "cho",
        "khi",
        "này",
        "đó",
        "kia",
        "để",
        "cùng",
        "theo",
        "vào",
        "mỗi",
        "nhiều",
        "lại",
        "rồi",
        "thì",
        "mà",
        "nhưng",
        "hoặc",
        "chiếc",
        "bức",
        "cái",
    ]
)
EVERYDAY = SMALL | frozenset(
    [
        "tấm",
        "ngôi",
        "người",
        "bé",
        "trẻ",
        "gái",
        "chàng",
        "trai",
        "đứa",
        "bên",
        "lúc",
        "màu",
        "đen",
        "đỏ",
        "trắng",
        "tím",
        "hồng",
        "vàng",
        "nâu",
        "xám",
        "mèo",
        "chó",
        "chữ",
        "ảnh",
        "vẽ",
        "ngồi",
        "đứng",
        "chạy",
        "nằm",
        "cưỡi",
        "mặc",
        "đội",
        "cầm",
        "nhìn",
        "bầu",
        "trời",
        "nắng",
        "mưa",
        "đêm",
        "sáng",
        "tối",
        "ánh",
        "mái",
        "biển",
        "núi",
        "sông",
        "rừng",
        "đường",
        "phố",
        "nhà",
        "cây",
    ]
)
# Without accents; no English word and no name in small letters is among them, and two of them are no chance.
BARE = frozenset(
    [
        "mot",
        "nhung",
        "cac",
        "cua",
        "voi",
        "tren",
        "duoi",
        "trong",
        "ngoai",
        "giua",
        "dang",
        "duoc",
        "khong",
        "nguoi",
        "chiec",
        "nha",
        "meo",
    ]
)


def untranslated(text: str) -> bool:
    """Whether words of a Vietnamese sentence stand in the text, quoted ones apart."""
    said = [word for part in QUOTED.split(text)[::2] for word in WORD.findall(part)]
    accented = [word for word in said if not word.isascii()]
    low = [word for word in accented if word.islower()]
    everyday = any(word in EVERYDAY for word in low) or any(word.lower() in SMALL for word in accented)
    return everyday or capitalised(accented) or wordy(low, said) or len(BARE & set(said)) > 1


def capitalised(accented: Sequence[str]) -> bool:
    """Whether a sentence was put into capitals, for a name has at least one word of its own."""
    return len(accented) > 1 and all(word.lower() in EVERYDAY for word in accented)


def wordy(low: Sequence[str], said: Sequence[str]) -> bool:
    """Whether there are more accented words in small letters than dishes and clothes have."""
    strange = [word for word in low if bare(word).isascii()]
    return len(strange) > NAME and len(strange) * FEW > len(said)
