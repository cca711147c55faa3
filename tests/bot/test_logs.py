"""The log: facts for machines and people, without secrets and without what belongs to a person."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import Json, Lines, open_log


@pytest.fixture(autouse=True)
def the_log_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers = []
    yield
    root.handlers, root.level = before, level


def record(said: str, **extra: object) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": said, "name": "core.worker", "levelno": 30, "levelname": "WARNING", **extra})


def test_a_line_for_machines_is_one_json_object_with_its_facts() -> None:
    told = json.loads(Json().format(record("ảnh\nxong", job="J1", cost=3)))

    assert told["said"] == "ảnh\nxong"
    assert (told["level"], told["from"], told["job"], told["cost"]) == ("warning", "core.worker", "J1", 3)


def test_a_line_for_people_carries_the_same_facts() -> None:
    assert Lines().format(record("late", job="J1")).endswith("warning late job=J1")


@pytest.mark.parametrize("form", [Json, Lines])
def test_a_secret_is_struck_out_wherever_it_stands(form: type[Lines]) -> None:
    secrets = ["hush-hush", 'quo"ted-secret']
    token = "123456789:" + "A" * 35
    error = ValueError(f"POST https://api.telegram.org/bot{token}/sendMessage?secret=abc123def")

    line = form(secrets).format(record("with hush-hush", seal='quo"ted-secret', exc_info=(ValueError, error, None)))

    assert line.count("[struck out]") == 4
    for secret in ("hush-hush", "ted-secret", token, "abc123def"):
        assert secret not in line


def test_what_belongs_to_a_person_is_left_out_and_our_own_id_stays() -> None:
    told = json.loads(Json().format(record("heard", chat="99", text="mèo", email="an@example.org", person="P1")))

    assert told["person"] == "P1"
    assert not {"chat", "text", "email"} & told.keys()


def test_what_cannot_be_written_as_json_is_written_as_words() -> None:
    assert json.loads(Json().format(record("odd", thing={1, 2})))["thing"] == "{1, 2}"


def test_the_open_log_writes_each_line_once_even_when_opened_twice() -> None:
    stream = io.StringIO()

    open_log([], stream)
    open_log(["s3cr3t-word"], stream)
    logging.getLogger("bot").info("open, not s3cr3t-word")

    lines = stream.getvalue().splitlines()
    assert [json.loads(line)["said"] for line in lines] == ["open, not [struck out]"]
