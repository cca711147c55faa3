"""The command line: one word, one thing, and one human sentence when something is wrong."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bot import app, books, logs
from bot.doctor import examine
from bot.settings import Settings, read
from core.audit import Report
from core.errors import CannotStart
from core.moving import Moved
from core.table import TableUnavailable

WITH = "The secret is in it, in clear: whoever has the copy can open every chat and picture."
WITHOUT = "The secret is not in it: keep the file SECRET elsewhere, for a restore asks for it."
CLEAN, VIOLATED, CANNOT = 0, 1, 2  # how the process ends


def main() -> None:
    """Read the words, do the thing, end with a number."""
    options = parser().parse_args()
    os.umask(0o077)  # what a house keeps is for its owner alone
    try:
        sys.exit(options.do(options))
    except (CannotStart, TableUnavailable) as reason:
        print(f"imagify: {str(reason).rstrip('.')}.", file=sys.stderr)
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
    run_.set_defaults(stays=stay)
    work_ = thing(things, "work", run, "workers alone, beside others of the same house on AWS")
    work_.add_argument("--port", type=int, help="the port of the probes (0: any that is free)")
    work_.add_argument("--workers", type=int, help="workers in this process")
    work_.set_defaults(stays=work)
    audit_ = thing(things, "audit", audit, "prove the ledger; ends with 1 where something does not hold")
    audit_.add_argument("--json", action="store_true", help="for a program to read")
    doctor_ = thing(things, "doctor", doctor, "say what is set, what answers, and how to mend what does not")
    doctor_.add_argument(
        "--ask", action="store_true", help="ask Telegram, Zalo and VNPAY, over the network, whether they know us"
    )
    backup_ = thing(things, "backup", backup, "copy the home to one place, also while the house is open")
    backup_.add_argument("target", type=Path, help="a folder or a .tar file that does not exist yet")
    backup_.add_argument("--without-secret", action="store_true", help="leave the secret out; keep it elsewhere")
    restore_ = thing(things, "restore", restore, "put a backup into a home")
    restore_.add_argument("source", type=Path, help="what `imagify backup` made")
    restore_.add_argument("--force", action="store_true", help="replace a home that is there")
    thing(things, "accept", accept, "go on with a home as it stands, whatever it has lost")
    migrate_ = thing(things, "migrate", migrate, "move the home to AWS; it is shut meanwhile, and afterwards")
    migrate_.add_argument("--undo", action="store_true", help="open the home again, also in the middle of a move")
    migrate_.add_argument("--secret", action="store_true", help="print the secret that must be set on AWS")
    thing(things, "redrive", redrive, "let tickets ring again that the queue has put aside")
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
    return int(asyncio.run(options.stays(settings)))


async def work(settings: Settings) -> int:
    """Paint until someone says stop; then what is being painted is finished."""
    stop = stopping()
    async with app.open_workshop(settings) as opened:
        print(f"{settings.workers} workers paint; probes on http://{settings.bind}:{opened.port}/healthz", flush=True)
        await stop.wait()
    return CLEAN


def stopping() -> asyncio.Event:
    """Set by whoever says stop."""
    stop = asyncio.Event()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    return stop


async def stay(settings: Settings) -> int:
    """Open until someone says stop; then what is being painted is finished."""
    stop = stopping()
    async with app.open_house(settings) as opened:
        url = f"http://{settings.bind}:{opened.port}"
        print(f"Imagify is open on {url} (home: {settings.home})", flush=True)
        print(f"To own it, open this once in your browser: {url}{opened.owner}", flush=True)
        if opened.till and opened.till.played:
            print(f"VNPAY is played here, without money; its own side: {opened.till.played.control_url}", flush=True)
        if opened.phone:
            print(f"Telegram is played here; a telephone to chat with: {opened.phone}", flush=True)
        if opened.zalo:
            print(f"Zalo is played here; a telephone to chat with: {opened.zalo}", flush=True)
        if opened.both:
            print(f"Both telephones side by side: {opened.both}", flush=True)
        await stop.wait()
    return CLEAN


def secrets_of(settings: Settings) -> list[str]:
    """What must never stand in a log."""
    telegram, zalo = settings.telegram, settings.zalo
    hidden = (
        settings.secret,
        *settings.secrets_before,
        telegram.token,
        telegram.secret,
        zalo.token,
        zalo.secret,
        settings.vnpay.secret,
    )
    return [secret.get_secret_value() for secret in hidden]


def told(report: Report) -> str:
    """The proof for a person."""
    counted = f"{report.people} people, {report.entries} entries, {report.jobs} jobs, {report.images} images"
    if report.clean:
        return f"Everything holds: {counted}."
    broken = "\n".join(f"  {one.rule}: {one.where} {one.detail}".rstrip() for one in report.violations)
    return f"{len(report.violations)} things do not hold ({counted}):\n{broken}"


def audit(options: argparse.Namespace) -> int:
    report = asyncio.run(app.audit_house(settings_of(options)))
    print(json.dumps(report.facts(), ensure_ascii=False) if options.json else told(report))
    return CLEAN if report.clean else VIOLATED


def doctor(options: argparse.Namespace) -> int:
    findings = asyncio.run(examine(settings_of(options), ask=options.ask))
    for finding in findings:
        print(finding)
    return CLEAN if all(finding.well for finding in findings) else VIOLATED


def backup(options: argparse.Namespace) -> int:
    home = home_of(options)
    app.backup(home, options.target, secret=not options.without_secret)
    print(f"The home {home} is copied to {options.target}. {WITHOUT if options.without_secret else WITH}")
    return CLEAN


def restore(options: argparse.Namespace) -> int:
    home = home_of(options)
    app.restore(options.source, home, force=options.force)
    print(f"{options.source} stands in {home} again.")
    if not app.has_secret(home):
        print(f"There was no secret in it: put the file SECRET back into {home} before the house opens.")
    return CLEAN


def accept(options: argparse.Namespace) -> int:
    home = home_of(options)
    asyncio.run(app.accept_home(home))
    print(f"The home {home} is taken as it stands, and what it had lost stays lost: see `imagify audit --home {home}`.")
    return CLEAN


def migrate(options: argparse.Namespace) -> int:
    if options.secret:
        return show_secret(options)
    if options.undo:
        return undo_migrate(options)
    settings = settings_of(options)
    moved = asyncio.run(app.migrate(settings))
    if moved.differences:
        print(f"All is carried, and the two sides differ ({'; '.join(moved.differences)}): the house there stays shut.")
        return VIOLATED
    print(f"{told_of_move(moved)} The home {settings.home} stays shut; `imagify run` opens the house on AWS.")
    return CLEAN


def told_of_move(moved: Moved) -> str:
    if moved.report is None:
        return "The house had arrived before, so nothing was carried."
    return (
        f"The house has moved: {moved.rows} rows and {moved.blobs} files, the same on both sides. {told(moved.report)}"
    )


def undo_migrate(options: argparse.Namespace) -> int:
    home = only_home(options)
    place = asyncio.run(app.undo_migrate(home))
    print(f"The home {home} opens again. What stands in {place} already stays there: let nobody open it.")
    return CLEAN


def show_secret(options: argparse.Namespace) -> int:
    """On a terminal alone: in a pipe or a file it would lie about for others to find."""
    if not sys.stdout.isatty():
        raise CannotStart("A secret is printed on a terminal only.")
    secret = asyncio.run(app.secret_of(only_home(options)))
    print(
        "Whoever has this line can open every chat and picture of this house. Set it where the house", file=sys.stderr
    )
    print("on AWS reads its settings, as a secret, and keep it nowhere else:", file=sys.stderr)
    print(f"IMAGIFY_SECRET={secret}")
    return CLEAN


def only_home(options: argparse.Namespace) -> Path:
    """Where nothing else of the settings matters, a secret that is not set yet is no hindrance."""
    said = {"home": options.home} if options.home else {}
    return read(**said, secret="of no use here").home  # noqa: S106 - no secret, but the lack of one


def home_of(options: argparse.Namespace) -> Path:
    """Of what is copied as one folder."""
    settings = settings_of(options)
    if settings.on_aws:
        raise CannotStart(
            "IMAGIFY_AWS__TABLE is set, and AWS keeps its own copies (point-in-time recovery of the table, versions of "
            "the bucket): backup and restore are for an embedded home."
        )
    return settings.home


def redrive(options: argparse.Namespace) -> int:
    print(f"{asyncio.run(app.redrive(settings_of(options)))} tickets ring again.")
    return CLEAN


def recon(options: argparse.Namespace) -> int:
    said, agrees = asyncio.run(books.recon(settings_of(options), options.day, options.theirs, options.out))
    print(said)
    return CLEAN if agrees else VIOLATED


def export(options: argparse.Namespace) -> int:
    print(asyncio.run(books.export(settings_of(options), options.day, options.out)))
    return CLEAN


def void_play(options: argparse.Namespace) -> int:
    print(asyncio.run(books.void_play(settings_of(options))))
    return CLEAN


if __name__ == "__main__":
    main()
