"""Answers that belong to a lesson: it is told of them, and one that says too little to finish it is asked about, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Markdown
from bot.chat.language import _
from bot.facts import LessonAnswered
from bot.intents.substance import says_something
from bot.reflections.answers import tables
from bot.reflections.answers.tables import Answer
from bot.reflections.schedule.asked_prompts import AskedPrompt

FinishButton = Callable[[Connection, int, int, str, str], Button | None]
"""The button that finishes a lesson without a note, for (community, member, lesson, prompt); None where that lesson is not
open to them, or this prompt does not finish it."""


def tell_lesson(
    conn: Connection, here: AskedPrompt, member_id: int, tell: Callable[[Connection, object], None]
) -> None:
    """Tell that a prompt of a lesson was answered, or the answer changed."""
    about = here.prompt
    if about.lesson is None:
        return
    answer = tables.find_answer_of_member(conn, here.id, member_id)
    says = answer is not None and _says_something(answer)
    tell(conn, LessonAnswered(here.community_id, member_id, about.lesson, about.slug, says))


def _says_something(answer: Answer) -> bool:
    """A tap is an answer; words are, if they are more than "idk"."""
    return any(part.value is not None or says_something(part.text) for part in answer.parts)


def ask_more(
    conn: Connection, here: AskedPrompt, answer: Answer, finish_button: FinishButton
) -> Sequence[Block]:
    """What is asked about an answer that says too little, where it would finish a lesson; nothing about any other."""
    about = here.prompt
    if about.lesson is None or _says_something(answer):
        return ()
    button = finish_button(conn, here.community_id, answer.member_id, about.lesson, about.slug)
    if button is None:
        return ()
    words = _(
        "This answer can finish your lesson. What is one thing you tried or saw? Or finish without a note."
    )
    return Markdown(words), Buttons((button,))
