"""Forms become modals that Discord takes, and what is filled in comes back by name."""

from __future__ import annotations

from datetime import datetime

import pytest

from adapters.discord import forms
from adapters.discord.open_modals import OpenModals
from bot.chat.forms import (
    Choice,
    Choices,
    DateTime,
    Form,
    Hint,
    LongText,
    Pick,
    Scale,
    ShortText,
    read_fields,
)
from tests.contract.door import THINGS, WORDS
from tests.fakes.discord.form_limits import check_modal

OPTIONS = tuple((str(n), f"Option {n}") for n in range(10))


def labels(modal):
    return [part.get("label") or part["content"] for part in modal["components"]]


@pytest.mark.parametrize("form", [WORDS, THINGS])
def test_every_kind_of_field_is_within_every_limit(form):
    check_modal(forms.modal_payload(form))


def test_fields_at_the_edge_of_every_limit_are_taken():
    long, option = "Why " * 75, "An option with many words " * 6
    fields = (
        ShortText("a", long, hint=long, value="x" * 200),
        LongText("b", long, value="y" * 3000, limit=3000),
        Choice("c", long, tuple((str(n), option) for n in range(10))),
        Choices("d", long, OPTIONS, required=False),
        Scale("e", long, 0, 9, "not at all " * 20, "very much"),
    )
    modal = forms.modal_payload(Form("f", "T" * 45, (Hint(long * 20), *fields), "v" * 98))
    check_modal(modal)
    assert len(modal["components"]) == 5
    assert forms.read_modal_id(modal["custom_id"]) == ("f", "v" * 98)


@pytest.mark.parametrize("count", [1, 2, 10])
def test_any_number_of_options_is_taken(count):
    check_modal(
        forms.modal_payload(
            Form("f", "T", (Choice("c", "Which", OPTIONS[:count]), Choices("d", "Which", OPTIONS[:count])))
        )
    )


def test_a_long_question_stands_whole_above_its_field_where_there_is_room():
    question = "What did you try this week that you would not have dared to try a year ago, and what came of it for whom, and how do you know it?"
    question += " Say more, in your own words and at your own length."
    modal = forms.modal_payload(Form("f", "T", (LongText("a", question), Choice("c", "Who", OPTIONS[:2]))))
    check_modal(modal)
    assert question in modal["components"][0]["content"]
    crowded = forms.modal_payload(Form("f", "T", tuple(LongText(f"a{n}", question) for n in range(5))))
    check_modal(crowded)
    first = crowded["components"][0]
    assert (
        (first["label"] + first["description"])
        .replace("……", " ")
        .startswith("What did you try this week that you would not have dared")
    )


def test_a_label_that_is_a_little_too_long_goes_on_in_the_description():
    modal = forms.modal_payload(
        Form("f", "T", (LongText("a", "What did you notice about the way people came in?"),))
    )
    [part] = modal["components"]
    assert (part["label"], part["description"]) == ("What did you notice about the way people…", "…came in?")


def test_hints_go_where_room_is_left_and_are_never_dropped():
    roomy = forms.modal_payload(Form("f", "T", (ShortText("a", "A"), Hint("Think **twice**."))))
    assert labels(roomy) == ["A", "Think **twice**."]
    five = tuple(ShortText(name, name.upper()) for name in "abcde")
    crowded = forms.modal_payload(Form("f", "T", (*five[:2], Hint("Think twice."), *five[2:])))
    assert labels(crowded) == list("ABCDE")
    assert crowded["components"][1]["description"] == "Think twice."
    first = forms.modal_payload(Form("f", "T", (Hint("Think **twice**."), *five)))
    assert first["components"][0]["description"] == "Think twice."


def filled(modal, **given):
    """What Discord sends: each field with what was given, else with what it held."""
    sent = []
    for part in modal["components"]:
        if part["type"] != 18:
            continue
        field = part["component"]
        chosen = [one["value"] for one in field.get("options", ()) if one.get("default")] or [
            one["id"] for one in field.get("default_values", ())
        ]
        value = given.get(
            field["custom_id"],
            chosen if field["type"] not in (4, 21) else field.get("value", "".join(chosen)),
        )
        key = "value" if field["type"] in (4, 21) else "values"
        sent.append(
            {"type": 18, "component": {"type": field["type"], "custom_id": field["custom_id"], key: value}}
        )
    return forms.read_fields(sent)


def test_a_notice_stands_before_long_questions_whatever_room_they_want():
    questions = [LongText(f"q{n}", "What did you see " * 15) for n in range(4)]
    shown = forms.modal_payload(Form("f", "T", (Hint("**Who reads it:** nobody."), *questions)))["components"]
    assert shown[0] == {"type": 10, "content": "**Who reads it:** nobody."}
    assert len(shown) == 5


def test_a_form_sent_untouched_comes_back_as_it_was():
    values, errors = read_fields(WORDS, filled(forms.modal_payload(WORDS)))
    assert errors == {}
    assert values == {
        "short": "as it was",
        "long": "one\ntwo",
        "choice": "b",
        "choices": ("a", "c"),
        "scale": 4,
    }


def test_things_come_back_as_ids_and_times():
    given = filled(forms.modal_payload(THINGS), member=["1759"], channel=["42"], any=[])
    values, errors = read_fields(THINGS, given)
    assert errors == {}
    assert values == {
        "when": datetime(2026, 10, 9, 18, 30), "member": "1759", "channel": "42", "maybe": None, "any": (),  # noqa: DTZ001
    }  # fmt: skip


def test_the_role_that_everybody_has_comes_back_as_a_word():
    picked = [{"component": {"custom_id": "group", "type": 6, "values": ["70"]}}]
    assert forms.read_fields(picked, "70") == {"group": "everyone"}
    assert forms.read_fields(picked, "71") == {"group": "70"}


def test_a_form_that_was_refused_opens_again_with_what_was_filled_in():
    fields = {"short": "no", "long": "All of it.", "choice": "a", "choices": ("c",), "scale": "1"}
    again = forms.modal_payload(WORDS, fields)
    check_modal(again)
    assert filled(again) == fields
    wrong = forms.modal_payload(THINGS, {"when": "tomorrow", "member": "1759", "any": ("a",), "maybe": ""})
    check_modal(wrong)
    assert filled(wrong)["member"] == "1759"


def test_a_time_says_which_zone_it_is_in_and_how_to_write_it():
    modal = forms.modal_payload(
        Form("f", "T", (DateTime("at", "When", "Europe/Dublin"), Pick("who", "Who", "member")))
    )
    assert "Europe/Dublin" in modal["components"][0]["description"]
    assert modal["components"][0]["component"]["placeholder"] == "2026-10-02 18:30"


def test_a_form_that_opens_late_holds_what_it_was_filled_with():
    late = Form("f", "T", (LongText("t", "Text", value="We tried it."), ShortText("s", "Short")), "o57")
    modals = OpenModals()
    modals.keep_filled(7, late)
    plain = Form("f", "T", (LongText("t", "Text"), ShortText("s", "Short")), "o57")
    kept = modals.open_form(7, plain)
    assert kept == {"t": "We tried it."}
    shown = forms.modal_payload(plain, kept)
    assert "We tried it." in str(shown)
