"""The YAML tree: plain values, each with its position in the file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from bot.chat.language import N_, _
from bot.content.errors import ContentError
from bot.content.file import DEEPEST, MOST_VALUES, UNSEEN
from bot.content.positions import Loc, Position, start_of
from bot.content.yaml_problems import unclear

_QUOTE: Final = N_("Content files have no use for that; if it is text, put it in quotes.")

_TRUE: Final = frozenset({"true", "yes", "on"})
_FALSE: Final = frozenset({"false", "no", "off"})
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")


class Tree:
    """Builds plain values from the parser's events, and remembers where each of them stood."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.spots: dict[Loc, Position] = {}
        self.problems: list[ContentError] = []
        self._lines = text.split("\n")
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._count = 0
        self._last: Any = None

    def build(self) -> object:
        """The content; ContentError where reading on makes no sense, `problems` for the rest."""
        self._next()
        if isinstance(start := self._next(), StreamEndEvent):
            raise ContentError(
                self.path, 1, 1, _("this file is empty."), _("Write something into it, or delete it.")
            )
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            line = next(number for number, line in enumerate(self._lines, 1) if line.startswith("%"))
            self.problems.append(
                ContentError(
                    self.path,
                    line,
                    1,
                    _('no line starting with "{mark}" is needed.', mark="%"),
                    _("Delete it."),
                )
            )
        content = self._value(self._next(), (), None, 0)
        self._next()
        if not isinstance(more := self._next(), StreamEndEvent):
            self._note(more, _('a second document starts here ("---").'), _("Put it into a file of its own."))
        return content

    def walk(self, loc: Sequence[str | int]) -> tuple[Loc, bool]:
        """The written way to what pydantic names, and whether a union's own label was left out of it."""
        way: Loc = ()
        for step in loc:
            if (*way, step) in self.spots:
                way = (*way, step)
        return way, len(way) < len(loc)

    def _next(self) -> Any:
        self._count += 1
        try:
            self._last = event = next(self._events)
        except MarkedYAMLError as error:
            raise unclear(self.path, self._lines, error, self._last) from None
        except (YAMLError, ValueError, OverflowError) as error:  # ruamel: "\UFFFFFFFF", %YAML 99999…
            raise ContentError(
                self.path, 1, 1, _("this is not valid YAML ({problem}).", problem=error)
            ) from None
        if self._count > MOST_VALUES:
            problem = _("this file holds more than {most} values.", most=MOST_VALUES)
            raise ContentError(self.path, *start_of(event), problem, _("Split it into several files."))
        return event

    def _note(self, event: Any, problem: str, fix: str) -> None:
        self.problems.append(ContentError(self.path, *start_of(event), problem, fix))

    def _value(self, event: Any, loc: Loc, key: tuple[int, int] | None, depth: int) -> object:
        scalar = isinstance(event, ScalarEvent)
        absent = scalar and not event.value and not event.style  # the parser places it at what comes next
        place = key if absent and key else start_of(event)
        self.spots[loc] = Position(key, place, event.value if scalar else "")
        if isinstance(event, AliasEvent):
            self._note(
                event, _("*{name} would repeat another part of the file.", name=event.anchor), _(_QUOTE)
            )
            return None
        if event.anchor is not None:
            self._note(event, _("&{name} would name a part of the file.", name=event.anchor), _(_QUOTE))
        if event.tag is not None:
            self._note(event, _("{tag} would give this value a type.", tag=event.tag), _(_QUOTE))
        if scalar:
            if unseen := UNSEEN.search(event.value):
                problem = _(
                    "this stands for text with an invisible character (U+{code}).",
                    code=f"{ord(unseen[0]):04X}",
                )
                self._note(event, problem, _("Take the escape out."))
                return None
            self._mind_hash(event)
            return event.value if event.style else resolve_word(event.value)
        if depth == DEEPEST:
            problem = _("this is nested more than {deepest} levels deep.", deepest=DEEPEST)
            raise ContentError(self.path, *start_of(event), problem, _("Write it flatter."))
        return (self._mapping if isinstance(event, MappingStartEvent) else self._list)(loc, depth + 1)

    def _mind_hash(self, event: Any) -> None:
        """Text without quotes ends silently before " #1" or " #hashtag"; a real comment has a space after "#"."""
        end = event.end_mark
        if not event.style and event.value and re.match(r"\s+#\w", self._lines[end.line][end.column :]):
            self._note(
                event,
                _('what comes after " #" would be left out of this text.'),
                _("Put all of it in quotes."),
            )

    def _list(self, loc: Loc, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            items.append(self._value(event, (*loc, len(items)), None, depth))
        return items

    def _mapping(self, loc: Loc, depth: int) -> dict[str, object]:
        content: dict[str, object] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            aside = (*loc, "\0")  # no file can hold this key, so nothing here is found again
            if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self._note(
                    event, _("a key must be a word."), _("Put text that starts with a bracket in quotes.")
                )
            self._value(event, aside, None, depth)
            key = event.value if isinstance(event, ScalarEvent) else "\0"
            at = (*loc, key)
            if repeated := key in content:
                line = (self.spots[at].key or (0, 0))[0]
                problem = _('the key "{key}" is already on line {line}.', key=key, line=line)
                self._note(event, problem, _("Keep one of the two."))
            value = self._value(self._next(), aside if repeated else at, start_of(event), depth)
            if not repeated and not UNSEEN.search(key):
                content[key] = value
        return content


def resolve_word(written: str) -> object:
    """What a word without quotes is.

    YAML 1.2, except that yes, no, on and off are true and false too, as older tools (and authors) have it: where
    text is expected the author is asked for quotes, so no two tools can disagree about a file. Numbers that tools
    read differently (010, 1_000) stay text, and so do dates and times, which a model takes as such.
    """
    word = written.lower()
    if word in ("", "~", "null"):
        return None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    if _INTEGER.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word) and not re.match(r"[-+]?0[0-9]", word) and math.isfinite(float(word)):
        return float(word)
    return written
