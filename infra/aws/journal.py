"""Firehose journal – sends facts for later study to a Firehose stream, a few at a time.

The configuration of the stream decides where the facts are stored.

Noting neither waits nor fails. Lines gather in memory for a moment and are sent together, many in a record, because
Firehose bills every record as at least five kilobytes. Lines that the stream does not take return to the front and are
tried again, with growing pauses, so a lost reply may store a line twice. Once too many lines wait, further lines are
only counted in `lost`.
"""

import asyncio
import logging
from base64 import b64encode
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.chance import Chance
from core.clock import SECOND, Clock
from core.journal import line
from core.table import Fields
from infra.aws.call import AwsError, ErrorAnswer, Place, Road, json_of, json_request
from infra.aws.patience import Patience, passes

log = logging.getLogger(__name__)

TARGET = "Firehose_20150804"
VERSION = "1.1"  # of AWS's JSON protocol
MOST_WAITING = 10_000  # lines
GATHER = 1.0  # seconds in which lines gather
FULL = 200_000  # bytes of lines in a record; Firehose takes 1,024,000
RECORDS = 5  # records sent at once, together a megabyte. Firehose takes 500 and four megabytes
FIRST_PAUSE = 1.0  # seconds at most before a refused batch is tried again, doubled for each refusal in a row
LONGEST_PAUSE = 30.0  # seconds
LAST_TRY = 5.0  # seconds that `settle` takes before it gives up the lines left


@dataclass(frozen=True, slots=True)
class Record:
    """Lines that are sent together as one Firehose record."""

    lines: tuple[str, ...]

    @property
    def data(self) -> str:
        return b64encode("".join(f"{one}\n" for one in self.lines).encode()).decode()


class FirehoseJournal:
    """Journal into the Firehose `stream`, for use on one event loop."""

    def __init__(self, road: Road, place: Place, stream: str, clock: Clock, chance: Chance) -> None:
        self._road, self._place, self._stream, self._clock, self._chance = road, place, stream, clock, chance
        self._waiting: deque[str] = deque()
        self._turn = asyncio.Lock()  # sends one batch at a time, so that lines keep their order
        self._sender: asyncio.Task[None] | None = None
        self._refused = 0  # batches in a row that were not taken completely
        self._closed = False
        self.lost = 0

    async def note(self, kind: str, facts: Fields, once: str = "") -> None:
        noted = line(self._clock.now(), kind, facts, once)
        if self._closed or len(self._waiting) >= MOST_WAITING or len(noted) >= FULL:
            self.lost += 1
            return
        self._waiting.append(noted)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_all(), name="journal")

    async def settle(self) -> None:
        """Wait until every line noted so far has been taken by the stream or counted in `lost`."""
        over = self._clock.steady() + LAST_TRY * SECOND
        await self._send_some()  # also waits for a batch being sent
        while self._waiting:
            if self._refused and self._clock.steady() >= over:
                self.lost += len(self._waiting)
                self._waiting.clear()
            elif self._refused:
                await self._pause()
            await self._send_some()

    async def close(self) -> None:
        """Send the waiting lines, and count later ones as lost."""
        self._closed = True
        await self.settle()
        if self._sender:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    async def _send_all(self) -> None:
        await self._clock.sleep(GATHER)
        while self._waiting:
            await self._send_some()
            if self._refused:
                await self._pause()

    async def _pause(self) -> None:
        await self._clock.sleep(self._chance.below(min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._refused)))

    async def _send_some(self) -> None:
        """Send one batch, and put the refused records back to the front."""
        async with self._turn:
            batch = list(self._batch())
            left = await self._untaken(batch) if batch else []
            self._waiting.extendleft(one for record in reversed(left) for one in reversed(record.lines))
            self._refused = min(self._refused + 1, 10) if left else 0

    def _batch(self) -> Iterator[Record]:
        for _ in range(RECORDS):
            lines: list[str] = []
            room = FULL
            while self._waiting and room > len(self._waiting[0]):
                lines.append(self._waiting.popleft())
                room -= len(lines[-1]) + 1
            if lines:
                yield Record(tuple(lines))

    async def _untaken(self, batch: Sequence[Record]) -> Sequence[Record]:
        payload = {"DeliveryStreamName": self._stream, "Records": [{"Data": record.data} for record in batch]}
        request = json_request(self._place, TARGET, "PutRecordBatch", payload, version=VERSION)
        try:
            told = json_of(request, await self._road.send(request))["RequestResponses"]
        except AwsError as error:
            if not self._refused:
                log.warning("the journal waits (%s)", error)
            return batch
        return [record for record, one in zip(batch, told, strict=True) if "ErrorCode" in one]


async def create_stream(road: Road, place: Place, name: str, bucket: str, patience: Patience) -> None:
    """Make the stream `name` into `bucket` unless one exists. For look-alikes: the deploy plan makes the real one."""
    into: dict[str, Any] = {"RoleARN": "arn:aws:iam::000000000000:role/journal", "BucketARN": f"arn:aws:s3:::{bucket}"}
    plan = {"DeliveryStreamName": name, "ExtendedS3DestinationConfiguration": into}
    try:
        await patience.send(road, json_request(place, TARGET, "CreateDeliveryStream", plan, version=VERSION), passes)
    except ErrorAnswer as error:
        if error.code != "ResourceInUseException":
            raise
