"""The questions of a prompt as lines that moderators write in a form: "If no: What was in the way?" is a follow-up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.chat.language import _, format_list, format_number, ngettext
from bot.content import Wrong
from bot.reflections.prompts.answer_kinds.kind import AnswerKind
from bot.reflections.prompts.follow_ups import name_answers, read_after
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.taxonomy import Reason

ASK, MOST = 299, 3
"""Characters of a question, and questions of a prompt."""
_FOLLOW_UP = re.compile(r"(?:if|si)\s+(.{1,160}?)\s*:\s+(.+)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*,\s*(?:or\s+|o\s+)?|\s+or\s+|\s+o\s+", re.IGNORECASE)


def write_lines(questions: Sequence[Question]) -> str:
    """The questions, a line each; `read_lines` reads them."""
    return "\n".join(
        _(
            "If {answer}: {question}",
            answer=format_list(name_answers(questions, number), either=True), question=one.ask,
        ) if one.after else one.ask
        for number, one in enumerate(questions)
    )  # fmt: skip


def too_long_text(count: int) -> str:
    """The problem with a question of so many characters."""
    return _(
        "A question has at most {most} characters; this one has {count}.",
        most=ASK,
        count=format_number(count),
    )


def shows_its_answer(questions: Sequence[Question]) -> bool:
    """Whether the form's one field for the kind of answer says all of it: one question, and follow-ups in words."""
    return all(one.after and one.answer.free_text for one in questions[1:])


def read_lines(
    lines: Sequence[str], answer: AnswerKind, reason: Reason, known: Prompt | None
) -> tuple[Question, ...]:
    """The questions that somebody wrote; `Wrong` when they cannot be asked.

    A form shows one kind of answer. Where there are several, those of the prompt that it was filled with stay.
    """
    if not 1 <= len(lines) <= MOST:
        problem = ngettext("that is {count} question.", "that is {count} questions.", len(lines))
        raise Wrong(problem, _("Ask one, or up to three, one per line."))
    kept = known.questions if known is not None and len(known.questions) == len(lines) else ()
    tapped = any(one.answer.taps() for one in kept) or bool(answer.taps())
    parsed = [_parse_line(line, follows=tapped and number > 0) for number, line in enumerate(lines)]
    alone = sum(not after for after, _ask in parsed) == 1
    if not alone and not answer.free_text and not kept:
        raise Wrong(
            _("several questions are answered in words."),
            _("Ask one, or choose text, or begin a line with “If no:”."),
        )
    found: list[Question] = []
    for number, (after, ask) in enumerate(parsed):
        if len(ask) > ASK:
            raise Wrong(
                _(
                    "a question has at most {most} characters; this one has {count}.",
                    most=ASK,
                    count=len(ask),
                ),
                _("Shorten it."),
            )
        was = kept[number] if kept and (len(lines) > 1) else None
        found.append(_question(ask, after, found, was, Question(ask, answer, reason), alone=alone))
    return tuple(found)


def _parse_line(line: str, *, follows: bool) -> tuple[str, str]:
    """(answer, question) of a line; no answer where it is no follow-up: "If you could: what would you change?"."""
    found = _FOLLOW_UP.fullmatch(line) if follows else None
    return (found[1], found[2]) if found is not None else ("", line)


def _question(
    ask: str, after: str, before: Sequence[Question], was: Question | None, written: Question, *, alone: bool
) -> Question:
    """One question: of the kind that was `written` or, where the form does not show it, of the kind that it was."""
    if not after:
        return written if alone or was is None else replace(was, ask=ask, after=())
    kind = replace(was, ask=ask) if was is not None and was.after else Question(ask)
    try:
        return replace(kind, after=read_after(before, (after,)))
    except Wrong:
        return replace(kind, after=read_after(before, _BETWEEN.split(after)))
