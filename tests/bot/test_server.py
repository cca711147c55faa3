"""The server's door: who gets in, what they see of a fault, and what the probes say."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TypeAlias

import pytest
from aiohttp import ClientResponse, ClientSession, web
from prometheus_client import CollectorRegistry

from bot.server import Door, build_app, build_metrics_app, serve
from core.chance import Chance
from core.errors import CannotStart
from core.table import TableUnavailable
from infra.embedded.cache import DictCache


class Noon:
    """A clock that stands still until someone moves it."""

    def __init__(self) -> None:
        self.time = 1_000_000

    def now(self) -> int:
        return self.time

    def steady(self) -> int:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += int(seconds * 1000)


Ask: TypeAlias = Callable[..., Awaitable[ClientResponse]]
Open: TypeAlias = Callable[..., Awaitable[Ask]]


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="xin chào")


async def broken(_: web.Request) -> web.Response:
    raise RuntimeError("the password is hunter2")


async def without_a_table(_: web.Request) -> web.Response:
    raise TableUnavailable("no sure answer")


ROUTES = (
    web.get("/", hello),
    web.get("/away", without_a_table),
    web.get("/broken", broken),
    web.get("/i/{token}", broken),
    web.post("/ipn", hello),
)


@pytest.fixture
def clock() -> Noon:
    return Noon()


@pytest.fixture
def door(clock: Noon) -> Door:
    return Door(cache=DictCache(clock), chance=Chance())


@pytest.fixture
async def opened(door: Door) -> AsyncIterator[Open]:
    """Opens a house with this door and hands over a way to ask it."""
    async with AsyncExitStack() as stack:

        async def open_(stores: Mapping[str, bool] | None = None, **changes: object) -> Ask:
            async def ready() -> Mapping[str, bool]:
                return stores or {}

            here = replace(door, registry=CollectorRegistry(), **changes)  # type: ignore[arg-type]  # fields of Door
            app = build_app(here, ready, ROUTES)
            port = await stack.enter_async_context(serve(app, "127.0.0.1", 0))
            session = await stack.enter_async_context(ClientSession(f"http://127.0.0.1:{port}"))

            async def ask(path: str, method: str = "GET", **headers: str) -> ClientResponse:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await session.request(method, path, headers=named)

            return ask

        yield open_


async def test_the_process_answers_while_it_lives(opened: Open) -> None:
    ask = await opened()

    assert (await ask("/healthz")).status == 200
    assert (await ask("/healthz", "HEAD")).status == 200


async def test_the_house_is_ready_when_every_store_can_be_reached(opened: Open) -> None:
    ask = await opened(stores={"table": True, "blobs": True})

    answer = await ask("/readyz")

    assert answer.status == 200
    assert (await answer.json())["ready"] is True


async def test_a_store_that_cannot_be_reached_is_named_and_nothing_else_is_told(opened: Open) -> None:
    ask = await opened(stores={"table": False, "blobs": True, "queue": False})

    answer = await ask("/readyz")

    assert answer.status == 503
    assert await answer.json() == {"ready": False, "not_reachable": ["queue", "table"]}


async def test_a_fault_becomes_a_number_that_stands_in_the_log(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    ask = await opened()

    answer = await ask("/broken")

    number = (await answer.json())["error"]
    assert answer.status == 500
    assert "hunter2" not in await answer.text()
    assert [vars(record)["error"] for record in caplog.records] == [number]


async def test_a_request_that_finds_a_store_away_is_told_in_one_line(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    ask = await opened()

    answer = await ask("/away")

    (told,) = caplog.records
    assert answer.status == 500
    assert told.getMessage() == "a request found a store away (no sure answer)"
    assert not told.exc_info


async def test_a_browser_gets_the_number_as_a_page(opened: Open) -> None:
    ask = await opened()

    answer = await ask("/broken", Accept="text/html,application/xhtml+xml")

    assert answer.status == 500
    assert answer.content_type == "text/html"
    assert "Mã hỗ trợ" in await answer.text()
    assert "Traceback" not in await answer.text()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8421", "[::1", "localhost.evil.example", "203.0.113.9", "a b"]
)
async def test_a_request_for_another_host_gets_no_further(host: str, opened: Open) -> None:
    ask = await opened()

    assert (await ask("/", Host=host)).status == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "127.0.0.9", "[::1]:8421", "LOCALHOST"])
async def test_this_machine_is_served_under_all_its_own_names(host: str, opened: Open) -> None:
    ask = await opened()

    assert (await ask("/", Host=host)).status == 200


async def test_the_public_name_is_served_and_on_all_addresses_any_number_too(opened: Open) -> None:
    ask = await opened(bind="0.0.0.0", public_url="https://imagify.example")  # noqa: S104  # what is told, not bound

    assert (await ask("/", Host="imagify.example")).status == 200
    assert (await ask("/", Host="203.0.113.9")).status == 200
    assert (await ask("/", Host="evil.example")).status == 421


async def test_an_address_that_asks_too_often_waits(opened: Open, clock: Noon) -> None:
    ask = await opened(requests=3)

    statuses = [(await ask("/")).status for _ in range(4)]
    refused = await ask("/")

    assert statuses == [200, 200, 200, 429]
    assert int(refused.headers["Retry-After"]) >= 1
    await clock.sleep(100)
    assert (await ask("/")).status == 200


async def test_each_address_behind_our_proxy_has_a_bucket_of_its_own(opened: Open) -> None:
    ask = await opened(requests=1, trusted_hops=1)

    first = [(await ask("/", X_Forwarded_For="203.0.113.1")).status for _ in range(2)]
    second = await ask("/", X_Forwarded_For="203.0.113.2")

    assert first == [200, 429]
    assert second.status == 200


async def test_an_address_that_a_caller_makes_up_does_not_count(opened: Open) -> None:
    direct = await opened(requests=1)
    behind = await opened(requests=1, trusted_hops=1)

    without_proxy = [(await direct("/", X_Forwarded_For=f"198.51.100.{n}")).status for n in range(2)]
    with_proxy = [(await behind("/", X_Forwarded_For=f"198.51.100.{n}, 203.0.113.1")).status for n in range(2)]

    assert without_proxy == [200, 429]
    assert with_proxy == [200, 429]


async def test_a_whole_ipv6_network_is_one_caller(opened: Open) -> None:
    ask = await opened(requests=1, trusted_hops=1)

    statuses = [(await ask("/", X_Forwarded_For=f"2001:db8:1:2::{n}")).status for n in (1, 2)]

    assert statuses == [200, 429]


async def test_probes_and_vendors_with_a_signature_are_not_counted(opened: Open) -> None:
    ask = await opened(requests=1, vendor_paths=frozenset({"/ipn"}))

    assert [(await ask("/healthz")).status for _ in range(3)] == [200, 200, 200]
    assert [(await ask("/ipn", "POST")).status for _ in range(3)] == [200, 200, 200]
    assert [(await ask("/")).status for _ in range(2)] == [200, 429]


async def test_metrics_are_for_this_machine_only(opened: Open) -> None:
    ask = await opened()
    behind = await opened(trusted_hops=1)

    assert (await ask("/metrics")).status == 200
    assert (await ask("/metrics", X_Forwarded_For="203.0.113.1")).status == 404
    assert (await ask("/metrics", X_Forwarded_For="127.0.0.1")).status == 404
    assert (await behind("/metrics", X_Forwarded_For="203.0.113.1")).status == 404


async def test_metrics_count_answers_by_route_and_never_by_path(opened: Open) -> None:
    ask = await opened()
    await ask("/")
    await ask("/i/a-secret-token")
    await ask("/no/such/page")

    told = await (await ask("/metrics")).text()

    assert 'imagify_answers_total{route="/",status="200"} 1.0' in told
    assert 'imagify_answers_total{route="/i/{token}",status="500"} 1.0' in told
    assert 'imagify_answers_total{route="none",status="404"} 1.0' in told
    assert "a-secret-token" not in told


async def test_metrics_on_a_port_of_their_own_are_not_on_the_public_one(opened: Open, door: Door) -> None:
    ask = await opened(own_metrics_port=True)

    async with serve(build_metrics_app(door), "127.0.0.1", 0) as port, ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
            assert answer.status == 200
        async with session.get(f"http://127.0.0.1:{port}/") as other:
            assert other.status == 404
    assert (await ask("/metrics")).status == 404


@pytest.mark.parametrize("path", ["/", "/broken", "/nowhere"])
async def test_every_answer_is_dressed_against_the_web(path: str, opened: Open) -> None:
    ask = await opened(public_url="https://imagify.example")

    headers = (await ask(path)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Server"] == "imagify"
    assert headers["Strict-Transport-Security"].startswith("max-age=")


async def test_a_port_that_is_taken_is_one_sentence_with_the_way_out(door: Door) -> None:
    async def ready() -> Mapping[str, bool]:
        return {}

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"^Port {port} is taken.*--port\.$"):
            async with serve(build_app(door, ready), "127.0.0.1", port):
                pass


async def test_a_request_in_flight_is_answered_while_the_house_closes(door: Door) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        asked.set()
        await go_on.wait()
        return web.Response(text="done")

    async def ready() -> Mapping[str, bool]:
        return {}

    async with asyncio.timeout(5), ClientSession() as session:
        async with serve(build_app(door, ready, [web.get("/slow", slow)]), "127.0.0.1", 0) as port:
            answer = asyncio.ensure_future(session.get(f"http://127.0.0.1:{port}/slow"))
            await asked.wait()
            asyncio.get_running_loop().call_soon(go_on.set)
        assert await (await answer).text() == "done"
