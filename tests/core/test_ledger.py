"""The ledger: every move once, every balance provable, whatever is replayed or raced."""

import asyncio
from dataclasses import replace

import pytest

from core.errors import BadAmount, Corrupt, NotEnoughCredits, OtherFacts, Unknown
from core.ledger import (
    MOST_CREDITS,
    Draft,
    Ledger,
    Line,
    Lost,
    Parts,
    Purse,
    capturing,
    depositing,
    giving_back,
    holding,
    opening_purse,
    purse_key,
    releasing,
    splitting,
)
from core.table import Change, Check, Create, Key, Table
from tests.core.rig import House

AN = "an"
MARK = Key("JOB#somewhere", "META")


@pytest.fixture
async def purse(table: Table, ledger: Ledger) -> Purse:
    """An empty purse."""
    await table.write(opening_purse(AN))
    return await ledger.purse(AN)


async def balance(ledger: Ledger, person: str = AN) -> tuple[int, int, int]:
    now = await ledger.purse(person)
    return now.gift, now.paid, now.held


async def kinds(ledger: Ledger, person: str = AN) -> list[str]:
    return [row.text("kind") for row in reversed(await ledger.entries(person))]


async def hold(ledger: Ledger, price: int, *jobs: str) -> list[Parts]:
    """Set a price aside for each job; what it took from each pocket."""
    taken: list[Parts] = []

    def draft(purse: Purse) -> Draft:
        taken[:] = splitting(purse, price, len(jobs))
        return holding(purse, dict(zip(jobs, taken, strict=True)), "sheet")

    await ledger.commit(AN, draft)
    return taken


# -- deposits --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("purse")
async def test_a_deposit_made_twice_counts_once(ledger: Ledger) -> None:
    first = await ledger.deposit(AN, 55, key="order:1", kind="topup", ref="1")
    again = await ledger.deposit(AN, 55, key="order:1", kind="topup", ref="1")

    assert (first.already, again.already) == (False, True)
    assert again.purse == first.purse
    assert await balance(ledger) == (0, 55, 0)
    assert await kinds(ledger) == ["topup"]


@pytest.mark.usefixtures("purse")
async def test_thirty_two_deliveries_of_one_payment_credit_it_once(ledger: Ledger) -> None:
    moves = await asyncio.gather(*(ledger.deposit(AN, 20, key="order:1") for _ in range(32)))

    assert [moved.already for moved in moves].count(False) == 1
    assert await balance(ledger) == (0, 20, 0)


@pytest.mark.usefixtures("purse")
async def test_different_deposits_at_the_same_moment_all_count(ledger: Ledger) -> None:
    await asyncio.gather(*(ledger.deposit(AN, 3, key=f"order:{number}") for number in range(20)))

    assert await balance(ledger) == (0, 60, 0)
    assert [row.number("paid_after") for row in reversed(await ledger.entries(AN))] == list(range(3, 63, 3))


@pytest.mark.usefixtures("purse")
@pytest.mark.parametrize("other", [{"credits_": 56}, {"kind": "gift"}, {"ref": "2"}])
async def test_a_key_used_again_with_other_facts_is_an_error(ledger: Ledger, other: dict[str, object]) -> None:
    facts: dict[str, object] = {"credits_": 55, "kind": "topup", "ref": "1"}
    await ledger.deposit(AN, key="order:1", **facts)  # type: ignore[arg-type]

    with pytest.raises(OtherFacts):
        await ledger.deposit(AN, key="order:1", **{**facts, **other})  # type: ignore[arg-type]

    assert await balance(ledger) == (0, 55, 0)


@pytest.mark.usefixtures("purse")
@pytest.mark.parametrize("amount", [0, -1, MOST_CREDITS + 1, 10**30, 1.5, 2.0, True, "5", None, float("nan")])
async def test_credits_come_in_whole_numbers_within_reason(ledger: Ledger, amount: int) -> None:
    with pytest.raises(BadAmount):
        await ledger.deposit(AN, amount, key="order:1")

    assert await kinds(ledger) == []


async def test_a_deposit_for_nobody_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Unknown):
        await ledger.deposit("nobody", 5, key="order:1")


@pytest.mark.usefixtures("purse")
async def test_an_entry_of_a_played_house_carries_its_mark(table: Table, ledger: Ledger, house: House) -> None:
    played = Ledger(table, house.clock, play=True)

    await played.deposit(AN, 5, key="order:1")
    await ledger.deposit(AN, 5, key="order:2")

    assert [row.flag("play") for row in reversed(await ledger.entries(AN))] == [True, False]


# -- holds -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("purse")
async def test_gift_credits_are_spent_before_paid_ones(ledger: Ledger) -> None:
    await ledger.deposit(AN, 3, key="gift", kind="gift")
    await ledger.deposit(AN, 10, key="order:1")

    parts = await hold(ledger, 2, "one", "two", "three")

    assert parts == [Parts(2, 0), Parts(1, 1), Parts(0, 2)]
    assert await balance(ledger) == (0, 7, 6)


@pytest.mark.usefixtures("purse")
async def test_released_credits_go_back_to_the_pockets_they_came_from(ledger: Ledger) -> None:
    await ledger.deposit(AN, 3, key="gift", kind="gift")
    await ledger.deposit(AN, 10, key="order:1")
    (parts,) = await hold(ledger, 5, "one")

    await ledger.commit(AN, lambda _: releasing(AN, "one", parts))

    assert await balance(ledger) == (3, 10, 0)
    assert await kinds(ledger) == ["gift", "grant", "hold", "release"]


@pytest.mark.usefixtures("purse")
async def test_captured_credits_are_gone_and_come_back_once_when_given_back(ledger: Ledger) -> None:
    await ledger.deposit(AN, 10, key="order:1")
    (parts,) = await hold(ledger, 4, "one")
    await ledger.commit(AN, lambda _: capturing(AN, "one", parts))
    assert await balance(ledger) == (0, 6, 0)

    await ledger.commit(AN, lambda purse: giving_back(purse, AN, "one", parts))
    with pytest.raises(Lost):
        await ledger.commit(AN, lambda purse: giving_back(purse, AN, "one", parts))

    assert await balance(ledger) == (0, 10, 0)
    assert (await ledger.entries(AN))[0].text("contra") == "capture:one"


@pytest.mark.usefixtures("purse")
async def test_a_hold_is_closed_once_whoever_is_first(ledger: Ledger) -> None:
    await ledger.deposit(AN, 10, key="order:1")
    (parts,) = await hold(ledger, 4, "one")

    ends = await asyncio.gather(
        ledger.commit(AN, lambda _: capturing(AN, "one", parts)),
        ledger.commit(AN, lambda _: releasing(AN, "one", parts)),
        return_exceptions=True,
    )

    assert sum(isinstance(end, Lost) for end in ends) == 1
    assert (await ledger.purse(AN)).held == 0
    assert len(await ledger.entries(AN)) == 3


@pytest.mark.usefixtures("purse")
async def test_more_than_there_is_cannot_be_held_and_says_what_is_missing(ledger: Ledger) -> None:
    await ledger.deposit(AN, 5, key="order:1")

    with pytest.raises(NotEnoughCredits) as refused:
        await hold(ledger, 2, "one", "two", "three")

    assert (refused.value.cost, refused.value.free) == (6, 5)
    assert await balance(ledger) == (0, 5, 0)


@pytest.mark.usefixtures("purse")
async def test_orders_that_race_for_the_last_credits_never_overdraw_them(ledger: Ledger) -> None:
    await ledger.deposit(AN, 5, key="order:1")

    ends = await asyncio.gather(*(hold(ledger, 2, f"job{n}") for n in range(6)), return_exceptions=True)

    assert sum(isinstance(end, NotEnoughCredits) for end in ends) == 4
    assert await balance(ledger) == (0, 1, 4)


# -- several things in one breath ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("purse")
async def test_a_noun_that_refuses_keeps_the_money_where_it_is(table: Table, ledger: Ledger) -> None:
    await table.write(Create(MARK, {"state": "gone"}))
    line = ledger.line("topup", 5, key="order:1")

    def draft(purse: Purse) -> Draft:
        money = depositing(purse, line)
        return replace(money, also=(*money.also, Check(MARK, {"state": "here"})))

    with pytest.raises(Lost) as lost:
        await ledger.commit(AN, draft)

    assert {position: row and row.text("state") for position, row in lost.value.rows.items()} == {1: "gone"}
    assert await balance(ledger) == (0, 0, 0)
    assert (await ledger.deposit(AN, 5, key="order:1", kind="topup")).already is False


@pytest.mark.usefixtures("purse")
async def test_a_purse_that_was_just_read_may_be_stale_and_nothing_is_lost(ledger: Ledger, purse: Purse) -> None:
    await ledger.deposit(AN, 5, key="order:1")
    line = ledger.line("topup", 7, key="order:2")

    moved = await ledger.commit(AN, lambda now: depositing(now, line), purse)

    assert (moved.before.paid, moved.purse.paid) == (5, 12)
    assert await balance(ledger) == (0, 12, 0)


@pytest.mark.usefixtures("purse")
async def test_a_move_between_two_purses_is_made_in_both_or_in_none(table: Table, ledger: Ledger) -> None:
    await table.write(opening_purse("binh"))
    await ledger.deposit(AN, 5, key="order:1")

    def drafts(credits_: int) -> tuple[Draft, Draft]:
        return Draft((Line("out", f"out:{credits_}", paid=-credits_),)), Draft((Line("in", "in", paid=credits_),))

    purses = [await ledger.purse(AN), await ledger.purse("binh")]
    await ledger.deposit("binh", 1, key="order:2")
    await ledger.commit_all(purses, lambda _: drafts(5))

    assert await balance(ledger) == (0, 0, 0)
    assert await balance(ledger, "binh") == (0, 6, 0)
    with pytest.raises(Corrupt):
        await ledger.commit_all([await ledger.purse(AN), await ledger.purse("binh")], lambda _: drafts(3))
    assert await balance(ledger, "binh") == (0, 6, 0)


@pytest.mark.usefixtures("purse")
async def test_a_freeze_in_the_same_moment_is_seen_by_the_move(ledger: Ledger, purse: Purse) -> None:
    seen: list[bool] = []

    def draft(now: Purse) -> Draft:
        seen.append(now.frozen)
        return depositing(now, ledger.line("topup", 5, key="order:1"))

    await ledger.freeze(AN)
    await ledger.commit(AN, draft, purse)

    assert seen == [False, True]
    assert await balance(ledger) == (0, 5, 0)


@pytest.mark.usefixtures("purse")
async def test_what_arrives_for_a_merged_purse_is_put_into_the_other(table: Table, ledger: Ledger) -> None:
    await table.write(opening_purse("binh"))
    await ledger.deposit(AN, 5, key="order:1")
    await table.write(Change(purse_key(AN), set={"merged_into": "binh"}))

    late = await ledger.deposit(AN, 7, key="order:2")
    replayed = await ledger.deposit(AN, 5, key="order:1")
    await ledger.freeze(AN)

    assert late.purse.person == "binh"
    assert replayed.already
    assert (await ledger.purse("binh")).paid == 7
    assert (await ledger.purse("binh")).frozen


@pytest.mark.usefixtures("purse")
async def test_entries_that_stand_without_their_purse_are_named_and_not_written_over(
    table: Table, ledger: Ledger
) -> None:
    await table.write(Create(Key("USER#an", f"TRANSACTION#{1:012d}"), {"kind": "from nowhere"}))

    with pytest.raises(Corrupt):
        await ledger.deposit(AN, 5, key="order:1")

    assert await kinds(ledger) == ["from nowhere"]
