"""What is refused and what must not be: sentences in two languages, with and without accents, in disguise."""

import tomllib
from pathlib import Path

import pytest

from core.errors import Blocked
from core.phrases import Phrases
from core.safety import RULES_VERSION, Rules, check

VECTORS = tomllib.loads((Path(__file__).parents[1] / "vectors" / "safety.toml").read_text("utf-8"))
REFUSED = [(group, words) for group, sentences in VECTORS["block"].items() for words in sentences]
HARMLESS = [words for sentences in VECTORS["pass"].values() for words in sentences]


@pytest.mark.parametrize(("group", "words"), REFUSED)
def test_what_breaks_a_rule_is_refused_by_its_group(group: str, words: str) -> None:
    with pytest.raises(Blocked) as refused:
        check(words)

    assert refused.value.group == group
    assert refused.value.rule


@pytest.mark.parametrize("words", HARMLESS)
def test_an_innocent_sentence_passes(words: str) -> None:
    check(words)


def test_there_are_enough_sentences_of_each_kind() -> None:
    assert len(set(REFUSED)) >= 60
    assert len(set(HARMLESS)) >= 60
    assert {group for group, _ in REFUSED} == {rule.group for rule in Rules.open().rules}


def test_every_rule_names_lists_that_are_there_and_every_list_is_read_by_a_rule() -> None:
    pack = tomllib.loads((Path(__file__).parents[2] / "core" / "rules.toml").read_text("utf-8"))
    named = {listed for rule in Rules.open().rules for listed in (*rule.all, *rule.when, *rule.unless, *rule.beside)}

    assert named | {"innocent"} == set(pack["words"])
    assert all(set(marks) <= {"vi", "exact", "safe", "en", "run"} for marks in pack["words"].values())


def test_a_pack_has_a_version() -> None:
    assert Rules.open().version == RULES_VERSION != ""


def test_what_hides_in_one_language_is_found_in_the_other() -> None:
    check("en naken kvinna")

    with pytest.raises(Blocked):
        check("a naked woman")


def test_nothing_is_taken_off_by_way_of_what_to_avoid() -> None:
    check("người mẫu trên sàn diễn", "chữ, logo, người lạ")

    for avoid in ("quần áo", "quan ao", "clothes, text"):
        with pytest.raises(Blocked) as refused:
            check("người mẫu trên sàn diễn", avoid)
        assert refused.value.group == "sexual"


def test_the_islands_are_not_taken_off_a_map_by_way_of_what_to_avoid() -> None:
    for avoid in ("Hoàng Sa", "truong sa", "Spratly Islands"):
        with pytest.raises(Blocked) as refused:
            check("bản đồ Việt Nam", avoid)
        assert refused.value.group == "state"


def test_to_avoid_something_forbidden_is_innocent() -> None:
    check("bãi biển lúc bình minh", "nude, gore, weapons")


def test_prevention_excuses_drugs_but_not_children() -> None:
    check("poster phòng chống ma túy học đường")

    with pytest.raises(Blocked):
        check("poster phòng chống ma túy, bé gái gợi cảm")


def test_the_worst_case_of_a_long_prompt_ends() -> None:
    with pytest.raises(Blocked):
        check("bé gái bikini súng nước " * 80)


@pytest.mark.parametrize(
    ("mark", "text", "said"),
    [
        ("vi", "một quả bơm", False),
        ("vi", "mot qua bom", True),
        ("vi", "một quả bom", True),
        ("vi", "một qua bom", True),
        ("vi", "mọt quả bóm", False),
        ("exact", "mot qua bom", False),
        ("exact", "một quả bom", True),
        ("safe", "mót quá bơm", True),
        ("vi", "mộtquảbom", True),
        ("vi", "m ộ t q u ả b o m", True),
        ("exact", "mộtquảbom", False),
    ],
)
def test_a_mark_says_how_much_of_a_phrase_may_be_missing(mark: str, text: str, said: bool) -> None:
    phrases = Phrases({"listed": {mark: ["một quả bom"]}})

    assert ("listed" in phrases.find(text)) is said


@pytest.mark.parametrize(
    "age", ["12 tuổi", "12tuổi", "12 tuoi", "12-year-old", "twelve years old", "12yo", "12 y/o", "aged 12"]
)
def test_an_age_under_eighteen_is_read_however_it_is_written(age: str) -> None:
    phrases = Phrases({"minor": {"safe": ["# tuổi"], "en": ["# year old", "# years old", "# yo", "# y o", "aged #"]}})

    assert "minor" in phrases.find(f"một người {age} đang cười")
    assert "minor" not in phrases.find(f"một người {age} đang cười".replace("12", "18").replace("twelve", "twenty"))


def test_what_is_innocent_takes_its_words_out_of_the_search() -> None:
    phrases = Phrases({"weapon": {"exact": ["súng"]}, "innocent": {"vi": ["súng nước"]}})

    assert phrases.find("bé chơi súng nước") == {}
    assert "weapon" in phrases.find("khẩu súng nước sơn đen cạnh khẩu súng")


PACK = """
version = "1"
[[rules]]
name = "beside"
group = "one"
all = ["bare"]
beside = ["art"]
[[rules]]
name = "in order"
group = "two"
all = ["lacking", "thing"]
near = 2
ordered = true
when = ["map"]
[words]
bare = { en = ["bare"] }
art = { en = ["statue"] }
lacking = { en = ["without"] }
thing = { en = ["island"] }
map = { en = ["map"] }
"""


@pytest.mark.parametrize("words", ["bare statue", "statue of a bare man", "islands without a map", "without an island"])
def test_an_excuse_reaches_what_it_stands_beside_and_an_order_is_kept(words: str) -> None:
    Rules.read(PACK).check(words)


@pytest.mark.parametrize(
    "words", ["bare man", "a bare man by a statue", "bare statue, bare man", "map without islands"]
)
def test_an_excuse_reaches_nothing_else_in_the_sentence(words: str) -> None:
    with pytest.raises(Blocked):
        Rules.read(PACK).check(words)
