"""Every content file checked at once, for `tilth check`: problems, what there is, and what an author may want to change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.content import ContentErrors
from bot.courses.lessons import files as courses
from bot.courses.lessons.model import Course
from bot.reflections.prompts import files as reflections
from bot.reflections.prompts.model import Deck

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Findings:
    """What is in a content folder. `decks` counts prompts by deck, `courses` lessons by course."""

    problems: tuple[str, ...]
    decks: dict[str, int]
    courses: dict[str, int]
    advice: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """What is there and what may be changed, for people."""
        return [
            *(f"{slug}: {count} prompts, no problem" for slug, count in self.decks.items()),
            *(f"{slug}: {count} lessons, no problem" for slug, count in self.courses.items()),
            *(f"  advice: {line}" for line in self.advice),
        ]


def check_content(root: Path) -> Findings:
    """Read everything below a content root; nothing is raised for what authors wrote."""
    problems: list[str] = []
    decks = _read(lambda: reflections.read_decks(root), problems)
    taught = _read(lambda: courses.read_courses(root), problems)
    advice = [f"{deck.slug}: {line}" for deck in decks for line in reflections.advise_on_deck(deck)]
    advice += [f"{course.slug}: {line}" for course in taught for line in courses.advise_author(course)]
    advice += _advise_on_completion(decks, taught)
    return Findings(
        tuple(problems),
        {deck.slug: len(deck.prompts) for deck in decks},
        {course.slug: len(course.lessons) for course in taught},
        tuple(advice),
    )


def _advise_on_completion(decks: Sequence[Deck], taught: Sequence[Course]) -> list[str]:
    """Prompts that would wait for a lesson forever, or not wait for the lesson they complete, one sentence each."""
    finishes = {
        (f"{course.slug}/{lesson.slug}", lesson.completing.id)
        for course in taught
        for lesson in course.lessons
        if lesson.completing is not None
    }
    found = []
    for deck in decks:
        for one in deck.prompts:
            known = (one.lesson, one.slug) in finishes
            if one.completes and not known:
                found.append(
                    f'{deck.slug}: "{one.slug}" says that it completes {one.lesson}, but the lesson has no prompt '
                    "of that id that completes it. It will not be asked."
                )
            elif known and not one.completes:
                found.append(
                    f'{deck.slug}: "{one.slug}" completes {one.lesson} and does not say "completes: yes". It may be '
                    "asked before the lesson has come."
                )
    return found


def _read(read: Callable[[], tuple[T, ...]], problems: list[str]) -> tuple[T, ...]:
    try:
        return read()
    except ContentErrors as found:
        problems += [str(error) for error in found.errors]
        return ()
