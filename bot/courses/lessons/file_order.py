"""The order of a course's files: lessons wait only for earlier ones, and no step fills a part of the plan too early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.content import ContentDocument, ContentError, Loc
from bot.courses.lessons.file_schema import LessonPage

NEEDS: Final[Mapping[str, str]] = {
    "causes": "problem", "choice": "causes", "whys": "causes", "voices": "problem", "aim": "problem", "change": "choice",
    "look": "change",
}  # fmt: skip
"""What has to be in a team's plan before a part of it can be filled."""

Pages = Sequence[tuple[str, ContentDocument[LessonPage]]]


def find_misplaced(pages: Pages) -> Iterable[ContentError]:
    """Lessons that wait for one that does not stand before them, and steps that fill the plan too early."""
    before: list[str] = []
    filled: set[str] = set()
    for name, page in pages:
        for index, one in enumerate(page.value.waits_for):
            if one not in before:
                fix = f"Name one of: {', '.join(before)}." if before else "The first lesson waits for none."
                yield page.error(
                    ("waits_for", index), f'"{one}" is no lesson that stands before this one.', fix
                )
        yield from _find_early(page, filled)
        before.append(name.removesuffix(".yaml"))
        filled |= {plan for _, plan in (*_steps(page), *_parts(page))}


def _find_early(page: ContentDocument[LessonPage], before: set[str]) -> Iterable[ContentError]:
    """Steps and parts of one lesson whose part of the plan needs another that nothing filled yet.

    A step may use what the meeting of its own lesson fills, and the other way round: which of them comes first is for the
    team to say.
    """
    steps, parts = list(_steps(page)), list(_parts(page))
    for mine, others in ((steps, parts), (parts, steps)):
        filled = before | {plan for _, plan in others}
        for loc, plan in mine:
            filled.add(plan)
            need = NEEDS.get(plan)
            if need is not None and need not in filled:
                problem = f'this fills "{plan}" of the team plan, and nothing before it fills "{need}".'
                yield page.error(loc, problem, f'Let an earlier step fill "{need}".')


def _steps(page: ContentDocument[LessonPage]) -> Iterable[tuple[Loc, str]]:
    return (
        (("steps", index, "plan"), one.plan)
        for index, one in enumerate(page.value.steps)
        if one.plan is not None
    )


def _parts(page: ContentDocument[LessonPage]) -> Iterable[tuple[Loc, str]]:
    protocol = page.value.protocol
    return (
        (("protocol", "parts", index, "plan"), one.plan)
        for index, one in enumerate(protocol.parts if protocol is not None else ())
        if one.plan is not None
    )
