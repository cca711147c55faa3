"""Leftovers – find Vietnamese words that a text model left in its English translation.

Accents alone prove nothing: "Phở", "Áo dài" and "Sơn Tùng M-TP" are the same in English. A sentence is recognised by
small grammar words and by everyday words, and names of people, places or dishes contain neither.
"""

import re
from collections.abc import Sequence

from core.letters import QUOTED, bare

WORD = re.compile(r"[^\W\d_]+")
NAME = 4  # words in small letters of the longest name, as names of dishes have
FEW = 3  # of so many words one small accented word means: not translated
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
# Without accents. None is an English word or a name in small letters, and two of them are no coincidence.
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
    """True if `text` has words of a Vietnamese sentence outside quotes."""
    said = [word for part in QUOTED.split(text)[::2] for word in WORD.findall(part)]
    accented = [word for word in said if not word.isascii()]
    low = [word for word in accented if word.islower()]
    everyday = any(word in EVERYDAY for word in low) or any(word.lower() in SMALL for word in accented)
    return everyday or capitalised(accented) or wordy(low, said) or len(BARE & set(said)) > 1


def capitalised(accented: Sequence[str]) -> bool:
    """True if the words in `accented` are a sentence in capitals: a name has at least one word that is not everyday."""
    return len(accented) > 1 and all(word.lower() in EVERYDAY for word in accented)


def wordy(low: Sequence[str], said: Sequence[str]) -> bool:
    """True if `said` has more accented words in small letters than names of dishes and clothes have."""
    strange = [word for word in low if bare(word).isascii()]
    return len(strange) > NAME and len(strange) * FEW > len(said)
