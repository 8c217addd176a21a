"""Prompts from chat as content files: what `tilth check` accepts and a community can keep under `prompts/`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML

from bot.reflections.prompts.model import Prompt, Question, write_answer

FILE = "from-chat"
"""The name of an exported file of prompts, without its ending."""


def files(deck: str, prompts: Sequence[Prompt], *, new: bool) -> dict[str, bytes]:
    """Content files of a deck by name: one for each theme, and a `deck.yaml` where the deck is `new`."""
    groups: dict[tuple[str, str | None], list[Prompt]] = {}
    for one in prompts:
        groups.setdefault((one.theme, one.lesson), []).append(one)
    found: dict[str, bytes] = {}
    for number, ((theme, lesson), members) in enumerate(groups.items(), 1):
        name = f"{FILE}.yaml" if number == 1 else f"{FILE}-{number}.yaml"
        sheet: dict[str, Any] = {"theme": theme, **({"lesson": lesson} if lesson else {})}
        sheet["prompts"] = [_plain(one) for one in members]
        found[name] = _yaml(sheet)
    if not new:
        return found
    title = deck.replace("-", " ").capitalize()
    head = {"title": title[:60], "about": "Prompts that were written in chat.", "files": list(found)}
    return {"deck.yaml": _yaml(head), **found}


def _plain(one: Prompt) -> dict[str, Any]:
    sheet: dict[str, Any] = {"id": one.slug, "title": one.title, "form": one.form, "level": one.level}
    if len(one.questions) == 1:
        sheet |= _asked(one.questions[0], "question")
    else:
        sheet["questions"] = [_asked(question, "ask") for question in one.questions]
    sheet["one_line"] = one.one_line or "One sentence is enough."
    if one.deeper:
        sheet["deeper"] = one.deeper
    if one.help_full:
        sheet["help"] = {"full": list(one.help_full), "half": list(one.help_half or one.help_full[:2])}
    if one.tags:
        sheet["tags"] = list(one.tags)
    return sheet


def _asked(question: Question, name: str) -> dict[str, Any]:
    sheet: dict[str, Any] = {name: question.ask}
    answer = write_answer(question.answer)
    if answer != "text":
        sheet |= {"answer": answer, "reason": question.reason}
    return sheet


def _yaml(content: dict[str, Any]) -> bytes:
    writer = YAML()
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    writer.dump(content, out)
    return out.getvalue()
