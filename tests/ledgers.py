"""What a house has written down, read from its table by somebody who is no part of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from core.jobs import Job
from core.ledger import Purse
from core.table import Row

KEPT = ("kept", "delivered")


@dataclass(frozen=True, slots=True)
class Ledgers:
    jobs: tuple[Job, ...]
    purses: Mapping[str, Purse]  # by person

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        jobs, purses = [], {}
        for row in rows:
            if row.key.owner.startswith("JOB#"):
                jobs.append(Job.of(row))
            if row.key.name == "PURSE":
                person = row.key.owner.removeprefix("USER#")
                purses[person] = Purse.of(person, row)
        return cls(tuple(jobs), purses)

    @property
    def open(self) -> list[Job]:
        return [job for job in self.jobs if not job.closed]

    @property
    def undelivered(self) -> list[Job]:
        return [job for job in self.jobs if job.state == "kept"]

    @property
    def states(self) -> Counter[str]:
        return Counter(job.state for job in self.jobs)

    @property
    def pictures(self) -> int:
        """That were painted and kept, also those that were given back since."""
        return sum(job.state in (*KEPT, "returned") for job in self.jobs)

    def overcharged(self, given: int) -> list[str]:
        """Whoever has paid anything but the price of their pictures, out of so many credits."""
        told = []
        for person, purse in self.purses.items():
            due = sum(job.price for job in self.jobs if job.person == person and job.state in KEPT)
            paid = given - purse.free - purse.held
            if paid != due:
                told.append(f"{person} paid {paid} for {due}")
        return told
