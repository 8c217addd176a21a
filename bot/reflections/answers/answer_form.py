"""The answer form: a prompt's questions as fields, and what came back as parts of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat import forms
from bot.chat.forms import FIELDS, LONGEST, TITLE, Form, FormField, Hint, Input, LongText
from bot.chat.language import _, ngettext
from bot.chat.models import Refusal, Sharing
from bot.feature import Request
from bot.reflections.answers import tables
from bot.reflections.answers.answer_cards import SHARING
from bot.reflections.answers.help_size import find_help_size
from bot.reflections.answers.long_text import FormShape, join_fields, piece_name, read_shape, split_text
from bot.reflections.answers.tables import Part
from bot.reflections.cards import clip_text, hints_of_size
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.schedule.asked_prompts import AskedPrompt

WORDS = "words"
"""The field for what was written elsewhere to a prompt that asks for no words."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question: readable text, and the bare value of a scale or choice. Words that belong to
    no question have the number after the last."""

    question: int
    text: str
    value: object


def build_answer_form(
    conn: Connection,
    request: Request,
    here: AskedPrompt,
    sharing: Sharing | None = None,
    text: str = "",
) -> Form:
    """The answer form for the member who asks: hints of their size, and what stands of their answer or was just written.

    The form that comes back is built again from its own value, so it has every field it was opened with.
    """
    before = tables.find_answer_of_member(conn, here.id, request.member.id)
    parts = before.parts if before is not None else ()
    size = find_help_size(conn, here.community_id, request.member.id, request.member.help)
    fields, shape = fill_fields(here.prompt, parts, read_shape(request.value), text, size)
    chosen = (before.sharing if before else None) or sharing or request.member.sharing or Sharing.ME
    fields.append(forms.Choice("sharing", _("Who can read this"), SHARING, value=chosen.value))
    return Form("reflect.answer", here.prompt.title[:TITLE], tuple(fields), shape.write(f"o{here.id}"))


def fill_fields(
    prompt: Prompt, parts: Sequence[Part], opened: FormShape | None, text: str, size: str
) -> tuple[list[FormField], FormShape]:
    """The fields of a prompt's questions, filled with the parts of an answer and a `text`, and what shape that is.

    `opened` is the shape of the form that comes back; `size` is how much help goes with the first question.
    """
    slot = long_slot(prompt)
    pieces, joints = split_text("\n\n".join(filter(None, (_standing_words(prompt, slot, parts), text))))
    shape = FormShape(slot == WORDS and bool(pieces[0]), joints)
    if opened is not None:
        shape = FormShape(opened.words or shape.words, max(opened.joints, joints, key=len))
    room = FIELDS - 1 - _count_inputs(prompt) - shape.words
    if len(shape.joints) > room:
        if opened is None:
            raise _too_long(sum(map(len, pieces)), (room + 1) * LONGEST, text)
        pieces, shape = ("",), FormShape(opened.words, opened.joints)
    filled = {one.source.rpartition("/")[2]: one for one in parts if one.via == "form"}
    return _question_fields(prompt, filled, pieces, slot, shape, _hints(prompt, size)), shape


def long_slot(prompt: Prompt) -> str:
    """The field for what somebody wrote elsewhere: the first in their own words, or the first that asks why."""
    for number, question in enumerate(prompt.questions):
        if question.answer.free_text:
            return f"q{number}"
    for number, question in enumerate(prompt.questions):
        if _has_reason(prompt, number, question):
            return f"r{number}"
    return WORDS


def _has_reason(prompt: Prompt, number: int, question: Question) -> bool:
    """Whether there is room to ask for the reason of a question."""
    before = sum(one.reason != "none" for one in prompt.questions[:number])
    return question.reason != "none" and before < FIELDS - 1 - len(prompt.questions)


def _count_inputs(prompt: Prompt) -> int:
    reasons = sum(_has_reason(prompt, number, one) for number, one in enumerate(prompt.questions))
    return len(prompt.questions) + reasons


def _standing_words(prompt: Prompt, slot: str, parts: Sequence[Part]) -> str:
    """The own words of an answer that go into the long field: what it held, and every message."""
    number = slot[1:] if slot != WORDS else str(len(prompt.questions))
    found = []
    for one in parts:
        if one.via != "form":
            found.append(one.text)
        elif one.source.rpartition("/")[2] == number:
            found.append(_known(one, "reason") if slot.startswith("r") else one.text)
    return "\n\n".join(filter(None, found))


def _known(part: Part | None, name: str) -> str:
    known = part.value if part is not None and isinstance(part.value, dict) else {}
    return str(known.get(name) or "")


def _too_long(length: int, limit: int, text: str) -> Refusal:
    problem = ngettext(
        "Your answer has {count} character, and this form takes up to {limit}.",
        "Your answer has {count} characters, and this form takes up to {limit}.",
        length, limit=limit,
    )  # fmt: skip
    fix = _("Shorten it.") if text else _("Edit your messages instead.")
    return Refusal(problem, fix, text)


def _question_fields(
    prompt: Prompt,
    filled: Mapping[str, Part],
    pieces: Sequence[str],
    slot: str,
    shape: FormShape,
    hints: Sequence[FormField],
) -> list[FormField]:
    """The fields of all questions; the long one is followed by the further pieces of what it holds."""
    fields: list[FormField] = []

    def add(name: str, field: Input) -> None:
        fields.append(field)
        if name == slot:
            fields.extend(_further_pieces(name, pieces, len(shape.joints)))

    for number, question in enumerate(prompt.questions):
        was, label, name = filled.get(str(number)), clip_text(question.ask, 300), f"q{number}"
        held: object = pieces[0] if name == slot else was.text if was is not None else ""
        if not question.answer.free_text:
            held = was.value.get("pick") if was is not None and isinstance(was.value, dict) else None
        add(name, question.answer.field(name, label, held))
        if number == 0:
            fields += hints
        if _has_reason(prompt, number, question):
            because = pieces[0] if f"r{number}" == slot else _known(was, "reason")
            add(f"r{number}", LongText(f"r{number}", _("Why?"), required=False, value=because))
    if shape.words:
        add(WORDS, LongText(WORDS, _("In your own words"), required=False, value=pieces[0]))
    return fields


def _further_pieces(name: str, pieces: Sequence[str], count: int) -> list[FormField]:
    held = (*pieces[1:], *("" for _ in range(count)))[:count]
    return [
        LongText(
            piece_name(name, number),
            _("Continued ({number} of {total})", number=number + 1, total=count + 1),
            required=False,
            value=text,
        )
        for number, text in enumerate(held, 1)
    ]


def _hints(prompt: Prompt, size: str) -> list[FormField]:
    found = hints_of_size(prompt, size)
    return [Hint("\n".join(f"- {hint}" for hint in found))] if found else []


def make_reply(prompt: Prompt, number: int, given: object, reason: str) -> Reply:
    """What was answered to one question, of a value that its field has checked."""
    question = prompt.questions[number]
    shown, pick = question.answer.reply(given)
    if question.answer.free_text:
        return Reply(number, shown, None)
    label = f"{question.ask} " if len(prompt.questions) > 1 else ""
    text = f"{label}{shown}" + (f"\n{reason}" if reason else "")
    return Reply(number, text, {"pick": pick, "reason": reason})


def read_replies(prompt: Prompt, values: Mapping[str, object], shape: FormShape) -> list[Reply]:
    """The answered questions of a submission that `forms.read` has checked."""
    slot, found = long_slot(prompt), []

    def written(name: str) -> str | None:
        return join_fields(values, name, shape.joints if name == slot else "")

    for number, question in enumerate(prompt.questions):
        given = written(f"q{number}") if question.answer.free_text else values.get(f"q{number}")
        reason = written(f"r{number}")
        if given is None:
            continue
        found.append(make_reply(prompt, number, given, reason or ""))
    if (words := written(WORDS)) is not None:
        found.append(Reply(len(prompt.questions), words, None))
    return found
