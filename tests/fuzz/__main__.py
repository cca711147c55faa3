"""Coverage-guided fuzzing of every parser that reads what others wrote: ./dev fuzz [--seconds N] [TARGET …].

What was reached stays in .venv-fuzz/corpus, so that an hour by hand goes on where the last one ended. A finding lies in
.venv-fuzz/found; it is mended, and its bytes go to FOUND in tests/fuzz/test_fuzz.py.
"""

import argparse
import importlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import repeat
from pathlib import Path

VENV = Path(".venv-fuzz")
TARGETS = ("ipn", "telegram", "answers", "zalo", "frames", "containers", "rules", "flags", "models")
SECONDS = 60
LONGEST = 16_384  # bytes of one try
SLOWEST = 10  # seconds of one try
MEMORY = 1_024  # MiB
STATE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/(\S+)")
RUNS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


def main() -> int:
    asked = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    asked.add_argument("--seconds", type=int, default=SECONDS, help="for each target")
    asked.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    told = asked.parse_args()
    if unknown := set(told.targets) - set(TARGETS):
        asked.error(f"no such target: {', '.join(sorted(unknown))}")
    if not (VENV / "bin/python").exists():
        asked.error("atheris is not here yet: sh tests/fuzz.sh")
    print(f"{'target':12}{'executions':>12}{'edges':>8}{'features':>10}{'corpus':>16}")
    with ThreadPoolExecutor(os.cpu_count()) as cores:  # each target is a process of its own
        return max(cores.map(hunted, told.targets or TARGETS, repeat(told.seconds)))


def hunted(name: str, seconds: int) -> int:
    """One line of figures; and what libFuzzer said, where it found something."""
    corpus, found = prepared(name)
    limits = [f"-max_total_time={seconds}", "-seed=1", f"-max_len={LONGEST}", f"-timeout={SLOWEST}"]
    flags = [*limits, f"-rss_limit_mb={MEMORY}", "-print_final_stats=1", f"-artifact_prefix={found}/"]
    command = [str(VENV / "bin/python"), "-m", "tests.fuzz.hunt", name, *flags, str(corpus)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - ours
    states, runs = STATE.findall(done.stderr), RUNS.findall(done.stderr)
    edges, features, count, size = states[-1] if states else ("?",) * 4
    print(f"{name:12}{runs[-1] if runs else '?':>12}{edges:>8}{features:>10}{count + ' / ' + size:>16}", flush=True)
    if done.returncode:
        print(f"\n{done.stdout[-2_000:]}\n{done.stderr[-4_000:]}\nfound: {found}", file=sys.stderr)
    return int(done.returncode != 0)


def prepared(name: str) -> tuple[Path, Path]:
    corpus, found = (VENV / kind / name for kind in ("corpus", "found"))
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in importlib.import_module(f"tests.fuzz.{name}").seeds():
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    return corpus, found


if __name__ == "__main__":
    sys.exit(main())
