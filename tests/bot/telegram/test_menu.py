"""The menu: who is offered which commands, told once for every change; where it is refused, the bot works without."""

import logging
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from telegram.ext import ApplicationBuilder

from bot.asking import COMMANDS
from bot.telegram.application import build
from bot.telegram.menu import Menu, entries_for, everybodys, in_groups, of_admins
from bot.texts import telegram as texts
from core.addresses import Addresses, Rights
from core.chance import Chance
from core.table import Value
from infra.embedded.table import SqliteTable
from infra.sandbox.telegram import Bot, Played, open_telegram
from tests.bot.telegram.rig import TOKEN
from tests.clocks import SetClock

ADMINS: Mapping[tuple[str, str], Rights] = {("telegram", "101"): "owner", ("zalo", "ab"): "owner"}


class Hall:
    """A bot that is told its menu, as often as a test likes."""

    def __init__(self, played: Played) -> None:
        self.played, self.table, self.clock = played, SqliteTable.inline(":memory:"), SetClock()
        self.alarmed: list[str] = []
        self.bot = build(ApplicationBuilder().token(TOKEN).base_url(f"{played.api_url}/bot")).bot

    async def registers(self, admins: Mapping[tuple[str, str], Rights] | None = None) -> list[Mapping[str, Any]]:
        """Every setMyCommands that it took."""
        before = len(self.played.telegram.called("setMyCommands"))
        addresses = Addresses(self.table, SetClock(), Chance(), (b"a secret",), admins or {})
        await Menu(self.bot, self.table, addresses, self.clock, self.raises).register()
        return [call.params for call in self.played.telegram.called("setMyCommands")][before:]

    async def raises(self, key: str, what: str, **facts: Value) -> bool:
        """As the house's alarms, each key is told once."""
        self.alarmed += [] if key in self.alarmed else [key]
        return bool(what and facts)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    async with open_telegram([Bot(TOKEN)]) as played:
        hall = Hall(played)
        yield hall
        await hall.bot.request.shutdown()
        await hall.table.close()


def test_a_group_is_offered_nothing_private_and_nobody_is_offered_what_only_admins_may() -> None:
    assert {one.name for one in in_groups()} < {one.name for one in everybodys()}
    assert not any(one.private for one in in_groups())
    assert all(one.rights == "none" for one in everybodys())


def test_a_group_is_offered_what_it_is_for() -> None:
    assert [one.name for one in in_groups()] == ["imagine", "help"]


def test_a_moderator_is_offered_less_than_an_owner() -> None:
    moderators, owners = ({one.name for one in of_admins(rights)} for rights in ("moderator", "owner"))

    assert moderators < owners
    assert "grant" in owners - moderators


def test_everything_that_is_offered_is_as_telegram_wants_it() -> None:
    for entry in entries_for([(101, "owner")]):
        assert 0 < len(entry.commands) <= 100
        for name, does in entry.commands:
            assert re.fullmatch("[a-z0-9_]{1,32}", name), name
            assert 0 < len(does) <= 256, name
            assert COMMANDS[name].does == {**(COMMANDS[name].does or {}), entry.language: does}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_bot_introduces_itself_within_telegrams_bounds(language: str) -> None:
    assert len(texts.DESCRIPTION[language]) <= 512  # type: ignore[index]  # same
    assert len(texts.SHORT[language]) <= 120  # type: ignore[index]  # same


async def test_every_scope_is_told_in_both_languages(hall: Hall) -> None:
    await hall.played.telegram.person(101, "An").starts()

    told = await hall.registers(ADMINS)

    scopes = [(params["scope"], params.get("language_code", "")) for params in told]
    assert len(set(scopes)) == len(scopes) == 6
    assert sum('"chat_id": 101' in scope for scope, _ in scopes) == 2
    assert len(hall.played.telegram.called("setMyDescription")) == 2
    assert len(hall.played.telegram.called("setMyShortDescription")) == 2


async def test_what_has_not_changed_is_not_told_again(hall: Hall) -> None:
    first, again = await hall.registers(), await hall.registers()

    assert (len(first), len(again)) == (4, 0)


async def test_only_what_has_changed_is_told_anew(hall: Hall) -> None:
    await hall.registers()
    before = len(hall.played.telegram.calls)
    await hall.played.telegram.person(101, "An").starts()

    told = await hall.registers(ADMINS)

    assert ["chat" in str(params["scope"]) and "101" in str(params["scope"]) for params in told] == [True, True]
    assert [call.method for call in hall.played.telegram.calls][before:].count("setMyDescription") == 0


async def test_what_is_refused_is_named_and_passed_over(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    faults = hall.played.telegram.faults
    faults.set("unknown", method="setMyDescription", times=2)
    faults.set("refusal", method="setMyCommands", times=1, words="chat not found")

    told = await hall.registers(ADMINS)

    assert len(told) == 6
    assert len(hall.played.telegram.called("setMyShortDescription")) == 2
    assert {record.levelno for record in caplog.records if record.name == "bot.telegram.menu"} == {logging.WARNING}
    assert TOKEN not in caplog.text


async def test_what_is_never_taken_is_given_up_with_one_line_each_and_an_alarm(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.played.telegram.faults.set("error", method="setMyDescription")

    await hall.registers()
    await hall.registers()

    lines = [record.message for record in caplog.records if record.name == "bot.telegram.menu"]
    assert lines == ["Telegram does not take the description in vi", "Telegram does not take the description in en"] * 2
    assert [key.split()[1] for key in hall.alarmed] == ["setMyDescription"] * 2
    assert len(hall.played.telegram.called("setMyCommands")) == 4


async def test_a_wait_is_kept_and_then_it_is_told(hall: Hall) -> None:
    hall.played.telegram.faults.set("flood", method="setMyCommands", times=1, seconds=86_400)

    told = await hall.registers()

    assert hall.clock.slept == [86_400]
    assert (len(told), hall.alarmed) == (5, [])


async def test_an_admin_who_never_wrote_to_us_is_no_alarm(hall: Hall) -> None:
    await hall.registers(ADMINS)

    assert hall.alarmed == []
