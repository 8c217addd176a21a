"""One secret for a database: made once, found again, asked for by name, and never in a copy of the database."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from bot.cli.main import CONFIG, app
from bot.settings.environment import SettingsError, load
from bot.store.backup import back_up
from bot.store.errors import WrongSecret
from bot.store.migrate import upgrade
from bot.store.secret import (
    FILE,
    DatabaseSecret,
    check_secret,
    claim_secret,
    look_up_fingerprint,
    make_secret,
    secret_name,
    stretch_key,
)
from bot.store.startup import open_store
from bot.store.store import Store

OTHER = "another secret, long enough for a database"


@pytest.fixture
def store(database_url: str):
    upgrade(database_url)
    with Store.open(database_url) as one:
        yield one


def test_the_first_start_makes_a_secret_that_every_later_start_finds(store: Store, tmp_path: Path):
    made = claim_secret(store, "", tmp_path / "kept")
    assert claim_secret(store, "", tmp_path / "kept") == made
    assert store.read_now(lambda conn: conn.execute(secret_name.select()).all()) == [(1, made.fingerprint)]
    file = tmp_path / "kept" / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [FILE]
    assert made.material.decode() not in repr(made)


def test_the_setting_wins_over_the_file_and_makes_none(store: Store, tmp_path: Path):
    assert claim_secret(store, OTHER, tmp_path / "kept").material == OTHER.encode()
    assert not (tmp_path / "kept").exists()


def test_without_its_secret_a_database_is_refused_and_no_new_one_is_made(store: Store, tmp_path: Path):
    made = claim_secret(store, "", tmp_path / "kept")
    with pytest.raises(WrongSecret, match=f"belongs to the secret {made.fingerprint}, and none is set here"):
        claim_secret(store, "", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(
        WrongSecret, match=f"the one in TILTH_SECRET is {DatabaseSecret(OTHER.encode()).fingerprint}"
    ):
        claim_secret(store, OTHER, tmp_path / "kept")


def test_a_secret_is_changed_by_writing_a_new_one_above_it(store: Store, tmp_path: Path):
    old = claim_secret(store, "", tmp_path)
    file = tmp_path / FILE
    file.write_text(f"{OTHER}\n{file.read_text()}")
    assert check_secret(store.url, "", tmp_path) is not None, "the new one may start"
    new = claim_secret(store, "", tmp_path)
    assert new.material == OTHER.encode()
    assert store.read_now(lambda conn: conn.execute(secret_name.select()).all()) == [(1, new.fingerprint)]
    assert new.derive_keys("erasures") == (new.derive_key("erasures"), old.derive_key("erasures"))
    assert claim_secret(store, "", tmp_path) == new
    with pytest.raises(WrongSecret, match=f"belongs to the secret {new.fingerprint}"):
        claim_secret(store, old.material.decode(), tmp_path)


def test_a_new_secret_without_the_old_one_below_it_is_refused(store: Store, tmp_path: Path):
    claim_secret(store, "", tmp_path)
    (tmp_path / FILE).write_text(f"{OTHER}\n")
    with pytest.raises(WrongSecret):
        check_secret(store.url, "", tmp_path)
    with pytest.raises(WrongSecret):
        claim_secret(store, "", tmp_path)


def test_of_two_first_starts_in_two_folders_one_is_refused_and_leaves_nothing(store: Store, tmp_path: Path):
    meanwhile: list[DatabaseSecret] = []
    write_now = store.write_now

    def first_another(work: Callable[[Connection], object]) -> object:
        store.write_now = write_now  # type: ignore[method-assign]
        meanwhile.append(claim_secret(store, "", tmp_path / "one"))
        return write_now(work)

    store.write_now = first_another  # type: ignore[method-assign,assignment]
    with pytest.raises(WrongSecret, match=r"none is set here"):
        claim_secret(store, "", tmp_path / "two")
    assert list((tmp_path / "two").iterdir()) == []
    assert claim_secret(store, "", tmp_path / "one") == meanwhile[0]


def test_first_starts_in_one_folder_share_one_secret(store: Store, tmp_path: Path):
    found: list[DatabaseSecret] = []
    together = [
        threading.Thread(target=lambda: found.append(claim_secret(store, "", tmp_path / "kept")))
        for _ in range(8)
    ]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_each_purpose_has_a_key_of_its_own_and_none_is_the_secret():
    secret = make_secret()
    keys = [secret.derive_key(purpose) for purpose in ("erasures", "evidence/home", "evidence/north")]
    assert len({*keys, secret.material, secret.derive_key("fingerprint")}) == 5
    assert {len(one) for one in keys} == {32}
    assert secret.derive_key("erasures") == keys[0]


@pytest.mark.parametrize("material", [b"", b"short", b"x" * 64, b"longer than a block of SHA-256 " * 4])
def test_a_key_is_the_one_that_the_standard_says(material: bytes):
    for info in ("", "tilth/erasures", "tilth/evidence/ñandú"):
        hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode())
        assert stretch_key(material, info) == hkdf.derive(material)


def test_a_copy_of_the_database_names_its_secret_and_does_not_hold_it(sqlite_url: str, tmp_path: Path):
    upgrade(sqlite_url)
    with Store.open(sqlite_url) as store:
        made = claim_secret(store, "", tmp_path / "kept")
    copy = back_up(sqlite_url, tmp_path / "copy.db")
    assert look_up_fingerprint(f"sqlite:///{copy}") == made.fingerprint
    assert made.material not in copy.read_bytes()


def test_a_short_secret_is_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TILTH_SECRET", "hunter2")
    with pytest.raises(SettingsError, match="TILTH_SECRET is wrong: it needs 32 characters") as refused:
        load(_env_file=None)
    assert "hunter2" not in str(refused.value)


def test_an_empty_file_is_no_secret(store: Store, tmp_path: Path):
    (tmp_path / FILE).touch()
    with pytest.raises(WrongSecret, match="is empty"):
        claim_secret(store, "", tmp_path)


def test_a_lost_secret_is_replaced_as_the_page_says(store: Store, tmp_path: Path):
    lost = claim_secret(store, "", tmp_path / "lost")
    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text()
    statements = ("DELETE FROM secret_name", "DELETE FROM erasure")
    assert f"`{'; '.join(statements)};`" in page
    for one in statements:
        store.write_now(lambda conn, one=one: conn.execute(text(one)).rowcount)
    assert claim_secret(store, "", tmp_path / "new") != lost


def test_nothing_is_migrated_without_the_secret(sqlite_url: str, tmp_path: Path):
    upgrade(sqlite_url)
    with Store.open(sqlite_url) as store:
        claim_secret(store, "", tmp_path / "kept")
        store.write_now(lambda conn: conn.execute(text("DROP TABLE alembic_version")).rowcount)
    kept = SimpleNamespace(url=SecretStr(sqlite_url), folder=tmp_path / "elsewhere", journal="truncate")
    with pytest.raises(WrongSecret):
        open_store(SimpleNamespace(store=kept, secret=SecretStr("")))


# ── as an operator meets it ───────────────────────────────────────────────────


@pytest.fixture
def tilth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The commands, on a database that was started once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TILTH_STORE__URL", f"sqlite:///{tmp_path}/tilth.db")
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(tmp_path))
    monkeypatch.setattr("bot.runtime.logs.configure_logs", lambda *_: None)
    store, release = open_store(load(_env_file=None))
    claim_secret(store, "", tmp_path)
    store.close_now()
    release()
    return lambda *words: CliRunner().invoke(app, words)


@pytest.mark.parametrize("words", [("run",), ("play",), ("key",)])
def test_with_another_secret_it_exits_with_78_and_says_which_one_it_needs(
    tilth, tmp_path, monkeypatch, words
):
    needed = look_up_fingerprint(f"sqlite:///{tmp_path}/tilth.db")
    monkeypatch.setenv("TILTH_SECRET", OTHER)
    done = tilth(*words)
    assert done.exit_code == CONFIG
    assert f"This database belongs to the secret {needed}" in done.stderr
    assert OTHER not in done.output


def test_doctor_asks_for_the_secret_by_its_name(tilth, tmp_path):
    def said() -> str:
        return "\n".join(row["what"] for row in json.loads(tilth("doctor", "--offline", "--json").stdout))

    needed = look_up_fingerprint(f"sqlite:///{tmp_path}/tilth.db")
    assert f"belongs to the secret {needed}, which is in {tmp_path / FILE}" in said()
    (tmp_path / FILE).unlink()
    assert f"belongs to the secret {needed}, and none is set here" in said()


def test_a_copy_whose_secret_is_not_here_is_named_before_the_backup_asks_for_it(tilth, tmp_path, monkeypatch):
    monkeypatch.setenv("TILTH_SECRET", "x" * 40)
    done = tilth("backup", str(tmp_path / "copy.zip"))
    assert done.exit_code == CONFIG
    assert f"The backup is {tmp_path / 'copy.zip'}" in done.stdout
    assert "(then without TILTH_SECRET, which wins)" in done.stderr


def test_a_backup_says_which_secret_it_needs_and_its_restore_asks_for_that(tilth, tmp_path, monkeypatch):
    needed = look_up_fingerprint(f"sqlite:///{tmp_path}/tilth.db")
    done = tilth("backup", str(tmp_path / "copy.zip"))
    assert done.exit_code == 0
    assert f"belongs to the secret {needed}, which is not in it" in done.stdout
    assert f"Its secret is in {tmp_path / FILE}." in done.stdout
    monkeypatch.setenv("TILTH_STORE__URL", f"sqlite:///{tmp_path}/elsewhere/tilth.db")
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(tmp_path / "elsewhere"))
    restored = tilth("restore", str(tmp_path / "copy.zip"))
    assert restored.exit_code == CONFIG
    assert f"belongs to the secret {needed}, and none is set here" in restored.stderr
