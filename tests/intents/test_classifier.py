"""Understanding: nothing that asks for something is stored, and hardly an answer is asked about."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.intents.classifier import find_wishes, understand
from bot.intents.features import weigh_text
from bot.intents.intent import Intent, Invited, TalkFacts, TapQuestion
from bot.intents.open_prompts import read_invitations
from bot.intents.values import read_value
from tests.intents.measure import (
    NEWCOMER,
    REQUESTS,
    SETS,
    STORED,
    UNREAD,
    measured,
    messages,
    right,
    stored_needs,
    stored_requests,
    stored_unclear,
    unkept_answers,
)

ORDINARY = Path(__file__).parents[1] / "danger" / "corpus" / "ordinary_held.jsonl"
"""Invented answers, and some talk between them, of which no weight was learned."""
FOUND = sorted((Path(__file__).parents[1] / "search").rglob("corpus.jsonl"))
"""Invented answers by four authors who wrote them for another purpose, and thought of no talk with a bot; none was learned from."""
SCALE = TapQuestion(tuple((str(one), str(one)) for one in range(1, 6)))
YES_NO = TapQuestion((("yes", "Yes"), ("no", "No")))
WAYS = TapQuestion((("0", "At home"), ("1", "At school"), ("2", "Both of them")))


def test_a_third_of_the_messages_are_by_somebody_who_had_not_seen_the_rules():
    own, stranger = (len(messages(name)) for name in SETS)
    assert own + stranger >= 300
    assert stranger >= (own + stranger) / 3


@pytest.mark.parametrize("name", SETS)
def test_no_wish_and_nothing_unclear_is_ever_stored(name):
    assert stored_requests(measured(name)) == []
    assert stored_unclear(measured(name)) == []
    assert stored_needs(measured(name, asked=True)) == [], "where the open prompt asks for a question"


@pytest.mark.parametrize("name", SETS)
def test_most_messages_are_taken_for_what_was_meant(name):
    assert right(measured(name)) >= 0.91


def test_at_most_two_of_a_hundred_answers_are_asked_about():
    rows = [one for name in SETS for one in measured(name)]
    answers = [one for one in rows if one.label in STORED]
    lost = [one for one in unkept_answers(rows) if not one.hard]
    assert len(lost) <= 0.02 * len(answers), [one.text for one in lost]


def test_messages_that_nobody_of_us_has_read_are_understood_no_worse_than_they_were():
    rows = measured(UNREAD)
    wishes = sum(one.label in REQUESTS for one in rows)
    assert (wishes, len(rows) - wishes) == (129, 109)
    assert stored_requests(rows) == []
    assert len(unkept_answers(rows)) <= 5, "the goal is two"
    asked = measured(UNREAD, asked=True)
    assert stored_requests(asked) == []
    assert len(unkept_answers(asked)) <= 5, "where the open prompt asks for a question"


def test_hard_messages_that_nobody_of_us_has_read_are_understood_no_worse_than_they_were():
    for asked in (False, True):
        rows = measured(NEWCOMER, asked=asked)
        assert len(stored_requests(rows)) <= 11, "of 70; the goal is none"
        assert len(stored_needs(rows)) <= 6, "the goal is none"
        assert stored_unclear(rows) == []
        assert len(unkept_answers(rows)) <= 22, "of 145; the goal is three"


@cache
def ordinary_answers() -> tuple[str, ...]:
    lines = map(json.loads, ORDINARY.read_text(encoding="utf-8").splitlines())
    return tuple(one["text"] for one in lines if one["how"] == "answer" and len(one["text"].split()) >= 8)


def test_long_answers_of_another_set_are_kept_at_once():
    asked = [text for text in ordinary_answers() if "?" not in text and understand(text) is not Intent.ANSWER]
    assert len(asked) <= 0.03 * len(ordinary_answers()), asked


def test_answers_that_were_written_to_be_found_are_kept_at_once():
    lines = [json.loads(line) for one in FOUND for line in one.read_text(encoding="utf-8").splitlines()]
    answers = [one["text"] for one in lines if one["kind"] == "answer"]
    asked = [text for text in answers if understand(text) is not Intent.ANSWER]
    assert len(answers) >= 400
    assert len(asked) <= 0.005 * len(answers), asked


@pytest.mark.parametrize(
    "text",
    [
        "Stop asking kids to line up. That was my moment.", "this schedule is killing me",
        "I noticed that when I said stop talking they did", "A kid told me leave me alone", "Un alumno me pidió ayuda",
        "Help. That is what she finally asked for, in front of everybody in the room.", "They wrote “please stop” on the board.",
        "We tried wait time", "The caretaker.",
    ],
)  # fmt: skip
def test_what_is_said_around_a_word_decides(text):
    assert understand(text) is Intent.ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Dejé de gritar y empecé a preguntar", "Who is missing? The dads", "¿Quién falta? Los papás que trabajan de noche",
        "\"Why do you always call on the same people?\" ouch", "Why do we line them up?", "The kids were calm all week. Is it the weather?",
        "Team time got cut again", "Start with names", "Delete half the slides", "She raised her hand",
    ],
)  # fmt: skip
def test_what_asks_or_sounds_like_a_wish_is_an_answer_all_the_same(text):
    assert understand(text) is Intent.ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "I moved to another campus, you can take my number out of here",
        "that text was meant for my sister", "somebody told me the principal reads these, is that so",
        "when I leave I don't want my answers staying here", "I wrote something in October and would love to read it again",
    ],
)  # fmt: skip
def test_a_wish_in_a_roundabout_way_is_not_kept_as_an_answer(text):
    assert understand(text) is not Intent.ANSWER


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("please stop", Intent.STOP), ("STOPP", Intent.STOP), ("no quiero más mensajes", Intent.STOP),
        ("hlep", Intent.HELP), ("que es esto", Intent.HELP), ("delete that", Intent.TAKE_BACK),
        ("delete everything", Intent.DELETE_DATA), ("ok ya stop please no more mensajes", Intent.STOP),
        ("We had a good week and the groups worked. Please stop messaging me.", Intent.STOP),
    ],
)  # fmt: skip
def test_a_wish_is_understood_in_two_languages_with_typing_errors_and_beside_other_words(text, wish):
    assert understand(text) is wish
    assert wish in find_wishes(text)


def test_never_mind_takes_back_only_after_an_answer():
    assert understand("oops wrong chat", TalkFacts(answering=True)) is Intent.TAKE_BACK
    assert understand("oops wrong chat") is not Intent.TAKE_BACK


@pytest.mark.parametrize(
    ("prompt", "asks"),
    [
        ("What would you ask a student this week?", True), ("Which question could you have ready next time?", True),
        ("¿Qué pregunta le harías a una familia?", True), ("¿Qué le preguntarías?", True),
        ("What surprised you this week?", False), ("Which task took longest?", False), ("¿Quién faltó?", False),
    ],
)  # fmt: skip
def test_a_prompt_that_speaks_of_asking_asks_for_a_question(prompt, asks):
    assert (Invited.QUESTION in read_invitations(["Who was there?", prompt])) is asks


@pytest.mark.parametrize(
    ("text", "without", "asked"),
    [
        ("What should I know about you?", Intent.QUESTION, Intent.ANSWER), ("How are you, really?", Intent.ANSWER, Intent.ANSWER),
        ("Why do you come to school?", Intent.ANSWER, Intent.ANSWER), ("Are you a morning person?", Intent.QUESTION, Intent.UNCLEAR),
        ("What do you need from me?", Intent.HELP, Intent.UNCLEAR), ("What is this?", Intent.HELP, Intent.HELP),
        ("How do I stop this?", Intent.STOP, Intent.STOP), ("Who reads this?", Intent.READERS, Intent.READERS),
        ("Where do you feel safe?", Intent.ANSWER, Intent.ANSWER),
    ],
)  # fmt: skip
def test_the_open_prompt_decides_about_a_question(text, without, asked):
    assert understand(text) is without
    assert understand(text, TalkFacts(invited=Invited.QUESTION)) is asked


def test_a_wish_and_a_longer_report_are_asked_about():
    text = "We tried the new seating chart and the afternoon was calmer for everybody. What is this?"
    assert understand(text) is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("4", "4", ""), ("four", "4", ""), ("cuatro", "4", ""), ("I'd say a 4", "4", ""), ("4/5", "4", ""),
        ("4 - because the hallway was calmer", "4", "because the hallway was calmer"),
        ("un 3 porque llovió", "3", "porque llovió"), ("3 out of 5, long week", "3", "long week"),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_reason(text, value, reason):
    found = read_value(text, (SCALE,))
    assert found is not None
    assert (found.value, found.reason) == (value, reason)
    assert understand(text, TalkFacts((SCALE,))) is Intent.VALUE


@pytest.mark.parametrize(
    "text", ["4 kids answered today", "4-5", "4.5", "7", "no one spoke", "12 of them left early"]
)
def test_what_only_begins_with_a_number_or_a_no_is_no_value(text):
    assert read_value(text, (SCALE,)) is None
    assert read_value(text, (YES_NO,)) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", "yes"), ("Sí", "yes"), ("nope", "no"), ("No, we ran out of time", "no"), ("todavía no", "no")],
)
def test_yes_and_no_are_read_in_both_languages(text, value):
    found = read_value(text, (YES_NO,))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("at school", "1"),
        ("the second one", "1"),
        ("la primera", "0"),
        ("B", "1"),
        ("both", "2"),
        ("the last", "2"),
    ],
)
def test_an_option_is_read_by_its_words_letter_or_place(text, value):
    found = read_value(text, (WAYS,))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("the second one: 5", 1, "5"), ("first: 2", 0, "2"), ("la segunda 4", 1, "4"), ("5 for the first one", 0, "5"),
        ("question 2: 3", 1, "3"), ("3", 1, "3"),
    ],
)  # fmt: skip
def test_a_value_goes_to_the_question_that_it_names_and_else_to_the_last(text, question, value):
    found = read_value(text, (SCALE, SCALE))
    assert found is not None
    assert (found.question, found.value) == (question, value)


def test_every_word_that_a_text_tells_people_to_write_is_understood():
    with (Path(__file__).parents[2] / "bot/locale/es.po").open("rb") as file:
        catalog = read_po(file)
    texts = [text for one in catalog for text in (one.id, one.string) if isinstance(text, str)]
    told = [
        word
        for text in texts
        for word in re.findall(r"(?:[Ww]rite|[Ee]scribe) \**([a-z]+)\** (?:to|para)\b", text)
    ]
    told = [word for word in told if word not in ("it", "only")]
    assert {"stop", "resume", "alto", "reanudar", "help"} <= set(told)
    assert [word for word in told if understand(word) not in (Intent.STOP, Intent.START, Intent.HELP)] == []
    assert understand("ayuda") is Intent.HELP


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("She read my messages out loud. I asked her to send me the list. It helped.", 1),
        ("We asked the students first this time. They named three things. Nobody had left by noon.", 0),
    ],
)
def test_an_answer_that_asks_nothing_is_weighed_once_at_most(text, times):
    understand.cache_clear()
    weigh_text.cache_clear()
    assert understand(text) is Intent.ANSWER
    assert weigh_text.cache_info().misses == times, (
        "none where its words alone are far from any talk with the bot"
    )
