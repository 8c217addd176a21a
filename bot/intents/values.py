"""Values said in words: a number, yes or no, or an option, with the reason that follows, and which question is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.chat.accents import without_accents
from bot.intents.intent import TapQuestion

_WORD = re.compile(r"[^\W_]+(?:['’‘`´][^\W_]+)*")
_APOSTROPHE = re.compile(r"['’‘`´]")
_MARK = re.compile(r"[-–—:,;.!?(\n]")
_NUMBERS = (
    "zero cero", "one uno una", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete",
    "eight ocho", "nine nueve", "ten diez",
)  # fmt: skip
_YES = (
    "yes", "yeah", "yep", "yup", "yea", "y", "sure", "si", "sip", "simon", "claro", "claro que si", "i did", "we did",
    "yes i did", "yes we did", "absolutely", "definitely", "of course", "por supuesto", "i do", "si lo hice",
)  # fmt: skip
_NO = (
    "no", "nope", "nah", "n", "not yet", "not really", "nop", "nel", "todavia no", "aun no", "para nada", "not at all",
    "no i didnt", "no we didnt", "i didnt", "we didnt", "no not yet", "not this week", "no todavia",
)  # fmt: skip
_ORDINALS = (
    "first 1st primer primera primero", "second 2nd segunda segundo", "third 3rd tercera tercer tercero",
    "fourth 4th cuarta cuarto", "fifth 5th quinta quinto",
)  # fmt: skip
_LAST = "last ultima ultimo"
_THINGS = frozenset(("one", "question", "prompt", "pregunta", "option", "opcion", "choice"))
_LEADS = frozenset(
    ["actually", "mejor", "um", "uh", "hmm", "well", "so", "ok", "okay", "oh", "i", "id", "ill", "we", "me", "yo", "pues", "bueno", "my", "answer", "is", "mi", "respuesta", "es", "would", "think", "guess", "say", "said", "give", "it", "was", "its", "about", "around", "maybe", "probably", "like", "more", "solid", "just", "only", "a", "an", "un", "una", "number", "numero", "diria", "digo", "creo", "que", "le", "doy", "pongo", "seria", "fue", "era", "como", "quizas", "tal", "vez", "option", "opcion", "letter", "letra", "pick", "choose", "elijo", "escojo", "la", "el", "the", "go", "with", "voy", "con", "put", "down", "for", "mark", "this", "im", "at", "hi", "hello", "hola", "hey", "estoy", "en", "today", "hoy", "for", "rate", "rating"]
)  # fmt: skip
"""Words that may stand before a value and change nothing."""
_TAILS = frozenset(
    ["today", "please", "probably", "maybe", "think", "i", "guess", "creo", "yo", "que", "hoy", "for", "me", "para", "mi", "por", "favor", "esta", "semana", "this", "week", "thanks", "gracias", "though", "right", "now", "ahora", "honestly"]
)  # fmt: skip
"""Words that may stand after it."""
_OUT_OF = frozenset(("of", "de", "sobre", "out"))
_WHYS = frozenset(
    [
        "because",
        "bc",
        "cuz",
        "cause",
        "cos",
        "coz",
        "since",
        "porque",
        "xq",
        "pq",
        "pues",
        "but",
        "pero",
        "though",
        "aunque",
        "ya",
        "as",
        "reason",
    ]
)
"""Words with which a reason begins where no mark parts it from the value."""
_WHICH = frozenset(
    [
        "for",
        "to",
        "on",
        "about",
        "para",
        "a",
        "en",
        "the",
        "la",
        "el",
        "my",
        "number",
        "question",
        "pregunta",
        "prompt",
        "q",
        "numero",
    ]
)


@dataclass(frozen=True, slots=True)
class SpokenValue:
    """A value that was said: `question` counts from 0, `value` is what is stored, `reason` is as it was written."""

    question: int
    value: str
    reason: str


class _Word(NamedTuple):
    """A word without capitals and accents, and where it stands; a tuple, for a long message is made of many."""

    plain: str
    start: int
    end: int


def read_value(text: str, questions: Sequence[TapQuestion]) -> SpokenValue | None:
    """The value that a text says, and the question it is for: the one it names, else the last that fits.

    None where it says none. A text that only begins with a number or a yes is words.
    """
    words = list(_split(text))
    named, at = _read_place(words, len(questions))
    if named is None:
        named, at, words = _read_place_behind(words, len(questions))
    for number in reversed(range(len(questions))) if named is None else (named,):
        if (found := _read(text, words, at, questions[number])) is not None:
            return SpokenValue(number, *found)
    return None


def _split(text: str) -> Iterator[_Word]:
    for found in _WORD.finditer(text):
        plain = found.group().lower()
        if not plain.isalnum() or not plain.isascii():  # most words need no more
            plain = without_accents(_APOSTROPHE.sub("", plain))
        yield _Word(plain, found.start(), found.end())


# ── which question ────────────────────────────────────────────────────────────


def _read_place(words: list[_Word], count: int) -> tuple[int | None, int]:
    """The question that a text names before its value ("the second one: 6"), and at which word the value begins."""
    at = 0
    while at < len(words) and words[at].plain in _WHICH:
        at += 1
    place = _place_of(words, at, count)
    if (
        place is None
        and at
        and words[at - 1].plain in ("question", "pregunta", "q", "number", "numero", "prompt")
    ):
        place = _numbered(words, at, count)
    if place is None:
        return None, 0
    at += 1
    while at < len(words) and words[at].plain in _THINGS:
        at += 1
    return (place, at) if at < len(words) else (None, 0)


def _read_place_behind(words: list[_Word], count: int) -> tuple[int | None, int, list[_Word]]:
    """The question that a text names behind its value ("6 for the second one"), and the words without that."""
    for at in range(1, min(len(words), 4)):
        if words[at].plain in ("for", "to", "para", "on", "a"):
            begin = at
            while at < len(words) and words[at].plain in _WHICH:
                at += 1
            place = _place_of(words, at, count)
            if place is not None and all(one.plain in _THINGS for one in words[at + 1 :]):
                return place, 0, words[:begin]
    return None, 0, words


def _place_of(words: list[_Word], at: int, count: int) -> int | None:
    if at >= len(words) or count < 2:
        return None
    if words[at].plain in _LAST.split():
        return count - 1
    known = (place for place, names in enumerate(_ORDINALS[:count]) if words[at].plain in names.split())
    return next(known, None)


def _numbered(words: list[_Word], at: int, count: int) -> int | None:
    number = words[at].plain if at < len(words) else ""
    return (
        int(number) - 1
        if count > 1 and number.isascii() and number.isdecimal() and 0 < int(number) <= count
        else None
    )


# ── which value ───────────────────────────────────────────────────────────────


def _read(text: str, words: list[_Word], at: int, question: TapQuestion) -> tuple[str, str] | None:
    """(value, reason) that the words from one on say of a question."""
    named = _names_by_start(question)
    while at < len(words):
        for name, value in (*named.get(words[at].plain, ()), *named.get("", ())):
            end = at + len(name)
            if tuple(one.plain for one in words[at:end]) != name:
                continue
            if (reason := _reason_after(text, words, end)) is not None:
                return value, reason
        if words[at].plain not in _LEADS:
            return None
        at += 1
    return None


@lru_cache(maxsize=256)
def _names_by_start(question: TapQuestion) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """What people call the options of a question, each with its value, by the first word, the longest first."""
    named = [
        (name, tap[0]) for place, tap in enumerate(question.taps) for name in _names(place, *tap, question)
    ]
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, value in sorted(named, key=lambda pair: -len(pair[0])):
        found.setdefault(name[0] if name else "", []).append((name, value))
    return found


def _reason_after(text: str, words: list[_Word], at: int) -> str | None:
    """The reason behind a value that ends before a word: empty where nothing more is said, None where it is no value."""
    end = words[at - 1].end
    if at < len(words) and text[end : words[at].start] == "/" and words[at].plain.isdecimal():
        at, end = at + 1, words[at].end
    elif at + 1 < len(words) and words[at].plain in _OUT_OF:
        after = at + 1 + (words[at + 1].plain == "of")
        if after < len(words) and _is_number(words[after].plain):
            at, end = after + 1, words[after].end
    rest = at
    while (
        rest < len(words) and words[rest].plain in _TAILS and not _MARK.search(text[end : words[rest].start])
    ):
        end, rest = words[rest].end, rest + 1
    if rest >= len(words):
        return text[end:].strip(" .!?,;:)\n-–—") if re.search(r"\w", text[end:]) else ""
    between = text[words[rest - 1].end : words[rest].start]
    if _is_number(words[rest].plain) and between.strip() in ("-", "–", ".", ",", ":", "") and rest == at:
        return None  # 4-5, 4.5, 4:30
    if _MARK.search(between) or words[rest].plain in _WHYS:
        return text[words[rest].start :].strip()
    return None


def _is_number(word: str) -> bool:
    return word.isdecimal() or any(word in names.split() for names in _NUMBERS)


def _names(place: int, value: str, label: str, question: TapQuestion) -> Iterator[tuple[str, ...]]:
    """What people call one option: its own words, and what stands for them."""
    own = tuple(one.plain for one in _split(label))
    yield own
    if value in ("yes", "no") and len(question.taps) == 2:
        yield from (tuple(one.split()) for one in (_YES if value == "yes" else _NO))
    elif len(own) == 1 and own[0].isdecimal():
        yield from ((one,) for one in (_NUMBERS[int(own[0])].split() if int(own[0]) < len(_NUMBERS) else ()))
    else:
        names = " ".join((*_ORDINALS[place : place + 1], _LAST if place == len(question.taps) - 1 else ""))
        for nth in names.split():
            yield (nth,)
            yield from ((nth, thing) for thing in sorted(_THINGS))
        yield from (
            (one,) for one in (chr(ord("a") + place), str(place + 1), *_NUMBERS[min(place + 1, 10)].split())
        )
        yield from (own[:size] for size in range(1 if len(own[0]) > 3 else 2, len(own)))
