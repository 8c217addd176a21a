"""Books of phrases: files in which people wrote how something is said, and where their phrases stand in a text.

A line of such a file is a phrase, in a section; its words may be groups, alternatives, beginnings of words and gaps. Each
book says at its top how it is written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from sys import intern

_GAPS = {"..": 3, "...": 8}
"""How many words may stand in a gap of a phrase."""
_KEY = 3
"""Letters of a word that only begins like this, by which the words of a text lead to the phrases that can be in it."""
EVERYWHERE = 100
"""For how many phrases a word of so few letters counts: "the" and "not" stand in nearly every text."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """One line of the file: the section it stands in, and the pattern made of it; each is only like itself."""

    section: str
    line: str
    source: str
    """The regular expression made of it; compiled when a text can hold it, for a book has many."""
    words: frozenset[str]
    """The whole words that it names."""
    needs: int
    """Its elements that must be there as bits, as its book counts them (`PhraseBook.elements`)."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of the line, which takes the space before each of its words."""
        return _compile(self)

    def covers(self, text: str) -> bool:
        """Whether a plain text is this phrase and nothing else."""
        return _compile_whole(self).fullmatch(text) is not None


Candidates = Mapping[str, Sequence[Phrase]]
"""The phrases that can stand in a text, by section; a section without any is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class PhraseBook:
    """All phrases of a file by section, and which of them a word can belong to."""

    sections: Mapping[str, tuple[Phrase, ...]]
    triggers: Mapping[str, tuple[Phrase, ...]]
    """Phrases by a word, or the beginning of one, without which they stand nowhere: of its elements, the rarest."""
    elements: Mapping[str, int]
    """The elements of phrases in whose place a word, or the beginning of one, can stand: a bit for each."""
    begins: Mapping[str, frozenset[str]]
    """The words with which a phrase of each section can begin, and beginnings of words with `*`; "" is any word."""
    ends: Mapping[str, frozenset[str]]
    """The words with which one can end, in the same way."""

    def candidates(self, text: str) -> Candidates:
        """The phrases of every section that can stand in a plain text, by its words; one look for all of them."""
        return _candidates(self, text)

    def find(self, text: str, section: str) -> Iterator[tuple[Phrase, re.Match[str]]]:
        """Every place in a plain text where a phrase of this section stands."""
        for phrase in _candidates(self, text).get(section, ()):
            yield from ((phrase, match) for match in phrase.pattern.finditer(text))

    def find_openings(self, text: str, section: str) -> list[int]:
        """Where each phrase of this section ends that a plain text begins with."""
        phrases = _candidates(self, text).get(section, ())
        return [match.end() for one in phrases if (match := one.pattern.match(text)) is not None]

    def has(self, text: str, section: str) -> bool:
        """Whether a phrase of this section stands in a plain text."""
        phrases = _candidates(self, text).get(section, ())
        return bool(phrases) and any(phrase.pattern.search(text) is not None for phrase in phrases)

    def covers(self, text: str, section: str) -> bool:
        """Whether a plain text is a phrase of this section and nothing else."""
        phrases = _candidates(self, text).get(section, ())
        return bool(phrases) and any(phrase.covers(text) for phrase in phrases)

    def may_begin(self, word: str, section: str) -> bool:
        """Whether a phrase of this section can begin with a word; a fast look before a thorough one."""
        return not self.begins[section].isdisjoint(("", word, f"{word[:_KEY]}*"))

    def may_end(self, word: str, section: str) -> bool:
        """Whether a phrase of this section can end with a word."""
        return not self.ends[section].isdisjoint(("", word, f"{word[:_KEY]}*"))

    def words(self) -> frozenset[str]:
        """Every whole word that a phrase of the book names."""
        return frozenset(
            word for found in self.sections.values() for phrase in found for word in phrase.words
        )


@lru_cache(maxsize=512)
def _candidates(book: PhraseBook, text: str) -> Candidates:
    """The phrases that can stand in a text; remembered, for each of its sections is asked about in turn.

    Which elements its words can be is one number, so that a phrase costs one look, whatever it is made of.
    """
    here, led_to = 0, list[Phrase]()
    for word in dict.fromkeys(text.split()):
        elements, phrases = _look_up(book, word)
        here |= elements
        led_to += phrases
    absent = ~here
    standing = dict.fromkeys([phrase for phrase in led_to if not phrase.needs & absent])
    found: dict[str, list[Phrase]] = {}
    for phrase in standing:
        found.setdefault(phrase.section, []).append(phrase)
    return found


@lru_cache(maxsize=16_384)
def _look_up(book: PhraseBook, word: str) -> tuple[int, tuple[Phrase, ...]]:
    """The elements that a word can be, and the phrases it leads to; remembered, for most words come again."""
    begins, elements, triggers = f"{word[:_KEY]}*", book.elements, book.triggers
    return elements.get(word, 0) | elements.get(begins, 0), (
        *triggers.get(word, ()),
        *triggers.get(begins, ()),
    )


# ── the file ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, eq=False)
class _PhraseLine:
    """A line of the file while its book is made; what only the book asks of it is not kept with the phrase.

    `keys` are, for each element that must be there, the words of which one must be there; `begins` and `ends` the words with
    which it can begin and end, "" is any. Beginnings of words have a `*`.
    """

    section: str
    line: str
    elements: Sequence[str]
    keys: tuple[frozenset[str], ...]
    begins: frozenset[str]
    ends: frozenset[str]


def read_book(file: Path) -> PhraseBook:
    """The phrases of a file."""
    groups: dict[str, str] = {}
    sections: dict[str, list[_PhraseLine]] = defaultdict(list)
    section = ""
    for line in _lines(file):
        if line.startswith("["):
            section = line.strip("[]")
        elif _is_group(line):
            name, _, words = line.partition(" = ")
            groups[name] = "|".join(_expand(one, groups) for one in words.split())
        else:
            elements = [_expand(one, groups) for one in line.split()]
            edges = frozenset(_edge(elements, 0)), frozenset(_edge(elements[::-1], -1))
            sections[section].append(_PhraseLine(section, line, elements, tuple(_keys(elements)), *edges))
    lines = [one for found in sections.values() for one in found]
    bits = {
        keys: 1 << at for at, keys in enumerate(dict.fromkeys(one for each in lines for one in each.keys))
    }
    phrases = {one: _make_phrase(one, bits) for one in lines}
    return PhraseBook(
        {name: tuple(phrases[one] for one in found) for name, found in sections.items()},
        _find_triggers(phrases), _find_elements(bits),
        {name: frozenset().union(*(one.begins for one in found)) for name, found in sections.items()},
        {name: frozenset().union(*(one.ends for one in found)) for name, found in sections.items()},
    )  # fmt: skip


def _make_phrase(line: _PhraseLine, bits: Mapping[frozenset[str], int]) -> Phrase:
    """The phrase of a line. Words are the same objects wherever they stand, for many stand in a group."""
    words = frozenset(map(intern, _words(line.elements)))
    needs = sum({bits[keys] for keys in line.keys})
    return Phrase(line.section, line.line, _pattern_of(line.elements), words, needs)


def _find_triggers(phrases: Mapping[_PhraseLine, Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    """Each phrase by the words of that of its elements which stands in the fewest texts, as far as the book can tell."""
    common = Counter(key for line in phrases for keys in line.keys for key in keys)
    for key in common:
        common[key] += EVERYWHERE * (len(key) <= _KEY)
    found: dict[str, list[Phrase]] = defaultdict(list)
    for line, phrase in phrases.items():
        for key in min(line.keys, key=lambda keys: sum(common[one] for one in keys)):
            found[intern(key)].append(phrase)
    return {key: tuple(there) for key, there in found.items()}


def _find_elements(bits: Mapping[frozenset[str], int]) -> Mapping[str, int]:
    """The elements that each word can be, and each beginning of one."""
    found: dict[str, int] = defaultdict(int)
    for keys, bit in bits.items():
        for key in keys:
            found[intern(key)] |= bit
    return dict(found)


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
    return re.sub(r"@\w+", lambda name: groups[name[0]], element) if "@" in element else element


def _pattern_of(elements: Sequence[str]) -> str:
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


def _words(elements: Sequence[str]) -> Iterator[str]:
    """The whole words of a phrase, without those that only begin like this and those that must not be there."""
    for one in elements:
        if one in _GAPS or one.startswith("!"):
            continue
        for alternative in one.rstrip("?").split("|"):
            yield from (word for word in alternative.split("_") if not word.endswith("*"))


@cache
def _compile(phrase: Phrase) -> re.Pattern[str]:
    return re.compile(phrase.source)


@cache
def _compile_whole(phrase: Phrase) -> re.Pattern[str]:
    return re.compile(f"{phrase.source} ")


def _alternatives(element: str) -> str:
    return "|".join(one.replace("_", " ").replace("*", r"\w*") for one in element.split("|"))


def _keys(elements: list[str]) -> Iterator[frozenset[str]]:
    """For each element that must be there, its words; not where one is only the beginning of a word, and a short one."""
    for one in elements:
        if one in _GAPS or one[0] == "!" or one[-1] == "?":
            continue
        firsts = [word.partition("_")[0] for word in one.split("|")]
        if all(len(word) > _KEY or not word.endswith("*") for word in firsts):
            yield frozenset(f"{word[:_KEY]}*" if word.endswith("*") else word for word in firsts)


def _edge(elements: list[str], at: int) -> Iterator[str]:
    """The words at an edge of a phrase: those of its elements up to the first that must be there; `at` in a word of several."""
    for one in elements:
        if one in _GAPS or one[0] == "!":
            yield ""
            continue
        for alternative in one.removesuffix("?").split("|"):
            word = alternative.split("_")[at]
            yield (
                f"{word[:_KEY]}*" if len(word) > _KEY and word.endswith("*") else "" if "*" in word else word
            )
        if not one.endswith("?"):
            return
    yield ""
