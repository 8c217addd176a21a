"""The form of a command: a field for each thing it can be told, made from its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from bot.chat.cards import BUTTON_STATE
from bot.chat.forms import FIELDS, TITLE, Choice, FieldErrors, Form, Input, LongText, Pick, ShortText
from bot.chat.language import _
from bot.chat.mass_mentions import UnknownGroup
from bot.chat.menu import Call, Command, Option, OptionKind
from bot.chat.menu_cards import FILL
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import read_option
from bot.chat.parsing.values import EXAMPLES

MOST = FIELDS
"""Options that one form asks for."""
Pairs = Sequence[tuple[str, str]]
PICKED: Mapping[OptionKind, Literal["member", "channel", "group"]] = {
    OptionKind.MEMBER: "member",
    OptionKind.CHANNEL: "channel",
    OptionKind.GROUP: "group",
}
"""What is picked in the platform's own list."""


def fill_form(call: Call, choices: Mapping[str, Pairs]) -> Form:
    """A form with the options of a command: those it needs and those it was told first."""
    command = call.command
    title = command.title[:TITLE]
    fields = tuple(_field(option, call, choices.get(option.name, ())) for option in _chosen(call))
    return Form(FILL, title, fields, command.path[:BUTTON_STATE], submit=_("Go on"))


def read_filled(command: Command, values: Mapping[str, object]) -> Call | FieldErrors:
    """The call that a filled form means, or what is wrong with which field."""
    read: dict[str, object] = {}
    written: dict[str, str] = {}
    errors: dict[str, str] = {}
    for option in command.options:
        found = values.get(option.name)
        if isinstance(found, UnknownGroup):
            read[option.name], written[option.name] = found, f"@{found.name}"
            continue
        given = str(found or "").strip()
        if not given:
            continue
        try:
            read[option.name] = given if option.kind in PICKED else read_option(option, given)
            written[option.name] = given
        except Refusal as refusal:
            errors[option.name] = refusal.fix or refusal.problem
    if errors:
        return FieldErrors(errors)
    call = Call(command, read, written=written)
    return replace(call, line=f"/{call.rewrite()}")


def _chosen(call: Call) -> list[Option]:
    """The options that fit on a form, in the command's own order."""
    options = call.command.options

    def weight(option: Option) -> int:
        return 0 if option.required else 1 if option.name in call.values else 2 if option.positional else 3

    most = sorted(options, key=weight)[:MOST]
    return [option for option in options if option in most]


def _field(option: Option, call: Call, pairs: Pairs) -> Input:
    label, name, written = _(option.summary), option.name, call.written.get(option.name, "")
    if option.kind in PICKED:
        value = call.values.get(name)
        value = value if isinstance(value, str) else ""  # a group that nobody has is chosen anew
        return Pick(name, label, PICKED[option.kind], required=option.required, value=value)
    if pairs:
        known = {value for value, _label in pairs}
        shown = tuple((value, text or value) for value, text in pairs)
        chosen = written if written in known else ""
        return Choice(name, label, shown, required=option.required, value=chosen)
    if option.kind is OptionKind.TEXT:
        return LongText(name, label, required=option.required, value=written[:3000])
    like = EXAMPLES.get(option.kind, "") if option.kind is not OptionKind.WORD else ""
    hint = _("Like {example}", example=like) if like else ""
    return ShortText(name, label, hint, required=option.required, value=written[:200])
