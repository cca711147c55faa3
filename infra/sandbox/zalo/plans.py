"""What a bot's plan lets it send, and how much of that is used. Months and days are those of Việt Nam."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from infra.sandbox.clock import Clock
from infra.sandbox.zalo.refusing import exceeded

VIET_NAM = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Plan:
    """0: no limit. The figures are those of the free plan, as they are told second-hand."""

    name: str = "BASIC"
    users: int = 50  # people a bot may write to, for good: those who wrote to it first
    messages: int = 3000  # a month
    a_day: int = 0
    person_a_day: int = 0


FREE = Plan()


@dataclass(slots=True)
class Meter:
    clock: Clock
    plan: Plan
    people: dict[str, None] = field(default_factory=dict)  # in the order in which they came
    _months: Counter[str] = field(default_factory=Counter)
    _days: Counter[tuple[str, str]] = field(default_factory=Counter)  # by day and chat; "": every chat

    def meet(self, person: str) -> None:
        self.people.setdefault(person)

    def admit(self, chat: str) -> None:
        """Raises 429 where one more message is more than the plan holds."""
        plan, (month, day) = self.plan, self._today()
        place = list(self.people).index(chat) if chat in self.people else 0
        over = (
            plan.users and place >= plan.users,
            plan.messages and self._months[month] >= plan.messages,
            plan.a_day and self._days[day, ""] >= plan.a_day,
            plan.person_a_day and self._days[day, chat] >= plan.person_a_day,
        )
        if any(over):
            raise exceeded()

    def count(self, chat: str) -> None:
        month, day = self._today()
        self._months[month] += 1
        self._days.update([(day, ""), (day, chat)])

    @property
    def messages(self) -> int:
        """Sent this month."""
        return self._months[self._today()[0]]

    def _today(self) -> tuple[str, str]:
        there = datetime.fromtimestamp(self.clock.date(), UTC) + VIET_NAM
        return f"{there:%Y-%m}", f"{there:%Y-%m-%d}"
