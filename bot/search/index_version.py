"""The version of the index: a name for how words are made from texts, which changes with the stemmer, the lists and the rules."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

RULES = ("terms.py", "stop_words.txt", "forms.txt")
"""The files that say which words a text is found by."""


@cache
def index_version() -> str:
    """The name of how words are made now; entries that were made in another way are found badly."""
    made_by = hashlib.sha256(version("pystemmer").encode())
    for name in RULES:
        made_by.update(Path(__file__).with_name(name).read_bytes())
    return made_by.hexdigest()[:16]
