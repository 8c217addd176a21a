"""The end of `tilth setup`: what was answered becomes true, is checked, and is shown; then the bot may start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from bot.chat.language import format_day, format_moment, speaking
from bot.chat.platform_setup import SetupProblem
from bot.cli.setup.answers import Answers
from bot.cli.setup.connection import Connecting
from bot.cli.setup.facts import CommunityFacts
from bot.cli.setup.review import POST, START, TEST
from bot.cli.setup.screen import Screen
from bot.cli.startup import CONFIG, require_port, run_guarded, stop
from bot.settings.model import Settings
from bot.store.engine import database_file

if TYPE_CHECKING:
    from bot.cli.setup.first_prompt import Planned

WORDS = "This is a test message from Tilth. It is removed in a moment."


class Finish:
    """The last steps, in their order."""

    def __init__(
        self, screen: Screen, answers: Answers, connecting: Connecting, facts: CommunityFacts
    ) -> None:
        self._screen, self._answers = screen, answers
        self._connecting, self._facts = connecting, facts
        self._next = ""
        """The day of the first date, which a prompt that is posted at once takes the place of."""
        self._is_well = True

    # ── what was answered becomes true ────────────────────────────────────────

    def plan(self, settings: Settings, *, at_once: bool = False) -> None:
        """The calendar and the schedule into the database, and the next dates onto the screen."""
        from bot.cli.setup.first_prompt import FirstPrompt, plan_first_prompt

        facts, channel = self._facts, self._facts.channel
        wanted = FirstPrompt(
            facts.space.key, channel.id if channel else "", facts.rule, facts.year, facts.year_is_guessed
        )
        planned = asyncio.run(plan_first_prompt(settings, wanted, at_once=at_once))
        if at_once:
            return
        self._screen.title("The first dates")
        for at, why in planned.dates:
            with speaking("en_US"):
                day = format_moment(at.astimezone(ZoneInfo(planned.zone)), planned.zone)
            self._next = self._next or ("" if why else day)
            self._screen.say(
                f"  {day}" + (f": skipped, {why}" if why else f" in #{channel.name if channel else ''}")
            )
        if not planned.schedule:
            self._screen.say("  None yet: no channel is chosen. /prompt schedule in a channel plans them.")
        self._tell_what_stays(planned)

    def _tell_what_stays(self, planned: Planned) -> None:
        """What was planned before and is not what stands on the screen: it counts, and chat changes it."""
        facts = self._facts
        wanted = (facts.show_rule(), facts.channel.id if facts.channel else "")
        if planned.rule and (planned.rule, planned.channel) != wanted:
            self._screen.problem(
                f"{planned.schedule} is planned already and stays as it is: {planned.rule}, in "
                f"{_name_channel(facts, planned.channel)}. /prompt edit {planned.schedule} in chat changes it."
            )
        if facts.year_is_guessed and facts.year and planned.year and planned.year != facts.year:
            first, last = (format_day(day) for day in planned.year)
            self._screen.problem(
                f"The school year stays as it was set: {first} to {last}. --school-year changes it."
            )

    def examine(self, settings: Settings) -> None:
        """What `tilth doctor` finds, without what is well; with nobody to ask, a fault ends the process."""
        from bot.cli.doctor import examine_deployment

        self._screen.title("Checks")
        found = asyncio.run(examine_deployment(settings))
        for level, what, fix in found:
            if level != "ok":
                self._screen.problem(what + (f"\n    → {fix}" if fix else ""))
        well = sum(level == "ok" for level, _, _ in found)
        self._screen.done(f"{well} of {len(found)} checks are well. `tilth doctor` shows all of them.")
        for name in self._answers.shadowed():
            self._screen.problem(
                f"{name} is also set outside {self._answers.file}, to something else, and that counts."
            )
        self._screen.done(f"Everything is in {self._answers.file}, which only you can read.")
        wrong = [what for level, what, _ in found if level == "error"]
        channel = self._facts.channel
        if channel is not None and channel.problem:
            wrong.append(f"The bot cannot speak in #{channel.name} yet.")
        if self._screen.yes and wrong:
            stop(f"Not done yet: {wrong[-1]}", CONFIG)
        self._is_well = not wrong
        place = database_file(settings.store.url.get_secret_value())
        if place is not None:
            self._screen.say(
                f"  The dates and the secret are in {place.parent}. If Tilth is to run elsewhere, as a service or in a container,",
                "  bring that folder along before the first start there (docs/deploy.md).",
            )
        self._screen.say("  In chat, an admin goes on with /tilth setup: alerts, and what you left out.")

    # ── and then ──────────────────────────────────────────────────────────────

    def go_on(self, settings: Settings, choice: str) -> None:
        """Do what was chosen: start, post the first prompt at once and start, or a test alone."""
        if choice in (START, POST) and not self._is_well:
            self._screen.wait("Not everything is well yet. Enter starts Tilth all the same, Ctrl+C leaves it")
        if choice in (START, POST):
            run_guarded(lambda: require_port(settings))
        channel = self._facts.channel
        if choice == TEST:
            self.post_test()
        if choice == POST and channel is not None:
            run_guarded(lambda: self.plan(settings, at_once=True))
            instead = f", instead of on {self._next}" if self._next else ""
            self._screen.done(f"The first prompt is posted in #{channel.name} at once{instead}.")
        self._answers.drop_draft()
        if choice in (START, POST):
            self._start(settings)

    def post_test(self) -> None:
        """A message in the channel that somebody looks at, and its removal."""
        facts, connecting = self._facts, self._connecting
        ask, channel = connecting.ask, facts.channel
        if channel is None:
            self._screen.problem("No channel is chosen.")
            return
        where = (facts.space, channel.id, connecting.secrets, connecting.api_url)
        try:
            message = asyncio.run(ask.post_test(WORDS, *where))
            self._screen.done(f"It is in #{channel.name}.")
            if not self._screen.yes:
                self._screen.wait("Look at it there. Enter removes it")
            asyncio.run(ask.remove_test(message, *where))
        except SetupProblem as error:
            self._screen.problem(str(error))
        else:
            self._screen.done("The test message is removed.")

    def _start(self, settings: Settings) -> None:
        from bot.cli.run import run
        from bot.runtime.logs import calm_logs, configure_logs

        self._screen.say("", "  Tilth runs. Ctrl+C stops it; `tilth run` starts it again.", "")
        configure_logs(settings.log)
        calm_logs(calm=False)
        run_guarded(lambda: asyncio.run(run(settings)))
        raise typer.Exit(0)


def _name_channel(facts: CommunityFacts, channel: str) -> str:
    """A channel as people know it; its id where the bot does not see it."""
    return "#" + next((one.name for one in facts.space.channels if one.id == channel), channel)
