"""Mentions that would call everybody, and the refusal of them."""

from __future__ import annotations

import re

from bot.chat.language import _
from bot.chat.models import Refusal

# How people type them, and what platforms make of them when they send text on:
# https://docs.slack.dev/messaging/formatting-message-text and https://docs.discord.com/developers/reference
_CALLS = re.compile(
    r"(?<![\w.])@(?:everyone|here|channel)\b|<!(?:everyone|here|channel)\b[^>]*>|<!subteam\^[^>]*>|<@&\d+>",
    re.IGNORECASE,
)
_GROUP = re.compile(r"<!subteam\^(?P<group>\w+)(?:\|[^>]*)?>|<@&(?P<role>\d+)>|@?(?P<bare>[\w.-]{1,80})")


def mass_mention(text: str) -> str | None:
    """The first mention in a text that would call a whole group, as it was written; None when there is none."""
    found = _CALLS.search(text)
    return None if found is None else found[0]


def refuse_calls(*texts: str, returning: str = "") -> None:
    """Raise a `Refusal` when one of these texts would call a whole group; `returning` is handed back."""
    if any(mass_mention(text) for text in texts):
        raise Refusal(
            _("That would notify everybody at once."),
            _(
                "Leave the mention out. An admin can let a schedule notify one group: `/prompt pings s3 "
                "@group`."
            ),
            returning,
        )


def group_of(text: str) -> str | None:
    """The platform's id of a role or group, however it was written; None when it names everybody, or nobody."""
    found = _GROUP.fullmatch(text.strip())
    if found is None or (found["bare"] or "").lower() in ("everyone", "here", "channel"):
        return None
    return found["group"] or found["role"] or found["bare"]
