"""Makes a release: `python -m tests.release 1.2.0`; with `--dry-run`, in a copy that is thrown away.

It needs a clean checkout. It writes version, addresses and changelog, builds wheel and source into `dist/`, lists what
is in them (CycloneDX, from the lock), and commits and tags. It publishes nothing: the last lines say what a person does.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from tests.release.texts import (
    CannotRelease,
    close_changelog,
    notes_of,
    write_links,
    write_urls,
    write_version,
    write_wheel_names,
)

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str) -> str:
    """Run a command; if it fails, the release ends with its last words."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRelease(f"`{' '.join(words)}` failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout.strip()


def find_uv() -> str:
    """Return uv, as `make` finds it."""
    return os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")


def write_files(folder: Path, version: str, day: date, remote: str) -> None:
    """Write the version and everything that names it."""
    project, log = folder / "pyproject.toml", folder / "CHANGELOG.md"
    project.write_text(write_urls(write_version(project.read_text(), version), remote))
    log.write_text(close_changelog(log.read_text(), version, day))
    for page in (folder / "docs").glob("*.md"):
        page.write_text(write_wheel_names(page.read_text(), version))
    run(folder, find_uv(), "lock", "--quiet")


@contextmanager
def absolute_links(page: Path, remote: str, tag: str) -> Iterator[None]:
    """Let a page be read where the repository is not beside it, as PyPI shows the README; in the checkout it stays."""
    before = page.read_text()
    page.write_text(write_links(before, remote, tag))
    try:
        yield
    finally:
        page.write_text(before)


def build(folder: Path, out: Path, version: str, remote: str) -> list[Path]:
    """Build wheel and source, and write beside them what is in them, what is new, and their checksums."""
    out.mkdir(parents=True, exist_ok=True)
    uv = find_uv()
    with absolute_links(folder / "README.md", remote, f"v{version}"):
        run(folder, uv, "build", "--quiet", "--out-dir", str(out))
    bill = out / f"tilth_bot-{version}.cdx.json"
    run(folder, "make", "--silent", "bill", f"UV={uv}", f"BILL={bill}")
    notes = out / f"tilth_bot-{version}.md"
    notes.write_text(notes_of((folder / "CHANGELOG.md").read_text(), version))
    made = [*sorted(out.glob(f"tilth_bot-{version}*")), *sorted(out.glob(f"tilth-bot-{version}*"))]
    sums = out / "SHA256SUMS"
    sums.write_text("".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in made))
    return [*made, sums]


def release(folder: Path, version: str, day: date, out: Path, remote: str) -> list[Path]:
    """Make the release in a checkout; what was built. Raises `CannotRelease`, and leaves the files to `git checkout`."""
    if changed := run(folder, "git", "status", "--porcelain"):
        raise CannotRelease(f"Commit or remove what is changed first:\n{changed}")
    tag = f"v{version}"
    if run(folder, "git", "tag", "--list", tag):
        raise CannotRelease(f"There is a tag {tag} already.")
    write_files(folder, version, day, remote)
    made = build(folder, out, version, remote)
    run(folder, "git", "commit", "--quiet", "--all", "--message", f"Release {version}")
    run(folder, "git", "tag", "--annotate", tag, "--message", f"Tilth {version}")
    return made


def rehearse(folder: Path, version: str, day: date, out: Path, remote: str) -> list[Path]:
    """Make the release in a copy of the last commit, which is removed afterwards; what was built stays in `out`."""
    with tempfile.TemporaryDirectory() as parent:
        copy = Path(parent) / "tilth"
        run(folder, "git", "clone", "--quiet", "--no-hardlinks", str(folder), str(copy))
        for name in ("user.name", "user.email"):
            run(copy, "git", "config", name, run(folder, "git", "log", "-1", f"--format=%{'an' if name == 'user.name' else 'ae'}"))  # fmt: skip
        return release(copy, version, day, out, remote)


def main(words: list[str] | None = None) -> int:
    """Read the command line, and say what was made and what is left to a person."""
    asked = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    asked.add_argument("version", help="like 1.2.0")
    asked.add_argument(
        "--dry-run", action="store_true", help="do it in a copy, and leave this checkout alone"
    )
    asked.add_argument("--out", type=Path, default=ROOT / "dist", help="where the files go")
    given = asked.parse_args(words)
    remotes = run(ROOT, "git", "remote").split()
    remote = run(ROOT, "git", "remote", "get-url", "origin") if "origin" in remotes else ""
    try:
        made = (rehearse if given.dry_run else release)(
            ROOT, given.version, datetime.now(UTC).date(), given.out.resolve(), remote
        )
    except CannotRelease as problem:
        print(f"No release: {problem}", file=sys.stderr)
        return 1
    for one in made:
        print(f"{one.stat().st_size:>10,}  {one.name}")
    if given.dry_run:
        print("This was a rehearsal: nothing is committed or tagged here.")
    else:
        print("Look at the commit. Then: `git push --follow-tags`, and `uv publish` with the files of dist/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
