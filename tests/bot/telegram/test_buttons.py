"""What a button carries fits Telegram's bound, opens to its owner alone, and is good after any restart."""

from random import Random

import pytest

from bot.asking import ACTIONS
from bot.commands.linking import LONGEST_CODE, MOST_LINKS
from bot.commands.walls import LONGEST_SEARCH
from bot.conversation import SUBJECTS
from bot.telegram.buttons import MARK_LETTERS, MOST_BYTES, Buttons
from bot.telegram.inlet import ALBUM, SLOWER
from bot.telegram.updates import PAID, TAKEN_BACK
from bot.texts.refusals import GROUPS
from bot.tools import BY_WORDS, TOOLS
from core.appeals import CODE_LETTERS, DIGEST_LETTERS
from core.chance import Chance
from payments.orders import new_ref

CHAT, GROUP, AN, BINH = "101", "-1001234567890", "101", "102"
ULID = Chance(Random(1)).ulid(1_795_132_800_000)
REF = new_ref(1_795_132_800_000, 2**110 - 1)
KEY = "f" * 32  # of a word in full; buttons carry half of it at least
MOST_CREDITS = 9_999_999
LONGEST = {  # what stands behind the colon, at its longest
    "agree": "",
    "allowed": "W" * CODE_LETTERS,
    "again": f"{ULID}:{MOST_CREDITS}",
    "asks": "always",
    "by_words": f"{ULID}:{max(BY_WORDS, key=len)}",
    "cancel": ULID,
    "check": f"{REF}:anew",
    "decline": "",
    "delete": ULID,
    "delete_yes": ULID,
    "describe": ULID,
    "four": f"{ULID}:{MOST_CREDITS}",
    "gift": KEY,
    "go": KEY,
    "improve": "off",
    "inspect": REF,
    "judged": f"{ULID}:{max(GROUPS, key=len)}",
    "language": "vi",
    "leaf": f"{ULID}:{'w' * LONGEST_SEARCH}",
    "leave": "",
    "link": "W" * LONGEST_CODE,
    "link_no": "",
    "link_yes": "W" * LONGEST_CODE,
    "original": ULID,
    "plain": f"{ULID}:{MOST_CREDITS}",
    "policy": "",
    "qr": REF,
    "recheck": REF,
    "recipe": ULID,
    "refusal": "f" * DIGEST_LETTERS,
    "retry": ULID,
    "sent": max(GROUPS, key=len),
    "show": ULID,
    "star": ULID,
    "stay": "",
    "tool": f"{ULID}:{max(TOOLS, key=len)}:{MOST_CREDITS}",
    "tools": ULID,
    "topup": "1000000000:vnpay",
    "typed": f"{ULID}:{MOST_CREDITS}",
    "unlink": "9" * MOST_LINKS,
    "unlink_no": "",
    "unlink_yes": "9" * MOST_LINKS,
    "unpainted": "",
    "unpay": REF,
    "unstar": ULID,
    "verify": ULID,
    "yes": KEY,
}
NUMBERS = {"old_number", "which_number", "no_number"}  # of a channel whose choices are numbered lines
NO_BUTTONS = {ALBUM, SLOWER, PAID, TAKEN_BACK, *NUMBERS}  # a mouth's own words, which nobody can press


@pytest.fixture
def buttons() -> Buttons:
    return Buttons((b"a secret",))


def test_every_action_there_is_fits_into_a_button_with_the_longest_it_can_carry(buttons: Buttons) -> None:
    assert SUBJECTS
    assert set(ACTIONS) - NO_BUTTONS == set(LONGEST), "an action without its longest argument, or the other way round"

    carried = {name: buttons.data(GROUP, f"{name}:{more}", BINH) for name, more in LONGEST.items()}

    assert {name for name, data in carried.items() if len(data.encode()) > MOST_BYTES} == set()
    assert max(len(data) for data in carried.values()) <= MOST_BYTES


def test_what_does_not_fit_is_a_mistake_of_ours_and_no_button(buttons: Buttons) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        buttons.data(CHAT, f"show:{'A' * MOST_BYTES}")


def test_a_button_means_the_same_after_a_restart(buttons: Buttons) -> None:
    data = buttons.data(CHAT, f"again:{ULID}:1")

    assert Buttons((b"a secret",)).action(CHAT, data, by=AN) == f"again:{ULID}:1"


def test_a_button_outlives_one_change_of_the_secret_and_not_two(buttons: Buttons) -> None:
    data = buttons.data(CHAT, "agree")

    assert Buttons((b"a new one", b"a secret")).action(CHAT, data, by=AN) == "agree"
    assert Buttons((b"a newer one", b"a new one")).action(CHAT, data, by=AN) == ""


def test_a_button_is_of_its_chat_alone(buttons: Buttons) -> None:
    assert buttons.action("102", buttons.data(CHAT, "agree"), by="102") == ""


def test_in_a_group_a_button_is_of_whoever_it_was_made_for(buttons: Buttons) -> None:
    data = buttons.data(GROUP, f"delete:{ULID}", AN)

    assert buttons.action(GROUP, data, by=AN) == f"delete:{ULID}"
    assert buttons.action(GROUP, data, by=BINH) == ""


def test_a_button_for_everybody_is_for_everybody_in_its_chat(buttons: Buttons) -> None:
    data = buttons.data(GROUP, "policy")

    assert [buttons.action(GROUP, data, by=person) for person in (AN, BINH)] == ["policy", "policy"]


@pytest.mark.parametrize(
    "forged",
    ["", "agree", "0" * MARK_LETTERS, f"{'0' * MARK_LETTERS}agree", "\ud800" * 20, "é" * 32, f"{ULID}{ULID}"],
)
def test_a_button_that_was_made_up_stands_for_nothing(forged: str, buttons: Buttons) -> None:
    assert buttons.action(CHAT, forged, by=AN) == ""


def test_a_mark_does_not_carry_another_action(buttons: Buttons) -> None:
    mark = buttons.data(CHAT, "topup:20000")[:MARK_LETTERS]

    assert buttons.action(CHAT, f"{mark}topup:200000", by=AN) == ""


def test_an_owner_cannot_be_moved_into_the_action(buttons: Buttons) -> None:
    data = buttons.data(GROUP, f"{BINH}\nagree")

    assert buttons.action(GROUP, f"{data[:MARK_LETTERS]}agree", by=BINH) == ""
