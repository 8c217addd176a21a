"""Likely names are found, and a person's name is taken out; ordinary words are left alone."""

from __future__ import annotations

import pytest

from bot.team_plans.names import find_likely_names, replace_name

MEMBERS = ("Ada Quinn", "Will Fox")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Maria says that nobody waits.", ("Maria",)),
        ("We wait for DeShawn's group, and for Priya.", ("DeShawn", "Priya")),
        ("Ask Ms. Lopez, or Ada.", ("Lopez", "Ada")),
        ("Quinn knows it.", ("Quinn",)),
        ("«Nadie me pregunta», dijo Sofía.", ("Sofía",)),
    ],
)
def test_a_likely_name_is_found(text, names):
    assert find_likely_names(text, MEMBERS) == names


@pytest.mark.parametrize(
    "text",
    [
        "Nobody calls my house in Spanish. We asked on Monday.",
        "Will you wait? Hope is what we need.",
        "I need IEP and ELL words in math, and I'm slow.",
        "- Nobody asks us\n- Tests are long: Nobody reads them",
        "He said: “They never ask.”",
        "We are at Lincoln Middle School.",
        "",
    ],
)
def test_what_is_no_name_is_not_asked_about(text):
    assert find_likely_names(text, MEMBERS) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ada Quinn counted, ada quinn agreed.", "somebody counted, somebody agreed."),
        ("@Ada Quinn and Ada, but Adam stays.", "somebody and somebody, but Adam stays."),
        ("The Ada-day is the ada of all.", "The somebody-day is the ada of all."),
    ],
)
def test_a_name_is_taken_out(text, left):
    assert replace_name(text, "Ada Quinn", "somebody", given=True) == left


@pytest.mark.parametrize("name", ["Will", "Coach"])
def test_a_name_of_one_word_is_taken_out_elsewhere_only_where_it_is_addressed(name):
    text = f"Students {name.lower()} wait. {name} says so."
    assert replace_name(text, name, "somebody", given=False) == text
    assert replace_name(f"Ask @{name}.", name, "somebody", given=False) == "Ask somebody."
    assert replace_name(f"We asked {name}.", name, "somebody", given=True) == "We asked somebody."


def test_a_given_name_that_is_a_word_is_left_where_a_sentence_begins():
    text = "Will it help? Ask Will."
    assert replace_name(text, "Will Fox", "somebody", given=True) == "Will it help? Ask somebody."
    assert replace_name(text, "Will Fox", "somebody", given=False) == text
