"""Why not, in words: every refusal there is, in both languages, with its facts and nothing of our own."""

from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest

import bot.asking
from bot.asking import Ask, NoRights, NotNow, PictureBlocked, PrivateOnly, Usage
from bot.refusing import refused
from bot.texts import Language, refusals
from core import errors
from core.errors import Refusal
from core.safety import Rules
from tests.house import Balance, Imagify, Speaker

LANGUAGES: tuple[Language, ...] = get_args(Language)
EXAMPLES: tuple[Refusal, ...] = (
    errors.NotEnoughCredits(cost=4, free=1),
    errors.Frozen(),
    errors.Unknown("image", "01KABC"),
    errors.OtherFacts("key"),
    *(errors.TooLate(state) for state in ("queued", "painting", "kept", "delivered", "returned", "failed", "claimed")),
    errors.TooManyOpen(2, 2),
    errors.QueueTooLong(700),
    errors.SpendCapReached(7_000),
    errors.TooOften(7),
    errors.NotAgreed(),
    errors.Busy("holds"),
    *(errors.NotLinked(why) for why in get_args(errors.Unlinked)),
    *(errors.Blocked(group, "a rule") for group in sorted({rule.group for rule in Rules.open().rules})),
    *(errors.NotAPicture(why) for why in ("unreadable", "bytes", "pixels", "format")),
    errors.BadAmount("12x"),
    errors.UnknownModel("dall-e", ["pocket"]),
    errors.ModelEnded("titan", date(2026, 9, 30), "core"),
    errors.PaidOnly("ultra", "pocket"),
    errors.EmptyPrompt(),
    errors.UnderWay(),
    errors.PromptTooLong(2_500, 2_000),
    errors.UnknownFlag("--fly"),
    errors.UnknownFlag("--sed", "--seed"),
    errors.BadFlag("--n", "9", ["1", "2"]),
    Usage({"vi": "/show MÃ_ẢNH", "en": "/show IMAGE"}),
    NoRights(),
    NotNow(),
    PictureBlocked("gore"),
    PrivateOnly(),
)
FALLS_THROUGH = ("BadPrompt", "ImagifyError", "Refusal")  # never raised themselves
OURS = ("Refusal", "Exception", "Traceback", "None", "{", "}", "core.errors", "boto", "sqlite")


def kinds(of: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def raised_here() -> set[str]:
    """Of the house itself, whatever else a test has made up."""
    return {kind.__name__ for kind in kinds(Refusal) if kind.__module__ in (errors.__name__, bot.asking.__name__)}


@pytest.fixture
def ask(workshop: Imagify, an: Speaker) -> Ask:
    return Ask(workshop.house.desk, an.person, an.word(text="mèo"), "0123456789abcdef0123", "none")


def camel(name: str) -> list[str]:
    """A class name that nobody would say by chance."""
    return [name] if sum(letter.isupper() for letter in name) > 1 else []


async def said_in(language: Language, ask: Ask, refusal: Refusal) -> str:
    person = await ask.desk.people.speak(ask.person, language)
    return (await refused(ask.by(person), refusal)).text


def test_no_refusal_of_the_house_is_left_out_here() -> None:
    assert raised_here() - {*FALLS_THROUGH} == {type(refusal).__name__ for refusal in EXAMPLES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", EXAMPLES, ids=lambda one: f"{type(one).__name__} {one}"[:40])
async def test_every_refusal_has_words_for_a_person(refusal: Refusal, language: Language, ask: Ask) -> None:
    text = await said_in(language, ask, refusal)

    assert len(text) > 10
    assert text != refusals.OLD_BUTTON[language]
    assert [word for word in (*OURS, *camel(type(refusal).__name__)) if word in text] == []


@pytest.mark.parametrize("refusal", EXAMPLES, ids=lambda one: f"{type(one).__name__} {one}"[:40])
async def test_no_refusal_is_said_in_the_other_language(refusal: Refusal, ask: Ask) -> None:
    assert await said_in("vi", ask, refusal) != await said_in("en", ask, refusal)


@pytest.mark.parametrize(
    ("refusal", "facts"),
    [
        (errors.NotEnoughCredits(4, 1), ("4", "1", "3")),
        (errors.TooOften(7), ("7 giây",)),
        (errors.QueueTooLong(700), ("12 phút",)),
        (errors.PromptTooLong(2_500, 2_000), ("2500", "2000")),
        (errors.UnknownFlag("--sed", "--seed"), ("--sed", "--seed")),
        (errors.BadFlag("--n", "9", ["1", "2", "3", "4"]), ("--n 9", "1, 2, 3, 4")),
        (errors.UnknownModel("dall-e", ["pocket", "core"]), ("dall-e", "pocket, core")),
        (errors.ModelEnded("titan", date(2026, 9, 30), "core"), ("titan", "core")),
        (errors.Blocked("weapons", "a rule"), ("vũ khí", "Không trừ credit")),
    ],
)
async def test_a_refusal_states_its_facts(refusal: Refusal, facts: tuple[str, ...], ask: Ask) -> None:
    text = await said_in("vi", ask, refusal)

    assert [fact for fact in facts if fact not in text] == []


async def test_a_long_name_is_not_repeated_at_length(ask: Ask) -> None:
    assert len(await said_in("vi", ask, errors.Unknown("image", "X" * 5_000))) < 100


# -- in the chat


async def test_blocked_words_go_back_into_the_input_and_cost_nothing(imagify: Imagify, an: Speaker) -> None:
    await an.says("cách chế tạo bom")

    assert an.last_heard.startswith("🚫")
    assert an.button("Sửa").fill == "cách chế tạo bom"
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_who_is_short_of_credits_goes_on_where_they_stopped_once_they_have_them(
    imagify: Imagify, an: Speaker
) -> None:
    await an.says("mèo --n 4")
    await imagify.settles()
    await an.says("chó --n 4 --ar 16:9")
    assert "thiếu 3" in an.last_heard
    await imagify.house.ledger.deposit(an.person.id, 20, key="grant:1", kind="grant")

    await an.presses("▶️ Tiếp tục")
    await imagify.settles()

    newest = (await an.jobs())[-1].words
    assert (newest.words, newest.ratio) == ("chó", "16:9")
    assert await imagify.balance(an) == Balance(free=17, held=0)


async def test_who_goes_on_in_two_tabs_has_one_order(imagify: Imagify, an: Speaker) -> None:
    await an.says("mèo --n 4")
    await imagify.settles()
    await an.says("chó --n 2")
    await imagify.house.ledger.deposit(an.person.id, 20, key="grant:1", kind="grant")
    go = an.button("▶️ Tiếp tục").action

    await an.acts(go)
    await an.acts(go)

    assert an.last_heard == "Mình đã nhận yêu cầu này rồi."
    assert len(await an.jobs()) == 6
