"""The community's seal: an Ed25519 key that signs files in a zip, to be checked offline."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.store.secret import DatabaseSecret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIND = "tilth-evidence/1"
SEAL, DOCUMENT = "seal.json", "evidence.json"
MOST_BYTES = 1024 * 1024
"""Bytes of one file in the zip; what claims more is not opened."""
_FILES = 5
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Broken(Exception):
    """The error of a file that is no evidence or was changed; its words are for whoever checks it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Evidence whose seal holds. `fingerprint` names the key; only the community can say whose it is."""

    community: str
    fingerprint: str
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Who finished the course."""
        return str(self.document["name"])

    @property
    def course(self) -> str:
        """The title of the course."""
        return str(self.document["course"])


class Seal:
    """Signs for one community, with a key of its own that is derived from the database's secret."""

    def __init__(self, secret: DatabaseSecret, community: str) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._community = community
        self._key = Ed25519PrivateKey.from_private_bytes(secret.derive_key(f"evidence/{community}"))

    @property
    def fingerprint(self) -> str:
        """The name of the key, to be published where people trust it."""
        return key_fingerprint(self._key.public_key())

    def close(self, files: Mapping[str, bytes]) -> bytes:
        """The zip with these files and the seal on them; the same bytes for the same files."""
        key = self._key
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        seal = {
            "kind": KIND,
            "community": self._community,
            "files": digests,
            "public key": base64.b64encode(_raw(key.public_key())).decode(),
            "fingerprint": key_fingerprint(key.public_key()),
            "signature": base64.b64encode(key.sign(_signed(self._community, digests))).decode(),
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
            for name, data in {**files, SEAL: json.dumps(seal, indent=2, sort_keys=True).encode()}.items():
                whole.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def key_fingerprint(key: Ed25519PublicKey) -> str:
    """The first half of the SHA-256 of a public key, in groups of four."""
    digest = hashlib.sha256(_raw(key)).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def check_evidence(path: Path) -> Checked:
    """Check a zip that `Seal.close` made, offline; raises `Broken` with what is wrong, and nothing else."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    files = _open(path)
    seal = _read_json(SEAL, files.pop(SEAL))
    try:
        if seal["kind"] != KIND:
            raise Broken(
                f"This is evidence of another kind ({str(seal['kind'])[:40]}); a newer Tilth may know it."
            )
        community = str(seal["community"])
        digests = {str(name): str(value) for name, value in seal["files"].items()}
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(seal["public key"], validate=True))
        key.verify(base64.b64decode(seal["signature"], validate=True), _signed(community, digests))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Broken("This file carries no seal that can be read.") from None
    except InvalidSignature:
        raise Broken("The seal does not fit: it was changed, or never made by this key.") from None
    if set(files) != set(digests):
        raise Broken("Files were added to it or taken out of it after it was sealed.")
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() != digests[name]:
            raise Broken(f"{name} was changed after it was sealed.")
    return Checked(community, key_fingerprint(key), _read_document(files))


def _read_document(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """What the evidence says. Anybody can seal anything, so it is looked at like everything that comes from outside."""
    if DOCUMENT not in files:
        raise Broken(f"There is no {DOCUMENT} in it.")
    document = _read_json(DOCUMENT, files[DOCUMENT])
    if not all(isinstance(document.get(name), str) for name in ("name", "course")):
        raise Broken(f"{DOCUMENT} does not say who finished which course.")
    return document


def _read_json(name: str, data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Broken(
            "This file carries no seal that can be read."
            if name == SEAL
            else f"{name} is not what it should be."
        )
    return found


def _open(path: Path) -> dict[str, bytes]:
    """The files in a zip, as far as they can be evidence."""
    try:
        files = _read_zip(path)
    except Broken:
        raise
    except OSError as error:
        raise Broken(f"{path} cannot be read: {error.strerror or 'it is damaged'}.") from None
    except Exception as error:  # zipfile raises whatever a damaged header makes it stumble over
        raise Broken(f"This is no zip file that can be read ({type(error).__name__}).") from error
    if SEAL not in files:
        raise Broken("This file carries no seal.")
    return files


def _read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as whole:
        infos = whole.infolist()
        if len(infos) > _FILES or any(info.file_size > MOST_BYTES for info in infos):
            raise Broken("This is too large to be evidence.")
        if len({info.filename for info in infos}) != len(infos):
            raise Broken("It holds two files of one name.")
        return {info.filename: whole.read(info) for info in infos}


def _raw(key: Ed25519PublicKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _signed(community: str, digests: Mapping[str, str]) -> bytes:
    """What the signature is over: the kind, the community, and every file with its digest, a line each."""
    lines = [KIND, community, *(f"{digests[name]}  {name}" for name in sorted(digests))]
    return "\n".join(lines).encode()
