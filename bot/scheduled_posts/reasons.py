"""Why a date does not come as planned, in the reader's language; it is stored in English."""

from __future__ import annotations

from bot.chat.language import N_, _

MOVED = N_("moved by a moderator: {name}")
"""The reason of a date whose place another schedule took."""
_NAMED = (
    N_("break: {name}, a later one takes its place"),
    N_("break: {name}, held until the return"),
    N_("break: {name}"),
    MOVED,
)
"""Reasons that name something; the longer of two that begin alike stands first."""


def describe_reason(reason: str) -> str:
    """Say a reason as it is stored in the reader's language; nothing where there is none."""
    for text in _NAMED:
        before, _slot, after = text.partition("{name}")
        if reason.startswith(before) and reason.endswith(after):
            return _(text, name=reason.removeprefix(before).removesuffix(after))
    return _(reason) if reason else ""
