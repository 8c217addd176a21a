"""Decks that run dry: moderators hear of it while there is time to add something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.reflections.prompts import selection
from bot.reflections.prompts.selection import Supply
from bot.reflections.schedule.settings import KIND, PromptScheduleSettings, terms_of
from bot.schedules import tables
from bot.schedules.model import Schedule

FEW = 3
"""Prompts left at which moderators are told; of a small deck, half of it."""


class Supplies:
    """Watches what the decks of each schedule still have to ask."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    def check(self, conn: Connection, community_id: int, now: datetime, only: int | None = None) -> None:
        """Tell of schedules whose decks are running dry, and of those that no longer are; `only` one schedule."""
        for one in tables.schedules(conn, community_id):
            if one.kind != KIND or not one.running or (only is not None and one.id != only):
                continue
            terms = terms_of(one)
            if terms.instead is None:
                self._check(conn, one, terms, now)

    def _check(self, conn: Connection, one: Schedule, terms: PromptScheduleSettings, now: datetime) -> None:
        left = selection.count_supply(conn, one.community_id, terms.source(one.id))
        key = f"dry:s{one.id}"
        if is_low(left):
            self._alerts.alert(conn, one.community_id, key, low_stock_card(one, terms, left), now)
        else:
            done = say("There is enough to ask again", Markdown(f"s{one.id} has enough prompts to ask."))
            self._alerts.resolve(conn, one.community_id, key, now, done)


def is_low(left: Supply) -> bool:
    """Whether a first round is nearly over. Once a deck began again, moderators know that it does."""
    return left.round == 0 and left.left <= min(FEW, left.total // 2)


def low_stock_card(one: Schedule, terms: PromptScheduleSettings, left: Supply) -> Card:
    """What is left, and what happens then."""
    decks = " and ".join(f"*{deck}*" for deck in terms.decks) + (f" with #{terms.tag}" if terms.tag else "")
    if left.total == 0:
        text = f"s{one.id} has nothing to ask: there is no prompt in {decks}. Its dates are skipped until there is."
    else:
        few = "one prompt" if left.left == 1 else f"{left.left} prompts"
        text = f"s{one.id} has {few} of {decks} left that it has not asked. After that it begins again with the first."
    return say(
        "A deck is running dry",
        Markdown(text),
        Markdown("`/prompt import` takes many at once; `/prompt review` shows what members suggested."),
        Buttons((Button("Add a prompt", opens="prompt.add", value=terms.decks[0][:40], style="main"),)),
    )
