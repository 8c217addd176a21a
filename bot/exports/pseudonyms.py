"""Pseudonyms: a short name for a person or an answer that is always the same, and leads nobody back without the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from bot.store.secret import DatabaseSecret

PURPOSE = "export pseudonyms"
LENGTH = 12
"""Characters of 5 bits: of ten thousand people, two share one in one of twenty million communities."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes the pseudonyms of one community with the key of its secret; another secret makes others."""

    key: bytes = field(repr=False)
    community: str
    """The community's slug, so that one person is not known by the same name in two."""

    @classmethod
    def of(cls, secret: DatabaseSecret, community: str) -> Pseudonyms:
        """The pseudonyms that a secret makes for a community."""
        return cls(secret.derive_key(PURPOSE), community)

    def person(self, member_id: int) -> str:
        """The pseudonym of a member."""
        return f"person-{self._name('member', member_id)}"

    def answer(self, answer_id: int) -> str:
        """The pseudonym of an answer."""
        return f"answer-{self._name('answer', answer_id)}"

    def _name(self, kind: str, number: int) -> str:
        # HMAC and not a plain hash: the ids are small numbers, which anybody could try one after the other.
        digest = hmac.new(self.key, f"{self.community}\n{kind}\n{number}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:LENGTH]
