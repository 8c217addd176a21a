"""Forms on Slack and back: every kind of field, at its limits."""

from __future__ import annotations

from datetime import datetime

import pytest

from adapters.slack import forms
from adapters.slack.blocks import EMPTY
from bot.chat.forms import (
    Choice,
    Choices,
    DateTime,
    FieldErrors,
    Form,
    Hint,
    LongText,
    Pick,
    Scale,
    ShortText,
    read_fields,
)
from tests.contract.door import THINGS, WORDS
from tests.fakes.slack.blocks import check_view

TEN = tuple((f"v{n}", f"Option {n}") for n in range(10))


def view_of(*fields, title="A form", submit="Save"):
    return forms.modal_view(Form("f", title, fields, "v", submit), "{}")


def element(field):
    [block] = view_of(field)["blocks"]
    assert check_view([block], "modal", {}) == []
    return block["element"]


def state(view, **values):
    """A state as Slack sends it: what was begun with, and what was put in."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            given = block["element"]
            name = block["block_id"].removeprefix("field:")
            found[block["block_id"]] = {given["action_id"]: {"type": given["type"], **values.get(name, {})}}
    return {"state": {"values": found}}


@pytest.mark.parametrize("form", [WORDS, THINGS], ids=["words", "things"])
def test_every_kind_of_field_is_accepted(form):
    made = forms.modal_view(form, "x" * 2000)
    assert check_view(made["blocks"], "modal", {}) == []


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Short", "Short"), ("x" * 24, "x" * 24), ("x" * 25, "x" * 23 + "…"),
        ("Your reflection for this week", "Your reflection for…"), ("Change the rhythm of the deck", "Change the rhythm of…"),
    ],
)  # fmt: skip
def test_a_title_is_cut_at_a_word(title, cut):
    assert forms.modal_title(title) == cut
    assert len(cut) <= forms.TITLE


def test_texts_have_their_limit_and_begin_with_what_was_there():
    long = element(LongText("t", "Text", value="y" * 3000, limit=3000))
    assert (long["max_length"], len(long["initial_value"]), long["multiline"]) == (3000, 3000, True)
    short = element(ShortText("t", "Text", limit=80))
    assert (short["max_length"], short["multiline"], "initial_value" in short) == (80, False, False)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Choice("c", "C", TEN[:5]), "radio_buttons"), (Choice("c", "C", TEN[:6]), "static_select"),
        (Choice("c", "C", TEN[:3], required=False), "static_select"), (Choices("c", "C", TEN), "checkboxes"),
        (Scale("s", "S", 1, 5), "radio_buttons"), (Scale("s", "S", 1, 10), "static_select"),
        (Pick("p", "P", "member"), "users_select"), (Pick("p", "P", "channel"), "conversations_select"),
        (DateTime("d", "D", "Europe/Dublin"), "datetimepicker"),
    ],
)  # fmt: skip
def test_each_field_has_its_element(field, kind):
    assert element(field)["type"] == kind


def test_long_and_empty_options_are_taken_and_come_back_as_they_were():
    field = Choice("c", "C", (("", "Nobody"), ("a" * 150, "x" * 200)), required=False)
    made = view_of(field)
    assert check_view(made["blocks"], "modal", {}) == []
    chosen = made["blocks"][0]["element"]["options"][0]
    assert chosen["value"] == EMPTY
    assert forms.read_fields(state(made, c={"selected_option": chosen})) == {"c": ""}


def test_a_scale_says_what_its_ends_mean():
    options = [one["text"]["text"] for one in element(Scale("s", "S", 1, 3, "little", "much"))["options"]]
    assert options == ["1 – little", "2", "3 – much"]


def test_what_was_filled_in_is_what_the_core_reads():
    made = forms.modal_view(WORDS, "{}")
    options = {
        block["block_id"]: block["element"].get("options")
        for block in made["blocks"]
        if block["type"] == "input"
    }
    raw = forms.read_fields(
        state(
            made, short={"value": "A few"}, long={"value": "one\ntwo"},
            choice={"selected_option": options["field:choice"][2]},
            choices={"selected_options": options["field:choices"][:2]},
            scale={"selected_option": options["field:scale"][4]},
        )
    )  # fmt: skip
    values, errors = read_fields(WORDS, raw)
    assert errors == {}
    assert values == {"short": "A few", "long": "one\ntwo", "choice": "c", "choices": ("a", "b"), "scale": 5}


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("Europe/Dublin", "2026-10-05 09:30"),
        ("America/New_York", "2026-10-05 04:30"),
        ("Asia/Kolkata", "2026-10-05 14:00"),
    ],
)
def test_a_time_is_the_local_time_of_the_forms_zone_whoever_picks_it(zone, local):
    made = view_of(DateTime("d", "When", zone))
    found = forms.read_fields(state(made, d={"selected_date_time": 1791189000}))["d"]
    assert f"{found:%Y-%m-%d %H:%M}" == local
    assert found.tzinfo is None


@pytest.mark.parametrize("wall", ["2026-10-25 01:30", "2026-03-29 03:30", "2026-07-01 12:00"])
def test_a_time_that_the_form_begins_with_comes_back_as_it_was(wall):
    value = datetime.fromisoformat(wall)
    made = view_of(DateTime("d", "When", "Europe/Dublin", value=value))
    given = made["blocks"][0]["element"]["initial_date_time"]
    assert forms.read_fields(state(made, d={"selected_date_time": given}))["d"] == value


def test_what_was_left_empty_is_empty():
    made = view_of(
        DateTime("d", "D", "UTC", required=False), Pick("p", "P", "member", required=False),
        ShortText("t", "T", required=False), Choice("c", "C", TEN, required=False), Choices("m", "M", TEN, required=False),
    )  # fmt: skip
    assert forms.read_fields(state(made)) == {"d": "", "p": "", "t": "", "c": "", "m": ()}


def test_errors_stand_at_their_fields_and_one_without_a_field_at_the_first():
    made = view_of(ShortText("a", "A"), Hint("between"), ShortText("b", "B"))
    given = FieldErrors({"b": "Too long.", "": "Something else.", "gone": "And more."})
    assert forms.error_payload(given, made) == {
        "field:b": "Too long.",
        "field:a": "Something else. And more.",
    }


def test_a_hint_is_words_between_the_fields():
    made = view_of(Hint("Take your **time**."), ShortText("a", "A"))
    assert [one["type"] for one in made["blocks"]] == ["rich_text", "input"]
