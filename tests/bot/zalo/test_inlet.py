"""The way in: kept before it is acknowledged, once however often it comes, and from nobody but Zalo."""

import asyncio
import io
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image as Pillow

from bot.replies import Choice, Reply, Shown
from bot.zalo.inlet import BIGGEST_BODY
from bot.zalo.pictures import HEAVIEST
from core.gallery import Image, hanging
from core.jobs import Job, job_key
from core.table import Create
from tests.bot.zalo.desk import AN, Desk, a_desk, says
from tests.bot.zalo.rig import name_of
from tests.pictures import a_png


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "home") as one:
        yield one


async def test_what_is_said_waits_in_its_lane_when_zalo_is_answered(desk: Desk) -> None:
    assert await desk.posts(says(7, "mèo mướp")) == 200

    [heard] = await desk.waiting()
    assert (heard.text, heard.address.id, heard.own) == ("mèo mướp", AN, f"{7:020x}")
    assert desk.counted("kept") == 1


async def test_the_same_event_is_kept_once_in_whichever_dialect_and_however_many_come_at_once(desk: Desk) -> None:
    event = says(7)
    both = [event, {"ok": True, "result": event}] * 8

    assert set(await asyncio.gather(*(desk.posts(one) for one in both))) == {200}
    assert len(await desk.waiting()) == 1
    assert (desk.counted("kept"), desk.counted("known")) == (1, 15)


async def test_words_wait_in_the_order_in_which_they_came_though_ids_have_none(desk: Desk) -> None:
    for number in (9, 3, 7):
        await desk.posts(says(number, f"số {number}"))

    assert [heard.text for heard in await desk.waiting()] == ["số 9", "số 3", "số 7"]


@pytest.mark.parametrize("secret", [None, "", "guessed-by-somebody", "shown-by-zalo-alon", "ß\udcff"])
async def test_whoever_does_not_show_the_secret_is_not_heard(secret: str | None, desk: Desk) -> None:
    shown = secret.encode("utf-8", "replace").decode("latin-1") if secret else secret

    assert await desk.posts(says(7), shown) == 403
    assert await desk.waiting() == []
    assert desk.counted("no secret") == 1


@pytest.mark.parametrize("secret", [None, "wrong", "shown-by-zalo-alone"])
async def test_an_empty_call_is_answered_and_means_nothing(secret: str | None, desk: Desk) -> None:
    assert await desk.posts(b"", secret) == 200
    assert desk.counted("probed") == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"[" * 50_000, 400),
        (b"\xff\xfe", 400),
        (b"{}", 200),
        (b'{"event_name":"message.text.received","message":{"message_id":7}}', 200),
        (b'{"event_name":"something.new","message":null}', 200),
    ],
)
async def test_what_cannot_be_read_is_never_brought_again_and_harms_nobody(
    body: bytes, status: int, desk: Desk
) -> None:
    assert await desk.posts(body) == status
    assert await desk.posts(says(7)) == 200
    assert len(await desk.waiting()) == 1


async def test_a_body_that_is_too_big_is_not_read(desk: Desk) -> None:
    assert await desk.posts(b"{" + b" " * BIGGEST_BODY) == 413
    assert desk.counted("too big") == 1


async def test_a_number_is_kept_as_what_it_stands_for_when_it_is_said(desk: Desk) -> None:
    an = desk.person()
    await an.says("chào")
    await desk.mouth.channel.send(an.id, Reply("Đồng ý chứ?", (Choice("Đồng ý", action="agree"),)))
    at = desk.played.zalo.chat(an.id).last.at

    for number, text in enumerate(("1", "mèo", "dong y", "/1", "2")):
        await desk.posts(says(number, text, an.id, date=int((at + 5) * 1000)))

    kept = [(heard.action, heard.text) for heard in await desk.waiting(an.id)]
    assert kept == [("agree", ""), ("", "mèo"), ("agree", ""), ("", "/1"), ("no_number", "")]


async def test_a_chat_that_says_too_much_at_once_is_told_so_once(desk: Desk) -> None:
    for number in range(40):
        await desk.posts(says(number, date=1_795_132_800_000))

    heard = await desk.waiting()
    assert (len(heard), [one.action for one in heard].count("slower")) == (21, 1)
    assert desk.counted("too fast") == 20


@pytest.mark.parametrize("kind", ["GROUP", "group"])
async def test_a_group_gets_one_line_for_good_and_nothing_of_it_is_kept(kind: str, desk: Desk) -> None:
    an = desk.person()
    group = desk.played.zalo.group("Nhóm", [an])
    for number in range(3):
        said = says(number, "vẽ mèo", an.id)
        said["message"]["chat"] = {"id": group.id, "chat_type": kind}
        assert await desk.posts(said) == 200

    await desk.until(lambda: group.messages)
    assert (len(group.messages), "riêng" in group.messages[0].text) == (1, True)
    assert await desk.waiting(group.id) == await desk.waiting(an.id) == []
    assert await desk.house.people.find("zalo", an.id) is None


async def test_whoever_cannot_be_read_gets_one_line_a_day_and_is_not_met(desk: Desk) -> None:
    be = desk.person("Bé", protected=True)
    await be.says("vẽ mèo")
    for number in range(3):
        message = says(number, chat=be.id, kind="unsupported")
        del message["message"]["text"]
        assert await desk.posts(message) == 200

    await desk.until(lambda: desk.played.zalo.chat(be.id).said)
    assert len(desk.played.zalo.chat(be.id).said) == 1
    assert await desk.house.people.find("zalo", be.id) is None
    assert await desk.house.ports.table.list(f"LANE#zalo:{be.id}") == []


@pytest.mark.parametrize(
    "event",
    [
        says(1, kind="reaction"),
        {"event_name": "user_send_text", "message": says(1)["message"]},
        {**(said := says(1)), "message": {**said["message"], "from": {"id": AN, "is_bot": True}}},
    ],
)
async def test_what_nobody_said_to_us_is_passed_over(event: dict[str, object], desk: Desk) -> None:
    assert await desk.posts(event) == 200
    assert await desk.waiting() == []


async def test_whoever_comes_when_the_plan_is_full_is_not_heard(tmp_path: Path) -> None:
    async with a_desk(tmp_path / "home", users=1) as desk:
        for number, chat in enumerate((AN, "another", AN)):
            await desk.posts(says(number, chat=chat))

        assert (len(await desk.waiting()), await desk.waiting("another")) == (2, [])
        assert desk.counted("beyond the plan") == 1


# --- where Zalo looks


async def test_head_and_get_say_the_same_and_it_is_a_small_plain_jpeg(desk: Desk) -> None:
    one, ports = name_of(1), desk.house.ports
    facts = dict.fromkeys(("sha256", "thumb_sha256", "mime", "model", "route"), "x")
    sizes = dict.fromkeys(("size", "width", "height", "seed", "price", "at"), 1)
    data = a_png((3_000, 2_000), "RGBA")
    facts["sha256"] = sha256(data).hexdigest()
    image = Image(id=one, person="P1", prompt={"words": "mèo"}, **facts, **sizes)  # type: ignore[arg-type]  # as data
    job = Job(one, "P1", "S1", 1, "pocket", {"words": "mèo"}, "zalo", AN, 0, 0, state="delivered")
    await ports.table.write(hanging(image), Create(job_key(one), job.facts()))
    await ports.blobs.put(image.blob, data, "image/png")
    path = desk.mouth._postcards.address(Reply("", shown=Shown(one, "P1", "")))
    url = f"{desk.url}{path}"

    async with desk.session.head(url) as head, desk.session.get(url) as got, desk.session.get(url) as again:
        data = await got.read()
        assert await again.read() == data
        assert {one.status for one in (head, got, again)} == {200}
        assert {one.content_type for one in (head, got)} == {"image/jpeg"}
        assert {one.content_length for one in (head, got)} == {len(data)}
        assert got.headers["X-Robots-Tag"] == "noindex"
    async with desk.session.get(url.replace(one, name_of(2))) as other:
        assert other.status == 404
    with Pillow.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.mode, max(picture.size)) == ("JPEG", "RGB", 2048)
        assert not picture.info.get("progressive")
    assert len(data) <= HEAVIEST
