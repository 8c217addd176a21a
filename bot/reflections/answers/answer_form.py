"""The answer form: a prompt's questions as fields, and what came back as parts of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat import forms
from bot.chat.forms import FIELDS, TITLE, Form, FormField, Hint, LongText
from bot.chat.models import Sharing
from bot.feature import Request
from bot.reflections.answers import tables
from bot.reflections.answers.answer_cards import SHARING
from bot.reflections.answers.help_size import help_for
from bot.reflections.answers.tables import Answer
from bot.reflections.cards import clipped, hints
from bot.reflections.prompts.model import ChoiceAnswer, Prompt, Question, ScaleAnswer, TextAnswer, YesNoAnswer
from bot.reflections.schedule.asked_prompts import AskedPrompt

LIMIT = 3000
"""Characters of one text field: what both platforms' forms can hold."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question: readable text, and the bare value of a scale or choice."""

    question: int
    text: str
    value: object


def answer_form(
    form_id: str,
    value: str,
    prompt: Prompt,
    size: str,
    before: Answer | None,
    sharing: Sharing,
    text: str = "",
) -> Form:
    """The form for a prompt, with hints of the member's size, filled with what they answered before."""
    filled = (
        {one.source.rpartition("/")[2]: one for one in before.parts if one.door == "form"} if before else {}
    )
    fields: list[FormField] = []
    room = FIELDS - 1 - len(prompt.questions)
    for number, question in enumerate(prompt.questions):
        was = filled.get(str(number))
        known = was.value if was is not None and isinstance(was.value, dict) else {}
        first = number == 0 and text
        fields.append(_field(number, question, known, text if first else (was.text if was else "")))
        if number == 0 and (found := hints(prompt, size)):
            fields.append(Hint("\n".join(f"- {hint}" for hint in found)))
        if not isinstance(question.answer, TextAnswer) and question.reason != "none" and room > 0:
            room -= 1
            reason = text if first else str(known.get("reason") or "")
            fields.append(
                LongText(
                    f"r{number}",
                    "Why?",
                    required=question.reason == "asked",
                    value=reason[:LIMIT],
                    limit=LIMIT,
                )
            )
    chosen = (before.sharing if before else sharing).value
    fields.append(forms.Choice("sharing", "Who can read this", SHARING, value=chosen))
    return Form(form_id, prompt.title[:TITLE], tuple(fields), value)


def member_form(
    conn: Connection, request: Request, here: AskedPrompt, sharing: Sharing | None = None, text: str = ""
) -> Form:
    """The answer form for the member who asks, with as much help as they get and what they answered before."""
    member = request.member
    before = tables.answer_of(conn, here.id, member.id)
    size = help_for(conn, here.community_id, member.id, member.help)
    wanted = sharing or (before.sharing if before else None) or member.sharing or Sharing.ME
    return answer_form("reflect.answer", f"o{here.id}", here.prompt, size, before, wanted, text)


def _field(number: int, question: Question, known: Mapping[str, object], text: str) -> FormField:
    name, label = f"q{number}", clipped(question.ask, 300)
    pick = known.get("pick")
    match question.answer:
        case TextAnswer():
            return LongText(name, label, value=text[:LIMIT], limit=LIMIT)
        case YesNoAnswer():
            return forms.Choice(name, label, (("yes", "Yes"), ("no", "No")), value=str(pick or ""))
        case ChoiceAnswer(options):
            return forms.Choice(
                name,
                label,
                tuple((str(i), option) for i, option in enumerate(options)),
                value="" if pick is None else str(pick),
            )
        case ScaleAnswer(low, high, low_label, high_label):
            return forms.Scale(
                name, label, low, high, low_label, high_label, value=pick if isinstance(pick, int) else None
            )


def replies(prompt: Prompt, values: Mapping[str, object]) -> list[Reply]:
    """The answered questions of a submission that `forms.read` has checked."""
    found = []
    for number, question in enumerate(prompt.questions):
        given, reason = values.get(f"q{number}"), values.get(f"r{number}")
        if given is None:
            continue
        if isinstance(question.answer, TextAnswer):
            found.append(Reply(number, str(given), None))
            continue
        shown, pick = _picked(question, given)
        label = f"{question.ask} " if len(prompt.questions) > 1 else ""
        text = f"{label}{shown}" + (f"\n{reason}" if reason else "")
        found.append(Reply(number, text, {"pick": pick, "reason": reason or ""}))
    return found


def _picked(question: Question, given: object) -> tuple[str, object]:
    match question.answer:
        case ChoiceAnswer(options):
            return options[int(str(given))], str(given)
        case ScaleAnswer(_, high, _, _):
            return f"{given} of {high}", given
        case _:
            return str(given).capitalize(), str(given)
