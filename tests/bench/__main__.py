"""Measures what there is to measure, and judges nothing: python -m tests.bench [--only NAME ...]"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping

from tests.bench import (
    bench_audit,
    bench_aws,
    bench_darkroom,
    bench_dynamo,
    bench_paying,
    bench_prompts,
    bench_rules,
    bench_start,
    bench_table,
    bench_telegram,
    bench_users,
)
from tests.bench.paper import Paper

BENCHES: Mapping[str, Callable[[], Awaitable[list[Paper]]]] = {
    "table": bench_table.measure,
    "dynamo": bench_dynamo.measure,
    "aws": bench_aws.measure,
    "darkroom": bench_darkroom.measure,
    "prompts": bench_prompts.measure,
    "rules": bench_rules.measure,
    "audit": bench_audit.measure,
    "start": bench_start.measure,
    "paying": bench_paying.measure,
    "telegram": bench_telegram.measure,
}


def main() -> None:
    words = argparse.ArgumentParser(prog="./dev bench", description="How long things take here, and what they cost.")
    words.add_argument("--only", action="append", choices=BENCHES, help="one bench; may be said again")
    words.add_argument("--users", type=int, help="only this: so many people at their pages, 50 prompts a second")
    said = words.parse_args()
    if said.users:
        print(asyncio.run(bench_users.measure(said.users)))
        return
    for name in said.only or BENCHES:
        for paper in asyncio.run(measured(name)):
            print(paper, end="\n\n", flush=True)


async def measured(name: str) -> list[Paper]:
    return await BENCHES[name]()


if __name__ == "__main__":
    main()
