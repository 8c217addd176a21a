"""What is looked up fast says the same as what is worked out step by step, for every message of every corpus."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.danger.phrases import read_phrases
from bot.danger.recognition import ENOUGH, discloses_danger, weigh_whole
from bot.danger.stretches import make_plain
from bot.intents.sentences import read_intent_phrases, split_sentences
from bot.phrases import Phrase, PhraseBook

ROOMS = [Path(__file__).parents[1] / room / "corpus" for room in ("intents", "danger")]
EVERY = 5
"""Of the sets that are learned from, each fifth message: they have 24,000."""


@cache
def texts() -> tuple[str, ...]:
    found: dict[str, None] = {}
    for file in sorted(file for room in ROOMS for file in room.glob("*.jsonl")):
        lines = file.read_text(encoding="utf-8").splitlines()
        found |= {
            json.loads(one)["text"]: None for one in lines[:: EVERY if file.stem == "train" else 1] if one
        }
    return tuple(found)


def stands(phrases: tuple[Phrase, ...], text: str) -> set[str]:
    """The lines whose phrase stands in a text, each one looked for."""
    return {one.line for one in phrases if one.pattern.search(text)}


def same_phrases(book: PhraseBook, text: str) -> bool:
    """Whether the phrases that are found by their words are those that stand in a text."""
    for name, phrases in book.sections.items():
        found = {one.line for one, _ in book.find(text, name)}
        if found != stands(phrases, text) or book.has(text, name) is not bool(found):
            return False
        opened = {match.end() for one in phrases if (match := one.pattern.match(text)) is not None}
        if set(book.find_openings(text, name)) != opened:
            return False
        words = text.split()
        if opened and not book.may_begin(words[0], name):
            return False
        closed = any(match.end() == len(text) - 1 for _, match in book.find(text, name))
        if closed and not book.may_end(words[-1], name):
            return False
    return True


def test_phrases_are_found_by_their_words_as_if_each_was_looked_for():
    assert [
        text
        for text in texts()[::40]
        for one in split_sentences(text)
        if not same_phrases(read_intent_phrases(), one.text)
    ] == []
    assert [text for text in texts()[::40] if not same_phrases(read_phrases(), make_plain(text))] == []


def test_danger_is_recognized_as_if_every_stretch_was_weighed():
    assert [text for text in texts() if discloses_danger(text) is not (weigh_whole(text) >= ENOUGH)] == []


@given(
    st.lists(st.integers(min_value=0), min_size=1, max_size=4),
    st.sampled_from((" ", ". ", ", ", " y ", " and ")),
)
def test_so_it_is_where_messages_are_put_together(picks, joint):
    text = joint.join(texts()[one % len(texts())] for one in picks)
    assert discloses_danger(text) is (weigh_whole(text) >= ENOUGH)
