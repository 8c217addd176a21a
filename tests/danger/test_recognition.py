"""Recognition: what was labeled by somebody else than whoever wrote the phrases, and never read by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.danger.recognition import discloses_danger

CORPUS = Path(__file__).parent / "corpus"
"""Invented messages, a JSON object a line. Only the `dev` halves may be read by whoever changes the phrases."""


def rate(name):
    """The share of messages of a file that are taken for a disclosure."""
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    return sum(map(discloses_danger, texts)) / len(texts)


def test_of_a_hundred_disclosures_ninety_five_are_recognized():
    assert rate("danger_test") >= 0.95


def test_of_a_hundred_ordinary_answers_one_at_most_is_taken_for_a_disclosure():
    assert rate("ordinary_test") <= 0.01


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
