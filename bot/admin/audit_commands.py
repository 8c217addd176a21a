"""`/tilth audit`: who changed what and when, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.admin import cards
from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_fields, read_number
from bot.feature import ButtonHandler, CommandHandler, Reads, Request
from bot.people import audit

PAGE = 15
"""Changes on one page."""
DAYS, MOST_DAYS = 30, 3660


def show_audit(conn: Connection, request: Request) -> Card:
    """The first page of the audit log, newest first."""
    days = request.number("days")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refusal(
            _("The audit log can’t show {days} days.", days=days),
            _("Ask for 1 to {most} days.", most=MOST_DAYS),
            request.line,
        )
    return replace(_page(conn, request, 0, days or DAYS), replaces=False)


def turn_page(conn: Connection, request: Request) -> Card:
    """Another page of the audit log."""
    page, days = map(read_number, read_fields(request.value, 2))
    return _page(conn, request, page, min(max(days, 1), MOST_DAYS))


def _page(conn: Connection, request: Request, page: int, days: int) -> Card:
    since = request.now - timedelta(days=days)
    found = audit.recent_changes(conn, request.community.id, since=since, offset=page * PAGE, limit=PAGE + 1)
    return cards.audit_card(found[:PAGE], request.community.zone, days, page, len(found) > PAGE)


COMMANDS = (
    CommandHandler(
        Command(
            "tilth", "audit", N_("Who changed what, and what it was before"),
            (Option("days", N_("How far back"), OptionKind.NUMBER),),
            role=Role.ADMIN,
            examples=("/tilth audit days:7",), label=N_("What was changed"),
        ),
        Reads(show_audit),
    ),
)  # fmt: skip

BUTTONS = (ButtonHandler("tilth.audit", Reads(turn_page), Role.ADMIN),)
