"""Text fields of content files: a slug, one line, a language, a list without repeats."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.chat.language import _
from bot.content.errors import Wrong

KEBAB: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
"""How slugs, ids and the names of files and folders are written."""


def one_line(text: str) -> str:
    """The text, if it is on one line; raises `Wrong`."""
    if "\n" in text:
        raise Wrong(_("this must be on one line."), _('Start longer text with ">-" instead of "|".'))
    return text


def kebab(text: str) -> str:
    """The text, if it is a slug; raises `Wrong` with the slug that is nearest."""
    if not re.fullmatch(KEBAB, text):
        letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        like = re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "a-quiet-corner"
        problem = _('"{text}" is not made of small letters, digits and hyphens.', text=text)
        raise Wrong(problem, _('Write it like "{like}".', like=like))
    return text


def language(text: str) -> str:
    """The text, if it is the code of a language; raises `Wrong`."""
    if not re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", text):
        problem = _('"{text}" is not the code of a language.', text=text)
        raise Wrong(problem, _('Write it like "en", "es" or "pt-BR".'))
    return text


def distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    """The items, if none is there twice; raises `Wrong`."""
    seen: set[str] = set()
    for item in items:
        if item.casefold() in seen:
            raise Wrong(_('"{item}" is in this list twice.', item=item), _("Keep one of the two."))
        seen.add(item.casefold())
    return items


OneLine = AfterValidator(one_line)
Title = Annotated[str, Field(min_length=1, max_length=60), OneLine]
Slug = Annotated[str, AfterValidator(kebab), Field(json_schema_extra={"pattern": f"^{KEBAB}$"})]
Language = Annotated[str, AfterValidator(language), Field(description="A code like en, es or pt-BR.")]


class Sheet(BaseModel):
    """What an author writes: unknown keys are mistakes, and space around a text means nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
