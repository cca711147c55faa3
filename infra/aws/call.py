"""Call – the only way to AWS: signs, bounds, counts and sends each request once.

botocore signs and aiohttp sends, so that no call blocks the loop. A request names its place (service, region, address)
and nothing is guessed from the machine. No request is sent twice here, because only the caller knows which request may
be sent again (`patience.py` does that for all callers).

A call returns an answer, or raises one of three errors:

AwsError
├── ErrorAnswer   AWS refused or failed: status, code, message, body
├── NoAnswer      the request left and no whole answer came back: perhaps done
└── NotSent       no connection stood: certainly not done
    └── NoKeys    no keys for a signature
"""

import asyncio
import io
import json
import re
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, Self

import aiohttp
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from yarl import URL

from infra.aws.presence import Presence

CHUNK = 65_536  # bytes read at a time
HEAVY = 1_000_000  # bytes: larger bodies are signed, sent and decoded without blocking the loop
SIGNERS = {"s3": S3SigV4Auth}  # does not escape the path twice, and puts the body's hash into a header
XML_CODE = re.compile(rb"<Code>(\w+)</Code>")  # S3 sends errors as XML


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one call in seconds and bytes."""

    connect: float = 2.0  # seconds until a connection stands, including the wait for a free one
    read: float = 5.0  # seconds between two bytes of the answer
    sent: int = 5_000_000  # bytes: DynamoDB takes 4 MB and an envelope
    received: int = 20_000_000  # bytes: a hundred refused rows come back in one answer


@dataclass(frozen=True, slots=True)
class Place:
    """Endpoint of one AWS service: the `name` for the signature, the `region`, the `url` and the `bounds` of a call."""

    name: str
    region: str
    url: str
    bounds: Bounds = Bounds()


def place(name: str, region: str, endpoint: str = "", bounds: Bounds | None = None) -> Place:
    """Place of the service `name` in `region`, at the look-alike's `endpoint` if one is given. Raises ValueError."""
    if not region:
        raise ValueError(f"{name} needs a region")
    url = endpoint.rstrip("/") or f"https://{name}.{region}.amazonaws.com"
    return Place(name, region, url, bounds or Bounds())


@dataclass(frozen=True, slots=True)
class Request:
    place: Place
    operation: str  # the name in the counters
    body: bytes = b""
    method: str = "POST"
    path: str = "/"  # already escaped, including the query
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """Body as a JSON object, or None if the body is not one."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


class AwsError(Exception):
    """Error of a call to AWS, with a text that names the `request` and never quotes the vendor."""

    def __init__(self, request: Request, what: str) -> None:
        super().__init__(f"{request.place.name} {request.operation}: {what}")


class NotSent(AwsError):
    """Error of a request that was not sent, so AWS did nothing."""


class NoKeys(NotSent):
    """Error of a request without keys to sign: not in the environment, a profile or the machine's role."""

    def __init__(self, request: Request) -> None:
        super().__init__(request, "no keys to sign with")


class NoAnswer(AwsError):
    """Error of a request that was sent and got no whole answer, so AWS may have done the work."""


class ErrorAnswer(AwsError):
    """Error that AWS answered, with status, code, message and body."""

    def __init__(self, request: Request, answer: Answer) -> None:
        body = answer.json() or {}
        kind = str(answer.headers.get("x-amzn-ErrorType") or body.get("__type") or body.get("code") or "")
        kind = kind or code_in_xml(answer.body)
        self.status, self.body = answer.status, body
        self.code = kind.rpartition("#")[2].partition(":")[0]
        self.message = str(body.get("message") or body.get("Message") or "")
        self.retry_after = retry_after(answer.headers)
        super().__init__(request, f"{self.status} {self.code}")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds after which AWS wants the next try: AWS's own of `headers` has milliseconds, the common one seconds."""
    for name, unit in (("x-amz-retry-after", 0.001), ("Retry-After", 1.0)):
        said = headers.get(name, "")
        if said.isascii() and said.isdigit():
            return int(said) * unit
    return 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """Counters of `calls`, `retries` and `errors`, each by place and operation."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    retries: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)


class Road(Protocol):
    """Client for signed calls, for table, blobs and painter. Storms wrap one to play faults."""

    counts: Counts

    async def send(self, request: Request) -> Answer:
        """Send `request` once. Raises ErrorAnswer, NoAnswer or NotSent."""
        ...


class StreamRoad(Road, Protocol):
    """Road that can also read an answer while AWS still writes it."""

    def stream(self, request: Request) -> AsyncGenerator[bytes, None]:
        """Send `request` once and yield the answer's bytes as they come. Raises what `send` raises.

        Raises NoAnswer if the answer breaks off. A caller that stops early must close the generator, which closes the
        connection.
        """
        ...


class Keyring:
    """Keys for AWS from environment, profile or the machine's role, found by botocore, renewed in a thread."""

    def __init__(self, session: Session | None = None) -> None:
        self._session = session or Session()
        self._lock = asyncio.Lock()
        self._found: Any = None

    async def keys(self) -> Any:
        """Valid keys: one caller renews stale keys while the others wait."""
        if self._stale():
            async with self._lock:
                if self._stale():
                    return await asyncio.to_thread(self._renewed)
        return self._found.get_frozen_credentials()

    def _stale(self) -> bool:
        return self._found is None or (hasattr(self._found, "refresh_needed") and self._found.refresh_needed())

    def _renewed(self) -> Any:
        self._found = self._found or self._session.get_credentials()
        return self._found and self._found.get_frozen_credentials()


def made_up() -> Keyring:
    """Keyring with fake keys, for look-alikes on this machine that need a signature."""
    session = Session()
    session.set_credentials("played", "played")
    return Keyring(session)


class SignedRoad:
    """Real Road over aiohttp. Open inside a running loop, and close with the house."""

    def __init__(self, keyring: Keyring | None = None, *, connections: int = 100) -> None:
        self.counts = Counts()
        self._presence = Presence()
        self._keyring = keyring or Keyring()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            skip_auto_headers=("User-Agent", "Content-Type"),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        # Else aiohttp repeats a PUT or GET by itself when a kept connection has gone. There is no public switch.
        self._session._retry_connection = False  # noqa: SLF001 - a test holds it to its word

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def send(self, request: Request) -> Answer:
        async with self._asking(request) as answer:
            return checked(request, await read(request, answer))

    async def stream(self, request: Request) -> AsyncGenerator[bytes, None]:
        async with self._asking(request) as answer:
            if answer.status >= 300:
                raise ErrorAnswer(request, await read(request, answer))
            async for chunk in chunks(request, answer.content):
                yield chunk

    @asynccontextmanager
    async def _asking(self, request: Request) -> AsyncIterator[aiohttp.ClientResponse]:
        """Sign, send and count `request`, and turn every fault until the answer is read into an AwsError."""
        if len(request.body) > request.place.bounds.sent:
            raise ValueError(f"{request.operation} carries {len(request.body)} bytes")
        called = (request.place.name, request.operation)
        headers = await self._signed(request)
        self.counts.calls[called] += 1
        try:
            async with self._sent(request, headers) as answer:
                yield answer
        except AwsError as error:
            self._noted(request, error)
            raise
        except asyncio.CancelledError:
            self._noted(request, NoAnswer(request, "not awaited any longer"))
            raise
        self._noted(request)

    def _noted(self, request: Request, error: AwsError | None = None) -> None:
        """Record the result of `request`: a refusal means present, a failure or silence perhaps away."""
        offer, now = f"{request.place.name} in {request.place.region}", asyncio.get_running_loop().time()
        if error:
            self.counts.errors[request.place.name, request.operation] += 1
        if error is None or (isinstance(error, ErrorAnswer) and error.status < 500):
            self._presence.answered(offer, now)
        else:
            self._presence.failed(offer, error, now)

    async def _signed(self, request: Request) -> dict[str, str]:
        try:
            keys = await self._keyring.keys()
        except BotoCoreError as error:
            raise NoKeys(request) from error
        if not keys:
            raise NoKeys(request)
        if len(request.body) > HEAVY:
            return await asyncio.to_thread(signed, request, keys)
        return signed(request, keys)

    @asynccontextmanager
    async def _sent(self, request: Request, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        bounds = request.place.bounds
        patience = aiohttp.ClientTimeout(total=None, connect=bounds.connect, sock_read=bounds.read)
        url = URL(request.place.url + request.path, encoded=True)
        body = io.BytesIO(request.body) if len(request.body) > HEAVY else request.body  # a heavy body is sent in pieces
        asked = self._session.request(
            request.method, url, data=body, headers=headers, timeout=patience, allow_redirects=False
        )
        try:
            async with asked as answer:
                yield answer
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(request, "no connection") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(request, "no answer") from error


def signed(request: Request, keys: Any) -> dict[str, str]:
    """Headers of `request` with a signature by `keys`, valid for a few minutes."""
    url = request.place.url + request.path
    headers = {"Host": host_of(request.place.url), **request.headers}
    wire = AWSRequest(request.method, url, headers=headers, data=request.body)
    signer = SIGNERS.get(request.place.name, SigV4Auth)
    signer(keys, request.place.name, request.place.region).add_auth(wire)
    return dict(wire.headers.items())


@lru_cache(maxsize=64)
def host_of(url: str) -> str:
    """Host header for `url`. botocore would compute this twice per call, a quarter of the time for signing."""
    return URL(url).host_port_subcomponent or ""


async def read(request: Request, answer: aiohttp.ClientResponse) -> Answer:
    body = b"".join([chunk async for chunk in chunks(request, answer.content)])
    return Answer(answer.status, answer.headers, body)


async def chunks(request: Request, content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Read the body of `request` from `content` in chunks. Raises NoAnswer if too long."""
    received = 0
    async for chunk in content.iter_chunked(CHUNK):
        received += len(chunk)
        if received > request.place.bounds.received:
            raise NoAnswer(request, "an answer too long to read")
        yield chunk


def checked(request: Request, answer: Answer) -> Answer:
    if answer.status >= 300:
        raise ErrorAnswer(request, answer)
    return answer


def code_in_xml(body: bytes) -> str:
    found = XML_CODE.search(body)
    return found[1].decode() if found else ""


def json_request(to: Place, target: str, operation: str, payload: Mapping[str, Any], version: str = "1.0") -> Request:
    """Build a call in AWS's JSON protocol: `version` 1.0 for DynamoDB and SQS, 1.1 for others."""
    headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": f"{target}.{operation}"}
    return Request(to, operation, json.dumps(payload).encode(), headers=headers)


def json_of(request: Request, answer: Answer) -> dict[str, Any]:
    """JSON object in `answer`. Raises NoAnswer for anything else, which cannot come from AWS."""
    found = answer.json()
    if found is None:
        raise NoAnswer(request, "an answer that is no JSON object")
    return found
