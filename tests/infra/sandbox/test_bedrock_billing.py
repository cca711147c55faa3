"""What the played Bedrock puts on the bill when things go wrong, and what it says when they do."""

import asyncio
import base64
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError, ResponseStreamingError

from infra.sandbox.bedrock import Clock, Cut, open_bedrock
from infra.sandbox.clock import on_the_wall
from tests.infra.sandbox.bedrock_rig import CORE, LITE, OREGON, SINGAPORE, SMALL, Customer, quick, wanting

THE_DAY = 1_795_132_800.0  # 2026-11-20, midnight UTC
LOST = (ConnectionClosedError, HTTPClientError, ResponseStreamingError)
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIA/20261120/us-west-2/bedrock/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (403, "AccessDeniedException"),
        (404, "ResourceNotFoundException"),
        (408, "ModelTimeoutException"),
        (424, "ModelErrorException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
        (503, "ServiceUnavailableException"),
    ],
)
@pytest.mark.parametrize("billed", [False, True])
async def test_an_error_has_its_exception_and_costs_as_it_is_said(
    an: Customer, code: int, kind: str, *, billed: bool
) -> None:
    an.bedrock.faults.set("error", code=code, times=1, billed=billed)

    refused = await an.is_refused(prompt="a cat")

    assert refused[:2] == (code, kind)
    assert len(an.bedrock.ledger.bills()) == billed
    assert an.bedrock.ledger.total() == 40_000 * billed
    assert (await an.paints("a cat"))["images"]


async def test_an_exception_may_have_another_name_and_other_words(an: Customer) -> None:
    an.bedrock.faults.set("error", code=429, type="ModelNotReadyException", words="not yet")

    assert await an.is_refused(prompt="a cat") == (429, "ModelNotReadyException", "not yet")


@pytest.mark.parametrize(
    ("kind", "billed"), [("reset_before", 0), ("reset_after", 1), ("reset_headers", 1), ("torn", 1)]
)
async def test_a_line_that_is_cut_costs_what_was_done(an: Customer, kind: str, billed: int) -> None:
    an.bedrock.faults.set(kind, times=1)

    with pytest.raises(LOST):
        await an.paints("a cat")

    assert len(an.bedrock.ledger.bills(model=CORE)) == billed
    assert an.bedrock.faults.met == {kind: 1}


async def test_boto3_with_its_defaults_pays_three_times_for_one_picture(an: Customer) -> None:
    an.config = Config()
    an.bedrock.faults.set("reset_after", times=2)

    answer = await an.paints("a cat", seed=9)

    assert answer["seeds"] == [9]
    assert [call.seed for call in an.bedrock.ledger.bills()] == [9, 9, 9]
    assert an.bedrock.ledger.total("core") == 120_000


async def test_a_picture_may_come_broken_and_costs_all_the_same(an: Customer) -> None:
    an.bedrock.faults.set("corrupt", times=1)
    an.bedrock.faults.set("broken_picture", times=1)

    corrupt, broken = [(await an.paints("a cat"))["images"][0] for _ in range(2)]

    with pytest.raises(ValueError, match="base64"):
        base64.b64decode(corrupt, validate=True)
    assert not base64.b64decode(broken, validate=True).startswith(b"\xff\xd8")
    assert len(an.bedrock.ledger.bills()) == 2


async def test_a_picture_may_be_kept_back_whatever_its_words(an: Customer) -> None:
    an.bedrock.faults.set("filtered", times=1)

    assert await an.paints("a cat") == {"finish_reasons": ["Filter reason: output image"]}


async def test_a_call_that_hangs_is_billed_and_ends_when_bedrock_hangs_up() -> None:
    bedrock = quick(Clock.by_hand(THE_DAY))
    bedrock.latency = 0
    bedrock.faults.set("hang", times=1, seconds=300)

    painting = asyncio.create_task(bedrock.answer(wanting()))
    await bedrock.until(lambda world: bool(world.ledger.bills()))
    bedrock.advance(300)

    with pytest.raises(Cut):
        await painting
    assert [(call.billed, call.outcome) for call in bedrock.ledger.calls] == [(True, "cut")]


async def test_a_call_whose_caller_has_gone_is_billed_all_the_same() -> None:
    async with open_bedrock(clock=Clock.by_hand(THE_DAY)) as played, aiohttp.ClientSession() as session:
        bedrock = played.bedrock
        bedrock.pixels = SMALL
        asked = wanting()
        headers = {"Authorization": SIGNED, "X-Amz-Date": stamp()}
        painting = asyncio.create_task(
            session.post(f"{played.url}/model/{CORE}/invoke", data=asked.body, headers=headers)
        )
        await bedrock.until(lambda world: bool(world.ledger.bills()))
        painting.cancel()
        await asyncio.gather(painting, return_exceptions=True)
        bedrock.advance(60)
        await bedrock.until(lambda world: any(call.outcome == "abandoned" for call in world.ledger.calls))

        assert [(call.billed, call.usd_micros) for call in bedrock.ledger.calls] == [(True, 40_000)]


async def test_a_fault_meets_only_what_it_fits(an: Customer) -> None:
    an.bedrock.faults.set("error", model="sd3", code=500)
    an.bedrock.faults.set("error", operation="converse", code=500)
    an.bedrock.faults.set("error", region=SINGAPORE, code=500)
    an.bedrock.faults.set("malformed_json")

    assert (await an.paints("a cat"))["images"]
    assert an.bedrock.faults.met == {}
    with pytest.raises(ClientError, match="InternalServerException"):
        await an.converses("a cat", "Repeat.", LITE)


async def test_a_share_of_the_calls_is_a_share(an: Customer) -> None:
    an.bedrock.faults.set("error", code=503, share=0.4)

    answers = await asyncio.gather(*(an.bedrock.answer(wanting()) for _ in range(50)))

    assert 10 < sum(answer.status == 503 for answer in answers) < 32


async def test_the_bill_is_asked_for_by_model_and_time() -> None:
    bedrock = quick(Clock.by_hand(THE_DAY))
    bedrock.latency = 0

    await bedrock.answer(wanting())
    bedrock.advance(100)
    await bedrock.answer(wanting("stability.stable-image-ultra-v1:1"))

    ledger = bedrock.ledger
    assert [call.model.split("-")[2] for call in ledger.bills(since=THE_DAY + 50)] == ["ultra"]
    assert (ledger.total(), ledger.total("core")) == (180_000, 40_000)
    assert ledger.billed == {CORE: 1, "stability.stable-image-ultra-v1:1": 1}
    assert {call.region for call in ledger.made()} == {OREGON}


@pytest.mark.parametrize("said", [{"kind": "nothing"}, {"kind": "error", "colour": "red"}])
def test_a_fault_that_there_is_not_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        quick(Clock()).faults.set(**said)


def stamp() -> str:
    """Now: signatures are held against the true time."""
    return datetime.fromtimestamp(on_the_wall(), UTC).strftime("%Y%m%dT%H%M%SZ")
