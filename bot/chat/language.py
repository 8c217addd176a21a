"""The language in which texts are said: a sentence of the catalogue in the language of whoever reads it.

Every text that a person reads goes through `_` (or `ngettext`, where a number decides), written in English at the place
where it is said. Names in braces are filled in: `_("There is no prompt {id}.", id="p9")`. A text that is declared at
import, before anybody reads it, is marked with `N_` and said with `_` later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DEFAULT = "en_US"
_SPEAKING: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def current_locale() -> str:
    """Return the locale that is spoken now, like `es_US`."""
    return _SPEAKING.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say texts in this locale; an empty one changes nothing."""
    token = _SPEAKING.set(locale or _SPEAKING.get())
    try:
        yield
    finally:
        _SPEAKING.reset(token)


def N_(text: str) -> str:  # noqa: N802 - the customary name of gettext's marker
    """Mark a text for the catalogue that is said later, by `_`; returns it as it is."""
    return text


def _(text: str, /, **values: object) -> str:
    """Return a text of the catalogue in the reader's language, with `values` filled in where it has names in braces."""
    return text.format(**values) if values else text


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that fits `count`, which it may also use as `{count}`."""
    return (one if count == 1 else many).format(count=count, **values)
