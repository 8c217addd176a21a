"""The pages for members can be read by somebody in eighth grade, in English and in Spanish."""

from __future__ import annotations

import re

import pytest

from tests.house.pages import ROOT, prose_of

EIGHTH_GRADE = 8.0
PLAIN = 60.0
"""From here on a Spanish text is "normal" on the scale of Fernández Huerta: about eighth grade, and easier above."""


def sentences_of(name: str) -> list[list[str]]:
    """Return the words of each sentence of a page; a cell, a heading and a line of a list are sentences of their own."""
    text = prose_of(ROOT / "docs" / name)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    text = re.sub(r"`[^`]*`", "it", text)
    text = re.sub(r"^#+ (.*)$", r"\1.", text.replace("|", ". "), flags=re.MULTILINE)
    said = (re.findall(r"[^\W\d_']+", one) for one in re.split(r"[.!?:]+(?:\s|$)|\n\n|\n- ", text))
    return [words for words in said if len(words) > 2]


def syllables_en(word: str) -> int:
    """Count groups of vowels, without a silent end."""
    word = word.lower()
    count = len(re.findall(r"[aeiouy]+", word))
    silent = (word.endswith("e") and not word.endswith(("le", "ee"))) or (
        word.endswith("ed") and word[-3:-2] not in ("t", "d")
    )
    return max(count - (silent and count > 1), 1)


def syllables_es(word: str) -> int:
    """Count nuclei: a strong vowel or a weak one with an accent is one, weak ones beside it belong to it."""
    return max(len(re.findall(r"[iuüy]?[aeoáéó][iuy]?|[íú]|[iuüy]+", word.lower())), 1)


def flesch_kincaid(name: str) -> float:
    said = sentences_of(name)
    words = [word for one in said for word in one]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables_en, words)) / len(words) - 15.59


def fernandez_huerta(name: str) -> float:
    said = sentences_of(name)
    words = [word for one in said for word in one]
    return 206.84 - 60 * sum(map(syllables_es, words)) / len(words) - 1.02 * len(words) / len(said)


@pytest.mark.parametrize("page", ["members.md", "team-leads.md", "moderators.md", "privacy.md"])
def test_an_english_page_is_for_eighth_grade_at_most(page: str):
    assert flesch_kincaid(page) <= EIGHTH_GRADE


def test_the_spanish_page_is_plain():
    assert fernandez_huerta("members.es.md") >= PLAIN


def test_a_page_to_hand_out_is_one_page():
    for page in ("members.md", "members.es.md"):
        assert sum(map(len, sentences_of(page))) <= 600


def test_the_measure_knows_a_hard_sentence():
    hard = "Notwithstanding institutional considerations, comprehensive methodological standardization necessitates administrative coordination"
    words = hard.replace(",", "").split()
    grade = 0.39 * len(words) + 11.8 * sum(map(syllables_en, words)) / len(words) - 15.59
    assert grade > 20
