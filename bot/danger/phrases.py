"""The phrases of `phrases.txt`, in English and Spanish, and where they stand in a text.

Idioms are taken out first ("killing time"), then the phrases are looked for. A phrase that also stands in lessons,
trainings and novels counts only in a sentence about none of them; one that is also said in fun, only without laughter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("phrases.txt")
_GAPS = {"..": 3, "...": 8}
"""How many words may stand in a gap of a phrase."""
_KEY = 3
"""Letters by which the words of a text lead to the phrases that can be in it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of the file: the section it stands in, and the pattern made of it."""

    section: str
    line: str
    pattern: re.Pattern[str]
    keys: tuple[frozenset[str], ...]
    """For each of its elements, the beginnings of words of which one must be there."""


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All phrases of the file by section, found by the beginnings of words."""

    sections: Mapping[str, Mapping[str, tuple[Phrase, ...]]]

    def find(self, text: str, section: str) -> Iterator[tuple[Phrase, re.Match[str]]]:
        """Every place in a plain text where a phrase of this section stands."""
        keys = {word[:_KEY] for word in text.split()}
        by_key = self.sections[section]
        seen: set[int] = set()
        for key in sorted(keys & by_key.keys()):
            for phrase in by_key[key]:
                if id(phrase) not in seen and not any(map(keys.isdisjoint, phrase.keys)):
                    seen.add(id(phrase))
                    yield from ((phrase, match) for match in phrase.pattern.finditer(text))

    def has(self, text: str, section: str) -> bool:
        """Whether a phrase of this section stands in a plain text."""
        return next(self.find(text, section), None) is not None

    def remove_idioms(self, plain: str) -> str:
        """A plain text with other words in the place of its idioms."""
        for _, match in list(self.find(plain, "idioms")):
            blank = " " + "x" * (match.end() - match.start() - 1)
            plain = plain[: match.start()] + blank + plain[match.end() :]
        return plain

    def names_danger(self, plain: str) -> bool | None:
        """Whether phrases of danger in a plain text are meant, or taught or told in fun; None where there are none."""
        plain = self.remove_idioms(plain)
        sentences = {_sentence_around(plain, match) for _, match in self.find(plain, "danger")}
        if not sentences:
            return None
        joked = self.has(plain, "jokes")
        return any(self.has(one, "confided") or not (joked or self.has(one, "lessons")) for one in sentences)


def _sentence_around(plain: str, match: re.Match[str]) -> str:
    begins, ends = plain.rfind(" . ", 0, match.start() + 1), plain.find(" . ", match.end() - 1)
    return plain[max(begins, 0) : ends if ends >= 0 else len(plain)]


# ── the file ──────────────────────────────────────────────────────────────────


@cache
def read_phrases() -> PhraseBook:
    """The phrases of the file; it is read once."""
    groups: dict[str, str] = {}
    sections: dict[str, dict[str, list[Phrase]]] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in _lines():
        if line.startswith("["):
            section = line.strip("[]")
        elif _is_group(line):
            name, _, words = line.partition(" = ")
            groups[name] = "|".join(_expand(one, groups) for one in words.split())
        else:
            elements = [_expand(one, groups) for one in line.split()]
            keys = tuple(_keys(elements))
            phrase = Phrase(section, line, _compile(elements), keys)
            for key in min(keys, key=len):
                sections[section][key].append(phrase)
    by_section = {
        name: {key: tuple(found) for key, found in by_key.items()} for name, by_key in sections.items()
    }
    return PhraseBook(by_section)


@cache
def read_groups() -> Mapping[str, str]:
    """The group of each word that stands in one; of several, the first."""
    groups: dict[str, str] = {}
    found: dict[str, str] = {}
    for line in filter(_is_group, _lines()):
        name, _, words = line.partition(" = ")
        groups[name] = "|".join(_expand(one, groups) for one in words.split())
        for word in groups[name].split("|"):
            found.setdefault(word, name)
    return found


def _lines() -> Iterator[str]:
    for raw in _FILE.read_text(encoding="utf-8").splitlines():
        line = raw.partition("#")[0].strip()
        if line:
            yield line


def _is_group(line: str) -> bool:
    """Whether a line defines a group; a phrase may begin with one."""
    return line.startswith("@") and " = " in line


def _expand(element: str, groups: Mapping[str, str]) -> str:
    """An element with the words of its groups in their place."""
    return re.sub(r"@\w+", lambda name: groups[name[0]], element)


def _compile(elements: list[str]) -> re.Pattern[str]:
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
    return re.compile("".join(parts))


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
