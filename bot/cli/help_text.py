"""The list of commands in a help text: whole sentences, which are otherwise cut off at the width of the terminal."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class WholeSentences(TyperGroup):
    """A group of commands that says of each what it does, wrapped and not cut."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a row for each command: its name, and the first paragraph of its help."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, one.help.partition("\n\n")[0])
            for name, one in found
            if one and one.help and not one.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
