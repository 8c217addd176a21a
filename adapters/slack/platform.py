"""The description of Slack: what it is called, how it starts, and the operator's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.chat.platform import OperatorTools, Platform, RoleFacts

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.slack.settings import SlackSettings
    from bot.chat.cards import Card
    from bot.chat.platform_adapter import PlatformAdapter
    from bot.chat.platform_setup import PlatformSetup
    from bot.chat.port import AdapterState


class SlackPlatform:
    """Slack, one app for each workspace. What is heavy is imported where it is needed."""

    name = "slack"
    title = "Slack"
    asks_for = "scope"
    one_connection = False  # Slack gives each event to one of an app's connections
    roles = RoleFacts(
        admins=("slack:admin",),
        moderators=(),
        moderators_in_words="only the workspace's admins",
        known=("slack:admin", "slack:owner", "slack:group:S123", "slack:id:U123"),
        example="slack:group:S123",
        of_one_space="slack:T123:id:U123",
    )

    def settings_model(self) -> type[SlackSettings]:
        from adapters.slack.settings import SlackSettings

        return SlackSettings

    def make_adapter(
        self, settings: SlackSettings, now: Callable[[], datetime], memory: AdapterState
    ) -> PlatformAdapter:
        """The adapter of every workspace whose app is in the settings."""
        from adapters.slack.adapter import SlackAdapter, SlackApp

        apps = [
            SlackApp(
                name,
                one.bot_token.get_secret_value(),
                one.app_token.get_secret_value(),
                one.signing_secret.get_secret_value(),
                one.community,
            )
            for name, one in settings.all_apps().items()
        ]
        return SlackAdapter(apps, now, memory, api_url=settings.api_url, single_root=settings.single_root)

    def setup(self) -> PlatformSetup:
        """What `tilth setup` asks of Slack."""
        from adapters.slack.setup import SlackSetup

        return SlackSetup()

    def reasons(self) -> Iterable[tuple[str, str, bool]]:
        """(scope, why, whether the bot cannot do without)."""
        from adapters.slack.manifest import reasons

        return reasons()

    def commands(self, tools: OperatorTools[SlackSettings]) -> typer.Typer:
        """`tilth slack manifest`."""
        commands = typer.Typer(help="Get the manifest of the Slack app.", no_args_is_help=True)

        @commands.command("manifest")
        def show_manifest(
            link: Annotated[
                bool, typer.Option("--link", help="Print a link that creates the app from it.")
            ] = False,
            scopes: Annotated[
                bool, typer.Option("--scopes", help="Print each scope with its reason.")
            ] = False,
            url: Annotated[
                str,
                typer.Option(help="Where Slack sends events. Without it, Socket Mode: no public address."),
            ] = "",
            emails: Annotated[
                bool, typer.Option("--emails", help="Let the app find people by e-mail, for imports.")
            ] = False,
            files: Annotated[
                bool, typer.Option("--files", help="Let the app read files that people hand in.")
            ] = False,
        ) -> None:
            """Print the manifest of the Slack app: its commands, scopes and events."""
            import json

            from adapters.slack import manifest

            made = manifest.make_manifest(
                tools.menu(), single_root=tools.settings().single_root, url=url, emails=emails, files=files
            )
            if scopes:
                typer.echo(manifest.describe_scopes())
            elif link:
                typer.echo(manifest.manifest_link(made))
            else:
                typer.echo(json.dumps(made, indent=2, ensure_ascii=False))

        return commands

    def draw(self, card: Card) -> str:
        """A sketch of a card as HTML, for the gallery."""
        from adapters.slack.preview import draw_card

        return draw_card(card)


PLATFORM: Platform[SlackSettings] = SlackPlatform()
