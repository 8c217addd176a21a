"""Books of phrases: files in which people wrote how something is said, and where their phrases stand in a text.

A line of such a file is a phrase, in a section; its words may be groups, alternatives, beginnings of words and gaps. Each
book says at its top how it is written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_GAPS = {"..": 3, "...": 8}
"""How many words may stand in a gap of a phrase."""
_KEY = 3
"""Letters by which the words of a text lead to the phrases that can be in it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of the file: the section it stands in, and the pattern made of it."""

    section: str
    line: str
    source: str
    """The regular expression made of it; compiled when a text can hold it, for a book has many."""
    keys: tuple[frozenset[str], ...]
    """For each of its elements, the beginnings of words of which one must be there."""
    words: frozenset[str]
    """The whole words that it names."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of the line, which takes the space before each of its words."""
        return _compile(self.source)

    def covers(self, text: str) -> bool:
        """Whether a plain text is this phrase and nothing else."""
        return _compile(f"{self.source} ").fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All phrases of a file by section, found by the beginnings of words."""

    sections: Mapping[str, Mapping[str, tuple[Phrase, ...]]]

    def candidates(self, text: str, section: str) -> Iterator[Phrase]:
        """The phrases of this section that can stand in a plain text, by the beginnings of its words."""
        keys = {word[:_KEY] for word in text.split()}
        by_key = self.sections[section]
        seen: set[int] = set()
        for key in sorted(keys & by_key.keys()):
            for phrase in by_key[key]:
                if id(phrase) not in seen and not any(map(keys.isdisjoint, phrase.keys)):
                    seen.add(id(phrase))
                    yield phrase

    def find(self, text: str, section: str) -> Iterator[tuple[Phrase, re.Match[str]]]:
        """Every place in a plain text where a phrase of this section stands."""
        for phrase in self.candidates(text, section):
            yield from ((phrase, match) for match in phrase.pattern.finditer(text))

    def has(self, text: str, section: str) -> bool:
        """Whether a phrase of this section stands in a plain text."""
        return next(self.find(text, section), None) is not None

    def covers(self, text: str, section: str) -> bool:
        """Whether a plain text is a phrase of this section and nothing else."""
        return any(phrase.covers(text) for phrase in self.candidates(text, section))

    def words(self) -> frozenset[str]:
        """Every whole word that a phrase of the book names."""
        phrases = (one for by_key in self.sections.values() for each in by_key.values() for one in each)
        return frozenset(word for phrase in phrases for word in phrase.words)


# ── the file ──────────────────────────────────────────────────────────────────


def read_book(file: Path) -> PhraseBook:
    """The phrases of a file."""
    groups: dict[str, str] = {}
    sections: dict[str, dict[str, list[Phrase]]] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in _lines(file):
        if line.startswith("["):
            section = line.strip("[]")
        elif _is_group(line):
            name, _, words = line.partition(" = ")
            groups[name] = "|".join(_expand(one, groups) for one in words.split())
        else:
            elements = [_expand(one, groups) for one in line.split()]
            keys = tuple(_keys(elements))
            phrase = Phrase(section, line, _pattern_of(elements), keys, frozenset(_words(elements)))
            for key in min(keys, key=len):
                sections[section][key].append(phrase)
    by_section = {
        name: {key: tuple(found) for key, found in by_key.items()} for name, by_key in sections.items()
    }
    return PhraseBook(by_section)


def read_word_groups(file: Path) -> Mapping[str, str]:
    """The group of each word of a file that stands in one; of several, the first."""
    groups: dict[str, str] = {}
    found: dict[str, str] = {}
    for line in filter(_is_group, _lines(file)):
        name, _, words = line.partition(" = ")
        groups[name] = "|".join(_expand(one, groups) for one in words.split())
        for word in groups[name].split("|"):
            found.setdefault(word, name)
    return found


def _lines(file: Path) -> Iterator[str]:
    for raw in file.read_text(encoding="utf-8").splitlines():
        line = raw.partition("#")[0].strip()
        if line:
            yield line


def _is_group(line: str) -> bool:
    """Whether a line defines a group; a phrase may begin with one."""
    return line.startswith("@") and " = " in line


def _expand(element: str, groups: Mapping[str, str]) -> str:
    """An element with the words of its groups in their place."""
    return re.sub(r"@\w+", lambda name: groups[name[0]], element)


def _pattern_of(elements: list[str]) -> str:
    """The pattern of a phrase: each word takes the space before it."""
    parts = []
    for one in elements:
        if one in _GAPS:
            parts.append(rf"(?: (?!\.)\S+){{0,{_GAPS[one]}}}?")
        elif one.startswith("!"):
            parts.append(f"(?! (?:{_alternatives(one[1:])})(?= ))")
        elif one.endswith("?"):
            parts.append(f"(?: (?:{_alternatives(one[:-1])})(?= ))?")
        else:
            parts.append(f" (?:{_alternatives(one)})(?= )")
    return "".join(parts)


def _words(elements: list[str]) -> Iterator[str]:
    """The whole words of a phrase, without those that only begin like this and those that must not be there."""
    for one in elements:
        if one in _GAPS or one.startswith("!"):
            continue
        for alternative in one.rstrip("?").split("|"):
            yield from (word for word in alternative.split("_") if not word.endswith("*"))


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _alternatives(element: str) -> str:
    return "|".join(one.replace("_", " ").replace("*", r"\w*") for one in element.split("|"))


def _keys(elements: list[str]) -> Iterator[frozenset[str]]:
    """For each element that must be there, the beginnings of its words; not where one is shorter than a key."""
    for one in elements:
        if one in _GAPS or one[0] == "!" or one[-1] == "?":
            continue
        firsts = [word.partition("_")[0] for word in one.split("|")]
        if all(len(word) > _KEY or not word.endswith("*") for word in firsts):
            yield frozenset(word.rstrip("*")[:_KEY] for word in firsts)
