"""Mentions that would call everybody, and the refusal of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.cards import Mention
from bot.chat.language import _
from bot.chat.models import Refusal

# How people type them, and what platforms make of them when they send text on:
# https://docs.slack.dev/messaging/formatting-message-text and https://docs.discord.com/developers/reference
_CALLS = re.compile(
    r"(?<![\w.])@(?:everyone|here|channel)\b|<!(?:everyone|here|channel)\b[^>]*>|<!subteam\^[^>]*>|<@&\d+>",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"<!subteam\^(?P<group>\w+(?:\|@?[\w.-]{1,80})?)[^>]*>|<@&(?P<role>\d+)>|@?(?P<bare>[\w.-]{1,80})"
)


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


NO_GROUP = ("none", "nobody")
"""What somebody writes who wants no group notified."""


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """A name that somebody typed for a group, of which the platform says that no group has it."""

    name: str


def group_of(text: str) -> str | None:
    """A role or group, however it was written: the platform's id, with `|` and its name where that is told.

    None when it names everybody, or nobody.
    """
    found = _GROUP.fullmatch(text.strip())
    if found is None or (found["bare"] or "").lower() in ("everyone", "here", "channel"):
        return None
    return (found["group"] or "").replace("|@", "|") or found["role"] or found["bare"]


def group_id(group: str) -> str:
    """The platform's id of a group that `group_of` read."""
    return group.partition("|")[0]


def group_mention(group: str) -> Mention:
    """Such a group as it is named in a card, which notifies nobody by that."""
    id, _bar, name = group.partition("|")
    return Mention(id, name or id, group=True)
