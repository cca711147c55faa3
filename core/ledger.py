"""Ledger – what a person has, what is held, and every move of credits between.

    deposit     nothing -> free      a gift, a grant, a paid order
    hold        free    -> held      a job is ordered, gift credits go first
    capture     held    -> spent     its picture is kept
    release     held    -> free      it failed or was cancelled
    give back   spent   -> free      its picture could not reach the person
    set aside   free    -> held      an order is to be paid back, then burnt, or restored where it is not

A move is one write: the purse changes only while its number (`seq`) stands where it was read, an entry is created for
every line, and the noun that moves with it (a job, an order) brings its own rows. If another move changed the purse
first, the move is composed again from the row found there. If the noun's own rows refuse the write, Lost tells which.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain

from core.clock import Clock
from core.errors import BadAmount, Corrupt, NotEnoughCredits, OtherFacts, Unknown
from core.table import Change, Create, Fields, Key, Refused, Row, Table, TableUnavailable, Value, Write

MOST_CREDITS = 1_000_000_000
MOST_RACES = 100  # tries of one move against others on the same purse


@dataclass(frozen=True, slots=True)
class Line:
    """Entry about to be written: credits that move, under a `key`, for the reason `ref`."""

    kind: str
    key: str
    gift: int = 0
    paid: int = 0
    held: int = 0
    ref: str = ""
    contra: str = ""
    actor: str = ""
    play: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """Credits by the purse's two pockets, which tells later where to return what was taken."""

    gift: int
    paid: int

    @property
    def total(self) -> int:
        return self.gift + self.paid


@dataclass(frozen=True, slots=True)
class Purse:
    """Credits of a `person`, with the number of the last entry and the open sheets."""

    person: str
    gift: int = 0
    paid: int = 0
    held: int = 0
    seq: int = 0
    frozen: bool = False
    merged_into: str = ""  # person whose purse received this one's credits
    open: Mapping[str, int] = field(default_factory=dict)  # sheet -> its jobs that are not closed
    finish: int = 0  # virtual finish time of the last job ordered: the person's fair place
    had_paid: bool = False  # True: ever held more than gifts, so goes before people who have not

    @classmethod
    def of(cls, person: str, row: Row) -> "Purse":
        return cls(
            person=person,
            gift=row.number("gift"),
            paid=row.number("paid"),
            held=row.number("held"),
            seq=row.number("seq"),
            frozen=row.flag("frozen"),
            merged_into=row.text("merged_into"),
            open={sheet: left for sheet, left in row.map("open").items() if isinstance(left, int)},
            finish=row.number("finish"),
            had_paid=row.flag("had_paid"),
        )

    @property
    def free(self) -> int:
        return self.gift + self.paid

    def after(self, line: Line) -> "Purse":
        gift, paid, held = self.gift + line.gift, self.paid + line.paid, self.held + line.held
        return replace(self, gift=gift, paid=paid, held=held, seq=self.seq + 1)

    def split(self, cost: int) -> Parts:
        """Parts of `cost` taken from each pocket: gift before paid. Raises NotEnoughCredits."""
        if cost > self.free:
            raise NotEnoughCredits(cost, self.free)
        gift = min(cost, self.gift)
        return Parts(gift, cost - gift)

    def opening(self, sheet: str, jobs: int) -> dict[str, Value]:
        return {**self.open, sheet: jobs}

    def closing(self, sheet: str) -> dict[str, Value]:
        """Open sheets left once one job of `sheet` is closed."""
        left = self.open.get(sheet, 0) - 1
        others: dict[str, Value] = {name: jobs for name, jobs in self.open.items() if name != sheet}
        return {**others, sheet: left} if left > 0 else others


@dataclass(frozen=True, slots=True)
class Draft:
    """Move about to be made: entries as `lines`, further fields of the `purse`, and the noun's own rows as `also`."""

    lines: tuple[Line, ...]
    also: tuple[Write, ...] = ()
    purse: Fields = field(default_factory=dict)


class Lost(Exception):
    """The noun's own rows refused the move. `rows`: position within `also` -> the row found there."""

    def __init__(self, rows: Mapping[int, Row | None]) -> None:
        super().__init__(f"lost at {sorted(rows)}")
        self.rows = dict(rows)


@dataclass(frozen=True, slots=True)
class Moved:
    """Result of a move: the purse `before` and after, and `already` if made earlier under the same key."""

    before: Purse
    purse: Purse
    already: bool = False


Compose = Callable[[Purse], Draft]
ComposeAll = Callable[[Sequence[Purse]], Sequence[Draft]]


class Ledger:
    def __init__(self, table: Table, clock: Clock, *, play: bool = False) -> None:
        self._table, self._clock, self._play = table, clock, play

    async def purse(self, person: str) -> Purse:
        """Purse that holds the credits of `person`: the person's own, or the merged one. Raises Unknown."""
        row = await self._table.get(purse_key(person))
        if row is None:
            raise Unknown("purse", person)
        return await self._followed(Purse.of(person, row))

    async def _followed(self, purse: Purse) -> Purse:
        return await self.purse(purse.merged_into) if purse.merged_into else purse

    async def entries(self, person: str, before: int = 0, limit: int = 20) -> list[Row]:
        """Newest entries with a number below `before`, or simply the newest."""
        after = entry_key(person, before).name if before else ""
        return await self._table.list(owner_of(person), "TRANSACTION#", after=after, limit=limit, newest_first=True)

    async def commit(self, person: str, compose: Compose, purse: Purse | None = None) -> Moved:
        """Make the move that `compose` drafts, and compose again when another move changed the purse first.

        Pass a `purse` that was just read to save a read. A change since then is noticed all the same.
        """
        purse = purse or await self.purse(person)
        (moved,) = await self.commit_all((purse,), lambda purses: (compose(purses[0]),))
        return moved

    async def commit_all(self, purses: Sequence[Purse], compose: ComposeAll) -> Sequence[Moved]:
        """Make one move across several `purses` in one write, with a draft for each. Composed again as in `commit`."""
        for _ in range(MOST_RACES):
            drafts = compose(purses)
            moves = [moving(purse, draft, self._clock.now()) for purse, draft in zip(purses, drafts, strict=True)]
            also = (write for draft in drafts for write in draft.also)
            try:
                await self._table.write(*chain(*moves), *also)
            except Refused as refused:
                stood = raced(purses, refused, [len(own) for own in moves])
                purses = [await self._followed(purse) for purse in stood]
            else:
                return [Moved(purse, final(purse, draft)) for purse, draft in zip(purses, drafts, strict=True)]
        raise TableUnavailable(f"the purse of {', '.join(one.person for one in purses)} was raced too often")

    async def deposit(  # noqa: PLR0913  the facts of a deposit, each by name
        self,
        person: str,
        credits_: int,
        *,
        key: str,
        kind: str = "grant",
        ref: str = "",
        actor: str = "",
        also: tuple[Write, ...] = (),
    ) -> Moved:
        """Add credits once per `key`, a gift to the gift pocket, anything else as paid. Raises OtherFacts."""
        line = self.line(kind, amount(credits_), key=key, ref=ref, actor=actor)
        try:
            return await self.commit(person, lambda purse: depositing(purse, line, person, also))
        except Lost as lost:
            return await self._already(person, line, lost.rows[0])

    def line(self, kind: str, credits_: int, *, key: str, ref: str = "", actor: str = "") -> Line:
        """Line of a deposit, marked as play when the house plays the tills."""
        gift = kind == "gift"
        return Line(
            kind=kind,
            key=key,
            gift=credits_ if gift else 0,
            paid=0 if gift else credits_,
            ref=ref,
            actor=actor,
            play=self._play,
        )

    async def freeze(self, person: str, *also: Write, frozen: bool = True) -> None:
        key = purse_key((await self.purse(person)).person)
        try:
            await self._table.write(Change(key, set={"frozen": frozen}, when={"merged_into": None}), *also)
        except Refused:  # merged this very moment
            await self.freeze(person, *also, frozen=frozen)

    async def _already(self, person: str, line: Line, standing: Row | None) -> Moved:
        if standing is None or standing.map("facts") != facts(line):
            raise OtherFacts(line.key)
        purse = await self.purse(person)
        return Moved(purse, purse, already=True)


def owner_of(person: str) -> str:
    return f"USER#{person}"


def purse_key(person: str) -> Key:
    return Key(owner_of(person), "PURSE")


def entry_key(person: str, number: int) -> Key:
    return Key(owner_of(person), f"TRANSACTION#{number:012d}")


def hold_key(person: str, job: str) -> Key:
    return Key(owner_of(person), f"HOLD#{job}")


def guard_key(person: str, key: str) -> Key:
    return Key(owner_of(person), f"OP#{key}")


def amount(credits_: object) -> int:
    """Credits as a whole number within bounds. Raises BadAmount, also for a bool or a fraction."""
    if isinstance(credits_, bool) or not isinstance(credits_, int) or not 0 < credits_ <= MOST_CREDITS:
        raise BadAmount(credits_)
    return credits_


def opening_purse(person: str) -> Create:
    return Create(purse_key(person), {"gift": 0, "paid": 0, "held": 0, "seq": 0, "frozen": False})


def facts(line: Line) -> dict[str, Value]:
    """Facts of `line` that a repeat under the same key must match."""
    return {"kind": line.kind, "gift": line.gift, "paid": line.paid, "ref": line.ref}


def guard(person: str, line: Line, seq: int) -> Create:
    """Row that lets the key of `line` move once, for ever, also after `person` was merged into another."""
    return Create(guard_key(person, line.key), {"facts": facts(line), "seq": seq})


def depositing(purse: Purse, line: Line, person: str = "", also: tuple[Write, ...] = ()) -> Draft:
    """Draft of a deposit `line`, for a caller with further rows (`also`) in the same write. `person`: for whom."""
    once = guard(person or purse.person, line, purse.seq + 1)
    return Draft((line,), (once, *also), {} if line.kind == "gift" else {"had_paid": True})


def splitting(purse: Purse, price: int, count: int) -> list[Parts]:
    """Parts that each of `count` jobs takes from each pocket."""
    whole = purse.split(price * count)
    gifts = [max(0, min(price, whole.gift - number * price)) for number in range(count)]
    return [Parts(gift, price - gift) for gift in gifts]


def holding(purse: Purse, jobs: Mapping[str, Parts], sheet: str) -> Draft:
    """Hold what each of `jobs` takes."""
    return Draft(
        tuple(hold_line(job, parts, sheet) for job, parts in jobs.items()),
        tuple(open_hold(purse.person, job, parts, sheet) for job, parts in jobs.items()),
    )


def open_hold(person: str, job: str, parts: Parts, sheet: str) -> Create:
    return Create(hold_key(person, job), {"gift": parts.gift, "paid": parts.paid, "state": "held", "sheet": sheet})


def hold_line(job: str, parts: Parts, sheet: str) -> Line:
    return Line("hold", f"hold:{job}", gift=-parts.gift, paid=-parts.paid, held=parts.total, ref=sheet)


def capturing(person: str, job: str, parts: Parts) -> Draft:
    """Spend the `parts` held for a job whose picture is kept."""
    line = Line("capture", f"capture:{job}", held=-parts.total, ref=job)
    return Draft((line,), (close(person, job, "captured"),))


def releasing(person: str, job: str, parts: Parts) -> Draft:
    """Free the `parts` held for a job that has no picture."""
    line = Line("release", f"release:{job}", gift=parts.gift, paid=parts.paid, held=-parts.total, ref=job)
    return Draft((line,), (close(person, job, "released"),))


def giving_back(purse: Purse, person: str, job: str, parts: Parts) -> Draft:
    """Return the `parts` captured for a job whose picture never reached the person."""
    line = Line("give back", f"give back:{job}", gift=parts.gift, paid=parts.paid, ref=job, contra=f"capture:{job}")
    return Draft((line,), (guard(person, line, purse.seq + 1),))


def setting_aside(purse: Purse, name: str, credits_: int, ref: str) -> Draft:
    """Hold the paid credits of an order while the money goes back. Raises NotEnoughCredits: gifts do not count."""
    if credits_ > purse.paid:
        raise NotEnoughCredits(credits_, purse.paid)
    line = Line("refund hold", f"hold:{name}", paid=-credits_, held=credits_, ref=ref)
    return Draft((line,), (open_hold(purse.person, name, Parts(0, credits_), ""),))


def burning(person: str, name: str, credits_: int, ref: str) -> Draft:
    """Burn the held credits of an order whose money went back to the person."""
    line = Line("refund", f"capture:{name}", held=-credits_, ref=ref)
    return Draft((line,), (close(person, name, "captured"),))


def restoring(person: str, name: str, credits_: int, ref: str) -> Draft:
    """Free the held credits of an order whose money stays with us."""
    line = Line("refund release", f"release:{name}", paid=credits_, held=-credits_, ref=ref)
    return Draft((line,), (close(person, name, "released"),))


def close(person: str, job: str, state: str) -> Change:
    return Change(hold_key(person, job), set={"state": state}, when={"state": "held"})


def moving(purse: Purse, draft: Draft, now: int) -> list[Write]:
    """Writes of the ledger for `draft`: the purse first, then an entry for each line."""
    entries: list[Write] = []
    end = purse
    for line in draft.lines:
        end = end.after(line)
        entries.append(Create(entry_key(purse.person, end.seq), entry(line, end, now)))
    return [change(purse, end, draft.purse), *entries]


def change(start: Purse, end: Purse, also: Fields) -> Change:
    """Write of the purse, refused if `seq` or `frozen` changed since the read, or if a pocket falls below zero."""
    return Change(
        purse_key(start.person),
        set=also,
        add={
            "gift": end.gift - start.gift,
            "paid": end.paid - start.paid,
            "held": end.held - start.held,
            "seq": end.seq - start.seq,
        },
        when={"seq": start.seq, "frozen": start.frozen},
        floor={"gift": 0, "paid": 0, "held": 0},
    )


def entry(line: Line, end: Purse, now: int) -> dict[str, Value]:
    """Fields of an entry: what moved, and what the purse held after."""
    words = {"ref": line.ref, "contra": line.contra, "actor": line.actor}
    return {
        "kind": line.kind,
        "key": line.key,
        "gift": line.gift,
        "paid": line.paid,
        "held": line.held,
        "gift_after": end.gift,
        "paid_after": end.paid,
        "held_after": end.held,
        "at": now,
        **{name: word for name, word in words.items() if word},
        **({"play": True} if line.play else {}),
    }


def final(purse: Purse, draft: Draft) -> Purse:
    for line in draft.lines:
        purse = purse.after(line)
    return replace(purse, **draft.purse)  # type: ignore[arg-type]  # fields of a purse


def raced(purses: Sequence[Purse], refused: Refused, lengths: Sequence[int]) -> list[Purse]:
    """Purses as stored when the write was refused. Raises Lost for a refusal by the noun's rows, or Corrupt."""
    own = sum(lengths)
    others = {position - own: row for position, row in refused.rows.items() if position >= own}
    if others:
        raise Lost(others)
    rows = [refused.rows.get(start) for start in accumulate(lengths[:-1], initial=0)]
    stood = [Purse.of(purse.person, row) if row else purse for purse, row in zip(purses, rows, strict=True)]
    if stood == list(purses):
        raise Corrupt(f"the purse of {purses[0].person} stands apart from its entries")
    return stood
