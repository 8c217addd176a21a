"""Content folders: one for each deck or course, read whole with every problem at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from bot.content.document import ContentDocument, read_document
from bot.content.errors import ContentError, ContentErrors
from bot.content.file import list_folder
from bot.content.known_files import KnownFiles
from bot.content.text_fields import KEBAB

Main = TypeVar("Main", bound=BaseModel)
Other = TypeVar("Other", bound=BaseModel)


@dataclass(slots=True)
class ContentFolder(Generic[Main, Other]):
    """What is in one folder: the main file, and the others in the order in which it lists them.

    `problems` tells everything that is wrong; where there is any, nothing of the folder is to be used.
    """

    slug: str
    main: ContentDocument[Main] | None = None
    others: list[tuple[str, ContentDocument[Other]]] = field(default_factory=list)
    problems: list[ContentError] = field(default_factory=list)

    @property
    def pages(self) -> list[ContentDocument[Other]]:
        return [page for _, page in self.others]


def find_folders(root: Path, top: str, what: str, problems: list[ContentError]) -> Iterator[str]:
    """The folders below `root/top`; a content file beside them is a problem: it is in no `what`."""
    for name in list_folder(root, top):
        if name.endswith("/"):
            yield name.rstrip("/")
        elif name.endswith((".yaml", ".yml")):
            fix = f"Move it to the folder of a {what}."
            problems.append(ContentError(f"{top}/{name}", 1, 1, f"this file is in no {what}.", fix))


def read_folder(
    root: Path, top: str, slug: str, what: str, sheets: tuple[type[Main], type[Other]], key: str,
    known: KnownFiles | None = None,
) -> ContentFolder[Main, Other]:  # fmt: skip
    """Read `root/top/slug`: `<what>.yaml`, whose list `key` names the other files, and those."""
    here: ContentFolder[Main, Other] = ContentFolder(slug)
    where, main = f"{top}/{slug}", f"{what}.yaml"
    if not re.fullmatch(KEBAB, slug):
        fix = "Rename it with small letters, digits and hyphens."
        problem = f"the folder of this {what} has an odd name."
        here.problems.append(ContentError(f"{where}/{main}", 1, 1, problem, fix))
    try:
        present = [name for name in list_folder(root, where) if not name.endswith(".md")]
    except ContentErrors as errors:
        here.problems.extend(errors.errors)
        return here
    here.main = _read_page(root, f"{where}/{main}", sheets[0], here.problems, known)
    listed = [name for name in present if name.endswith(".yaml")]
    if here.main is not None:
        listed = list(getattr(here.main.value, key))
        here.problems.extend(_file_problems(here.main, key, listed, present, main))
    for name in listed:
        if name in present and name != main:
            page = _read_page(root, f"{where}/{name}", sheets[1], here.problems, known)
            here.others += [(name, page)] if page is not None else []
    return here


def _read_page(
    root: Path, path: str, sheet: type[Other], problems: list[ContentError], known: KnownFiles | None
) -> ContentDocument[Other] | None:
    try:
        return read_document(root, path, sheet, known)
    except ContentErrors as errors:
        problems.extend(errors.errors)
        return None


def _file_problems(
    page: ContentDocument[Any], key: str, listed: Sequence[str], present: Sequence[str], main: str
) -> Iterable[ContentError]:
    """Files that are listed and not there, or there and not listed."""
    spare = [name for name in present if name not in (*listed, main)]
    for index, name in enumerate(listed):
        if name not in present:
            near = get_close_matches(name, spare, n=1, cutoff=0.8)
            fix = f'Did you mean "{near[0]}"?' if near else "Create it, or take it off the list."
            yield page.error((key, index), f'there is no file "{name}" in this folder.', fix)
    for name in spare:
        fix = "Add it to the list, or move it out of the folder."
        yield page.error((key,), f'"{name}" is in this folder and not listed.', fix)


def find_duplicates(
    pages: Iterable[ContentDocument[Other]], ids: Callable[[Other], Sequence[str]], key: str
) -> Iterable[ContentError]:
    """Ids in the list `key` that an earlier page has already; each problem names that place."""
    seen: dict[str, tuple[ContentDocument[Other], int]] = {}
    for page in pages:
        for index, id in enumerate(ids(page.value)):
            taken, at = seen.setdefault(id, (page, index))
            if taken is page and at == index:
                continue
            first = taken.error((key, at, "id"), "")
            fix = f"Choose another; the first is at {first.path}:{first.line}:{first.column}."
            yield page.error((key, index, "id"), f'the id "{id}" is already taken.', fix)
