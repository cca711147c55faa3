"""Every storm at full size: ./dev storm [--only NAME ...] [--seed N] [--quick]

Prints what each came to, and what was wrong together with the seed that tells it again; ends with 1 if anything was.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter

from infra.aws.call import Place
from tests.servers import Missing, Server, dynoxide, ministack
from tests.storms import (
    besieged,
    billing,
    chat,
    cut,
    flips,
    flood,
    flood_loopback,
    kill_house,
    kill_sqlite,
    kill_telegram,
    kill_till,
    kill_zalo,
    leaps,
    links,
    lockstep,
    quota,
    quota_loopback,
    till_crash,
    till_mutants,
)
from tests.storms import ipn as ipn_storm
from tests.storms.crash import SHAPES, SWEPT, Tally, die_at, die_by_lot, length
from tests.storms.mutants import MUTANTS, Hunt, hunted_by_number
from tests.storms.sizes import QUICK, Found, Size
from tests.storms.together import side_by_side

REPLAYED = 20
IPN_TABLES: Mapping[str, Server[Place] | None] = {"SQLite": None, "dynoxide": dynoxide, "ministack": ministack}


# -- on virtual time ------------------------------------------------------------------------------------------------


def points(size: Size, _: int) -> Found:
    """One death at every single point of a few stories."""
    found = Found()
    for name in ("embedded", "scaled out"):
        deaths = [(own, name, point) for own in SWEPT for point in every_point(own, name, size.step)]
        tally = Tally().add(side_by_side(die_at, deaths))
        told(found, f"{name}: every {'single' if size.step == 1 else f'{size.step}th'} point", tally)
    return found


def every_point(seed: int, name: str, step: int) -> range:
    return range(1, length(seed, SHAPES[name]) + 1, step)


def seeds(size: Size, seed: int) -> Found:
    """Several deaths by lot, in any weather, in any shape."""
    found = Found()
    told(found, "random seeds", Tally().add(side_by_side(die_by_lot, range(seed, seed + size.seeds))))
    return found


def replay(_: Size, seed: int) -> Found:
    """The same seed once more, in another process: equal to the last point."""
    found, again = Found(), range(seed, seed + REPLAYED)
    first, second = [dict(side_by_side(die_by_lot, again, together)) for together in (1, REPLAYED)]
    found.wrong += [f"{name} did not replay" for name in first if first[name] != second[name]]
    found.say("seeds told twice", len(first))
    found.say("different", len(found.wrong))
    return found


def told(found: Found, what: str, tally: Tally) -> None:
    found.say(what, tally.runs)
    found.say("kills", tally.kills)
    found.say("points passed", tally.points)
    found.say("violations", tally.violations)
    found.say("stuck", tally.stuck)
    found.say("orphans", tally.orphans)
    found.say("extra paid calls", tally.extra)
    found.say("most in a run beyond its kills", tally.beyond)
    found.say("calls the painter spoiled himself", tally.spoiled)
    found.say("words laid aside after three lonely deaths", tally.laid_aside)
    found.say("jobs", ", ".join(f"{count:,} {state}" for state, count in sorted(tally.jobs.items())))
    found.wrong += tally.named


def time(size: Size, seed: int) -> Found:
    """Clocks that leap by a second or by 400 days, and do not agree; each story told with right clocks, too."""
    summary = leaps.Summary().add(side_by_side(leaps.told, range(seed, seed + size.leaping)))
    found = Found(wrong=summary.named)
    found.say("seeds, each told twice", summary.runs)
    found.say("leaps", summary.leaps)
    found.say("seconds that somebody waited at most for a picture, with right clocks", f"{summary.honest:.1f}")
    found.say("and with leaping ones", f"{summary.leaping:.1f}")
    found.say("stories in which something was wrong", summary.wrong)
    return found


def mutants(size: Size, seed: int) -> Found:
    """Guards removed together must be missed by somebody."""
    work = partial(hunted_by_number, most=size.hunts, first=seed)
    return hunted_down(list(side_by_side(work, range(len(MUTANTS)), together=1)))


def hunted_down(hunts: Sequence[Hunt]) -> Found:
    found = Found()
    for hunt in hunts:
        found.say(f"{hunt.rule} ({hunt.lost})", outcome(hunt))
    killed = sum(hunt.killed for hunt in hunts)
    found.say("mutants killed", f"{killed} of {len(hunts)}")
    found.wrong += [f"nobody missed: {hunt.rule}" for hunt in hunts if not hunt.killed]
    return found


def outcome(hunt: Hunt) -> str:
    return f"seed {hunt.seed}: {hunt.wrong[:70]}" if hunt.killed else "survived"


def flooded(size: Size, seed: int) -> Found:
    """Many watch their pictures being painted, and Telegram keeps telling them to wait."""
    return told_flood(flood.run(size.watching, seed))


def told_flood(report: flood.Report) -> Found:
    found = Found(wrong=report.wrong)
    found.say("chats that watch", report.chats)
    found.say("of them together at most", report.at_once)
    found.say("results", report.results)
    found.say("lost", len(report.lost))
    found.say("calls answered 429, of up to a minute", report.told_to_wait)
    found.say("calls while a chat was to be left alone", report.ignored)
    found.say("new messages instead of an edit", len(report.anew))
    found.say("edits of progress", report.edits)
    found.say("the most calls in a second", report.most_in_a_second)
    found.say("seconds a result waited, half of them less than", f"{report.usual:.1f}")
    found.say("seconds a result waited at most", f"{report.longest:.1f}")
    return found


def quotas(size: Size, seed: int) -> Found:
    """How well a vendor's two calls a second are spent by two workers, and who waits for whom."""
    found = Found()
    for name, report in side_by_side(partial(quota.run, pictures=size.backlog, seed=seed), quota.RUNS, together=1):
        found.say(f"{name}: {quota.RUNS[name]}", report.jobs.total())
        found.lines += report.lines()
        found.wrong += [f"{name}: {wrong}" for wrong in report.wrong(name)]
    return found


# -- at the till ----------------------------------------------------------------------------------------------------


def till_points(size: Size, _: int) -> Found:
    """One death at every single point of a few stories of money."""
    found = Found()
    deaths = [
        (story, point) for story in till_crash.SWEPT for point in range(1, till_crash.length(story) + 1, size.step)
    ]
    told_till(found, "single points", till_crash.Tally().add(side_by_side(till_crash.die_at, deaths)))
    return found


def till_seeds(size: Size, seed: int) -> Found:
    """Several deaths by lot while people pay and are paid back; the first of them told twice."""
    found, lots = Found(), range(seed, seed + size.seeds)
    told_till(found, "random seeds", till_crash.Tally().add(side_by_side(till_crash.die_by_lot, lots)))
    again = range(seed, seed + REPLAYED)
    first, second = [dict(side_by_side(till_crash.die_by_lot, again, together)) for together in (1, REPLAYED)]
    found.wrong += [f"{name} did not replay" for name in first if first[name] != second[name]]
    found.say("seeds told twice", len(first))
    return found


def till_silence(size: Size, seed: int) -> Found:
    """Every notice of every payment is lost."""
    found, lots = Found(), range(seed, seed + size.silences)
    told_till(found, "storms in silence", till_crash.Tally().add(side_by_side(till_crash.in_silence, lots)))
    return found


def told_till(found: Found, what: str, tally: till_crash.Tally) -> None:
    found.say(what, tally.runs)
    found.say("kills", tally.kills)
    found.say("points passed", tally.points)
    found.say("violations", tally.violations)
    found.say("orders", ", ".join(f"{count:,} {state}" for state, count in sorted(tally.orders.items())))
    found.say("of them paid late", tally.late)
    found.say("paid twice for one wish, and said so", tally.double)
    found.say("refunds the gateway took", tally.refunds)
    found.say("questions to the gateway, none too soon", tally.queries)
    found.say("asked about by an admin, after a failure or a suspicion", tally.rechecked)
    found.wrong += tally.named


def mutants_of_the_till(size: Size, seed: int) -> Found:
    """Guards of the till removed must be missed by somebody."""
    work = partial(till_mutants.hunted_by_number, most=size.hunts, first=seed)
    return hunted_down(list(side_by_side(work, range(len(till_mutants.TILL_MUTANTS)), together=1)))


def ipn(size: Size, seed: int) -> Found:
    """Every order told as paid by many calls at once, among lies, on each table."""
    found = Found()
    for name, where in IPN_TABLES.items():
        report = asyncio.run(ipn_storm.on_the_wall(where, size.orders, size.copies, seed))
        found.say(f"{name}: {size.orders} orders x {size.copies} calls, with the lies", report.calls)
        found.say("deposits", report.deposits.total())
        found.say("orders that a query was quickest with", report.by_query)
        found.say("calls answered 99 and made again", report.again)
        found.say("calls answered a second", round(report.calls / report.seconds))
        found.wrong += report.wrong
    return found


# -- for real -------------------------------------------------------------------------------------------------------


def flooded_on_loopback(size: Size, seed: int) -> Found:
    """The same over real sockets, twenty times as fast as the wall's time."""
    return told_flood(flood_loopback.run(size.listening, seed))


def quota_on_loopback(size: Size, seed: int) -> Found:
    """A quota spent second by second by two workers on the AWS wing, and who waits for whom."""
    report = quota_loopback.run(size.spent, seed)
    return Found(report.lines(), [*report.wrong, *report.slow])


def house(size: Size, seed: int) -> Found:
    """Kill two houses on SQLite with -9, side by side."""
    return killed_house(kill_house.run_beside(size.house_kills, seed, size.crowd))


def shop(size: Size, seed: int) -> Found:
    """A shop at its till on SQLite, killed with -9; VNPAY outlives it and calls over HTTP."""
    report = kill_till.run(size.shop_kills, seed)
    found = Found(wrong=[*report.violations, *report.lost])
    found.say("kills -9 of the shop", report.kills)
    found.say("promises acknowledged", report.acknowledged)
    found.say("lost", len(report.lost))
    found.say("violations", len(report.violations))
    found.say("orders", ", ".join(f"{count:,} {state}" for state, count in sorted(report.orders.items())))
    found.say("payments the gateway took, each credited once", report.paid)
    found.say("refunds the gateway took, each burnt once", report.refunds)
    found.say("calls of the gateway", report.calls)
    found.say("calls that were not answered", report.unheard)
    return found


def telegram(size: Size, seed: int) -> Found:
    """The house killed with -9 while Telegram, which outlives it, brings it words, presses and payments."""
    found = Found()
    for mode in ("poll", "webhook"):
        report = kill_telegram.run(size.telegram_kills, seed, mode)
        found.lines += report.lines()
        found.wrong += [f"{mode}: {wrong}" for wrong in report.wrong]
    return found


def zalo(size: Size, seed: int) -> Found:
    """The house killed with -9 while Zalo, which outlives it, brings it words and numbers in either dialect."""
    found = Found()
    for mode in ("poll", "webhook"):
        report = kill_zalo.run(size.zalo_kills, seed, mode)
        found.lines += report.lines()
        found.wrong += [f"{mode}: {wrong}" for wrong in report.wrong]
    return found


def house_on_dynamo(size: Size, seed: int) -> Found:
    """The same on DynamoDB, the server killed too."""
    found = killed_house(kill_house.run(size.server_kills, seed, "dynoxide"))
    also = killed_house(kill_house.run(size.server_kills, seed, "dynoxide itself"))
    return Found(found.lines + also.lines, found.wrong + also.wrong)


def killed_house(report: kill_house.Report) -> Found:
    found = Found(wrong=[] if report.clean else [*report.violations, repr(replace(report, violations=()))])
    found.say("kills -9 of the house", report.kills)
    found.say("words acknowledged", report.words)
    found.say("promises acknowledged", report.acknowledged)
    found.say("lost", report.lost)
    found.say("violations", len(report.violations))
    found.say("extra paid calls", report.extra_calls)
    found.say("words laid aside", report.laid_aside)
    return found


def table(size: Size, seed: int) -> Found:
    """The table alone, killed in the midst of writing."""
    report = kill_sqlite.run(size.kills, seed)
    found = Found(wrong=[f"{report.lost} lost, {report.torn} torn"] if report.lost or report.torn else [])
    found.say("kills -9 of the table", report.kills)
    found.say("writes acknowledged", report.acknowledged)
    found.say("lost", report.lost)
    found.say("torn", report.torn)
    return found


def people(size: Size, seed: int) -> Found:
    """Many people at their pages while the house is killed; then with the house's own limits."""
    found = Found()
    for wide in (True, False):
        verdict = asyncio.run(
            chat.run(size.people, size.prompts, size.kills_among_people if wide else 0, wide=wide, seed=seed)
        )
        found.say(f"{verdict.people} people x {verdict.prompts} prompts, kills -9", verdict.kills)
        found.say("pictures", verdict.pictures)
        found.say("refused", verdict.refused)
        found.say("lost", len(verdict.lost))
        found.say("doubled", len(verdict.doubled))
        found.say("violations", verdict.violations)
        found.wrong += [] if verdict.clean and not (wide and verdict.refused) else [str(verdict)]
    return found


def both_tables(size: Size, seed: int) -> Found:
    """SQLite and DynamoDB in lock step, through faults."""
    found = Found()
    for server, report in lockstep.run_everywhere(size.steps, seed).items():
        found.say(f"steps beside {server}", report.steps)
        found.say("refused alike", report.refused)
        found.say("faults injected", report.injected.total())
        found.say("differences", len(report.differences))
        found.wrong += report.differences
    return found


STORMS: Mapping[str, Callable[[Size, int], Found]] = {
    "points": points,
    "seeds": seeds,
    "replay": replay,
    "time": time,
    "mutants": mutants,
    "till-points": till_points,
    "till-seeds": till_seeds,
    "till-silence": till_silence,
    "till-mutants": mutants_of_the_till,
    "link": links.stormed,
    "quota": quotas,
    "flood": flooded,
    "flood-loopback": flooded_on_loopback,
    "ipn": ipn,
    "shop": shop,
    "telegram": telegram,
    "zalo": zalo,
    "house": house,
    "house-on-dynamo": house_on_dynamo,
    "people": people,
    "strangers": besieged.storm,
    "billing": billing.storm,
    "cut": cut.storm,
    "quota-loopback": quota_on_loopback,
    "table": table,
    "both-tables": both_tables,
    "flips": flips.storm,
}


def main() -> None:
    words = argparse.ArgumentParser(prog="./dev storm", description="Crash, fault and load runs at full size.")
    words.add_argument("--only", action="append", choices=STORMS, help="one storm; may be said again")
    words.add_argument("--seed", type=int, default=0, help="where the lots begin; a seed tells the same story again")
    words.add_argument("--quick", action="store_true", help="a small part of each")
    said = words.parse_args()
    size = QUICK if said.quick else Size()
    wrong = [name for name in said.only or STORMS if raged(name, size, said.seed)]
    sys.exit(bool(wrong))


def raged(name: str, size: Size, seed: int) -> bool:
    """One storm, told as soon as it is over; whether anything was wrong."""
    began = perf_counter()
    try:
        found = STORMS[name](size, seed)
    except Missing as missing:
        found = Found(wrong=[f"not run: {missing}"])
    print(f"{name} · {STORMS[name].__doc__} · {perf_counter() - began:.0f} s")
    for what, figure in found.lines:
        print(f"    {what:<76} {f'{figure:,}' if isinstance(figure, int) else figure}")
    for wrong in found.wrong:
        print(f"    WRONG  {wrong}")
    print(flush=True)
    return bool(found.wrong)


if __name__ == "__main__":
    main()
