"""The servers that play AWS on loopback, started for the suite and ended with it; tests/servers.sh fetches them.

Two speak DynamoDB, because each has its own idea of the corners: what both agree on is likely what AWS does. Valkey is
no look-alike: it is what runs there, too. Without a server its tests are skipped at home and fail in CI. Each process
of the suite starts its own, on a free port.
"""

import os
import platform
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias, TypeVar

import pytest

from infra.aws.call import Keyring, Place, made_up, place

ROOT = Path(__file__).resolve().parent.parent
MINISTACK = ROOT / ".venv-cloud/bin/ministack"
BUILD = f"{sys.platform}-{ {'x86_64': 'x64', 'aarch64': 'arm64'}.get(platform.machine(), platform.machine()) }"
VALKEY = ROOT / ".venv-cloud/bin/valkey-server"
DYNOXIDE = ROOT / f".servers/node_modules/@dynoxide/{BUILD}/dynoxide"
LOOPBACK = "127.0.0.1"
REGION = "ap-southeast-1"
START = 20.0  # seconds until it must answer
BETWEEN = 0.02  # seconds between two knocks

T = TypeVar("T")
Server: TypeAlias = Callable[[], AbstractContextManager[T]]


@contextmanager
def ministack() -> Iterator[Place]:
    """DynamoDB, S3 and SQS in one; keeps everything in memory."""
    port = free_port()
    own = {"BIND_HOST": LOOPBACK, "GATEWAY_PORT": str(port), "LOG_LEVEL": "WARNING"}
    with running([str(found(MINISTACK))], port, own) as process:
        try:
            yield played(port)
        finally:
            process.kill()  # it has nothing to keep, and would wait three seconds for connections that stay open


@contextmanager
def dynoxide(*, kept_in: Path | None = None, port: int = 0) -> Iterator[Place]:
    """DynamoDB alone, in memory or in a file that outlives it."""
    port = port or free_port()
    kept = ["--db-path", str(kept_in)] if kept_in else []
    with running([str(found(DYNOXIDE)), "serve", "--host", LOOPBACK, "-p", str(port), *kept], port, {}):
        yield played(port)


@contextmanager
def valkey(*, port: int = 0) -> Iterator[str]:
    """A cache at this address, in memory alone."""
    with valkey_process(port or free_port()) as (url, _):
        yield url


@contextmanager
def valkey_process(port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The same, for who wants to kill or to stop it."""
    command = [str(found(VALKEY)), "--port", str(port), "--bind", LOOPBACK, "--save", ""]
    with running(command, port, {}) as process:
        yield f"redis://{LOOPBACK}:{port}", process


def played(port: int) -> Place:
    return place("dynamodb", REGION, f"http://{LOOPBACK}:{port}")


def played_keys() -> Keyring:
    """The servers want a signature and do not check whose."""
    return made_up()


class Missing(Exception):
    """A server has not been fetched."""

    def __init__(self, program: Path) -> None:
        super().__init__(f"{program.name} is not here; `sh tests/servers.sh` fetches it")


def found(program: Path) -> Path:
    if not program.exists():
        raise Missing(program)
    return program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, own: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | own, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - our own command
    try:
        wait_for(port, process)
        yield process
    finally:
        end(process)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Knock until somebody opens."""
    pause = threading.Event()
    for _ in range(int(START / BETWEEN)):
        if process.poll() is not None:
            break
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            pause.wait(BETWEEN)
        else:
            return
    raise TimeoutError(f"a server did not open port {port}")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def started(server: Server[T], environ: Mapping[str, str] = os.environ) -> Iterator[T]:
    """The server, or a skipped test where it is missing; a missing one fails where everything must be there."""
    try:
        with server() as where:
            yield where
    except Missing as missing:
        if environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def on_ministack() -> Iterator[Place]:
    with started(ministack) as where:
        yield where


@pytest.fixture(scope="session")
def on_dynoxide() -> Iterator[Place]:
    with started(dynoxide) as where:
        yield where


@pytest.fixture(scope="session")
def on_valkey() -> Iterator[str]:
    with started(valkey) as url:
        yield url
