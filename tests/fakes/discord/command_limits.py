"""What Discord refuses in application commands (docs interactions/application-commands)."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord.errors import Complaints

Json = dict[str, Any]
SLASH, USER, MESSAGE = 1, 2, 3
MOST = {SLASH: 100, USER: 15, MESSAGE: 15}
NAME = re.compile(r"^[-_'\w]{1,32}$")
SUB, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10


def check_commands(commands: Any) -> None:
    """A whole list, as for a bulk overwrite."""
    wrong = Complaints()
    if wrong.count("", commands, 130):
        for i, command in enumerate(commands):
            _check(wrong, str(i), command)
        for kind, most in MOST.items():
            same = [c for c in commands if c.get("type", SLASH) == kind]
            if len(same) > most:
                wrong.add(
                    "0", "APPLICATION_COMMAND_TOO_MANY", f"Maximum number of commands reached ({most})."
                )
            if len({c.get("name") for c in same}) < len(same):
                wrong.add("0.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Command names must be unique.")
    wrong.refuse_if_any()


def check_command(command: Json) -> None:
    wrong = Complaints()
    _check(wrong, "command", command)
    wrong.refuse_if_any()


def size(command: Json) -> int:
    """Characters that count toward the 8000: names, descriptions and values, the longest of each translation."""
    total = 0
    for key in ("name", "description"):
        spoken = [command.get(key) or "", *(command.get(f"{key}_localizations") or {}).values()]
        total += max(len(s) for s in spoken)
    for choice in command.get("choices") or []:
        total += size(choice) + (len(choice["value"]) if isinstance(choice.get("value"), str) else 0)
    return total + sum(size(o) for o in command.get("options") or [])


def _check(wrong: Complaints, at: str, command: Json) -> None:
    kind = command.get("type", SLASH)
    if kind not in MOST:
        wrong.add(f"{at}.type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).")
        return
    if kind != SLASH:
        wrong.longest(f"{at}.name", command.get("name"), 32, 1)
        if command.get("description"):
            wrong.add(
                f"{at}.description", "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Not for context menus."
            )
        return
    _check_words(wrong, at, command)
    _check_options(wrong, at, command.get("options") or [], depth=0)
    if size(command) > 8000:
        wrong.add(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _check_words(wrong: Complaints, at: str, it: Json) -> None:
    names = {"name": it.get("name")} | {
        f"name_localizations.{k}": v for k, v in (it.get("name_localizations") or {}).items()
    }
    for where, name in names.items():
        if not isinstance(name, str) or not NAME.match(name) or name != name.lower():
            code = "APPLICATION_COMMAND_INVALID_NAME"
            wrong.add(f"{at}.{where}", code, "Command name is invalid: lowercase, 1 to 32 letters or digits.")
    wrong.longest(f"{at}.description", it.get("description"), 100, 1)
    for language, text in (it.get("description_localizations") or {}).items():
        wrong.longest(f"{at}.description_localizations.{language}", text, 100, 1)


def _check_options(wrong: Complaints, at: str, options: Any, depth: int) -> None:
    if not wrong.count(f"{at}.options", options, 25):
        return
    names = [o.get("name") for o in options]
    if len(set(names)) < len(names):
        wrong.add(f"{at}.options", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
    kinds = [o.get("type") for o in options]
    branches = [k in (SUB, GROUP) for k in kinds]
    if any(branches) and not all(branches):
        wrong.add(
            f"{at}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options mix."
        )
    seen_optional = False
    for i, option in enumerate(options):
        here = f"{at}.options.{i}"
        _check_words(wrong, here, option)
        kind = option.get("type")
        if kind in (SUB, GROUP):
            if (kind == GROUP and depth > 0) or (kind == SUB and depth > 1):
                wrong.add(f"{here}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply.")
            if kind == GROUP and any(o.get("type") != SUB for o in option.get("options") or []):
                wrong.add(
                    here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds sub-commands only."
                )
            _check_options(wrong, here, option.get("options") or [], depth + 1 if kind == GROUP else 2)
            continue
        if kind not in range(STRING, 12):
            wrong.add(f"{here}.type", "BASE_TYPE_CHOICES", "Not a kind of option.")
        if option.get("required") and seen_optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            wrong.add(here, code, "Required options must be placed before non-required options")
        seen_optional = seen_optional or not option.get("required")
        _check_value(wrong, here, option)


def _check_value(wrong: Complaints, at: str, option: Json) -> None:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        wrong.add(
            f"{at}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Choices or autocomplete."
        )
    if choices and option.get("type") not in (STRING, INTEGER, NUMBER):
        wrong.add(f"{at}.choices", "APPLICATION_COMMAND_CHOICES_TYPE", "This kind takes no choices.")
    check_choices(wrong, f"{at}.choices", choices)
    if option.get("type") == STRING:
        if option.get("min_length") is not None:
            wrong.whole(f"{at}.min_length", option["min_length"], 0, 6000)
        if option.get("max_length") is not None:
            wrong.whole(f"{at}.max_length", option["max_length"], 1, 6000)


def check_choices(wrong: Complaints, at: str, choices: Any, *, unique: bool = True) -> None:
    """Choices of an option, or (not necessarily `unique`) of an answer to autocomplete."""
    if not wrong.count(at, choices, 25):
        return
    for i, choice in enumerate(choices):
        wrong.longest(f"{at}.{i}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            wrong.longest(f"{at}.{i}.value", choice["value"], 100, 1)
    names = [c.get("name") for c in choices]
    if unique and len(set(names)) < len(names):
        wrong.add(at, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATED", "Choice names must be unique.")
