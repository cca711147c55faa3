"""Commands and buttons are declared once; whatever is asked is answered in words, however odd it is."""

import random
from collections import Counter

import pytest

from bot.asking import ACTIONS, COMMANDS, RANK, readers_of
from bot.conversation import SUBJECTS, WITHOUT_ACCENTS, understood
from core.letters import bare
from tests.house import Imagify, Speaker

WANTING = sorted({one.name for one in COMMANDS.values() if any(not slot.optional for slot in readers_of(one.call))})
WORDS = ["/show", "/retry", "/cancel", "vẽ", "--ar", "--n", "4", "99", "16:9", "--seed", "-1", "--no", "--style", "—ar"]
ODD = [
    "\x00",
    "\u202e",
    "👨‍👩‍👧‍👦",
    "'; drop table rows; --",
    "{name}",
    "%s",
    "<b>",
    "\ud7ff",
    "ﷺ" * 40,
    "🏳️‍🌈",
    "\n\n",
    "１６：９",
    "٣",
]


def test_every_name_means_one_thing() -> None:
    names = Counter(
        name for one in {id(one): one for one in COMMANDS.values()}.values() for name in (one.name, *one.aliases)
    )

    assert SUBJECTS
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if WITHOUT_ACCENTS[bare(name)].name != COMMANDS[name].name] == []


def test_every_command_wants_rights_that_there_are() -> None:
    assert {one.rights for one in (*COMMANDS.values(), *ACTIONS.values())} <= {*RANK}
    assert RANK["owner"] > RANK["moderator"] > RANK["none"]


def test_every_command_that_wants_something_says_how_it_is_used() -> None:
    assert {"imagine", "show", "grant"} <= {*WANTING}
    assert [name for name in WANTING if not COMMANDS[name].usage] == []


@pytest.mark.parametrize("name", WANTING)
async def test_a_command_without_what_it_wants_is_answered_with_its_usage(name: str, imagify: Imagify) -> None:
    owner = await imagify.meets(chat="1")

    await owner.says(f"/{name}")

    assert owner.last_heard.startswith("Cách dùng: /")


@pytest.mark.parametrize("text", ["/start", "/START", "/start@imagify_bot", "/start ref_7"])
async def test_a_command_is_known_however_a_chat_spells_it(text: str, an: Speaker) -> None:
    one, _ = understood(an.word(text=text))

    assert one is COMMANDS["start"]


async def test_whatever_is_said_or_pressed_is_answered_in_words(
    imagify: Imagify, caplog: pytest.LogCaptureFixture
) -> None:
    mai, lot = await imagify.meets(paid=500), random.Random(7)
    names = [f"/{name}" for name in COMMANDS]

    for _ in range(150):
        words = " ".join(lot.choice(lot.choice((WORDS, ODD, names))) for _ in range(lot.randint(1, 5)))
        action = f"{lot.choice([*ACTIONS])}:{lot.choice((*WORDS, *ODD))}:{lot.choice(ODD)}"
        said = mai.word(text=words) if lot.random() < 0.6 else mai.word(action=action)
        before = len(imagify.telegram.delivered)
        await imagify.handles(imagify.house, said)
        assert len(imagify.telegram.delivered) > before, said

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert [shown.text for shown in mai.heard if "😔" in shown.text] == []
