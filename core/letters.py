"""Letters – cleans typed text, counts signs as a person does, removes accents and disguises."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Invisible signs: controls, formats, overrides of direction, private signs, and blanks that pose as letters.
# White space is not listed (it becomes a space), nor are signs that a sequence below may need.
UNSEEN = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xD800, 0xF8FF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0D),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0xFFFE, 0xFFFF), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3),
    (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE001F), (0xE0080, 0x10FFFF),
)  # fmt: skip

EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
# Arabic to Thaana, the scripts of India, Tibetan, Burmese, Khmer, Mongolian: a joiner changes how their letters look.
JOINING = "\u0600-\u07bf\u0860-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"

HIDDEN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSEEN) + "]")
TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0020-\U000e007f]")  # flags of regions
STRAY_LOOK = re.compile(f"[\ufe0e\ufe0f](?<![{EMOJI}0-9#*].)")
STRAY_JOINER = re.compile(
    f"\u200c(?<![{JOINING}].)|\u200d(?<![{JOINING}{EMOJI}\ufe0f].)|\u200d(?<![{JOINING}].)(?![{EMOJI}])", re.DOTALL
)
MARKS = re.compile("[\u0300-\u036f]")
QUOTED = re.compile(r'("[^"]*"|“[^”]*”|«[^»]*»)')  # splitting by the group puts quoted text at every second place
DRAWN_SIGN = re.compile(f"[{EMOJI}]")
SIGN = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|.(?:[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u200c]|\u200d.)*", re.DOTALL
)

# Marks over a letter, as a fancy keyboard types them.
OVERLAID = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]")
GAP = "·"  # stands between two readings of a text; no phrase has it
WORD = re.compile(r"[^\W_]+")
AGE_TAIL = re.compile(r"(?<!\w)(\d{1,2})(yo|yrs?|tuổi|tuoi)\b")
EDGES = ".,;:!?…()[]{}<>\"'“”‘’*~-–—"
LETTER = r"[^\W\d_]"
# A sign among letters, before two letters or after two. The rare sign comes first in the pattern, for speed.
DISGUISE = re.compile(
    rf"[\d@$!|€*.·•_~^+](?:(?<={LETTER}.)[\d@$!|€*.·•_~^+]*{LETTER}|(?<!\w.){LETTER}{{2}}|(?<={LETTER}{LETTER}.)(?!\w))"
)
LETTERS_APART = re.compile(rf"(?<!\w){LETTER}(?:[\W_]+{LETTER}(?!\w)){{2}}")
UNLEET = str.maketrans("013457@$!|€", "oieastasiie")
NO_LETTER = re.compile(r"[\W_]+")
THRICE = re.compile(rf"({LETTER})\1\1+")
# Letters that look like Latin ones: Greek, Cyrillic, Armenian, phonetic, small capitals, with strokes.
FOREIGN = re.compile(
    "[\u00d8\u00f8\u0131\u0142\u0180-\u019f\u0250-\u02af\u0370-\u058f\u1d00-\u1d7f\ua730\ua731\U0001f150-\U0001f189]"
)
LOOK_ALIKE = str.maketrans(
    "аеорсухіѕјкмтвнопгԁԛԝһӏɡοαειντυκρηωսոռօցհɑɩıøłᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢꜰꜱ"
    + "".join(chr(first + step) for first in (0x1F150, 0x1F170) for step in range(26)),
    "aeopcyxisjkmtbhonrdqwhlgoaeivtukpnwunnoghaiiolabcdeghijklmnoprtuvwyzfs" + "abcdefghijklmnopqrstuvwxyz" * 2,
)
# "thuý" and "thúy" are one word in two spellings
OLD_TONES = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
NEW_TONES = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
TONES = dict(zip(OLD_TONES, NEW_TONES, strict=True))
TONE = re.compile("[ou][àáảãạèéẻẽẹỳýỷỹỵ]")

MOST_IN_ONE = 5  # code points that may count as one sign; a tower of accents counts as several


def clean(text: str) -> str:
    """Return `text` in NFC on one line, without invisible signs. A second cleaning changes no letter."""
    text = HIDDEN.sub("", text)
    text = TAGS.sub(r"\1", text)
    text = STRAY_LOOK.sub("", text)
    text = STRAY_JOINER.sub("", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def count(text: str) -> int:
    """Count the signs of `text` as a person does: a letter with all accents, a family or a flag is one."""
    letters = "".join(sign for sign in text if unicodedata.category(sign)[0] != "M")
    return max(len(SIGN.findall(letters)), -(-len(text) // MOST_IN_ONE))


def drawable(text: str) -> bool:
    """True if `text` has anything to draw: a letter, a number or an emoji, not punctuation alone."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text) or bool(DRAWN_SIGN.search(text))


def bare(text: str) -> str:
    """Return `text` without accents, and with d for đ, as typed on a keyboard without accents."""
    if text.isascii():
        return text
    letters = MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", letters).replace("đ", "d").replace("Đ", "D")


def unaccented(text: str) -> str:
    """Return `text` without accents outside of quotes. Quoted text is to be drawn letter by letter."""
    parts = QUOTED.split(text)
    parts[::2] = [bare(part) for part in parts[::2]]
    return "".join(parts)


def plain(text: str) -> bool:
    """True if `text` has no letter of another language outside of quotes."""
    return all(sign.isascii() or not sign.isalpha() for part in QUOTED.split(text)[::2] for sign in part)


def fold(text: str) -> str:
    """Text in small letters of one shape, also for fancy letters, foreign look-alikes and old tone marks."""
    text = JOINERS.sub("", HIDDEN.sub("", text))
    if text.isascii():
        return text.lower()
    text = OVERLAID.sub("", unicodedata.normalize("NFKC", text)).lower()
    if FOREIGN.search(text):
        text = text.translate(LOOK_ALIKE)
    return TONE.sub(lambda tone: TONES.get(tone[0], tone[0]), text)


@dataclass(frozen=True, slots=True)
class Reading:
    """Reading of a text: its `words`, the places of those that were `masked`, and the letters that stood `spaced`."""

    words: list[str]
    masked: frozenset[int] = frozenset()
    spaced: tuple[str, ...] = ()

    def hides(self, start: int, end: int) -> bool:
        return bool(self.masked) and not self.masked.isdisjoint(range(start, end))


def readings(folded: str) -> Iterator[Reading]:
    """Words of `folded`, and a second reading without disguise where a word looks disguised."""
    folded = AGE_TAIL.sub(r"\1 \2", folded)
    yield Reading(WORD.findall(folded))
    if DISGUISE.search(folded) or THRICE.search(folded) or LETTERS_APART.search(folded):
        yield together([part for chunk in folded.split() for part in unmasked(chunk)])


def unmasked(chunk: str) -> list[tuple[str, bool]]:
    """Words meant by `chunk`, which may have figures for letters, dots in between or letters repeated. True: masked."""
    chunk = chunk.strip(EDGES)
    if not DISGUISE.search(chunk) and not THRICE.search(chunk):
        return [(word, False) for word in WORD.findall(chunk)]
    return [(THRICE.sub(r"\1", NO_LETTER.sub("", chunk.translate(UNLEET))), True)]


def together(parts: list[tuple[str, bool]]) -> Reading:
    """Join single letters in a row of `parts` ("n u d e"), also without the first or last, which may stand alone."""
    joined: list[tuple[str, bool]] = []
    runs: list[str] = []
    run = ""
    for word, masked in (*parts, (GAP, False)):
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if len(run) > 2:
            runs.append(run)
        joined += [(run, True)] if len(run) > 2 else [(letter, False) for letter in run]
        joined.append((word, masked))
        run = ""
    joined += [(part, True) for run in runs for part in (run[1:], GAP, run[:-1], GAP)]
    return Reading(
        [word for word, _ in joined],
        frozenset(at for at, (_, is_masked) in enumerate(joined) if is_masked),
        tuple(runs),
    )
