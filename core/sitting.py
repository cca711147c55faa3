"""Sitting – one attempt at one job, from the claim to the kept picture.

The process may die after any step, so each step leaves a trace for the next worker: the attempt is written down before
the painter is called, the bytes are on this disk before anything else is done with them, the blob store has the picture
before the job is kept, and only then do the bytes leave the disk.
"""

import asyncio
import logging
from dataclasses import dataclass

from core.appeals import passing, using
from core.blobs import Stored
from core.clock import FURTHEST, SECOND, Lived
from core.closings import Closings
from core.darkroom import Print
from core.digests import digest_of
from core.errors import Blocked, Declined, Fenced, NotAPicture, Unavailable, Unread, Untranslated, WornOut
from core.gallery import Image
from core.jobs import AS_TYPED, MOST_CRASHES, MOST_IDLE, MOST_PAID, OPEN, Attempt, Job, changing
from core.lanes import Seat
from core.models import Route
from core.people import Person, profile_key
from core.ports import Ports
from core.prompts import Prompt
from core.provenance import Mark
from core.router import WORDS_WAIT, Router, painted_by
from core.safety import check
from core.table import Change, Refused, Write
from core.tally import SPEND_SHARDS, spending

log = logging.getLogger(__name__)

TURNED_AWAY = ("shut", "misconfigured")
BACK_OFF = (2.0, 5.0, 15.0, 30.0, 60.0)  # seconds before a throttled or failed call is tried again


@dataclass(frozen=True, slots=True)
class Tools:
    """Tools that every sitting uses."""

    ports: Ports
    router: Router
    closings: Closings
    patience: int  # milliseconds after which an unpainted job is given up
    lived: Lived


class Sitting:
    def __init__(self, tools: Tools, job: Job, seat: Seat | None = None) -> None:
        """Take `seat`, in which the job waits for its turn. Without a seat the sitting finds one."""
        self._tools, self._ports, self.job = tools, tools.ports, job
        self._router, self._seat = tools.router, seat
        self._unread: tuple[str, ...] = ()  # words that the painter did not know
        self._yes: tuple[Change, ...] = ()  # used up by asking a painter
        self._drawn = False  # True: a picture is here, new or recovered, so it is paid for whatever fails now

    async def run(self) -> None:
        """Paint and keep, or fail the job with the reason. Raises Fenced when another worker has taken the job over."""
        try:
            raw = await self._recovered() or await self._painted()
            await self._keep(raw)
        except Blocked as blocked:
            await self._fail("blocked", blocked.group)
        except Untranslated:
            await self._unworded("untranslated")
        except Unread as unread:
            await self._fail("unread", ", ".join(unread.words), billed=False)
        except Declined as declined:
            await self._fail("declined", billed=declined.billed != "no")
        except WornOut:
            await self._fail("worn out")
        except NotAPicture:
            self._drawn = False
            await self._ports.spool.forget(self.job.id)
            await self._again(Unavailable("broken", "unknown"))
        except Unavailable as unavailable:
            await self._again(unavailable)
        finally:
            self._rise()

    # -- the bytes --------------------------------------------------------------------------------------------------

    async def _recovered(self) -> bytes | None:
        """Bytes left by an earlier sitting on this disk or in the blob store, or None."""
        if not self.job.attempts:
            return None
        found = await self._ports.spool.find(self.job.id) or await self._ports.blobs.get(self.job.blob)
        self._drawn = found is not None
        return found

    async def _painted(self) -> bytes:
        """Make one call to the painter, written down before. Raises WornOut when too many tries have been made."""
        if self.job.crashes > MOST_CRASHES or (self.job.paid >= MOST_PAID and not self.job.drawn):
            raise WornOut
        if self.job.idle > MOST_IDLE and not self.job.drawn:
            log.warning("job %s: given up after %d claims that led nowhere", self.job.id, self.job.idle)
            await self._router.tell("job stuck", self.job.id, job=self.job.id, reason=self.job.reason)
            raise WornOut
        if self.job.paid >= MOST_PAID:
            raise Unavailable("outage", "no")  # the picture is on another worker's disk, and waits there to be judged
        seat = self._seat = self._seat or self._router.seat(self.job)
        prompt, source = await self._worded(seat.route), await self._source()
        async with seat.turn():
            await self._ask(seat.route, prompt)
            picture = await self._router.paint(seat, prompt, source)
        self._drawn, self._unread = True, picture.unread
        await self._ports.spool.keep(self.job.id, picture.data)
        return picture.data

    async def _worded(self, route: Route) -> Prompt:
        """Prompt for `route`. A translation is checked against the rules again. Raises Unavailable or Blocked."""
        prompt = self.job.words
        if not route.languages or prompt.english:
            return prompt
        try:
            with self._router.scribe.watch():
                wording = await self._ports.scribe.word(prompt.words, prompt.avoid, enhance=not prompt.plain)
        except Unavailable as failure:
            raise Unavailable("wordless", "no", failure.retry_after) from None
        self._router.wordings["worded"] += 1
        try:
            check(wording.painted, wording.avoid)
        except Blocked as blocked:
            await self._let_pass(prompt, blocked)
        return prompt.in_english(wording.painted, wording.avoid)

    async def _let_pass(self, prompt: Prompt, blocked: Blocked) -> None:
        """Use the admin's yes to the person's words for their translation. Raises `blocked` where there is none."""
        if self.job.passed:
            return
        yes = await passing(self._ports.table, (self.job.person,), prompt.words, prompt.avoid)
        if yes is None:
            raise blocked
        self._yes = (using(yes),)

    async def _source(self) -> bytes:
        """Bytes of the picture to change, or b"". Raises Declined if the picture is gone."""
        name, ports = self.job.words.source, self._ports
        if not name:
            return b""
        row = await ports.table.get(profile_key(self.job.person))
        ids = Person.of(self.job.person, row).ids if row else (self.job.person,)
        found = await ports.blobs.get(name, await digest_of(ports.table, ids, name))
        if found is None:
            raise Declined("the picture to change is gone", billed="no")
        return found

    async def _ask(self, route: Route, prompt: Prompt) -> None:
        """Write the attempt down, with the words for every retry and for the person to see."""
        attempt = Attempt(route.name, self._ports.clock.now(), route.usd_micros)
        asking = self.job.asking(attempt, prompt)
        await self._write(changing(self.job, asking), self._spending(attempt.at, route.usd_micros), *self._yes)
        self.job = asking

    # -- the end ----------------------------------------------------------------------------------------------------

    async def rescue(self, raw: bytes) -> None:
        """Move bytes from this disk to the blob store, where every worker finds them."""
        await self._stored(raw)

    def _rise(self) -> None:
        if self._seat:
            self._seat.leave()

    async def _keep(self, raw: bytes) -> None:
        self._rise()
        image = await self._stored(raw)
        try:
            await self._tools.closings.keep(self.job, image)
        except Fenced:
            await self._clear_away()
            raise
        await self._ports.spool.forget(self.job.id)

    async def _stored(self, raw: bytes) -> Image:
        """Develop and judge `raw`, and store picture and thumbnail. An older picture stored there is kept instead."""
        job, ports = self.job, self._ports
        print_ = await ports.darkroom.develop(raw, Mark(painted_by(job.attempts), job.id, job.created))
        await ports.judge.judge(print_.data)
        kept, thumb = await asyncio.gather(
            ports.blobs.put(job.blob, print_.data, print_.mime),
            ports.blobs.put(job.thumb, print_.thumbnail, "image/jpeg"),
        )
        return self._image(print_, kept, thumb)

    def _image(self, print_: Print, kept: Stored, thumb: Stored) -> Image:
        job = self.job
        return Image(
            id=job.id,
            person=job.person,
            sha256=kept.sha256,
            thumb_sha256=thumb.sha256,
            size=kept.size,
            mime=print_.mime,
            width=print_.width,
            height=print_.height,
            model=job.model,
            route=job.attempts[-1].route,
            seed=job.words.seed,
            price=job.price,
            prompt=job.prompt,
            at=job.created,
            unread=self._unread,
        )

    async def _again(self, failure: Unavailable) -> None:
        """Requeue the job while there is hope, else fail the job. A call that surely was not billed is not counted."""
        free = failure.billed == "no" and not self._drawn
        answered = self.job.answered("free" if free else "done" if self._drawn else "unknown")
        wait = self._wait(failure)
        if failure.cause == "wordless" and self._speechless(wait):
            await self._unworded("wordless")
        elif self._hopeless(failure) or self._tools.lived.age(self.job.created) + wait > self._tools.patience:
            await self._fail(failure.cause, billed=not free)
        elif answered.paid >= MOST_PAID and not (self._drawn or answered.drawn):
            await self._fail("worn out")
        else:
            requeued = answered.requeued(self._ports.clock.now(), wait, failure.cause)
            await self._write(changing(self.job, requeued), *self._unspent(free=free))

    def _speechless(self, wait: int) -> bool:
        """True if the wait for a translator would be too long."""
        late = self._tools.lived.age(self.job.began) + wait > WORDS_WAIT
        return late or self._router.speechless(self.job)

    def _hopeless(self, failure: Unavailable) -> bool:
        """True if no route will ever paint the job. A route that is only set up wrongly may be repaired."""
        return failure.cause == "misconfigured" and self._router.hopeless(self.job)

    def _wait(self, failure: Unavailable) -> int:
        """Milliseconds to wait: what the vendor asked for, longer with every claim, plus jitter between workers.

        0 for a job turned away from a shut route: no worker takes such a job before a route is open.
        """
        if failure.cause in TURNED_AWAY and not self._drawn:
            return 0
        wait = BACK_OFF[min(self.job.claims, len(BACK_OFF)) - 1]
        jittered = max(failure.retry_after, wait / 2) + self._ports.chance.below(wait / 2)
        return min(FURTHEST, int(jittered * SECOND))

    async def _unworded(self, reason: str) -> None:
        """Fail a job that cannot be translated, offer to paint the words as typed, and alarm admins."""
        self._router.wordings[reason] += 1
        log.warning("job %s: %s, the credits are given back", self.job.id, reason)
        await self._fail(reason, AS_TYPED if self.job.words.as_typed() else "", billed=False)
        await self._router.tell("no translation", reason, job=self.job.id, reason=reason)

    async def _fail(self, reason: str, detail: str = "", *, billed: bool = True) -> None:
        unspent = self._unspent(free=not billed)
        await self._tools.closings.fail(self.job, reason, detail, *unspent, billed=billed)
        await self._ports.spool.forget(self.job.id)

    async def _clear_away(self) -> None:
        """Delete what this sitting stored for a job that was closed meanwhile."""
        job = await self._tools.closings.job(self.job.id)
        if job.state in ("failed", "cancelled"):
            await self._ports.blobs.delete(self.job.blob)
            await self._ports.blobs.delete(self.job.thumb)
        if job.state not in OPEN:
            await self._ports.spool.forget(self.job.id)

    # -- writing ----------------------------------------------------------------------------------------------------

    def _spending(self, at: int, usd_micros: int) -> Change:
        beyond = self._router.beyond(self.job, abs(usd_micros))
        shard = self._ports.chance.one_of(SPEND_SHARDS)
        return spending(at, shard, usd_micros, gift=self.job.gift, beyond=beyond if usd_micros > 0 else -beyond)

    def _unspent(self, *, free: bool) -> list[Change]:
        """Writes that take back the cost of an unbilled call, on the day on which it was counted."""
        if not (free and self.job.asked):
            return []
        attempt = self.job.attempts[-1]
        return [self._spending(attempt.at, -attempt.usd_micros)]

    async def _write(self, *writes: Write) -> None:
        try:
            await self._ports.table.write(*writes)
        except Refused:
            raise Fenced from None
