"""The screen of `tilth setup`: it asks, shows links, and never shows or keeps a secret."""

from __future__ import annotations

import os
import select
import sys
import webbrowser
from collections.abc import Callable, Sequence
from typing import NoReturn

import typer

from bot.cli.startup import CONFIG, stop

LONG = 400
"""Characters of an address that fills so many lines that nobody sees where it ends."""


SOON, SLOWER, SELDOM = 2.0, 1.3, 20.0
"""Seconds between two looks at the platform, what they grow by, and their most: a big workspace lists its channels in pages."""


class Screen:
    """Asks whoever sits at the terminal; with `yes` it asks nothing and takes what stands there already."""

    def __init__(self, *, yes: bool, browser: bool) -> None:
        self.yes, self._browser = yes, browser

    def say(self, *lines: str) -> None:
        """Print lines."""
        for line in lines:
            typer.echo(line)

    def title(self, text: str) -> None:
        """Print what comes now."""
        typer.secho(f"\n{text}", bold=True)

    def problem(self, text: str) -> None:
        """Print what is wrong; whoever answers may try again."""
        typer.secho(f"  ✗ {text}", err=True)

    def done(self, text: str) -> None:
        """Print that something is done."""
        typer.echo(f"  ✓ {text}")

    def link(self, url: str, about: str) -> None:
        """Open an address in a browser of this machine's own screen, and print it in any case."""
        self.say(f"  {about}", f"  {url}")
        if len(url) > LONG:
            self.say(
                "  (This is one long line. On a machine without a browser, copy all of it into one elsewhere.)"
            )
        if self._browser and not self.yes and _has_screen():
            webbrowser.open(url)

    def ask(self, question: str, read: Callable[[str], str], default: str = "") -> str:
        """A line that `read` takes; it raises `ValueError` with words for what it does not take."""
        while True:
            given = typer.prompt(f"  {question}", default=default, show_default=bool(default))
            try:
                return read(str(given))
            except ValueError as error:
                self.problem(str(error))

    def ask_secret(self, question: str) -> str:
        """A line that is not shown while it is typed or pasted."""
        return str(typer.prompt(f"  {question} (hidden)", hide_input=True)).strip()

    def choose(self, question: str, options: Sequence[str], default: int = 1) -> int:
        """The number of one of some options, from 0."""
        self.say(*(f"  {number:>2}  {words}" for number, words in enumerate(options, 1)))

        def read(text: str) -> str:
            if not text.strip().isdecimal() or not 1 <= int(text) <= len(options):
                raise ValueError(f"Type a number from 1 to {len(options)}.")
            return text.strip()

        return int(self.ask(question, read, str(default))) - 1

    def watch(self, what: str, is_done: Callable[[], bool]) -> None:
        """Look again and again until something is done, so that nobody has to say when; Enter ends it, too.

        Where the terminal cannot be watched beside that, Enter alone ends it.
        """
        self.say(f"  {what} by itself when that is done. Enter goes on at once.")
        pause = SOON
        while not _is_line_typed(pause):
            if is_done():
                return
            pause = min(pause * SLOWER, SELDOM)
        typer.prompt("", default="", show_default=False, prompt_suffix="")

    def wait(self, what: str) -> None:
        """Wait until Enter is pressed."""
        typer.prompt(f"  {what}", default="", show_default=False)

    def require(self, option: str, what: str) -> NoReturn:
        """Without somebody to ask, say which option is missing, and end with the code of a wrong setting."""
        stop(f"{what} Give it with {option}, or run `tilth setup` without --yes.", CONFIG)


def _is_line_typed(within: float) -> bool:
    """Whether a line was typed within these seconds; where that cannot be seen, reading has to wait for it anyway."""
    try:
        return bool(select.select([sys.stdin], [], [], within)[0])
    except (OSError, ValueError):  # Windows watches sockets alone; some inputs have no number
        return True


def _has_screen() -> bool:
    """Whether a browser would open in a window: in a bare terminal it would take the terminal."""
    if "BROWSER" in os.environ or sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
