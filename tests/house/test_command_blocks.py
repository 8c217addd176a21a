"""Every command in a block of a page works: it is run as it stands there, or says here why it cannot be, and what runs it.

A block that is new in a page fails until it has a line in `WAYS`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.pages import ROOT, Block, blocks_of, reader_pages

TERMINAL = [sys.executable, "-c", "from bot.cli.main import main; main()"]


@dataclass(frozen=True, slots=True)
class Ends:
    """A command that ends by itself, with this exit code, after it said this."""

    says: str
    code: int = 0


@dataclass(frozen=True, slots=True)
class Serves:
    """A command that serves a page until it is stopped."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another test runs it."""

    test: str


@dataclass(frozen=True, slots=True)
class CannotRun:
    """Nothing here can run it; why, and what is tested instead."""

    why: str


Way = Ends | Serves | Elsewhere | CannotRun
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
FRESH = Elsewhere("tests/processes/test_fresh_clone.py")
WAYS: dict[str, Way] = {
    "make play": FRESH,
    "uv tool install . && tilth setup slack": FRESH,
    "uv tool install . && tilth setup discord": FRESH,
    "uv run --locked --no-dev tilth play": Serves(),
    "uv run --locked --no-dev tilth play --reset": Serves(),
    "uv run --locked --no-dev tilth play --port 9000": Serves(),
    "uv run --locked --no-dev tilth play --real-time": Serves(),
    "uv run --locked pytest": CannotRun("it is what runs this test"),
    "uv build --wheel": Elsewhere("tests/processes/test_wheel.py"),
    f"uvx --from dist/tilth_bot-{VERSION}-py3-none-any.whl tilth play": Elsewhere("tests/processes/test_wheel.py"),
    "tilth check": Ends("a-year-of-noticing"),
    "tilth check prompts": Ends("a-year-of-noticing"),
    'tilth preview "every sun 01:30 America/Chicago"': Ends("1:30"),
    "tilth preview --weeks 40 --example": Ends("The Prairie and Lakeshore network"),
    "tilth run": Serves(),
    'tilth setup slack --yes --name "Prairie Schools" --zone Denver --channel staffroom --when "every mon 9am"': Elsewhere(
        "tests/processes/test_setup.py"
    ),
    "tilth backup /backups/tilth --keep 14": Elsewhere("tests/backups/test_folder.py"),
    "tilth restore var/tilth.db.before-r0001.1f3a-90c2-77de-0b41 --over": Elsewhere("tests/backups/test_upgrades.py"),
    "tilth copy sqlite:////srv/tilth/var/tilth.db postgresql://tilth@localhost/tilth": Elsewhere("tests/backups/test_copy.py"),
    "tilth copy postgresql://tilth@localhost/tilth sqlite:////srv/tilth/var/tilth.db": Elsewhere("tests/backups/test_copy.py"),
    "tilth health": Elsewhere("tests/processes/test_in_a_container.py"),
}  # fmt: skip
_SERVER = CannotRun("it changes the machine it is typed on; what it installs is tested as files")
PROGRAMS: dict[str, Way] = {
    "docker": CannotRun("it needs a container engine; tests/house/test_deployment.py reads the file"),
    **dict.fromkeys(
        (
            "apt-get", "useradd", "install", "systemctl", "systemd-run", "journalctl", "sudo", "python3", "cp", "chown", "/opt/tilth/bin/pip",
            "cat", "END",
        ),
        _SERVER,
    ),
}  # fmt: skip
"""Programs of a server: whatever is typed of them, nothing here can run it."""
SHELL = {"docs/course-hooks.md": "tests/courses/test_progress_import.py"}
"""Pages whose blocks are a script of several lines, and the test that runs it."""


def _shell_blocks() -> list[Block]:
    every = [block for page in reader_pages() for block in blocks_of(page)]
    return [one for one in every if one.language == "sh" and one.page not in SHELL]


def _written() -> set[str]:
    return {command for block in _shell_blocks() for command in block.commands}


def test_every_command_of_a_page_has_a_way_to_be_run():
    assert sorted(one for one in _written() - set(WAYS) if one.split()[0] not in PROGRAMS) == []
    assert sorted(set(WAYS) - _written()) == [], "no page has these any more"


def test_what_runs_a_command_elsewhere_is_there():
    named = {way.test for way in WAYS.values() if isinstance(way, Elsewhere)} | set(SHELL.values())
    assert [one for one in named if not (ROOT / one).is_file()] == []
    for page, test in SHELL.items():
        assert Path(page).name in (ROOT / test).read_text()


@contextmanager
def started(command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command of a page, with `tilth` and uv's project from this checkout and the data in a folder of its own."""
    words = shlex.split(command)
    if words[0] == "tilth":
        words = [*TERMINAL, *words[1:]]
    elif words[:1] == ["uv"]:
        words[0] = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
        if not Path(words[0]).exists():
            pytest.skip("uv is not installed")
    own = {name: value for name, value in os.environ.items() if not name.startswith("TILTH_")}
    # What is installed already is taken as it is: a sync would change what the tests beside this one run on.
    own |= {"UV_NO_SYNC": "1", "UV_OFFLINE": "1", "PYTHONUNBUFFERED": "1", "TILTH_WEB__PORT": "0"}
    own |= {"TILTH_STORE__FOLDER": str(folder), "TILTH_STORE__URL": f"sqlite:///{folder}/tilth.db"}
    process = subprocess.Popen(
        [word if word != "9000" else "0" for word in words],  # a port that is free
        cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()


def _of_kind(kind: type[Way]) -> list[str]:
    return [command for command, way in WAYS.items() if isinstance(way, kind)]


@pytest.mark.parametrize("command", _of_kind(Ends))
def test_a_command_that_ends_says_what_it_should(command: str, tmp_path: Path):
    way = WAYS[command]
    assert isinstance(way, Ends)
    with started(command, tmp_path) as process:
        said = process.communicate(timeout=100)[0]
    assert process.returncode == way.code, said
    assert way.says in said


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("command", _of_kind(Serves))
def test_a_command_that_serves_opens_the_page_that_it_prints(command: str, tmp_path: Path):
    with started(command, tmp_path) as process:
        assert process.stdout is not None
        address = next((found[0] for line in process.stdout if (found := re.search(r"http://\S+", line))), "")
        assert address, "it printed no address"
        with urllib.request.urlopen(address, timeout=60) as page:  # noqa: S310 - our own
            assert "<title>" in page.read().decode()
