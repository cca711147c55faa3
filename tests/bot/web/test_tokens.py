"""Cookies, buttons and links are signed: none can be made up, and none serves for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.tokens import ID_LETTERS, MAC_LETTERS, Signer

OURS, OTHERS = Signer((b"ours",)), Signer((b"others",))
ANY = st.text(st.characters(), max_size=60)  # whatever a stranger may send, halves of characters included
ID = "01KABCDEFGHJKMNPQRSTVWXYZ0"


@given(ANY)
def test_what_was_made_up_stands_for_nothing(text: str) -> None:
    assert OURS.chat(text) == ""
    assert OURS.action("chat", text) == ""
    assert OURS.linked(text) == ("", "")


@given(st.text("abcdefghij0123456789", min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_we_signed_stands_for_what_it_was_signed_for(chat: str, action: str) -> None:
    assert OURS.chat(OURS.cookie(chat)) == chat
    assert OURS.action(chat, OURS.button(chat, action)) == action


@pytest.mark.parametrize("kind", ["i", "t", "s"])
def test_a_link_says_what_it_leads_to(kind: str) -> None:
    assert OURS.linked(OURS.link(kind, ID)) == (kind, ID)  # type: ignore[arg-type]  # mypy sees str


@given(st.integers(0, ID_LETTERS + MAC_LETTERS), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_link_with_one_letter_changed_leads_nowhere(place: int, letter: str) -> None:
    link = OURS.link("i", ID)
    changed = f"{link[:place]}{letter}{link[place + 1 :]}"

    assert OURS.linked(changed) == (("i", ID) if changed == link else ("", ""))


def test_a_thumbnails_link_is_no_link_to_the_picture() -> None:
    link = OURS.link("t", ID)

    assert OURS.linked(f"i{link[1:]}") == ("", "")


def test_a_button_of_one_chat_is_of_no_use_in_another() -> None:
    token = OURS.button("mine", "again:1")

    assert OURS.action("yours", token) == ""
    assert OURS.action("mine", f"{token}0") == ""


def test_what_another_house_signed_is_of_no_use_here() -> None:
    assert OURS.chat(OTHERS.cookie("chat")) == ""
    assert OURS.action("chat", OTHERS.button("chat", "agree")) == ""
    assert OURS.linked(OTHERS.link("i", ID)) == ("", "")


def test_what_was_signed_before_a_secret_was_set_stays_valid_after_it() -> None:
    both = Signer((b"new", b"ours"))

    assert both.chat(OURS.cookie("chat")) == "chat"
    assert both.action("chat", OURS.button("chat", "agree")) == "agree"
    assert both.linked(OURS.link("i", ID)) == ("i", ID)
    assert OURS.chat(both.cookie("chat")) == ""
