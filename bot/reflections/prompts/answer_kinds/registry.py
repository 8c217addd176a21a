"""The list of all kinds of answer, and how one is read: from a content file, a stored prompt, a moderator's words."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, Union

from pydantic import BeforeValidator, Discriminator, Tag

from bot.chat.language import _
from bot.content import Wrong
from bot.content.text_fields import Sheet
from bot.reflections.prompts.answer_kinds.choice import ChoiceAnswer
from bot.reflections.prompts.answer_kinds.kind import AnswerKind
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.answer_kinds.yes_no import YesNoAnswer

KINDS: Final[tuple[type[AnswerKind], ...]] = (
    TextAnswer,
    YesNoAnswer,
    ScaleAnswer,
    ChoiceAnswer,
)
"""Every kind; a moderator's words are offered to them in this order."""
EXAMPLES: Final = " · ".join(kind.example for kind in KINDS)
"""How a moderator writes each kind."""


# ── a stored prompt ───────────────────────────────────────────────────────────


def answer_to_json(answer: AnswerKind) -> Any:
    """An answer as plain lists, dicts and text; `answer_from_json` gives it back."""
    content = answer.content()
    return answer.key if content is None else {answer.key: content}


def answer_from_json(stored: Any) -> AnswerKind:
    """The answer that `answer_to_json` made, or an author wrote; ValueError when it is something else."""
    key, content = next(iter(stored.items()), ("", None)) if isinstance(stored, Mapping) else (stored, None)
    for kind in KINDS:
        if kind.key == key and (content is None) == (kind.sheet is None):
            return kind() if content is None else kind.from_content(content)
    raise ValueError("not a stored answer")


# ── a moderator's words ───────────────────────────────────────────────────────


def answer_from_words(text: str) -> AnswerKind:
    """The answer that somebody described; `Wrong` when it is of no kind."""
    for kind in KINDS:
        if (found := kind.from_words(text)) is not None:
            return found
    raise Wrong(
        _("I cannot read how it is answered."),
        _("Write it like one of these: {examples}.", examples=EXAMPLES),
    )


# ── a content file ────────────────────────────────────────────────────────────

_WORDS = tuple(kind.key for kind in KINDS if kind.sheet is None)
_SHEETS = dict(sorted((kind.key, kind.sheet) for kind in KINDS if kind.sheet is not None))


def _check_word(value: object) -> object:
    if value not in _WORDS:
        words, sheets = ", ".join(f'"{key}"' for key in _WORDS), ", ".join(f'"{key}:"' for key in _SHEETS)
        fix = _("Write one of {words}, or put one of {sheets} below it.", words=words, sheets=sheets)
        raise Wrong(_("this is not a kind of answer."), fix)
    return value


def _tag(key: str) -> str:
    return f"a {key}"  # with a space, so that no place in a file is called like it


def _tag_of(value: object) -> str:
    """Which kind a value is meant to be; of a misspelled key, the nearest."""
    if not isinstance(value, Mapping):
        return _tag("word")
    known = [key for key in _SHEETS if key in value]
    near = [each for key in value for each in get_close_matches(str(key), _SHEETS, n=1)]
    return _tag([*known, *near, *_SHEETS][0])


def _sheet_type() -> Any:
    word: Any = Annotated[Literal[_WORDS], BeforeValidator(_check_word), Tag(_tag("word"))]
    sheets = (Annotated[sheet, Tag(_tag(key))] for key, sheet in _SHEETS.items())
    return Annotated[Union[(word, *sheets)], Discriminator(_tag_of)]


AnswerSheet: Any = _sheet_type()
"""What an author may write as `answer`, as a type that pydantic checks: a word, or a sheet below its key."""


def answer_from_sheet(sheet: str | Sheet) -> AnswerKind:
    """The answer that an author wrote and pydantic checked."""
    return answer_from_json(sheet if isinstance(sheet, str) else sheet.model_dump(by_alias=True))
