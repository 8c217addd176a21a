"""The facts of a community that `tilth setup` asks for: each guessed from what the platform and the machine tell, and read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendars.school_year import likely_year
from bot.chat import setup_steps
from bot.chat.language import country_of_zone, format_day, known_language
from bot.chat.platform_setup import SetupChannel, SetupProblem, SetupSpace
from bot.chat.time.rule_parser import parse_rule
from bot.cli.setup.answers import Answers
from bot.cli.setup.connection import Connecting
from bot.cli.setup.machine import zone_of_machine
from bot.cli.setup.screen import Screen
from bot.cli.setup.standing_plan import StandingPlan
from bot.platforms import PLATFORMS
from bot.schedules.recurrence import describe

RULE = "every mon 9am"
"""When the first prompts come unless somebody says otherwise."""
NAMED = 3
"""Admins that are named; the others are counted."""
LANGUAGES = {"en": "English", "es": "Spanish"}
NONE = "none"
"""What is typed for no school year."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the screen: its title, what it is now, its option, and how it is asked and read."""

    title: str
    shown: Callable[[], str]
    option: str
    ask: Callable[[], None]
    take: Callable[[str], None]


class CommunityFacts:
    """Reads and writes each fact; a guess is written down when everything is taken. What `stands` already is no guess."""

    def __init__(
        self, screen: Screen, answers: Answers, connecting: Connecting, space: SetupSpace, today: date,
        stands: StandingPlan,
    ) -> None:  # fmt: skip
        self._screen, self._answers, self._connecting, self._today = screen, answers, connecting, today
        self._stands = stands
        self.space = space
        self._admins = connecting.find_admins(space)

    # ── what holds now ────────────────────────────────────────────────────────

    @property
    def name(self) -> str:
        return self._answers.get("COMMUNITY__NAME") or self.space.name

    @property
    def zone(self) -> str:
        for guess in (self._answers.get("COMMUNITY__ZONE"), self.space.zone, zone_of_machine()):
            try:
                return setup_steps.read_zone(guess)
            except ValueError:
                continue
        return "America/Chicago"

    @property
    def language(self) -> str:
        return self._answers.get("COMMUNITY__LANGUAGE") or known_language(self._admins.language) or "en"

    @property
    def country(self) -> str:
        return self._answers.get("COMMUNITY__COUNTRY") or country_of_zone(self.zone)

    @property
    def year(self) -> tuple[date, date] | None:
        """The first and last day of school; None: no calendar is wanted."""
        kept = self._answers.draft().get("year")
        if kept == NONE:
            return None
        if kept:
            return date.fromisoformat(kept[0]), date.fromisoformat(kept[1])
        return self._stands.year or likely_year(self._today)

    @property
    def year_is_guessed(self) -> bool:
        """Whether nobody said when school begins and ends."""
        draft = self._answers.draft()
        return bool(draft.get("guessed", "year" not in draft))

    @property
    def rule(self) -> str:
        return str(self._answers.draft().get("when") or RULE)

    @property
    def channel(self) -> SetupChannel | None:
        """The channel that was chosen, else that of the standing schedule, else the only one in which the bot can speak."""
        chosen = self._answers.draft().get("channel") or self._stands.channel
        for one in self.space.channels:
            if one.id == chosen:
                return one
        free = [one for one in self.space.channels if not one.problem]
        return free[0] if len(free) == 1 else None

    # ── how they are shown, asked and read ────────────────────────────────────

    def list_facts(self) -> tuple[Fact, ...]:
        """Every line of the screen."""
        put = self._answers.put

        def put_read(name: str, read: Callable[[str], str]) -> Callable[[str], None]:
            return lambda text: put({name: read(text)})

        lines = (
            ("Community name", lambda: self.name, "name", put_read("COMMUNITY__NAME", setup_steps.read_name), ""),
            ("Time zone", lambda: self.zone, "zone", put_read("COMMUNITY__ZONE", setup_steps.read_zone), "a city or a zone"),
            ("Language", lambda: LANGUAGES[self.language], "language", put_read("COMMUNITY__LANGUAGE", setup_steps.read_language), "English or Spanish"),
            ("Country", lambda: self.country, "country", put_read("COMMUNITY__COUNTRY", setup_steps.read_country), "two letters"),
            ("School year", self._show_year, "school-year", self._take_year, "like aug 17 to jun 4; none for no calendar"),
            ("If somebody is in danger", self._show_danger, "danger-text", self._take_danger, "who to call, or @FILE"),
            ("Moderators", self._show_moderators, "moderator", self._take_moderator, "a name, role or group"),
            ("Channel of the prompts", self._show_channel, "channel", self._take_channel, "its name"),
            ("When they come", self.show_rule, "when", self._take_rule, "like every mon 9am"),
        )  # fmt: skip
        return tuple(self._fact(*line) for line in lines)

    def _fact(
        self, title: str, shown: Callable[[], str], option: str, take: Callable[[str], None], how: str
    ) -> Fact:
        def read(text: str) -> str:
            take(text)
            return text

        def ask() -> None:
            if option == "channel" and self.space.channels:
                self._screen.say(f"  {self.seen_channels()}")
            self._screen.ask(
                f"{title} ({how})" if how else title, read, "" if option not in ("name", "zone") else shown()
            )

        return Fact(title, shown, option, ask, take)

    def _show_year(self) -> str:
        if self.year is None:
            return "no calendar: prompts come in vacations too"
        more = "public holidays" + (" and typical US breaks" if self.country == "US" else "")
        return f"{format_day(self.year[0])} to {format_day(self.year[1])}, {more}"

    def _take_year(self, text: str) -> None:
        if text.strip().lower() in (NONE, "no"):
            self._answers.put_draft(year=NONE, guessed=False)
            return
        first, last = setup_steps.read_school_year(text, self._today)
        self._answers.put_draft(year=[first.isoformat(), last.isoformat()], guessed=False)

    def _show_danger(self) -> str:
        own = self._answers.get("COMMUNITY__DANGER_TEXT")
        if own:
            return f"own text, {len(own)} characters"
        return "911, 988, Childhelp and the district's mandated-reporter line (US numbers)"

    def _take_danger(self, text: str) -> None:
        if text.startswith("@"):
            try:
                text = Path(text[1:]).expanduser().read_text().strip()
            except (OSError, UnicodeDecodeError):
                raise ValueError(f"There is no text to read in {text[1:]}.") from None
        if len(text) > setup_steps.DANGER:
            raise ValueError(f"The text has {len(text)} characters; {setup_steps.DANGER} fit.")
        self._answers.put({"COMMUNITY__DANGER_TEXT": text})

    def _moderators(self) -> list[str]:
        try:
            return list(json.loads(self._answers.get("ROLES__MODERATORS") or "null") or self._usual)
        except ValueError:
            return list(self._usual)

    @property
    def _usual(self) -> tuple[str, ...]:
        """Who moderates where nothing is set, on every platform: one that is set up later must lose nobody."""
        return ("local:moderator", *(fact for one in PLATFORMS for fact in one.roles.moderators))

    def _show_moderators(self) -> str:
        if not self._answers.get("ROLES__MODERATORS"):
            return self._connecting.roles.moderators_in_words + self._name_admins()
        own = [one for one in self._moderators() if one != "local:moderator"]
        return ", ".join(own) or "only admins"

    def _name_admins(self) -> str:
        names = self._admins.names
        if not names:
            return ""
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return f" ({', '.join(names[:NAMED])}{more})"

    def _take_moderator(self, text: str) -> None:
        asking = self._connecting
        try:
            fact = asyncio.run(asking.ask.find_moderator(text, self.space, asking.secrets, asking.api_url))
        except SetupProblem as error:
            raise ValueError(str(error)) from None
        self._answers.put({"ROLES__MODERATORS": json.dumps(sorted({*self._moderators(), fact}))})

    def choose_channel(self, one: SetupChannel) -> None:
        """Keep one of the channels of the space as that of the prompts."""
        self._answers.put_draft(channel=one.id)

    def seen_channels(self) -> str:
        """The names of the first channels that the bot sees."""
        return ", ".join(f"#{one.name}" for one in self.space.channels[:20])

    def _show_channel(self) -> str:
        one = self.channel
        return (
            "not chosen yet" if one is None else f"#{one.name}" + (f" ({one.problem})" if one.problem else "")
        )

    def _take_channel(self, text: str) -> None:
        found = next((one for one in self.space.channels if one.is_called(text)), None)
        if found is None:
            wanted = text.strip().removeprefix("#").lower()
            raise ValueError(
                f"There is no channel #{wanted} that the bot sees. It sees {self.seen_channels() or 'none'}. {self._connecting.ask.invitation}"
            )
        self.choose_channel(found)

    def show_rule(self) -> str:
        """When the prompts come, in words: as it was typed, else as it stands."""
        if self._stands.rule and not self._answers.draft().get("when"):
            return self._stands.rule
        rule, zone = parse_rule(self.rule)
        return describe(rule, ZoneInfo(zone or self.zone))

    def _take_rule(self, text: str) -> None:
        _, zone = parse_rule(text)
        if zone:
            setup_steps.read_zone(zone)
        self._answers.put_draft(when=text.strip())

    # ── all of it ─────────────────────────────────────────────────────────────

    def take_options(self, given: Mapping[str, tuple[str, ...]]) -> None:
        """Take what was given on the command line; a wrong one ends the process."""
        by_option = {one.option: one for one in self.list_facts()}
        for option, texts in given.items():
            for text in texts:
                try:
                    by_option[option].take(text)
                except ValueError as error:
                    self._screen.require(f"--{option}", str(error))

    def write_down(self) -> None:
        """Make what was only guessed an answer."""
        self._answers.put(
            {
                "COMMUNITY__NAME": self.name, "COMMUNITY__ZONE": self.zone, "COMMUNITY__LANGUAGE": self.language,
                "COMMUNITY__COUNTRY": self.country,
            }
        )  # fmt: skip
        year, channel = self.year, self.channel
        self._answers.put_draft(
            guessed=self.year_is_guessed, year=NONE if year is None else [day.isoformat() for day in year],
            channel=channel.id if channel else "",
            when=self._answers.draft().get("when") or ("" if self._stands.rule else self.rule),
        )  # fmt: skip
