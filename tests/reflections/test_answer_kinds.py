"""A new kind of answer is one module and a line in the list of kinds, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE_UP = Path(__file__).parent / "made_up_kind"


def test_a_kind_is_added_with_one_module_and_its_line_in_the_list(tmp_path):
    for folder in ("bot", "adapters", "prompts", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    kinds = tmp_path / "bot" / "reflections" / "prompts" / "answer_kinds"
    shutil.copy(MADE_UP / "several.py", kinds)
    registry = kinds / "registry.py"
    known = registry.read_text().replace("    ChoiceAnswer,\n", "    SeveralAnswer,\n    ChoiceAnswer,\n")
    line = "from bot.reflections.prompts.answer_kinds.several import SeveralAnswer\n"
    at = known.index("from bot.reflections.prompts.answer_kinds.text")
    registry.write_text(known[:at] + line + known[at:])
    shutil.copy(MADE_UP / "story.py", tmp_path / "tests" / "stories" / "test_a_made_up_kind.py")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/stories/test_a_made_up_kind.py",
        "-q",
        "-n0",
        "--platform",
        "local",
    ]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout[-3000:]
    assert "2 passed" in told.stdout
