"""The bell on SQS. It only says "look at the table", so nothing here fails: a bell that cannot be reached is silent.

While it is, workers look at the table by themselves, and the sweeps ring again once it is back. A ring that SQS did
not take is counted in `lost`; what else went wrong is counted by the road.

A ticket that is heard stays with SQS, unseen by others, for as long as its hand holds it; it comes back when the hand
has died of it. What has come back so often that it seems to kill whoever hears it is put aside by SQS, and `redrive`
brings it back once that is mended.
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
QUICK = Bounds(connect=1.0, read=2.0)  # whoever rings has somebody waiting for an answer
DEADLINE = 0.5  # seconds from the first try in which the last one may begin
LONGEST_POLL = 20  # seconds SQS lets a listener wait
SILENCE = 2 * SECOND  # after a ring that was lost, no other is tried for so long
AGAIN = 20 * SECOND  # a job whose ticket nobody has finished is not rung for again within it
MOST_REMEMBERED = 10_000  # jobs rung for
LONGEST_NAME = 64  # letters of a job's name, and room
MOST_HEARD = 5  # times a ticket is heard before it is put aside
ASIDE = "-dead"  # what the queue of those is called, behind the name of its queue
BATCH = 10  # tickets that SQS hands over at once
MOVING = 60  # seconds in which a batch is brought back


class SqsQueue:
    def __init__(self, road: Road, place: Place, url: str, clock: Clock, chance: Chance, *, visibility: int) -> None:
        """`visibility`: seconds for which a ticket is kept from others each time it is heard or held; a little longer
        than a worker's lease, so that the job of a dead worker can be taken when its ticket comes back.
        """
        self._road, self._url, self._clock, self._visibility = road, url, clock, visibility
        self._place = replace(place, bounds=QUICK)
        self._listening = replace(place, bounds=Bounds(read=LONGEST_POLL + QUICK.read))
        self._patience = Patience(clock, chance, DEADLINE)
        self._rung: dict[str, int] = {}  # job, when; the oldest first
        self._lost_at = -SILENCE
        self._junk: set[str] = set()  # messages that were told of
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
        """One that is cancelled may take a ticket with it: it comes back when its visibility is over."""
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
        """A body is never believed: the table says what there is to do. What can be no job's name is left to SQS, which
        hands it over a few times more and then puts it aside.
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
            if operation == "SendMessage":  # else the ticket may just have been too old to be held or finished
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
    """The queues as a plan makes them and an owner mends them. Raises Unavailable."""

    def __init__(self, road: Road, place: Place, patience: Patience) -> None:
        self._road, self._place, self._patience = road, place, patience

    async def url(self, name: str) -> str:
        return str((await self._ask("GetQueueUrl", QueueName=name))["QueueUrl"])

    async def create(self, name: str, visibility: int = 60) -> str:
        """Make the queue, and the one for what is put aside. For look-alikes: a deploy plan makes the real ones."""
        aside = await self._make(name + ASIDE)
        policy = {"deadLetterTargetArn": (await self._told(aside, "QueueArn")), "maxReceiveCount": str(MOST_HEARD)}
        return await self._make(name, RedrivePolicy=json.dumps(policy), VisibilityTimeout=str(visibility))

    async def aside(self, url: str) -> str:
        """The queue where what this one put aside waits."""
        arn = json.loads(await self._told(url, "RedrivePolicy"))["deadLetterTargetArn"]
        return await self.url(str(arn).rpartition(":")[2])

    async def waiting(self, url: str) -> int:
        """About how many tickets wait there."""
        return int(await self._told(url, "ApproximateNumberOfMessages"))

    async def redrive(self, url: str) -> int:
        """Bring back what was put aside; how many there were. Cut off in the middle, it rings twice for one at most."""
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
