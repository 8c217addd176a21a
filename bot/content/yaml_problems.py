"""Problems of text that is not YAML, in plain words."""

from __future__ import annotations

import re
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError

from bot.content.errors import ContentError
from bot.content.positions import start_of

_OPEN_QUOTE: Final = "the quote that opens here is never closed."
_BACKSLASH: Final = "a backslash has a meaning of its own between double quotes."
_UNCLEAR: Final[tuple[tuple[str, bool, str, str], ...]] = (
    ("unexpected end of stream", True, _OPEN_QUOTE, "Close it with the same mark."),
    ("document separator", True, _OPEN_QUOTE, "Close it with the same mark."),
    (
        "expected ',' or",
        True,
        "the bracket that opens here is not closed, or lacks a comma.",
        "Close or quote it.",
    ),
    (
        "could not find expected ':'",
        True,
        "this line has no colon after its key.",
        'Write it like "key: text".',
    ),
    ("sequence entries", False, "a list cannot start here.", 'Start it below its key: "- " on each line.'),
    (
        "block scalar",
        True,
        'after ">" or "|" the text starts on the next line.',
        "Write it there, indented evenly.",
    ),
    ("node content", False, "a value is missing here.", "Write one, or quote text with special characters."),
    ("anchor", True, 'text cannot start with "&".', "Put it in quotes."),
    ("alias", True, 'text cannot start with "*".', "Put it in quotes."),
    ("tag", True, 'text cannot start with "!".', "Put it in quotes."),
    ("directive", True, 'text cannot start with "%".', "Put it in quotes."),
    ("mapping keys", False, 'text cannot start with "?".', "Put it in quotes."),
    ("escape", False, _BACKSLASH, "Use single quotes."),
    ("hexdecimal", False, _BACKSLASH, "Use single quotes."),
)
"""(part of the parser's message, whether the opening is the better place to look, problem, fix)."""


def unclear(path: str, lines: list[str], error: MarkedYAMLError, last: Any) -> ContentError:
    """What the parser could not make sense of, after the event `last`, as the mistake an author most likely made."""
    mark, message = error.problem_mark or error.context_mark, f"{error.problem} {error.context}"
    line, before = mark.line + 1, lines[mark.line][: mark.column]
    if tab := re.match(" *\t", lines[mark.line]):
        return ContentError(path, line, tab.end(), "there is a tab here.", "Indent with spaces.")
    if "cannot start any token" in message:
        problem = f'text cannot start with "{lines[mark.line][mark.column :][:1]}".'
        return ContentError(path, line, mark.column + 1, problem, "Put it in quotes.")
    if any(part in message for part in ("mapping values are not", "block end", "document start")):
        return ContentError(path, *_misplaced((line, mark.column + 1), before, last))
    for part, opening, problem, fix in _UNCLEAR:
        if part in message:
            place = (opening and error.context_mark) or mark
            return ContentError(path, place.line + 1, place.column + 1, problem, fix)
    problem = f"this is not valid YAML ({error.problem})."
    return ContentError(path, line, mark.column + 1, problem, "Put text with special characters in quotes.")


def _misplaced(place: tuple[int, int], before: str, last: Any) -> tuple[int, int, str, str]:
    """(line, column, problem, fix) where something stands that cannot follow the text `before` it on its line."""
    line = place[0]
    if getattr(last, "style", None) and last.start_mark.line < last.end_mark.line == line - 1:
        return (
            *start_of(last),
            f"the quote that opens here closes only on line {line}.",
            "Close it where its text ends.",
        )
    if sign := re.search(r"[:-]\s+([*&!])\S*\s+$", before):
        return line, sign.start(1) + 1, f'text cannot start with "{sign[1]}".', "Put it in quotes."
    if before.rstrip().endswith(('"', "'", "]", "}")):
        return *place, "there is more text after a closing mark.", "Put all of it in one pair of quotes."
    if re.search(r":\s", before):
        fix = 'Quote all of it, or put ">-" here and the text on the next line.'
        return *place, "text with a colon and a space in it needs quotes.", fix
    return *place, "this line is not indented like its neighbors.", "Line it up with the keys it belongs to."
