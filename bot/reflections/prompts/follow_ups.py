"""Follow-ups: questions that are asked only after a given answer to a question that is tapped.

A follow-up belongs to the last question before it that one tap answers; `Question.after` holds the values of that question's
taps after which it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.language import _
from bot.content import Wrong
from bot.reflections.prompts.model import Prompt, Question

Tapped = str | bool | int
"""An answer as an author writes it: YAML reads an unquoted `no` as false."""


def list_openings(prompt: Prompt) -> tuple[int, ...]:
    """The numbers of the questions that everybody is asked."""
    return tuple(number for number, one in enumerate(prompt.questions) if not one.after)


def find_condition(questions: Sequence[Question], number: int) -> int | None:
    """The number of the question that a follow-up belongs to."""
    return next((n for n in range(number - 1, -1, -1) if questions[n].answer.taps()), None)


def is_asked(prompt: Prompt, number: int, picks: Mapping[int, str]) -> bool:
    """Whether a question is asked of somebody who picked these values, by the number of their question."""
    after = prompt.questions[number].after
    condition = find_condition(prompt.questions, number)
    return not after or (condition is not None and picks.get(condition) in after)


def name_answers(questions: Sequence[Question], number: int) -> tuple[str, ...]:
    """The answers after which a follow-up is asked, as people read them."""
    condition = find_condition(questions, number)
    labels = dict(questions[condition].answer.taps()) if condition is not None else {}
    return tuple(labels.get(value, value) for value in questions[number].after)


def read_after(questions: Sequence[Question], written: Sequence[Tapped]) -> tuple[str, ...]:
    """The values of the taps that an author wrote for a follow-up to these questions; raises `Wrong`."""
    condition = find_condition(questions, len(questions))
    if condition is None:
        raise Wrong(
            'there is no question to tap before "after".',
            'Put one with "answer: yes_no", a choice or a scale first.',
        )
    taps = questions[condition].answer.taps()
    known = {word.casefold(): value for value, label in taps for word in (value, label)}
    known |= {
        label.casefold(): value for value, label in taps
    }  # an option that is called like another's number
    found = tuple(known.get(_spell(one), "") for one in written)
    if "" in found:
        labels = ", ".join(f'"{label}"' for _value, label in taps)
        raise Wrong(
            _('"{answer}" is not an answer to the question before it.', answer=written[found.index("")]),
            _("Write {answers}.", answers=labels),
        )
    return tuple(dict.fromkeys(found))


def _spell(one: Tapped) -> str:
    if isinstance(one, bool):
        return "yes" if one else "no"
    return str(one).strip().casefold()
