"""From files to decks: each deck is checked as a whole, with a place and a remedy for every mistake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from bot import content
from bot.content import ContentError, ContentErrors, KnownFiles
from bot.reflections.prompts.file_schema import DeckSheet, PromptsSheet
from bot.reflections.prompts.model import Deck

FOLDER: Final = "reflections"
"""Where decks are, below the content root: `reflections/<deck>/deck.yaml` and its groups of prompts."""


def read_decks(root: Path, known: KnownFiles | None = None) -> tuple[Deck, ...]:
    """The decks below `root/reflections`, by name of folder; ContentErrors tells the problems of all files."""
    problems: list[ContentError] = []
    decks: list[Deck] = []
    for slug in content.find_folders(root, FOLDER, "deck", problems):
        decks.extend(_deck(root, slug, problems, known))
    if problems:
        raise ContentErrors(problems)
    return tuple(decks)


def advise_on_deck(deck: Deck) -> tuple[str, ...]:
    """What an author may want to change, one sentence each: neighbors of the same form."""
    return tuple(
        f'In {deck.slug}, "{one.slug}" and "{next_one.slug}" follow each other and have the same form, {one.form}.'
        for one, next_one in pairwise(deck.prompts)
        if one.form == next_one.form
    )


def build_schemas() -> dict[str, str]:
    """The text of each JSON Schema file, by its name."""
    return {
        "deck.schema.json": content.schema(DeckSheet),
        "prompts.schema.json": content.schema(PromptsSheet),
    }


def _deck(root: Path, slug: str, problems: list[ContentError], known: KnownFiles | None) -> Iterable[Deck]:
    """The deck in one folder, if nothing is wrong with it; otherwise `problems` grows."""
    here = content.read_folder(root, FOLDER, slug, "deck", (DeckSheet, PromptsSheet), "files", known)
    here.problems.extend(
        content.find_duplicates(here.pages, lambda sheet: [one.id for one in sheet.prompts], "prompts")
    )
    problems.extend(here.problems)
    if here.main is None or here.problems:
        return ()
    sheet = here.main.value
    prompts = [
        replace(
            prompt.value(page.value.theme, page.value.lesson),
            anonymous=sheet.anonymous,
            language=sheet.language,
        )
        for page in here.pages
        for prompt in page.value.prompts
    ]
    return (Deck(slug, sheet.title, sheet.about, sheet.language, tuple(prompts)),)
