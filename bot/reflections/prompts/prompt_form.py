"""The words of a prompt as moderators write them in a form, and back: pure, with a remedy for every mistake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.forms import Form, LongText, ShortText
from bot.chat.language import N_, _, ngettext
from bot.chat.mass_mentions import mass_mention
from bot.content import Wrong
from bot.reflections.prompts.answer_kinds.kind import AnswerKind
from bot.reflections.prompts.answer_kinds.registry import EXAMPLES, answer_from_words
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.question_lines import read_lines, shows_its_answer, write_lines
from bot.reflections.prompts.taxonomy import Level, PromptForm, Reason

TITLE, HINT, TAGS = 60, 120, 10
THEME = "From the community"
"""The theme of prompts that were written in chat."""
QUICK_WORDS, QUICK_TAP = N_("One sentence is enough."), N_("One tap is enough.")
"""The short way of a prompt that was written in chat; said in the language of whoever reads it."""
LEVEL: Level = "relating"
_TAG = re.compile(r"#([\w-]+)")


def slug_of(text: str, otherwise: str = "prompt") -> str:
    """Small letters, digits and hyphens, as content files name things."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-") or otherwise


def title_of(question: str) -> str:
    """A title made of the first words of a question, where nobody gave one."""
    words = " ".join(question.split()).rstrip("?.! ")
    return words if len(words) <= TITLE else f"{words[: TITLE - 1].rsplit(' ', 1)[0]}…"


# ── tags and hints ────────────────────────────────────────────────────────────


def read_tags(text: str) -> tuple[str, ...]:
    """Tags as people write them: words with or without #, commas or not. `Wrong` when there are too many."""
    words = [slug_of(word, "") for word in re.split(r"[\s,;]+", text.replace("#", " "))]
    found = tuple(dict.fromkeys(word for word in words if word))
    if len(found) > TAGS:
        raise Wrong(
            ngettext("that is {count} tag.", "that is {count} tags.", len(found)),
            _("A prompt has at most {most}.", most=TAGS),
        )
    return found


def hint_words(prompt: Prompt) -> str:
    """Hints and tags as one text."""
    tags = " ".join(f"#{tag}" for tag in prompt.tags)
    return "\n".join((*prompt.help_full, *((tags,) if tags else ())))


def _read_hints(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = [line.strip().removeprefix("- ").strip() for line in text.splitlines() if line.strip()]
    tags = read_tags(" ".join(line for line in lines if _TAG.match(line)))
    hints = tuple(line for line in lines if not _TAG.match(line))
    if len(hints) not in (0, 3):
        raise Wrong(
            ngettext("that is {count} hint.", "that is {count} hints.", len(hints)),
            _("Write three, one per line, or none."),
        )
    if any(len(hint) > HINT for hint in hints):
        raise Wrong(_("a hint has at most {most} characters.", most=HINT), _("Shorten it."))
    return hints, tags


# ── the form ──────────────────────────────────────────────────────────────────


def prompt_form(
    form_id: str, title: str, value: str, known: Sequence[str], deck: str, prompt: Prompt | None, submit: str
) -> Form:
    """The form of a prompt, filled with what is known of it."""
    question = "" if prompt is None else write_lines(prompt.questions)
    tap = prompt is not None and shows_its_answer(prompt.questions)
    answer = prompt.questions[0].answer.words() if prompt is not None and tap else "text"
    begins = _("A new name begins a new deck.")
    decks = _("Known: {decks}. {begins}", decks=", ".join(known[:8]), begins=begins) if known else begins
    return Form(
        form_id, title,
        (
            ShortText("deck", _("Deck"), decks, value=deck, limit=40),
            ShortText("title", _("Title"), _("A few words. Empty: taken from the question."), required=False,
                      value=prompt.title if prompt is not None else "", limit=TITLE),
            LongText("question", _("Question"), _(
                         "Up to three questions, one per line. After a question that is tapped, begin a line with “If no:” to ask it "
                         "only after that answer."
                     ),
                     value=question, limit=1000),
            ShortText("answer", _("How it is answered"), EXAMPLES, required=False, value=answer, limit=400),
            LongText("hints", _("Hints and tags"), _("Three hints, one per line, or none. A line like #term1 "
                                                     "holds tags."),
                     required=False, value=hint_words(prompt) if prompt is not None else "", limit=1000),
        ),
        value, submit=submit,
    )  # fmt: skip


def call_text(call: str) -> str:
    """The problem with a text in which a mention would call everybody."""
    return _("“{call}” would notify everybody at once. Leave it out.", call=call)


def read_form(values: Mapping[str, object], known: Prompt | None) -> tuple[str, Prompt, dict[str, str]]:
    """(deck, prompt, errors by field) of a submitted form. `known` is the prompt it was filled with, if any."""
    said = {
        name: str(values.get(name) or "").strip() for name in ("deck", "title", "question", "answer", "hints")
    }
    errors = {name: call_text(call) for name, text in said.items() if (call := mass_mention(text))}
    asks = [" ".join(line.split()) for line in said["question"].splitlines() if line.strip()]
    title = said["title"] or title_of(asks[0] if asks else "")
    answer: AnswerKind = TextAnswer()
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    try:
        answer = answer_from_words(said["answer"])
    except Wrong as wrong:
        errors.setdefault("answer", _sentence(wrong))
    try:
        hints, tags = _read_hints(said["hints"])
    except Wrong as wrong:
        errors.setdefault("hints", _sentence(wrong))
    reason = _reason_of(answer, known)
    try:
        questions = read_lines(asks, answer, reason, known)
    except Wrong as wrong:
        errors.setdefault("question", _sentence(wrong))
        questions = tuple(Question(ask, answer, reason) for ask in asks) or (Question(""),)
    if len(title) > TITLE or "\n" in title:
        errors.setdefault("title", _("A title is one line of at most {most} characters.", most=TITLE))
    return slug_of(said["deck"], "weekly"), _made(title, questions, hints, tags, known), errors


def _reason_of(answer: AnswerKind, known: Prompt | None) -> Reason:
    """Whether a reason is asked for: as before, where the kind of answer stayed."""
    if answer.free_text:
        return "none"
    return (
        known.questions[0].reason if known is not None and known.questions[0].answer == answer else "optional"
    )


def _made(
    title: str,
    questions: tuple[Question, ...],
    hints: tuple[str, ...],
    tags: tuple[str, ...],
    known: Prompt | None,
) -> Prompt:
    new = known or plain_prompt(title, questions)
    fresh = known is None or known.questions[0].answer != questions[0].answer
    return replace(
        new, title=title, questions=questions, help_full=hints, help_half=hints[:2], tags=tags,
        one_line=_quick(questions) if fresh or not new.one_line else new.one_line,
        form=_shape(questions) if fresh else new.form,
    )  # fmt: skip


def plain_prompt(title: str, questions: tuple[Question, ...]) -> Prompt:
    """A prompt of a title and its questions, with what chat does not ask for filled in."""
    return Prompt(slug_of(title), title, _shape(questions), LEVEL, THEME, None, questions, _quick(questions))


def _quick(questions: Sequence[Question]) -> str:
    return QUICK_WORDS if questions[0].answer.free_text else QUICK_TAP


def _shape(questions: Sequence[Question]) -> PromptForm:
    return "small-test" if len(questions) > 1 else questions[0].answer.prompt_form


def _sentence(wrong: Wrong) -> str:
    problem = wrong.problem[:1].upper() + wrong.problem[1:]
    return f"{problem} {wrong.fix}".strip()
