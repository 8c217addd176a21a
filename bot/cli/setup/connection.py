"""The first steps of `tilth setup`: the platform, its tokens, and the space and channel that the bot is in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence

from bot.chat.platform import AnyPlatform, RoleFacts
from bot.chat.platform_setup import Credential, PlatformSetup, SetupAdmins, SetupProblem, SetupSpace
from bot.cli.setup.answers import Answers
from bot.cli.setup.screen import Screen
from bot.cli.startup import CONFIG, stop
from bot.platforms import PLATFORMS
from bot.settings.environment import load


def choose_platform(screen: Screen, answers: Answers, name: str) -> AnyPlatform:
    """The platform that was named, else one that has a token already, else the one that is chosen."""
    by_name = {one.name: one for one in PLATFORMS}
    if name:
        if name.lower() not in by_name:
            stop(f"There is no platform “{name}”. Write one of these: {', '.join(by_name)}.", 2)
        return by_name[name.lower()]
    begun = [one for one in PLATFORMS if answers.get(_variable(one, one.setup().credentials[0]))]
    if len(begun) == 1:
        return begun[0]
    if screen.yes:
        screen.require(" or ".join(f"tilth setup {one}" for one in by_name), "The platform is not known.")
    screen.title("Where does your community talk?")
    return PLATFORMS[screen.choose("Platform", [one.title for one in PLATFORMS])]


def _variable(platform: AnyPlatform, one: Credential) -> str:
    return f"{platform.name}__{one.field}".upper()


def _add_to(known: str, more: str) -> str:
    """A JSON object with more in it; what stands in it already stays."""
    try:
        before = json.loads(known or "{}")
    except ValueError:
        before = {}
    return json.dumps(json.loads(more) | before)


def _name_together(missing: Sequence[Credential]) -> str:
    """The question for one secret, or for several at once."""
    titles = " and ".join(one.title for one in missing)
    return titles if len(missing) == 1 else f"{titles}, with a space between, or one of them"


class Connecting:
    """What is known of one platform while it is set up: its secrets, and where it is asked."""

    def __init__(self, screen: Screen, answers: Answers, platform: AnyPlatform) -> None:
        self._screen, self._answers, self._platform = screen, answers, platform
        self.ask: PlatformSetup = platform.setup()
        default = platform.settings_model().model_fields["api_url"].default
        self.api_url: str = answers.get(f"{platform.name}__API_URL".upper()) or str(default)
        self.secrets: dict[str, str] = {}

    @property
    def title(self) -> str:
        """What people call the platform."""
        return self._platform.title

    @property
    def roles(self) -> RoleFacts:
        """Who may do more there."""
        return self._platform.roles

    def _app_link(self) -> str:
        from bot.playground.bare_app import bare_menu

        return self.ask.app_link(lambda: bare_menu(load(_env_file=None)))

    def take_credentials(self) -> None:
        """Every secret of the platform: those that are set already and work, else asked for until each works.

        Several are asked for together: what was pasted is known by its form.
        """
        self._screen.title(f"{self._platform.title}: tokens")
        missing = [one for one in self.ask.credentials if not self._stands(one)]
        if missing and self._screen.yes:
            variable = f"TILTH_{_variable(self._platform, missing[0])}"
            self._screen.require(
                f"the variable {variable}", f"The {missing[0].title} is missing or not accepted."
            )
        if missing:
            self._screen.link(
                self._app_link(), "Make the app at this address. (Skip this if you have made it already.)"
            )
        while missing:
            self._screen.say("", *(f"  {one.where}" for one in missing))
            for text in self._screen.ask_secret(_name_together(missing)).split() or [""]:
                meant = next((one for one in missing if not one.judge(text)), None)
                if meant is None:
                    wanted = missing or self.ask.credentials
                    self._screen.problem(wanted[0].judge(text) or f"The {wanted[0].title} is there already.")
                elif self._accepts(meant, text):
                    missing.remove(meant)

    def _stands(self, one: Credential) -> bool:
        """Whether a secret is set already and still works."""
        known = self._answers.get(_variable(self._platform, one))
        if not known:
            return False
        if problem := one.judge(known):
            self._screen.problem(problem)
            return False
        return self._accepts(one, known)

    def _accepts(self, one: Credential, text: str) -> bool:
        """Whether the platform takes a secret of the right form; then it is written down."""
        tried = {**self.secrets, one.field: text}
        try:
            said = asyncio.run(self.ask.check_credential(one.field, tried, self.api_url))
        except SetupProblem as error:
            self._screen.problem(f"{one.title}: {error}")
            return False
        self.secrets = tried
        self._answers.put({_variable(self._platform, one): text})
        self._screen.done(f"{one.title}: {said}")
        return True

    def find_admins(self, space: SetupSpace) -> SetupAdmins:
        """Who runs a space, as far as the platform tells; they are shown, and nothing depends on them."""
        try:
            return asyncio.run(self.ask.find_admins(space, self.secrets, self.api_url))
        except SetupProblem:
            return SetupAdmins()

    def find_spaces(self) -> tuple[SetupSpace, ...]:
        """The spaces and channels as the platform shows them now; the process ends where it does not answer."""
        try:
            return self._ask_spaces()
        except SetupProblem as error:
            stop(str(error), CONFIG)

    def _ask_spaces(self) -> tuple[SetupSpace, ...]:
        return asyncio.run(self.ask.find_spaces(self.secrets, self.api_url))

    def watch_spaces(self, are_well: Callable[[tuple[SetupSpace, ...]], bool]) -> tuple[SetupSpace, ...]:
        """The spaces as they are when somebody has done at the platform what makes them well, or goes on without."""

        def look() -> bool:
            try:
                return are_well(self._ask_spaces())
            except SetupProblem:  # a network that is away for a moment; the last look says it
                return False

        self._screen.watch("Setup goes on", look)
        return self.find_spaces()

    def choose_space(self) -> SetupSpace:
        """The space that the community is in; a bot that is in none is invited first."""
        found = self.find_spaces()
        while not found:
            self._screen.link(
                self.ask.invite_link(self.secrets),
                "Let the bot in: open this address, choose the server, press Authorize.",
            )
            if self._screen.yes:
                stop("The bot is in no server yet. Open that address, then run this again.", CONFIG)
            found = self.watch_spaces(bool)
        number = 0
        if len(found) > 1:
            mine = [at for at, one in enumerate(found) if one.key == self._answers.draft().get("space")]
            if mine:
                number = mine[0]
            elif self._screen.yes:
                self._screen.require(
                    "--channel and a bot that is in one server", "The bot is in several servers."
                )
            else:
                number = self._screen.choose("Which one", [one.name for one in found])
        self._answers.put_draft(space=found[number].key)
        slug = self._answers.get("COMMUNITY__SLUG") or "home"
        for name, value in self.ask.variables(found[number], slug).items():
            self._answers.put({name: _add_to(self._answers.get(name), value)})
        self._screen.done(f"{self._platform.title}: {found[number].name}")
        return found[number]
