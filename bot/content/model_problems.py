"""Problems of content that does not fit its model, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import ErrorDetails

from bot.chat.language import N_, _
from bot.content.errors import ContentError, Wrong
from bot.content.json_schema import branches, choices_of
from bot.content.positions import Loc

if TYPE_CHECKING:
    from bot.content.yaml_tree import Tree

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "missing": (N_("missing key {name}."), N_("Add it here.")),
    "string_too_long": (N_("{name} has {length} characters, and {max_length} fit."), N_("Shorten it.")),
    "string_too_short": (N_("{name} is too short."), N_("Write {min_length} or more characters.")),
    "string_pattern_mismatch": (N_("{name} is not written as it must be."), N_("It has to match {pattern}.")),
    "too_short": (N_("{name} needs {min_length} or more items and has {length}."), N_("Add what is missing.")),
    "too_long": (N_("{name} takes up to {max_length} items and has {length}."), N_("Take some out.")),
    "int": (N_("{name} must be a whole number."), N_("Write only its digits, without quotes.")),
    "float": (N_("{name} must be a number."), N_("Write only its digits, without quotes.")),
    "bool": (N_("{name} must be true or false."), N_("Write one of the two, without quotes.")),
    "greater_than_equal": (N_("{name} must be {ge} or more."), N_("Write a larger number.")),
    "greater_than": (N_("{name} must be more than {gt}."), N_("Write a larger number.")),
    "less_than_equal": (N_("{name} must be {le} or less."), N_("Write a smaller number.")),
    "less_than": (N_("{name} must be less than {lt}."), N_("Write a smaller number.")),
    "datetime": (N_("{name} must be a date and a time."), N_("Write them like 2026-09-01 16:30.")),
    "date": (N_("{name} must be a date."), N_("Write it like 2026-09-01.")),
    "time": (N_("{name} must be a time."), N_("Write it like 16:30.")),
    "list": (N_("{name} must be a list."), N_('Start each item with "- " on a line of its own.')),
    "tuple": (N_("{name} must be a list."), N_('Start each item with "- " on a line of its own.')),
    "model": (N_("{name} must hold keys with values."), N_("Its keys are {keys}.")),
    "dict": (N_("{name} must hold keys with values."), N_('Write "key: value" on lines of their own.')),
    "string": (N_("{name} must be text."), N_("Write it as one piece of text.")),
}  # fmt: skip
"""pydantic's kinds of failure, by the whole name or its first word."""


def describe_problems(tree: Tree, top: Mapping[str, Any], failures: list[ErrorDetails]) -> list[ContentError]:
    """pydantic's failures as problems for an author, each at its line and column."""
    told: list[ContentError] = []
    unions: set[Loc] = set()
    meant: set[Loc] = set()
    for failure in sorted(failures, key=lambda failure: failure["type"] == "missing"):
        missing = failure["type"] == "missing"
        loc, labeled = tree.walk(failure["loc"][:-1] if missing else failure["loc"])
        spot = tree.spots[loc]
        if missing:
            if (*loc, failure["loc"][-1]) in meant:  # the misspelled key was told already
                continue
            place, (problem, fix) = spot.key or spot.value, _words(failure, (failure["loc"][-1],), "", top)
        elif failure["type"] == "extra_forbidden":
            place, (problem, fix, near) = spot.key or spot.value, _unknown(loc, top)
            meant.update((*loc[:-1], name) for name in near)
        elif failure["type"] == "too_short" and len(failure["input"]) >= failure["ctx"]["min_length"]:
            continue  # pydantic counts only the items that are right, and the wrong ones are told already
        elif labeled and loc in unions:  # each branch of a union complains; the first one is enough
            continue
        else:
            if labeled:
                unions.add(loc)
            place, (problem, fix) = spot.value, _words(failure, loc, spot.written, top)
        told.append(ContentError(tree.path, *place, problem, fix))
    return told


def _unknown(loc: Loc, top: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    keys = [key for branch in branches(top, loc[:-1]) for key in branch.get("properties", ())]
    fix, near = _suggest(str(loc[-1]), keys)
    return _('unknown key "{key}".', key=loc[-1]), fix, near


def _suggest(word: str, choices: Sequence[str]) -> tuple[str, list[str]]:
    choices = list(dict.fromkeys(choices))
    if near := get_close_matches(word.strip().lower(), choices, n=1):
        return _('Did you mean "{word}"?', word=near[0]), near
    return _("What can stand here: {choices}.", choices=", ".join(choices)), []


def _words(failure: ErrorDetails, loc: Loc, written: str, top: Mapping[str, Any]) -> tuple[str, str]:
    """Problem and fix for one failure; `written` is what stands in the file."""
    kind, value, facts = failure["type"], failure["input"], failure.get("ctx", {})
    name = _name(loc)
    if isinstance(wrong := facts.get("error"), Wrong):
        return wrong.problem, wrong.fix
    if value is None:
        return _("{name} is empty.", name=name), _("Write a value, or delete the key.")
    if kind in ("enum", "literal_error"):
        choices = [str(each) for branch in branches(top, loc) for each in choices_of(branch)]
        problem = _('"{written}" is not a choice for {name}.', written=written, name=name)
        return problem, _suggest(written, choices)[0]
    if kind == "string_type" and isinstance(value, (bool, int, float)):
        problem = _("{name} must be text, but {written} can be read as a number.", name=name, written=written)
        if isinstance(value, bool):
            problem = _(
                "{name} must be text, but {written} can be read as true or false.", name=name, written=written
            )
        return problem, _('Put it in quotes: "{written}".', written=written)
    keys = ", ".join(
        dict.fromkeys(key for branch in branches(top, loc) for key in branch.get("properties", ()))
    )
    length = (
        len(value.strip()) if isinstance(value, str) else len(value) if isinstance(value, (list, dict)) else 0
    )
    told = {"name": name, "keys": keys, "length": length} | facts
    for known in (f"string_{kind}" if isinstance(value, str) else kind, kind, kind.split("_")[0]):
        if known in _WORDS:
            problem, fix = _WORDS[known]
            return _(problem, **told), _(fix, **told)
    return _("{name} is not what is expected here.", name=name), f"{failure['msg']}."


def _name(loc: Loc) -> str:
    if not loc:
        return _("the file")
    *above, last = loc
    if isinstance(last, int):
        return _("item {number} of {list}", number=last + 1, list=_name(tuple(above)))
    return f'"{last}"'
