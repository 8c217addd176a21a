"""`tilth status`: whether the bot runs, what is due next, and what is wrong, in one screen."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.startup import read_settings


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Show in one screen whether it runs, what is due next, and what is wrong. The exit code is 1 if something is."""
    from bot.cli.deployment_status import show_status

    well, words = show_status(read_settings(), as_json=as_json)
    typer.echo(words)
    raise typer.Exit(0 if well else 1)
