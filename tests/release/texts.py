"""What a release changes in the files of the checkout. Pure: text in, text out."""

from __future__ import annotations

import re
from datetime import date

from packaging.version import InvalidVersion, Version

_VERSION = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)
_URLS = re.compile(r"^\[project\.urls\]\n(?:[^\[\n].*\n)*\n?", re.MULTILINE)
_UNRELEASED = "## Unreleased\n"
_LINK = re.compile(r"(?P<picture>!?)\[(?P<words>[^\]]*)\]\((?![a-z]+:|#|/)(?P<path>[^)\s]+)\)")
_REMOTE = re.compile(
    r"^(?:https://|ssh://)?(?:[\w.-]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+)[:/](?P<path>[\w./-]+?)(?:\.git)?/?$"
)


class CannotRelease(Exception):
    """A release is not possible as things are; it says why, and what to do."""


def read_version(pyproject: str) -> str:
    """Return the version of the package."""
    found = _VERSION.search(pyproject)
    if found is None:
        raise CannotRelease("pyproject.toml has no line that begins with version =.")
    return found[1]


def write_version(pyproject: str, version: str) -> str:
    """Return pyproject.toml with this version, which must be newer, or the same before the first release."""
    old = read_version(pyproject)
    try:
        if Version(version) < Version(old):
            raise CannotRelease(f"{version} is older than {old}.")
    except InvalidVersion:
        raise CannotRelease(f"{version!r} is no version. Write it like 1.2.0.") from None
    return _VERSION.sub(f'version = "{version}"', pyproject, count=1)


def read_home(remote: str) -> str:
    """Return the address of the repository for readers; empty for a remote that has none, like a folder."""
    found = _REMOTE.match(remote)
    return f"https://{found['host']}/{found['path']}" if found else ""


def write_links(page: str, remote: str, tag: str) -> str:
    """Return a page whose pictures and links lead to the repository at this tag: elsewhere, relative ones lead nowhere."""
    home = read_home(remote)

    def absolute(found: re.Match[str]) -> str:
        kind = "raw" if found["picture"] else "blob"
        return f"{found['picture']}[{found['words']}]({home}/{kind}/{tag}/{found['path']})"

    return _LINK.sub(absolute, page) if home else page


def write_urls(pyproject: str, remote: str) -> str:
    """Return pyproject.toml with the addresses that PyPI shows, as the remote of the checkout says them.

    A remote that is a folder, or none, has no address for readers: the text stays as it is.
    """
    home = read_home(remote)
    if not home:
        return pyproject
    table = "\n".join(
        [
            "[project.urls]", f'Repository = "{home}"', f'Documentation = "{home}/blob/main/docs/README.md"',
            f'Changelog = "{home}/blob/main/CHANGELOG.md"', f'Issues = "{home}/issues"', "", "",
        ]
    )  # fmt: skip
    without = _URLS.sub("", pyproject)
    return without.replace("[project.scripts]\n", f"{table}[project.scripts]\n", 1)


def close_changelog(changelog: str, version: str, day: date) -> str:
    """Return the changelog with what was unreleased under this version, and an empty section above it."""
    head, mark, rest = changelog.partition(_UNRELEASED)
    if not mark:
        raise CannotRelease('CHANGELOG.md has no section "## Unreleased".')
    if not rest.partition("\n## ")[0].strip():
        raise CannotRelease("CHANGELOG.md says nothing under Unreleased: say first what people notice.")
    if re.search(rf"^## {re.escape(version)}\b", changelog, re.MULTILINE):
        raise CannotRelease(f"CHANGELOG.md has a section {version} already.")
    return f"{head}{_UNRELEASED}\n## {version} - {day.isoformat()}\n{rest}"


def notes_of(changelog: str, version: str) -> str:
    """Return what the changelog says of a version, for the page of the release."""
    _before, _mark, rest = changelog.partition(f"\n## {version} - ")
    _day, _line, text = rest.partition("\n")
    return f"{text.partition(chr(10) + '## ')[0].strip()}\n"


def write_wheel_names(page: str, version: str) -> str:
    """Return a page with the names of wheels in the commands of readers of this version."""
    return re.sub(r"tilth_bot-[\w.]+?-py3-none-any\.whl", f"tilth_bot-{version}-py3-none-any.whl", page)
