"""What a badge may hold, written down from the tables of Open Badges 3.0 (appendix B.1) as a JSON schema.

1EdTech's own schema may be copied only whole and by whoever registered, so it is not part of this repository. This one is
narrower: of each class it knows the properties that a badge of ours has, and no other may be there.
"""

from __future__ import annotations

from typing import Any

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",  # knows the type of the schema below
)
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
URI = {"type": "string", "format": "uri", "minLength": 1}
TEXT = {"type": "string", "minLength": 1}
DATE_TIME_Z = {"type": "string", "format": "date-time", "pattern": r"^.*(Z|[+-]\d{2}:\d{2})$"}


def _object(**properties: Any) -> dict[str, Any]:
    """A class with exactly these properties; `id_` is written `id`, `context` is written `@context`."""
    names = {"context": "@context"}
    held = {names.get(name, name.rstrip("_")): of for name, of in properties.items()}
    return {"type": "object", "properties": held, "required": sorted(held), "additionalProperties": False}


def _type(*names: str) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {"enum": list(names)},
        "allOf": [{"contains": {"const": one}} for one in names],
    }


ACHIEVEMENT = _object(
    id=URI, type=_type("Achievement"), name=TEXT, description=TEXT, achievementType={"const": "Course"},
    criteria=_object(narrative=TEXT),
)  # fmt: skip
IDENTITY = _object(
    type={"const": "IdentityObject"},
    hashed={"const": False},
    identityHash=TEXT,
    identityType={"const": "name"},
)
SUBJECT = _object(
    type=_type("AchievementSubject"), achievement=ACHIEVEMENT,
    identifier={"type": "array", "minItems": 1, "maxItems": 1, "items": IDENTITY},
)  # fmt: skip
PROOF = _object(
    type={"const": "DataIntegrityProof"}, cryptosuite={"const": "eddsa-rdfc-2022"}, created=DATE_TIME_Z,
    proofPurpose={"const": "assertionMethod"}, proofValue={"type": "string", "pattern": "^z"},
    verificationMethod={"type": "string", "pattern": "^did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]+)#z6Mk"},
)  # fmt: skip
BADGE = _object(
    context={"const": list(CONTEXTS)}, id=URI, type=_type("VerifiableCredential", "OpenBadgeCredential"), name=TEXT,
    issuer=_object(id=URI, type=_type("Profile"), name=TEXT), validFrom=DATE_TIME_Z, credentialSubject=SUBJECT,
    credentialSchema={"const": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]}, proof=PROOF,
)  # fmt: skip
