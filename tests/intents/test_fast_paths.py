"""What is looked up fast says the same as what is worked out step by step, for every message of every corpus."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import word_weights
from bot.danger.phrases import read_phrases
from bot.danger.recognition import ENOUGH, discloses_danger, weigh_whole
from bot.danger.stretches import make_plain
from bot.intents import features
from bot.intents.classifier import _wish_of_clause, may_come_apart
from bot.intents.intent import TalkFacts
from bot.intents.own_questions import may_need
from bot.intents.sentences import Sentence, read_intent_phrases, split_clauses, split_sentences
from bot.phrases import Phrase, PhraseBook
from bot.word_weights import HALF, name_feature, pack_weights, read_name, read_weights, unpack_weights

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


def is_told(text: str) -> bool:
    """Whether a message weighs so little for anything but an answer that it could not be taken for more."""
    weight = features.weigh_text(text)
    return weight.talk <= 0 and not may_need(weight)


def test_a_message_that_is_not_weighed_as_a_whole_would_not_weigh_more():
    spared = [text for text in texts() if not features.may_talk(text)]
    assert len(spared) > 1_500
    assert [text for text in spared if not is_told(text)] == []


def is_nothing_for_us(clause: Sentence) -> bool:
    """Whether a clause is no wish, and not only polite."""
    polite = (clause.thanks or clause.greets) and not clause.words
    return not polite and _wish_of_clause(clause, TalkFacts(answering=True)) is None


def test_a_sentence_that_is_not_split_has_no_clause_that_is_a_wish_or_only_polite():
    whole = [one for text in texts()[::2] for one in split_sentences(text) if not may_come_apart(one)]
    clauses = [clause for one in whole for clause in split_clauses(one)]
    assert len(clauses) > 2_000
    assert [one.text for one in clauses if not is_nothing_for_us(one)] == []


def test_danger_is_recognized_as_if_every_stretch_was_weighed():
    assert [text for text in texts() if discloses_danger(text) is not (weigh_whole(text) >= ENOUGH)] == []


@given(
    st.lists(st.integers(min_value=0), min_size=1, max_size=4),
    st.sampled_from((" ", ". ", ", ", " y ", " and ")),
)
def test_so_it_is_where_messages_are_put_together(picks, joint):
    text = joint.join(texts()[one % len(texts())] for one in picks)
    assert discloses_danger(text) is (weigh_whole(text) >= ENOUGH)
    assert features.may_talk(text) or is_told(text)


# ── weights ───────────────────────────────────────────────────────────────────


FILES = [Path(word_weights.__file__).with_name(room) / "weights.tsv" for room in ("intents", "danger")]


def lines(file: Path) -> list[tuple[str, tuple[int, ...]]]:
    found = [one.split("\t") for one in file.read_text(encoding="utf-8").splitlines() if one]
    return [(name, tuple(map(int, weights))) for name, *weights in found]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_weights_are_those_of_their_file_and_no_sum_of_them_leaves_its_room(file):
    weights, written = read_weights(file), lines(file)
    assert len(weights) == len(written)
    assert [name for name, one in written if unpack_weights(weights[read_name(name)], len(one)) != one] == []
    assert [name for name, _ in written if name_feature(read_name(name)) != name] == []
    columns = [*zip(*(one for _, one in written), strict=True)]
    for column in columns if len(columns) > 1 else ():
        assert sum(one for one in column if one > 0) < HALF
        assert sum(one for one in column if one < 0) > -HALF


def test_a_message_weighs_what_its_features_weigh_one_by_one():
    written = dict(lines(FILES[0]))
    for text in ["", *texts()[::60]]:
        names = {name_feature(one) for one in features.features_of(text)}
        sums = [sum(written.get(name, (0, 0, 0))[at] for name in names) for at in range(3)]
        expected = [
            (written[""][at] + sums[at] / (len(names) or 1) ** 0.5) / features.UNIT for at in range(3)
        ]
        weight = features.weigh_text(text)
        assert [weight.talk, weight.stop, weight.need] == pytest.approx(expected, abs=1e-9), text


@given(st.lists(st.tuples(*[st.integers(-1000, 1000)] * 3), max_size=50))
def test_sums_of_several_weights_come_out_of_one_sum(weights):
    found = unpack_weights(sum(map(pack_weights, weights)), 3)
    assert found == tuple(sum(one[at] for one in weights) for at in range(3))
