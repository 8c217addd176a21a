"""The answer form: a prompt's questions as fields, and what came back as parts of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat import forms
from bot.chat.forms import FIELDS, LONGEST, TITLE, Form, FormField, Hint, Input, LongText
from bot.chat.language import _, format_list, ngettext
from bot.chat.models import Refusal, Sharing
from bot.feature import Request
from bot.people.audience import sharing_options
from bot.reflections.answers import tables
from bot.reflections.answers.earlier_words import list_earlier_words
from bot.reflections.answers.first_sharing import choose_sharing
from bot.reflections.answers.help_size import find_help_size
from bot.reflections.answers.long_text import FormShape, join_fields, piece_name, read_shape, split_text
from bot.reflections.answers.next_question import list_picks
from bot.reflections.answers.tables import Part
from bot.reflections.cards import clip_text, hints_of_size
from bot.reflections.prompts.follow_ups import is_asked, list_openings, name_answers
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
    if before is None:
        fields[1:1] = list_earlier_words(conn, here, request.member.id)
    first = sharing or choose_sharing(here.prompt, request.member.sharing)
    chosen = before.sharing if before else first
    fields.append(forms.Choice("sharing", _("Who can read this"), sharing_options(), value=chosen.value))
    about = here.prompt.title
    title = _("Edit your answer: {title}", title=about) if parts else _("Answer: {title}", title=about)
    return Form("reflect.answer", title[:TITLE], tuple(fields), shape.write(f"o{here.id}"))


def fill_fields(
    prompt: Prompt,
    parts: Sequence[Part],
    opened: FormShape | None,
    text: str,
    size: str,
    *,
    every: bool = False,
) -> tuple[list[FormField], FormShape]:
    """The fields of a prompt's questions, filled with the parts of an answer and a `text`, and what shape that is.

    `opened` is the shape of the form that comes back; `size` is how much help goes with the first question. A follow-up is
    in the form once its answer was given, or where something stands in it; in a form that holds everything (`every`), always.
    """
    shown = every_question(prompt) if every else _shown_questions(prompt, parts, opened)
    slot = long_slot(prompt, shown)
    placed = _placed_texts(prompt, shown, slot, parts)
    standing = _standing_words(prompt, slot, parts, placed)
    pieces, joints = split_text("\n\n".join(filter(None, (standing, text))))
    follow_ups = "".join(str(number) for number in shown if prompt.questions[number].after)
    shape = FormShape(slot == WORDS and bool(pieces[0]), joints, follow_ups)
    if opened is not None:
        shape = FormShape(opened.words or shape.words, max(opened.joints, joints, key=len), follow_ups)
    room = FIELDS - 1 - _count_inputs(prompt, shown) - shape.words
    if len(shape.joints) > room:
        if opened is None:
            raise _too_long(sum(map(len, pieces)), (room + 1) * LONGEST, text)
        pieces, shape = ("",), FormShape(opened.words, opened.joints, follow_ups)
    picked = {one.question: one for one in parts if isinstance(one.value, dict)}
    held = placed | {slot[1:]: pieces[0]} if slot.startswith("q") else placed
    layout = _Layout(prompt, shown, slot, shape, pieces, every)
    return layout.fields(picked, held, _hints(prompt, size)), shape


def every_question(prompt: Prompt) -> tuple[int, ...]:
    """The numbers of all questions."""
    return tuple(range(len(prompt.questions)))


def _shown_questions(prompt: Prompt, parts: Sequence[Part], opened: FormShape | None) -> tuple[int, ...]:
    """The numbers of the questions in a form: what it was opened with, or what an answer asks for by now."""
    if opened is not None:
        return _questions_in(prompt, opened)
    picks = list_picks(parts)
    standing = {one.question for one in parts}
    return tuple(
        number for number in every_question(prompt) if number in standing or is_asked(prompt, number, picks)
    )


def _questions_in(prompt: Prompt, shape: FormShape) -> tuple[int, ...]:
    """The numbers of the questions in a form of this shape."""
    return tuple(
        number
        for number, one in enumerate(prompt.questions)
        if not one.after or str(number) in shape.follow_ups
    )


def long_slot(prompt: Prompt, shown: Sequence[int]) -> str:
    """The field for what somebody wrote elsewhere: the first in their own words, or the first that asks why."""
    for number in shown:
        if prompt.questions[number].answer.free_text:
            return f"q{number}"
    for number in shown:
        if _has_reason(prompt, number, prompt.questions[number]):
            return f"r{number}"
    return WORDS


def _has_reason(prompt: Prompt, number: int, question: Question) -> bool:
    """Whether there is room to ask for the reason of a question."""
    before = sum(one.reason != "none" for one in prompt.questions[:number])
    return question.reason != "none" and before < FIELDS - 1 - len(prompt.questions)


def _count_inputs(prompt: Prompt, shown: Sequence[int]) -> int:
    return len(shown) + sum(_has_reason(prompt, number, prompt.questions[number]) for number in shown)


def _placed_texts(prompt: Prompt, shown: Sequence[int], slot: str, parts: Sequence[Part]) -> dict[str, str]:
    """What was said to single questions in words, by the number of the question, where it fits its field."""
    found = {}
    for number in shown:
        said = [one.text for one in parts if one.question == number and one.value is None]
        whole = "\n\n".join(filter(None, said))
        if f"q{number}" != slot and prompt.questions[number].answer.free_text and len(whole) <= LONGEST:
            found[str(number)] = whole
    return found


def _standing_words(prompt: Prompt, slot: str, parts: Sequence[Part], placed: Mapping[str, str]) -> str:
    """The own words of an answer that go into the long field: what it held, and every message without a field of its own."""
    number = slot[1:] if slot != WORDS else str(len(prompt.questions))
    found = []
    for one in parts:
        mine = str(one.question) == number
        if isinstance(one.value, dict):
            found.append(_known(one, "reason") if mine and slot.startswith("r") else "")
        elif str(one.question) not in placed and (one.via != "form" or mine):
            found.append(one.text)
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


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the questions of a prompt stand in a form; the long field is followed by the further pieces of what it holds."""

    prompt: Prompt
    shown: Sequence[int]
    slot: str
    shape: FormShape
    pieces: Sequence[str]
    every: bool

    def fields(
        self, picked: Mapping[int | None, Part], held: Mapping[str, str], hints: Sequence[FormField]
    ) -> list[FormField]:
        """The fields, filled with what was `picked` and with the words that are `held` for single questions."""
        found: list[FormField] = []
        for number in self.shown:
            was = picked.get(number)
            found += self._add(self._ask(number, was, held.get(str(number), "")))
            if number == 0:
                found += hints
            if _has_reason(self.prompt, number, self.prompt.questions[number]):
                because = self.pieces[0] if f"r{number}" == self.slot else _known(was, "reason")
                found += self._add(LongText(f"r{number}", _("Why?"), required=False, value=because))
        if self.shape.words:
            words = LongText(WORDS, _("In your own words"), required=False, value=self.pieces[0])
            found += self._add(words)
        return found

    def _add(self, field: Input) -> list[FormField]:
        further = field.name == self.slot
        return [field, *(_further_pieces(field.name, self.pieces, len(self.shape.joints)) if further else ())]

    def _ask(self, number: int, was: Part | None, words: str) -> Input:
        """The field of a question. Nothing is required where there are several: each answer counts."""
        question = self.prompt.questions[number]
        pick = was.value.get("pick") if was is not None else None
        label = question.ask
        if question.after and self.every:
            answers = format_list(name_answers(self.prompt.questions, number), either=True)
            label = _("If you answered {answer}: {question}", answer=answers, question=question.ask)
        field = question.answer.field(
            f"q{number}", clip_text(label, 300), words if question.answer.free_text else pick
        )
        return (
            field
            if len(list_openings(self.prompt)) == 1 and not question.after
            else replace(field, required=False)
        )


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


def nothing_said_refusal() -> Refusal:
    """The refusal of a form in which nothing is filled in."""
    return Refusal(_("There is nothing in that answer."), _("Write a line, and send it again."))


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
    slot, found = long_slot(prompt, _questions_in(prompt, shape)), []

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
