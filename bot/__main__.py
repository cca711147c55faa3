"""The command line: one word, one thing, and one human sentence when something is wrong."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bot import app, books, logs
from bot.doctor import examine
from bot.settings import Settings, read
from core.audit import Report
from core.errors import CannotStart

CLEAN, VIOLATED, CANNOT = 0, 1, 2  # how the process ends


def main() -> None:
    """Read the words, do the thing, end with a number."""
    options = parser().parse_args()
    try:
        sys.exit(options.do(options))
    except CannotStart as reason:
        print(f"imagify: {reason}", file=sys.stderr)
        sys.exit(CANNOT)
    except KeyboardInterrupt:
        sys.exit(130)


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="imagify", description="Words in a chat become pictures.")
    things = words.add_subparsers(required=True, metavar="COMMAND")
    run_ = thing(things, "run", run, "open the house: channels, workers and chores in one process")
    run_.add_argument("--port", type=int, help="the port to listen on (0: any that is free)")
    run_.add_argument("--workers", type=int, help="workers in this process (0: channels only)")
    run_.add_argument("--sandbox", metavar="LIST", help="vendors to play here, like vnpay,telegram; or none")
    audit_ = thing(things, "audit", audit, "prove the ledger; ends with 1 where something does not hold")
    audit_.add_argument("--json", action="store_true", help="for a program to read")
    doctor_ = thing(things, "doctor", doctor, "say what is set, what answers, and how to mend what does not")
    doctor_.add_argument(
        "--ask", action="store_true", help="ask Telegram and VNPAY, over the network, whether they know us"
    )
    backup_ = thing(things, "backup", backup, "copy the home to one place, also while the house is open")
    backup_.add_argument("target", type=Path, help="a folder or a .tar file that does not exist yet")
    restore_ = thing(things, "restore", restore, "put a backup into a home")
    restore_.add_argument("source", type=Path, help="what `imagify backup` made")
    restore_.add_argument("--force", action="store_true", help="replace a home that is there")
    money(things)
    return words


def money(things: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands about payments."""
    recon_ = thing(things, "recon", recon, "a day's payments; ends with 1 where the gateway's list says otherwise")
    recon_.add_argument("day", help="2026-11-21, 21/11/2026, today or yesterday, in Vietnam")
    recon_.add_argument("--theirs", type=Path, help="the gateway's list, a CSV file")
    recon_.add_argument("--out", type=Path, help="where to write ours, as CSV")
    export_ = thing(things, "export", export, "write a day's payments as CSV, for e-invoices")
    export_.add_argument("day", help="2026-11-21, 21/11/2026, today or yesterday, in Vietnam")
    export_.add_argument("--out", type=Path, required=True, help="the file to write")
    thing(things, "void-play", void_play, "take back what was bought at the played till; the house must be shut")


Do = Callable[[argparse.Namespace], int]


def thing(
    things: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, do: Do, says: str
) -> argparse.ArgumentParser:
    """One command; all of them take a home."""
    one = things.add_parser(name, help=says, description=says)
    one.add_argument("--home", type=Path, help="the folder of the embedded house")
    one.set_defaults(do=do)
    return one


def settings_of(options: argparse.Namespace) -> Settings:
    """What was said on the command line goes before the environment."""
    said = {name: getattr(options, name, None) for name in ("home", "port", "workers", "sandbox")}
    return read(**{name: value for name, value in said.items() if value is not None})


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    logs.open_log(secrets_of(settings))
    return asyncio.run(stay(settings))


async def stay(settings: Settings) -> int:
    """Open until someone says stop; then what is being painted is finished."""
    stop = asyncio.Event()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    async with app.open_house(settings) as opened:
        url = f"http://{settings.bind}:{opened.port}"
        print(f"Imagify is open on {url} (home: {settings.home})", flush=True)
        print(f"To own it, open this once in your browser: {url}{opened.owner}", flush=True)
        if opened.till and opened.till.played:
            print(f"VNPAY is played here, without money; its own side: {opened.till.played.control_url}", flush=True)
        if opened.phone:
            print(f"Telegram is played here; a telephone to chat with: {opened.phone}", flush=True)
        await stop.wait()
    return CLEAN


def secrets_of(settings: Settings) -> list[str]:
    """What must never stand in a log."""
    telegram, zalo = settings.telegram, settings.zalo
    hidden = (settings.secret, telegram.token, telegram.secret, zalo.token, zalo.secret, settings.vnpay.secret)
    return [secret.get_secret_value() for secret in hidden]


def told(report: Report) -> str:
    """The proof for a person."""
    counted = f"{report.people} people, {report.entries} entries, {report.jobs} jobs, {report.images} images"
    if report.clean:
        return f"Everything holds: {counted}."
    broken = "\n".join(f"  {one.rule}: {one.where} {one.detail}".rstrip() for one in report.violations)
    return f"{len(report.violations)} things do not hold ({counted}):\n{broken}"


def audit(options: argparse.Namespace) -> int:
    report = asyncio.run(app.audit_home(settings_of(options).home))
    print(json.dumps(report.facts(), ensure_ascii=False) if options.json else told(report))
    return CLEAN if report.clean else VIOLATED


def doctor(options: argparse.Namespace) -> int:
    findings = asyncio.run(examine(settings_of(options), ask=options.ask))
    for finding in findings:
        print(finding)
    return CLEAN if all(finding.well for finding in findings) else VIOLATED


def backup(options: argparse.Namespace) -> int:
    home = settings_of(options).home
    app.backup(home, options.target)
    print(f"The home {home} is copied to {options.target}.")
    return CLEAN


def restore(options: argparse.Namespace) -> int:
    home = settings_of(options).home
    app.restore(options.source, home, force=options.force)
    print(f"{options.source} stands in {home} again.")
    return CLEAN


def recon(options: argparse.Namespace) -> int:
    said, agrees = asyncio.run(books.recon(settings_of(options).home, options.day, options.theirs, options.out))
    print(said)
    return CLEAN if agrees else VIOLATED


def export(options: argparse.Namespace) -> int:
    print(asyncio.run(books.export(settings_of(options).home, options.day, options.out)))
    return CLEAN


def void_play(options: argparse.Namespace) -> int:
    print(asyncio.run(books.void_play(settings_of(options))))
    return CLEAN


if __name__ == "__main__":
    main()
