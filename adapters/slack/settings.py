"""The settings of Slack: one app for each workspace, with its tokens."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field, SecretStr, field_validator

from bot.chat.platform_settings import PlatformSettings


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


class SlackSettings(SlackAppSettings, PlatformSettings):
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

    @property
    def is_set_up(self) -> bool:
        return bool(self.all_apps())

    def all_apps(self) -> dict[str, SlackAppSettings]:
        """Every app by name; the one without a name is `main`."""
        first = {"main": self} if self.bot_token.get_secret_value() else {}
        return {**first, **self.apps}

    def check_whole(self) -> None:
        """Refuse an app that has only some of what it needs."""
        _check_app(self, "TILTH_SLACK__")
        for name, app in self.apps.items():
            _check_app(app, f"TILTH_SLACK__APPS__{name.upper()}__")

    def communities(self) -> Mapping[str, str]:
        return {f"slack app {name}": app.community for name, app in self.all_apps().items()}


def _check_app(settings: SlackAppSettings, prefix: str) -> None:
    """Refuse an app that cannot hear or cannot speak; `prefix` is the part of its variables before their names."""
    bot, app, secret = (
        bool(one.get_secret_value())
        for one in (settings.bot_token, settings.app_token, settings.signing_secret)
    )
    if bot and not (app or secret):
        raise ValueError(
            f"{prefix}BOT_TOKEN is set, and nothing to hear with: set {prefix}APP_TOKEN (xapp-…, for Socket Mode) "
            f"or {prefix}SIGNING_SECRET (for events by HTTP)"
        )
    if (app or secret) and not bot:
        raise ValueError(f"{prefix}BOT_TOKEN is missing: it begins with xoxb-, under OAuth & Permissions")


def _begins(token: SecretStr, prefix: str, fix: str) -> SecretStr:
    value = token.get_secret_value()
    if value and not value.startswith(prefix):
        raise ValueError(f"it does not begin with {prefix}. {fix}")
    return token
