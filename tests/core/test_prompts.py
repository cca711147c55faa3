"""How a sentence is read: flags in two languages, cleaning, the limit, and back again."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadFlag, BadPrompt, EmptyPrompt, PromptTooLong, UnknownFlag
from core.flags import FLAGS, RATIOS, Flag
from core.letters import HIDDEN, clean, count
from core.prompts import MOST_SIGNS, Prompt, read, spelled
from core.styles import STYLES
from core.table import Create, Key, checked

FULL = Prompt("mèo mướp đội nón lá", ratio="16:9", seed=7, avoid="chữ", count=4, model="ultra", style="anime")


def test_plain_text_is_a_prompt() -> None:
    assert read("mèo mướp đội nón lá, tranh lụa") == Prompt("mèo mướp đội nón lá, tranh lụa")


@pytest.mark.parametrize(
    "flags",
    [
        "--ar 16:9 --seed 7 --no chữ --n 4 --model ultra --style anime",
        "--tỉ_lệ 16:9 --hạt 7 --không chữ --số 4 --mẫu ultra --kiểu anime",
        "--tỷ_lệ 16x9 --hạt_giống 7 --không chữ --số_ảnh 4 --mô_hình ultra --phong_cách anime",
        "--ti_le 16/9 --hat 7 --khong chữ --so 4 --mau ultra --kieu anime",
        "--ty_le 16:9 --hat_giong 7 --khong chữ --so_luong 4 --mo_hinh ULTRA --phong_cach Anime",
        "--tỉ lệ 16:9 --hạt giống 7 --không chữ --số lượng 4 --mô hình ultra --phong cách anime",
        "—ar 16:9 –seed 7 —no chữ —n 4 —model ultra —style anime",
        '--ar "16:9" --seed=7 --no "chữ" --n=4 --model="ultra" --style “anime”',
    ],
)
def test_one_grammar_is_spoken_in_two_languages_and_on_phones(flags: str) -> None:
    assert read(f"mèo mướp đội nón lá {flags}") == FULL


@pytest.mark.parametrize(
    ("flag", "value"), list(zip(FLAGS, ("9:16", "5", "2", "core", "sketch", "", "mưa"), strict=True))
)
def test_every_alias_of_a_flag_asks_for_the_same(flag: Flag, value: str) -> None:
    asked = read(f"mèo --{flag.name} {value}")

    assert asked != read("mèo")
    assert {read(f"mèo --{alias} {value}") for alias in flag.aliases} == {asked}


def test_words_that_are_to_stay_as_they_are_say_so_without_a_value() -> None:
    assert read("mèo --plain mướp") == Prompt("mèo mướp", plain=True)
    assert read("mèo --nguyên văn --seed 7") == read("mèo —nguyen_van —seed 7") == Prompt("mèo", seed=7, plain=True)
    assert read("a field —plain and wide").plain is False
    assert spelled(Prompt("mèo", plain=True, avoid="chữ")) == "mèo --plain --no chữ"


def test_words_stand_before_between_and_behind_flags() -> None:
    assert read("--ar 1:1 mèo --seed 9 trắng").words == "mèo trắng"
    assert read('mèo --no "chữ, logo" trắng') == Prompt("mèo trắng", avoid="chữ, logo")


def test_what_to_avoid_takes_every_word_until_the_next_flag() -> None:
    prompt = read("mèo --no chữ và logo --n 2 --không người lạ")

    assert prompt == Prompt("mèo", count=2, avoid="chữ và logo, người lạ")


def test_of_a_flag_given_twice_the_last_one_counts() -> None:
    assert read("mèo --n 2 --n 3").count == 3


@pytest.mark.parametrize(
    ("said", "ratio"), [("dọc", "9:16"), ("ngang", "16:9"), ("vuông", "1:1"), ("Portrait", "9:16"), ("21 : 9", "21:9")]
)
def test_a_ratio_may_be_said_in_words(said: str, ratio: str) -> None:
    assert read(f"mèo --ar {said}").ratio == ratio


@pytest.mark.parametrize(
    ("said", "style"),
    [("màu nước", "watercolor"), ("tranh_lụa", "silk-painting"), ("Pixel Art", "pixel-art"), ("son mai", "lacquer")],
)
def test_a_style_of_several_words_is_read_whole(said: str, style: str) -> None:
    prompt = read(f"mèo --kiểu {said} trên mái nhà")

    assert (prompt.style, prompt.words) == (style, "mèo trên mái nhà")
    assert STYLES[style].english


@pytest.mark.parametrize(
    "prose",
    [
        "một chú mèo — đen như mực — không phải chó",
        "mèo – so 4 con chó – vẫn đẹp",
        "she was — so beautiful",
        "a ship — model of wood",
        "cat—no dog",
        "nhiệt độ -5 độ, giảm 50 -- 60 phần trăm",
        'biển hiệu "giảm giá --ar 16:9" trên tường',
        '6" nails and 5" screws',
    ],
)
def test_dashes_and_quotes_of_ordinary_prose_make_no_flag(prose: str) -> None:
    assert read(prose) == Prompt(prose)


@pytest.mark.parametrize("prose", ["she was —so beautiful", "a ship —model of wood", "chú mèo —đen như mực"])
def test_a_long_dash_that_touches_a_word_of_prose_makes_no_flag(prose: str) -> None:
    assert read(prose) == Prompt(prose.replace("—", "— "))


def test_a_wrong_number_behind_a_long_dash_was_meant_as_a_flag() -> None:
    with pytest.raises(BadFlag):
        read("mèo —n 9")


@pytest.mark.parametrize(
    ("flag", "near"), [("sed 7", "--seed"), ("tỉ_lê 1:1", "--tỉ_lệ"), ("modle ultra", "--model"), ("zzzzz", "")]
)
def test_an_unknown_flag_is_refused_with_the_nearest_one(flag: str, near: str) -> None:
    with pytest.raises(UnknownFlag) as refused:
        read(f"mèo --{flag}")

    assert (refused.value.flag, refused.value.near) == (f"--{flag.partition(' ')[0]}", near)


@pytest.mark.parametrize(
    ("flags", "flag", "value"),
    [
        ("--ar 17:9", "--ar", "17:9"),
        ("--n 5", "--n", "5"),
        ("--n 0", "--n", "0"),
        ("--n hai", "--n", "hai"),
        ("--seed -1", "--seed", "-1"),
        ("--seed 4294967295", "--seed", "4294967295"),
        ("--seed ٣", "--seed", "٣"),
        ("--style vô danh", "--style", "vô"),
        ("--seed", "--seed", ""),
        ("--no", "--no", ""),
        ("--số --ar 1:1", "--n", ""),
    ],
)
def test_a_value_that_a_flag_does_not_take_is_refused_with_those_it_does(flags: str, flag: str, value: str) -> None:
    with pytest.raises(BadFlag) as refused:
        read(f"mèo {flags}")

    assert (refused.value.flag, refused.value.value) == (flag, value)
    assert (flag != "--ar") or refused.value.allowed == RATIOS


@pytest.mark.parametrize(
    "nothing",
    ["", " \n\t", "\u200b\u2060\ufeff", "…!?—", "--ar 16:9", "--no chữ", "\ufe0f\u200d", "\u3164\u2800", "\u202e"],
)
def test_nothing_to_draw_is_refused(nothing: str) -> None:
    with pytest.raises(EmptyPrompt):
        read(nothing)


@pytest.mark.parametrize(
    "emoji", ["🐱", "👩‍👩‍👧‍👦🏳️‍🌈", "❤️", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🇻🇳", "👍🏽"]
)
def test_emoji_alone_can_be_drawn_and_stay_whole(emoji: str) -> None:
    assert read(emoji).words == emoji


def test_text_from_right_to_left_and_joiners_of_its_script_are_kept() -> None:
    assert read("مرحبا بالعالم").words == "مرحبا بالعالم"
    assert read("می\u200cخواهم").words == "می\u200cخواهم"
    assert read("क्\u200dष").words == "क्\u200dष"


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u0000", "\u0085\u009f", "\u00ad", "\U000e0041", "\ud800", "\ue000"]
)
def test_what_nobody_sees_is_taken_out(hidden: str) -> None:
    assert read(f"m{hidden}èo".replace("\u0085", "")).words == "mèo"


def test_no_format_or_control_character_is_forgotten() -> None:
    kept = {"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}  # parts of sequences, judged where they stand
    seen = {*map(chr, range(0x600, 0x606)), *map(chr, (0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))}
    hidden = [sign for sign in map(chr, range(0x110000)) if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"}]

    assert [sign for sign in hidden if not sign.isspace() and sign not in kept | seen and not HIDDEN.match(sign)] == []


def test_lines_become_one_and_letters_are_composed() -> None:
    assert read("me\u0300o\n\n  trắng\u00a0 ").words == "mèo trắng"


def test_the_limit_counts_as_a_person_counts() -> None:
    family, letter = "👨‍👩‍👧", "q\u0309"

    assert count(family + letter + "🇻🇳" + "👍🏽") == 4
    assert read(letter * MOST_SIGNS).words == letter * MOST_SIGNS
    with pytest.raises(PromptTooLong) as refused:
        read(letter * (MOST_SIGNS + 1))
    assert (refused.value.count, refused.value.most) == (MOST_SIGNS + 1, MOST_SIGNS)


@pytest.mark.parametrize("length", [MOST_SIGNS + 1, 10_000, 100_000])
def test_a_prompt_that_is_too_long_is_refused_with_its_length_and_never_cut(length: int) -> None:
    with pytest.raises(PromptTooLong) as refused:
        read("m" * length)

    assert refused.value.count == length


def test_a_tower_of_accents_does_not_pass_as_one_letter() -> None:
    with pytest.raises(PromptTooLong):
        read("a" + "\u0336\u0489" * 6_000)


def test_a_prompt_is_kept_in_a_row_and_comes_back() -> None:
    prompt = FULL.in_english("a tabby cat in a palm leaf hat").seeded(12)

    assert checked([Create(Key("SHEET#1", "META"), prompt.facts())])
    assert Prompt.of(prompt.facts()) == prompt


def test_a_row_from_before_a_field_existed_gets_its_default() -> None:
    assert Prompt.of({"words": "mèo", "seed": "seven"}) == Prompt("mèo")


SAID = 'mèo trắng 16:9 4 7 ultra anime màu nước tỉ lệ 6" b" "a "--ar " “ ” ( , = =4 - -- --- — —-n'
FLAGGED = '--no --không --no=" --ar --n --seed --style --model --mẫu --tỉ –so —so —no —model —ar --plain —plain'
PIECES = st.sampled_from([*SAID.split(), *FLAGGED.split(), "\u200b", "\u0301", "👩\u200d👩", "x" * 45])
SENTENCES = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", " ", "", "\n"])), max_size=14).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)


@settings(max_examples=600, deadline=None)
@given(SENTENCES | st.text(max_size=60))
def test_whatever_was_read_reads_back_the_same_when_spelled_out(text: str) -> None:
    try:
        prompt = read(text)
    except BadPrompt:
        return

    assert read(spelled(prompt)) == prompt
    assert Prompt.of(prompt.facts()) == prompt


@settings(max_examples=300, deadline=None)
@given(SENTENCES | st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
    assert "\n" not in once
    once.encode()  # it can be written down
