"""The Slack app as the operator set it up."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SlackApp:
    """One app as the operator set it up. `name` is `main` for the one without a name."""

    name: str
    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    community: str = ""
    """Slug of the community its workspace belongs to; empty: the first."""

    def setting(self, which: str) -> str:
        """The environment variable that holds a part of it."""
        middle = "" if self.name == "main" else f"APPS__{self.name.upper()}__"
        return f"TILTH_SLACK__{middle}{which.upper()}"
