"""Catalogs: the texts of one language, from a `.po` file.

Babel, which writes these files (`make texts`), takes ten times as long to read one, because it keeps who says a text, where and
with which remarks; what people are told needs none of that. A test holds that both read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from gettext import c2py

_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}
_RULE = re.compile(r"plural=(.+?);?$", re.MULTILINE)
Entry = dict[str, list[str]]
"""`msgid`, `msgid_plural`, `msgstr` or `msgstr[n]`, each with its lines as they stand in the file."""


class Catalog:
    """The texts of one language by their English; what it has no text for is said in English."""

    __slots__ = ("_choose", "_forms", "_texts")

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._texts: dict[str, str] = {}
        self._forms: dict[str, list[str]] = {}
        for entry in _read_entries(lines):
            text = _join(entry["msgid"])
            if plural := entry.get("msgid_plural"):
                numbered = [_join(entry[name]) for name in sorted(entry) if name.startswith("msgstr[")]
                self._forms[text] = [one or _join(plural) for one in numbered]
            elif said := _join(entry["msgstr"]):
                self._texts[text] = said
        rule = _RULE.search(self._texts.pop("", ""))
        self._choose = c2py(rule[1] if rule else "n != 1")

    def gettext(self, text: str) -> str:
        """What an English text is in this language."""
        return self._texts.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a text that fits a number."""
        if (forms := self._forms.get(one)) is not None:
            return forms[self._choose(count)]
        return one if count == 1 else many


def _read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a file, which end with an empty line; those that a translator has not approved are left out."""
    entry: Entry = {}
    last: list[str] = []
    doubtful = False
    for line in (*lines, ""):
        if line.startswith('"'):
            last.append(line)
        elif line.startswith("msg"):
            name, _, said = line.partition(" ")
            last = entry[name] = [said]
        elif line.startswith("#"):
            doubtful = doubtful or (line.startswith("#,") and "fuzzy" in line)
        elif not line.strip():
            if entry and not doubtful:
                yield entry
            entry, doubtful = {}, False


def _join(lines: Iterable[str]) -> str:
    said = "".join(line.strip()[1:-1] for line in lines)
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), said) if "\\" in said else said
