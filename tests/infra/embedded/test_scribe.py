"""The pocket scribe: common words of pictures into English, everything it must not touch left alone."""

import unicodedata
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotAPicture
from core.scribe import Wording
from infra.embedded.scribe import FIRST, LONGEST, PocketScribe, spelled
from infra.local.darkroom import PillowDarkroom
from tests.pictures import a_jpeg, a_png


@pytest.fixture
async def scribe() -> AsyncIterator[PocketScribe]:
    darkroom = PillowDarkroom()
    yield PocketScribe(darkroom)
    darkroom.close()


async def more(scribe: PocketScribe, said: str) -> str:
    return (await scribe.word(said, enhance=True)).enhanced


async def told_of(scribe: PocketScribe, picture: bytes, language: str) -> str:
    return "".join([piece async for piece in scribe.describe(picture, language)])


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("mèo mướp đội nón lá, tranh lụa", "tabby cat wearing conical hat, silk painting"),
        ("Một con mèo đen nhỏ trên biển", "a small black cat on sea"),
        ("hãy vẽ con rồng vàng bay trên vịnh Hạ Long lúc bình minh", "yellow dragon flying on Ha Long Bay at sunrise"),
        ("hoa sen", "lotus"),
        ("hoa sen trắng dưới mưa", "white lotus under rain"),
        ("phở", "pho noodle soup"),
    ],
)
async def test_words_of_pictures_are_read_longest_phrase_first(scribe: PocketScribe, said: str, english: str) -> None:
    assert await scribe.word(said) == Wording(english, "vi")


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("con meo den ngoi tren cay tre luc hoang hon", "black cat sitting on bamboo at sunset"),
        ("VE CON VOI DANG BAY TREN BIEN", "elephant flying on sea"),
        ("chân dung công chua, tranh sơn dau", "portrait princess, oil painting"),
    ],
)
async def test_accents_may_be_missing(scribe: PocketScribe, said: str, english: str) -> None:
    assert await scribe.word(said) == Wording(english, "vi")


async def test_letters_put_together_another_way_read_the_same(scribe: PocketScribe) -> None:
    taken_apart = unicodedata.normalize("NFD", "mèo đỏ")

    assert (await scribe.word(taken_apart)).english == "red cat"


@pytest.mark.parametrize(
    "said", ["a song for my dog", "a hat on a man by the bay", "a café in Paris", "it's a dog's life", "xyzzy"]
)
async def test_english_stays_as_it_is(scribe: PocketScribe, said: str) -> None:
    assert await scribe.word(said) == Wording(said, "en")


async def test_a_vietnamese_name_in_english_words_is_still_read(scribe: PocketScribe) -> None:
    assert await scribe.word("a cat in Hà Nội at night") == Wording("a cat in Hanoi at night", "en")


async def test_numbers_quoted_words_and_what_is_unknown_stay_as_they_are(scribe: PocketScribe) -> None:
    said = 'áp phích ghi "Mèo  đen 2026" và ‘chó’, 3 con chó, giá 50.000đ, kwyjibo'

    english = (await scribe.word(said)).english

    assert english == 'poster saying "Mèo  đen 2026" and ‘chó’, 3 dog, giá 50.000đ, kwyjibo'


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("🐱🌙", "cat face crescent moon"),
        ("mèo 👍🏽", "cat thumbs up sign"),
        ("❤️", "heavy black heart"),
        ("20°C", "20°C"),
    ],
)
async def test_emoji_are_said_by_their_names(scribe: PocketScribe, said: str, english: str) -> None:
    assert (await scribe.word(said)).english == english


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=20))
async def test_whatever_is_said_comes_back_and_what_is_quoted_comes_back_whole(
    scribe: PocketScribe, said: str, quoted: str
) -> None:
    plain = said.replace('"', "").replace("“", "").replace("‘", "").replace("«", "").replace("'", "")

    wording = await scribe.word(f'{plain} "{quoted}"')

    assert wording.english.endswith(f'"{quoted}"')
    assert wording.language in {"vi", "en"}


async def test_the_dictionary_is_large_enough_and_its_phrases_short_enough() -> None:
    words = spelled()

    assert len(words) >= 150
    assert max(len(said.split()) for said in words) == LONGEST
    assert {word.part for word in words.values()} == set(FIRST)
    assert all(said == said.lower() for said in words)


# --- enhancing ---


async def test_enhancing_adds_light_and_detail_and_keeps_every_word(scribe: PocketScribe) -> None:
    assert await more(scribe, "a cat") == "a cat, soft light, fine detail, balanced composition"
    assert (await more(scribe, "photo of a cat.")).startswith("photo of a cat, natural light")
    assert "brushwork" in await more(scribe, "a cat, oil painting")


@pytest.mark.parametrize("said", ["a cat", "an oil painting in soft light", "portrait", ""])
async def test_enhancing_twice_adds_nothing(scribe: PocketScribe, said: str) -> None:
    once = await more(scribe, said)

    assert await more(scribe, once) == once


# --- describing ---


async def test_a_description_tells_shape_and_colours_and_that_it_does_not_see(scribe: PocketScribe) -> None:
    told = await told_of(scribe, a_jpeg((640, 480)), "en")

    assert told.startswith("A wide picture, 640 × 480, mostly blue and red.")
    assert "cannot tell" in told


async def test_a_description_speaks_vietnamese_to_who_does(scribe: PocketScribe) -> None:
    told = await told_of(scribe, a_png((480, 640)), "vi")

    assert told.startswith("Ảnh dọc, 480 × 640, chủ yếu màu xanh dương và đỏ.")
    assert "chưa nói được" in told


async def test_what_is_no_picture_cannot_be_described(scribe: PocketScribe) -> None:
    with pytest.raises(NotAPicture):
        await told_of(scribe, b"words", "en")
