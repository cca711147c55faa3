"""Bedrock itself: who asks is known, the model is there, the rate allows it, the request is right; then it costs.

Needs no socket and runs on any event loop: `await bedrock.answer(Asked(…))`.
"""

import asyncio
import base64
import json
import random
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from math import exp
from typing import Any, TypeVar
from uuid import UUID

from infra.sandbox.bedrock import amazon, eventstream, judging, nova, stability, talk
from infra.sandbox.bedrock.errands import Errand, errand_of
from infra.sandbox.bedrock.faults import Fault, Faults
from infra.sandbox.bedrock.filters import Filters
from infra.sandbox.bedrock.ledger import Call, Ledger
from infra.sandbox.bedrock.limits import Rates
from infra.sandbox.bedrock.models import Model, Models, facts_of
from infra.sandbox.bedrock.refusing import Cut, Refused, error, invalid, not_found
from infra.sandbox.bedrock.signing import region_of
from infra.sandbox.bedrock.work import MEGAPIXEL, Answer, Asked, Done, Task, Work
from infra.sandbox.clock import Clock, on_the_wall

T = TypeVar("T")

NO_TALKER = "This action doesn't support the model that you provided. Try again with a supported text or chat model."
BIGGEST_BODY = 25_000_000  # bytes
SPREAD = 0.25  # of the logarithm of a call's time
PIECE_GAP = 0.03  # seconds between two pieces of a stream
REMEMBERED_WORDS = 200  # characters of a prompt in the ledger
JUDGES = Model("rekognition", "Rekognition", "judge", date(2016, 11, 30), 0.4, 3_000)
GUARDRAIL = Model("guardrail", "Guardrails", "judge", date(2024, 4, 23), 0.3, 1_500)


class Bedrock:
    """The world of all regions. What it is made of may be changed while it runs."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        keys: Mapping[str, str] | None = None,
        pixels: int = MEGAPIXEL,
        lot: int | None = None,
        aside: Executor | None = None,
    ) -> None:
        """`keys`: secrets by access key, to hold signatures against; `lot`: the same one throws the same dice."""
        self.clock = clock or Clock()
        self.chance = random.Random(lot)
        self.models, self.ledger, self.filters, self.flags = Models.open(), Ledger(), Filters(), judging.Flags()
        self.faults = Faults(random.Random(lot))
        self.rates = Rates(self.clock.now)
        self.keys = dict(keys or {})
        self.pixels = pixels
        self.latency = 1.0  # times the usual
        self.living = False  # what has ended is invoked all the same
        self.bills_filtered = True  # not known of the real one, so the dearer is taken
        self.skew = 0.0  # seconds that its clock is ahead of the true one
        self.in_flight = 0
        self.most_in_flight = 0
        self._days_ahead = 0
        self._aside, self._closed, self._stirred = aside, False, asyncio.Event()

    # -- time

    @property
    def today(self) -> date:
        """The day by which models live and end."""
        return date.fromordinal(datetime.fromtimestamp(self.clock.date(), UTC).toordinal() + self._days_ahead)

    def set_date(self, day: date) -> None:
        """Another day in the lives of the models; signatures go on being held against the true time."""
        self._days_ahead += (day - self.today).days

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.stir()

    async def pause(self, seconds: float) -> None:
        """So long on Bedrock's own clock; cut short when it closes."""
        until = self.clock.now() + seconds
        while (left := until - self.clock.now()) > 0:
            if self._closed:
                raise Cut("closed")
            await self._stirring(self.clock.real(left))

    async def until(self, reached: Callable[["Bedrock"], bool]) -> None:
        """Waits until something of the world is so; looked at anew whenever a call begins, is billed or ends."""
        while not reached(self):
            await self._stirring(None)

    async def _stirring(self, at_most: float | None) -> None:
        stirred = self._stirred
        try:
            async with asyncio.timeout(at_most):
                await stirred.wait()
        except TimeoutError:
            return

    def stir(self) -> None:
        """Something has changed: whoever waits looks again."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    def close(self) -> None:
        """Lets go of everybody who waits."""
        self._closed = True
        self.stir()

    # -- calls

    async def answer(self, asked: Asked) -> Answer:
        """What comes back; raises Cut where nothing does."""
        try:
            errand = errand_of(asked)
            region = asked.region or region_of(asked, errand.signed_as, on_the_wall() + self.skew, self.keys)
        except Refused as refused:
            return self._sent(Answer(refused.status, refused.headers, (refused.body,)), None)
        call = self.ledger.open(self.clock.now(), errand.operation, errand.id, region)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.stir()
        try:
            return self._sent(await self._answered(asked, errand, call), call)
        except Refused as refused:
            self.ledger.refused(call, refused.status, refused.kind)
            body = refused.rekognition_body if errand.operation == "moderate" else refused.body
            return self._sent(Answer(refused.status, refused.headers, (body,)), call)
        except Cut:
            call.outcome = "cut"
            raise
        finally:
            self.in_flight -= 1
            self.stir()

    async def _answered(self, asked: Asked, errand: Errand, call: Call) -> Answer:
        if fault := self._befallen(errand, call, at_once=True):
            raise _broken(fault)
        if len(asked.body) > BIGGEST_BODY:
            raise invalid(f"The request body is larger than {BIGGEST_BODY} bytes.")
        if errand.operation == "models":
            return self._told(errand, call)
        model = self._model(errand, call)
        self.rates.pass_through(model, call.region)
        fault = self._befallen(errand, call, at_once=False)
        work = await self._off(partial(self._understood, model, errand, asked.body, fault))
        self._accepted(call, work)
        await self._worked(model, fault)
        done = await self._off(work.do)
        self._noted(call, done)
        return self._finished(errand, done, fault)

    def _befallen(self, errand: Errand, call: Call, *, at_once: bool) -> Fault | None:
        fault = self.faults.meet(errand.operation, errand.id, call.region, at_once=at_once)
        call.fault = fault.kind if fault else ""
        return fault

    def _model(self, errand: Errand, call: Call) -> Model:
        if errand.operation == "moderate":
            model = JUDGES
        elif errand.operation == "guardrail":
            model = GUARDRAIL
        else:
            model = self.models.find(errand.id, call.region, date.min if self.living else self.today)
        call.model = model.id
        return model

    def _understood(self, model: Model, errand: Errand, raw: bytes, fault: Fault | None) -> Work:
        task = Task(model, raw, self.filters, self.chance, self.pixels, fault)
        match errand.operation:
            case "moderate":
                return judging.moderation(raw, self.flags)
            case "guardrail":
                return judging.guardrail(task)
            case _ if model.talks:
                return _spoken(task, errand)
            case "invoke" if model.speaks in stability.FORMS:
                return stability.ordered(task)
            case "invoke":
                return amazon.ordered(task)
            case "invoke-with-response-stream":
                raise invalid("The model is unsupported for streaming")
            case _:
                raise invalid(NO_TALKER)

    def _accepted(self, call: Call, work: Work) -> None:
        call.words, call.seed = work.words[:REMEMBERED_WORDS], work.seed
        self.ledger.bill(call, work.usd_micros)
        self.stir()

    async def _worked(self, model: Model, fault: Fault | None) -> None:
        """The time it takes, and what happens meanwhile."""
        spread = exp(self.chance.gauss(0.0, SPREAD))
        await self.pause(
            model.seconds * spread * self.latency + (fault.seconds if fault and fault.kind == "slow" else 0)
        )
        if fault and fault.kind == "hang":
            await self.pause(fault.seconds)
            raise Cut("hung up")
        if fault and fault.kind in {"error", "reset_before"}:
            raise _broken(fault)

    def _noted(self, call: Call, done: Done) -> None:
        call.status, call.outcome = 200, "filtered" if done.filtered else "answered"
        if done.filtered and not self.bills_filtered:
            self.ledger.forgive(call)
        if call.fault == "reset_after":
            raise Cut("after it was done")

    def _finished(self, errand: Errand, done: Done, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else ""
        torn = {"reset_headers": "headers", "torn": "half"}.get(kind, "")
        if not done.events:
            body = json.dumps(_spoiled(done.said, kind), separators=(",", ":"), ensure_ascii=False).encode()
            return Answer(200, {"Content-Type": errand.content_type}, (body,), torn=torn)
        pieces = [eventstream.event(name, said) for name, said in done.events]
        if fault and kind == "stream_error":
            broken = eventstream.exception(fault.type or "throttlingException", fault.words or "Too many requests")
            pieces = [*pieces[: len(pieces) // 2], broken]
        headers = {"Content-Type": eventstream.CONTENT_TYPE, "X-Amzn-Bedrock-Content-Type": "application/json"}
        return Answer(200, headers, tuple(pieces), PIECE_GAP * self.latency, torn)

    def _told(self, errand: Errand, call: Call) -> Answer:
        """The control plane: what models there are here."""
        known = [facts_of(one, call.region, self.today) for one in self.models.listed(call.region)]
        known = [one for one in known if self.living or self.models.all[one["modelId"]].ended > self.today]
        if errand.id:
            found = [one for one in known if one["modelId"] == errand.id.rpartition("/")[2]]
            if not found:
                raise not_found("Could not resolve the foundation model from the provided model identifier.")
        said = {"modelDetails": found[0]} if errand.id else {"modelSummaries": _wanted(known, errand.query)}
        call.status, call.outcome = 200, "answered"
        return Answer(200, {"Content-Type": "application/json"}, (json.dumps(said).encode(),))

    async def _off(self, work: Callable[[], T]) -> T:
        """Pixels off the loop, where there is somewhere else."""
        if self._aside is None:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    def _sent(self, answer: Answer, call: Call | None) -> Answer:
        """Every answer has a number, and the date that Bedrock's own clock shows."""
        now = datetime.fromtimestamp(on_the_wall() + self.skew, UTC)
        number = str(UUID(int=self.chance.getrandbits(128), version=4))
        more = {"x-amzn-RequestId": number, "Date": now.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        return replace(answer, headers={**answer.headers, **more}, call=call)


def _spoken(task: Task, errand: Errand) -> Work:
    """A text model: all of it is known at once, then told whole or piece by piece."""
    conversed = errand.operation.startswith("converse")
    said = nova.speak(task, talk_of := talk.read(task.raw, task.model, talk.CONVERSED if conversed else talk.INVOKED))
    events = tuple(nova.converse_events(said)) if errand.streams else ()
    if errand.operation == "invoke-with-response-stream":
        events = tuple(nova.chunks(events))
    whole: dict[str, Any] = nova.whole(said) | ({"metrics": {"latencyMs": 400}} if conversed else {})
    done = Done(whole, events, said.stop if said.stop == "content_filtered" else "")
    return Work(task.model.tokens(said.read, said.written), talk_of.last, lambda: done)


def _broken(fault: Fault) -> Exception:
    return (
        Cut("before anything was done") if fault.kind == "reset_before" else error(fault.code, fault.type, fault.words)
    )


def _spoiled(said: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    if not said.get("images") or kind not in {"corrupt", "broken_picture"}:
        return said
    first, *others = said["images"]
    broken = (
        base64.b64encode(base64.b64decode(first)[16:2048]).decode() if kind == "broken_picture" else f"%{first[1:]}"
    )
    return {**said, "images": [broken, *others]}


def _wanted(known: list[dict[str, Any]], query: Mapping[str, str]) -> list[dict[str, Any]]:
    maker, shows = query.get("byProvider", ""), query.get("byOutputModality", "")
    how = query.get("byInferenceType", "")
    return [
        one
        for one in known
        if maker.lower() in one["providerName"].lower()
        and (not shows or shows in one["outputModalities"])
        and (not how or how in one["inferenceTypesSupported"])
    ]
