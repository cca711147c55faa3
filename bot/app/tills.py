"""The till of a house: VNPAY with a terminal of its own, or the whole gateway played."""

import hmac
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.settings import Settings
from core.errors import CannotStart
from core.play import mark_played, was_played
from core.ports import Wing
from infra.sandbox.vnpay import Played, open_vnpay
from infra.sandbox.vnpay import Terminal as PlayedTerminal
from payments.vnpay import Terminal
from payments.vnpay_client import Vnpay


@dataclass(frozen=True, slots=True)
class OpenTill:
    """VNPAY as this house has it: a terminal of its own, or the whole gateway played."""

    terminal: Terminal
    vnpay: Vnpay
    played: Played | None = None

    def listen(self, url: str) -> None:
        """A real terminal is told by hand where to call; the played one hears it from us."""
        if self.played:
            self.played.gateway.set_ipn_url(self.terminal.code, url)


@asynccontextmanager
async def open_till(settings: Settings, wing: Wing) -> AsyncIterator[OpenTill | None]:
    """VNPAY, or the played one; none where neither is set up."""
    async with AsyncExitStack() as closing:
        played = None
        if "vnpay" in settings.plays:
            played = await closing.enter_async_context(open_vnpay([played_terminal(wing)]))
        if played is None and not settings.vnpay.tmn_code:
            yield None
            return
        terminal = terminal_of(settings, wing, played)
        vnpay = Vnpay(terminal, wing.ports.clock, wing.ports.chance, ip=settings.vnpay.ip)
        closing.push_async_callback(vnpay.close)
        yield OpenTill(terminal, vnpay, played)


def played_terminal(wing: Wing) -> PlayedTerminal:
    """With a key of this home's own, so that no page of another house is believed here."""
    key = hmac.digest(wing.secret.encode(), b"the played till", "sha256").hex()[:32].upper()
    return PlayedTerminal("PLAYED01", key)


def terminal_of(settings: Settings, wing: Wing, played: Played | None) -> Terminal:
    if played:
        own = played_terminal(wing)
        return Terminal(own.code, own.secret, played.pay_url, played.api_url)
    vnpay = settings.vnpay
    return Terminal(vnpay.tmn_code, vnpay.secret.get_secret_value(), vnpay.pay_url, vnpay.api_url)


async def refuse_played_credits(wing: Wing, settings: Settings) -> None:
    """Credits that were bought with nothing buy no real pictures and are paid back with no real money."""
    if "vnpay" in settings.plays:
        await mark_played(wing.ports.table)
    elif settings.vnpay.tmn_code and await was_played(wing.ports.table):
        raise CannotStart(
            f"The home {settings.home} has credits from the played till, so it does not open with real keys: "
            f"run `imagify void-play --home {settings.home}` once, which voids them, or choose another home."
        )
