"""The command line and the books: a day's payments beside the gateway's list, a day for invoices, voiding play."""

from pathlib import Path

from bot import app
from bot.settings import Settings
from bot.when import day_named, second_of, written
from core.errors import CannotStart
from payments.orders import Order
from payments.recon import COLUMNS, INVOICED, Comparison, Day, Sum, Theirs, UnreadableList, compare, exported, read_list


async def recon(settings: Settings, word: str, theirs: Path | None, out: Path | None) -> tuple[str, bool]:
    """What is to be said of a day, and whether it agrees with the gateway's list of it, where there is one."""
    day = day_of(word)
    ours = await app.paid_in(settings, day)
    lines = [told(day, Day.of(ours))]
    if out:
        lines.append(wrote(out, text_of(ours, COLUMNS)))
    compared = compare([order for order in ours if not order.play], listed(theirs)) if theirs else None
    lines += differences(compared) if compared else []
    return "\n".join(lines), compared is None or compared.clean


async def export(settings: Settings, word: str, out: Path) -> str:
    """A day's payments as a file that e-invoices are made from."""
    orders = await app.paid_in(settings, day_of(word))
    return f"{len(orders)} orders. {wrote(out, text_of(orders, INVOICED))}"


async def void_play(settings: Settings) -> str:
    voided, closed = await app.void_played(settings)
    held = f" {voided.held} credits are held for what is still under way, and stay." if voided.held else ""
    return (
        f"Play is voided: {voided.credits} credits of {voided.people} people, and {closed} open orders closed.{held} "
        f"The home {settings.home} opens with real keys now."
    )


def day_of(word: str) -> str:
    try:
        return day_named(word, app.now())
    except ValueError:
        raise CannotStart(f"{word!r} is no day: write 2026-11-21, 21/11/2026, today or yesterday.") from None


def told(day: str, one: Day) -> str:
    played = f"; besides, {added(one.played)} of play money" if one.played.count else ""
    return f"{written(day, 'en')}: {added(one.paid)}; paid back or on the way: {added(one.back)}{played}."


def added(sum_: Sum) -> str:
    return f"{sum_.count} orders, {sum_.vnd:,} VND, {sum_.credits} credits"


def text_of(orders: list[Order], columns: tuple[str, ...]) -> str:
    return exported(orders, lambda at: second_of(at, "en"), columns)


def wrote(out: Path, text: str) -> str:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"{out} cannot be written: {(error.strerror or str(error)).lower()}.") from error
    return f"Written to {out}."


def listed(theirs: Path) -> list[Theirs]:
    try:
        return read_list(theirs.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CannotStart(f"{theirs} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except (UnreadableList, UnicodeDecodeError):
        raise CannotStart(
            f"{theirs} is no list of payments: its first line names the columns, an order code or a number and a sum."
        ) from None


def differences(one: Comparison) -> list[str]:
    """The counts, and everything that does not match."""
    counts = f"{len(one.matched)} match, {len(one.only_ours)} only ours, {len(one.only_theirs)} only theirs"
    return [
        f"Beside their list: {counts}, {len(one.differ)} with another amount.",
        *(f"  only ours: {order.ref} {order.vnd}" for order in one.only_ours),
        *(f"  only theirs: {theirs.ref or theirs.number} {theirs.vnd}" for theirs in one.only_theirs),
        *(f"  differs: {order.ref} ours {order.vnd}, theirs {theirs.vnd}" for order, theirs in one.differ),
    ]
