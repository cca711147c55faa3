"""Pictures in S3, each written once.

A put carries its checksum, so S3 refuses bytes that were spoilt on the way, and `If-None-Match: *`, so of two puts
exactly one is fresh; the other reads what stands there and says so. A get compares what came with the checksum that
was kept with it.

What a walk says of an object is its length and the SHA-256 that S3 itself found over the bytes it took, asked for
with a HEAD. That proves that what stands under a name is what the job's row was written with, and not something put
there since. What it leaves to S3 is the rot of a disk: S3 reads its own disks over and mends them, and reading a
whole bucket through us for every audit would take hours to prove it a second time. An object that S3 keeps without
a checksum was not put by us, so that one is read.
"""

import asyncio
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote_plus, urlencode
from xml.etree import ElementTree as ET

from core.blobs import Stored
from core.chance import Chance
from core.clock import Clock
from core.errors import Unavailable
from infra.aws.call import Answer, AwsError, Bounds, ErrorAnswer, NoAnswer, Place, Request, Road
from infra.aws.patience import Patience, passes

BOUNDS = Bounds(read=10.0, sent=32_000_000, received=32_000_000)  # a picture, and room
CHECKSUM = "x-amz-checksum-sha256"
WITH_CHECKSUM = {"x-amz-checksum-mode": "ENABLED"}
KEPT_BY_WHO_FETCHES = "private, max-age=31536000, immutable"  # a name never stands for other bytes
LONGEST_KEY = 1024  # bytes
PAGE = 1000  # names that S3 lists at once
MOST_ASKED = 16  # objects looked at side by side
MOST_TURNS = 5  # times that what stood in a put's way may be gone again
DOTS = re.compile(r"(?<![^/])(\.\.?!*)(?![^/])")  # a part of a path that the web would read as its own


class S3Blobs:
    """A store that cannot be reached, and one that does not take our calls, are alike: an outage, perhaps mended soon.

    So a bucket whose rights are wrong for an hour makes jobs wait, and throws no picture away that is paid for.
    """

    def __init__(
        self, road: Road, place: Place, bucket: str, clock: Clock, chance: Chance, *, deadline: float = 10.0
    ) -> None:
        self._road, self._bucket = Proving(road), bucket_at(place, bucket)
        self._patience = Patience(clock, chance, deadline)
        self._looking = asyncio.Semaphore(MOST_ASKED)

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        """A reply that was lost makes the next try meet its own bytes: those are adopted like anybody else's."""
        headers = {
            "If-None-Match": "*",
            "Content-Type": mime,
            "Cache-Control": KEPT_BY_WHO_FETCHES,
            CHECKSUM: checksum(data),
        }
        putting = self._about(name, "PutObject", "PUT", headers, data)
        for _ in range(MOST_TURNS):
            if await self._ask(putting, nothing_at=412):
                return stored(name, data, fresh=True)
            if (stands := await self.get(name)) is not None:
                return stored(name, stands)
        raise Unavailable("outage", "no")

    async def get(self, name: str) -> bytes | None:
        answer = await self._ask(self._about(name, "GetObject", "GET", WITH_CHECKSUM), nothing_at=404)
        return answer.body if answer else None

    async def delete(self, name: str) -> None:
        """Gone for good, if the bucket keeps no versions; ours must not."""
        await self._ask(self._about(name, "DeleteObject", "DELETE"), nothing_at=404)

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        found: list[Stored] = []
        while len(found) < limit:
            names, more = await self._names(after, limit - len(found))
            standing = await asyncio.gather(*map(self._standing, names))
            found += [one for one in standing if one]  # else deleted between the list and the look
            if not (more and names):
                break
            after = names[-1]
        return found

    async def _names(self, after: str, limit: int) -> tuple[list[str], bool]:
        """Names behind `after` as S3 orders them, by their bytes, and whether there are more."""
        asked = {"encoding-type": "url", "list-type": "2", "max-keys": str(min(limit, PAGE))}
        query = urlencode(asked | ({"start-after": key_of(after)} if after else {}), quote_via=quote, safe="")
        answer = await self._ask(Request(self._bucket, "ListObjectsV2", method="GET", path=f"/?{query}"))
        return listed(answer.body if answer else b"")

    async def _standing(self, name: str) -> Stored | None:
        async with self._looking:
            answer = await self._ask(self._about(name, "HeadObject", "HEAD", WITH_CHECKSUM), nothing_at=404)
            if answer is None:
                return None
            if of_the_whole(kept := answer.headers.get(CHECKSUM, "")):
                return Stored(name, int(answer.headers["Content-Length"]), b64decode(kept).hex())
            data = await self.get(name)
        return stored(name, data) if data is not None else None

    def _about(
        self, name: str, operation: str, method: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Request:
        return Request(self._bucket, operation, body, method, "/" + quote(key_of(name)), headers or {})

    async def _ask(self, request: Request, *, nothing_at: int = 0) -> Answer | None:
        """The answer; nothing where S3 answers with that status, because something stands there, or does not."""
        try:
            return await self._patience.send(self._road, request, passes)
        except AwsError as error:
            if isinstance(error, ErrorAnswer) and error.status == nothing_at and error.code != "NoSuchBucket":
                return None
            raise Unavailable("outage", "no") from error


class Proving:
    """A road on which bytes that are not those of their checksum are no answer."""

    def __init__(self, road: Road) -> None:
        self._road, self.counts = road, road.counts

    async def send(self, request: Request) -> Answer:
        answer = await self._road.send(request)
        kept = answer.headers.get(CHECKSUM, "") if request.method == "GET" else ""
        if of_the_whole(kept) and checksum(answer.body) != kept:
            raise NoAnswer(request, "bytes that are not those of their checksum")
        return answer


def bucket_at(place: Place, bucket: str) -> Place:
    """AWS wants the bucket's name before the host's; a look-alike, and a name with dots in it, after."""
    scheme, _, host = place.url.partition("://")
    before = host.endswith(".amazonaws.com") and "." not in bucket
    return replace(place, url=f"{scheme}://{bucket}.{host}" if before else f"{place.url}/{bucket}", bounds=BOUNDS)


def key_of(name: str) -> str:
    """The name, but for a part of it that is only dots: S3 and whatever stands before it would walk up from it."""
    key = DOTS.sub(r"\1!", name)
    if not 0 < len(key.encode()) <= LONGEST_KEY:
        raise ValueError(f"a name has 1 to {LONGEST_KEY} bytes, not {len(key.encode())}")
    return key


def name_of(key: str) -> str:
    return DOTS.sub(lambda dots: dots[1].removesuffix("!"), key)


def listed(page: bytes) -> tuple[list[str], bool]:
    """What stands on a page of the list. What is no such page does not come from S3."""
    try:
        root = ET.fromstring(page)  # noqa: S314 - it loads nothing from elsewhere, and expat bounds entities
    except ET.ParseError as error:
        raise Unavailable("outage", "no") from error
    names = [name_of(unquote_plus(key.text or "")) for key in root.iterfind("{*}Contents/{*}Key")]
    return names, root.findtext("{*}IsTruncated") == "true"


def of_the_whole(kept: str) -> bool:
    """One put in parts has a checksum of checksums, with their number behind it."""
    return bool(kept) and "-" not in kept


def checksum(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


def stored(name: str, data: bytes, *, fresh: bool = False) -> Stored:
    return Stored(name, len(data), hashlib.sha256(data).hexdigest(), fresh=fresh)


async def create_bucket(road: Road, place: Place, bucket: str, patience: Patience) -> None:
    """Make the bucket, unless it stands. For look-alikes: the real one is made by the deploy plan."""
    plan = "CreateBucketConfiguration"
    where = f"<{plan}><LocationConstraint>{place.region}</LocationConstraint></{plan}>"
    making = Request(bucket_at(place, bucket), "CreateBucket", where.encode(), "PUT")
    try:
        await patience.send(road, making, passes)
    except ErrorAnswer as error:
        if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise
