"""Translations that fail: Vietnamese prompts on the played Bedrock, whose translator plays up in every way it can.

One house on virtual time paints with the played Bedrock and has its words put into English by the played Nova. Prompts
are made from templates, and each phase has one fault of its own. An order may be painted or given back, but it ends.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Any

from bot.house import House
from core.clock import SECOND
from core.jobs import Job
from core.limits import Limits
from core.ports import Wing
from infra.aws.bedrock import runtime
from infra.aws.call import Answer, Counts, NoAnswer, Request, checked
from infra.aws.painter import BedrockPainter
from infra.aws.scribe import NovaScribe
from infra.sandbox.bedrock import Asked, Bedrock, Clock
from infra.sandbox.bedrock.refusing import Cut
from tests.house import BEDROCK, Imagify, Speaker, on_trial
from tests.storms.loop import moment
from tests.storms.played import QuickDarkroom

NEAR, SMALL = "ap-southeast-1", 4_096  # pixels
GAP = 2.0  # seconds between two orders
REST = 240.0  # seconds between two phases, in which the translator is well
LIMITS = Limits(open_sheets=10_000, prompts_per_minute=100_000, prompts_at_once=100_000, longest_wait=100_000)
PHASES: Mapping[str, Mapping[str, Any]] = {
    "well": {},
    "gives the words back": {"kind": "untranslated"},
    "gives the words back now and then": {"kind": "untranslated", "share": 0.5},
    "puts half into English": {"kind": "half_translated"},
    "talks": {"kind": "talks"},
    "breaks its object off": {"kind": "malformed_json", "share": 0.7},
    "puts a fence around it": {"kind": "fenced_json"},
    "says that it was blocked": {"kind": "content_filtered", "share": 0.3},
    "is asked too often": {"kind": "error", "code": 429, "type": "ThrottlingException"},
    "is down": {"kind": "error", "code": 503, "type": "ServiceUnavailableException"},
    "is down now and then": {"kind": "error", "code": 500, "type": "InternalServerException", "share": 0.4},
    "does not answer": {"kind": "hang"},
    "is slow": {"kind": "slow", "seconds": 3.0, "share": 0.7},
    "is cut off": {"kind": "reset_after", "share": 0.6},
    "is not for us": {"kind": "error", "code": 403, "type": "AccessDeniedException"},
}
SUBJECTS = (
    "một con mèo mướp", "chú chó con", "cô gái", "ông cụ", "em bé", "con trâu", "đàn cò trắng", "Sơn Tùng M-TP",
    "bà Sáu", "hai người bạn", "3 con gà", "con rồng", "chiếc xe máy", "tô phở bò", "ổ bánh mì", "ly cà phê sữa đá",
    "Nguyễn Huệ", "chị Lan", "12 chiếc đèn lồng", "con meo den",
)  # fmt: skip
DEEDS = ("đội nón lá", "mặc áo dài", "ngồi ngắm mưa", "đang cười", "bay trên trời", "cầm hoa sen", "", "dang chay")
PLACES = (
    "ở Hà Nội", "trên phố cổ Hội An", "bên bờ sông Hương", "giữa ruộng bậc thang", "trong chợ Bến Thành", "ở Đà Lạt",
    "dưới trăng", "tren mai nha", "năm 1975", "", "trước biển hiệu “PHỞ HÀ NỘI”", "dịp Tết",
)  # fmt: skip
LOOKS = (
    "", "tranh sơn dầu", "ảnh chụp, ánh sáng dịu", "nghễnh ngãng, ngộ nghĩnh", "🌸", "phong cách Nhật",
    "không có người",
)  # fmt: skip
ALONE = (
    "Phở",
    "Bánh mì",
    "Áo dài",
    "Sơn Tùng M-TP",
    "Bún chả Hà Nội",
    "Tết",
    "Hội An",
    "mèo",
    "MÈO TRÊN MÁI NHÀ",
    "😀",
)


def prompts(many: int, lot: Random) -> Iterator[str]:
    """No two alike."""
    said: set[str] = set()
    while len(said) < many:
        parts = (lot.choice(SUBJECTS), lot.choice(DEEDS), lot.choice(PLACES), lot.choice(LOOKS))
        text = lot.choice(ALONE) if lot.random() < 0.04 else " ".join(filter(None, parts))
        if text not in said:
            said.add(text)
            yield text


class InProcess:
    """The road to a Bedrock in this very process, which needs no socket and so runs on virtual time."""

    def __init__(self, bedrock: Bedrock) -> None:
        self.counts, self._bedrock = Counts(), bedrock
        self.longest = 0.0  # seconds that a picture took

    async def send(self, request: Request) -> Answer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.path, headers, request.body, request.place.region)
        began = moment()
        try:
            async with asyncio.timeout(request.place.bounds.read):
                answer = await self._bedrock.answer(asked)
        except (Cut, TimeoutError) as error:
            raise NoAnswer(request, "cut off") from error
        if request.operation == "InvokeModel":
            self.longest = max(self.longest, moment() - began)
        if answer.torn:
            raise NoAnswer(request, "cut off") from ConnectionResetError()
        return checked(request, Answer(answer.status, answer.headers, answer.body))

    async def stream(self, request: Request) -> Any:
        yield (await self.send(request)).body


class Translations:
    """The house, its translator, and what has become of the orders."""

    PAID = 100_000  # credits of the one person who orders
    customer: Speaker

    def __init__(self, imagify: Imagify, seed: int = 1) -> None:
        self.imagify, self.lot = imagify, Random(f"words {seed}")
        wall = imagify.clock
        self.bedrock = Bedrock(clock=Clock(wall=lambda: wall.now() / SECOND), pixels=SMALL, lot=seed)
        self.road = InProcess(self.bedrock)
        self.orders: dict[str, list[Job]] = {}

    def house(self) -> House:
        road, trial = self.road, on_trial(BEDROCK, LIMITS)
        darkroom = QuickDarkroom()
        ports = replace(
            self.imagify.ports(self.imagify.clock),
            painter=BedrockPainter(road, runtime),
            scribe=NovaScribe(road, runtime(NEAR), darkroom),
            darkroom=darkroom,
        )
        house = House(Wing(ports, "", BEDROCK, alone=False), replace(trial, hands=8), (self.imagify.telegram,), ())
        self.imagify.house = house
        return house

    async def run(self, many: int) -> None:
        """`many` orders, as many in each phase; all of them have ended afterwards."""
        await self.imagify.opens(self.house())
        self.customer = await self.imagify.meets(paid=self.PAID)
        each = -(-many // len(PHASES))
        said = prompts(each * len(PHASES), self.lot)
        for phase, fault in PHASES.items():
            if fault:
                self.bedrock.faults.set(model="nova", **fault)
            self.orders[phase] = []
            for words in islice(said, each):
                self.orders[phase] += await self.customer.orders(f"{words} --model core")
                await self.imagify.passes(GAP)
            await self.imagify.settles()
            self.bedrock.faults.clear()
            await self.imagify.passes(REST)

    async def ended(self, phase: str) -> list[Job]:
        return [await self.imagify.job(job.id) for job in self.orders[phase]]
