"""Lines of a canvas as Slack's Markdown, and back. Pure.

Slack keeps a canvas as sections, one for each block of Markdown, and gives the whole of it back as Markdown
(https://docs.slack.dev/reference/methods/canvases.getContent). How it writes what it was given is not documented to the letter,
so marks, escapes and gaps are no news: `CanvasLine.folded` leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from bot.chat.canvas import CHECKS, CanvasLine, LineKind

_SPECIAL = re.compile(r"([\\`*_\[\]<>~|#!])")
_FIRST = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>~|#!+.)-])")
_STRONG = re.compile(r"(https?://\S+)|(?<!\\)(?:\*\*|__|~~|`)")
_STRONG_END = re.compile(r"(?<!\\)(?:\*\*|__|~~|`)+(?=\W*$)")
_ITEM = re.compile(r"^\s*([-*+]|\d+[.)]) ")
_LISTED = re.compile(r"^(\s+\S|([-*+]|\d+[.)]) )")
_MENTION = re.compile(r"(?<!\\)!\[[^\]]*\]\(@([A-Z0-9]+)\)")
_LINK = re.compile(r"(?<![\\!])\[([^\]]*)\]\((https?://[^\s)]+)\)")
_AUTOLINK = re.compile(r"(?<!\\)<(https?://[^\s>]+)>")
_CHECK = re.compile(r"^[-*] \[([ xX])\] ?(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_OTHER = re.compile(r"^(\s+\S|[-*+] |\d+[.)] |>|\||```|!\[[^\]]*\]\((?!@)|---|\*\*\*$)")
_FIELD = re.compile(r"^\*\*[^*]+:?\*\*")
_PREFIX = {LineKind.TITLE: "# ", LineKind.HEADING: "## ", LineKind.OPEN: "- [ ] ", LineKind.DONE: "- [x] "}


def write_line(line: CanvasLine) -> str:
    """A line as Markdown: no words in it become a mention, a link or a heading of their own."""
    text = _escape(" ".join(line.text.split()))
    named = f"**{_escape(line.label)}:** {text}" if line.label else text
    return _PREFIX.get(line.kind, "") + named


def write_lines(lines: Iterable[CanvasLine]) -> str:
    """Lines as Markdown, each a section of its own."""
    return "\n\n".join(write_line(one) for one in lines) + "\n"


def _escape(text: str) -> str:
    return _FIRST.sub(lambda found: f"{found[1]}\\{found[2]}", _SPECIAL.sub(r"\\\1", text))


def read_lines(content: str) -> tuple[CanvasLine, ...]:
    """The lines of a canvas; those of one block carry its number."""
    found: list[CanvasLine] = []
    block, gap, fenced = 0, True, False
    for raw in content.replace("\r\n", "\n").split("\n"):
        if not raw.strip() and not fenced:
            gap = True
            continue
        block += gap
        line = CanvasLine(LineKind.OTHER, raw, source=raw, block=block) if fenced else _read_line(raw, block)
        fenced ^= raw.startswith("```")
        last = found[-1] if found else None
        if not gap and last is not None and _goes_on(last, line, raw):
            text, mentions = f"{last.text}\n{line.text}", (*last.mentions, *line.mentions)
            found[-1] = CanvasLine(
                last.kind, text, source=f"{last.source}\n{raw}", block=block, mentions=mentions
            )
        else:
            found.append(line)
        gap = False
    return tuple(found)


def _goes_on(last: CanvasLine, line: CanvasLine, raw: str) -> bool:
    """Whether a line is the rest of a paragraph: people broke it, and it is one section still."""
    return last.kind is LineKind.TEXT and line.kind is LineKind.TEXT and not _FIELD.match(raw)


def _read_line(raw: str, block: int) -> CanvasLine:
    named = tuple(_MENTION.findall(raw))
    if check := _CHECK.match(raw):
        kind = LineKind.OPEN if check[1] == " " else LineKind.DONE
        return CanvasLine(kind, _plain(check[2]), source=raw, block=block, mentions=named)
    if heading := _HEADING.match(raw):
        kind = LineKind.TITLE if len(heading[1]) == 1 else LineKind.HEADING
        return CanvasLine(kind, _plain(heading[2]), source=raw, block=block)
    if _OTHER.match(raw):
        return CanvasLine(LineKind.OTHER, raw, source=raw, block=block)
    return CanvasLine(LineKind.TEXT, _plain(raw), source=raw, block=block, mentions=named)


def _plain(text: str) -> str:
    """The words of a line: a link is its address, and a mention the id behind an @."""
    text = _MENTION.sub(r"@\1", text)
    text = _LINK.sub(
        lambda found: found[2] if found[1] in ("", found[2]) else f"{found[1]} ({found[2]})", text
    )
    text = _AUTOLINK.sub(r"\1", text)
    text = _STRONG.sub(
        lambda found: _STRONG_END.sub("", found[1] or ""), text
    )  # in an address they are no marks
    return unescape(_ESCAPED.sub(r"\1", text)).strip()


def is_listed(line: CanvasLine) -> bool:
    """Whether a line is an item of a list, or the rest of one: Slack may keep a list as one section."""
    return line.kind in CHECKS or (line.kind is LineKind.OTHER and bool(_LISTED.match(line.text)))


def is_item(line: CanvasLine) -> bool:
    """Whether a line begins an item of a list."""
    return line.kind in CHECKS or (line.kind is LineKind.OTHER and bool(_ITEM.match(line.text)))


def without_mark(line: CanvasLine) -> str:
    """What people read in a line, also in an item of theirs."""
    return _ITEM.sub("", line.plain) if line.kind is LineKind.OTHER else line.plain


def list_around(lines: Sequence[CanvasLine], at: int) -> range:
    """The items of the list in which a line stands; only itself where it is no item."""
    if not is_listed(lines[at]):
        return range(at, at + 1)
    first, last = at, at
    while first > 0 and _same_list(lines[first - 1], lines[at]):
        first -= 1
    while last + 1 < len(lines) and _same_list(lines[last + 1], lines[at]):
        last += 1
    return range(first, last + 1)


def item_around(lines: Sequence[CanvasLine], at: int) -> range:
    """An item and the lines below in which it goes on; only the line itself where it is no item."""
    around = list_around(lines, at)
    ends = (place for place in range(at + 1, around.stop) if is_item(lines[place]))
    return range(at, next(ends, around.stop))


def _same_list(one: CanvasLine, other: CanvasLine) -> bool:
    return is_listed(one) and one.block == other.block
