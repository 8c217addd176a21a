"""README's first steps, as a newcomer takes them: a fresh clone, one command, a page; then `tilth` on the path."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.checkout import copy_checkout
from tests.processes.test_wheel import UNREACHABLE, UV

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of this checkout with what is not committed yet, and nothing installed in it."""
    if not Path(UV).exists():
        pytest.skip("uv is not installed")
    folder = tmp_path_factory.mktemp("clone") / "tilth"
    try:
        copy_checkout(folder)
    except subprocess.CalledProcessError:
        pytest.skip("this is no clone")
    return folder


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of somebody who has uv on the path, and no setting of ours."""
    ours = ("TILTH_", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_NO_SYNC", "UV_OFFLINE", "MAKE", "MFLAGS")
    own = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return own | {
        "PATH": f"{Path(UV).parent}:{os.environ['PATH']}",
        "UV_TOOL_DIR": str(home / "tools"),
        "UV_TOOL_BIN_DIR": str(home / "bin"),
        "PYTHONUNBUFFERED": "1",
        "TILTH_WEB__PORT": "0",
    }


def test_one_command_opens_the_playground(clone: Path, tmp_path: Path):
    process = subprocess.Popen(
        ["make", "play"], cwd=clone, env=surroundings(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip
    said = []
    try:
        assert process.stdout is not None
        address = ""
        for line in process.stdout:
            said.append(line)
            if "playground is at" in line and (found := re.search(r"http://\S+", line)):
                address = found[0]
                break
        if not address and any(reason in "".join(said) for reason in UNREACHABLE):
            pytest.skip("the packages cannot be fetched here")
        assert address, "".join(said)
        with urllib.request.urlopen(address, timeout=60) as page:  # noqa: S310
            assert "<title>" in page.read().decode()
        for platform in ("Slack", "Discord"):  # drawn without the libraries of the platforms
            with urllib.request.urlopen(f"{address}gallery?as={platform}", timeout=60) as page:  # noqa: S310
                assert 'class="example' in page.read().decode()
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    installed = {
        one.name.partition("-")[0].lower() for one in clone.glob(".venv/lib/*/site-packages/*.dist-info")
    }
    assert "pytest" not in installed, "the playground came with the tools of developers"
    assert not installed & {"discord", "discord_py", "slack_bolt", "slack_sdk", "pysqlite3"}
    size = sum(one.lstat().st_blocks * 512 for one in (clone / ".venv").rglob("*"))
    assert size < 150 * 2**20, f"{size / 2**20:.0f} MB for a first look"


def test_tilth_is_on_the_path_after_the_install(clone: Path, tmp_path: Path):
    around = surroundings(tmp_path)
    done = subprocess.run(
        ["uv", "tool", "install", "."], cwd=clone, env=around, capture_output=True, text=True, check=False
    )
    if done.returncode and any(reason in done.stderr for reason in UNREACHABLE):
        pytest.skip("the packages cannot be fetched here")
    assert done.returncode == 0, done.stderr
    around["PATH"] = f"{tmp_path / 'bin'}:{around['PATH']}"
    community = tmp_path / "community"
    community.mkdir()
    for words, says in (
        (("--version",), "tilth 0."),
        (("slack", "manifest", "--link"), "https://api.slack.com/apps"),
        (("check",), "a-year-of-noticing"),
    ):
        told = subprocess.run(
            ["tilth", *words], cwd=community, env=around, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        assert says in told.stdout
