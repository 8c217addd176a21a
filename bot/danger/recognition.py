"""The recognition of danger: phrases in English and Spanish, found in what somebody wrote.

There is no model and no service behind it: `phrases.txt` holds every phrase, and this module reads them. A text is made
plain first (lower case, no accents, no apostrophes), then idioms are taken out of it ("killing time"), then the phrases
are looked for. A phrase that also stands in lessons, trainings and novels counts only in a sentence about none of them;
one that is also said in fun, only without laughter.
"""

from __future__ import annotations

import re
import unicodedata
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
_ENDS = re.compile(r"[.!?;\n]+")
_APOSTROPHES = re.compile(r"['’‘`´]")
_LAUGHS = re.compile("[😂🤣😅😆😜😝💀😭🙃]")
_OTHER = re.compile(r"[^\w.]+|_+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of the file: the section it stands in, and the pattern made of it."""

    section: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All phrases of the file, found by the beginnings of words."""

    by_key: Mapping[str, tuple[Phrase, ...]]

    def find(self, text: str, section: str) -> Iterator[tuple[Phrase, re.Match[str]]]:
        """Every place in a plain text where a phrase of this section stands."""
        keys = {word[:_KEY] for word in text.split()}
        seen: set[int] = set()
        for key in keys & self.by_key.keys():
            for phrase in self.by_key[key]:
                if phrase.section == section and id(phrase) not in seen:
                    seen.add(id(phrase))
                    yield from ((phrase, match) for match in phrase.pattern.finditer(text))


def discloses_danger(text: str) -> bool:
    """Whether a text says that a child, its author or somebody else is in danger."""
    book, plain = read_phrases(), make_plain(text)
    for _, match in list(book.find(plain, "idioms")):
        plain = plain[: match.start()] + _blank(match) + plain[match.end() :]
    sentences = {_sentence_around(plain, match) for _, match in book.find(plain, "danger")}
    if not sentences:
        return False
    joked = _has(book, plain, "jokes")
    return any(_has(book, one, "confided") or not (joked or _has(book, one, "lessons")) for one in sentences)


def _blank(match: re.Match[str]) -> str:
    return " " + "x" * (match.end() - match.start() - 1)


def _has(book: PhraseBook, text: str, section: str) -> bool:
    return next(book.find(text, section), None) is not None


def _sentence_around(plain: str, match: re.Match[str]) -> str:
    begins, ends = plain.rfind(" . ", 0, match.start() + 1), plain.find(" . ", match.end() - 1)
    return plain[max(begins, 0) : ends if ends >= 0 else len(plain)]


def make_plain(text: str) -> str:
    """A text as words between single spaces, a dot where a sentence ends, without accents and apostrophes."""
    laughing = _LAUGHS.sub(" xlaughs ", text.lower())
    letters = unicodedata.normalize("NFD", _APOSTROPHES.sub("", laughing))
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    words = _OTHER.sub(" ", _ENDS.sub(" . ", bare))
    return f" {' '.join(words.split())} "


# ── the file ──────────────────────────────────────────────────────────────────


@cache
def read_phrases() -> PhraseBook:
    """The phrases of the file; it is read once."""
    groups: dict[str, str] = {}
    by_key: dict[str, list[Phrase]] = defaultdict(list)
    section = ""
    for raw in _FILE.read_text(encoding="utf-8").splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line.startswith("@") and " = " in line:
            name, _, words = line.partition("=")
            groups[name.strip()] = "|".join(_expand(one, groups) for one in words.split())
        elif line:
            elements = [_expand(one, groups) for one in line.split()]
            phrase = Phrase(section, _compile(elements))
            for key in _keys(elements):
                by_key[key].append(phrase)
    return PhraseBook({key: tuple(phrases) for key, phrases in by_key.items()})


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


def _keys(elements: list[str]) -> set[str]:
    """The beginnings of the words of which one must be there: of the element with the longest words."""
    fixed = [one.split("|") for one in elements if one not in _GAPS and one[0] != "!" and one[-1] != "?"]
    chosen = max(fixed, key=lambda words: (min(min(len(w.rstrip("*")), 5) for w in words), -len(words)))
    return {one.partition("_")[0].rstrip("*")[:_KEY] for one in chosen}
