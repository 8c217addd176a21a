"""Prompts by the dozen: a pasted content file, or one question a line; what became of each line is told."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.chat.mass_mentions import mass_mention
from bot.content import ContentErrors, parse_document
from bot.reflections.prompts.file_schema import PromptsSheet
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.prompt_form import ASK, TITLE, plain_prompt, title_of

MOST = 200
"""Prompts of one import."""
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")
_SHEET = re.compile(r"^(?:theme|prompts|lesson)\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Read:
    """One line of an import: the prompt it is, or the problem with it. `line` counts from 1."""

    line: int
    prompt: Prompt | None
    problem: str = ""


def read(text: str, name: str, known: Collection[str]) -> list[Read]:
    """Every prompt of a pasted text, or what is wrong with it; `known` are the questions that are there already.

    A text with `prompts:` in it is read as a content file: with anything wrong in it, nothing of it is taken, and
    every problem is told. Anything else is one question a line, `Title | Question` where it has a title.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = {one.casefold() for one in known}
    found = _sheet(text, name) if _SHEET.search(text) else _lines(text)
    return [_new(one, seen) for one in found[:MOST]] + (
        [
            Read(
                found[MOST].line,
                None,
                f"One import takes {MOST} prompts; this one and the rest were left out.",
            )
        ]
        if len(found) > MOST
        else []
    )


def _sheet(text: str, name: str) -> list[Read]:
    try:
        page = parse_document(name, text, PromptsSheet)
    except ContentErrors as errors:
        return [Read(one.line, None, f"{one.problem} {one.fix}".strip()) for one in errors.errors]
    sheet = page.value
    return [
        Read(page.spots["prompts", number].value[0], one.value(sheet.theme, sheet.lesson))
        for number, one in enumerate(sheet.prompts)
    ]


def _lines(text: str) -> list[Read]:
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = " ".join(_BULLET.sub("", raw, count=1).split())
        if line:
            found.append(_line(number, line))
    return found


def _line(number: int, line: str) -> Read:
    title, bar, question = (part.strip() for part in line.partition("|"))
    if not bar:
        title, question = title_of(line), line
    if not question or not title:
        return Read(number, None, "There is nothing on one side of the bar.")
    if len(question) > ASK:
        return Read(number, None, f"A question has at most {ASK} characters; this one has {len(question)}.")
    if len(title) > TITLE:
        return Read(number, None, f"A title has at most {TITLE} characters; this one has {len(title)}.")
    return Read(number, plain_prompt(title, (Question(question),)))


def _new(one: Read, seen: set[str]) -> Read:
    """Refuse what would call everybody, and what is there already."""
    if one.prompt is None:
        return one
    texts = (one.prompt.title, one.prompt.one_line, *(question.ask for question in one.prompt.questions))
    if any(mass_mention(text) for text in texts):
        return Read(one.line, None, "It would call everybody at once. Leave the mention out.")
    ask = one.prompt.questions[0].ask.casefold()
    if ask in seen:
        return Read(one.line, None, "That question is in the deck already.")
    seen.add(ask)
    return one
