"""The books of three people, moved in any order hypothesis likes: proved after every move."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.closings import Closings
from core.errors import NotEnoughCredits, NotLinked
from core.jobs import Job
from core.news import IMAGE_READY, of_job
from core.people import Person
from infra.embedded.table import SqliteTable
from tests.core.rig import House

WHO = st.integers(0, 2)
CREDITS = st.integers(1, 9)
T = TypeVar("T")


class Books(RuleBasedStateMachine):
    """Three people, any moves in any order: the whole ledger is proved after every one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store = SqliteTable.inline(":memory:")
        self.house = House.build(self.store)
        self.closings = Closings(self.store, self.house.ledger, self.house.clock, self.house.chance)
        self.persons = [self.run(self.house.meet("telegram", f"{number}00000")) for number in range(3)]
        self.queued: list[Job] = []
        self.kept: list[Job] = []
        self.given: dict[str, int] = {}
        self.spent = self.lapsed = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def person(self, who: int) -> Person:
        return self.run(self.house.people.person(self.persons[who].id))

    @rule(who=WHO, amount=CREDITS, kind=st.sampled_from(["gift", "topup"]), key=st.integers(0, 5))
    def deposit(self, who: int, amount: int, kind: str, key: int) -> None:
        name = f"{who}:{key}:{kind}:{amount}"
        moved = self.run(self.house.ledger.deposit(self.persons[who].id, amount, key=name, kind=kind))
        assert moved.already == (name in self.given)
        self.given[name] = amount

    @rule(who=WHO, price=CREDITS)
    def order(self, who: int, price: int) -> None:
        with suppress(NotEnoughCredits):
            self.queued.append(self.run(self.house.orders(self.person(who), price)))

    @rule(who=WHO, price=CREDITS)
    def paint(self, who: int, price: int) -> None:
        try:
            image = self.run(self.house.paints(self.person(who), price))
        except NotEnoughCredits:
            return
        self.kept.append(self.run(self.closings.job(image.id)))
        self.spent += price

    @precondition(lambda self: self.queued)
    @rule(which=st.integers(0, 99), fails=st.booleans())
    def close(self, which: int, *, fails: bool) -> None:
        job = chosen(self.queued, which)
        self.queued.remove(job)
        self.run(self.closings.fail(job, "broken") if fails else self.closings.cancel(job.person, job.id))

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99))
    def give_back(self, which: int) -> None:
        job = chosen(self.kept, which)
        if self.run(self.closings.give_back(of_job(IMAGE_READY, job, "news", 1))):
            self.spent -= job.price

    @rule(stays=WHO, goes=WHO)
    def link(self, stays: int, goes: int) -> None:
        one, other = self.person(stays), self.person(goes)
        if one.id == other.id:
            return
        lapsing = self.run(self.house.ledger.purse(other.id)).gift
        try:
            self.run(linked(self.house, one, other))
        except NotLinked:
            assert any(job.person in other.ids for job in self.queued)
        else:
            self.lapsed += lapsing

    @invariant()
    def every_credit_is_accounted_for(self) -> None:
        purses = {self.person(who).id for who in range(3)}
        held = [self.run(self.house.ledger.purse(person)) for person in purses]
        assert sum(purse.free + purse.held for purse in held) == sum(self.given.values()) - self.spent - self.lapsed

    @invariant()
    def the_whole_ledger_can_be_proved(self) -> None:
        assert self.run(self.house.balanced())

    def teardown(self) -> None:
        self.run(self.store.close())
        self.runner.close()


def chosen(jobs: list[Job], which: int) -> Job:
    return jobs[which % len(jobs)]


async def linked(house: House, stays: Person, goes: Person) -> None:
    code = await house.linking.ask_code(stays)
    await house.linking.accept(code, goes)
    await house.linking.confirm(code, stays)


TestBooks = Books.TestCase
