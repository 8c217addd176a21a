"""What the app may do and hear, read from its manifest as Slack reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EVENT_SCOPES = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "tokens_revoked": (),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "emoji_changed": ("emoji:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
MESSAGE_EVENTS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Manifest:
    """A manifest, or (None) an app that may do and hear everything but post where it is not a member."""

    def __init__(self, given: Mapping[str, Any] | None) -> None:
        self.open = given is None
        given = given or {}
        settings = given.get("settings") or {}
        features = given.get("features") or {}
        self.scopes = set(((given.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ())
        self.events = set((settings.get("event_subscriptions") or {}).get("bot_events") or ())
        self.commands = {c["command"]: c for c in features.get("slash_commands") or ()}
        self.shortcuts = {(c["type"], c["callback_id"]) for c in features.get("shortcuts") or ()}
        home = features.get("app_home") or {}
        self.home_tab = self.open or bool(home.get("home_tab_enabled"))
        self.messages_tab = self.open or (
            bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled")
        )
        self.direct_messages = self.open or bool(home.get("messages_tab_enabled"))
        self.interactive = self.open or bool((settings.get("interactivity") or {}).get("is_enabled"))
        self.socket_mode = self.open or bool(settings.get("socket_mode_enabled"))
        for event in sorted(self.events):
            if event not in EVENT_SCOPES:
                raise ValueError(f"the manifest subscribes to {event!r}, which is no bot event")
            if EVENT_SCOPES[event] and not self.scopes & set(EVENT_SCOPES[event]):
                raise ValueError(f"the manifest subscribes to {event!r} without {EVENT_SCOPES[event]}")

    def allows(self, scope: str) -> bool:
        if self.open:
            return scope != "chat:write.public"
        return scope in self.scopes

    def hears(self, event: Mapping[str, Any]) -> bool:
        kind = event["type"]
        if kind == "message":
            kind = MESSAGE_EVENTS[event["channel_type"]]
        return self.open or kind in self.events

    def escapes(self, command: str) -> bool:
        return bool(self.commands.get(command, {}).get("should_escape"))
