"""How the played Zalo looks at a photo's address: during the call, and again later, when it may have turned black."""

import pytest

from infra.sandbox.zalo import Fetched
from tests.infra.sandbox.telegram_rig import png
from tests.infra.sandbox.zalo_rig import PHOTO, Rig, served


@pytest.fixture
async def rig() -> Rig:
    rig = Rig()
    await rig.begins()
    return rig


def looks(rig: Rig) -> list[tuple[str, str]]:
    picture = rig.zalo.chat(rig.an.id).last.picture
    assert picture
    return [(look.method, look.wrong) for look in picture.looks]


async def test_a_photo_is_looked_at_by_head_and_get_and_again_after_a_while(rig: Rig) -> None:
    message = await rig.sends_photo(caption="mèo")
    at_once = looks(rig)

    await rig.zalo.pass_by(20)

    assert at_once == [("HEAD", ""), ("GET", "")]
    assert looks(rig) == [*at_once, ("GET", "")]
    assert message.picture
    assert (message.rendered, message.picture.settled, message.picture.data) == (True, True, png())
    assert (message.text, message.photo) == ("mèo", PHOTO)


async def test_a_photo_that_is_gone_when_it_is_looked_at_again_turns_black(rig: Rig) -> None:
    message = await rig.sends_photo()
    del rig.web[PHOTO]
    before = message.rendered

    await rig.zalo.pass_by(60)

    assert (before, message.rendered) == (True, False)
    assert looks(rig)[-1] == ("GET", "HTTP 404")
    assert rig.zalo.calls[-1].ok


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Fetched(403, "image/png"), "HTTP 403"),
        (Fetched(302, "text/html"), "HTTP 302"),
        (served(b"<html>", "text/html"), "it is text/html"),
        (served(png(), "image/webp"), "it is image/webp"),
        (served(b"no picture"), "it is no picture"),
        (served(png(weight=5 * 1024 * 1024)), "it is too big"),
        (Fetched(200, "image/png", 7, png()), "HEAD promised another length"),
    ],
)
async def test_what_cannot_be_got_at_first_is_refused_and_leaves_nothing(rig: Rig, answer: Fetched, why: str) -> None:
    rig.web[PHOTO] = answer

    refused = await rig.refused("sendPhoto", chat_id=rig.an.id, photo=PHOTO)

    assert refused == (400, f"Bad request: photo cannot be fetched: {why}")
    assert rig.zalo.chat(rig.an.id).said == []
    assert rig.zalo.robot().meter.messages == 0


async def test_or_it_is_taken_and_black_where_that_is_set(rig: Rig) -> None:
    rig.zalo.habits.unfetched = "black"

    message = await rig.sends_photo("http://127.0.0.1:9/i/nothing.png")

    assert not message.rendered


@pytest.mark.parametrize("url", ["", "cat.png", "ftp://a.example/cat.png", "data:image/png;base64,AAAA", "https://"])
async def test_only_an_address_of_the_web_is_a_photo(rig: Rig, url: str) -> None:
    assert (await rig.refused("sendPhoto", chat_id=rig.an.id, photo=url))[0] == 400


async def test_an_upload_is_no_photo(rig: Rig) -> None:
    assert (await rig.refused("sendPhoto", chat_id=rig.an.id, photo={"file": "photo"}))[0] == 400


async def test_how_often_it_is_looked_at_can_be_set(rig: Rig) -> None:
    rig.zalo.habits.head_first, rig.zalo.habits.fetches = False, 3

    await rig.sends_photo()
    await rig.zalo.pass_by(60)

    assert [method for method, _ in looks(rig)] == ["GET"] * 3


async def test_faults_make_a_photo_unfetched_or_black(rig: Rig) -> None:
    rig.zalo.faults.set("photo_unfetched", times=1)
    rig.zalo.faults.set("photo_black", chat=rig.an.id, times=1)

    refused = await rig.refused("sendPhoto", chat_id=rig.an.id, photo=PHOTO)
    message = await rig.sends_photo()
    await rig.zalo.pass_by(20)

    assert refused[0] == 400
    assert not message.rendered


async def test_what_people_send_can_be_fetched_for_a_day(rig: Rig) -> None:
    await rig.an.sends_photo(png())
    (update,) = await rig.reads_all()
    name = update["message"]["photo_url"].removeprefix("https://")
    media, clock = rig.zalo.world.media, rig.zalo.clock

    at_once = media.get(name, clock.date())
    await rig.zalo.pass_by(86_400)

    assert at_once == png()
    assert media.get(name, clock.date()) is None


async def test_somebody_who_forges_may_name_another_address(rig: Rig) -> None:
    await rig.an.sends_photo(png(), url="https://evil.example/zdn.vn/a.jpg")

    (update,) = await rig.reads_all()

    assert update["message"]["photo_url"] == "https://evil.example/zdn.vn/a.jpg"


async def test_only_so_many_bytes_of_photos_are_kept_the_newest(rig: Rig) -> None:
    rig.zalo.world.gallery.most = 2 * len(png())
    await rig.sends_photo()

    await rig.an.sends_photo(png())
    await rig.an.sends_photo(png())

    kept = [one.picture.data for one in rig.zalo.chat(rig.an.id).messages if one.picture]
    assert kept == [b"", png(), png()]
