"""From files to decks: each deck is checked as a whole, with a place and a remedy for every mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from bot import library
from bot.library import ContentError, ContentErrors, Page
from bot.library.lines import KEBAB
from bot.reflections.prompts import Deck
from bot.reflections.sheets import DeckSheet, PromptsSheet

FOLDER: Final = "reflections"
"""Where decks are, below the content root: `reflections/<deck>/deck.yaml` and its groups of prompts."""
_S = TypeVar("_S", bound=BaseModel)


def read_decks(root: Path) -> tuple[Deck, ...]:
    """The decks below `root/reflections`, by name of folder; ContentErrors tells the problems of all files."""
    problems: list[ContentError] = []
    decks: list[Deck] = []
    for name in library.folder(root, FOLDER):
        if name.endswith("/"):
            decks.extend(_deck(root, name.rstrip("/"), problems))
        elif name.endswith((".yaml", ".yml")):
            problem = "this file is in no deck."
            problems.append(
                ContentError(f"{FOLDER}/{name}", 1, 1, problem, "Move it to the folder of a deck.")
            )
    if problems:
        raise ContentErrors(problems)
    return tuple(decks)


def advise(deck: Deck) -> tuple[str, ...]:
    """What an author may want to change, one sentence each: neighbours of the same form."""
    return tuple(
        f'In {deck.slug}, "{one.slug}" and "{next_one.slug}" follow each other and have the same form, {one.form}.'
        for one, next_one in pairwise(deck.prompts)
        if one.form == next_one.form
    )


def schemas() -> dict[str, str]:
    """The text of each JSON Schema file, by its name."""
    return {
        "deck.schema.json": library.schema(DeckSheet),
        "prompts.schema.json": library.schema(PromptsSheet),
    }


def _deck(root: Path, slug: str, problems: list[ContentError]) -> Iterable[Deck]:
    """The deck in one folder, if nothing is wrong with it; otherwise `problems` grows."""
    before = len(problems)
    folder = f"{FOLDER}/{slug}"
    if not re.fullmatch(KEBAB, slug):
        fix = "Rename it with small letters, digits and hyphens."
        problems.append(
            ContentError(f"{folder}/deck.yaml", 1, 1, "the folder of this deck has an odd name.", fix)
        )
    try:
        present = [name for name in library.folder(root, folder) if not name.endswith(".md")]
    except ContentErrors as errors:
        problems.extend(errors.errors)
        return ()
    sheet = _page(root, f"{folder}/deck.yaml", DeckSheet, problems)
    if sheet:
        problems.extend(_files_amiss(sheet, present))
    listed = sheet.value.files if sheet else [name for name in present if name.endswith(".yaml")]
    files = [name for name in listed if name in present and name != "deck.yaml"]
    pages = [page for name in files if (page := _page(root, f"{folder}/{name}", PromptsSheet, problems))]
    problems.extend(_ids_twice(pages))
    if sheet is None or len(problems) > before:
        return ()
    prompts = [
        prompt.value(page.value.theme, page.value.lesson) for page in pages for prompt in page.value.prompts
    ]
    return (Deck(slug, sheet.value.title, sheet.value.about, sheet.value.language, tuple(prompts)),)


def _page(root: Path, path: str, sheet: type[_S], problems: list[ContentError]) -> Page[_S] | None:
    try:
        return library.turn_to(root, path, sheet)
    except ContentErrors as errors:
        problems.extend(errors.errors)
        return None


def _files_amiss(sheet: Page[DeckSheet], present: Iterable[str]) -> Iterable[ContentError]:
    """Files that are listed and not there, or there and not listed."""
    spare = [name for name in present if name not in (*sheet.value.files, "deck.yaml")]
    for index, name in enumerate(sheet.value.files):
        if name not in present:
            near = get_close_matches(name, spare, n=1, cutoff=0.8)
            fix = f'Did you mean "{near[0]}"?' if near else "Create it, or take it off the list."
            yield sheet.error(("files", index), f'there is no file "{name}" in this folder.', fix)
    for name in spare:
        fix = "Add it to the list, or move it out of the folder."
        yield sheet.error(("files",), f'"{name}" is in this folder and not listed.', fix)


def _ids_twice(pages: Iterable[Page[PromptsSheet]]) -> Iterable[ContentError]:
    """Ids that an earlier prompt of the deck already has; each problem names that place."""
    seen: dict[str, ContentError] = {}
    for page in pages:
        for index, prompt in enumerate(page.value.prompts):
            here = page.error(("prompts", index, "id"), f'the id "{prompt.id}" is already taken.')
            first = seen.setdefault(prompt.id, here)
            if first is not here:
                here.fix = f"Choose another; the first is at {first.path}:{first.line}:{first.column}."
                yield here
