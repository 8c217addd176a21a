"""The keys of anonymous answers: one for each open prompt, outside the database, destroyed when it closes.

Until then a key seals what is answered and hides who has answered. Whoever holds a copy of the database alone reads
neither, and after closing nobody can, from no backup: what is published then has nothing in common with what was sealed.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.store.file_system import sync_path
from bot.store.secret import store_once, stretch_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FOLDER, ENDING = "anonymous", ".key"
"""Where the keys are: `anonymous/<occurrence>.key` in the folder for what lies outside the database."""
BLOCK = 16_384
"""Bytes that sealed answers are filled up to, so that no length tells one from another."""
_LENGTH, _NONCE = 4, 12


@dataclass(frozen=True, slots=True)
class PromptKey:
    """The key of one open prompt."""

    occurrence_id: int
    material: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What the database knows of it: a fingerprint, by which another key is noticed."""
        return self.mark("name")[:16]

    def mark(self, subject: str) -> str:
        """A mark that stands for a subject, and that nobody can make or understand without the key."""
        told = f"{self.occurrence_id}:{subject}".encode()
        return hmac.new(self._derive("marks"), told, sha256).hexdigest()

    def seal(self, text: str) -> str:
        """A text that nobody can read without the key, of the same length as all others."""
        plain = text.encode()
        framed = len(plain).to_bytes(_LENGTH, "big") + plain
        framed += bytes(-len(framed) % BLOCK)
        nonce = secrets.token_bytes(_NONCE)
        return (nonce + self._cipher().encrypt(nonce, framed, self._about)).hex()

    def unseal(self, sealed: str) -> str:
        """The text that `seal` sealed; raises `InvalidTag` for anything else."""
        whole = bytes.fromhex(sealed)
        framed = self._cipher().decrypt(whole[:_NONCE], whole[_NONCE:], self._about)
        length = int.from_bytes(framed[:_LENGTH], "big")
        return framed[_LENGTH : _LENGTH + length].decode()

    @property
    def _about(self) -> bytes:
        return str(self.occurrence_id).encode()

    def _derive(self, purpose: str) -> bytes:
        return stretch_key(self.material, f"tilth/anonymous/{purpose}")

    def _cipher(self) -> AESGCM:
        """Imported only where somebody answers anonymously: a start does not need it."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._derive("seals"))


class Keyring:
    """The keys in the folder of this process. Everything here blocks, for as long as a small file takes."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the one for what lies outside the database."""
        self._folder = folder / FOLDER

    def find_key(self, occurrence_id: int) -> PromptKey | None:
        """The key of a prompt, where it is in this folder."""
        try:
            material = self._path(occurrence_id).read_text().strip()
        except FileNotFoundError:
            return None
        return PromptKey(occurrence_id, material.encode()) if material else None

    def make_key(self, occurrence_id: int) -> PromptKey:
        """The key of a prompt, made and safely on disk where it is not there yet."""
        known = self.find_key(occurrence_id)
        if known is not None:
            return known
        made = store_once(self._path(occurrence_id), secrets.token_hex(32).encode())
        return PromptKey(occurrence_id, made)

    def list_prompts(self) -> list[int]:
        """The occurrences whose keys are here."""
        found = self._folder.glob(f"*{ENDING}") if self._folder.is_dir() else ()
        return sorted(int(one.stem) for one in found if one.stem.isdigit())

    def destroy_key(self, occurrence_id: int) -> None:
        """Overwrite and delete a key; already gone is as good."""
        path = self._path(occurrence_id)
        try:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)
        sync_path(self._folder)

    def _path(self, occurrence_id: int) -> Path:
        return self._folder / f"{occurrence_id}{ENDING}"
