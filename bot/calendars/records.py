"""Records of the calendar in the audit log, and small values its commands share."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.calendars.tables import CalendarSource
from bot.chat.menu import Command, Option
from bot.chat.models import Role
from bot.feature import Request, note_change


def calendar_command(
    verb: str, summary: str, *options: Option, opens: bool = False, example: str = "", label: str = ""
) -> Command:
    """Return a moderators' command under `/tilth calendar`."""
    examples = (example,) if example else ()
    return Command(
        "tilth",
        f"calendar {verb}".strip(),
        summary,
        options,
        Role.MODERATOR,
        opens,
        examples=examples,
        label=label,
    )


def describe_source(one: CalendarSource) -> dict[str, object]:
    """Return what goes on record of a source; a file's own text and who put it there do not."""
    return {
        "label": one.label,
        **{name: value for name, value in one.details.items() if name not in ("text", "by")},
    }


def record_source(
    conn: Connection, request: Request, what: str, one: CalendarSource,
    before: Mapping[str, object] | None, after: Mapping[str, object] | None,
) -> None:  # fmt: skip
    """Write a change of a source into the audit log."""
    note_change(conn, request, what, f"b{one.id}", before, after)
