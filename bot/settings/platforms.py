"""What an operator sets for a platform: tokens, and how the bot hears. Part of `bot/settings/model.py`."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr, field_validator

PREFIX = "TILTH_"
PLATFORMS = ("slack", "discord")
"""The platforms beside the playground; each is a folder of that name in `adapters/`."""
ASKED = {"slack": ("adapters.slack.manifest", "scope"), "discord": ("adapters.discord.invite", "permission")}
"""What each platform calls what we ask it for, and the module whose `reasons()` says why."""


class SlackAppSettings(BaseModel):
    """One Slack app, which is one workspace."""

    model_config = {"extra": "forbid"}

    bot_token: SecretStr = Field(SecretStr(""), description="Bot token of the Slack app (xoxb-…)")
    app_token: SecretStr = Field(
        SecretStr(""), description="App-level token (xapp-…) for Socket Mode; empty: events come by HTTP"
    )
    signing_secret: SecretStr = Field(
        SecretStr(""), description="Signing secret of the app, for events by HTTP (/slack/events/<name>)"
    )
    community: str = Field("", description="Slug of the community the workspace belongs to; empty: the first")

    @field_validator("bot_token")
    @classmethod
    def _is_bot_token(cls, token: SecretStr) -> SecretStr:
        return _begins(token, "xoxb-", "Copy the “Bot User OAuth Token” from OAuth & Permissions")

    @field_validator("app_token")
    @classmethod
    def _is_app_token(cls, token: SecretStr) -> SecretStr:
        return _begins(
            token, "xapp-", "Make one under Basic Information, App-Level Tokens, with connections:write"
        )

    def check_whole(self, where: str) -> None:
        """Refuse an app that has only some of what it needs; `where` is the part of the variable before its name."""
        bot, app, secret = (
            bool(one.get_secret_value()) for one in (self.bot_token, self.app_token, self.signing_secret)
        )
        prefix = f"{PREFIX}SLACK__{where}"
        if bot and not (app or secret):
            raise ValueError(
                f"{prefix}BOT_TOKEN is set, and nothing to hear with: set {prefix}APP_TOKEN (xapp-…, for Socket Mode) "
                f"or {prefix}SIGNING_SECRET (for events by HTTP)"
            )
        if (app or secret) and not bot:
            raise ValueError(f"{prefix}BOT_TOKEN is missing: it begins with xoxb-, under OAuth & Permissions")


class SlackSettings(SlackAppSettings):
    """Slack: one app here, further ones under `apps`."""

    apps: dict[str, SlackAppSettings] = Field(
        default_factory=dict,
        description="Further workspaces by name: TILTH_SLACK__APPS__NORTH__BOT_TOKEN and so on",
    )
    api_url: str = Field(
        "https://slack.com/api/", description="Address of Slack's Web API; only tests change it"
    )
    single_root: bool = Field(
        False, description="Offer one slash command, /tilth reflect …, where names collide with other apps"
    )

    def everyone(self) -> dict[str, SlackAppSettings]:
        """Every app by name; the one without a name is `main`."""
        first = {"main": self} if self.bot_token.get_secret_value() else {}
        return {**first, **self.apps}


class DiscordSettings(BaseModel):
    """Discord: one bot, in any number of servers."""

    model_config = {"extra": "forbid"}

    token: SecretStr = Field(SecretStr(""), description="Bot token of the Discord application")
    servers: dict[str, str] = Field(
        default_factory=dict,
        description='Which server belongs to which community, as JSON: {"server id": "community slug"}; a server '
        "that is not listed is told so and sees nothing",
    )
    message_content: bool = Field(
        True, description="Ask for the message-content intent; without it, replies in threads are not heard"
    )
    members: bool = Field(
        False, description="Ask for the members intent; needed for prompts to everyone's direct messages"
    )
    shards: int = Field(0, ge=0, description="Number of gateway shards; 0: as many as Discord recommends")
    api_url: str = Field(
        "https://discord.com/api/v10", description="Address of Discord's API; only tests change it"
    )


def _begins(token: SecretStr, prefix: str, fix: str) -> SecretStr:
    value = token.get_secret_value()
    if value and not value.startswith(prefix):
        raise ValueError(f"it does not begin with {prefix}. {fix}")
    return token
