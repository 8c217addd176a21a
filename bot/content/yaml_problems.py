"""Problems of text that is not YAML, in plain words."""

from __future__ import annotations

import re
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError

from bot.chat.language import N_, _
from bot.content.errors import ContentError
from bot.content.positions import start_of

_OPEN_QUOTE: Final = N_("the quote that opens here is never closed.")
_BACKSLASH: Final = N_("a backslash has a meaning of its own between double quotes.")
_UNCLEAR: Final[tuple[tuple[str, bool, str, str], ...]] = (
    ("unexpected end of stream", True, _OPEN_QUOTE, N_("Close it with the same mark.")),
    ("document separator", True, _OPEN_QUOTE, N_("Close it with the same mark.")),
    (
        "expected ',' or",
        True,
        N_("the bracket that opens here is not closed, or lacks a comma."),
        N_("Close or quote it."),
    ),
    (
        "could not find expected ':'",
        True,
        N_("this line has no colon after its key."),
        N_('Write it like "key: text".'),
    ),
    (
        "sequence entries",
        False,
        N_("a list cannot start here."),
        N_('Start it below its key: "- " on each line.'),
    ),
    (
        "block scalar",
        True,
        N_('after ">" or "|" the text starts on the next line.'),
        N_("Write it there, indented evenly."),
    ),
    (
        "node content",
        False,
        N_("a value is missing here."),
        N_("Write one, or quote text with special characters."),
    ),
    ("escape", False, _BACKSLASH, N_("Use single quotes.")),
    ("hexdecimal", False, _BACKSLASH, N_("Use single quotes.")),
)
"""(part of the parser's message, whether the opening is the better place to look, problem, fix)."""
_STARTS: Final = {
    "anchor": ("&", True),
    "alias": ("*", True),
    "tag": ("!", True),
    "directive": ("%", True),
    "mapping keys": ("?", False),
}
"""The mark a text cannot start with, and whether the opening is the better place to look, by such a part."""


def unclear(path: str, lines: list[str], error: MarkedYAMLError, last: Any) -> ContentError:
    """What the parser could not make sense of, after the event `last`, as the mistake an author most likely made."""
    mark, message = error.problem_mark or error.context_mark, f"{error.problem} {error.context}"
    line, before = mark.line + 1, lines[mark.line][: mark.column]
    if tab := re.match(" *\t", lines[mark.line]):
        return ContentError(path, line, tab.end(), _("there is a tab here."), _("Indent with spaces."))
    if "cannot start any token" in message:
        return ContentError(path, line, mark.column + 1, *_odd_start(lines[mark.line][mark.column :][:1]))
    if any(part in message for part in ("mapping values are not", "block end", "document start")):
        return ContentError(path, *_misplaced((line, mark.column + 1), before, last))
    for part, opening, problem, fix in _UNCLEAR:
        if part in message:
            place = (opening and error.context_mark) or mark
            return ContentError(path, place.line + 1, place.column + 1, _(problem), _(fix))
    for part, (sign, opening) in _STARTS.items():
        if part in message:
            place = (opening and error.context_mark) or mark
            return ContentError(path, place.line + 1, place.column + 1, *_odd_start(sign))
    problem = _("this is not valid YAML ({problem}).", problem=error.problem)
    return ContentError(
        path, line, mark.column + 1, problem, _("Put text with special characters in quotes.")
    )


def _odd_start(mark: str) -> tuple[str, str]:
    return _('text cannot start with "{mark}".', mark=mark), _("Put it in quotes.")


def _misplaced(place: tuple[int, int], before: str, last: Any) -> tuple[int, int, str, str]:
    """(line, column, problem, fix) where something stands that cannot follow the text `before` it on its line."""
    line = place[0]
    if getattr(last, "style", None) and last.start_mark.line < last.end_mark.line == line - 1:
        return (
            *start_of(last),
            _("the quote that opens here closes only on line {line}.", line=line),
            _("Close it where its text ends."),
        )
    if sign := re.search(r"[:-]\s+([*&!])\S*\s+$", before):
        return line, sign.start(1) + 1, *_odd_start(sign[1])
    if before.rstrip().endswith(('"', "'", "]", "}")):
        fix = _("Put all of it in one pair of quotes.")
        return *place, _("there is more text after a closing mark."), fix
    if re.search(r":\s", before):
        fix = _('Quote all of it, or put ">-" here and the text on the next line.')
        return *place, _("text with a colon and a space in it needs quotes."), fix
    fix = _("Line it up with the keys it belongs to.")
    return *place, _("this line is not indented like its neighbors."), fix
