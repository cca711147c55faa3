"""Listening: asked and confirmed in good order, one process at a time, patient with whatever Telegram answers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.telegram import WEBHOOK
from bot.telegram.listening import ANOTHER, LONGEST_PAUSE, POLLER, SILENT, UNKNOWN, WHILE_UNKNOWN, Listening
from core.clock import SECOND
from core.leases import Leases
from core.table import TableUnavailable
from infra.sandbox.telegram import Bot, Played, open_telegram
from tests.bot.telegram.rig import SECRET, TOKEN, Desk, a_desk
from tests.clocks import SetClock


class Ear:
    """Somebody who listens for a desk; pauses are over at once and noted."""

    def __init__(self, desk: Desk, played: Played, *, webhook: bool = False, holder: str = "one") -> None:
        self.desk, self.played = desk, played
        ports = desk.house.ports
        desk.inlet.me = None
        self.clock = SetClock(ports.clock.now())
        self.noted = 0
        desk.inlet.note = self._note
        self.listening = Listening(
            inlet=desk.inlet,
            leases=Leases(ports.table, self.clock, holder),
            clock=self.clock,
            chance=ports.chance,
            commands=frozenset({"imagine"}),
            public_url=desk.url if webhook else "",
            secret=SECRET,
        )

    def _note(self) -> None:
        self.noted += 1

    def called(self, method: str) -> int:
        return len(self.played.telegram.called(method))

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Looked at whenever Telegram has something new to show."""
        async with asyncio.timeout(10):
            while not await holds():
                stirred = self.played.telegram.stirred
                stirred.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await stirred.wait()

    async def hears(self, *texts: str, chat: int = 101) -> None:
        async def heard() -> bool:
            return [one.text for one in await self.desk.waiting(chat)] == list(texts)

        await self.until(heard)


@asynccontextmanager
async def an_ear(home: Path, *, webhook: bool = False, token: str = TOKEN) -> AsyncIterator[Ear]:
    async with open_telegram([Bot(token)]) as played, a_desk(home, played.api_url) as desk:
        yield Ear(desk, played, webhook=webhook)


@asynccontextmanager
async def open_(ear: Ear) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(ear.listening.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


# --- asking


async def test_what_was_said_while_we_were_away_is_heard_too(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as ear:
        an = ear.played.telegram.person(101, "An")
        await an.says("một")
        await an.says("hai")

        async with open_(ear):
            await ear.hears("một", "hai")
            await an.says("ba")
            await ear.hears("một", "hai", "ba")

        dropped = [call.params.get("drop_pending_updates") for call in ear.played.telegram.called("deleteWebhook")]
        assert dropped == ["false"]


async def test_nothing_is_confirmed_before_all_of_it_is_kept(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as ear:
        an = ear.played.telegram.person(101, "An")
        await an.says("một")
        keep = ear.desk.house.inbox.keep

        async def fails(*_: object, **__: object) -> bool:
            raise TableUnavailable("the disk is full")

        ear.desk.house.inbox.keep = fails  # type: ignore[method-assign]  # a disk that has become full
        with pytest.raises(ExceptionGroup) as failed:
            await ear.listening.run()
        assert failed.group_contains(TableUnavailable)
        assert ear.listening.offset == 0

        ear.desk.house.inbox.keep = keep  # type: ignore[method-assign]  # and has room again
        async with open_(ear):
            await ear.hears("một")


async def test_an_update_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as ear:
        an = ear.played.telegram.person(101, "An")
        robot = next(iter(ear.played.telegram.world.robots.values()))
        robot.updates.tell("message", {"message_id": "not a number"}, "chat 101", 101)
        await an.says("hai")

        async with open_(ear):
            await ear.hears("hai")

        assert ear.desk.counted("unreadable") == 1


async def test_one_process_asks_at_a_time_and_the_other_takes_over(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as one:
        two = Ear(one.desk, one.played, holder="two")
        an = one.played.telegram.person(101, "An")
        async with open_(one):
            await an.says("một")
            await one.hears("một")
            assert await two.listening.leases.take(POLLER, 90 * SECOND) is None

        async with open_(two):
            await an.says("hai")
            await two.hears("một", "hai")


# --- patience


async def test_a_token_that_telegram_does_not_know_is_said_in_one_sentence_and_the_house_stays_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_ear(tmp_path, token="999:another") as ear, open_(ear) as task:
        await ear.until(slept(ear, 3))
        assert not task.done()

    assert ear.clock.slept[0] == WHILE_UNKNOWN
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [UNKNOWN]
    assert TOKEN not in caplog.text


def called(ear: Ear, method: str, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def so_often() -> bool:
        return ear.called(method) >= times

    return so_often


def slept(ear: Ear, times: int) -> Callable[[], Awaitable[bool]]:
    async def so_often() -> bool:
        return len(ear.clock.slept) >= times

    return so_often


async def test_somebody_else_with_our_token_is_named_and_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_ear(tmp_path) as ear:
        ear.played.telegram.faults.set("error", method="getUpdates", times=2, code=409)
        an = ear.played.telegram.person(101, "An")
        await an.says("một")

        async with open_(ear):
            await ear.hears("một")

    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [ANOTHER]
    assert len(ear.clock.slept) == 2


@pytest.mark.parametrize("kind", ["error", "reset_before", "reset_after", "torn"])
async def test_whatever_goes_wrong_with_a_question_it_is_asked_again(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_ear(tmp_path) as ear:
        ear.played.telegram.faults.set(kind, method="getUpdates", times=3)
        await ear.played.telegram.person(101, "An").says("một")

        async with open_(ear):
            await ear.hears("một")

    assert max(ear.clock.slept) <= LONGEST_PAUSE
    assert SILENT in caplog.text
    assert TOKEN not in caplog.text


async def test_telegrams_own_pause_is_kept(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as ear:
        ear.played.telegram.faults.set("flood", method="getUpdates", times=1, seconds=17)
        await ear.played.telegram.person(101, "An").says("một")

        async with open_(ear):
            await ear.hears("một")

    assert ear.clock.slept == [17]


@pytest.mark.parametrize("method", ["deleteWebhook", "setWebhook"])
async def test_a_look_alike_without_a_method_is_listened_to_all_the_same(method: str, tmp_path: Path) -> None:
    async with an_ear(tmp_path, webhook=method == "setWebhook") as ear:
        ear.played.telegram.faults.set("error", method=method, times=9, code=404)

        async with open_(ear):
            if method == "setWebhook":
                await ear.until(called(ear, "getWebhookInfo"))
            else:
                await ear.played.telegram.person(101, "An").says("một")
                await ear.hears("một")


async def test_a_question_that_hangs_is_torn_and_asked_anew(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as ear:
        ear.listening.hangs_after = 0.1
        ear.played.telegram.faults.set("timeout_before", method="getUpdates", times=1, seconds=60)
        await ear.played.telegram.person(101, "An").says("một")

        async with open_(ear):
            await ear.hears("một")

    assert len(ear.clock.slept) >= 1


# --- being called


async def test_telegram_is_told_where_to_call_and_what_to_show(tmp_path: Path) -> None:
    async with an_ear(tmp_path, webhook=True) as ear:
        an = ear.played.telegram.person(101, "An")
        await an.says("một")

        async with open_(ear):
            await ear.hears("một")
            await an.says("hai")
            await ear.hears("một", "hai")

        [told] = ear.played.telegram.called("setWebhook")
        assert (told.params["url"], told.params["secret_token"]) == (f"{ear.desk.url}{WEBHOOK}", SECRET)
        assert "drop_pending_updates" not in told.params


async def test_a_webhook_of_before_is_taken_away_when_we_ask_instead(tmp_path: Path) -> None:
    async with an_ear(tmp_path) as ear:
        await ear.played.telegram.call(TOKEN, "setWebhook", {"url": "http://127.0.0.1:9/elsewhere"})
        await ear.played.telegram.person(101, "An").says("một")

        async with open_(ear):
            await ear.hears("một")

    assert ear.desk.inlet.me
    assert ear.desk.inlet.me.username == "imagify_bot"


async def test_a_webhook_that_calls_us_is_heard_and_one_that_calls_somebody_else_is_not(tmp_path: Path) -> None:
    async with an_ear(tmp_path, webhook=True) as ear, open_(ear):
        await ear.until(called(ear, "getWebhookInfo", 2))
        assert ear.noted > 0

        await ear.played.telegram.call(TOKEN, "setWebhook", {"url": "http://127.0.0.1:9/elsewhere"})
        looked = ear.called("getWebhookInfo")
        await ear.until(called(ear, "getWebhookInfo", looked + 1))
        heard = ear.noted
        await ear.until(called(ear, "getWebhookInfo", looked + 9))

        assert ear.noted == heard
