"""The one screen of `tilth setup` on which everything stands: Enter takes it and starts, a number changes a line."""

from __future__ import annotations

from bot.cli.setup.facts import CommunityFacts
from bot.cli.setup.screen import Screen
from bot.cli.startup import stop

START, POST, TEST, NOTHING = "start", "post", "test", "nothing"
CHOICES = (START, POST, TEST, NOTHING)
"""What is done at the end, in the words of `--then`, which can be typed on the screen as well."""


def check_choice(after: str) -> None:
    """Refuse a word for the end that means nothing, before anything is asked."""
    if after and after not in CHOICES:
        stop(f"--then {after} means nothing. Write one of these: {', '.join(CHOICES)}.", 2)


class Review:
    """Shows every fact, and reads what somebody wants with them."""

    def __init__(self, screen: Screen, facts: CommunityFacts, after: str) -> None:
        self._screen, self._facts = screen, facts
        self._after = after or (NOTHING if screen.yes else START)
        """What Enter does with all of it."""

    def go_through(self) -> str:
        """Show everything until it is taken; what is done with it then, one of `CHOICES`."""
        while True:
            self._show()
            if self._screen.yes:
                self._require_channel()
                return self._after
            given = self._screen.ask("Enter, a number or a word", self._read)
            if given.isdecimal():
                self._facts.list_facts()[int(given) - 1].ask()
            elif self._has_channel():
                given = given or self._after
                if given == TEST:  # it is looked at, and the screen comes again
                    self._after = START
                return given
            else:
                self._screen.problem("Choose the channel first.")
                self._ask_fact("channel")

    def _show(self) -> None:
        facts = self._facts.list_facts()
        self._screen.title("Your community")
        wide = max(len(one.title) for one in facts)
        for number, one in enumerate(facts, 1):
            self._screen.say(f"  {number}  {one.title:{wide}}  {one.shown()}")
        if self._screen.yes:
            return
        channel = self._facts.channel
        where = f"#{channel.name}" if channel else "that channel"
        does = {
            START: "starts Tilth",
            POST: f"starts Tilth, and posts the first prompt in {where} at once",
            TEST: f"posts a test message in {where}, and removes it again",
            NOTHING: "starts nothing (`tilth run` does)",
        }
        self._screen.say("", f"  Enter    takes all of this, and {does[self._after]}")
        self._screen.say(
            *(f"  {word:8} {_begin(word)}{does[word]}" for word in CHOICES if word != self._after)
        )
        self._screen.say("  1, 2, …  changes that line", "")

    def _read(self, text: str) -> str:
        given, most = text.strip().lower(), len(self._facts.list_facts())
        if given and given not in CHOICES and not (given.isdecimal() and 1 <= int(given) <= most):
            raise ValueError(
                f"Type a number from 1 to {most}, one of these words: {', '.join(CHOICES)}, or press Enter."
            )
        return given

    def _has_channel(self) -> bool:
        return self._facts.channel is not None or not self._facts.space.channels

    def _ask_fact(self, option: str) -> None:
        next(one for one in self._facts.list_facts() if one.option == option).ask()

    def _require_channel(self) -> None:
        """Without somebody to ask, a prompt needs a channel that is named, or the only one."""
        if not self._has_channel():
            self._screen.require(
                "--channel",
                f"The channel of the prompts is not chosen. The bot sees {self._facts.seen_channels()}.",
            )


def _begin(word: str) -> str:
    return "" if word == TEST else "takes all of this, and "
