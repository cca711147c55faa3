"""Clients nobody here wrote, each in a process of its own. tests/peers.sh fetches them.

A missing one is skipped at home and fails in CI.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TALKS = Path(__file__).parent / "peers"
PYTHON = ROOT / ".venv-peers/bin/python"
PACKAGES = ROOT / ".venv-peers/lib"
PATIENCE = 40.0  # seconds for all of it; a client needs some to start


def wanted(program: Path, package: str = "") -> None:
    """`package`: of those that Python has there."""
    if not program.exists() or (package and not any(PACKAGES.glob(f"*/site-packages/{package}"))):
        said = f"{package or program.relative_to(ROOT)} is not here; `sh tests/peers.sh` fetches it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(said)


@asynccontextmanager
async def talking(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        async with asyncio.timeout(PATIENCE):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
