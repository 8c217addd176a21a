"""The button by which somebody says that nobody is in danger: for an hour I save what they write."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.danger import tables
from bot.danger.cards import PAUSE
from bot.feature import ButtonHandler, Request, Writes
from bot.safety.cards import paused_card

LENGTH = timedelta(hours=1)
"""How long nothing that somebody writes is looked through after they pressed it."""


def pause_recognition(conn: Connection, request: Request) -> Card:
    """Look through nothing that this account writes in the next hour."""
    until = request.now + LENGTH
    tables.pause_until(conn, request.community.id, request.person.space, request.person.id, until)
    return paused_card(until, request.member.zone)


BUTTONS = (ButtonHandler(PAUSE, Writes(pause_recognition)),)
"""The button of the card with whom to call."""
