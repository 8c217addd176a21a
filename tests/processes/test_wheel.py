"""The wheel: what somebody without a checkout installs works in an environment that holds nothing else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
UNREACHABLE = ("network", "dns error", "error sending request", "Connection", "timed out", "offline")

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]


def uv(*words: object) -> None:
    """Run uv, and skip the test where the packages cannot be fetched."""
    done = subprocess.run([UV, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and any(reason in done.stderr for reason in UNREACHABLE):
        pytest.skip(f"the packages cannot be fetched here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of commands of an environment with nothing but the wheel and what it asks for."""
    if not Path(UV).exists():
        pytest.skip("uv is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--out-dir", folder)
    (wheel,) = folder.glob("tilth_bot-*.whl")
    locked = folder / "locked.txt"
    uv(
        "export",
        "--locked",
        "--no-dev",
        "--no-emit-project",
        "--no-hashes",
        "--quiet",
        "--output-file",
        locked,
    )
    uv("venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    uv("pip", "install", "--python", python, "--constraint", locked, wheel)
    return python.parent


def tilth(bin_folder: Path, *words: str, folder: Path) -> subprocess.Popen[str]:
    """Start the command in an empty folder, with no setting of ours around it."""
    return subprocess.Popen(
        [bin_folder / "tilth", *words],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_commands_work_and_the_content_comes_with_them(bin_folder: Path, tmp_path: Path):
    for words, said in (
        (("--version",), "tilth 0."),
        (("setup", "--help"), "--school-year"),
        (("check",), "a-year-of-noticing"),
        (("rehearse", "--weeks", "1", "--members", "4"), ""),
    ):
        process = tilth(bin_folder, *words, folder=tmp_path)
        told = process.communicate(timeout=300)[0]
        assert said in told
        assert process.returncode == 0, told


def test_the_playground_opens(bin_folder: Path, tmp_path: Path):
    process = tilth(bin_folder, "play", "--port", "0", folder=tmp_path)
    try:
        assert process.stdout is not None
        address = next(line.split()[-1] for line in process.stdout if "playground is at" in line)
        with urllib.request.urlopen(address, timeout=60) as page:  # noqa: S310
            assert "<title>" in page.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
