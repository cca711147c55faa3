"""A prompt that waits for its person's yes: to the notice, to a price, to a top-up. One at a time, and drawn once."""

from contextlib import suppress
from dataclasses import dataclass

from core.clock import DAY
from core.ledger import owner_of
from core.prompts import Prompt
from core.table import SHELF_INDEX, Change, Delete, Fields, Key, Refused, Row, Table

UNAGREED = "DRAFTS#unagreed"  # shelf: said before consent
FRESH = DAY  # for so long it is known to be what the person is about


@dataclass(frozen=True, slots=True)
class Draft:
    prompt: Prompt
    price: int  # that was told; 0 where the notice came first
    key: str  # of the word that brought it
    at: int
    short: bool = False  # credits were missing
    answered: bool = False  # it has been ordered

    @classmethod
    def of(cls, row: Row) -> "Draft":
        return cls(
            prompt=Prompt.of(row.map("prompt")),
            price=row.number("price"),
            key=row.text("key"),
            at=row.number("at"),
            short=row.flag("short"),
            answered=row.flag("answered"),
        )

    def fields(self) -> Fields:
        return {
            "prompt": self.prompt.facts(),
            "price": self.price,
            "key": self.key,
            "at": self.at,
            "short": self.short,
            "answered": self.answered,
        }

    def once(self, person: str) -> str:
        """However often and in how many tabs the yes is said, it is one order."""
        return f"{person}:{self.key}"

    @property
    def waits(self) -> bool:
        """For a yes to its price."""
        return self.price > 0 and not self.answered

    def runs_by_itself(self, now: int) -> bool:
        """For somebody who never wants to be asked: it stopped for lack of credits, and not long ago."""
        return self.waits and self.short and now < self.at + FRESH


class Drafts:
    def __init__(self, table: Table) -> None:
        self._table = table

    async def keep(self, person: str, draft: Draft) -> None:
        """In place of what waited before; what came before consent is on a shelf, from which it goes after a day."""
        shelf: Fields = {} if draft.price else {"shelf": UNAGREED, "due": draft.at + FRESH}
        off = ("shelf", "due") if draft.price else ()
        await self._table.write(Change(draft_key(person), set={**draft.fields(), **shelf}, unset=off, or_create=True))

    async def drop(self, person: str) -> None:
        """Whoever says no to the notice leaves nothing of it behind."""
        await self._table.write(Delete(draft_key(person)))

    async def sweep(self, now: int) -> list[str]:
        """Forget what was said a day ago by people who have not answered the notice since; who they are."""
        rows = await self._table.find(SHELF_INDEX, UNAGREED, until=now)
        for row in rows:
            with suppress(Refused):  # answered, or asked about anew, this very moment
                await self._table.write(Delete(row.key, when={"due": row.number("due")}))
        return [row.key.owner.partition("#")[2] for row in rows]

    async def of(self, person: str) -> Draft | None:
        row = await self._table.get(draft_key(person))
        return Draft.of(row) if row else None

    async def answer(self, person: str, draft: Draft) -> None:
        """It was ordered, and is offered no more; one that was asked about anew still is."""
        with suppress(Refused):
            await self._table.write(Change(draft_key(person), set={"answered": True}, when={"key": draft.key}))

    async def forget(self, person: str, draft: Draft) -> None:
        """It has found its answer; one that was asked about anew stays."""
        with suppress(Refused):
            await self._table.write(Delete(draft_key(person), when={"key": draft.key}))


def draft_key(person: str) -> Key:
    return Key(owner_of(person), "DRAFT")
