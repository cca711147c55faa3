"""The command line: one human sentence when something is wrong, and a number that a script can trust."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import NamedTuple
from urllib.request import urlopen

import pytest

from tests.bot.homes import damage, furnish, spoil

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds a command may take on a busy machine
NO_SETTINGS: Mapping[str, str] = {}


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without the settings that whoever runs the tests may have."""
    return {name: value for name, value in os.environ.items() if not name.startswith("IMAGIFY_")} | dict(settings)


def imagify(*words: str | Path, settings: Mapping[str, str] = NO_SETTINGS) -> Ended:
    command = [sys.executable, "-m", "bot", *map(str, words)]
    ended = subprocess.run(  # noqa: S603  # our own interpreter, our own words
        command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def told(ended: Ended) -> str:
    """The one sentence of a command that could not be done."""
    assert ended.code == 2, ended
    assert ended.out == ""
    (line,) = ended.err.splitlines()
    assert line.startswith("imagify: ")
    assert line.endswith(".")
    return line.removeprefix("imagify: ")


@contextmanager
def open_in(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A house that is open, and where."""
    command = [sys.executable, "-m", "bot", "run", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment({}), text=True, stdout=PIPE, stderr=PIPE) as house:  # noqa: S603  # our own interpreter, our own words
        try:
            assert house.stdout
            line = house.stdout.readline()
            assert line.startswith("Imagify is open on http://127.0.0.1:"), line
            yield house, line.split()[4]
        finally:
            house.kill()


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(furnish(tmp_path_factory.mktemp("lived") / "home"))


@pytest.fixture
def home(lived_in: Path, tmp_path: Path) -> Path:
    """A home of the test's own to spoil."""
    return Path(shutil.copytree(lived_in, tmp_path / "home"))


# --- the open house


def test_the_house_opens_answers_and_closes_when_it_is_asked_to(tmp_path: Path) -> None:
    with open_in(tmp_path / "home") as (house, url):
        with urlopen(f"{url}/healthz", timeout=PATIENCE) as answer:  # noqa: S310  # our own address
            assert json.load(answer) == {"alive": True}
        with urlopen(f"{url}/readyz", timeout=PATIENCE) as answer:  # noqa: S310  # same
            assert json.load(answer) == {"ready": True, "not_reachable": []}
        house.send_signal(signal.SIGTERM)

        assert house.wait(PATIENCE) == 0


def test_a_house_that_plays_its_till_says_where_the_tills_own_side_is(tmp_path: Path) -> None:
    with open_in(tmp_path / "home") as (house, _):
        assert house.stdout
        owner, till = house.stdout.readline(), house.stdout.readline()
        with urlopen(till.split()[-1], timeout=PATIENCE) as answer:  # noqa: S310  # our own address
            assert answer.status == 200

    assert owner.startswith("To own it, open this once in your browser: http://127.0.0.1:")
    assert till.startswith("VNPAY is played here, without money; its own side: http://127.0.0.1:")


def test_while_the_house_is_open_nobody_else_moves_in_but_all_may_look(home: Path, tmp_path: Path) -> None:
    with open_in(home) as (house, _):
        assert f"is in use by process {house.pid}: stop it first" in told(imagify("run", "--home", home))
        assert f"is in use by process {house.pid}" in told(imagify("restore", tmp_path, "--home", home))

        assert imagify("audit", "--home", home).code == 0
        assert imagify("backup", tmp_path / "copy.tar", "--home", home).code == 0


# --- why it does not open


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = told(imagify("run", "--home", tmp_path / "home", "--port", str(port)))

    assert said == f"Port {port} is taken; stop what listens there or choose another with --port."


def test_a_damaged_home_is_refused_with_the_way_out(home: Path) -> None:
    damage(home)

    assert f"`imagify restore BACKUP --force --home {home}`" in told(imagify("run", "--home", home))
    assert "damaged" in told(imagify("audit", "--home", home))


def test_a_home_of_a_newer_version_is_left_alone(home: Path) -> None:
    spoil(home, "META", oldest=99, version=100)

    said = told(imagify("run", "--home", home))

    assert said.startswith("What is kept here was written by a newer Imagify (schema 100, this one knows")


def test_a_home_that_cannot_be_written_to_is_named() -> None:
    assert told(imagify("run", "--home", "/proc/self")).startswith("/proc/self cannot be used: ")


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("IMAGIFY_PORT", "many", "IMAGIFY_PORT cannot be 'many': it is "),
        ("IMAGIFY_LEASE", "0", "IMAGIFY_LEASE cannot be '0': it is "),
        ("IMAGIFY_PROT", "1", "IMAGIFY_PROT is not a setting; did you mean IMAGIFY_PORT?"),
        ("IMAGIFY_PACKAGES", "free", "IMAGIFY_PACKAGES "),
    ],
)
def test_a_wrong_setting_is_named_before_anything_happens(name: str, value: str, part: str, tmp_path: Path) -> None:
    ended = imagify("run", "--home", tmp_path / "home", settings={name: value})

    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert part in ended.err


def test_a_wing_that_cannot_be_opened_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    settings = {"IMAGIFY_AWS__TABLE": "imagify", "IMAGIFY_SECRET": "long enough to be a secret"}

    assert "IMAGIFY_AWS__TABLE is set" in told(imagify("run", "--home", tmp_path / "home", settings=settings))


# --- the proof


def test_a_clean_house_is_told_to_be_clean(home: Path) -> None:
    audit = imagify("audit", "--home", home)

    assert (audit.code, audit.err) == (0, "")
    assert audit.out == "Everything holds: 1 people, 2 entries, 1 jobs, 0 images.\n"


def test_a_hand_on_the_file_is_noticed_by_the_audit_and_by_the_doctor(home: Path) -> None:
    spoil(home, "PURSE", paid=1_000_000)

    audit, program, doctor = (imagify(*words, "--home", home) for words in (["audit"], ["audit", "--json"], ["doctor"]))

    assert [ended.code for ended in (audit, program, doctor)] == [1, 1, 1]
    assert "purse is the sum of its entries" in audit.out
    assert audit.out.startswith("1 things do not hold")
    assert [one["rule"] for one in json.loads(program.out)["violations"]] == ["purse is the sum of its entries"]
    assert "1 violations" in doctor.out
    assert f"imagify audit --home {home}" in doctor.out


def test_the_proof_can_be_read_by_a_program(home: Path) -> None:
    facts = json.loads(imagify("audit", "--json", "--home", home).out)

    assert facts == {
        "clean": True, "people": 1, "entries": 2, "jobs": 1, "images": 0, "blobs": 0, "orders": 0, "damaged": 0,
        "violations": [],
    }  # fmt: skip


def test_where_there_is_no_house_there_is_nothing_to_prove(tmp_path: Path) -> None:
    assert told(imagify("audit", "--home", tmp_path)).startswith(f"There is no house in {tmp_path}")


def test_the_doctor_speaks_of_a_house_that_is_not_there_yet(tmp_path: Path) -> None:
    doctor = imagify("doctor", "--home", tmp_path / "home")

    assert doctor.code == 0
    assert "not there yet" in doctor.out
    assert not (tmp_path / "home").exists()


# --- backup and restore


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_a_house_can_be_carried_elsewhere_and_is_the_same(name: str, home: Path, tmp_path: Path) -> None:
    assert imagify("backup", tmp_path / name, "--home", home).code == 0
    assert imagify("restore", tmp_path / name, "--home", tmp_path / "new").code == 0

    old, new = (imagify("audit", "--json", "--home", place) for place in (home, tmp_path / "new"))

    assert new == old
    assert (tmp_path / "new" / "SECRET").read_text() == (home / "SECRET").read_text()


def test_a_backup_overwrites_nothing_and_a_restore_only_when_forced(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert imagify("backup", copy, "--home", home).code == 0

    assert "exists already" in told(imagify("backup", copy, "--home", home))
    assert "is not empty: choose another, or say --force" in told(imagify("restore", copy, "--home", home))

    assert imagify("restore", copy, "--home", home, "--force").code == 0


@pytest.mark.parametrize("words", [("backup", "copy"), ("restore", "nothing")])
def test_what_is_not_there_can_neither_be_copied_nor_brought_back(words: tuple[str, str], tmp_path: Path) -> None:
    command, place = words

    said = told(imagify(command, tmp_path / place, "--home", tmp_path / "home"))

    assert str(tmp_path) in said


# --- words it does not know


@pytest.mark.parametrize("words", [(), ("dance",), ("run", "--port", "many"), ("backup",)])
def test_a_word_it_does_not_know_is_answered_with_those_it_does(words: tuple[str, ...]) -> None:
    ended = imagify(*words)

    assert ended.code == 2
    assert ended.err.startswith("usage: imagify")
    assert "Traceback" not in ended.err


def test_help_names_every_command() -> None:
    told_ = imagify("--help").out

    named = ("run", "audit", "doctor", "backup", "restore", "recon", "export", "void-play")
    assert all(word in told_ for word in named)
