"""Likely names in what people write: found to be asked about, and taken out where somebody is erased. Pure.

It only asks, so it may be wrong: a capitalized word that does not begin a sentence, a common given name, or the name of
a member. Words that are often written with a capital, or are a name and a word, are no names by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STARTS = re.compile(r"(?:^|[.!?…:;\n]|[-–—•*]\s|[\"“”«(\[])\s*[\"“”«»(\[¿¡'‘*]*$")
_PLACE = re.compile(r"\s+(?:Middle|High|Elementary|Primary|School|Academy|Street|County|District)\b")
"""What follows a word that names a place."""
_LONGEST_SHOUT = 3
"""Letters of an abbreviation in capitals (IEP, ELL); longer words may be names in capitals."""
GIVEN, WORDS_TOO, NO_NAMES, TITLES = "given", "words too", "no names", "titles"
"""The lists of `names.txt`, which says what is in each."""


@cache
def _words(name: str) -> frozenset[str]:
    """The words of one list."""
    text = files("bot.team_plans").joinpath("names.txt").read_text(encoding="utf-8")
    section = text.partition(f"[{name}]\n")[2].partition("\n\n")[0]
    return frozenset(section.split())


def capitalized_words(text: str) -> set[str]:
    """The words of a text that could be names at all."""
    return {
        word for word in _WORD.findall(text) if word[0].isupper() and word.casefold() not in _words(NO_NAMES)
    }


def find_likely_names(text: str, members: Iterable[str] = ()) -> tuple[str, ...]:
    """The words of a text that are likely the names of people, each once. `members` are names of people who are known."""
    known = {part.casefold() for name in members for part in _WORD.findall(name) if len(part) > 1}
    found: dict[str, None] = {}
    titled = False
    for match in _WORD.finditer(text):
        word = match[0]
        folded = word.casefold().removesuffix("'s").removesuffix("’s")
        if _PLACE.match(text[match.end() :]):
            continue
        starts = bool(_STARTS.search(text[: match.start()]))
        if titled or _is_likely(word, folded, known, starts=starts):
            found[re.sub("['’]s$", "", word)] = None
        titled = (
            folded in _words(TITLES)
            and text[match.end() : match.end() + 2].strip(". ") == ""
            and word[0].isupper()
        )
    return tuple(found)


def _is_likely(word: str, folded: str, known: Collection[str], *, starts: bool) -> bool:
    if not word[0].isupper() or folded in _words(NO_NAMES):
        return False
    if word.isupper() and len(word) <= _LONGEST_SHOUT:
        return False
    if folded in _words(GIVEN):
        return True
    if starts:
        return folded in known and folded not in _words(WORDS_TOO)
    return True


def replace_name(text: str, name: str, by: str, *, given: bool) -> str:
    """The text without a person's name; with `given`, without their given name alone as well.

    A name of one word is one everywhere only where it is addressed ("@Coach"): it may be a word, too. A given name that is a
    word ("Will", "May") is left where it begins a sentence.
    """
    parts = name.split()
    if not parts:
        return text
    whole, at = r"\s+".join(map(re.escape, parts)), "@?" if len(parts) > 1 else "@"
    text = re.sub(rf"{at}(?<!\w){whole}(?!\w)", by, text, flags=re.IGNORECASE)
    first = parts[0]
    if not given or len(first) < 2:
        return text

    def replaced(match: re.Match[str]) -> str:
        word = first.casefold() in _words(WORDS_TOO) and _STARTS.search(match.string[: match.start()])
        return match[0] if word else by

    return re.sub(rf"@?(?<!\w){re.escape(first[0].upper() + first[1:])}(?!\w)", replaced, text)
