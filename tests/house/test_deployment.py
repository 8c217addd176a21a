"""What an operator starts with: the composed services, the image, the packages that come with them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operators.md").read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services of compose.yaml."""
    services: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")["services"]
    return services


def test_the_page_can_be_opened_from_the_machine_and_from_nowhere_else(services: dict[str, Any]):
    tilth = services["tilth"]
    (published,) = tilth["ports"]
    address, outside, inside = published.rsplit(":", 2)
    assert address == "127.0.0.1"
    assert outside == inside == tilth["environment"]["TILTH_WEB__PORT"], "or the printed address is another"
    assert tilth["environment"]["TILTH_WEB__HOST"] == "0.0.0.0"  # noqa: S104


def test_everything_comes_up_again_with_the_machine(services: dict[str, Any]):
    assert {name: one["restart"] for name, one in services.items()} == dict.fromkeys(
        services, "unless-stopped"
    )


def test_a_wrong_setting_waits_for_the_operator_in_the_container(services: dict[str, Any]):
    assert services["tilth"]["command"] == ["run", "--hold"]
    assert "`tilth run --hold`" in PAGE


def test_the_profile_with_postgresql_says_its_password_and_is_waited_for(services: dict[str, Any]):
    postgres = services["postgres"]
    assert postgres["profiles"] == ["postgres"]
    assert "pg_isready" in " ".join(postgres["healthcheck"]["test"])
    assert services["tilth"]["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}
    user, name = postgres["environment"]["POSTGRES_USER"], postgres["environment"]["POSTGRES_DB"]
    assert f"TILTH_STORE__URL=postgresql+psycopg://{user}:" in PAGE
    assert f"@postgres/{name}" in PAGE
    assert re.search(r"^\s*POSTGRES_PASSWORD=", PAGE, re.MULTILINE)


def test_the_holidays_come_with_the_image():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert any(one.startswith("holidays") for one in project["dependencies"])
    assert "holidays" not in project["optional-dependencies"]


def test_the_playground_is_installed_without_the_tools_of_developers():
    done = subprocess.run(["make", "-n", "play"], cwd=ROOT, capture_output=True, text=True, check=True)
    (installs,) = [line for line in done.stdout.splitlines() if " sync " in line]
    # Inexact: what `make test` has installed stays, so that each works after the other.
    assert {"--no-dev", "--inexact", "--locked"} <= set(installs.split())
    (plays,) = [line for line in done.stdout.splitlines() if "tilth play" in line]
    assert "--no-dev" in plays
    done = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--no-dev" not in done.stdout


def test_a_python_without_venv_is_named_with_its_fix(tmp_path: Path):
    """Debian and Ubuntu bring Python without it; nothing half made is left, so that the next `make play` begins anew."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\nmkdir -p .tools/bin\nexit 1\n")
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "setup-play", "UV=.tools/bin/uv", "PYTHON=bin/python3"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "sudo apt install python3-venv" in done.stdout
    assert not (tmp_path / ".tools").exists()
    assert "python3-venv" in (ROOT / "README.md").read_text()
