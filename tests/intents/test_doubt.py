"""Doubt is decided by what words could be: what could be a need is asked about, the rest is kept with a receipt."""

from __future__ import annotations

import pytest

from bot.intents.classifier import understand
from bot.intents.intent import Intent, Invited, TalkFacts
from tests.intents.measure import AMBIGUOUS, CORPUS, stored_needs, unkept_answers, visited


@pytest.mark.parametrize(
    "text",
    [
        "How do we get sixth grade to read the directions?", "Is it the bell schedule, or are we asking too much of them", "¿Será el horario o soy yo?",
        "What if we dropped the Friday quiz?", "no more sticker charts", "I'd like to stop grading on Sundays", "nobody, I ate in my car",
        "haven't tried anything yet", "I canceled my newsletters, that was my week", "quisiera dejar de mandar tanta tarea",
        "Where do the coats go?", "How many desks is too many?",
    ],
)  # fmt: skip
def test_a_question_about_the_school_is_an_answer(text):
    assert understand(text) is Intent.ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "I gave it a month with my fifth graders, and I would rather not be asked about it again", "could these be quiet until the tests are over",
        "I typed a student's name up there and want it out", "before I answer I'd like to know who looks at it",
        "nos apuntaron a todos y nadie dijo qué hacer con esto", "me cambié de distrito, ya no me toca recibir esto",
        "me da miedo que lo lea el director",
    ],
)  # fmt: skip
def test_what_may_be_a_need_is_asked_about(text):
    assert understand(text, TalkFacts(awaited=True)) is not Intent.ANSWER


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Money", True), ("paciencia", True), ("the copier", True), ("strengths", True), ("awkward", True),
        ("idk", False), ("sdfgh", False), ("later", False), ("unsubscribb", False), ("nada", False),
    ],
)  # fmt: skip
def test_a_word_is_an_answer_where_one_is_awaited(text, kept):
    assert (understand(text, TalkFacts(awaited=True)) is Intent.ANSWER) is kept
    assert understand(text, TalkFacts(answering=True)) is not Intent.ANSWER or len(text.split()) > 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Are you a robot? They all answer \"fine\" like robots, so that's what I'd ask.", True), ("how are you really", True),
        ("When do you ask for help?", True), ("What can you do? Nobody told us anything about this.", False), ("how do I get out of this", False),
    ],
)  # fmt: skip
def test_where_a_question_is_asked_for_only_a_need_is_asked_about(text, kept):
    assert (understand(text, TalkFacts(invited=Invited.QUESTION)) is Intent.ANSWER) is kept


@pytest.mark.parametrize(
    ("held", "needs", "unkept", "plain"),
    [(False, ["danger"], 4, 3), (True, [], 4, 3)],
    ids=["read", "held back"],
)
def test_messages_of_a_third_stranger_are_understood_no_worse_than_they_were(held, needs, unkept, plain):
    for asked in (False, True):
        rows = visited(held=held, asked=asked)
        assert [one.label for one in stored_needs(rows)] == needs, "a fight in the hall is no disclosure"
        assert len(unkept_answers(rows)) <= unkept
        assert len([one for one in unkept_answers(rows) if one.number not in AMBIGUOUS]) <= plain


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("What's next? More of this, with fewer copies.", True), ("¿Cuál es la causa? Creo que el contrato del camión", True),
        ("Did it work? Sort of", True), ("Does it work? With half the class", True),
        ("What is this? My son signed me up", False), ("How do I stop this? My phone buzzes in class", False),
        ("Who reads this? The principal asked me", False),
    ],
)  # fmt: skip
def test_a_question_that_its_author_answers_is_an_answer(text, kept):
    assert (understand(text) is Intent.ANSWER) is kept


def test_only_few_lines_are_called_ambiguous_and_the_readme_names_them():
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert len(AMBIGUOUS) <= 8
    assert [number for number in AMBIGUOUS if f"- {number}:" not in readme] == []
