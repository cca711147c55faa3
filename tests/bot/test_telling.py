"""News and kept pictures become replies: what happened, what it cost, and everything that can be done next."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.asking import ACTIONS
from bot.commands import images as _images
from bot.telling import Teller, send_again
from bot.texts import Language
from core.gallery import Image
from core.jobs import Job
from core.news import GIVEN_BACK, IMAGE_CANCELLED, IMAGE_FAILED, News
from tests.house import Imagify, Speaker

LANGUAGES: tuple[Language, ...] = get_args(Language)
JOB = "01KABCDEFGHJKMNPQRSTVWXYZ0"
KINDS = (IMAGE_FAILED, IMAGE_CANCELLED, GIVEN_BACK)


@pytest.fixture
def teller(workshop: Imagify) -> Teller:
    return workshop.house.teller


@pytest.fixture
async def kept(an: Speaker) -> tuple[Image, Job]:
    """A picture of five credits' owner, painted with everything that can be asked for."""
    (job,) = await an.orders("mèo mướp, tranh lụa --ar 16:9 --no chữ --seed 7")
    done = await an.imagify.paints(job)
    return await an.imagify.image(done), done


def news(person: str, kind: str, **facts: str) -> News:
    return News("1", kind, person, "telegram", "101", due=0, at=0, facts={"job": JOB, "price": 3, **facts})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
async def test_news_without_a_picture_say_what_they_cost_and_leave_nothing_open(
    kind: str, language: Language, teller: Teller, an: Speaker
) -> None:
    await teller.people.speak(an.person, language)

    told = await teller.words(news(an.person.id, kind), price=3)

    assert "3 credit" in told.text
    assert "{" not in told.text
    assert told.picture is None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_blocked_is_told_otherwise_than_what_failed(
    language: Language, teller: Teller, an: Speaker
) -> None:
    await teller.people.speak(an.person, language)

    failed, blocked, wordless = [
        (await teller.words(news(an.person.id, IMAGE_FAILED, reason=reason), price=3)).text
        for reason in ("outage", "blocked", "wordless")
    ]

    assert len({failed, blocked, wordless}) == 3
    assert " 3 credit" in wordless
    assert JOB[-8:] in failed
    assert "outage" not in failed


async def test_what_came_to_nothing_can_be_tried_again_and_what_was_cancelled_cannot(
    teller: Teller, an: Speaker
) -> None:
    offered = {
        kind: [one.action for one in (await teller.words(news(an.person.id, kind), 3)).choices] for kind in KINDS
    }

    assert offered == {IMAGE_FAILED: [f"retry:{JOB}"], GIVEN_BACK: [f"retry:{JOB}"], IMAGE_CANCELLED: []}


async def test_a_picture_says_what_it_took_what_it_cost_and_that_a_machine_made_it(
    teller: Teller, kept: tuple[Image, Job]
) -> None:
    image, job = kept

    told = await teller.picture(image, replace(job, ended=job.created + 6_400), b"bytes")

    assert told.text.startswith("✅ Xong trong 6 giây · đã dùng 1 · còn 4 credit · Ảnh do AI tạo")
    assert "“mèo mướp, tranh lụa” · pocket · seed 7" in told.text
    assert told.alt == "Ảnh do AI tạo: mèo mướp, tranh lụa"
    assert told.picture == b"bytes"


@pytest.mark.parametrize(("spent", "said"), [(0, False), (1, True)])
async def test_who_is_nearly_out_of_credits_is_told(
    spent: int, said: bool, teller: Teller, an: Speaker, kept: tuple[Image, Job]
) -> None:
    for _ in range(spent):
        (job,) = await an.orders("chó")
        await an.imagify.paints(job)

    told = await teller.picture(*kept, None)

    assert ("💡 Sắp hết credit" in told.text) == said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_button_under_a_picture_leads_somewhere(
    language: Language, teller: Teller, kept: tuple[Image, Job]
) -> None:
    image, _ = kept
    choices = teller.buttons(image, language)

    assert _images
    assert len(choices) == 7
    for choice in choices:
        assert bool(choice.fill) != (choice.action.partition(":")[0] in ACTIONS)
        assert choice.text


async def test_a_price_stands_on_every_button_that_costs_and_is_the_most_it_may_cost(
    teller: Teller, kept: tuple[Image, Job]
) -> None:
    image, _ = kept
    by_name = {choice.action.partition(":")[0]: choice for choice in teller.buttons(image, "vi")}

    assert (by_name["again"].text, by_name["again"].action) == ("🔄 Vẽ lại · 1", f"again:{image.id}:1")
    assert (by_name["four"].text, by_name["four"].action) == ("🎲 4 biến thể · 4", f"four:{image.id}:4")


async def test_edit_puts_the_words_and_flags_back_but_for_the_seed(teller: Teller, kept: tuple[Image, Job]) -> None:
    (edit,) = [choice for choice in teller.buttons(kept[0], "vi") if choice.fill]

    assert edit.fill == "mèo mướp, tranh lụa --ar 16:9 --no chữ"


async def test_a_favourite_can_only_be_let_go_of(teller: Teller, kept: tuple[Image, Job]) -> None:
    image, _ = kept

    names = [
        [one.action.partition(":")[0] for one in teller.buttons(which, "vi")]
        for which in (image, replace(image, favourite=True))
    ]

    assert [("star" in one, "unstar" in one) for one in names] == [(True, False), (False, True)]


async def test_a_long_prompt_is_quoted_short(teller: Teller, an: Speaker) -> None:
    (job,) = await an.orders("con mèo " * 200)
    await an.imagify.paints(job)

    shown = teller.shown(await an.imagify.image(job), "vi")

    assert len(shown.text) < 220
    assert "…”" in shown.text


async def test_of_four_each_can_be_taken_or_varied_at_its_price(teller: Teller, binh: Speaker) -> None:
    jobs = await binh.orders("mèo --n 4")
    images = [await binh.imagify.image(await binh.imagify.paints(job)) for job in jobs]

    *picks, edit = teller.picks(images, "vi")

    assert [one.text for one in picks] == ["U1", "U2", "U3", "U4", "V1 · 4", "V2 · 4", "V3 · 4", "V4 · 4"]
    assert [one.action for one in picks[:4]] == [f"show:{image.id}" for image in images]
    assert [one.action for one in picks[4:]] == [f"four:{image.id}:4" for image in images]
    assert edit.fill == "mèo"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_may_have_missed_a_picture_can_ask_for_it(language: Language, kept: tuple[Image, Job]) -> None:
    (button,) = send_again([kept[0]], language).choices

    assert button.action == f"show:{kept[0].id}"
    assert button.text


async def test_news_for_who_has_no_purse_any_more_are_told_all_the_same(teller: Teller, an: Speaker) -> None:
    stranger = await an.imagify.newcomer()

    told = await teller.words(news(stranger.person.id, IMAGE_FAILED), price=3)

    assert "số dư 0" in told.text
