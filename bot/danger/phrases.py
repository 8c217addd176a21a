"""The phrases of `phrases.txt`, in English and Spanish, and where they stand in a text.

Idioms are taken out first ("killing time"), then the phrases are looked for. A phrase that also stands in lessons,
trainings and novels counts only in a sentence about none of them; one that is also said in fun, only without laughter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.phrases import PhraseBook, read_book, read_word_groups

_FILE = Path(__file__).with_name("phrases.txt")


@dataclass(frozen=True, slots=True, eq=False)
class DangerPhrases(PhraseBook):
    """The phrases of danger, and what is said around them."""

    def remove_idioms(self, plain: str) -> str:
        """A plain text with other words in the place of its idioms."""
        for _, match in [*self.find(plain, "idioms")]:
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

    def may_name_danger(self, plain: str) -> bool:
        """Whether a phrase of danger can stand in a part of a plain text that names none as a whole, by its words.

        It can where idioms are not taken out, and where the word is cut off that must not follow it.
        """
        standing = self.candidates(plain)
        ends = (one.line.rpartition(" ")[2] for one in standing.get("danger", ()))
        return "idioms" in standing or any(end.startswith("!") for end in ends)


def _sentence_around(plain: str, match: re.Match[str]) -> str:
    begins, ends = plain.rfind(" . ", 0, match.start() + 1), plain.find(" . ", match.end() - 1)
    return plain[max(begins, 0) : ends if ends >= 0 else len(plain)]


@cache
def read_phrases() -> DangerPhrases:
    """The phrases of the file; it is read once."""
    book = read_book(_FILE)
    return DangerPhrases(book.sections, book.triggers, book.elements, book.begins, book.ends)


@cache
def read_groups() -> Mapping[str, str]:
    """The group of each word that stands in one; of several, the first."""
    return read_word_groups(_FILE)
