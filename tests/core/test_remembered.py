"""What is remembered saves a question and decides nothing: each kind, its reader, and its table in the papers."""

import ast
import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core import lanes
from core.cache import Cache
from core.clock import DAY, HOUR, SECOND
from core.errors import Declined, Unavailable
from core.people import People
from core.privacy import GRACE
from core.remembered import ADDRESSES, KINDS, RATES, WORDINGS, Remembered, RememberingScribe
from core.scribe import Wording
from core.table import Key, Row, Table, Value, Write
from infra.embedded.cache import DictCache
from tests import source as code
from tests.clocks import SetClock
from tests.core.rig import Crowded, House

ROOT = Path(__file__).parents[2]
PICTURE = b"a picture"


@pytest.fixture
def cache(clock: SetClock) -> DictCache:
    return DictCache(clock)


# -- reading once -----------------------------------------------------------------------------------------------------


class Question:
    """Something that costs to be asked; it is answered when the test says so."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: asyncio.Future[Value] = asyncio.get_running_loop().create_future()

    async def read(self) -> Value:
        self.asked += 1
        return await asyncio.shield(self.answer)


@pytest.fixture
async def question() -> Question:
    return Question()


async def test_what_was_read_once_is_not_read_again_until_its_time_is_over(
    cache: DictCache, clock: SetClock, question: Question
) -> None:
    remembered = Remembered(cache, WORDINGS)
    question.answer.set_result({"english": "a cat", "tries": [1, 2]})

    first = await remembered.of("k", question.read)
    again = await Remembered(cache, WORDINGS).of("k", question.read)  # another noun, the same memory
    assert (first, question.asked) == (again, 1)

    clock.pass_by(WORDINGS.seconds)
    assert await remembered.of("k", question.read) == first
    assert question.asked == 2


async def test_who_asks_the_same_at_the_same_moment_gets_the_same_answer_for_one_question(
    cache: DictCache, question: Question
) -> None:
    remembered = Remembered(cache, WORDINGS)
    asking = [asyncio.create_task(remembered.of("k", question.read)) for _ in range(5)]
    await turns()

    question.answer.set_result("a cat")

    assert await asyncio.gather(*asking) == ["a cat"] * 5
    assert question.asked == 1


async def test_all_who_wait_for_an_answer_are_told_when_there_will_be_none(
    cache: DictCache, question: Question
) -> None:
    remembered = Remembered(cache, WORDINGS)
    asking = [asyncio.create_task(remembered.of("k", question.read)) for _ in range(3)]
    await turns()

    question.answer.set_exception(Unavailable("outage", "no"))

    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 3
    assert question.asked == 1
    assert await remembered.find("k") is None


async def test_when_the_one_who_asks_gives_up_another_asks(cache: DictCache, question: Question) -> None:
    remembered = Remembered(cache, WORDINGS)
    first, *others = [asyncio.create_task(remembered.of("k", question.read)) for _ in range(3)]
    await turns()

    first.cancel()
    await turns()
    question.answer.set_result("a cat")

    assert await asyncio.gather(*others) == ["a cat"] * 2
    assert question.asked == 2


async def test_who_gives_up_waiting_does_not_disturb_the_others(cache: DictCache, question: Question) -> None:
    remembered = Remembered(cache, WORDINGS)
    first, second, third = [asyncio.create_task(remembered.of("k", question.read)) for _ in range(3)]
    await turns()

    second.cancel()
    await turns()
    question.answer.set_result("a cat")

    assert [await first, await third] == ["a cat"] * 2
    assert question.asked == 1


async def test_kinds_do_not_know_each_other_and_one_is_forgotten_alone(cache: DictCache) -> None:
    wordings, addresses = Remembered(cache, WORDINGS), Remembered(cache, ADDRESSES)
    await wordings.keep("k", "a cat")
    await addresses.keep("k", "01AN")

    await wordings.forget()

    assert (await wordings.find("k"), await addresses.find("k")) == (None, "01AN")


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


# -- the scribe -------------------------------------------------------------------------------------------------------


@dataclass
class CountingScribe:
    """Says what it was asked, and can be away."""

    asked: list[str] = field(default_factory=list)
    away: bool = False
    breaks_off: bool = False
    plain: bool = False

    async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
        self.ask(words)
        return Wording(
            f"{words} in English", "vi", avoid, f"{words} in dawn light" if enhance and not self.plain else ""
        )

    async def describe(self, picture: bytes, language: str) -> AsyncIterator[str]:
        self.ask(f"{picture!r} {language}")
        yield "A cat "
        if self.breaks_off:
            raise Unavailable("outage", "unknown")
        yield "in a hat."

    def ask(self, what: str) -> None:
        if self.away:
            raise Unavailable("outage", "no")
        self.asked.append(what)


@pytest.fixture
def scribe() -> CountingScribe:
    return CountingScribe()


@pytest.fixture
def remembering(scribe: CountingScribe, cache: DictCache) -> RememberingScribe:
    return RememberingScribe(scribe, cache, "nova 1")


async def test_the_same_words_are_paid_for_once_and_known_in_an_outage(
    remembering: RememberingScribe, scribe: CountingScribe
) -> None:
    first = await remembering.word("mèo", "chó", enhance=True)

    scribe.away = True

    assert await remembering.word("mèo", "chó", enhance=True) == first
    assert first == Wording("mèo in English", "vi", "chó", "mèo in dawn light")
    with pytest.raises(Unavailable):
        await remembering.word("hổ")


async def test_other_words_another_wish_and_another_scribe_are_asked_for_themselves(
    remembering: RememberingScribe, scribe: CountingScribe, cache: DictCache
) -> None:
    await remembering.word("mèo", "chó", enhance=True)

    await remembering.word("mèo", "chó")
    await remembering.word("mèo", enhance=True)
    await remembering.word("mèo chó", enhance=True)
    await RememberingScribe(scribe, cache, "nova 2").word("mèo", "chó", enhance=True)

    assert len(scribe.asked) == 5


async def test_nobody_reads_the_words_from_a_key(remembering: RememberingScribe, cache: DictCache) -> None:
    await remembering.word("mật khẩu của An")

    assert not [key for key in cache._entries if "An" in key or "khẩu" in key]


async def test_what_the_scribe_would_not_word_is_asked_again(cache: DictCache) -> None:
    class Strict(CountingScribe):
        async def word(self, words: str, avoid: str = "", *, enhance: bool = False) -> Wording:
            await super().word(words, avoid, enhance=enhance)
            raise Declined("no", billed="yes")

    strict = Strict()
    for _ in range(2):
        with pytest.raises(Declined):
            await RememberingScribe(strict, cache, "1").word("mèo")

    assert len(strict.asked) == 2


async def test_the_words_of_a_stand_in_that_could_not_enhance_are_not_remembered(
    remembering: RememberingScribe, scribe: CountingScribe
) -> None:
    scribe.plain = True
    assert (await remembering.word("mèo", enhance=True)).painted == "mèo in English"

    scribe.plain = False

    assert (await remembering.word("mèo", enhance=True)).painted == "mèo in dawn light"


async def test_a_picture_is_described_once_a_day_in_each_language(
    remembering: RememberingScribe, scribe: CountingScribe, clock: SetClock
) -> None:
    assert await pieces(remembering, "vi") == ["A cat ", "in a hat."]
    scribe.away = True
    assert await pieces(remembering, "vi") == ["A cat in a hat."]

    scribe.away = False
    await pieces(remembering, "en")
    clock.pass_by(DAY / SECOND)
    await pieces(remembering, "vi")

    assert scribe.asked == [f"{PICTURE!r} vi", f"{PICTURE!r} en", f"{PICTURE!r} vi"]


async def test_half_a_description_is_not_remembered(remembering: RememberingScribe, scribe: CountingScribe) -> None:
    scribe.breaks_off = True
    with pytest.raises(Unavailable):
        await pieces(remembering, "vi")
    scribe.breaks_off = False
    async for _ in remembering.describe(PICTURE, "vi"):
        break  # whoever asked has gone

    assert await pieces(remembering, "vi") == ["A cat ", "in a hat."]


async def pieces(scribe: RememberingScribe, language: str) -> list[str]:
    return [piece async for piece in scribe.describe(PICTURE, language)]


# -- who speaks from an address ---------------------------------------------------------------------------------------


class Counting(Crowded):
    """A table that knows how often it was asked."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.reads = self.writes = 0

    async def get(self, key: Key) -> Row | None:
        self.reads += 1
        return await super().get(key)

    async def write(self, *writes: Write) -> None:
        self.writes += 1
        await super().write(*writes)


@pytest.fixture
def counting(table: Table) -> Counting:
    return Counting(table)


@pytest.fixture
def people(house: House, counting: Counting, cache: Cache) -> People:
    remembered = Remembered(cache, ADDRESSES)
    return People(counting, house.clock, house.chance, house.ledger, house.addresses, remembered)


async def test_somebody_remembered_costs_one_read(people: People, counting: Counting, clock: SetClock) -> None:
    an = await people.greet("telegram", "5550123", "vi")
    counting.reads = counting.writes = 0

    assert await people.greet("telegram", "5550123", "vi") == an
    assert (counting.reads, counting.writes) == (1, 0)

    clock.pass_by(HOUR / SECOND)
    assert await people.greet("telegram", "5550123", "vi") == an
    assert counting.writes == 1


async def test_what_changes_about_somebody_remembered_is_known_at_once(people: People) -> None:
    an = await people.greet("telegram", "5550123", "vi")

    await people.speak(an, "en")

    assert (await people.greet("telegram", "5550123", "vi")).language == "en"


async def test_whoever_was_merged_is_met_as_the_one_they_are_now(house: House, people: People) -> None:
    an, zalo = await house.meet("telegram", "5550123"), await house.meet("zalo", "8880456")
    await people.greet("zalo", "8880456", "vi")

    code = await house.linking.ask_code(an)
    await house.linking.accept(code, zalo)
    await house.linking.confirm(code, an)

    assert (await people.greet("zalo", "8880456", "vi")).id == an.id


async def test_whoever_was_erased_begins_anew_whatever_is_remembered(house: House, people: People) -> None:
    an = await house.meet("telegram", "5550123")
    await people.greet("telegram", "5550123", "vi")

    await house.privacy.ask_erase(an)
    assert (await people.greet("telegram", "5550123", "vi")).status == "leaving"
    house.clock.pass_by(GRACE / SECOND)
    assert await house.privacy.erase_due(house.clock.now())

    anew = await people.greet("telegram", "5550123", "vi")
    assert anew.id != an.id
    assert anew.status == "active"
    assert (await people.greet("telegram", "5550123", "vi")).id == anew.id


@pytest.mark.parametrize("nonsense", ["nobody", 7, {}])
async def test_nonsense_in_the_cache_does_no_harm(
    nonsense: Value, house: House, people: People, cache: DictCache
) -> None:
    an = await house.meet("telegram", "5550123")
    other = await house.meet("telegram", "999")

    for wrong in (nonsense, other.id):
        await Remembered(cache, ADDRESSES).keep(house.addresses.key(an.addresses[0]).owner, wrong)
        assert (await people.greet("telegram", "5550123", "vi")).id == an.id


# -- the papers -------------------------------------------------------------------------------------------------------


def test_the_papers_name_every_kind_and_no_other() -> None:
    operate = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    table = operate.partition("## What is cached")[2].partition("\n## ")[0]

    told = re.findall(r"^\| (.+?) \| (.+?) \| `(.+?)` \| (.+?) \| (.+?) \|$", table, re.MULTILINE)

    assert told == [(one.name, one.what, one.reader, lasting(one.seconds), one.forgotten) for one in KINDS]


def lasting(seconds: int) -> str:
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def test_every_kind_is_read_where_it_says() -> None:
    files = {file.name: file.tree for file in code.product()}
    for kind in KINDS:
        path, _, name = kind.reader.partition(":")
        assert code.resolves(files[path], name), f"{kind.name} is read by {kind.reader}, which is not there"


def test_what_a_route_has_learned_is_remembered_for_as_long_as_it_says() -> None:
    assert RATES.seconds == lanes.REMEMBERED


def test_nothing_is_cached_but_as_a_kind() -> None:
    readers = {kind.reader.partition(":")[0] for kind in KINDS}
    past = [
        f"{file.at(call)} {name}"
        for file in code.product()
        if not file.name.startswith("infra/") and file.name not in ("core/remembered.py", *readers)
        for call, name in code.calls(file)
        if isinstance(call.func, ast.Attribute) and name.endswith(("cache.put", "cache.get"))
    ]

    assert past == []
