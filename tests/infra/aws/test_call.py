"""The one road to AWS: what goes over the wire, how often, how long, and what is known afterwards."""

import asyncio
import threading
from dataclasses import replace
from hashlib import sha256
from hmac import digest
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import CredentialRetrievalError
from botocore.session import Session

from infra.aws.call import (
    AwsError,
    Bounds,
    ErrorAnswer,
    Keyring,
    NoAnswer,
    NotSent,
    Request,
    SignedRoad,
    json_request,
    place,
)
from tests.infra.aws.conftest import PlayedAws
from tests.servers import REGION, free_port, played_keys

CALLED = ("dynamodb", "GetItem")


def get_item(aws: PlayedAws, bounds: Bounds | None = None) -> Request:
    return json_request(aws.place(bounds), "DynamoDB_20120810", "GetItem", {"TableName": "imagify"})


async def failing(road: SignedRoad, request: Request) -> AwsError:
    with pytest.raises(AwsError) as caught:
        await road.send(request)
    return caught.value


async def test_a_call_brings_its_answer(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says({"Item": {"n": {"N": "1"}}}, headers={"x-amzn-RequestId": "r1"})

    answer = await road.send(get_item(aws))

    assert answer.status == 200
    assert answer.json() == {"Item": {"n": {"N": "1"}}}
    assert answer.headers["X-Amzn-RequestId"] == "r1"
    assert aws.heard[0].body == b'{"TableName": "imagify"}'
    assert aws.heard[0].headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert aws.heard[0].headers["content-type"] == "application/x-amz-json-1.0"


async def test_what_arrives_carries_a_signature_that_fits_it(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says({})

    await road.send(replace(get_item(aws), method="PUT", path="/b%20c/%C3%B4?list-type=2&prefix=a%2Fb"))

    [heard] = aws.heard
    stamp, _, signature = heard.headers["authorization"].rpartition("Signature=")
    assert f"Credential=played/{heard.headers['x-amz-date'][:8]}/{REGION}/dynamodb/aws4_request" in stamp
    signed_names = stamp.partition("SignedHeaders=")[2].strip(", ").split(";")
    assert {"host", "x-amz-date", "x-amz-target", "content-type"} <= set(signed_names)
    headers = {name: heard.headers[name] for name in signed_names}
    again = AWSRequest(heard.method, aws.url + heard.path, headers=headers, data=heard.body)
    again.context["timestamp"] = heard.headers["x-amz-date"]
    keys = SimpleNamespace(access_key="played", secret_key="played", token=None)
    signer = SigV4Auth(keys, "dynamodb", REGION)
    assert signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again) == signature


async def test_what_goes_to_s3_is_signed_as_s3_reads_it(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says(b"")
    there = place("s3", REGION, aws.url)

    await road.send(Request(there, "PutObject", b"a picture", "PUT", "/b//%C3%B4%20%2520/../x", {"If-None-Match": "*"}))

    [heard] = aws.heard
    assert heard.path == "/b//%C3%B4%20%2520/../x"
    assert heard.headers["x-amz-content-sha256"] == sha256(b"a picture").hexdigest()
    stamp, _, signature = heard.headers["authorization"].rpartition("Signature=")
    signed_names = stamp.partition("SignedHeaders=")[2].strip(", ").split(";")
    assert signed_names == ["host", "if-none-match", "x-amz-content-sha256", "x-amz-date"]
    date, region = heard.headers["x-amz-date"], REGION
    canonical = "\n".join(
        [
            *("PUT", heard.path, ""),
            *(f"{name}:{heard.headers[name]}" for name in signed_names),
            *("", ";".join(signed_names), sha256(b"a picture").hexdigest()),
        ]
    )
    scope = f"{date[:8]}/{region}/s3/aws4_request"
    words = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4played"
    for part in (*scope.split("/"), words):
        key = digest(key, part.encode(), "sha256")
    assert signature == key.hex()


async def test_an_error_of_s3_is_read_from_its_xml(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says(b"<?xml version='1.0'?><Error><Code>NoSuchBucket</Code><Message>of an@example.vn</Message></Error>", 404)

    error = await failing(road, get_item(aws))

    assert isinstance(error, ErrorAnswer)
    assert str(error) == "dynamodb GetItem: 404 NoSuchBucket"


async def test_keys_of_a_role_bring_their_token_along(aws: PlayedAws) -> None:
    session = Session()
    session.set_credentials("played", "played", "of a role")
    aws.says({})

    async with SignedRoad(Keyring(session)) as road:
        await road.send(get_item(aws))

    assert aws.heard[0].headers["x-amz-security-token"] == "of a role"


ERRORS: dict[str, tuple[int, object, dict[str, str], str]] = {
    "a name within a namespace": (
        400,
        {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"},
        {},
        "Thrott",
    ),
    "a name in a header": (429, {}, {"x-amzn-ErrorType": "ThrottlingException:http://internal/"}, "Thrott"),
    "a code": (400, {"code": "AccessDeniedException", "Message": "m"}, {}, "AccessDenied"),
    "no JSON": (503, b"<html>busy</html>", {}, ""),
    "JSON that is no object": (500, [1], {}, ""),
    "nothing": (500, b"", {}, ""),
    "another address": (307, b"", {"Location": "http://127.0.0.1:1/"}, ""),
}


@pytest.mark.parametrize(("status", "body", "headers", "code"), ERRORS.values(), ids=ERRORS)
async def test_an_error_is_read_and_nothing_is_sent_twice(
    aws: PlayedAws, road: SignedRoad, status: int, body: object, headers: dict[str, str], code: str
) -> None:
    aws.says(body, status, headers)

    error = await failing(road, get_item(aws))

    assert isinstance(error, ErrorAnswer)
    assert error.status == status
    assert error.code.startswith(code)
    assert bool(error.code) == bool(code)
    assert len(aws.heard) == 1


async def test_an_error_keeps_the_words_of_the_vendor_to_itself(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says({"__type": "x#ValidationException", "message": "Item of an@example.vn is too big"}, 400)

    error = await failing(road, get_item(aws))

    assert isinstance(error, ErrorAnswer)
    assert error.message == "Item of an@example.vn is too big"
    assert str(error) == "dynamodb GetItem: 400 ValidationException"


async def test_a_connection_ended_before_the_answer_leaves_the_outcome_open(aws: PlayedAws, road: SignedRoad) -> None:
    aws.hangs_up()

    assert isinstance(await failing(road, get_item(aws)), NoAnswer)
    assert len(aws.heard) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_a_kept_connection_that_ends_is_no_reason_to_send_twice(
    aws: PlayedAws, road: SignedRoad, method: str
) -> None:
    aws.says({})
    aws.hangs_up()
    request = replace(get_item(aws), method=method)
    await road.send(request)

    assert isinstance(await failing(road, request), NoAnswer)

    assert len(aws.heard) == 2


async def test_a_connection_ended_within_the_answer_leaves_the_outcome_open(aws: PlayedAws, road: SignedRoad) -> None:
    aws.hangs_up(after=b'{"Item": {}}')

    assert isinstance(await failing(road, get_item(aws)), NoAnswer)
    assert len(aws.heard) == 1


async def test_an_answer_that_does_not_come_in_time_leaves_the_outcome_open(aws: PlayedAws, road: SignedRoad) -> None:
    aws.hangs()

    assert isinstance(await failing(road, get_item(aws, Bounds(read=0.05))), NoAnswer)
    assert len(aws.heard) == 1


async def test_where_nobody_listens_nothing_was_sent(aws: PlayedAws, road: SignedRoad) -> None:
    aws.url = f"http://127.0.0.1:{free_port()}"

    assert isinstance(await failing(road, get_item(aws)), NotSent)


async def test_who_gets_no_connection_in_time_has_sent_nothing(aws: PlayedAws) -> None:
    aws.hangs()

    async with SignedRoad(played_keys(), connections=1) as narrow, asyncio.TaskGroup() as tasks:
        first = tasks.create_task(narrow.send(get_item(aws)))
        await aws.hearing.wait()
        second = await failing(narrow, get_item(aws, Bounds(connect=0.05)))
        aws.closing.set()

    assert isinstance(second, NotSent)
    assert first.result().status == 200
    assert len(aws.heard) == 1


async def test_an_answer_longer_than_its_bound_is_not_read_on(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says(b"x" * 1_001)

    assert isinstance(await failing(road, get_item(aws, Bounds(received=1_000))), NoAnswer)
    assert (await road.send(get_item(aws, Bounds(received=1_001)))).body == b"x" * 1_001


async def test_a_request_longer_than_its_bound_is_our_mistake_and_is_not_sent(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says({})

    with pytest.raises(ValueError, match="GetItem"):
        await road.send(get_item(aws, Bounds(sent=10)))

    assert aws.heard == []


class Role:
    """The keys of a machine's role, which run out."""

    def __init__(self) -> None:
        self.renewed_on: list[int] = []
        self.broken = False

    def get_credentials(self) -> "Role":
        return self

    def refresh_needed(self) -> bool:
        return not self.renewed_on

    def get_frozen_credentials(self) -> Any:
        if self.refresh_needed():
            if self.broken:
                raise CredentialRetrievalError(provider="role", error_msg="no answer")
            self.renewed_on.append(threading.get_ident())
        return SimpleNamespace(access_key="role", secret_key="role", token="t")


async def test_keys_that_ran_out_are_renewed_once_and_off_the_loop(aws: PlayedAws) -> None:
    role = Role()
    aws.says({})

    async with SignedRoad(Keyring(role)) as road:
        await asyncio.gather(*(road.send(get_item(aws)) for _ in range(5)))

    [thread] = role.renewed_on
    assert thread != threading.get_ident()
    assert len(aws.heard) == 5


async def test_without_keys_nothing_is_sent(aws: PlayedAws) -> None:
    aws.says({})
    broken, none = Role(), SimpleNamespace(get_credentials=lambda: None)
    broken.broken = True

    for source in (broken, none):
        async with SignedRoad(Keyring(source)) as road:
            assert isinstance(await failing(road, get_item(aws)), NotSent)

    assert aws.heard == []


def test_a_place_is_its_regions_own_address_unless_told_otherwise() -> None:
    assert place("dynamodb", "ap-southeast-1").url == "https://dynamodb.ap-southeast-1.amazonaws.com"
    assert place("sqs", "eu-west-1").url == "https://sqs.eu-west-1.amazonaws.com"
    assert place("dynamodb", "ap-southeast-1", "http://127.0.0.1:8471/").url == "http://127.0.0.1:8471"


def test_no_region_is_ever_guessed() -> None:
    with pytest.raises(ValueError, match="dynamodb needs a region"):
        place("dynamodb", "")


async def test_every_call_and_every_error_is_counted(aws: PlayedAws, road: SignedRoad) -> None:
    aws.says({})
    aws.says({}, 500)

    await road.send(get_item(aws))
    await failing(road, get_item(aws))

    assert road.counts.calls[CALLED] == 2
    assert road.counts.errors[CALLED] == 1
    assert road.counts.retries[CALLED] == 0


async def test_a_call_that_nobody_waits_for_any_longer_has_brought_no_answer(aws: PlayedAws, road: SignedRoad) -> None:
    aws.hangs()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await road.send(get_item(aws))

    assert road.counts.calls[CALLED] == road.counts.errors[CALLED] == 1
