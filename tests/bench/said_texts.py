"""What people say in a benchmark: no two messages alike, as in life; the same text again and again is understood only once."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

TEXTS = Path(__file__).parents[1] / "search"


def list_texts(seed: int, language: str) -> Iterator[str]:
    """Answers of 40 to 300 characters, no two alike but by chance; their sentences come again."""
    sentences = []
    for file in (TEXTS / "corpus.jsonl", TEXTS / "teachers" / "corpus.jsonl"):
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if line["lang"] == language:
                sentences += re.split(r"(?<=[.!?]) ", line["text"])
    chance = random.Random(seed)
    while True:
        size, said = chance.randint(40, 300), ""
        while len(said) < size:
            said += " " + chance.choice(sentences)
        yield said[1:301]


def list_said(seed: int = 16, *, same: bool = False) -> Iterator[str]:
    """What people write one after the other, every sixth of them in Spanish; or all the `same`, which is weighed once."""
    english, spanish = list_texts(seed, "en"), list_texts(seed, "es")
    one = next(english)
    for number in itertools.count():
        yield one if same else next(spanish if number % 6 == 0 else english)


SAID = list_said()
"""What is said one after the other in a run of all benchmarks."""
