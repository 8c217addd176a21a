"""What a page tells somebody to write in the chat works as it stands there, on every platform."""

from __future__ import annotations

import re

from tests.house.pages import Block, blocks_of, reader_pages
from tests.stories.room import Line, Sheet

WRONG = re.compile(r"There is no|also needs|Write it like|I cannot read|Did you mean|Something went wrong")


def chat_blocks() -> list[Block]:
    """The blocks of all pages that hold commands of the chat."""
    every = [block for page in reader_pages() for block in blocks_of(page)]
    return [block for block in every if not block.language and block.text.startswith("/")]


def lines_said(block: Block) -> list[str]:
    """The commands of a block; a line that does not begin with `/` belongs to the one before."""
    return [one.strip() for one in re.split(r"\n(?=/)", block.text) if one.strip()]


async def test_what_the_pages_say_to_write_is_understood(stage):
    await stage.opens_channel("c2", "lounge")
    wrong, tried = [], 0
    for block in chat_blocks():
        for line in lines_said(block):
            # The pages show the number of a discussion that is not the first of its community.
            shown = await stage.asks("mo", re.sub(r"\bd4\b", "d1", line))
            tried += 1
            if not isinstance(shown, Line | Sheet) or (isinstance(shown, Line) and WRONG.search(shown.text)):
                wrong.append(f"{block.page}: {line}\n    {getattr(shown, 'text', shown)}")
            elif isinstance(shown, Line) and "Confirm" in [str(one) for one in shown.buttons]:
                await stage.presses("mo", shown, "Confirm")
    assert not wrong, "\n".join(wrong)
    assert tried >= 6, "the pages have lost their commands"
