"""The credential of a finished course by Open Badges 3.0, signed for one community so that others' verifiers can check it.

The proof is embedded (Data Integrity, `eddsa-rdfc-2022`), and the issuer is the public key itself (`did:key`), so nothing
has to be served or looked up. Docs: `docs/decisions/0021-a-badge-is-its-own-proof.md`. The library for it is an extra
(`tilth-bot[badges]`); without it nothing else is missing.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.store.secret import DatabaseSecret

if TYPE_CHECKING:
    from openbadgeslib.ob3 import OpenBadgeCredential


@dataclass(frozen=True, slots=True)
class BadgeFacts:
    """Everything that a badge says: whose it is, what was finished, on which day, and what had to be done for it.

    `course` is the name that never changes of the course whose title is `title`. `zone` is where `day` is a day.
    """

    name: str
    issuer: str
    course: str
    title: str
    about: str
    criteria: str
    day: date
    zone: str


def can_sign_badges() -> bool:
    """Whether the library for badges is there."""
    return find_spec("openbadgeslib") is not None and find_spec("pyld") is not None


class BadgeSigner:
    """Signs badges for one community, with a key of its own that is derived from the database's secret."""

    def __init__(self, secret: DatabaseSecret, community: str) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(secret.derive_key(f"badge/{community}"))
        self._names = secret.derive_key(f"badge names/{community}")

    @property
    def issuer(self) -> str:
        """The issuer, whose name is the public key: `did:key:z6Mk…`."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        from openbadgeslib.ob3 import did_key_from_pem

        public = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return str(did_key_from_pem(public))

    def sign(self, facts: BadgeFacts, now: datetime) -> bytes:
        """The badge as a file of JSON; blocking, a tenth of a second. The same facts are the same badge, by its id."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
        from openbadgeslib.ob3 import OB3LdpSigner

        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        signed = OB3LdpSigner(pem).sign_to_json(self._credential(facts, now), created=now)
        return signed.encode() + b"\n"

    def _credential(self, facts: BadgeFacts, now: datetime) -> OpenBadgeCredential:
        from openbadgeslib.ob3 import Achievement, IdentityObject, Issuer, OpenBadgeCredential

        achievement = Achievement(
            id=self._name("course", facts.course),
            name=facts.title,
            description=facts.about or facts.title,
            criteria_narrative=facts.criteria,
            achievement_type="Course",
        )
        return OpenBadgeCredential(
            issuer=Issuer(id=self.issuer, name=facts.issuer),
            recipient_id=None,
            identifiers=[IdentityObject(facts.name, "name", hashed=False)],
            achievement=achievement,
            id=self._name("badge", facts.course, facts.name, facts.day.isoformat()),
            issuance_date=valid_from(facts.day, facts.zone, now),
        )

    def _name(self, *parts: str) -> str:
        """A name that is always the same for the same parts, and tells nobody what they are."""
        told = "\0".join(parts).encode()
        return UUID(bytes=hmac.new(self._names, told, sha256).digest()[:16], version=4).urn


def valid_from(day: date, zone: str, now: datetime) -> datetime:
    """The moment that stands for a day: its noon, which is the same day nearly everywhere; never one that is yet to come."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return min(noon, now - timedelta(microseconds=now.microsecond))
