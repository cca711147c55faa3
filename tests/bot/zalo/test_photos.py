"""Photos are fetched from Zalo's own hosts, and nobody can send us anywhere else."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult

from bot.zalo.photos import LARGEST, Inside, Photos, PublicOnly, hosts_of
from core.errors import NotAPicture, Unavailable
from infra.sandbox.door import served

ZALO = Photos(hosts_of("*.zdn.vn, ZADN.vn"))


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://photo-stal-1.zdn.vn/a.jpg?x=1", True),
        ("https://zdn.vn/a.jpg", True),
        ("https://photo.zdn.vn:443/a.jpg", True),
        ("https://PHOTO.ZDN.VN/a.jpg", True),
        ("https://f1.zadn.vn/a.jpg", True),
        ("https://photo.zdn.vn./a.jpg", True),
        ("http://photo.zdn.vn/a.jpg", False),
        ("https://photo.zdn.vn:8443/a.jpg", False),
        ("https://evil-zdn.vn/a.jpg", False),
        ("https://zdn.vn.evil.example/a.jpg", False),
        ("https://evil.example/zdn.vn", False),
        ("https://zdn.vn@evil.example/a.jpg", False),
        ("https://an@photo.zdn.vn/a.jpg", False),
        ("https://evil.example#.zdn.vn", False),
        ("https://127.0.0.1/a.jpg", False),
        ("https://[::1]/a.jpg", False),
        ("https://[::1/a.jpg", False),
        ("https://photo.zdn.vn:99999/a.jpg", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:8421/a.jpg", False),
        ("file:///etc/passwd", False),
        ("ftp://photo.zdn.vn/a.jpg", False),
        ("//photo.zdn.vn/a.jpg", False),
        ("", False),
    ],
)
async def test_only_the_hosts_that_are_set_over_https_and_nothing_that_looks_like_them(
    url: str, *, allowed: bool
) -> None:
    assert ZALO.allowed(url) is allowed
    if not allowed:
        with pytest.raises(NotAPicture):
            await ZALO.fetch(url)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["::1"],
        ["fd00::1"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104 - nobody listens there
        ["::"],
        ["224.0.0.1"],
        ["240.0.0.1"],
        ["255.255.255.255"],
        ["ff02::1"],
        ["ff0e::1"],
        ["fec0::1"],
        ["fe80::1%2"],
        ["::ffff:10.0.0.7"],
        ["::ffff:169.254.169.254"],
        ["::127.0.0.1"],
        ["::ffff:0:10.0.0.7"],
        ["64:ff9b::7f00:1"],
        ["64:ff9b::a9fe:a9fe"],
        ["64:ff9b:1::808:808"],
        ["2002:7f00:1::"],
        ["2002:808:808::1"],
        ["2001:0:7f00:1::"],
        ["2001:db8::1"],
        ["100::1"],
        ["5f00::1"],
        ["8.8.8.8", "10.0.0.7"],
        [],
    ],
)
async def test_a_name_that_leads_inside_leads_nowhere(addresses: list[str]) -> None:
    with pytest.raises(Inside):
        await resolver(addresses).resolve("photo.zdn.vn", 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
async def test_a_name_that_leads_outside_is_taken_as_it_is(address: str) -> None:
    found = await resolver([address]).resolve("photo.zdn.vn", 443)

    assert [one["host"] for one in found] == [address]


def resolver(addresses: list[str]) -> PublicOnly:
    class Told:
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            flags = socket.AI_NUMERICHOST
            return [
                ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=flags)
                for one in addresses
            ]

        async def close(self) -> None: ...

    one = PublicOnly()
    one._own = Told()  # type: ignore[assignment]  # a name server that somebody else has got hold of
    return one


@asynccontextmanager
async def a_host(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[tuple[Photos, str]]:
    """A played Zalo that keeps photos here."""
    app = web.Application()
    app.router.add_get("/{name}", answer)
    async with served(app, 0) as url:
        yield Photos((), url.removeprefix("http://")), f"{url}/a.jpg"


@pytest.mark.parametrize(
    ("status", "fate"),
    [(404, NotAPicture), (410, NotAPicture), (403, NotAPicture), (302, NotAPicture), (500, Unavailable)],
)
async def test_what_is_gone_or_leads_elsewhere_is_no_picture_and_what_is_broken_may_come_later(
    status: int, fate: type[Exception]
) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/secret"})

    async with a_host(answer) as (here, url):
        with pytest.raises(fate):
            await here.fetch(url)
    assert asked == ["/a.jpg"]


async def test_too_much_is_not_read_whether_it_is_announced_or_not() -> None:
    read: list[int] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.query:
            return web.Response(body=b"x" * 200_000)
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for number in range(10_000):
            read.append(number)
            await response.write(b"x" * 64_000)
        return response

    async with a_host(answer) as (here, url):
        for way in ("", "?announced=1"):
            with pytest.raises(NotAPicture) as refused:
                await replace(here, largest=100_000).fetch(url + way)
            assert refused.value.why == "bytes"
    assert len(read) < 1_000
    assert LARGEST == 20_000_000


async def test_nobody_there_may_be_there_later() -> None:
    with pytest.raises(Unavailable):
        await Photos((), "127.0.0.1:9").fetch("http://127.0.0.1:9/a.jpg")
