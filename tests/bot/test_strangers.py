"""Whoever is nobody yet costs little: slow, packed, unfinished and unreadable requests, and too many connections."""

import asyncio
import logging
import socket
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from bot.bodies import body_of
from bot.server import Door, build_app, serve
from bot.strangers import StrangerLimits, household
from core.chance import Chance
from infra.embedded.cache import DictCache
from infra.local.clock import WallClock

HOST, ELSEWHERE = "127.0.0.1", "127.0.0.9"  # a stranger's address, on loopback too
UNREADABLE = b"HTTP/1.0 400"  # which version was meant could not be read either
SECRET = "vnp_SecureHash=0123456789abcdef"
QUICK = StrangerLimits(head_seconds=0.05, body_pause=0.05, linger_seconds=0.05)
PATIENCE = 10.0  # seconds on a busy machine


class Stranger:
    """One connection, with nothing that reads or writes by itself."""

    def __init__(self, own: str) -> None:
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.bind((own, 0))

    async def says(self, said: bytes) -> None:
        with suppress(ConnectionError):  # the house may have had enough before all is said
            await asyncio.get_running_loop().sock_sendall(self.socket, said)

    async def hears(self, until: bytes = b"") -> bytes:
        """To the end, which the house must make, or to what is waited for."""
        heard, loop = b"", asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionError):
                while piece := await loop.sock_recv(self.socket, 65_536):
                    heard += piece
                    if until and until in heard:
                        break
        return heard


class Standing:
    """A house that listens, and what can be done at its port."""

    def __init__(self, port: int, registry: CollectorRegistry) -> None:
        self.port, self.registry = port, registry
        self.strangers: list[Stranger] = []

    async def comes(self, said: bytes = b"", own: str = HOST) -> Stranger:
        """Somebody from an address who has said so much."""
        one = Stranger(own)
        self.strangers.append(one)
        await asyncio.get_running_loop().sock_connect(one.socket, (HOST, self.port))
        await one.says(said)
        return one

    async def answers(self, said: bytes) -> bytes:
        """All that is answered until the house closes the connection."""
        return await (await self.comes(said)).hears()

    async def is_well(self) -> bool:
        async with ClientSession() as session, session.get(f"http://{HOST}:{self.port}/healthz") as answer:
            return answer.status == 200

    def turned_away(self, why: str) -> float:
        return self.registry.get_sample_value("imagify_nuisances_total", {"why": why}) or 0.0

    def all_go(self) -> None:
        for one in self.strangers:
            one.socket.close()


async def said(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await body_of(request, 1_000))))


async def ready() -> Mapping[str, bool]:
    return {}


@asynccontextmanager
async def standing(limits: StrangerLimits, hops: int = 0) -> AsyncIterator[Standing]:
    registry = CollectorRegistry()
    door = Door(DictCache(WallClock()), Chance(), trusted_hops=hops, strangers=limits, registry=registry)
    async with serve(build_app(door, ready, [web.post("/said", said)]), HOST, 0) as port:
        house = Standing(port, registry)
        try:
            yield house
        finally:
            house.all_go()


def head(path: str, *more: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *more, "", ""]).encode()


# --- slow


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HTTP/1.1\r\nHost: 127"], ids=["nothing", "half a head"])
async def test_who_does_not_finish_asking_is_let_go_and_counted(begun: bytes) -> None:
    async with standing(QUICK) as house:
        assert await house.answers(begun) == b""

        assert house.turned_away("heads too slow") == 1
        assert await house.is_well()


async def test_a_second_question_on_a_connection_has_no_more_time_than_the_first() -> None:
    async with standing(QUICK) as house:
        asked = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        one = await house.comes(asked)
        await one.hears(until=b"}")

        await one.says(b"GET /he")

        assert await one.hears() == b""
        assert house.turned_away("heads too slow") == 1


async def test_headers_without_end_are_cut_off() -> None:
    async with standing(StrangerLimits(head_bytes=4_000)) as house:
        assert await house.answers(b"GET / HTTP/1.1\r\nX-More: " + b"x" * 6_000) == b""

        assert house.turned_away("heads too long") == 1


async def test_a_body_that_hardly_comes_is_given_up() -> None:
    async with standing(QUICK) as house:
        answer = await house.answers(head("/said", "Content-Length: 900") + b"a few")

    assert answer.startswith(b"HTTP/1.1 408")


async def test_a_body_that_breaks_off_is_no_fault_of_the_house(caplog: pytest.LogCaptureFixture) -> None:
    async with standing(StrangerLimits()) as house:
        one = await house.comes(head("/said", "Content-Length: 900") + b"a few")
        one.socket.close()
        torn = await house.answers(head("/said", "Transfer-Encoding: chunked") + b"no number\r\n")

    assert b" 400 " in torn.splitlines()[0]
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(
    ("more", "body"),
    [(["Content-Length: 5000"], b""), (["Transfer-Encoding: chunked"], b"5dc\r\n" + b"x" * 1500 + b"\r\n0\r\n\r\n")],
    ids=["announced", "not announced"],
)
async def test_a_body_beyond_what_is_granted_is_refused(more: list[str], body: bytes) -> None:
    async with standing(QUICK) as house:
        answer = await house.answers(head("/said", *more) + body)

    assert answer.startswith(b"HTTP/1.1 413")


# --- packed


@pytest.mark.parametrize("path", ["/said", "/nowhere", "/healthz"])
@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip"])
async def test_nothing_is_unpacked_on_any_path(path: str, packing: str) -> None:
    bomb = zlib.compress(bytes(10_000_000))
    async with standing(QUICK) as house:
        more = (f"Content-Encoding: {packing}", f"Content-Length: {len(bomb)}")
        answer = await house.answers(head(path, *more) + bomb)

    assert answer.startswith(b"HTTP/1.1 415")
    assert b"Connection: close" in answer


# --- unreadable


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
        f"GET /vnpay/ipn?{SECRET}\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
        f"GET /vnpay/ipn?{SECRET} HTTP/9\r\n\r\n".encode(),
        f"GET / HTTP/1.1\r\n{SECRET} : x\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
    ids=["TLS", "zero", "version", "header", "length", "two lengths", "address"],
)
async def test_what_cannot_be_read_is_told_nothing_and_leaves_nothing(
    nonsense: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with standing(QUICK) as house:
        answer = await house.answers(nonsense)
        for _ in range(20):
            await house.answers(nonsense)

        assert house.turned_away("requests that cannot be read") == 21
    assert answer.startswith(UNREADABLE)
    assert b"Server: imagify" in answer
    assert b"aiohttp" not in answer
    assert b"Python" not in answer
    (told,) = caplog.records
    assert not told.exc_info
    assert "0123456789abcdef" not in caplog.text


# --- many


async def test_an_address_has_so_many_connections_and_others_are_not_held_up() -> None:
    async with standing(StrangerLimits(connections=3)) as house:
        for _ in range(3):
            await house.comes(b"GET", ELSEWHERE)
        one = await house.comes(b"", ELSEWHERE)

        assert await one.hears() == b""
        assert house.turned_away("connections of one address") == 1
        assert await house.is_well()


async def test_a_place_that_was_left_can_be_taken_again() -> None:
    async with standing(StrangerLimits(connections=1)) as house:
        for _ in range(5):
            one = await house.comes(b"nonsense\r\n\r\n", ELSEWHERE)
            assert (await one.hears()).startswith(UNREADABLE)
            one.socket.close()


async def test_behind_our_proxies_the_proxy_counts() -> None:
    async with standing(StrangerLimits(connections=1), hops=1) as house:
        five = [await house.comes(b"", ELSEWHERE) for _ in range(5)]

        for one in five:
            await one.says(b"nonsense\r\n\r\n")
            assert (await one.hears()).startswith(UNREADABLE)


async def test_where_all_places_are_taken_whoever_waits_longest_gives_way() -> None:
    limits = StrangerLimits(most=20)
    async with standing(limits) as house:
        held = [await house.comes(b"GET") for _ in range(limits.all_connections)]

        assert await house.is_well()
        assert await held[0].hears() == b""
        assert house.turned_away("gave way to another") >= 1


async def test_a_machine_without_files_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    async with standing(StrangerLimits()) as house:
        for _ in range(100):
            loop.call_exception_handler({"message": "socket.accept() out of system resource"})

        assert house.turned_away("no file left for a connection") == 100
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


# --- who is who


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("no address", "no address"),
    ],
)
def test_a_household_is_an_address_or_the_network_around_it(address: str, house: str) -> None:
    assert household(address) == house


async def test_how_late_the_loop_is_can_be_read() -> None:
    async with standing(StrangerLimits()) as house:
        async with asyncio.timeout(PATIENCE):
            while not house.registry.get_sample_value("imagify_loop_late_seconds_count"):  # noqa: ASYNC110 - nothing rings
                await asyncio.sleep(0)
