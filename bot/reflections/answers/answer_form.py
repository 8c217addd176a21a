"""The answer form: a prompt's questions as fields, and what came back as parts of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat import forms
from bot.chat.forms import FIELDS, TITLE, Form, FormField, Hint, Input, LongText
from bot.chat.models import Sharing
from bot.feature import Request
from bot.reflections.answers import tables
from bot.reflections.answers.answer_cards import SHARING
from bot.reflections.answers.help_size import find_help_size
from bot.reflections.answers.tables import Part
from bot.reflections.cards import clip_text, hints_of_size
from bot.reflections.prompts.answer_kinds.text import LIMIT
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.schedule.asked_prompts import AskedPrompt


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question: readable text, and the bare value of a scale or choice."""

    question: int
    text: str
    value: object


def build_answer_form(
    conn: Connection, request: Request, here: AskedPrompt, sharing: Sharing | None = None, text: str = ""
) -> Form:
    """The answer form for the member who asks: hints of their size, and what they answered before or just wrote."""
    member, prompt = request.member, here.prompt
    before = tables.find_answer_of_member(conn, here.id, member.id)
    parts = before.parts if before is not None else ()
    filled = {one.source.rpartition("/")[2]: one for one in parts if one.via == "form"}
    fields: list[FormField] = []
    room = FIELDS - 1 - len(prompt.questions)
    for number, question in enumerate(prompt.questions):
        words = text if number == 0 else ""
        answered, reason = _fields(number, question, filled.get(str(number)), words)
        fields.append(answered)
        if number == 0:
            fields += _hints(prompt, find_help_size(conn, here.community_id, member.id, member.help))
        if reason is not None and room > 0:
            room -= 1
            fields.append(reason)
    chosen = (before.sharing if before else None) or sharing or member.sharing or Sharing.ME
    fields.append(forms.Choice("sharing", "Who can read this", SHARING, value=chosen.value))
    return Form("reflect.answer", prompt.title[:TITLE], tuple(fields), f"o{here.id}")


def _fields(number: int, question: Question, was: Part | None, words: str) -> tuple[Input, LongText | None]:
    """The field of a question and the one for its reason, filled with an earlier part or with new words."""
    kind, label = question.answer, clip_text(question.ask, 300)
    if kind.free_text:
        return kind.field(f"q{number}", label, words or (was.text if was is not None else "")), None
    known = was.value if was is not None and isinstance(was.value, dict) else {}
    answered = kind.field(f"q{number}", label, known.get("pick"))
    if question.reason == "none":
        return answered, None
    because = (words or str(known.get("reason") or ""))[:LIMIT]
    required = question.reason == "asked"
    return answered, LongText(f"r{number}", "Why?", required=required, value=because, limit=LIMIT)


def _hints(prompt: Prompt, size: str) -> list[FormField]:
    found = hints_of_size(prompt, size)
    return [Hint("\n".join(f"- {hint}" for hint in found))] if found else []


def read_replies(prompt: Prompt, values: Mapping[str, object]) -> list[Reply]:
    """The answered questions of a submission that `forms.read` has checked."""
    found = []
    for number, question in enumerate(prompt.questions):
        given, reason = values.get(f"q{number}"), values.get(f"r{number}")
        if given is None:
            continue
        shown, pick = question.answer.reply(given)
        if question.answer.free_text:
            found.append(Reply(number, shown, None))
            continue
        label = f"{question.ask} " if len(prompt.questions) > 1 else ""
        text = f"{label}{shown}" + (f"\n{reason}" if reason else "")
        found.append(Reply(number, text, {"pick": pick, "reason": reason or ""}))
    return found
