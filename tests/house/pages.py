"""What the pages of this repository hold: their links, their headings, their blocks of commands, what they call by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
_LINK = re.compile(r"(?<!\\)\]\(<?([^)<>\s]+)>?\)")
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_TITLE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
ASSIGNMENT = re.compile(r"^[A-Z][A-Z0-9_]*=")


def reader_pages() -> list[Path]:
    """The pages for whoever uses, runs or changes Tilth, without what is only about a folder of tests."""
    front = (
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "prompts/README.md",
        ".github/pull_request_template.md",
    )  # fmt: skip
    return [*(ROOT / name for name in front), *sorted((ROOT / "docs").rglob("*.md"))]


def every_page() -> list[Path]:
    """All pages, also those beside tests."""
    return [*reader_pages(), *sorted((ROOT / "tests").rglob("*.md"))]


def name_of(page: Path) -> str:
    """Return the path of a page in the checkout."""
    return page.relative_to(ROOT).as_posix()


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its language (`sh`, or empty) and its text without the indent."""

    page: str
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Its lines as a shell reads them: joined where a line goes on, without comments and settings."""
        joined = self.text.replace("\\\n", " ")
        lines = (re.sub(r"\s+#.*$", "", line).strip() for line in joined.splitlines())
        return [line for line in lines if line and not ASSIGNMENT.match(line)]


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, from the top."""
    found = _FENCE.finditer(page.read_text())
    return [
        Block(
            name_of(page), one["language"], re.sub(f"^{one['indent']}", "", one["text"], flags=re.MULTILINE)
        )
        for one in found
    ]


def prose_of(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text())


def links_of(page: Path) -> list[str]:
    """Return the targets of a page's links and pictures, as they are written."""
    return _LINK.findall(_CODE.sub("", prose_of(page)))


def pictures_of(page: Path) -> list[tuple[str, str]]:
    """Return the pictures of a page: (alternative text, target)."""
    return _TITLE.findall(prose_of(page))


def code_of(page: Path) -> list[str]:
    """Return what a page sets as code in its sentences."""
    return [one.replace("\\|", "|") for one in _CODE.findall(prose_of(page))]


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    return set(_anchors(_HEADING.findall(prose_of(page))))


def _anchors(headings: list[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for heading in headings:
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
        count = seen.setdefault(anchor, 0)
        seen[anchor] += 1
        yield f"{anchor}-{count}" if count else anchor
