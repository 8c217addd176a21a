"""A canvas as Slack keeps it: sections, each a block of Markdown; and what people read in one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.) ")


@dataclass(slots=True)
class Section:
    id: str
    markdown: str

    def is_heading(self, types: Iterable[str]) -> bool:
        level = len(self.markdown) - len(self.markdown.lstrip("#"))
        return level > 0 and bool({f"h{level}", "any_header"} & set(types))


@dataclass(slots=True)
class Canvas:
    id: str
    channel: str
    owner: str
    sections: list[Section] = field(default_factory=list)
    deleted: bool = False
    locked: int = 0
    """How many more edits are refused, because somebody is writing."""


def split_sections(markdown: str, new_id: Callable[[], str], *, whole_lists: bool) -> list[Section]:
    """A section for each block of Markdown, and for each item of a list unless lists are kept whole."""
    found: list[Section] = []
    for block in re.split(r"\n\s*\n", markdown.strip()):
        lines = block.split("\n") if block else []
        items = not whole_lists and all(ITEM.match(line) for line in lines)
        found += [Section(new_id(), text) for text in (lines if items else [block] if block else [])]
    return found


def as_markdown(sections: Iterable[Section]) -> str:
    """The whole canvas; items that follow each other are one list."""
    text, before = "", ""
    for one in sections:
        if text:
            text += "\n" if ITEM.match(one.markdown) and ITEM.match(before) else "\n\n"
        text += one.markdown
        before = one.markdown.split("\n")[-1]
    return f"{text}\n" if text else ""


def read_words(markdown: str) -> str:
    """The words of a section, without what marks them."""
    lines = (
        re.sub(r"^\s*(?:#+ |[-*+] (?:\[[ xX]\] )?|\d+\. |> )", "", line) for line in markdown.split("\n")
    )
    plain = re.sub(r"(?<!\\)(?:\*\*|__|`|~~)", "", " ".join(lines))
    return " ".join(re.sub(r"\\(.)", r"\1", plain).split())
