"""Texts that a platform may send and a database may not hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.models import clean_text


@given(st.text(alphabet=st.characters(codec=None)))
def test_a_clean_text_can_be_encoded_and_cleaning_again_changes_nothing(text):
    once = clean_text(text)
    assert "\0" not in once.encode().decode()
    assert clean_text(once) == once


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_what_can_be_kept_is_kept_as_it_is(text):
    assert clean_text(text) == text


def test_half_an_emoji_does_not_lose_the_words_around_it():
    assert clean_text("so \ud83d close\0") == "so � close"
