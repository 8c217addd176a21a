"""The entry point of the `tilth` command, which answers `--version` before anything else is imported."""

from __future__ import annotations

import sys


def main() -> None:
    """Print the version if that is all that is asked, else run the command."""
    if sys.argv[1:] == ["--version"]:
        from importlib.metadata import version

        print(f"tilth {version('tilth-bot')}")  # noqa: T201 - typer takes ten times as long to import
        return
    from bot.cli.main import main as run

    run()
