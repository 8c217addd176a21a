"""How the audit log and the setup look: facts in, cards out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.admin.deeds import deed_words
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    compose,
    say,
)
from bot.chat.language import _, ngettext
from bot.chat.models import Place
from bot.chat.short_text import shorten
from bot.people.audit import Change

CLIP = 120
"""Characters of one value in the audit log."""


def audit_card(changes: Sequence[Change], zone: str, days: int, page: int, more: bool) -> Card:
    """A page of the audit log, newest first; `days` and `page` travel in the paging buttons."""
    if not changes:
        words = ngettext(
            "Nothing was changed in the last day.", "Nothing was changed in the last {count} days.", days
        )
        return say(_("Nothing was changed"), Markdown(words))
    rows = tuple(
        (
            deed_words(one),
            (Moment(one.at, zone), *((f": {said}",) if (said := describe_change(one)) else ())),
        )
        for one in changes
    )
    title = _("Changes in the settings")
    blocks: list[Block] = [Heading(title), Facts(rows)]
    turns = []
    if page > 0:
        turns.append(Button(_("Newer"), does="tilth.audit", value=f"{page - 1}/{days}"))
    if more:
        turns.append(Button(_("Older"), does="tilth.audit", value=f"{page + 1}/{days}"))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card(title, tuple(blocks), replaces=True)


def describe_change(change: Change) -> str:
    """What changed, in words: `rule: every mon 09:00 → every tue 09:00`."""
    before, after = change.before or {}, change.after or {}
    return "; ".join(
        f"{name}: {_value(before, name)} → {_value(after, name)}" for name in {**before, **after}
    )


def _value(state: Mapping[str, Any], name: str) -> str:
    value = state.get(name)
    match value:
        case None | "" | []:
            return _("none")
        case bool():
            return _("yes") if value else _("no")
        case list():
            text = ", ".join(map(str, value))
        case _:
            text = str(value)
    return shorten(text, CLIP)


def alerts_card(place: Place | None, moderators: int) -> Card:
    """Where moderators hear of trouble now."""
    if place is None:
        where = Markdown(_("I tell each moderator about problems by direct message."))
    else:
        told = _("I tell moderators about problems in {channel}.")
        where = Markdown(compose(told, channel=ChannelLink(place.channel)))
    blocks: list[Block] = [Heading(_("Setup")), where, Facts(((_("Moderators"), str(moderators)),))]
    if place is None and moderators == 0:
        blocks.append(
            Note(
                _(
                    "Then nobody would be told about problems. Choose a channel, or set who is a moderator "
                    "in the settings."
                )
            )
        )
    return say(_("Setup"), *blocks)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    changes = [
        Change(2, "Mo Hale", "moderator", "changed", "s3", {"when": "every mon 09:00"}, {"when": "every tue 09:00"}, at),
        Change(1, "Tilth", "tilth", "suspended", "s3", None, {"why": "is_archived"}, at - timedelta(hours=1)),
    ]  # fmt: skip
    return (
        audit_card(changes, "Europe/Dublin", 30, 1, more=True),
        audit_card([], "Europe/Dublin", 30, 0, more=False),
        alerts_card(Place("local:example", "c2"), 3),
        alerts_card(None, 0),
    )
