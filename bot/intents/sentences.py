"""The sentences of a message as plain words: without accents, capitals and greetings, with spelling mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from sys import intern
from typing import NamedTuple

from bot.chat.accents import without_accents
from bot.phrases import PhraseBook, read_book, read_word_groups

_PHRASES = Path(__file__).with_name("phrases.txt")
_SPELLINGS = Path(__file__).with_name("spellings.txt")
MENDED = 5
"""Letters from which on a word with one wrong letter is mended; a letter less where two are only swapped."""
_QUOTED = re.compile(r"[\"“”«»„][^\"“”«»„]{2,}[\"“”«»“]|(?<!\w)['‘][^'’\n]{2,}['’](?!\w)")
_APOSTROPHES = re.compile(r"['’‘`´]")
_ENDS = re.compile(r"([.!?;\n…¡¿]+|\s[-–—]+\s|:(?=\s))")
_ENDS_SENTENCE = frozenset(".!?")
_KEPT = "@/#+*'-"
_OTHER = re.compile(rf"[^\w\s{_KEPT}]+|_+")
_OTHER_ASCII = {
    at: " " for at in range(128) if not (chr(at).isalnum() or chr(at).isspace() or chr(at) in _KEPT)
}
"""The same where no other letters are: a pattern takes several times as long."""
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


class Sentence(NamedTuple):
    """One sentence: its words without what only opens or closes it, whether it asks, and what was taken off."""

    words: tuple[str, ...]
    text: str
    """The words between single spaces, for phrases."""
    whole: str
    """The same with what was taken off."""
    said: Sequence[str]
    """All its words as they came, with `COMMA` in the place of each comma."""
    asks: bool
    closed: bool
    """Whether a mark ended it, as people write who mean a sentence."""
    greets: bool
    thanks: bool


@lru_cache(maxsize=64)
def without_quotes(text: str) -> str:
    """A text without what it quotes, for that is somebody else's wish; all of it where nothing else is there."""
    if text.isascii() and '"' not in text and "'" not in text:
        return text
    rest = _QUOTED.sub(" , ", text)
    return rest if re.search(r"\w", rest) else text


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a message, those too that hold nothing but a greeting or thanks."""
    return tuple(_strip(*one) for one in _raw_sentences(text))


def split_clauses(sentence: Sentence) -> tuple[Sentence, ...]:
    """The parts of a sentence between commas and words like "but"; none where it has only one."""
    words, clauses = sentence.said, list[list[str]]([[]])
    for at, word in enumerate(words):
        if word in _JOINTS or (word == "es" and words[at + 1 : at + 2] == ["que"]):
            clauses.append([])
        else:
            clauses[-1].append(word)
    parts = [_strip(one, sentence.asks, sentence.closed) for one in clauses if one]
    return tuple(parts) if len(parts) > 1 else ()


def split_words(text: str) -> tuple[str, ...]:
    """All words of a message with their spelling mended, a mark of its own where a sentence ends."""
    found: list[str] = []
    for words, asks, _ in _raw_sentences(text):
        found += [one for one in words if one != COMMA] if COMMA in words else words
        found.append("?" if asks else ".")
    return tuple(found)


@lru_cache(maxsize=64)
def _raw_sentences(text: str) -> tuple[tuple[list[str], bool, bool], ...]:
    """The words of each sentence, whether it asks, and whether a mark ended it; worked out once for all who ask."""
    return tuple(_read_sentences(_plain(text)))


def _read_sentences(plain: str) -> Iterator[tuple[list[str], bool, bool]]:
    parts = _ENDS.split(plain)
    pieces = "\n".join(parts[::2]).replace(
        ",", f" {COMMA} "
    )  # a line each, for no piece holds the end of one
    bare = pieces.translate(_OTHER_ASCII) if pieces.isascii() else _OTHER.sub(" ", pieces)
    for piece, mark in zip(bare.split("\n"), [*parts[1::2], ""], strict=True):
        words = [*chain.from_iterable(map(_read_words, piece.split()))]
        asks = "?" in mark
        if words or asks:
            yield words, asks, not _ENDS_SENTENCE.isdisjoint(mark)


def _plain(text: str) -> str:
    bare = text.lower()
    if bare.isascii():
        bare = bare.replace("'", "").replace("`", "")
    else:
        bare = _APOSTROPHES.sub("", bare)
        for mark, word in HEARTS.items():
            bare = bare.replace(mark, word)
        bare = without_accents(bare)
    return _SPOKEN_ENDS.sub(" . ", bare) if not re.search(r"[.,?!]", bare) else bare


@lru_cache(maxsize=8192)
def _read_words(written: str) -> tuple[str, ...]:
    """The words of what was written between spaces, with their spelling mended; remembered, for most come again."""
    bare = written.strip("-@/*+#").replace("-", " ").replace("/", " ")
    return tuple(intern(each) for word in bare.split() for each in _mend(word).split())


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


def _mend(word: str) -> str:
    """The word as it is spelled, where it is nearly one that a phrase names."""
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


def _strip(said: Sequence[str], asks: bool, closed: bool) -> Sentence:
    words = [one for one in said if one != COMMA] if COMMA in said else said
    text = whole = f" {' '.join(words)} "
    greets = thanks = False
    length = 0
    while words and len(text) != length:
        length = len(text)
        for section in _sections_begun(words[0]):
            if end := _find_opening(text, section):
                greets, thanks = greets or section == "greetings", thanks or section == "thanks"
                words = (text := text[end:]).split()
                break
        for section in _sections_ended(words[-1]) if words else ():
            if (start := _find_closing(text, section)) < len(text) - 1:
                thanks = thanks or section == "thanks"
                words = (text := f"{text[:start]} ").split()
                break
    return Sentence(tuple(words), text, whole, said, asks, closed, greets, thanks)


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


def _find_opening(text: str, section: str) -> int:
    """Where the longest phrase of a section ends that a plain text begins with; 0 where it begins with none."""
    return max(read_intent_phrases().find_openings(text, section), default=0)


def _find_closing(text: str, section: str) -> int:
    """Where the longest phrase of a section begins that a plain text ends with; its length where it ends with none."""
    found = read_intent_phrases().find(text, section)
    return min((match.start() for _, match in found if match.end() == len(text) - 1), default=len(text))
