"""Two databases of each kind, and `tilth` as an operator types it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.backups.filling import SECRET
from tests.databases import new_database

Tilth = Callable[..., Result]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def second_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database on the same server."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def two_urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The URLs of two empty databases of one kind, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tilth.db", f"sqlite:///{tmp_path}/other.db"
    return request.getfixturevalue("postgres_url"), request.getfixturevalue("second_postgres_url")


@pytest.fixture
def tilth(monkeypatch: pytest.MonkeyPatch) -> Tilth:
    """Run a command on a database, with a data folder and a secret."""
    monkeypatch.setattr("bot.runtime.logs.configure_logs", lambda *_: None)

    def run(data: Path, url: str, *words: object, secret: str = SECRET, typed: str | None = None) -> Result:
        data.mkdir(exist_ok=True)
        monkeypatch.chdir(data)
        monkeypatch.setenv("TILTH_STORE__URL", url)
        monkeypatch.setenv("TILTH_STORE__FOLDER", str(data))
        monkeypatch.setenv("TILTH_SECRET", secret)
        return CliRunner().invoke(app, [str(word) for word in words], input=typed)

    return run


def run_and_kill(code: str, *words: object) -> None:
    """Run Python that kills itself: it must not end in any other way."""
    begin = (
        "import os, signal, sys\nfrom pathlib import Path\ndef kill(): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", begin + code, *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
