"""Forms and commands at Discord's limits are taken, those over them are refused where they are wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.command_limits import check_command, check_commands, size
from tests.fakes.discord.errors import DiscordError
from tests.fakes.discord.form_limits import check_modal
from tests.fakes.discord.samples import button, options, refused, row, select, text


def label(component: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Question", "component": component, **more}


def field(n: object = 1, **more: Any) -> dict[str, Any]:
    return {"type": 4, "style": 2, "custom_id": f"f{n}", **more}


def modal(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Your week", "custom_id": "m", "components": list(parts), **more}


RADIO = {"type": 21, "custom_id": "r", "options": options(10)}
CHECKS = {"type": 22, "custom_id": "c", "options": options(10)}
UPLOAD = {"type": 19, "custom_id": "f"}
FINE_FORMS = [
    modal(*[label(field(n), label="x" * 45, description="d" * 100) for n in range(5)], title="t" * 45),
    modal(label(RADIO), label({"type": 22, "custom_id": "c", "options": options(10), "min_values": 0})),
    modal(label(select(25)), label({"type": 5, "custom_id": "u"}), label({"type": 23, "custom_id": "k"})),
    modal(text(), label(field(max_length=4000, value="v" * 4000, placeholder="p" * 100))),
    modal(row(field(label="The old way"))),
]
WRONG_FORMS: list[tuple[dict[str, Any], str]] = [
    (modal({"type": 10, "content": ""}, label(field())), "components.0.content"),
    (modal(row(field(label="x" * 46))), "components.0.components.0.label"),
    (modal({"type": 18, "label": "No field"}), "components.0.component"),
    (modal(label(field(custom_id=""))), "components.0.component.custom_id"),
    (modal(label(select(custom_id=""))), "components.0.component.custom_id"),
    (modal(label(select(disabled=True))), "components.0.component.disabled"),
    (modal(label({**CHECKS, "min_values": 11})), "components.0.component.min_values"),
    (modal(label({**CHECKS, "max_values": 0})), "components.0.component.max_values"),
    (modal(label({**UPLOAD, "min_values": 11})), "components.0.component.min_values"),
    (modal(label({**UPLOAD, "max_values": 11})), "components.0.component.max_values"),
    (modal(label(field(min_length=4001))), "components.0.component.min_length"),
    (modal(label(field()), title="t" * 46), "title"),
    (modal(label(field()), custom_id=""), "custom_id"),
    (modal(*[label(field(n)) for n in range(6)]), "components"),
    (modal(), "components"),
    (modal(label(field(), label="x" * 46)), "components.0.label"),
    (modal(label(field(), description="x" * 101)), "components.0.description"),
    (modal(label(field(max_length=4001))), "components.0.component.max_length"),
    (modal(label(field(value="v" * 4001))), "components.0.component.value"),
    (modal(label(field(value="toolong", max_length=3))), "components.0.component.value"),
    (modal(label(field(placeholder="p" * 101))), "components.0.component.placeholder"),
    (modal(label(field(style=3))), "components.0.component.style"),
    (modal(label(field(label="twice"))), "components.0.component.label"),
    (modal(label({**RADIO, "options": options(1)})), "components.0.component.options"),
    (modal(label({**RADIO, "options": options(11)})), "components.0.component.options"),
    (modal(label({**RADIO, "options": options(2, default=True)})), "components.0.component.options"),
    (modal(label({"type": 22, "custom_id": "c", "options": options(11)})), "components.0.component.options"),
    (modal(label(select(26))), "components.0.component.options"),
    (modal(label(field()), label(field())), "components.1.component.custom_id"),
    (modal(label(button())), "components.0.component.type"),
    (modal(row(button())), "components.0.components.0.type"),
    (modal(button()), "components.0.type"),
]


@pytest.mark.parametrize("form", FINE_FORMS, ids=range(len(FINE_FORMS)))
def test_a_form_at_its_limits_is_taken(form):
    check_modal(form)


@pytest.mark.parametrize(
    ("form", "where"), WRONG_FORMS, ids=[f"{n}-{w}" for n, (_, w) in enumerate(WRONG_FORMS)]
)
def test_a_form_over_a_limit_is_refused_where_it_is_wrong(form, where):
    with pytest.raises(DiscordError) as error:
        check_modal(form)
    assert f"data.{where}" in refused(error)


def command(**more: Any) -> dict[str, Any]:
    return {"name": "reflect", "description": "Think back", "type": 1, **more}


def option(kind: int = 3, name: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "What", **more}


CHOICES = [{"name": f"n{n}", "value": f"{n}"} for n in range(26)]
SUB = option(1, "sub", options=[option()])
FINE_COMMANDS = [
    command(name="x" * 32, description="d" * 100),
    command(name="überlegen"),
    command(options=[option(name=f"o{n}") for n in range(25)]),
    command(options=[option(2, "group", options=[SUB])]),
    command(options=[option(choices=CHOICES[:25])]),
    {"name": "Keep This One", "type": 3},
]
WRONG_COMMANDS: list[tuple[dict[str, Any], str]] = [
    (command(name="Reflect"), "name"),
    (command(name="two words"), "name"),
    (command(name="x" * 33), "name"),
    (command(description=""), "description"),
    (command(description="d" * 101), "description"),
    (command(description_localizations={"de": "d" * 101}), "description_localizations.de"),
    (command(name_localizations={"de": "Groß"}), "name_localizations.de"),
    (command(options=[option(name=f"o{n}") for n in range(26)]), "options"),
    (command(options=[option(), option()]), "options"),
    (command(options=[option(), option(name="b", required=True)]), "options.1"),
    (command(options=[option(choices=CHOICES)]), "options.0.choices"),
    (command(options=[option(choices=CHOICES[:2], autocomplete=True)]), "options.0.autocomplete"),
    (command(options=[option(choices=[{"name": "n" * 101, "value": "v"}])]), "options.0.choices.0.name"),
    (command(options=[option(choices=[CHOICES[0], CHOICES[0]])]), "options.0.choices"),
    (command(options=[SUB, option()]), "options"),
    (command(options=[option(2, "g", options=[option(2, "h", options=[SUB])])]), "options.0"),
    (command(options=[option(1, "s", options=[SUB])]), "options.0.options.0.type"),
    (command(options=[option(12)]), "options.0.type"),
    (command(options=[option(max_length=6001)]), "options.0.max_length"),
    ({"name": "Keep", "type": 3, "description": "no"}, "description"),
]


@pytest.mark.parametrize("it", FINE_COMMANDS, ids=range(len(FINE_COMMANDS)))
def test_a_command_at_its_limits_is_taken(it):
    check_command(it)


@pytest.mark.parametrize(
    ("it", "where"), WRONG_COMMANDS, ids=[f"{n}-{w}" for n, (_, w) in enumerate(WRONG_COMMANDS)]
)
def test_a_command_over_a_limit_is_refused_where_it_is_wrong(it, where):
    with pytest.raises(DiscordError) as error:
        check_command(it)
    assert f"command.{where}" in refused(error)


def test_a_command_counts_the_longest_translation_toward_its_8000_characters():
    assert size(command(description_localizations={"de": "Denk zurück und schreib"})) == 7 + 23
    long = command(
        options=[
            option(name=f"o{n}", choices=[{"name": "n" * 100, "value": "v" * 100}] * 1) for n in range(25)
        ]
    )
    check_command(long)
    for one in long["options"]:
        one["choices"] = [{"name": f"{n}" + "n" * 90, "value": "v" * 90} for n in range(4)]
    with pytest.raises(DiscordError) as error:
        check_command(long)
    assert refused(error) == {"command"}


def test_a_scope_has_room_for_so_many_commands():
    check_commands(
        [command(name=f"c{n}") for n in range(100)] + [{"name": f"M {n}", "type": 3} for n in range(15)]
    )
    for many in (
        [command(name=f"c{n}") for n in range(101)],
        [{"name": f"M {n}", "type": 2} for n in range(16)],
    ):
        with pytest.raises(DiscordError):
            check_commands(many)
    with pytest.raises(DiscordError) as error:
        check_commands([command(), command()])
    assert refused(error) == {"0.name"}
