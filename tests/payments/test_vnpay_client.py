"""The two calls over the network, against a gateway played on loopback."""

import asyncio
import gzip
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType

import aiohttp
import pytest
from aiohttp import web

from core.chance import Chance
from core.clock import HOUR
from payments.tills import Later, NotKnown, RefundTold, Till, Told
from payments.vnpay import Terminal
from payments.vnpay_client import LARGEST, Vnpay
from tests.clocks import THE_DAY, SetClock
from tests.payments.gateway import REF, REFUND_ROW, ROW, SECRET, answer

ANOTHER_PORT = "http://127.0.0.1:1/"
Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Impatient(Vnpay):
    patience = aiohttp.ClientTimeout(total=0.05)


class Played:
    """A gateway that answers as it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: Answers = self.silent
        self.let_go = asyncio.Event()
        self.url = ""

    async def hears(self, request: web.Request) -> web.StreamResponse:
        assert request.content_type == "application/json"
        self.asked.append(await request.json())
        return await self.answers(request)

    async def silent(self, _: web.Request) -> web.StreamResponse:
        await self.let_go.wait()
        return web.Response()

    def tells(self, body: object, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        """JSON, or any text or bytes as they are."""
        raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()

        async def told(_: web.Request) -> web.StreamResponse:
            return web.Response(body=raw, status=status, headers=headers)

        self.answers = told


@pytest.fixture
async def gateway() -> AsyncIterator[Played]:
    played = Played()
    house = web.Application()
    house.router.add_post("/api", played.hears)
    runner = web.AppRunner(house, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    played.url = f"http://{host}:{port}/api"
    yield played
    played.let_go.set()
    await runner.cleanup()


@pytest.fixture
async def vnpay(gateway: Played) -> AsyncIterator[Vnpay]:
    till = till_at(gateway.url)
    yield till
    await till.close()


def till_at(url: str, kind: type[Vnpay] = Vnpay, session: aiohttp.ClientSession | None = None) -> Vnpay:
    terminal = Terminal("IMGF0001", SECRET, "", url)
    return kind(terminal, SetClock(THE_DAY + HOUR), Chance(random.Random(1)), session, "113.160.92.1")


async def test_a_query_is_asked_once_and_its_answer_read(gateway: Played, vnpay: Vnpay) -> None:
    gateway.tells(answer(ROW))

    told, refund = await vnpay.query(REF, THE_DAY)

    assert isinstance(told, Told)
    assert (told.verdict, told.amount, refund) == ("paid", 50_000, None)
    assert [(asked["vnp_TxnRef"], asked["vnp_TransactionDate"], asked["vnp_IpAddr"]) for asked in gateway.asked] == [
        (REF, "20261120070000", "113.160.92.1")
    ]


async def test_one_query_tells_of_the_refund_too(gateway: Played, vnpay: Vnpay) -> None:
    gateway.tells(answer(ROW, TransactionType="02", TransactionStatus="00"))

    told, refund = await vnpay.query(REF, THE_DAY)

    assert told == Later("not the payment")
    assert refund == RefundTold("sent", "15200000", "00")
    assert len(gateway.asked) == 1


async def test_a_refund_is_asked_for_once_and_its_answer_read(gateway: Played, vnpay: Vnpay) -> None:
    gateway.tells(answer(REFUND_ROW))

    told = await vnpay.refund(REF, 50_000, "15200000", THE_DAY, "telegram:12")

    assert told == RefundTold("accepted", "15200000", "00")
    assert [(asked["vnp_Amount"], asked["vnp_CreateBy"]) for asked in gateway.asked] == [("5000000", "telegram:12")]


async def test_every_call_has_an_id_of_its_own(gateway: Played, vnpay: Vnpay) -> None:
    gateway.tells(answer(ROW, ResponseCode="91"))

    for _ in range(3):
        assert await vnpay.query(REF, THE_DAY) == (NotKnown(), None)

    assert len({asked["vnp_RequestId"] for asked in gateway.asked}) == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (answer(ROW), 500),
        (answer(ROW), 503),
        (answer(ROW), 404),
        (answer(ROW), 201),
        ("<html>Bảo trì</html>", 200),
        ("", 200),
        (b"\xff\xfe{}", 200),
        ("[" * 60_000, 200),
        (json.dumps(answer(ROW)) + " " * LARGEST, 200),
    ],
)
async def test_what_is_no_answer_is_asked_for_later(
    gateway: Played, vnpay: Vnpay, body: dict[str, str] | str | bytes, status: int
) -> None:
    gateway.tells(body, status)

    assert await vnpay.query(REF, THE_DAY) == (Later("network"), None)
    assert await vnpay.refund(REF, 50_000, "", THE_DAY, "an") == RefundTold("unknown")
    assert len(gateway.asked) == 2, "each is asked once"


@pytest.mark.parametrize("body", [[], "null", "1", '"00"', [answer(ROW)]])
async def test_json_that_is_no_answer_is_not_believed(gateway: Played, vnpay: Vnpay, body: object) -> None:
    gateway.tells(body)

    assert await vnpay.query(REF, THE_DAY) == (Later("not verified"), None)
    assert await vnpay.refund(REF, 50_000, "", THE_DAY, "an") == RefundTold("unknown", code="?")


async def test_an_answer_that_swells_when_unpacked_is_not_read_to_its_end(gateway: Played, vnpay: Vnpay) -> None:
    swollen = json.dumps(answer(ROW)).encode() + b" " * 50_000_000
    gateway.tells(gzip.compress(swollen, compresslevel=1), headers={"Content-Encoding": "gzip"})

    async with asyncio.timeout(10):
        assert await vnpay.query(REF, THE_DAY) == (Later("network"), None)


async def test_nobody_is_sent_elsewhere_with_a_question(gateway: Played, vnpay: Vnpay) -> None:
    for status in (301, 302, 307, 308):
        gateway.tells(answer(ROW), status, {"Location": gateway.url})

        assert await vnpay.query(REF, THE_DAY) == (Later("network"), None)

    assert len(gateway.asked) == 4


async def test_a_gateway_that_hangs_up_or_is_not_there_is_asked_later(gateway: Played, vnpay: Vnpay) -> None:
    async def hung_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    gateway.answers = hung_up
    nobody = till_at(ANOTHER_PORT)

    assert await vnpay.query(REF, THE_DAY) == (Later("network"), None)
    assert len(gateway.asked) == 1, "a refund that was asked for twice could be paid twice"
    assert await nobody.query(REF, THE_DAY) == (Later("network"), None)
    assert await nobody.refund(REF, 50_000, "", THE_DAY, "an") == RefundTold("unknown")
    await nobody.close()


async def test_a_gateway_that_says_nothing_is_not_waited_for(gateway: Played) -> None:
    till = till_at(gateway.url, Impatient)

    async with asyncio.timeout(10):
        assert await till.query(REF, THE_DAY) == (Later("network"), None)
        assert await till.refund(REF, 50_000, "", THE_DAY, "an") == RefundTold("unknown")
    await till.close()
    assert Vnpay.patience.total == 15


async def test_a_lent_session_stays_open_and_a_till_never_used_has_none(gateway: Played) -> None:
    gateway.tells(answer(ROW))
    await till_at(gateway.url).close()

    async with aiohttp.ClientSession() as session:
        till: Till = (lent := till_at(gateway.url, session=session))
        await till.query(REF, THE_DAY)
        await lent.close()

        assert not session.closed
        assert (till.name, till.terminal) == ("vnpay", "IMGF0001")


async def test_the_log_names_order_and_outcome_and_no_secret(
    gateway: Played, vnpay: Vnpay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "payments")
    gateway.tells(answer(ROW))
    await vnpay.query(REF, THE_DAY)
    gateway.tells(answer(REFUND_ROW, ResponseCode="95"))
    await vnpay.refund(REF, 50_000, "15200000", THE_DAY, "an")

    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("payments"))
    assert all(word in said for word in (REF, "paid", "rejected", "95"))
    assert SECRET not in said
    assert not any(asked["vnp_SecureHash"][:16] in said for asked in gateway.asked)
