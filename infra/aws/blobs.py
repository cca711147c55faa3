"""S3 blobs – keep pictures in S3, each written once.

A put carries its checksum, so S3 refuses bytes that were damaged on the way, and `If-None-Match: *`, so exactly one of
two puts is fresh. The other put reads the stored object and returns its length and checksum. A get compares the bytes
with the stored checksum.

A walk asks with a HEAD for the length and the SHA-256 that S3 computed over the bytes when they arrived. That proves
that the object is the one recorded in the job's row, and not one put there since. The walk does not look for disk
damage: S3 checks and repairs its own disks, and reading a whole bucket for every audit would take hours to prove the
same a second time. An object without a checksum was not put by us, so its bytes are read.
"""

import asyncio
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote_plus, urlencode
from xml.etree import ElementTree as ET

from core.blobs import Stored, sound
from core.chance import Chance
from core.clock import Clock
from core.errors import Unavailable
from infra.aws.call import Answer, AwsError, Bounds, ErrorAnswer, NoAnswer, Place, Request, Road
from infra.aws.patience import Patience, passes

BOUNDS = Bounds(read=10.0, sent=32_000_000, received=32_000_000)  # the largest picture, and some room
CHECKSUM = "x-amz-checksum-sha256"
WITH_CHECKSUM = {"x-amz-checksum-mode": "ENABLED"}
KEPT_BY_WHO_FETCHES = "private, max-age=31536000, immutable"  # a name never stands for other bytes
LONGEST_KEY = 1024  # bytes
PAGE = 1000  # names that S3 lists at once
MOST_ASKED = 16  # objects looked at in parallel
MOST_TURNS = 5  # rounds of put and get, for an object in the way that may be deleted in between
DOTS = re.compile(r"(?<![^/])(\.\.?!*)(?![^/])")  # a path part that a web client would resolve as "here" or "up"


class S3Blobs:
    """Blobs in an S3 bucket, where an unreachable store and a refused call are the same: an outage.

    A bucket whose rights are wrong for an hour makes jobs wait, and no picture that is paid for is thrown away.
    """

    def __init__(
        self, road: Road, place: Place, bucket: str, clock: Clock, chance: Chance, *, deadline: float = 10.0
    ) -> None:
        self._road, self._bucket = Proving(road), bucket_at(place, bucket)
        self._patience = Patience(clock, chance, deadline)
        self._looking = asyncio.Semaphore(MOST_ASKED)
        self.damaged: set[str] = set()

    async def put(self, name: str, data: bytes, mime: str) -> Stored:
        """Put `data` under `name` once, or return the Stored object already there.

        After a lost reply the next try finds its own bytes, and adopts them like those of another process.
        """
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

    async def get(self, name: str, sha256: str = "") -> bytes | None:
        """Bytes that S3 itself says are others are asked for again; where they stay so they are damaged."""
        try:
            answer = await self._ask(self._about(name, "GetObject", "GET", WITH_CHECKSUM), nothing_at=404)
        except Rotten:
            if not sha256:
                raise
            self.damaged.add(name)
            return None
        return sound(answer.body if answer else None, name, sha256, self.damaged)

    async def probe(self) -> None:
        """A list is asked for, and no put is paid for: S3 is never full."""
        await self.walk(limit=1)

    async def delete(self, name: str) -> None:
        """Delete `name` for good, provided the bucket keeps no versions, which ours must not."""
        await self._ask(self._about(name, "DeleteObject", "DELETE"), nothing_at=404)

    async def walk(self, after: str = "", limit: int = 1000) -> list[Stored]:
        found: list[Stored] = []
        while len(found) < limit:
            names, more = await self._names(after, limit - len(found))
            standing = await asyncio.gather(*map(self._standing, names))
            found += [one for one in standing if one]  # None: deleted between list and look
            if not (more and names):
                break
            after = names[-1]
        return found

    async def _names(self, after: str, limit: int) -> tuple[list[str], bool]:
        """List up to `limit` names behind `after` in S3's order, by bytes, with a flag for more."""
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
        """Send `request` and return the Answer, or None if S3 answers with the status `nothing_at`.

        The status `nothing_at` means that an object is in the way of a put, or that no object is there.
        """
        try:
            return await self._patience.send(self._road, request, passes)
        except AwsError as error:
            if isinstance(error, ErrorAnswer) and error.status == nothing_at and error.code != "NoSuchBucket":
                return None
            kind = Rotten if isinstance(error, OtherBytes) else Unavailable
            raise kind("outage", "no") from error


class Rotten(Unavailable):
    """Bytes came that are not those of the checksum that was kept with them, each time they were asked for."""


class OtherBytes(NoAnswer):
    """An answer with bytes that are not those of their checksum, which is none."""


class Proving:
    """Road that raises NoAnswer where the bytes of an answer do not fit the checksum."""

    def __init__(self, road: Road) -> None:
        self._road, self.counts = road, road.counts

    async def send(self, request: Request) -> Answer:
        answer = await self._road.send(request)
        kept = answer.headers.get(CHECKSUM, "") if request.method == "GET" else ""
        if of_the_whole(kept) and checksum(answer.body) != kept:
            raise OtherBytes(request, "bytes that are not those of their checksum")
        return answer


def bucket_at(place: Place, bucket: str) -> Place:
    """Place of `bucket`: the name goes before the host at AWS, but in the path for a look-alike or with dots."""
    scheme, _, host = place.url.partition("://")
    before = host.endswith(".amazonaws.com") and "." not in bucket
    return replace(place, url=f"{scheme}://{bucket}.{host}" if before else f"{place.url}/{bucket}", bounds=BOUNDS)


def key_of(name: str) -> str:
    """Key for `name`, with a mark behind each path part of only dots, which S3 or a proxy would resolve."""
    key = DOTS.sub(r"\1!", name)
    if not 0 < len(key.encode()) <= LONGEST_KEY:
        raise ValueError(f"a name has 1 to {LONGEST_KEY} bytes, not {len(key.encode())}")
    return key


def name_of(key: str) -> str:
    return DOTS.sub(lambda dots: dots[1].removesuffix("!"), key)


def listed(page: bytes) -> tuple[list[str], bool]:
    """Parse `page` of a listing into names and whether more follow. Raises Unavailable if this is not a page of S3."""
    try:
        root = ET.fromstring(page)  # noqa: S314 - it loads nothing from elsewhere, and expat bounds entities
    except ET.ParseError as error:
        raise Unavailable("outage", "no") from error
    names = [name_of(unquote_plus(key.text or "")) for key in root.iterfind("{*}Contents/{*}Key")]
    return names, root.findtext("{*}IsTruncated") == "true"


def of_the_whole(kept: str) -> bool:
    """True if `kept` is the checksum of a whole object: an upload in parts has one of checksums, with "-"."""
    return bool(kept) and "-" not in kept


def checksum(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


def stored(name: str, data: bytes, *, fresh: bool = False) -> Stored:
    return Stored(name, len(data), hashlib.sha256(data).hexdigest(), fresh=fresh)


async def create_bucket(road: Road, place: Place, bucket: str, patience: Patience) -> None:
    """Make `bucket` unless one exists. For look-alikes: the deploy plan makes the real one."""
    plan = "CreateBucketConfiguration"
    where = f"<{plan}><LocationConstraint>{place.region}</LocationConstraint></{plan}>"
    making = Request(bucket_at(place, bucket), "CreateBucket", where.encode(), "PUT")
    try:
        await patience.send(road, making, passes)
    except ErrorAnswer as error:
        if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise
