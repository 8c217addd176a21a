"""The settings of Discord: one bot, in any number of servers."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, SecretStr

from bot.chat.platform_settings import PlatformSettings


class DiscordSettings(PlatformSettings):
    """Discord: one bot, in any number of servers."""

    token: SecretStr = Field(SecretStr(""), description="Bot token of the Discord application")
    servers: dict[str, str] = Field(
        default_factory=dict,
        examples=['{"1234567890": "home"}'],
        description='Which server belongs to which community, as JSON: {"server id": "community slug"}; a server '
        "that is not listed is told so and sees nothing",
    )
    message_content: bool = Field(
        True,
        description="Ask for the message-content intent; without it, only replies that mention the bot are heard",
    )
    members: bool = Field(
        False,
        description="Ask for the members intent; without it, direct prompts go to those who pressed Join",
    )
    shards: int = Field(0, ge=0, description="Number of gateway shards; 0: as many as Discord recommends")
    api_url: str = Field(
        "https://discord.com/api/v10", description="Address of Discord's API; only tests change it"
    )

    @property
    def is_set_up(self) -> bool:
        return bool(self.token.get_secret_value())

    def communities(self) -> Mapping[str, str]:
        return {f"discord server {server}": slug for server, slug in self.servers.items()}
