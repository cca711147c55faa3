"""Drafts – keeps one prompt per person until a yes to notice, price or top-up.

A draft is ordered once, however often the yes is said.
"""

from contextlib import suppress
from dataclasses import dataclass

from core.clock import DAY
from core.ledger import owner_of
from core.prompts import Prompt
from core.table import SHELF_INDEX, Change, Delete, Fields, Key, Refused, Row, Table

UNAGREED = "DRAFTS#unagreed"  # shelf of drafts from before consent
FRESH = DAY  # how long a draft counts as current


@dataclass(frozen=True, slots=True)
class Draft:
    prompt: Prompt
    price: int  # as told to the person; 0: the notice came first
    key: str  # key of the message that brought the prompt
    at: int
    short: bool = False  # True: credits were missing
    answered: bool = False  # True: the draft has been ordered

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
        """Key of the order: one order, however often and in how many tabs the person says yes."""
        return f"{person}:{self.key}"

    @property
    def waits(self) -> bool:
        """True if the draft waits for a yes to the price."""
        return self.price > 0 and not self.answered

    def runs_by_itself(self, now: int) -> bool:
        """True if the draft may run without a question: stopped for lack of credits, less than `FRESH` before `now`."""
        return self.waits and self.short and now < self.at + FRESH


class Drafts:
    def __init__(self, table: Table) -> None:
        self._table = table

    async def keep(self, person: str, draft: Draft) -> None:
        """Keep `draft` in place of the earlier one. Without a price (no consent yet) the draft is swept after a day."""
        shelf: Fields = {} if draft.price else {"shelf": UNAGREED, "due": draft.at + FRESH}
        off = ("shelf", "due") if draft.price else ()
        await self._table.write(Change(draft_key(person), set={**draft.fields(), **shelf}, unset=off, or_create=True))

    async def drop(self, person: str) -> None:
        """Delete the draft of `person`, for example after a no to the notice."""
        await self._table.write(Delete(draft_key(person)))

    async def sweep(self, now: int) -> list[str]:
        """Delete drafts from before consent that are a day old, and return the ids of the people."""
        rows = await self._table.find(SHELF_INDEX, UNAGREED, until=now)
        for row in rows:
            with suppress(Refused):  # refused: answered, or replaced by a new draft, this very moment
                await self._table.write(Delete(row.key, when={"due": row.number("due")}))
        return [row.key.owner.partition("#")[2] for row in rows]

    async def of(self, person: str) -> Draft | None:
        row = await self._table.get(draft_key(person))
        return Draft.of(row) if row else None

    async def answer(self, person: str, draft: Draft) -> None:
        """Mark `draft` as ordered, so that no offer repeats. A newer draft is left alone."""
        with suppress(Refused):
            await self._table.write(Change(draft_key(person), set={"answered": True}, when={"key": draft.key}))

    async def forget(self, person: str, draft: Draft) -> None:
        """Delete `draft`. A newer one is left alone."""
        with suppress(Refused):
            await self._table.write(Delete(draft_key(person), when={"key": draft.key}))


def draft_key(person: str) -> Key:
    return Key(owner_of(person), "DRAFT")
