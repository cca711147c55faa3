"""SQS queue – tells workers to look at the table, and never raises an error itself.

While SQS is away, workers look at the table by themselves, and the sweeps ring again once SQS is back. A ring that SQS
did not take is counted in `lost`. Other faults are counted by the road.

A ticket that a worker received stays hidden in SQS for as long as the worker holds it, and comes back after the worker
died. A ticket that comes back too often seems to kill its workers: SQS puts it aside, and `redrive` brings it back once
the cause is mended.
"""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.chance import Chance
from core.clock import SECOND, Clock
from core.errors import Unavailable
from core.queue import Ticket
from infra.aws.call import AwsError, Bounds, Place, Road, json_of, json_request
from infra.aws.patience import Patience, passes

log = logging.getLogger(__name__)

TARGET = "AmazonSQS"
QUICK = Bounds(connect=1.0, read=2.0)  # a person waits for the ringing process
DEADLINE = 0.5  # seconds after the first try within which the last try may begin
LONGEST_POLL = 20  # seconds SQS lets a listener wait
SILENCE = 2 * SECOND  # after a lost ring no other is tried for this long
AGAIN = 20 * SECOND  # no second ring within this time for a job whose ticket is not done
MOST_REMEMBERED = 10_000  # jobs that were rung for
LONGEST_NAME = 64  # letters of a job's name, and room
MOST_HEARD = 5  # times a ticket is heard before it is put aside
ASIDE = "-dead"  # suffix of the queue for tickets put aside
BATCH = 10  # tickets that SQS hands over at once
MOVING = 60  # seconds in which a batch is moved back


class SqsQueue:
    def __init__(self, road: Road, place: Place, url: str, clock: Clock, chance: Chance, *, visibility: int) -> None:
        """Take `visibility`, the seconds a ticket is hidden after a worker received or held it.

        A little longer than a worker's lease, so that the job of a dead worker is free when its ticket comes back.
        """
        self._road, self._url, self._clock, self._visibility = road, url, clock, visibility
        self._place = replace(place, bounds=QUICK)
        self._listening = replace(place, bounds=Bounds(read=LONGEST_POLL + QUICK.read))
        self._patience = Patience(clock, chance, DEADLINE)
        self._rung: dict[str, int] = {}  # job to the time of its ring, the oldest first
        self._lost_at = -SILENCE
        self._junk: set[str] = set()  # ids of messages that were logged
        self._silent = False
        self.lost = 0

    async def ring(self, job: str) -> None:
        now = self._clock.steady()
        if 0 <= now - self._rung.get(job, -AGAIN) < AGAIN:
            return
        if not 0 <= now - self._lost_at < SILENCE and await self._sent("SendMessage", MessageBody=job):
            self._remember(job, now)
        else:
            self.lost += 1

    async def listen(self, seconds: float) -> Ticket | None:
        """Wait up to `seconds` for a Ticket. A ticket lost by a cancelled call comes back after `visibility`."""
        began = self._clock.steady()
        wait = min(math.ceil(seconds), LONGEST_POLL)
        asked = {"QueueUrl": self._url, "WaitTimeSeconds": wait, "VisibilityTimeout": self._visibility}
        asking = json_request(self._listening, TARGET, "ReceiveMessage", {**asked, "MaxNumberOfMessages": 1})
        try:
            heard = json_of(asking, await self._road.send(asking)).get("Messages")
        except AwsError as error:
            self._fell_silent(error)
            await self._clock.sleep(max(0.0, seconds - (self._clock.steady() - began) / SECOND))
            return None
        self._silent = False
        first = heard[0] if isinstance(heard, list) and heard else None
        return self._ticket(first) if isinstance(first, dict) else None

    def _ticket(self, message: Mapping[str, Any]) -> Ticket | None:
        """Ticket in `message`, or None if the body is no job's name.

        The table alone decides what to do. SQS delivers a body that is no job's name a few times more, then puts
        it aside.
        """
        body, receipt = message.get("Body"), message.get("ReceiptHandle")
        if isinstance(body, str) and isinstance(receipt, str) and len(body) <= LONGEST_NAME and body.isprintable():
            return Ticket(body, receipt)
        if (junk := str(message.get("MessageId"))) not in self._junk:
            self._junk = {*self._junk, junk} if len(self._junk) < MOST_REMEMBERED else {junk}
            log.warning("what the bell brought is no job's name, and will be put aside")
        return None

    async def hold(self, ticket: Ticket) -> None:
        held = {"ReceiptHandle": ticket.receipt, "VisibilityTimeout": self._visibility}
        await self._sent("ChangeMessageVisibility", **held)

    async def done(self, ticket: Ticket) -> None:
        self._rung.pop(ticket.job, None)
        await self._sent("DeleteMessage", ReceiptHandle=ticket.receipt)

    async def _sent(self, operation: str, **payload: Any) -> bool:
        request = json_request(self._place, TARGET, operation, {"QueueUrl": self._url, **payload})
        try:
            await self._patience.send(self._road, request, passes)
        except AwsError as error:
            if operation == "SendMessage":  # other operations also fail when a ticket is too old to be held or finished
                self._lost_at = self._clock.steady()
                self._fell_silent(error)
            return False
        self._silent = False
        return True

    def _remember(self, job: str, now: int) -> None:
        self._rung.pop(job, None)
        self._rung[job] = now
        if len(self._rung) > MOST_REMEMBERED:
            del self._rung[next(iter(self._rung))]

    def _fell_silent(self, error: AwsError) -> None:
        if not self._silent:
            log.warning("the bell is silent (%s); workers look at the table by themselves", error)
        self._silent = True


class Queues:
    """Queues for the deploy plan and the owner's repairs. Raises Unavailable."""

    def __init__(self, road: Road, place: Place, patience: Patience) -> None:
        self._road, self._place, self._patience = road, place, patience

    async def url(self, name: str) -> str:
        return str((await self._ask("GetQueueUrl", QueueName=name))["QueueUrl"])

    async def create(self, name: str, visibility: int = 60) -> str:
        """Make the queue `name` and one for tickets put aside. For look-alikes: the deploy plan makes the real ones."""
        aside = await self._make(name + ASIDE)
        policy = {"deadLetterTargetArn": (await self._told(aside, "QueueArn")), "maxReceiveCount": str(MOST_HEARD)}
        return await self._make(name, RedrivePolicy=json.dumps(policy), VisibilityTimeout=str(visibility))

    async def aside(self, url: str) -> str:
        """URL of the queue for the tickets that the queue at `url` put aside."""
        arn = json.loads(await self._told(url, "RedrivePolicy"))["deadLetterTargetArn"]
        return await self.url(str(arn).rpartition(":")[2])

    async def waiting(self, url: str) -> int:
        """Approximate count of tickets that wait in the queue at `url`."""
        return int(await self._told(url, "ApproximateNumberOfMessages"))

    async def redrive(self, url: str) -> int:
        """Move tickets put aside back to the queue at `url`, and count them. If interrupted, one may ring twice."""
        aside, moved = await self.aside(url), 0
        while tickets := await self._taken(aside):
            for ticket in tickets:
                await self._ask("SendMessage", QueueUrl=url, MessageBody=ticket.job)
                await self._ask("DeleteMessage", QueueUrl=aside, ReceiptHandle=ticket.receipt)
            moved += len(tickets)
        return moved

    async def _taken(self, url: str) -> list[Ticket]:
        how = {"MaxNumberOfMessages": BATCH, "VisibilityTimeout": MOVING, "WaitTimeSeconds": 1}
        found = (await self._ask("ReceiveMessage", QueueUrl=url, **how)).get("Messages", [])
        return [Ticket(one["Body"], one["ReceiptHandle"]) for one in found]

    async def _make(self, name: str, **attributes: str) -> str:
        return str((await self._ask("CreateQueue", QueueName=name, Attributes=attributes))["QueueUrl"])

    async def _told(self, url: str, attribute: str) -> str:
        told = await self._ask("GetQueueAttributes", QueueUrl=url, AttributeNames=[attribute])
        return str(told["Attributes"][attribute])

    async def _ask(self, operation: str, **payload: Any) -> dict[str, Any]:
        request = json_request(self._place, TARGET, operation, payload)
        try:
            answer = await self._patience.send(self._road, request, passes)
            return {} if operation == "DeleteMessage" else json_of(request, answer)
        except AwsError as error:
            raise Unavailable("outage", "no") from error
