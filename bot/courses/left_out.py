"""The lines of a table that an import leaves out, as moderators see them: with the reasons, and a file to mend."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.cards import Block, File, Markdown, Table
from bot.chat.language import _

SHOWN = 10
"""Lines that are shown; all of them are in the file."""


def left_out_blocks(lines: Iterable[tuple[int, str]], words: str, file: File) -> list[Block]:
    """(line number, reason) of each line that is left out, each once; what to do, and the file of all of them."""
    told = tuple(dict.fromkeys((str(number), why[:120]) for number, why in lines))
    return [Table((_("Line"), _("Why not")), told[:SHOWN]), Markdown(words), file]
