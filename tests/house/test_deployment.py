"""What an operator starts with: the composed services, the image, the packages that come with them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cyclonedx import schema as cyclonedx_schemas
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
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
    assert "--no-sync" in plays, "it is played with what was installed, and nothing is added"
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


# ── the image ─────────────────────────────────────────────────────────────────


def test_the_image_and_the_services_are_as_their_tools_want_them():
    for words in (
        ("hadolint", "Dockerfile"),
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"),
    ):
        tool = Path(sys.executable).with_name(words[0])
        done = subprocess.run([tool, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("extras", "asked"),
    [
        ("postgres handouts badges", "--extra postgres --extra handouts --extra badges"),
        ("postgres", "--extra postgres"),
        ("", ""),
    ],
)
def test_the_image_is_built_with_the_extras_that_are_asked_for(tmp_path: Path, extras: str, asked: str):
    dockerfile = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    steps = re.findall(r"^RUN (.*uv sync.*)$", dockerfile, re.MULTILINE)
    assert len(steps) == 2
    fake = tmp_path / "uv"
    fake.write_text('#!/bin/sh\necho "$@"\n')
    fake.chmod(0o755)
    for step in steps:
        done = subprocess.run(
            ["sh", "-c", step], env={"PATH": f"{tmp_path}:/usr/bin:/bin", "EXTRAS": extras},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        words = done.stdout.split()
        assert words[:3] == ["sync", "--locked", "--no-dev"]
        assert " ".join(words[4:]) == asked


def test_every_extra_that_the_image_asks_for_exists(services: dict[str, Any]):
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (given,) = re.findall(r'^ARG EXTRAS="(.*)"$', (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(given.split()) <= set(known)
    assert services["tilth"]["build"]["args"]["EXTRAS"] == f"${{EXTRAS-{given}}}"


# ── the unit of systemd ───────────────────────────────────────────────────────

UNIT = ROOT / "docs" / "deploy" / "tilth@.service"


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit with a user and a program that are on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = UNIT.read_text().replace("/opt/tilth/bin/tilth", "/bin/true").replace("=tilth\n", "=daemon\n")
    copy = tmp_path / UNIT.name
    copy.write_text(re.sub(r"^EnvironmentFile=.*\n", "", text, flags=re.MULTILINE))
    return copy


def test_the_unit_is_whole_and_gives_the_bot_no_more_than_it_needs(unit: Path):
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    # 0: nothing at all may be done; 10: everything. Services of a distribution are at about 9.
    limit = ["--offline=true", "--threshold=20", unit]
    done = subprocess.run(
        ["systemd-analyze", "security", *limit], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_unit_leaves_alone_what_somebody_has_to_fix():
    text = UNIT.read_text()
    assert "RestartPreventExitStatus=78" in text
    assert "Restart=always" in text
    page = (ROOT / "docs" / "deploy.md").read_text()
    assert "exit code 78" in page
    assert "cp -a var/. /var/lib/tilth/1/" in page, "what `tilth setup` planned goes along"
    for path in ("/opt/tilth", "/etc/tilth/tilth.env", "/var/lib/tilth"):
        assert path in text
        assert path in page


# ── the list of what is inside ────────────────────────────────────────────────


def cyclonedx_validator() -> Draft7Validator:
    """Return the published schema of CycloneDX 1.5, without its formats: to parse 1,500 addresses takes minutes."""
    folder = Path(cyclonedx_schemas.__file__).parent / "_res"

    def load(name: str) -> Any:
        return json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text())

    beside = [
        (
            f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json",
            Resource.from_contents(load(name), DRAFT7),
        )
        for name in ("spdx", "jsf-0.82")
    ]
    return Draft7Validator(load("bom-1.5"), registry=Registry().with_resources(beside))


def test_the_list_of_what_is_inside_is_valid_and_whole(tmp_path: Path):
    uv = shutil.which("uv") or ROOT / ".tools" / "bin" / "uv"
    if not Path(uv).exists():
        pytest.skip("uv is not installed")
    done = subprocess.run(["make", "-n", "sbom"], cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if "cyclonedx" in line]
    words = line.partition(" >")[0].replace("dist/", f"{tmp_path}/").split()
    subprocess.run([uv, *words[1:]], cwd=ROOT, capture_output=True, check=True)
    text = (tmp_path / "tilth.cdx.json").read_text()
    assert [one.message for one in cyclonedx_validator().iter_errors(json.loads(text))] == []
    listed = {one["name"]: one for one in json.loads(text)["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[><=; ]", one)[0].lower().replace(".", "-") for one in wanted}
    assert names - {name.replace(".", "-") for name in listed} == set()
    assert "pytest" not in listed, "what only developers need is not inside"
    assert all(one["purl"].startswith("pkg:pypi/") for one in listed.values())
