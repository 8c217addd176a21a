"""A badge is what Open Badges 3.0 asks for, says what its facts say and nothing else, and anybody can check it."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from jsonschema import Draft201909Validator
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError
from pyld.jsonld import JsonLdError
from typer.testing import CliRunner

from bot.cli.main import app
from bot.courses.evidence import credential
from bot.courses.evidence.badge import preview_text
from bot.courses.evidence.credential import BadgeFacts, BadgeSigner, valid_from
from bot.courses.evidence.signature import Seal
from bot.store.secret import DatabaseSecret, make_secret
from tests.courses.badge_check import check_proof, list_quads
from tests.courses.badge_tables import BADGE

SECRET = make_secret()
NOW = datetime(2026, 10, 20, 15, 30, 12, tzinfo=UTC)
FACTS = BadgeFacts(
    name="Ada <Quinn>", issuer="Home & Harbour", course="common-ground", title="Common ground",
    about="Two small lessons.", criteria="Whoever has this badge finished every lesson: An hour and A question.",
    day=date(2026, 10, 6), zone="America/Chicago",
)  # fmt: skip
PUBLISHED = os.environ.get("OPEN_BADGES_SCHEMA", "")
OB, SCHEMA_ORG = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#", "https://schema.org/"


def sign(facts=FACTS, secret=SECRET, community="home", now=NOW):
    return json.loads(BadgeSigner(secret, community).sign(facts, now))


def verify_with_library(badge):
    return OB3LdpVerifier.for_issuer_did(badge["issuer"]["id"]).verify(badge)


def find_faults(schema, badge):
    checks = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    return [f"{one.json_path}: {one.message}" for one in checks.iter_errors(badge)]


def test_a_badge_has_what_the_tables_ask_for_and_nothing_else():
    assert find_faults(BADGE, sign()) == []


@pytest.mark.skipif(
    not PUBLISHED, reason="OPEN_BADGES_SCHEMA names no file: 1EdTech's schema may not be copied here"
)
def test_a_badge_fits_the_published_schema():
    schema = json.loads(Path(PUBLISHED).read_text())
    assert schema["$id"].endswith("/ob_v3p0_achievementcredential_schema.json")
    assert find_faults(schema, sign()) == []


def test_its_proof_holds_by_the_specifications_alone_and_by_the_library():
    badge = sign()
    check_proof(badge)
    assert verify_with_library(badge).issuer.name == "Home & Harbour"


def leaves(value, path=()):
    """The path of every text in a document."""
    if isinstance(value, str | bool):
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, held in pairs:
        yield from leaves(held, (*path, name))


def changed(badge, path):
    """The same badge with one text of it changed."""
    other = copy.deepcopy(badge)
    held = other
    for name in path[:-1]:
        held = held[name]
    old = held[path[-1]]
    held[path[-1]] = (
        (not old) if isinstance(old, bool) else old.replace(old[-1], "3" if old[-1] != "3" else "4")
    )
    return other


def test_any_change_shows():
    badge = sign()
    for path in leaves(badge):
        other = changed(badge, path)
        with pytest.raises((InvalidSignature, AssertionError, ValueError, JsonLdError)):
            check_proof(other)
        with pytest.raises((OB3VerificationError, ValueError)):
            verify_with_library(other)


def test_everything_in_it_is_signed_in_the_words_of_the_published_context():
    said = {tuple(quad.split(" ", 2)[1:]) for quad in list_quads(sign())}
    said = {(name.strip("<>"), value.removesuffix(" .")) for name, value in said}
    for name, value in (
        (f"{OB}identityHash", '"Ada <Quinn>"'),
        (f"{OB}identityType", '"name"'),
        (f"{OB}achievementType", '"Course"'),
        (f"{OB}narrative", f'"{FACTS.criteria}"'),
        (f"{SCHEMA_ORG}name", '"Home & Harbour"'),
        (f"{SCHEMA_ORG}name", '"Common ground"'),
        (f"{SCHEMA_ORG}description", '"Two small lessons."'),
        (
            "https://www.w3.org/2018/credentials#validFrom",
            '"2026-10-06T17:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        ),
    ):
        assert (name, value) in said


def test_nothing_in_it_is_left_out_of_what_is_signed():
    badge = sign()
    del badge["proof"]
    quads = "\n".join(list_quads(badge))
    del badge["@context"]
    for path in leaves(badge):
        value = badge
        for name in path:
            value = value[name]
        assert (value if isinstance(value, str) else json.dumps(value)) in quads, path


def test_the_key_is_the_same_on_every_machine_and_no_other_communitys_nor_that_of_the_seal():
    mine = BadgeSigner(SECRET, "home").issuer
    assert BadgeSigner(DatabaseSecret(SECRET.material), "home").issuer == mine
    assert BadgeSigner(SECRET, "north").issuer != mine
    assert BadgeSigner(make_secret(), "home").issuer != mine
    signer, seal = BadgeSigner(SECRET, "home"), Seal(SECRET, "home")
    assert signer._key.public_key() != seal._key.public_key()
    assert "PRIVATE" not in json.dumps(sign())


def test_the_same_facts_are_the_same_badge_and_each_course_one_achievement():
    one, again = sign(), sign(now=NOW.replace(day=21))
    assert one["id"] == again["id"]
    assert sign(replace(FACTS, name="Ada Q."))["id"] != one["id"]
    assert sign(replace(FACTS, course="other"))["id"] != one["id"]
    other = sign(replace(FACTS, name="Ben Okafor"))
    assert one["credentialSubject"]["achievement"]["id"] == other["credentialSubject"]["achievement"]["id"]
    assert sign(community="north")["id"] != one["id"], "nobody can tell from the name who was told apart"


@pytest.mark.parametrize(
    ("day", "zone", "now", "told"),
    [
        ((2026, 10, 6), "America/Chicago", NOW, "2026-10-06T17:00:00+00:00"),
        ((2026, 10, 6), "Pacific/Auckland", NOW, "2026-10-05T23:00:00+00:00"),
        ((2026, 10, 20), "America/Los_Angeles", NOW, "2026-10-20T15:30:12+00:00"),
    ],
)
def test_a_badge_tells_a_day_and_never_one_that_is_yet_to_come(day, zone, now, told):
    assert valid_from(date(*day), zone, now).astimezone(UTC).isoformat() == told


@pytest.mark.parametrize(
    "name",
    [
        "Åsa Ñúñez-O’Brien",
        "艾达",
        "🌱",
        "\u202eAda\u202c",
        '"}, "id": "x',
        "_:b0",
        "did:key:z",
        "A" * 80,
        "<script>",
    ],
    ids=range(9),
)
def test_whatever_somebody_calls_themselves_is_a_text_in_it(name):
    badge = sign(replace(FACTS, name=name))
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == name
    assert find_faults(BADGE, badge) == []
    check_proof(badge)
    verify_with_library(badge)


def test_the_form_says_all_that_the_badge_will_say():
    told = preview_text(FACTS)
    subject = sign()["credentialSubject"]["achievement"]
    for said in (
        subject["name"],
        subject["description"],
        subject["criteria"]["narrative"],
        sign()["issuer"]["name"],
    ):
        assert said in told
    assert "October 6, 2026" in told


def test_a_course_without_a_description_has_one_all_the_same():
    badge = sign(replace(FACTS, about=""))
    assert badge["credentialSubject"]["achievement"]["description"] == "Common ground"
    assert find_faults(BADGE, badge) == []


def test_without_the_library_no_key_is_told(monkeypatch):
    monkeypatch.setattr(credential, "find_spec", lambda _name: None)
    run = CliRunner().invoke(app, ["key", "--badges"])
    assert run.exit_code == 78
    assert "tilth-bot[badges]" in run.output
