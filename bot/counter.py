"""The counter: everything that selling takes, as those who answer people and admins need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.texts import Language
from payments.calls import Calls
from payments.cashier import Cashier
from payments.packages import Offer, Package
from payments.reconciler import Reconciler
from payments.refunds import Refunds
from payments.stars import Stars

ONLY_IN: Mapping[str, str] = {"stars": "telegram"}  # tills that are part of a channel


@dataclass(slots=True)
class Counter:
    cashier: Cashier
    refunds: Refunds
    reconciler: Reconciler
    calls: Calls
    offer: Offer
    stars: Stars | None = None
    tills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by channel, where the owner has said so
    base: str = ""  # where people reach our pages; known once the door is open

    def tills_of(self, channel: str) -> list[str]:
        """The ways to pay that a channel offers, the first one first."""
        here = [name for name in self.cashier.tills if ONLY_IN.get(name, channel) == channel]
        return [name for name in self.tills.get(channel, here) if name in here]

    def ways(self, channel: str, package: Package) -> list[str]:
        """Those of them that take the sum of this package."""
        return [name for name in self.tills_of(channel) if self.cashier.tills[name].price(package.vnd)]

    def page(self, ref: str, language: Language = "vi") -> str:
        """Where an order is paid; in the language of the chat, whatever the browser speaks."""
        return f"{self.base}/p/{ref}" if language == "vi" else f"{self.base}/p/{ref}?lang={language}"
