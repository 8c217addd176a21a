"""The recipes of docs/extending.md work: they are followed, block by block, in a copy of the tree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, copy_checkout

BLOCK = re.compile(r"^```(python|diff)\n(?:# |--- )(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
pytestmark = pytest.mark.slow
MAIN = "from bot.cli.main import main; main()"


def follow(page: str, folder: Path) -> None:
    """Write the files of a page and apply its changes; each change names lines that stand in the file once."""
    for kind, name, text in BLOCK.findall(page):
        path = folder / name
        if kind == "python":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            continue
        for change in text.split("---\n"):
            lines = change.splitlines()
            before = "\n".join(line[1:] for line in lines if line[0] in " -")
            after = "\n".join(line[1:] for line in lines if line[0] in " +")
            found = path.read_text()
            assert found.count(before) == 1, f"{name} holds {found.count(before)} times: {before}"
            path.write_text(found.replace(before, after))


def run(folder: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extended")
    copy_checkout(folder)
    follow((ROOT / "docs" / "extending.md").read_text(), folder)
    run(folder, "-c", MAIN, "revision", "notes")
    return folder


def test_what_the_recipes_add_has_its_place(extended):
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=extended, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_the_recipes_add_works(extended):
    stories = (f"tests/stories/test_{name}.py" for name in ("time", "notebook", "thumbs"))
    here = (
        "-n",
        "0",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "not postgres",
        "-k",
        "not slack and not discord",
    )
    assert " passed" in run(extended, "-m", "pytest", *here, *stories, "tests/house/test_tables.py")


def test_the_platform_that_the_recipe_adds_answers(extended, tmp_path):
    here = {"TILTH_STORE__URL": f"sqlite:///{tmp_path}/tilth.db", "TILTH_STORE__FOLDER": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "run"],
        cwd=extended,
        env={"TILTH_TERMINAL__NAME": "Ada", "TILTH_WEB__PORT": "0", **here},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("/tilth time\n")
        process.stdin.flush()
        assert any("in America/Chicago" in line for line in iter(process.stdout.readline, ""))
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
