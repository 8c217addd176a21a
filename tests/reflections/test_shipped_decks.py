"""The decks that come with Tilth keep the rules their authors gave themselves: `prompts/README.md`, "What a good prompt is"."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.doctor.content import check_content
from bot.reflections.prompts.files import advise_on_deck, read_decks
from bot.reflections.prompts.model import Deck, Prompt

CONTENT = Path(__file__).parents[2] / "prompts"
DECKS = {deck.slug: deck for deck in read_decks(CONTENT)}
YEAR, START = DECKS["a-year-of-noticing"], DECKS["para-empezar"]
PROMPTS = [(deck.slug, one) for deck in DECKS.values() for one in deck.prompts]

SENSITIVE = {
    "the-sentence-that-stayed": "me",
    "i-say-it-when": "me",
    "nobody-pointed": "me",
    "saying-it-is-not-working": "anonymous",
    "who-gets-my-time": "anonymous",
}
"""An own mistake, grading a meeting, keeping quiet, private quotes, whom one neglects."""
ABOUT = ("lessons", "student-work", "numbers", "who-gets-less", "families", "multilingual-learners")
BRITISH = re.compile(
    r"\b(pupils?|staff ?room|corridors?|half[- ]term|timetable|term|whilst)\b",
    re.IGNORECASE,
)
SEASONAL = re.compile(
    r"next month|for one month|first morning|for five school days|for one week|mes que viene|una semana",
    re.IGNORECASE,
)


def texts(one: Prompt) -> list[str]:
    """Everything of a prompt that a person reads."""
    asks = [text for question in one.questions for text in (question.ask, question.answer.words())]
    return [one.title, *asks, one.one_line, one.deeper, *one.help_full, *one.help_half]


def count(deck: Deck) -> dict[str, int]:
    return dict(Counter(one.theme for one in deck.prompts))


def test_the_decks_have_as_many_prompts_as_their_pages_say():
    assert count(YEAR) == {
        "General": 14,
        "Prepare Your Soil": 14,
        "Change the Discourse": 15,
        "Center Student Perspectives": 14,
        "Look Again": 3,
    }
    assert "Sixty" in YEAR.about
    assert list(count(START).values()) == [5, 6, 6, 6, 1]
    assert "Veinticuatro" in START.about


@pytest.mark.parametrize("deck", DECKS.values(), ids=lambda one: one.slug)
def test_forms_change_from_prompt_to_prompt_and_around_the_end(deck):
    assert advise_on_deck(deck) == ()
    assert deck.prompts[0].form != deck.prompts[-1].form
    assert len({one.form for one in deck.prompts}) >= 8
    assert {one.level for one in deck.prompts} == {"reporting", "relating", "reasoning", "reconstructing"}


@pytest.mark.parametrize(("deck", "one"), PROMPTS, ids=lambda one: getattr(one, "slug", one))
def test_each_prompt_has_a_short_way_a_deeper_way_and_three_sizes_of_help(deck, one):
    assert one.one_line
    assert one.deeper.endswith(("?", ".")), "a step up is asked, or said"
    assert len(one.help_full) == 3
    assert len(one.help_half) == 2
    assert all(len(question.ask) < 300 for question in one.questions)
    for text in texts(one):
        assert "!" not in text
        assert not BRITISH.search(text), text


@pytest.mark.parametrize(("deck", "one"), PROMPTS, ids=lambda one: getattr(one, "slug", one))
def test_a_tap_is_a_whole_answer(deck, one):
    """A "no" needs no reason, and nothing is asked beside a tap."""
    taps = [question for question in one.questions if not question.answer.free_text]
    assert all(question.reason == "optional" for question in taps)
    assert not taps or len(one.questions) == 1
    if taps:
        assert re.search(r"\bOne tap\b|tocar|toque", one.one_line)


def test_what_is_asked_about_the_next_weeks_or_the_first_days_has_its_months():
    for _, one in PROMPTS:
        asked = " ".join((one.title, *(question.ask for question in one.questions)))
        if SEASONAL.search(asked):
            assert one.months, one.slug
            assert 6 not in one.months, "school is over, or nearly"
    first = next(one for one in YEAR.prompts if one.slug == "first-morning")
    assert first.months == (8, 9, 1)


def test_sensitive_prompts_stay_with_their_authors_or_come_without_names():
    assert {one.slug: one.audience for _, one in PROMPTS if one.audience} == SENSITIVE
    assert all(not one.questions[0].answer.free_text for one in YEAR.prompts if one.audience == "anonymous")


@pytest.mark.parametrize("tag", ABOUT)
def test_the_deck_asks_about_learning_and_who_gets_less_of_it(tag):
    assert sum(tag in one.tags for one in YEAR.prompts) >= 3


def test_a_prompt_that_would_wait_forever_or_not_at_all_is_advised_against(tmp_path):
    shutil.copytree(CONTENT, tmp_path / "prompts")
    deck = tmp_path / "prompts" / "reflections" / "a-year-of-noticing"
    soil = deck / "prepare-your-soil.yaml"
    text = soil.read_text().replace("    completes: yes\n", "")
    soil.write_text(text.replace("    tags: [meetings, trust]\n", "    completes: yes\n"))
    advice = [line for line in check_content(tmp_path / "prompts").advice if line.startswith("a-year")]
    [waits, comes_early] = sorted(advice)
    assert '"borrowed-from-a-kitchen" says that it completes root-causes/prepare-your-soil' in waits
    assert "It will not be asked." in waits
    assert '"our-problem-is" completes root-causes/prepare-your-soil' in comes_early
    assert "before the lesson has come" in comes_early
    assert not [line for line in check_content(CONTENT).advice if "completes: yes" in line]


def test_one_prompt_completes_each_lesson():
    found = [(one.lesson, one.slug) for one in YEAR.prompts if one.completes]
    assert found == [
        ("root-causes/prepare-your-soil", "our-problem-is"),
        ("root-causes/change-the-discourse", "we-thought-and-we-saw"),
        ("root-causes/center-student-perspectives", "you-told-us"),
        ("root-causes/look-again", "keep-change-or-drop"),
    ]
