"""The description of Discord: what it is called, how it starts, and the operator's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.chat.platform import OperatorTools, Platform, RoleFacts

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.discord.settings import DiscordSettings
    from bot.chat.cards import Card
    from bot.chat.platform_adapter import PlatformAdapter
    from bot.chat.platform_setup import PlatformSetup
    from bot.chat.port import AdapterState


class DiscordPlatform:
    """Discord, one bot in any number of servers. What is heavy is imported where it is needed."""

    name = "discord"
    title = "Discord"
    asks_for = "permission"
    one_connection = True  # each connection to the gateway hears everything
    roles = RoleFacts(
        admins=("discord:administrator",),
        moderators=("discord:manage-server",),
        moderators_in_words="who may manage the server",
        known=("discord:administrator", "discord:manage-server", "discord:role:123", "discord:id:123"),
        example="discord:role:123",
    )

    def settings_model(self) -> type[DiscordSettings]:
        from adapters.discord.settings import DiscordSettings

        return DiscordSettings

    def make_adapter(
        self, settings: DiscordSettings, now: Callable[[], datetime], memory: AdapterState
    ) -> PlatformAdapter:
        """The adapter of the bot in the settings."""
        from adapters.discord.adapter import DiscordAdapter

        return DiscordAdapter(
            settings.token.get_secret_value(), now, memory, api_url=settings.api_url, servers=settings.servers,
            message_content=settings.message_content, members=settings.members, shards=settings.shards,
        )  # fmt: skip

    def setup(self) -> PlatformSetup:
        """What `tilth setup` asks of Discord."""
        from adapters.discord.setup import DiscordSetup

        return DiscordSetup()

    def reasons(self) -> Iterable[tuple[str, str, bool]]:
        """(permission, why, whether the bot cannot do without)."""
        from adapters.discord.invite import reasons

        return reasons()

    def commands(self, tools: OperatorTools[DiscordSettings]) -> typer.Typer:
        """`tilth discord invite`."""
        commands = typer.Typer(
            help="Get the link that adds the bot to a Discord server.", no_args_is_help=True
        )

        @commands.command("invite")
        def show_invite(
            client_id: Annotated[
                str, typer.Argument(help="The application id. Without it, the one of the token.")
            ] = "",
            permissions: Annotated[
                bool, typer.Option("--permissions", help="Print each permission with its reason.")
            ] = False,
        ) -> None:
            """Print the link that adds the bot to a server, with only the permissions it needs."""
            from adapters.discord import invite

            if permissions:
                for name, reason, needed in invite.reasons():
                    typer.echo(f"{name:24} {'' if needed else '(optional) '}{reason}")
                return
            known = client_id or invite.client_id_of(tools.settings().token.get_secret_value())
            if not known:
                tools.stop(
                    "Name the application: tilth discord invite CLIENT_ID. Or set TILTH_DISCORD__TOKEN."
                )
            typer.echo(invite.invite_link(known))

        return commands

    def draw(self, card: Card) -> str:
        """A sketch of a card as HTML, for the gallery."""
        from adapters.discord.preview import draw_card

        return draw_card(card)


PLATFORM: Platform[DiscordSettings] = DiscordPlatform()
