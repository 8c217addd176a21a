"""Content documents: a file read as the model it was written for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.content.errors import ContentError, ContentErrors
from bot.content.file import checked, text_of
from bot.content.known_files import KnownFiles
from bot.content.model_problems import describe_problems
from bot.content.positions import Loc, Position

MOST_PROBLEMS: Final = 100

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ContentDocument(Generic[M]):
    """A file that was read without a problem, and still knows where everything in it stands."""

    path: str
    value: M
    find_spots: Callable[[], Mapping[Loc, Position]]
    """Takes the text apart again where it was known."""

    @property
    def spots(self) -> Mapping[Loc, Position]:
        """Where each value stands."""
        return self.find_spots()

    def error(self, loc: Loc, problem: str, fix: str = "") -> ContentError:
        """A problem that only shows beside other files, at the value `loc` (or the nearest one above it)."""
        while loc and loc not in self.spots:
            loc = loc[:-1]
        return ContentError(self.path, *self.spots[loc].value, problem, fix)


def read(root: Path, relative: str, model: type[M]) -> M:
    """The content of `root/relative` (with `/`, below `root`) as `model`; ContentErrors tells its problems."""
    return read_document(root, relative, model).value


def read_document(
    root: Path, relative: str, model: type[M], known: KnownFiles | None = None
) -> ContentDocument[M]:
    """Like `read`, with the positions. A large file takes part of a second: call it off the event loop.

    A text that is `known` is not taken apart again.
    """
    try:
        text = text_of(root, relative)
    except ContentError as error:
        raise ContentErrors([error]) from None
    said = None if known is None else known.find(text)
    if said is not None:
        # Its model has changed, or somebody else wrote it: then the file itself says what is wrong.
        with suppress(ValidationError):
            value = model.model_validate_json(said, strict=True, extra="forbid")
            return ContentDocument(relative, value, cache(partial(_find_spots, relative, text)))
    return parse_document(relative, text, model, known)


def parse_document(
    relative: str, text: str, model: type[M], known: KnownFiles | None = None
) -> ContentDocument[M]:
    """What a text says that came from elsewhere than a file (pasted into a form), as `read_document`; `relative` names it."""
    from bot.content.yaml_tree import Tree  # only where a text is not known

    try:
        tree = Tree(relative, checked(relative, text))
        content = tree.build()
    except ContentError as error:
        raise ContentErrors([error]) from None
    found = tree.problems
    try:
        # As JSON, because strict JSON is what we mean: "5" is no number, a list may become a tuple.
        said = json.dumps(content)
        value = model.model_validate_json(said, strict=True, extra="forbid")
    except ValidationError as error:
        seen = {(problem.line, problem.column) for problem in found}
        told = describe_problems(
            tree, model.model_json_schema(), error.errors(include_url=False)[:MOST_PROBLEMS]
        )
        found = found + [each for each in told if (each.line, each.column) not in seen]
    if found:
        raise ContentErrors(found[:MOST_PROBLEMS])
    if known is not None:
        known.add(text, said)
    return ContentDocument(relative, value, lambda: tree.spots)


def _find_spots(relative: str, text: str) -> Mapping[Loc, Position]:
    from bot.content.yaml_tree import Tree

    tree = Tree(relative, text)
    tree.build()
    return tree.spots
