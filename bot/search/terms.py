"""The words of a text as they are indexed: without accents, capitals and small words, cut to their stems.

The same function makes them on both databases and in both languages, so that one query means the same everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Literal, NamedTuple

import Stemmer

SearchLanguage = Literal["en", "es"]
LANGUAGES: tuple[SearchLanguage, ...] = ("en", "es")
BREAK = "\n\n"
"""What stands between two things that were said one after the other."""
MOST = 3000
"""Words of one text that are indexed."""
LONGEST = 40
"""Letters of a word that is indexed; what is longer is an address or a slip of the hand."""
_STOP_WORDS = Path(__file__).with_name("stop_words.txt")
_FORMS = Path(__file__).with_name("forms.txt")
_APOSTROPHES = re.compile(r"['’‘`´]")
_WORD = re.compile(r"[^\W_]+")
_NOT_A_WORD = re.compile(r"https?://\S+|<[@#!][^>]*>|:[a-z0-9_+-]+:")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_MARKS_OF_LATIN = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_BETWEEN_WORDS = {at: " " for at in range(128) if not chr(at).isalnum()}
"""What stands between the words of a folded text without letters of other scripts."""
_STEMMERS = {"en": Stemmer.Stemmer("english"), "es": Stemmer.Stemmer("spanish")}
_MARKS: dict[SearchLanguage, str] = {"en": "", "es": "0"}
_PLURAL = re.compile(r"(?<=[aeo][ao])s$|(?<=[^aeious][ao])s$")
_SPOKEN = tuple(
    (said, re.compile(rf"\b{said}\b"), word)
    for said, word in (("falta de", "sin"), ("lack of", "sin"), ("por que", "porques"))
)
"""Small words that say something together: what there is a lack of is not there, and `por qué` asks for a cause."""
_NOUNS = (("cion", "ción"), ("sion", "sión"))


def fold_text(text: str) -> str:
    """Without accents, capitals and apostrophes: `Participación` and `participacion` are one word."""
    plain = _APOSTROPHES.sub("", text.casefold())
    if plain.isascii():
        return plain
    letters = _MARKS_OF_LATIN.sub("", unicodedata.normalize("NFKD", plain))
    return letters if letters.isascii() else _NOT_ASCII.sub(_drop_marks, letters)


def _drop_marks(found: re.Match[str]) -> str:
    return "".join(one for one in found[0] if not unicodedata.combining(one))


def split_words(text: str) -> list[str]:
    """The words of a text, folded, in their order; neither addresses nor mentions are words."""
    # A pattern takes longer than all the rest, so it is asked first whether what it stands for can be there at all.
    folded = fold_text(_NOT_A_WORD.sub(" ", text) if ":" in text or "<" in text else text)
    for said, pattern, word in _SPOKEN:
        if said in folded:
            folded = pattern.sub(word, folded)
    return folded.translate(_BETWEEN_WORDS).split() if folded.isascii() else _WORD.findall(folded)


@lru_cache(maxsize=60_000)
def stem_word(word: str, language: SearchLanguage) -> str:
    """The stem of a folded word in a language: `families` is `famili`, and in Spanish `tareas` is `tare0`.

    The mark keeps the languages apart: `callados` would else be a call.
    """
    mark = _MARKS[language]
    word = _read_forms()[language].get(word, word)
    if word.startswith("="):
        return word[1:] + mark
    if language == "es":
        word = _PLURAL.sub("", word)
        for plain, accented in _NOUNS:  # the stemmer knows these endings by their accents
            if word.endswith(plain):
                word = word.removesuffix(plain) + accented
    stem: str = _STEMMERS[language].stemWord(word)
    return fold_text(stem) + mark


def stems_of(word: str) -> frozenset[str]:
    """The stems of a word in every language: which one a query is in, nobody has to say."""
    return frozenset(stem_word(word, language) for language in LANGUAGES)


@cache
def _read_forms() -> dict[SearchLanguage, dict[str, str]]:
    """The word that each form is a form of, by language; with a `=` before it where that is the stem, too."""
    found: dict[SearchLanguage, dict[str, str]] = {one: {} for one in LANGUAGES}
    language = LANGUAGES[0]
    for line in _FORMS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = "es" if "es" in line else "en"
        elif line and not line.startswith("#"):
            word, _colon, forms = line.partition(":")
            known = split_words(forms) + ([word[1:]] if word.startswith("=") else [])
            found[language].update(dict.fromkeys(known, word))
    return found


@cache
def _read_lists() -> dict[str, frozenset[str]]:
    """The words of the file, by the list they are in."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in _STOP_WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[] \n")
        elif not line.startswith("#"):
            found.setdefault(name, set()).update(split_words(line))
    return {name: frozenset(words) for name, words in found.items()}


@cache
def small_words() -> frozenset[str]:
    """Words that are left out of the index and of queries, in every language."""
    return _read_lists()["en"] | _read_lists()["es"]


@cache
def _light_stems() -> frozenset[str]:
    return frozenset(stem for word in _read_lists()["light"] for stem in stems_of(word))


def is_light(word: str) -> bool:
    """Whether a folded word says little of what a school's text is about."""
    return not stems_of(word).isdisjoint(_light_stems())


def is_small(word: str) -> bool:
    """Whether a folded word is left out of the index and of queries."""
    return word in small_words() or (len(word) < 2 and word.isascii())


def is_glue(word: str) -> bool:
    """Whether a folded word is in no phrase: `de`, `the`."""
    return word in _read_lists()["glue"]


def language_of(text: str, fallback: SearchLanguage = "en") -> SearchLanguage:
    """The language a text is in, by its small words; the `fallback` where they do not say."""
    return _language_of(split_words(text), fallback)


def _language_of(words: list[str], fallback: SearchLanguage) -> SearchLanguage:
    small = _read_lists()
    counts = {one: sum(map(small[one].__contains__, words)) for one in LANGUAGES}
    if counts["en"] == counts["es"]:
        return fallback
    return max(LANGUAGES, key=lambda one: counts[one])


def index_words(text: str, fallback: SearchLanguage = "en") -> tuple[str, SearchLanguage]:
    """(the words of a text for the index, the language it is in).

    What is said behind an empty line has nothing to do with the words before it, so what is added to a text adds its own
    words to those that are there, wherever it is in the same language.
    """
    parts = [split_words(one) for one in text.split(BREAK)]
    language = _language_of(parts[0] if len(parts) == 1 else [*chain(*parts)], fallback)
    stems = (stem for part in parts for stem, _width in tokens_of(part, language))
    return " ".join(islice(stems, MOST)), language


def kind_word(kind: str) -> str:
    """The word of the index that every entry of a kind has, so that one of few is found among many of another."""
    return f"kind0{kind}"


def tokens_of(words: Sequence[str], language: SearchLanguage) -> Iterator[tuple[str, int]]:
    """(a stem of the index, how many words it says) of folded words.

    `turn it in` is `turn` and `turnin`; `no vino` is `vino` and `notvino`: together they say something else.
    """
    verb, verb_at, not_at = "", -3, -3
    for at, word in enumerate(words):
        stem, says, particle, negates = _use_of(word, language)
        if particle and at - verb_at <= 2:
            yield verb + word, 2
            verb_at = -3
            continue
        if negates:
            not_at = at
        if says:
            yield stem, 1
        if stem:
            verb, verb_at = stem, at
            if at - not_at <= 2:
                yield "not" + stem, 2
                not_at = -3


class WordUse(NamedTuple):
    """What a folded word does in the index: its stem, where it `says` something or only does (`give up`), and whether it
    is a `particle` behind such a word, or `negates` the next."""

    stem: str
    says: bool
    particle: bool
    negates: bool


@lru_cache(maxsize=20_000)
def _use_of(word: str, language: SearchLanguage) -> WordUse:
    lists = _read_lists()
    says = word not in small_words() and len(word) <= LONGEST and (len(word) > 1 or not word.isascii())
    stem = stem_word(word, language) if says or word in lists["verbs"] else ""
    return WordUse(stem, says, word in lists["particles"], word in lists["negations"])
