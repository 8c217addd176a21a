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

    try:
        run()
    except ModuleNotFoundError as error:
        # The playground is installed without what only the platforms need (see the Makefile).
        if error.name is None or error.name.partition(".")[0] in ("bot", "adapters"):
            raise
        words = (
            f"The library {error.name} is not installed here: `make play` leaves out what the playground does not need. "
            "In the folder of Tilth, write `uv sync --locked --no-dev --inexact`, or install Tilth with `uv tool install .`"
        )
        print(words, file=sys.stderr)  # noqa: T201
        sys.exit(78)  # a configuration error, as bot.cli.startup has it
