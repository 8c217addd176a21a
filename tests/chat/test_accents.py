"""Accents are taken off as if each character was looked at, however few of a text's are looked at."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.accents import without_accents


@given(st.text() | st.text(alphabet="aeiou áéíóúñü’‘´΅한글ไท✓ \n"))
def test_what_is_taken_off_is_what_each_character_says(text):
    letters = unicodedata.normalize("NFD", text)
    assert without_accents(text) == "".join(one for one in letters if not unicodedata.combining(one))


@pytest.mark.parametrize(
    ("text", "plain"), [("Participación", "Participacion"), ("naïve", "naive"), ("", "")]
)
def test_people_type_without_accents(text, plain):
    assert without_accents(text) == plain
