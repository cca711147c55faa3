"""Pictures in S3: what goes over the wire, what each refusal means, and what is never taken for a picture."""

import asyncio
import hashlib
from base64 import b64encode
from collections import Counter
from random import Random

import pytest

from core.blobs import Stored
from core.chance import Chance
from core.errors import Unavailable
from infra.aws.blobs import MOST_TURNS, S3Blobs, bucket_at, create_bucket
from infra.aws.call import Place, Request, SignedRoad, place
from infra.aws.patience import Patience
from tests.clocks import SetClock
from tests.infra.aws.conftest import PlayedAws
from tests.servers import REGION, free_port
from tests.stores import at, fresh_bucket
from tests.storms.faults import faulty_wire

PICTURE, OTHER = b"a picture", b"another, which stood there first"


def base64_of(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


def with_checksum(data: bytes) -> dict[str, str]:
    return {"x-amz-checksum-sha256": base64_of(data)}


def error(code: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>words of the vendor</Message></Error>".encode()


def listing(*keys: str, more: bool = False) -> bytes:
    contents = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
    told = f"<IsTruncated>{str(more).lower()}</IsTruncated>{contents}"
    return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{told}</ListBucketResult>'.encode()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def blobs(aws: PlayedAws, road: SignedRoad, clock: SetClock) -> S3Blobs:
    return S3Blobs(road, place("s3", REGION, aws.url), "bucket", clock, Chance(Random(1)))


async def test_a_put_goes_with_its_checksum_and_only_where_nothing_stands(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.says(b"")

    put = await blobs.put("img/01JOB", PICTURE, "image/png")

    assert put == Stored("img/01JOB", len(PICTURE), hashlib.sha256(PICTURE).hexdigest(), fresh=True)
    [heard] = aws.heard
    assert (heard.method, heard.path, heard.body) == ("PUT", "/bucket/img/01JOB", PICTURE)
    assert heard.headers["if-none-match"] == "*"
    assert heard.headers["content-type"] == "image/png"
    assert heard.headers["x-amz-checksum-sha256"] == base64_of(PICTURE)
    assert heard.headers["x-amz-content-sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert "immutable" in heard.headers["cache-control"]


async def test_what_stood_there_before_is_read_and_adopted(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.says(error("PreconditionFailed"), 412)
    aws.says(OTHER, headers=with_checksum(OTHER))

    put = await blobs.put("img/01JOB", PICTURE, "image/png")

    assert put == Stored("img/01JOB", len(OTHER), hashlib.sha256(OTHER).hexdigest())
    assert [heard.method for heard in aws.heard] == ["PUT", "GET"]


async def test_what_stood_there_and_was_deleted_meanwhile_makes_room(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.says(error("PreconditionFailed"), 412)
    aws.says(error("NoSuchKey"), 404)
    aws.says(b"")

    assert (await blobs.put("img/01JOB", PICTURE, "image/png")).fresh


async def test_a_put_that_is_never_let_in_ends(aws: PlayedAws, blobs: S3Blobs) -> None:
    for _ in range(MOST_TURNS + 1):
        aws.says(error("PreconditionFailed"), 412)
        aws.says(error("NoSuchKey"), 404)

    with pytest.raises(Unavailable):
        await blobs.put("img/01JOB", PICTURE, "image/png")

    assert len(aws.heard) == 2 * MOST_TURNS


async def test_a_put_whose_reply_was_lost_adopts_its_own_bytes(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.hangs_up()
    aws.says(error("PreconditionFailed"), 412)
    aws.says(PICTURE, headers=with_checksum(PICTURE))

    put = await blobs.put("img/01JOB", PICTURE, "image/png")

    assert put.sha256 == hashlib.sha256(PICTURE).hexdigest()


PASSING = {
    "two puts at once": (409, "ConditionalRequestConflict"),
    "spoilt on the way": (400, "BadDigest"),
    "too slow": (400, "RequestTimeout"),
    "too many": (503, "SlowDown"),
    "an outage": (500, "InternalError"),
}


@pytest.mark.parametrize(("status", "code"), PASSING.values(), ids=PASSING)
async def test_what_passes_is_tried_again(
    aws: PlayedAws, blobs: S3Blobs, clock: SetClock, status: int, code: str
) -> None:
    aws.says(error(code), status)
    aws.says(error(code), status)
    aws.says(b"")

    assert (await blobs.put("img/01JOB", PICTURE, "image/png")).fresh

    assert len(aws.heard) == 3
    assert len(clock.slept) == 2


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (404, "NoSuchBucket"), (301, "PermanentRedirect")])
async def test_a_bucket_that_is_not_ours_is_an_outage_and_never_a_missing_picture(
    aws: PlayedAws, blobs: S3Blobs, status: int, code: str
) -> None:
    aws.says(error(code), status)

    for asking in (blobs.put("img/01JOB", PICTURE, ""), blobs.get("img/01JOB"), blobs.delete("a"), blobs.walk()):
        with pytest.raises(Unavailable) as caught:
            await asking
        assert (caught.value.cause, caught.value.billed) == ("outage", "no")

    assert len(aws.heard) == 4


async def test_an_outage_that_does_not_pass_is_told_as_one(road: SignedRoad, clock: SetClock) -> None:
    nobody = place("s3", REGION, f"http://127.0.0.1:{free_port()}")
    blobs = S3Blobs(road, nobody, "bucket", clock, Chance(Random(1)), deadline=2)

    with pytest.raises(Unavailable):
        await blobs.get("img/01JOB")

    assert 0 < sum(clock.slept) <= 2


@pytest.mark.parametrize("spoilt", [b"half a pic", b""])
async def test_bytes_that_are_not_those_of_their_checksum_are_asked_for_again(
    aws: PlayedAws, blobs: S3Blobs, spoilt: bytes
) -> None:
    aws.says(spoilt, headers=with_checksum(PICTURE))
    aws.says(PICTURE, headers=with_checksum(PICTURE))

    assert await blobs.get("img/01JOB") == PICTURE

    assert aws.heard[0].headers["x-amz-checksum-mode"] == "ENABLED"


async def test_a_picture_that_has_rotted_is_not_shown(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.says(b"rotten", headers=with_checksum(PICTURE))

    with pytest.raises(Unavailable):
        await blobs.get("img/01JOB")
    assert await blobs.get("img/01JOB", hashlib.sha256(PICTURE).hexdigest()) is None
    assert blobs.damaged == {"img/01JOB"}


async def test_a_picture_cut_off_in_the_middle_is_asked_for_again(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.hangs_up(after=PICTURE[:4])
    aws.says(PICTURE, headers=with_checksum(PICTURE))

    assert await blobs.get("img/01JOB") == PICTURE


async def test_a_walk_says_what_s3_found_when_it_took_the_bytes(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.says(listing("img%2F01A"))
    aws.says(PICTURE, headers=with_checksum(PICTURE))

    assert await blobs.walk() == [Stored("img/01A", len(PICTURE), hashlib.sha256(PICTURE).hexdigest())]

    assert [heard.method for heard in aws.heard] == ["GET", "HEAD"]


@pytest.mark.parametrize("kept", [{}, {"x-amz-checksum-sha256": f"{base64_of(OTHER)}-2"}])
async def test_what_came_into_the_bucket_without_a_checksum_is_read(
    aws: PlayedAws, blobs: S3Blobs, kept: dict[str, str]
) -> None:
    aws.says(listing("img%2F01A"))
    aws.says(PICTURE, headers=kept)

    assert await blobs.walk() == [Stored("img/01A", len(PICTURE), hashlib.sha256(PICTURE).hexdigest())]

    assert [heard.method for heard in aws.heard] == ["GET", "HEAD", "GET"]


async def test_what_is_deleted_during_a_walk_does_not_end_it(aws: PlayedAws, blobs: S3Blobs) -> None:
    aws.says(listing("a", more=True))
    aws.says(b"", 404)
    aws.says(listing("b+c"))
    aws.says(PICTURE, headers=with_checksum(PICTURE))

    assert [one.name for one in await blobs.walk(limit=1)] == ["b c"]

    assert "start-after=a" in aws.heard[2].path


@pytest.mark.parametrize("body", [b"<html>please log in<br></html>", b"", b"{}"])
async def test_a_list_that_does_not_come_from_s3_is_no_empty_bucket(
    aws: PlayedAws, blobs: S3Blobs, body: bytes
) -> None:
    aws.says(body)

    with pytest.raises(Unavailable):
        await blobs.walk()


@pytest.mark.parametrize("name", ["", "x" * 1025, "ả" * 400])
async def test_a_name_that_no_bucket_takes_is_our_mistake(aws: PlayedAws, blobs: S3Blobs, name: str) -> None:
    for asking in (blobs.put(name, PICTURE, ""), blobs.get(name), blobs.delete(name)):
        with pytest.raises(ValueError, match="1 to 1024 bytes"):
            await asking

    assert aws.heard == []


@pytest.mark.parametrize(
    ("name", "path"), [("..", "/bucket/..%21"), ("a/./b", "/bucket/a/.%21/b"), ("..!", "/bucket/..%21%21")]
)
async def test_a_part_of_a_name_that_the_web_would_walk_up_from_is_written_differently(
    aws: PlayedAws, blobs: S3Blobs, name: str, path: str
) -> None:
    aws.says(b"")

    await blobs.delete(name)

    assert aws.heard[0].path == path


def test_a_bucket_has_a_host_of_its_own_at_aws_and_a_path_elsewhere() -> None:
    theirs, played = place("s3", "ap-southeast-1"), place("s3", REGION, "http://127.0.0.1:8471")

    assert bucket_at(theirs, "pictures").url == "https://pictures.s3.ap-southeast-1.amazonaws.com"
    assert bucket_at(theirs, "pictures.example.vn").url == "https://s3.ap-southeast-1.amazonaws.com/pictures.example.vn"
    assert bucket_at(played, "pictures").url == "http://127.0.0.1:8471/pictures"


@pytest.mark.server
async def test_a_bucket_is_made_once(on_ministack: Place, road: SignedRoad) -> None:
    patience = Patience(SetClock(), Chance(Random(0)))

    for _ in range(2):
        await create_bucket(road, at(on_ministack, "s3"), "made-once", patience)

    assert await S3Blobs(road, at(on_ministack, "s3"), "made-once", SetClock(), Chance(Random(0))).walk() == []


@pytest.mark.server
async def test_what_is_kept_says_its_kind_and_that_it_never_changes(on_ministack: Place, road: SignedRoad) -> None:
    blobs = await fresh_bucket(road, on_ministack)

    await blobs.put("img/01JOB", PICTURE, "image/webp")

    answer = await road.send(Request(blobs._bucket, "HeadObject", method="HEAD", path="/img/01JOB"))
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.server
async def test_over_a_wire_that_breaks_whatever_was_put_stands_whole_and_once(
    on_ministack: Place, road: SignedRoad
) -> None:
    injected: Counter[str] = Counter()
    there, chance, names = at(on_ministack, "s3"), Chance(Random(7)), [f"img/{number:02d}" for number in range(60)]
    await create_bucket(road, there, "shaken", Patience(SetClock(), chance))
    async with faulty_wire(there, Random(7), injected) as wire:
        shaky = S3Blobs(road, wire, "shaken", SetClock(), chance)
        puts = await asyncio.gather(*(shaky.put(name, name.encode() * 500, "image/png") for name in names))

        assert [await shaky.get(name) for name in names] == [name.encode() * 500 for name in names]

    assert min(injected["request cut"], injected["answer cut"]) > 3
    steady = S3Blobs(road, there, "shaken", SetClock(), chance)
    assert [put.sha256 for put in puts] == [one.sha256 for one in await steady.walk()]


@pytest.mark.server
async def test_a_walk_through_hundreds_looks_at_a_few_at_a_time_and_misses_none(
    on_ministack: Place, road: SignedRoad
) -> None:
    blobs = await fresh_bucket(road, on_ministack)
    names = [f"img/{number:04d}" for number in range(300)]
    await asyncio.gather(*(blobs.put(name, name.encode(), "image/png") for name in names))

    walked = await blobs.walk()

    assert [one.name for one in walked] == names
    assert {one.sha256 for one in walked} == {hashlib.sha256(name.encode()).hexdigest() for name in names}
