"""The sentences of a message as plain words: without accents, capitals and greetings, with spelling mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from bot.chat.accents import without_accents
from bot.phrases import PhraseBook, read_book, read_word_groups

_PHRASES = Path(__file__).with_name("phrases.txt")
_SPELLINGS = Path(__file__).with_name("spellings.txt")
MENDED = 5
"""Letters from which on a word with one wrong letter is mended; a letter less where two are only swapped."""
_QUOTED = re.compile(r"[\"“”«»„][^\"“”«»„]{2,}[\"“”«»“]|(?<!\w)['‘][^'’\n]{2,}['’](?!\w)")
_APOSTROPHES = re.compile(r"['’‘`´]")
_ENDS = re.compile(r"[.!?;\n…¡¿]+|\s[-–—]+\s|:(?=\s)")
_OTHER = re.compile(r"[^\w\s@/#+*'-]+|_+")
COMMA = "xcomma"
_JOINTS = frozenset(
    (
        COMMA,
        *[
            "but",
            "pero",
            "and",
            "y",
            "because",
            "porque",
            "since",
            "so",
            "cuz",
            "asi",
            "aunque",
            "though",
            "or",
            "o",
        ],
    )
)
"""Words between the clauses of a sentence."""
_LONG_LETTERS = re.compile(r"(\w)\1{2,}")
_SPOKEN_ENDS = re.compile(
    r"(?<!\bfirst)(?<!\bsecond)(?<!\bthird)(?<!\bfourth)(?<!\bth)(?<!\bmy)(?<!\bthe)(?<!\ba)(?<!\bun)(?<!\bel)(?<!\beste)(?<!\bese)"
    r"\s(?:period|comma|full stop|question mark|exclamation point|coma|punto|signo de interrogacion)(?!\s+(?:de|one|two|three|four|five|six|seven|eight|\d)\b)(?=\s|$)"
)
"""Marks that dictation wrote out, not where they are things: "third period", "punto de vista"."""
HEARTS = {
    "👍": " xthumb ",
    "🙏": " xthanks ",
    "❤": " xthanks ",
    "😊": " xsmile ",
    "🙂": " xsmile ",
    "💜": " xthanks ",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its words without what only opens or closes it, whether it asks, and what was taken off.

    `clauses` are its parts between commas and words like "but"; none where it has only one.
    """

    words: tuple[str, ...]
    asks: bool
    closed: bool
    """Whether a mark ended it, as people write who mean a sentence."""
    greets: bool = False
    thanks: bool = False
    clauses: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        """The words between single spaces, for phrases."""
        return f" {' '.join(self.words)} "


def without_quotes(text: str) -> str:
    """A text without what it quotes, for that is somebody else's wish; all of it where nothing else is there."""
    rest = _QUOTED.sub(" , ", text)
    return rest if re.search(r"\w", rest) else text


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a message, those too that hold nothing but a greeting or thanks."""
    return tuple(_with_clauses(_strip(*one), *one) for one in _raw_sentences(text))


def _with_clauses(whole: Sentence, words: list[str], asks: bool, closed: bool) -> Sentence:
    clauses: list[list[str]] = [[]]
    for at, word in enumerate(words):
        joins = word in _JOINTS or (word == "es" and words[at + 1 : at + 2] == ["que"])
        clauses += [[]] if joins else []
        if word != COMMA and not joins:
            clauses[-1].append(word)
    parts = [_strip(one, asks, closed) for one in clauses if one]
    return replace(whole, clauses=tuple(parts)) if len(parts) > 1 else whole


def split_words(text: str) -> tuple[str, ...]:
    """All words of a message with their spelling mended, a mark of its own where a sentence ends."""
    found: list[str] = []
    for words, asks, _ in _raw_sentences(text):
        found += [*(one for one in words if one != COMMA), "?" if asks else "."]
    return tuple(found)


@lru_cache(maxsize=64)
def _raw_sentences(text: str) -> tuple[tuple[list[str], bool, bool], ...]:
    """The words of each sentence, whether it asks, and whether a mark ended it; worked out once for all who ask."""
    return tuple(_read_sentences(_plain(text)))


def _read_sentences(plain: str) -> Iterator[tuple[list[str], bool, bool]]:
    at = 0
    for end in [*_ENDS.finditer(plain), None]:
        mark = end.group() if end is not None else ""
        piece = plain[at : end.start() if end is not None else len(plain)]
        at = end.end() if end is not None else at
        words = [word for word in map(_mend, _words(piece)) if word]
        if words or "?" in mark:
            yield (
                [each for word in words for each in word.split()],
                "?" in mark,
                bool(re.search(r"[.!?]", mark)),
            )


def _plain(text: str) -> str:
    lowered = _APOSTROPHES.sub("", text.lower())
    for mark, word in HEARTS.items():
        lowered = lowered.replace(mark, word)
    bare = without_accents(lowered)
    return _SPOKEN_ENDS.sub(" . ", bare) if not re.search(r"[.,?!]", bare) else bare


def _words(piece: str) -> list[str]:
    words = [one.strip("-@/*+#") for one in _OTHER.sub(" ", piece.replace(",", f" {COMMA} ")).split()]
    return [each for one in words for each in one.replace("-", " ").replace("/", " ").split()]


# ── spelling ──────────────────────────────────────────────────────────────────


@cache
def read_intent_phrases() -> PhraseBook:
    """The phrases of the file; it is read once."""
    return read_book(_PHRASES)


@cache
def _spellings() -> Mapping[str, str]:
    return {word: group.removeprefix("@") for word, group in read_word_groups(_SPELLINGS).items()}


@cache
def _known_words() -> frozenset[str]:
    return read_intent_phrases().words()


@cache
def _near_words() -> Mapping[str, frozenset[str]]:
    """The known words that each rest leaves from which one letter was taken."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word in _known_words():
        if len(word) >= MENDED:
            for rest in _rests(word):
                found[rest].add(word)
    return {rest: frozenset(words) for rest, words in found.items()}


def prepare_spelling() -> None:
    """Work out what every misspelled word is compared with, so that the first one need not wait for it."""
    _spellings()
    _near_words()


def _rests(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@lru_cache(maxsize=8192)
def _mend(word: str) -> str:
    """The word as it is spelled, where it is nearly one that a phrase names; remembered, for most words come again."""
    known = _known_words()
    if word in known:
        return word
    if word in _spellings():
        return _spellings()[word]
    for shorter in (_LONG_LETTERS.sub(r"\1", word), _LONG_LETTERS.sub(r"\1\1", word)):
        if shorter != word and (shorter in known or shorter in _spellings()):
            return _spellings().get(shorter, shorter)
    for at in range(len(word) - 1) if len(word) >= MENDED - 1 else ():
        if (swapped := word[:at] + word[at + 1] + word[at] + word[at + 2 :]) in known:
            return swapped
    if len(word) < MENDED or not word.isalpha():
        return word
    near = {one for rest in _rests(word) for one in _near_words().get(rest, ()) if _is_one_off(word, one)}
    return min(near) if len(near) == 1 else word


def _is_one_off(word: str, other: str) -> bool:
    """Whether one letter was left out, added or replaced, and not the first one."""
    if word[0] != other[0] or abs(len(word) - len(other)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    return word[start + (len(word) >= len(other)) :] == other[start + (len(other) >= len(word)) :]


# ── what opens and closes a sentence ──────────────────────────────────────────


def _strip(words: list[str], asks: bool, closed: bool) -> Sentence:
    rest = [one for one in words if one != COMMA]
    greets = thanks = False
    changed = True
    while changed and rest:
        changed = False
        for section in _sections_begun(rest[0]):
            if taken := _opens(rest, section):
                greets, thanks = greets or section == "greetings", thanks or section == "thanks"
                rest, changed = rest[taken:], True
                break
        for section in _sections_ended(rest[-1]) if rest else ():
            if taken := _closes(rest, section):
                thanks = thanks or section == "thanks"
                rest, changed = rest[: len(rest) - taken], True
                break
    return Sentence(tuple(rest), asks, closed, greets, thanks)


@lru_cache(maxsize=8192)
def _sections_begun(word: str) -> tuple[str, ...]:
    """The sections of what only opens a sentence that hold a phrase which can begin with a word, in their order."""
    book = read_intent_phrases()
    return tuple(one for one in ("greetings", "thanks", "openers") if book.may_begin(word, one))


@lru_cache(maxsize=8192)
def _sections_ended(word: str) -> tuple[str, ...]:
    """The sections of what only closes a sentence that hold a phrase which can end with a word, in their order."""
    book = read_intent_phrases()
    return tuple(one for one in ("thanks", "closers") if book.may_end(word, one))


def _opens(words: list[str], section: str) -> int:
    """How many words at the beginning are a phrase of a section, the most of them."""
    text = f" {' '.join(words)} "
    return len(text[: max(read_intent_phrases().find_openings(text, section), default=0)].split())


def _closes(words: list[str], section: str) -> int:
    text = f" {' '.join(words)} "
    found = read_intent_phrases().find(text, section)
    starts = (match.start() for _, match in found if match.end() == len(text) - 1)
    return len(text[min(starts, default=len(text)) :].split())
