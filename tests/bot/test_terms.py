"""The terms and the rules, held to each other line by line."""

import tomllib

import pytest

from bot.texts import greeting, refusals
from core.safety import Rules, check
from tests.house import Balance, Imagify, Speaker
from tests.tree import ROOT

EXAMPLES: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "tests/vectors/terms.toml").read_text("utf-8"))
REFUSED = [(group, prompt) for group, prompts in EXAMPLES.items() for prompt in prompts["refused"]]
PAINTED = [prompt for prompts in EXAMPLES.values() for prompt in prompts["painted"]]


def test_each_line_of_the_terms_has_its_rules_and_each_group_of_rules_its_line() -> None:
    groups = {rule.group for rule in Rules.open().rules}

    assert set(greeting.NOT_DRAWN) == groups
    assert set(refusals.GROUPS) == groups
    assert set(EXAMPLES) == groups


@pytest.mark.usefixtures("imagify")
async def test_every_line_is_read_in_both_languages(an: Speaker) -> None:
    await an.says("/terms")
    said = an.last_heard.splitlines()
    await an.speaks("en")
    await an.says("/terms")
    said += an.last_heard.splitlines()

    lines = [f"– {line[language]}" for line in greeting.NOT_DRAWN.values() for language in ("vi", "en")]
    assert sorted(line for line in said if line.startswith("– ")) == sorted(lines)


@pytest.mark.parametrize(("group", "prompt"), REFUSED)
async def test_what_a_line_refuses_is_neither_painted_nor_charged(
    group: str, prompt: str, imagify: Imagify, an: Speaker
) -> None:
    await an.says(prompt)

    assert an.last_heard.startswith("🚫")
    assert refusals.GROUPS[group]["vi"] in an.last_heard
    assert await imagify.balance(an) == Balance(free=5, held=0)


@pytest.mark.parametrize("prompt", PAINTED)
def test_what_a_line_allows_is_painted(prompt: str) -> None:
    check(prompt)
