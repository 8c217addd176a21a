"""Evidence can be checked by anybody with nothing but the file, and any change to it shows."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.courses.evidence.document import evidence_files, evidence_page
from bot.courses.evidence.signature import SEAL, Broken, Seal, check_evidence
from bot.store.secret import DatabaseSecret, make_secret

SECRET = make_secret()
DOCUMENT = {
    "name": "Ada <Quinn>",
    "community": "Home & Harbour",
    "course": "Common ground",
    "about": "Two small lessons.",
    "lessons": [
        {
            "title": "An hour",
            "purpose": "Find it.",
            "done on": "2026-10-06",
            "how": "form",
            "finished by": "their own word",
        },
    ],
    "reflections": [{"about": "An hour", "text": "<script>alert(1)</script>", "on": "2026-10-06"}],
    "made on": "2026-10-20",
}


@pytest.fixture
def sealed(tmp_path):
    path = tmp_path / "evidence.zip"
    path.write_bytes(Seal(SECRET, "home").close(evidence_files(DOCUMENT)))
    return path


def rewrite(path, change):
    """The zip with its files changed by a function of a dict."""
    with zipfile.ZipFile(path) as whole:
        held = {name: whole.read(name) for name in whole.namelist()}
    change(held)
    with zipfile.ZipFile(path, "w") as whole:
        for name, data in held.items():
            whole.writestr(name, data)


def test_evidence_is_good_and_names_its_key(sealed):
    found = check_evidence(sealed)
    assert found.community == "home"
    assert found.document["course"] == "Common ground"
    assert found.fingerprint == Seal(SECRET, "home").fingerprint


def test_the_same_evidence_is_the_same_bytes():
    seal = Seal(SECRET, "home")
    assert seal.close(evidence_files(DOCUMENT)) == seal.close(evidence_files(DOCUMENT))


def test_each_community_has_a_key_of_its_own_and_the_same_on_every_machine():
    assert Seal(SECRET, "home").fingerprint != Seal(SECRET, "north").fingerprint
    assert Seal(SECRET, "home").fingerprint == Seal(DatabaseSecret(SECRET.material), "home").fingerprint


def forge(held):
    data = json.loads(held["evidence.json"])
    data["course"] = "Another"
    held["evidence.json"] = json.dumps(data).encode()


def forge_the_digest_too(held):
    import hashlib

    forge(held)
    seal = json.loads(held[SEAL])
    seal["files"]["evidence.json"] = hashlib.sha256(held["evidence.json"]).hexdigest()
    held[SEAL] = json.dumps(seal).encode()


def rename_the_community(held):
    seal = json.loads(held[SEAL])
    seal["community"] = "another"
    held[SEAL] = json.dumps(seal).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (forge, "evidence.json was changed"),
        (forge_the_digest_too, "does not fit"),
        (rename_the_community, "does not fit"),
        (lambda held: held.update({"evidence.html": b"<p>Better</p>"}), "evidence.html was changed"),
        (lambda held: held.pop("evidence.html"), "taken out"),
        (lambda held: held.update({"more.txt": b"more"}), "added"),
        (lambda held: held.pop(SEAL), "no seal"),
        (lambda held: held.update({SEAL: b"{"}), "no seal that can be read"),
        (lambda held: held.update({SEAL: b"[]"}), "no seal that can be read"),
        (lambda held: held.update({"bomb": b"0" * 2_000_000}), "too large"),
    ],
    ids=range(10),
)
def test_any_change_shows(sealed, change, why):
    rewrite(sealed, change)
    with pytest.raises(Broken, match=why):
        check_evidence(sealed)


def test_what_is_no_zip_is_told_so(tmp_path):
    (tmp_path / "x.zip").write_text("hello")
    with pytest.raises(Broken, match="no zip file"):
        check_evidence(tmp_path / "x.zip")


def test_another_key_is_another_key(sealed):
    key = Seal(make_secret(), "home").fingerprint
    run = CliRunner().invoke(app, ["verify", str(sealed), "--key", key])
    assert run.exit_code == 1
    assert "NOT the key you gave" in run.output
    good = CliRunner().invoke(
        app, ["verify", str(sealed), "--key", check_evidence(sealed).fingerprint.upper()]
    )
    assert good.exit_code == 0
    assert "It is the key you gave" in good.output


def test_verify_says_what_it_holds_and_what_it_cannot_know(sealed):
    run = CliRunner().invoke(app, ["verify", str(sealed)])
    assert run.exit_code == 1
    assert "Ada <Quinn>: Common ground" in run.output
    assert "Ask the community for its key" in run.output
    known = ("--key", check_evidence(sealed).fingerprint)
    whole = json.loads(CliRunner().invoke(app, ["verify", str(sealed), "--json", *known]).output)
    assert whole["good"] is True
    assert whole["evidence"]["lessons"][0]["finished by"] == "their own word"
    sealed.write_bytes(b"PK")
    assert CliRunner().invoke(app, ["verify", str(sealed)]).exit_code == 1


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["for people", "for programs"])
def test_without_the_communitys_key_the_signer_is_unknown(sealed, words):
    run = CliRunner().invoke(app, ["verify", str(sealed), *words])
    assert run.exit_code == 1
    assert "unknown signer" in run.output.lower()
    if words:
        told = json.loads(run.output)
        assert told["good"] is False
        assert told["evidence"]["course"] == "Common ground", "what it says can still be read"


def seal_anything(folder, files):
    """A zip sealed without fault by a key that anybody may make."""
    path = folder / "anything.zip"
    path.write_bytes(Seal(make_secret(), "home").close(files))
    return path


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b"\xff", b"[" * 100_000, b'"words"', b'{"name": {"a": 1}, "course": []}', b""],
    ids=["half", "list", "not UTF-8", "deep", "text", "no words", "empty"],
)
@pytest.mark.parametrize("words", [(), ("--json",)], ids=["for people", "for programs"])
def test_a_sealed_file_that_is_no_evidence_is_a_plain_sentence(tmp_path, data, words):
    run = CliRunner().invoke(app, ["verify", str(seal_anything(tmp_path, {"evidence.json": data})), *words])
    assert isinstance(run.exception, SystemExit), run.exception
    assert run.exit_code == 1
    assert "evidence.json" in run.output


def test_a_damaged_file_is_a_plain_sentence_wherever_the_damage_is(sealed):
    whole = sealed.read_bytes()
    said = set()
    for at in range(0, len(whole), 11):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            sealed.write_bytes(damaged)
            with suppress(Broken):
                said.add(check_evidence(sealed).document["course"])
    assert said <= {DOCUMENT["course"]}, "what is called unchanged is unchanged"


def test_a_file_cannot_speak_in_the_name_of_the_command(tmp_path):
    document = {**DOCUMENT, "name": "Ada\x1b[2J\r\nIt is the key you gave."}
    path = seal_anything(tmp_path, evidence_files(document))
    run = CliRunner().invoke(app, ["verify", str(path)])
    assert "\x1b" not in run.output
    assert "\nIt is the key" not in run.output


def test_what_is_no_key_is_told_so(sealed):
    run = CliRunner().invoke(app, ["verify", str(sealed), "--key", "ssh-ed25519 AAAA"])
    assert run.exit_code == 1
    assert "32" in run.output


def test_the_page_shows_words_as_words_and_counts_no_hours():
    html = evidence_page(DOCUMENT)
    assert "hours of work" not in html
    assert "their own word" in html
    assert "It counts no hours" in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "Ada &lt;Quinn&gt;" in html
    assert "Home &amp; Harbour" in html
