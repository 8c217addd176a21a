"""Many prompts as text: read from a pasted file or one question a line, and written as content files."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from bot.chat.language import DEFAULT, _, speaking
from bot.chat.mass_mentions import mass_mention
from bot.content import ContentErrors, parse_document
from bot.reflections.prompts.answer_kinds.registry import answer_to_json
from bot.reflections.prompts.file_schema import PromptsSheet
from bot.reflections.prompts.follow_ups import name_answers
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.prompt_form import QUICK_WORDS, TITLE, plain_prompt, title_of
from bot.reflections.prompts.question_lines import ASK, too_long_text
from bot.reflections.prompts.taxonomy import Month

MOST = 200
"""Prompts of one import."""
FILE = "from-chat"
"""The name of an exported file of prompts, without its ending."""
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")
_SHEET = re.compile(r"^(?:theme|prompts|lesson)\s*:", re.MULTILINE)


# ── reading ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """One line of an import: the prompt it is, or the problem with it. `line` counts from 1."""

    line: int
    prompt: Prompt | None
    problem: str = ""


def read_prompts(text: str, name: str, known: Collection[str]) -> list[ImportedLine]:
    """Every prompt of a pasted text, or what is wrong with it; `known` are the questions that are there already.

    A text with `prompts:` in it is read as a content file: with anything wrong in it, nothing of it is taken, and
    every problem is told. Anything else is one question a line, `Title | Question` where it has a title.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = {one.casefold() for one in known}
    found = _read_sheet(text, name) if _SHEET.search(text) else _read_lines(text)
    return [_refuse_known(one, seen) for one in found[:MOST]] + (
        [
            ImportedLine(
                found[MOST].line,
                None,
                _("One import takes {most} prompts; this one and the rest were left out.", most=MOST),
            )
        ]
        if len(found) > MOST
        else []
    )


def _read_sheet(text: str, name: str) -> list[ImportedLine]:
    try:
        page = parse_document(name, text, PromptsSheet)
    except ContentErrors as errors:
        return [ImportedLine(one.line, None, f"{one.problem} {one.fix}".strip()) for one in errors.errors]
    sheet = page.value
    return [
        ImportedLine(page.spots["prompts", number].value[0], one.value(sheet.theme, sheet.lesson))
        for number, one in enumerate(sheet.prompts)
    ]


def _read_lines(text: str) -> list[ImportedLine]:
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = " ".join(_BULLET.sub("", raw, count=1).split())
        if line:
            found.append(_read_line(number, line))
    return found


def _read_line(number: int, line: str) -> ImportedLine:
    title, bar, question = (part.strip() for part in line.partition("|"))
    if not bar:
        title, question = title_of(line), line
    if not question or not title:
        return ImportedLine(number, None, _("One side of the | is empty."))
    if len(question) > ASK:
        return ImportedLine(number, None, too_long_text(len(question)))
    if len(title) > TITLE:
        problem = _(
            "A title has at most {most} characters; this one has {count}.", most=TITLE, count=len(title)
        )
        return ImportedLine(number, None, problem)
    return ImportedLine(number, plain_prompt(title, (Question(question),)))


def _refuse_known(one: ImportedLine, seen: set[str]) -> ImportedLine:
    """Refuse what would call everybody, and what is there already."""
    if one.prompt is None:
        return one
    texts = (one.prompt.title, one.prompt.one_line, *(question.ask for question in one.prompt.questions))
    if any(mass_mention(text) for text in texts):
        return ImportedLine(one.line, None, _("It would notify everybody at once. Leave the mention out."))
    ask = one.prompt.questions[0].ask.casefold()
    if ask in seen:
        return ImportedLine(one.line, None, _("That question is in the deck already."))
    seen.add(ask)
    return one


# ── writing ───────────────────────────────────────────────────────────────────


def write_files(deck: str, prompts: Sequence[Prompt], *, new: bool) -> dict[str, bytes]:
    """Content files of a deck by name: one for each theme, and a `deck.yaml` where the deck is `new`."""
    groups: dict[tuple[str, str | None], list[Prompt]] = {}
    for one in prompts:
        groups.setdefault((one.theme, one.lesson), []).append(one)
    found: dict[str, bytes] = {}
    for number, ((theme, lesson), members) in enumerate(groups.items(), 1):
        name = f"{FILE}.yaml" if number == 1 else f"{FILE}-{number}.yaml"
        sheet: dict[str, Any] = {"theme": theme, **({"lesson": lesson} if lesson else {})}
        sheet["prompts"] = [_prompt_sheet(one) for one in members]
        found[name] = _yaml(sheet)
    if not new:
        return found
    title = deck.replace("-", " ").capitalize()
    head = {"title": title[:60], "about": "Prompts that were written in chat.", "files": list(found)}
    return {"deck.yaml": _yaml(head), **found}


def _prompt_sheet(one: Prompt) -> dict[str, Any]:
    sheet: dict[str, Any] = {"id": one.slug, "title": one.title, "form": one.form, "level": one.level}
    if len(one.questions) == 1:
        sheet |= _question_sheet(one.questions[0], "question")
    else:
        sheet["questions"] = [
            _question_sheet(question, "ask") | _after_sheet(one.questions, number)
            for number, question in enumerate(one.questions)
        ]
    sheet["one_line"] = one.one_line or QUICK_WORDS
    if one.deeper:
        sheet["deeper"] = one.deeper
    if one.help_full:
        sheet["help"] = {"full": list(one.help_full), "half": list(one.help_half or one.help_full[:2])}
    if one.tags:
        sheet["tags"] = list(one.tags)
    if one.audience:
        sheet["audience"] = one.audience
    if one.months:
        sheet["months"] = [get_args(Month)[number - 1] for number in one.months]
    if one.completes:
        sheet["completes"] = True
    return sheet


def _question_sheet(question: Question, name: str) -> dict[str, Any]:
    sheet: dict[str, Any] = {name: question.ask}
    if not question.answer.free_text:
        sheet |= {"answer": answer_to_json(question.answer), "reason": question.reason}
    return sheet


def _after_sheet(questions: Sequence[Question], number: int) -> dict[str, Any]:
    """The answers after which a follow-up is asked, as files are read: not in the language of whoever exports them."""
    with speaking(DEFAULT):
        return {"after": list(name_answers(questions, number))} if questions[number].after else {}


def _yaml(content: dict[str, Any]) -> bytes:
    from ruamel.yaml import YAML  # only where somebody exports

    writer = YAML()
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    writer.dump(_quote_words(content), out)
    return out.getvalue()


def _quote_words(value: Any) -> Any:
    """Put quotes around each text that the reader would take for true, false, nothing or a number."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    from bot.content.yaml_tree import resolve_word

    if isinstance(value, dict):
        return {key: _quote_words(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_quote_words(each) for each in value]
    if isinstance(value, str) and resolve_word(value) != value:
        return DoubleQuotedScalarString(value)
    return value
