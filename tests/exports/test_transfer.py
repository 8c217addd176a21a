"""A community leaves in one file and arrives elsewhere as it was: the same answers, courses, plans and reports."""

from __future__ import annotations

import json
import shutil
import zipfile
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import all_tables
from bot.chat.models import Sharing
from bot.cli.main import CONFIG, app
from bot.exports import community_file, community_import
from bot.runtime.clock import SteerableClock
from bot.store.store import Store
from tests.stories.stage import Stage, staged
from tests.stories.test_exports import many, ready


@pytest.fixture
def tilth(monkeypatch):
    monkeypatch.setattr("bot.runtime.logs.configure_logs", lambda *_: None)

    def run(folder: Path, url: str, *words: object):
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("TILTH_STORE__URL", url)
        monkeypatch.setenv("TILTH_STORE__FOLDER", str(folder))
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


@asynccontextmanager
async def lived_in(folder: Path):
    """A community after a busy week: answers of every audience, a team with a plan, a course, a discussion."""
    async with staged(folder) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.confirms('/discuss schedule #staffroom "thu 16:00" title:"Hallways"')
        await stage.asks("mo", "/team create North")
        for who in ("ada", "ben"):
            await stage.asks(who, "/team join North")
            await stage.asks(who, "/course join c1")
        cause = await stage.asks("ada", "/team plan cause")
        await stage.fills_in(
            "ada", cause, cause="The hall is “loud” \\ ø.", category="structures", basis="guess"
        )
        await stage.until("2026-10-05 09:05")
        await stage.asks("ada", "/reflect answer share:everyone -- The bell is early.\nTwice.")
        await stage.asks("ben", "/reflect answer share:team -- Ask the class.")
        await stage.asks("cleo", "/reflect answer share:me -- Mine alone.")
        await stage.asks("ada", "/course done c1.1 -- We tried it.")
        await stage.fills_in("ida", await stage.asks("ida", "/my data delete"), word="DELETE")
        await stage.settles()
        yield stage


async def views(stage: Stage) -> dict[str, str]:
    """What people see of it."""
    lines = {
        "ada": ("/reflect history", "/team plan", "/course progress", "/team list", "/my settings"),
        "ben": ("/reflect read p1", "/reflect history", "/team progress", "/find bell"),
        "mo": ("/reflect read p1", "/prompt list", "/discuss list", "/prompt show s1", "/course list", "/report week"),
    }  # fmt: skip
    return {f"{who} {line}": stage.text(await stage.asks(who, line)) for who in lines for line in lines[who]}


async def make_a_long_export(stage: Stage) -> None:
    """An export that is made in slices and got from its pieces; then one that outlives the erasure of an author."""
    await many(stage, told=True)
    await stage.asks("mo", "/report export format:json")
    await stage.later(minutes=1)
    assert stage.files(await stage.presses("mo", ready(stage), "Get the file"))
    await stage.fills_in("cleo", await stage.asks("cleo", "/my data delete"), word="DELETE")
    assert stage.files(await stage.presses("mo", ready(stage), "Get the file")) == {}
    assert await stage.broken() == []


def read(file: Path) -> dict[str, list[str]]:
    """The lines of each table, in an order that no database's collation decides."""
    with zipfile.ZipFile(file) as whole:
        names = [name for name in whole.namelist() if name.endswith(".jsonl")]
        return {name: sorted(whole.read(name).decode().splitlines()) for name in names}


def ids(file: Path) -> dict[str, int]:
    """The highest id that each table ever gave."""
    return {name: entry.highest for name, entry in community_import.read_manifest(file).tables.items()}


def test_every_table_moves_or_says_why_it_stays():
    assert set(community_file.STAYS) <= set(all_tables.metadata.tables)
    moving = {table.name for table in community_file.moving_tables()}
    without = {name for name in moving if "community_id" not in all_tables.metadata.tables[name].c}
    assert without == {"community"}


@pytest.mark.postgres
async def test_a_community_moves_to_the_other_database_and_back_as_it_was(tmp_path, postgres_url, tilth):
    first, second, back = (tmp_path / name for name in ("first.zip", "second.zip", "back.zip"))
    old, new = f"sqlite:///{tmp_path}/tilth.db", f"sqlite:///{tmp_path}/back/tilth.db"
    async with lived_in(tmp_path) as stage:
        done = tilth(tmp_path, old, "export", first)
        assert done.exit_code == 0, done.output
        before, moment = await views(stage), stage.clock.now()
    assert "No secret and no token is in it." in done.output
    secret = (tmp_path / "secret.key").read_text().strip()
    assert not any(secret in line for lines in read(first).values() for line in lines)
    assert first.stat().st_mode & 0o077 == 0
    for folder, url, file, again in (("pg", postgres_url, first, second), ("back", new, second, back)):
        arrived = tilth(tmp_path / folder, url, "import", file)
        assert arrived.exit_code == 0, arrived.output
        assert "Nothing was posted." in arrived.output
        assert tilth(tmp_path / folder, url, "export", again).exit_code == 0
        assert read(again) == read(first)
        assert ids(again) == ids(first)
    async with staged(tmp_path / "pg", clock=SteerableClock(moment), url=postgres_url) as stage:
        assert stage.app.sender._wary_until is not None, "what waits is looked for before it is said"
        assert await views(stage) == before
        assert await stage.broken() == []
        await stage.asks("cleo", "/team join North")
        await stage.asks("cleo", "/reflect answer share:everyone -- After the move.")
        assert "There is no letter yet" in stage.text(await stage.asks("ada", "/my letter"))
        early = stage.text(await stage.asks("ada", "/reflect history until:2026-10-05 prompt:p1 find:bell"))
        assert "The bell is early." in early
        await make_a_long_export(stage)


async def test_what_is_no_whole_file_of_this_version_is_refused_and_changes_nothing(tmp_path, tilth):
    file, here = tmp_path / "school.zip", f"sqlite:///{tmp_path}/tilth.db"
    async with staged(tmp_path) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:05")
        await stage.asks("ada", "/reflect answer share:me -- The bell is early.")
        assert tilth(tmp_path, here, "export", file).exit_code == 0
        unknown = tilth(tmp_path, here, "export", tmp_path / "x.zip", "--community", "elsewhere")
    assert unknown.exit_code == 2
    refused = tilth(tmp_path, here, "import", file)
    assert refused.exit_code == CONFIG
    assert "This database has a community in it" in refused.output
    empty, url = tmp_path / "empty", f"sqlite:///{tmp_path}/empty/tilth.db"
    for change, words in (
        (cut_off, "is damaged"),
        (one_word_changed, "is damaged"),
        (one_row_missing, "is damaged"),
        (newer_schema, "which is newer than this one"),
        (other_columns, "whose tables are others"),
        (other_slug, "TILTH_COMMUNITY__SLUG=other"),
    ):
        broken = tmp_path / "broken.zip"
        shutil.copy(file, broken)
        change(broken)
        refused = tilth(empty, url, "import", broken)
        assert refused.exit_code == CONFIG, change.__name__
        assert words in refused.output
    with Store.open(url) as store:
        assert (
            store.read_now(lambda conn: conn.execute(all_tables.metadata.tables["member"].select()).all())
            == []
        )
    assert tilth(empty, url, "import", file).exit_code == 0
    assert tilth(empty, url, "import", file).exit_code == CONFIG, "twice is once"
    kept = {json.loads(line)["sharing"] for line in read(file)["answer.jsonl"]}
    assert kept == {Sharing.ME.value}, "also what nobody else may read"


def rewrite(file: Path, change) -> None:
    """The same zip with other contents: `change` maps a name and its bytes to new bytes."""
    with zipfile.ZipFile(file) as whole:
        held = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(file, "w") as whole:
        for name, data in held.items():
            whole.writestr(name, change(name, data))


def in_manifest(file: Path, **values: object) -> None:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | values).encode() if name == "manifest.json" else data

    rewrite(file, change)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-500])


def one_word_changed(file: Path) -> None:
    rewrite(file, lambda name, data: data.replace(b"bell", b"ball") if name == "part.jsonl" else data)


def one_row_missing(file: Path) -> None:
    rewrite(file, lambda name, data: data[: data.rindex(b"{")] if name == "part.jsonl" else data)


def newer_schema(file: Path) -> None:
    in_manifest(file, schema="r9999")


def other_columns(file: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        return data.replace(b'"keeps"', b'"kept"') if name == "manifest.json" else data

    rewrite(file, change)


def other_slug(file: Path) -> None:
    in_manifest(file, slug="other")
