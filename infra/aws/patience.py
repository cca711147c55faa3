"""Patience – sends a call to AWS again, with full jitter, until an answer or the deadline."""

from collections.abc import Callable
from dataclasses import dataclass

from core.chance import Chance
from core.clock import SECOND, Clock
from infra.aws.call import Answer, AwsError, ErrorAnswer, NoAnswer, NotSent, Request, Road

FIRST_PAUSE = 0.05  # seconds at most before the second try: the limit doubles with each further try
LONGEST_PAUSE = 2.0  # seconds
MOST_TRIES = 60  # so that the tries end even if the clock is set back
PASSING = frozenset(
    {
        "BadDigest",  # the bytes were damaged on the way
        "ConditionalRequestConflict",
        "KmsThrottled",
        "OperationAborted",
        "OverLimit",
        "RequestThrottled",
        "RequestTimeout",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
    }
)


@dataclass(frozen=True, slots=True)
class Patience:
    clock: Clock
    chance: Chance
    deadline: float = 10.0  # seconds after the first try within which the last try may begin

    async def send(self, road: Road, request: Request, passing: Callable[[AwsError], bool]) -> Answer:
        """Send the same `request` until an answer. Raises the last error, or the first that is not `passing`."""
        over = self.clock.steady() + self.deadline * SECOND
        for step in range(MOST_TRIES):
            try:
                return await road.send(request)
            except AwsError as error:
                pause = self.chance.below(min(LONGEST_PAUSE, FIRST_PAUSE * 2**step))
                if not passing(error) or self.clock.steady() + pause * SECOND > over:
                    raise
            await self.clock.sleep(pause)
            road.counts.retries[request.place.name, request.operation] += 1
        return await road.send(request)


def passes(error: AwsError) -> bool:
    """True if the same request may succeed in a moment. The table has its own rules for `error`."""
    match error:
        case NotSent() | NoAnswer():
            return True
        case ErrorAnswer(status=status, code=code):
            return status >= 500 or status == 429 or code in PASSING
        case _:
            return False
