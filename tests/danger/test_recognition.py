"""Recognition: what was labeled by somebody else than whoever wrote the phrases and weights, and never read by them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.danger.phrases import read_phrases
from bot.danger.recognition import ENOUGH, discloses_danger, read_weights, weigh_text
from bot.danger.stretches import SIZE, make_plain, split_stretches
from tests.intents.measure import STORED, measured

CORPUS = Path(__file__).parent / "corpus"
"""Invented messages, a JSON object a line. Only `train` may be read by whoever changes phrases or weights: the others say
how good they are."""


@cache
def messages(name):
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def rate(name, *how):
    """The share of messages of a file, of these kinds, that are taken for a disclosure."""
    texts = [one["text"] for one in messages(name) if not how or one["how"] in how]
    return sum(map(discloses_danger, texts)) / len(texts)


def test_disclosures_are_recognized_as_often_as_the_readme_says():
    assert rate("danger_held", "plain") >= 0.97
    assert rate("danger_held", "embedded") >= 0.90
    assert rate("danger_held", "plain", "embedded") >= 0.95
    assert rate("danger_held", "hinted") >= 0.40


def test_of_a_hundred_ordinary_answers_one_at_most_is_taken_for_a_disclosure():
    assert rate("ordinary_held", "answer") <= 0.01


def test_what_is_made_to_sound_like_it_is_seldom_taken_for_it():
    assert rate("ordinary_held", "hard") <= 0.04
    assert rate("ordinary_test") <= 0.031


def test_of_disclosures_that_were_made_hard_to_see_most_are_recognized():
    assert rate("danger_test") >= 0.68


@pytest.mark.parametrize(("name", "most"), [("own", 0), ("stranger", 0), ("unread", 6), ("visitor", 1)])
def test_answers_to_the_bot_are_seldom_taken_for_a_disclosure(name, most):
    rows = measured(name)
    assert sum(one.alarms for one in rows if one.label in STORED) <= most
    assert not [one for one in rows if one.alarms and one.label not in (*STORED, "danger")], "nor is a wish"
    assert sum(one.alarms for one in rows if one.label == "danger") == (7 if name == "visitor" else 0)


def test_no_message_that_judges_was_learned_from():
    learned = {one["text"] for one in messages("train")}
    for name in ("danger_held", "ordinary_held", "danger_test", "ordinary_test"):
        assert not [one for one in messages(name) if one["text"] in learned], name


@pytest.mark.parametrize(
    "text", ["The stairs.", "And the stairs?", "Said at home.", "Stairs", "Her dad.", "She told me. The bus."]
)
def test_a_few_words_are_no_disclosure_unless_a_phrase_says_so(text):
    assert not discloses_danger(text)
    assert discloses_danger("She wants to die.")


def test_a_phrase_may_begin_with_a_group_of_words():
    assert read_phrases().names_danger(make_plain("Her dad hits her."))
    lines = {one.line for one in read_phrases().sections["danger"]}
    assert [one for one in lines if one.startswith("@adult ")]


def test_a_long_sentence_is_weighed_in_stretches_so_that_nothing_drowns_in_it():
    quiet = "and we counted who was missing and asked them why over lunch with the whole team "
    text = f"{quiet * 3} and then she told me that she wants to kill herself {quiet * 3}"
    assert all(len(one) <= SIZE + 2 for one in split_stretches(make_plain(text)))
    assert discloses_danger(text)


def test_what_is_weighed_is_a_readable_list():
    weights = read_weights()
    assert len(weights) > 10_000
    assert weights["w", "matarse"] > 0 > weights["w", "soccer"]
    assert weigh_text("") < ENOUGH


@pytest.mark.parametrize(
    "text",
    [
        "I could kill for a coffee.", "Just killing time before bus duty.", "Suicide prevention training was on Tuesday.",
        "My head is killing me.", "Shoot me an email.", "", "😂", "In the novel his wife is hit by her father.", "Me quiero morir, lo mandé a todos 😂", "The novel is about a girl whose father beats her.",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_none(text):
    assert not discloses_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "she wants to die", "SHE DOESN’T WANT TO LIVE ANYMORE", "dice que ya no quiere vivir", "su papá la golpeó anoche",
        "After the suicide prevention training a student told me he wants to kill himself.", "my husband choked me last night",
    ],
)  # fmt: skip
def test_accents_apostrophes_and_capitals_change_nothing(text):
    assert discloses_danger(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)) | st.text(alphabet="aB'`_.!?;\n\t -9\x1f"))
def test_a_text_of_plain_letters_is_read_like_any_other(text):
    among_others = make_plain(f"{text} é")  # one letter with an accent, and all of it is read the long way
    assert f"{make_plain(text).strip()} e".strip() == among_others.strip()
