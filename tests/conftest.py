"""What every test can ask for, and which tests a run is about."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import *
from tests.night import NIGHTLY, is_for_the_night

FAKES = Path(__file__).parent / "fakes"

# No test is timed: what is slow on a busy machine is not wrong, and speed has benchmarks of its own.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--platform", help="run stories and contracts on this platform only: local, slack, discord"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the fakes' own tests where nobody changed the fakes, unless they are asked for by name."""
    named = any("fakes" in Path(one.split("::")[0]).parts for one in config.args)
    if collection_path == FAKES and not named and not _fakes_may_have_changed():
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out by day what takes long, unless it is asked for by name."""
    if NIGHTLY or any("::" in one for one in config.args):
        return
    for item in items:
        if is_for_the_night(item.nodeid):
            item.add_marker(pytest.mark.skip(reason="for the night: it takes long (tests/night.py)"))


def pytest_collection_finish() -> None:
    """Leave what was collected out of every garbage collection, and collect rarely: a run of all tests takes a tenth less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _fakes_may_have_changed() -> bool:
    """Tell whether this is CI, or the fakes differ from the main branch, or nobody can say."""
    if os.environ.get("CI") or shutil.which("git") is None:
        return True
    for question in (("diff", "--quiet", "origin/HEAD"), ("ls-files", "--others", "--exclude-standard")):
        asked = subprocess.run(["git", *question, "--", "."], cwd=FAKES, capture_output=True, check=False)
        if asked.returncode or asked.stdout:
            return True
    return False
