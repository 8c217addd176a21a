"""What a host of repositories reads: issue forms, update requests, workflows, the package's own description."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.house.pages import ROOT, name_of

GITHUB = ROOT / ".github"
FORMS = sorted(one for one in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if one.name != "config.yml")
ELEMENTS = {
    "markdown": "value",
    "textarea": "label",
    "input": "label",
    "dropdown": "options",
    "checkboxes": "options",
}


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_an_issue_form_is_one(form: Path):
    """By the rules of the form schema: a name, a description, and elements with what their type needs."""
    said = read(form)
    assert {"name", "description", "body"} <= set(said) <= {"name", "description", "body", "labels", "title"}
    ids = [one["id"] for one in said["body"] if one["type"] != "markdown"]
    assert len(ids) == len(set(ids)) >= 1
    for one in said["body"]:
        assert one["attributes"][ELEMENTS[one["type"]]], one
        assert set(one) <= {"type", "id", "attributes", "validations"}


def test_every_kind_of_dependency_is_kept_up_to_date():
    said = read(GITHUB / "dependabot.yml")
    assert said["version"] == 2
    kinds = {one["package-ecosystem"]: one for one in said["updates"]}
    files = {
        "uv": "uv.lock", "docker": "Dockerfile", "docker-compose": "compose.yaml",
        "github-actions": ".github/workflows/ci.yml",
    }  # fmt: skip
    assert set(kinds) == set(files)
    for kind, file in files.items():
        assert (ROOT / file).is_file()
        assert kinds[kind]["directory"] == "/"
        assert kinds[kind]["schedule"]["interval"] == "weekly"


def test_a_workflow_runs_what_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for workflow in (GITHUB / "workflows").glob("*.yml"):
        said = read(workflow)
        assert said["permissions"] == {"contents": "read"}
        for job in said["jobs"].values():
            for step in (one["run"] for one in job["steps"] if "run" in one):
                assert all(one in targets for one in re.findall(r"\bmake ([a-z-]+)", step)), step
                assert all((ROOT / one).is_file() for one in re.findall(r"\bbash (\S+)", step)), step


def test_the_package_says_the_pythons_that_ci_tries():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    said = {one.rpartition(" ")[2] for one in project["classifiers"] if re.search(r"Python :: 3\.\d+$", one)}
    jobs = read(GITHUB / "workflows" / "ci.yml")["jobs"]
    tried = set(jobs["newer-pythons"]["strategy"]["matrix"]["python"])
    tried |= {
        str(step["with"]["python-version"])
        for step in jobs["everything"]["steps"]
        if step.get("uses", "").startswith("actions/setup-python")
    }
    assert said == tried
    assert not any(one.startswith("License") for one in project["classifiers"]), "`license` says it"


def test_nothing_is_a_placeholder():
    """No made-up address of a repository, no mailbox that nobody reads."""
    front = ("README.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "pyproject.toml")
    pages = [*(ROOT / one for one in front), *GITHUB.rglob("*.yml"), *GITHUB.rglob("*.md")]
    made_up = re.compile(
        r"github\.com/(?:your|example|owner|user)|[\w.]+@example|TODO|INSERT|<your", re.IGNORECASE
    )
    assert [(name_of(page), found[0]) for page in pages if (found := made_up.search(page.read_text()))] == []
