"""Whether an answer or a note says something: what nobody could learn from ("idk", "n/a", "…") is asked about once."""

from __future__ import annotations

from typing import Final

from bot.intents.sentences import split_words

DONE: Final = frozenset(
    [
        "done",
        "finished",
        "complete",
        "completo",
        "completed",
        "did",
        "already",
        "yes",
        "listo",
        "lista",
        "hecho",
        "hecha",
        "ya",
        "termine",
        "termina",
        "terminado",
        "terminada",
        "acabe",
        "acabo",
        "hice",
        "si",
    ]
)
"""Words that say of a lesson that it is done, with their spelling mended."""
DONE_BESIDE: Final = frozenset(
    ["i", "im", "am", "have", "it", "all", "with", "this", "the", "lesson", "la", "lo", "leccion", "."]
)
"""Words that may stand beside one of those, and say nothing else."""
_FILLERS: Final = frozenset(
    [
        "ok",
        "okay",
        "k",
        "yep",
        "yeah",
        "yup",
        "no",
        "nope",
        "nah",
        "lol",
        "haha",
        "hmm",
        "hm",
        "um",
        "uh",
        "idk",
        "dk",
        "dunno",
        "na",
        "n",
        "a",
        "tbd",
        "tbh",
        "test",
        "x",
        "xx",
        "xxx",
        "blah",
        "asdf",
        "meh",
        "sorry",
        "really",
        "honestly",
        "not",
        "sure",
        "clue",
        "idea",
        "same",
        "here",
        "later",
        "nothing",
        "none",
        "anything",
        "something",
        "stuff",
        "things",
        "whatever",
        "pass",
        "skip",
        "to",
        "say",
        "add",
        "report",
        "think",
        "do",
        "dont",
        "didnt",
        "know",
        "don",
        "t",
        "didn",
        "m",
        "s",
        "guess",
        "maybe",
        "of",
        "can",
        "remember",
        "not",
        "yet",
        "xthumb",
        "xthanks",
        "xsmile",
        "todavia",
        "aun",
        "vale",
        "bueno",
        "nada",
        "ninguno",
        "ninguna",
        "ni",
        "idea",
        "se",
        "no",
        "sep",
        "nose",
        "ns",
        "nc",
        "pues",
        "eh",
        "jaja",
        "paso",
        "luego",
        "despues",
        "recuerdo",
        "que",
        "decir",
    ]
)
"""Words that, alone or together, say nothing of what was done or seen."""


def says_something(text: str) -> bool:
    """Whether somebody else could learn from a text what was done, tried or seen; a number or one word can say it."""
    words = split_words(text)
    empty = _FILLERS | DONE | DONE_BESIDE
    return any(word not in empty and any(map(str.isalnum, word)) for word in words)
