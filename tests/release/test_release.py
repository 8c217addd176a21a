"""A release can be made: rehearsed in a copy, with everything that belongs to it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest

from tests.checkout import copy_checkout
from tests.processes.test_wheel import UNREACHABLE, UV
from tests.release import texts
from tests.release.__main__ import ROOT, main, rehearse, release, run
from tests.release.texts import CannotRelease

DAY = date(2026, 12, 1)
LOG = "# Changelog\n\n## Unreleased\n\nThe first version.\n\n### For members\n\n- **Answers**\n"


def test_the_changelog_keeps_what_was_said_under_the_version():
    closed = texts.close_changelog(LOG, "1.0.0", DAY)
    assert closed.startswith("# Changelog\n\n## Unreleased\n\n## 1.0.0 - 2026-12-01\n\nThe first version.")
    assert texts.notes_of(closed, "1.0.0") == "The first version.\n\n### For members\n\n- **Answers**\n"
    with pytest.raises(CannotRelease, match="says nothing"):
        texts.close_changelog(closed, "1.1.0", DAY)
    with pytest.raises(CannotRelease, match="already"):
        texts.close_changelog(closed.replace("Unreleased\n", "Unreleased\n\nNews.\n"), "1.0.0", DAY)
    with pytest.raises(CannotRelease, match="no section"):
        texts.close_changelog("# Changelog\n", "1.0.0", DAY)


@pytest.mark.parametrize(("version", "why"), [("0.0.9", "older"), ("soon", "no version")])
def test_a_version_that_cannot_be_is_refused(version: str, why: str):
    with pytest.raises(CannotRelease, match=why):
        texts.write_version((ROOT / "pyproject.toml").read_text(), version)


@pytest.mark.parametrize(
    ("remote", "home"),
    [
        ("https://code.example.org/schools/tilth.git", "https://code.example.org/schools/tilth"),
        ("git@code.example.org:schools/tilth.git", "https://code.example.org/schools/tilth"),
        ("ssh://git@code.example.org/schools/tilth", "https://code.example.org/schools/tilth"),
        ("/srv/tilth", ""),
        ("../tilth", ""),
        ("", ""),
    ],
)
def test_the_addresses_are_those_of_the_remote_and_never_made_up(remote: str, home: str):
    project = (ROOT / "pyproject.toml").read_text()
    written = texts.write_urls(project, remote)
    urls = tomllib.loads(written)["project"].get("urls", {})
    assert urls.get("Repository", "") == home
    assert all(one.startswith(home) for one in urls.values())
    assert texts.write_urls(written, remote) == written, "a second release writes them once"


def test_the_page_on_pypi_shows_its_pictures_and_its_links_lead_somewhere():
    page = (
        "![A week](docs/tour.gif) [pages](docs/README.md), [uv](https://docs.astral.sh/uv/), [below](#more)"
    )
    home = "https://code.example.org/schools/tilth"
    assert texts.write_links(page, f"{home}.git", "v1.0.0") == (
        f"![A week]({home}/raw/v1.0.0/docs/tour.gif) [pages]({home}/blob/v1.0.0/docs/README.md), "
        "[uv](https://docs.astral.sh/uv/), [below](#more)"
    )
    assert texts.write_links(page, "/srv/tilth", "v1.0.0") == page
    whole = texts.write_links((ROOT / "README.md").read_text(), f"{home}.git", "v1.0.0")
    assert not [
        link for link in re.findall(r"\]\(([^)]+)\)", whole) if not link.startswith(("https://", "#"))
    ]


@pytest.mark.wheel
@pytest.mark.timeout(600)
def test_a_rehearsed_release_builds_everything_and_leaves_the_checkout_alone(tmp_path: Path):
    if not Path(UV).exists():
        pytest.skip("uv is not installed")
    copy = tmp_path / "checkout"
    try:
        copy_checkout(copy)  # what is not committed yet is released, too: in a checkout of its own
    except subprocess.CalledProcessError:
        pytest.skip("this is no clone")
    run(copy, "git", "init", "--quiet", "--initial-branch", "main")
    for name, value in (("user.name", "Ada Quinn"), ("user.email", "ada@example.org")):
        run(copy, "git", "config", name, value)
    run(copy, "git", "add", "--all")
    run(copy, "git", "commit", "--quiet", "--message", "All")
    before = run(copy, "git", "rev-parse", "HEAD")
    try:
        made = rehearse(copy, "9.8.7", DAY, tmp_path / "out", "https://code.example.org/schools/tilth.git")
    except CannotRelease as problem:
        if any(reason in str(problem) for reason in UNREACHABLE):
            pytest.skip("the packages cannot be fetched here")
        raise
    names = {one.name for one in made}
    wheel = "tilth_bot-9.8.7-py3-none-any.whl"
    assert names == {
        wheel, "tilth_bot-9.8.7.tar.gz", "tilth_bot-9.8.7.cdx.json", "tilth_bot-9.8.7.md", "SHA256SUMS"
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "out" / wheel) as packed:
        about = packed.read("tilth_bot-9.8.7.dist-info/METADATA").decode()
        assert any(name.startswith("bot/_prompts/courses/") for name in packed.namelist())
    assert "Version: 9.8.7" in about
    assert "Project-URL: Issues, https://code.example.org/schools/tilth/issues" in about
    assert "](https://code.example.org/schools/tilth/raw/v9.8.7/docs/tour.gif)" in about
    assert "](docs/" not in about
    parts = json.loads((tmp_path / "out" / "tilth_bot-9.8.7.cdx.json").read_text())["components"]
    assert {"slack-bolt", "psycopg", "fpdf2"} <= {one["name"] for one in parts}
    assert "pytest" not in {one["name"] for one in parts}
    sums = dict(reversed(line.split()) for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines())
    assert sums[wheel] == hashlib.sha256((tmp_path / "out" / wheel).read_bytes()).hexdigest()
    assert "For members" in (tmp_path / "out" / "tilth_bot-9.8.7.md").read_text()
    assert (run(copy, "git", "rev-parse", "HEAD"), run(copy, "git", "status", "--porcelain")) == (before, "")
    (copy / "CHANGELOG.md").write_text("# Changelog\n")
    with pytest.raises(CannotRelease, match="changed first"):
        release(copy, "9.8.8", DAY, tmp_path / "more", "")


def test_what_is_wrong_is_said_in_one_line(capsys: pytest.CaptureFixture[str]):
    assert main(["soon", "--dry-run", "--out", "nowhere"]) == 1
    assert "is no version. Write it like 1.2.0." in capsys.readouterr().err
