"""The stretches of a text that are weighed: its words without accents and capitals, a sentence or a part of one."""

from __future__ import annotations

import re

from bot.chat.accents import without_accents

SIZE, STEP = 16, 8
"""Words in a stretch of a longer sentence, and words from one stretch to the next."""
EXTRA = 2
"""Words more than `SIZE` that a sentence may have to be one stretch."""
_ENDS = re.compile(r"[.!?;\n]+")
_APOSTROPHES = re.compile(r"['’‘`´]")
_LAUGHS = re.compile("[😂🤣😅😆😜😝💀😭🙃]")
_OTHER = re.compile(r"[^\w.]+|_+")
_OTHER_ASCII = {at: " " for at in range(128) if not (chr(at).isalnum() or chr(at) == ".")}
"""The same where no other letters are: a pattern takes ten times as long."""


def make_plain(text: str) -> str:
    """A text as words between single spaces, a dot where a sentence ends, without accents and apostrophes."""
    lowered = text.lower()
    if lowered.isascii():
        bare = lowered.replace("'", "").replace("`", "")
        words = _ENDS.sub(" . ", bare).translate(_OTHER_ASCII)
    else:
        bare = without_accents(_APOSTROPHES.sub("", _LAUGHS.sub(" xlaughs ", lowered)))
        words = _OTHER.sub(" ", _ENDS.sub(" . ", bare))
    return f" {' '.join(words.split())} "


def split_stretches(plain: str) -> list[list[str]]:
    """The words of each sentence of a plain text; of a longer one, overlapping stretches of it."""
    stretches = []
    for sentence in plain.split(" . "):
        words = sentence.replace(".", " ").split()
        if len(words) <= SIZE + EXTRA:
            stretches.append(words)
            continue
        begins = range(0, len(words) - SIZE + STEP, STEP)
        stretches += [words[at : at + SIZE] for at in begins]
    return [one for one in stretches if one]
