"""The next question of a prompt for somebody who has answered some of them: read from what is stored, so nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Markdown
from bot.chat.language import _
from bot.reflections.answers.hints import deeper_blocks
from bot.reflections.answers.tables import Answer, Part, find_answer
from bot.reflections.prompts.follow_ups import is_asked, list_openings
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.card_blocks import tap_blocks


def list_picks(parts: Sequence[Part]) -> dict[int, str]:
    """The value that was picked last, by the number of its question."""
    by_time = sorted(parts, key=lambda one: one.edited_at or one.said_at)
    return {
        one.question: str(one.value.get("pick"))
        for one in by_time
        if one.question is not None and isinstance(one.value, dict)
    }


def find_next_question(prompt: Prompt, parts: Sequence[Part], *, follow_ups: bool = False) -> int | None:
    """The first question without an answer that is asked of whoever said this; with `follow_ups`, the first such one."""
    picks, answered = list_picks(parts), {one.question for one in parts}
    if None in answered:  # said in the thread, where nobody is asked one question at a time
        answered |= {find_worded_question(prompt)}
    for number, question in enumerate(prompt.questions):
        if follow_ups and not question.after:
            continue
        if number not in answered and is_asked(prompt, number, picks):
            return number
    return None


def find_worded_question(prompt: Prompt) -> int | None:
    """The first question that is answered in words and asked of everybody."""
    return next((n for n in list_openings(prompt) if not prompt.questions[n].answer.taps()), None)


def find_written_question(conn: Connection, here: AskedPrompt, answer_id: int) -> int | None:
    """The question that a direct message answers, where there are several: the next one, if it takes words."""
    if len(here.prompt.questions) == 1:
        return find_worded_question(here.prompt)
    answer = find_answer(conn, here.community_id, answer_id)
    number = find_next_question(here.prompt, answer.parts if answer is not None else ())
    return number if number is not None and not here.prompt.questions[number].answer.taps() else None


def next_blocks(here: AskedPrompt, answer: Answer, *, new: bool, private: bool) -> tuple[Block, ...]:
    """What is asked next, under a receipt: in a direct message every question in turn, elsewhere only follow-ups.

    Elsewhere the other questions stand on the card and in the form. Where nothing is asked any more, a `new` answer is
    followed by the step up from the prompt, as an invitation.
    """
    number = find_next_question(here.prompt, answer.parts, follow_ups=not private)
    if number is None:
        return deeper_blocks(here.prompt) if new else ()
    question = here.prompt.questions[number]
    asked = Markdown(f"**{question.ask}**")
    if taps := tap_blocks(here.id, here.prompt, number):
        return (asked, *taps)
    how = (Markdown(_("Write your answer here, or press the button.")),) if private else ()
    button = Button(_("Answer this"), opens="reflect.edit", value=f"a{answer.id}", style="main")
    return (asked, *how, Buttons((button,)))
