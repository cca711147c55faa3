"""What the bot's plan at Zalo lets it send, and how much of that is used. Months and days are those of Việt Nam.

Zalo ends everything for a bot that has sent what its plan holds, so it is counted here: what remains at the end of a
month is for pictures and receipts, one person cannot use up what is meant for all, and whoever came when the plan was
full of people is not written to. It is counted as it is sent, so a few that are sent at once may go beyond; Zalo's own
refusal stands behind that.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.channel import NotSent
from bot.replies import Urgency
from bot.vendors import Zalo
from bot.when import local
from core.addresses import digest
from core.alarms import Alarms
from core.clock import DAY, HOUR, SECOND, Clock
from core.inbox import HANDLED
from core.table import Change, Create, Delete, Fields, Key, Refused, Table

FIRST = frozenset({"result", "payment"})  # what the reserve is for
WARNED_AT = 80  # percent
LOOK = 60.0  # seconds between two looks at how much is used
AGAIN = HOUR / SECOND  # seconds after which what is beyond the plan is tried again
PEOPLE = "PEOPLE"


@dataclass(slots=True)
class Meter:
    table: Table
    clock: Clock
    plan: Zalo
    bot: str  # its number: another bot has another plan
    secrets: Sequence[bytes]  # under which chats are counted: who they are stands in no row
    within: set[str] = field(default_factory=set)  # chats that are known to be within the plan

    # -- people -------------------------------------------------------------------------------------------------------

    async def meets(self, chat: str) -> bool:
        """Whether somebody who has written is among those the plan lets us write to. Nobody loses their place."""
        if chat in self.within:
            return True
        if not await self._met(chat):
            if 0 < self.plan.users <= await self.people():
                return False
            met = Create(self._person(chat, self.secrets[0]), {"at": self.clock.now()})
            with suppress(Refused):  # they were met in this very moment
                await self.table.write(met, Change(self._key(PEOPLE), add={"count": 1}, or_create=True))
        self.within.add(chat)
        return True

    async def _met(self, chat: str) -> bool:
        """Under this secret, or an earlier one, from which their place is moved to this one."""
        now, *before = [self._person(chat, secret) for secret in self.secrets]
        if await self.table.get(now):
            return True
        for old in before:
            with suppress(Refused):
                await self.table.write(Delete(old, when={}), Create(now, {"at": self.clock.now()}))
        return bool(before) and await self.table.get(now) is not None

    async def people(self) -> int:
        return await self._count(self._key(PEOPLE))

    # -- messages -----------------------------------------------------------------------------------------------------

    async def take(self, chat: str, urgency: Urgency) -> bool:
        """Room for one more message to a chat; whether it is the last that the person may have today. Raises NotSent.

        A chat that has never written to us is not ours to count: Zalo will not take the message.
        """
        plan, now = self.plan, self.clock.now()
        first = urgency in FIRST
        most = plan.messages - (0 if first else min(plan.reserve, plan.messages))
        if plan.messages and await self.messages() >= most:
            raise NotSent(AGAIN, tried=False)
        today = await self._count(self._day(chat, now))
        if not first and 0 < plan.daily <= today:
            raise NotSent(AGAIN, tried=False)
        if not await self._written_to(chat):
            raise NotSent(AGAIN, tried=False)
        return not first and today + 1 == plan.daily

    async def count(self, chat: str, more: int = 1) -> None:
        """So many have been sent, or may have been."""
        now = self.clock.now()
        gone: Fields = {"shelf": HANDLED, "due": now + 2 * DAY}
        day = Change(self._day(chat, now), set=gone, add={"count": more}, or_create=True)
        await self.table.write(Change(self._month(now), add={"count": more}, or_create=True), day)

    async def messages(self) -> int:
        """Sent this month."""
        return await self._count(self._month(self.clock.now()))

    async def _written_to(self, chat: str) -> bool:
        """Within the plan, or in nobody's book."""
        if chat in self.within or not 0 < self.plan.users <= await self.people():
            return True
        return await self.meets(chat)

    # -- watching -----------------------------------------------------------------------------------------------------

    async def watch(self, alarms: Alarms) -> None:
        """Admins hear of it before it is over, and when it is; once each."""
        while True:
            await self.look(alarms)
            await self.clock.sleep(LOOK)

    async def look(self, alarms: Alarms) -> None:
        month = local(self.clock.now()).strftime("%Y-%m")
        for what, used, most, once in (
            ("messages", await self.messages(), self.plan.messages, month),
            ("people", await self.people(), self.plan.users, str(self.plan.users)),
        ):
            grade = "out" if used >= most else "near" if 100 * used >= WARNED_AT * most else ""
            if most and grade:
                key = f"zalo {self.bot} {what} {grade} {once}"
                await alarms.once(key, f"zalo {what} {grade}", used=used, most=most)

    # -- rows ---------------------------------------------------------------------------------------------------------

    async def _count(self, key: Key) -> int:
        row = await self.table.get(key)
        return row.number("count") if row else 0

    def _month(self, now: int) -> Key:
        return self._key(f"MONTH#{local(now):%Y-%m}")

    def _day(self, chat: str, now: int) -> Key:
        return self._key(f"DAY#{local(now):%Y-%m-%d}#{named(self.secrets[0], chat)}")

    def _person(self, chat: str, secret: bytes) -> Key:
        return self._key(f"PERSON#{named(secret, chat)}")

    def _key(self, name: str) -> Key:
        return Key(f"PLAN#zalo{self.bot}", name)


def named(secret: bytes, chat: str) -> str:
    return digest(secret, f"zalo plan {chat}")
