"""Receipt codes: shown once to whoever answers anonymously, and the only way to their answer from then on."""

from __future__ import annotations

import re
import secrets
from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256

from bot.chat.language import _
from bot.chat.models import Refusal

_SHAPE = re.compile(r"(\d{1,12})-([a-z2-7]{26})")


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """A code such as `57-mzxw6ytboi4dcnrsgq3tqojqgy`: the occurrence, and 128 bits that nobody guesses."""

    occurrence_id: int
    word: str = field(repr=False)

    @property
    def text(self) -> str:
        """What its owner keeps."""
        return f"{self.occurrence_id}-{self.word}"

    @property
    def hash(self) -> str:
        """What is stored of it."""
        return sha256(f"tilth/receipt/{self.text}".encode()).hexdigest()


def make_code(occurrence_id: int) -> ReceiptCode:
    """A new code for an answer to this occurrence."""
    return ReceiptCode(occurrence_id, b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower())


def read_code(text: str) -> ReceiptCode:
    """The code that somebody wrote, or that stands at the beginning of a form's value; raises `Refusal`."""
    found = _SHAPE.match(text.strip().strip("`").lower())
    if found is None:
        raise Refusal(
            _("That is not a receipt code."),
            _("A code looks like `57-mzxw6ytboi4dcnrsgq3tqojqgy`. It was shown when the answer was sent."),
        )
    return ReceiptCode(int(found[1]), found[2])
