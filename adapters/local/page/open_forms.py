"""Forms that are open in some tab, and what comes back from them."""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aiohttp.web import FileField

from bot.chat.forms import Choices, FieldErrors, Form, Upload
from bot.chat.handed_file import MOST_BYTES, HandedFile
from bot.chat.models import Place

_MOST = 200
FILES = 10
"""Files on one message, as on Discord."""
LONGEST_NAME = 120
MOST_SENT = MOST_BYTES + 256 * 1024
"""Bytes of a form that is sent: of the one file in it, and of its texts."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One open form: who fills it in, where, which message's button opened it, what is in it and what is wrong."""

    key: str
    form: Form
    person: str
    place: Place
    pressed: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    errors: FieldErrors = field(default_factory=FieldErrors)


class OpenForms:
    """The last couple of hundred open forms, in memory: a form left open over a restart has to be opened again."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Opened] = OrderedDict()

    def open(self, form: Form, person: str, place: Place, pressed: str | None) -> Opened:
        one = Opened(secrets.token_urlsafe(9), form, person, place, pressed, _given(form))
        self._open[one.key] = one
        while len(self._open) > _MOST:
            self._open.popitem(last=False)
        return one

    def find(self, key: str, person: str) -> Opened | None:
        """The form this person has open under that key."""
        one = self._open.get(key)
        return one if one is not None and one.person == person else None

    def close(self, key: str) -> None:
        self._open.pop(key, None)


def clean_file_names(sent: Iterable[object]) -> tuple[str, ...]:
    """Names of attached files, as they came from the page: ten at most, without folders and control characters."""
    bare = (re.split(r"[/\\]", str(one))[-1] for one in sent)
    clean = ("".join(c for c in name if c.isprintable()).strip()[:LONGEST_NAME] for name in bare)
    return tuple(name for name in clean if name)[:FILES]


def read_fields(form: Form, sent: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The raw values by field name: text, a tuple of texts where several can be chosen, or a file.

    The page calls its inputs `field.…`; see `form.html`.
    """
    several = {part.name for part in form.inputs if isinstance(part, Choices)}
    files = {part.name for part in form.inputs if isinstance(part, Upload)}
    values: dict[str, tuple[str, ...]] = {part.name: () for part in form.inputs}
    handed: dict[str, object] = {}
    for name, value in sent:
        known = name.removeprefix("field.")
        if name.startswith("field.") and known in files:
            if isinstance(value, FileField):
                handed[known] = _read_file(value)
        elif name.startswith("field.") and known in values:
            values[known] += (str(value),)
    texts = {name: given if name in several else "".join(given[:1]) for name, given in values.items()}
    return {**texts, **handed}


def _read_file(sent: FileField) -> HandedFile:
    """A file that came with a form, cleaned of the folders in its name."""
    with sent.file:
        data = sent.file.read(MOST_BYTES + 1)
    name = next(iter(clean_file_names((sent.filename,))), "file")
    return HandedFile.fetched(name, data)


def _given(form: Form) -> dict[str, object]:
    return {part.name: part.value for part in form.inputs}
