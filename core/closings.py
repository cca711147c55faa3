"""Closings – keeps, fails, cancels or gives back a job: one write of job, money and news."""

from core.chance import Chance
from core.clock import Clock
from core.errors import Fenced, TooLate, TooOften, Unknown
from core.gallery import Image, hanging, withdrawing
from core.jobs import Job, cancelling, changing, job_key
from core.ledger import Draft, Ledger, Lost, Purse, capturing, giving_back, owner_of, releasing
from core.news import GIVEN_BACK, IMAGE_CANCELLED, IMAGE_FAILED, IMAGE_READY, News, of_job, posting
from core.table import Change, Key, Row, Table, Value, Write
from core.tally import day_of

LATE_CANCELS = 2  # per person and day: we pay for the picture that is already being painted
UNTIL_TOMORROW = 24 * 3600  # seconds


class Closings:
    def __init__(self, table: Table, ledger: Ledger, clock: Clock, chance: Chance) -> None:
        self._table, self._ledger, self._clock, self._chance = table, ledger, clock, chance

    async def job(self, job: str) -> Job:
        row = await self._table.get(job_key(job))
        if row is None:
            raise Unknown("job", job)
        return Job.of(row)

    async def keep(self, job: Job, image: Image) -> None:
        """Keep the picture and spend the held credits. Raises Fenced when this worker has lost the job."""
        kept = job.kept(self._clock.now())
        money = capturing(job.person, job.id, job.parts)
        await self._fenced(
            job, kept, money, hanging(image), posting(self.news(IMAGE_READY, kept, took=kept.ended - kept.began))
        )

    async def fail(self, job: Job, reason: str, detail: str = "", *also: Write, billed: bool = True) -> None:
        """Fail the `job` with `reason` and free the credits. `billed`: the call that is out may cost us money."""
        failed = job.answered("failed" if billed else "free").failed(self._clock.now(), reason)
        money = releasing(job.person, job.id, job.parts)
        told = posting(self.news(IMAGE_FAILED, failed, reason=reason, detail=detail))
        await self._fenced(job, failed, money, told, *also)

    async def cancel(self, person: str, job_id: str) -> Job:
        """Cancel the job: free before a painter was asked, twice a day after. Raises Unknown, TooLate or TooOften."""
        job = await self.job(job_id)
        if job.person != person:
            raise Unknown("job", job_id)
        while job.state != "cancelled":
            try:
                return await self._cancel(job)
            except Lost as lost:
                job = self._moved_on(job, lost)
        return job

    async def give_back(self, news: News, *also: Write) -> bool:
        """Withdraw a picture that surely was not seen and return the credits. False if seen after all."""
        job = await self.job(news.job)
        if job.state != "kept":
            return False
        back = job.returned(self._clock.now())
        withdrawn = withdrawing(job.person, job.id)
        told = posting(self.news(GIVEN_BACK, back))

        def draft(purse: Purse) -> Draft:
            money = giving_back(purse, job.person, job.id, job.parts)
            return Draft(money.lines, (changing(job, back), withdrawn, *money.also, told, *also))

        try:
            await self._ledger.commit(job.person, draft)
        except Lost:
            return False
        return True

    async def let_stand(self, news: News, *also: Write) -> None:
        """Count a picture as delivered that may have been seen and cannot be sent any more."""
        job = await self.job(news.job)
        delivered = [changing(job, job.delivered())] if job.state == "kept" else []
        if writes := [*delivered, *also]:
            await self._table.write(*writes)

    def news(self, kind: str, job: Job, **facts: Value) -> News:
        now = self._clock.now()
        return of_job(kind, job, self._chance.ulid(now), now, **facts)

    async def _fenced(self, job: Job, after: Job, money: Draft, *more: Write) -> None:
        try:
            await self._close(changing(job, after), after, money, *more)
        except Lost:
            raise Fenced from None

    async def _cancel(self, job: Job) -> Job:
        after = job.cancelled(self._clock.now())
        money = releasing(job.person, job.id, job.parts)
        told = posting(self.news(IMAGE_CANCELLED, after))
        late = [self._late(job.person)] if job.asked else []
        await self._close(cancelling(job, after, late=job.asked), after, money, told, *late)
        return after

    async def _close(self, change: Change, after: Job, money: Draft, *more: Write) -> None:
        def draft(purse: Purse) -> Draft:
            return Draft(money.lines, (change, *money.also, *more), {"open": purse.closing(after.sheet)})

        await self._ledger.commit(after.person, draft)

    def _late(self, person: str) -> Change:
        """Write that uses one of today's late cancels. Refused when none is left (`left` counts down from 0)."""
        day = day_of(self._clock.now())
        return Change(
            Key(owner_of(person), f"LATE#{day}"), add={"left": -1}, floor={"left": -LATE_CANCELS}, or_create=True
        )

    def _moved_on(self, job: Job, lost: Lost) -> Job:
        """Job as it stands now, for another try. Raises TooOften, Unknown or TooLate."""
        if 0 not in lost.rows:
            raise TooOften(UNTIL_TOMORROW)
        row: Row | None = lost.rows[0]
        if row is None:
            raise Unknown("job", job.id)
        if (now := Job.of(row)).state in ("kept", "delivered", "returned", "failed"):
            raise TooLate(now.state)
        return now
