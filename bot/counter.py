"""The counter: everything that selling takes, as those who answer people and admins need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.texts import Language
from payments.calls import Calls
from payments.cashier import Cashier
from payments.packages import Offer
from payments.reconciler import Reconciler
from payments.refunds import Refunds


@dataclass(slots=True)
class Counter:
    cashier: Cashier
    refunds: Refunds
    reconciler: Reconciler
    calls: Calls
    offer: Offer
    tills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by channel, where the owner has said so
    base: str = ""  # where people reach our pages; known once the door is open

    def tills_of(self, channel: str) -> list[str]:
        """The ways to pay that a channel offers, the first one first."""
        here = self.cashier.tills
        return [name for name in self.tills.get(channel, tuple(here)) if name in here]

    def page(self, ref: str, language: Language = "vi") -> str:
        """Where an order is paid; in the language of the chat, whatever the browser speaks."""
        return f"{self.base}/p/{ref}" if language == "vi" else f"{self.base}/p/{ref}?lang={language}"
