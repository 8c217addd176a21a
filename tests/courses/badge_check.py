"""Whether a badge's proof holds, by the specifications alone: what signed it has no part in it.

`eddsa-rdfc-2022` signs the SHA-256 of two datasets, which RDF Dataset Canonicalization (RDFC-1.0) puts into one order. Of
that the part is here that a badge needs, in which no two blank nodes look alike. The JSON-LD processor reads the contexts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from openbadgeslib.ob3.contexts import bundled_contexts
from pyld import jsonld

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
"""How multicodec writes that the key behind it is one of Ed25519."""
_BLANK = re.compile(r"^_:b\d+|_:b\d+(?= \.$)")


def read_base58(told: str) -> bytes:
    """The bytes behind `z…`, the way multibase writes them in base58."""
    assert told.startswith("z")
    number = 0
    for one in told[1:]:
        number = number * 58 + ALPHABET.index(one)
    zeros = len(told[1:]) - len(told[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def load_context(url: str, _options: Any = None) -> dict[str, Any]:
    """A published context, from what is installed: nothing is fetched."""
    return {"contextUrl": None, "documentUrl": url, "document": bundled_contexts()[url]}


def list_quads(document: Mapping[str, Any]) -> list[str]:
    """The statements that a document makes, as N-Quads. What no context knows is in none of them."""
    options = {"documentLoader": load_context, "base": ""}
    expanded = jsonld.expand(dict(document), options)
    return [
        line
        for line in jsonld.to_rdf(expanded, {**options, "format": "application/n-quads"}).splitlines()
        if line
    ]


def _seen_from(name: str, quad: str) -> str:
    """A statement in which a blank node stands out from all others."""
    return _BLANK.sub(lambda found: "_:a" if found[0] == name else "_:z", quad)


def put_in_order(quads: list[str]) -> bytes:
    """The canonical form of statements (RDFC-1.0), where the first-degree hash of every blank node is its own."""
    blanks = {name for quad in quads for name in _BLANK.findall(quad)}
    hashes = {}
    for name in blanks:
        mine = [_seen_from(name, quad) for quad in quads if name in _BLANK.findall(quad)]
        hashes[name] = hashlib.sha256("".join(f"{one}\n" for one in sorted(mine)).encode()).hexdigest()
    assert len(set(hashes.values())) == len(blanks), "two blank nodes look alike: this check is too simple"
    new = {name: f"_:c14n{at}" for at, name in enumerate(sorted(blanks, key=lambda one: hashes[one]))}
    named = (_BLANK.sub(lambda found: new[found[0]], quad) for quad in quads)
    return "".join(f"{one}\n" for one in sorted(set(named))).encode()


def check_proof(badge: Mapping[str, Any]) -> None:
    """Raise `InvalidSignature` or an assertion unless the issuer, who is its own key, signed exactly this."""
    proof = dict(badge["proof"])
    signature = read_base58(proof.pop("proofValue"))
    key, _hash, fragment = proof["verificationMethod"].partition("#")
    assert key == badge["issuer"]["id"] == f"did:key:{fragment}"
    raw = read_base58(fragment)
    assert raw.startswith(ED25519)
    unsigned = {name: value for name, value in badge.items() if name != "proof"}
    options = {"@context": badge["@context"], **proof}
    digests = [hashlib.sha256(put_in_order(list_quads(one))).digest() for one in (options, unsigned)]
    Ed25519PublicKey.from_public_bytes(raw[len(ED25519) :]).verify(signature, b"".join(digests))
