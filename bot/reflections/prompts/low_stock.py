"""Decks that run dry: moderators hear of it while there is time to add something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.chat.language import _, format_list, ngettext
from bot.people.languages import speaking_to_all
from bot.reflections.prompts import selection
from bot.reflections.prompts.selection import Supply
from bot.reflections.schedule.settings import KIND, PromptSettings, settings_of, source_of
from bot.schedules import tables
from bot.schedules.model import Schedule

FEW = 3
"""Prompts left at which moderators are told; of a small deck, half of it."""


class Supplies:
    """Watches what the decks of each schedule still have to ask."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    def check(
        self, conn: Connection, community_id: int, now: datetime, only: Schedule | int | None = None, left: Supply | None = None
    ) -> None:  # fmt: skip
        """Tell of schedules whose decks are running dry, and of those that no longer are.

        `only` one schedule, where `left` may be known from the draw: to count it is to read the bank and all that was asked.
        """
        if only is None:
            found = tables.schedules(conn, community_id)
        else:  # every prompt that goes out asks for its own: there may be hundreds of others
            known = tables.find_schedule(conn, community_id, only) if isinstance(only, int) else only
            found = [] if known is None else [known]
        for one in found:
            if one.kind == KIND and one.running and one.instead_of is None:
                self._check(conn, one, now, left)

    def forget(self, conn: Connection, one: Schedule, now: datetime) -> None:
        """A schedule was cancelled: nobody needs to add prompts for it."""
        with speaking_to_all(conn, one.community_id):
            said = say(_("{schedule} was canceled.", schedule=one.name))
        self._alerts.resolve(conn, one.community_id, f"dry:{one.id}", now, said)

    def _check(self, conn: Connection, one: Schedule, now: datetime, left: Supply | None) -> None:
        left = left or selection.count_supply(conn, one.community_id, source_of(one), now)
        key = f"dry:{one.id}"
        with speaking_to_all(conn, one.community_id):
            if is_low(left):
                card = low_stock_card(one, settings_of(one), left)
                self._alerts.alert(conn, one.community_id, key, card, now)
            else:
                told = _("{schedule} has enough prompts to ask.", schedule=one.name)
                done = say(_("There is enough to ask again"), Markdown(told))
                self._alerts.resolve(conn, one.community_id, key, now, done)


def is_low(left: Supply) -> bool:
    """Whether a first round is nearly over. Once a deck began again, moderators know that it does."""
    return left.round == 0 and left.left <= min(FEW, left.total // 2)


def low_stock_card(one: Schedule, settings: PromptSettings, left: Supply) -> Card:
    """What is left, and what happens then."""
    decks = format_list([f"*{deck}*" for deck in settings.decks])
    if settings.tag:
        decks = _("{decks} with #{tag}", decks=decks, tag=settings.tag)
    if left.total == 0:
        text = _(
            "{schedule} has nothing to ask: there is no prompt in {decks}. Its dates are skipped until there is.",
            schedule=one.name, decks=decks,
        )  # fmt: skip
    else:
        text = ngettext(
            "{schedule} has one prompt of {decks} left that it has not asked. After that it begins again with the first.",
            "{schedule} has {count} prompts of {decks} left that it has not asked. After that it begins again with the "
            "first.",
            left.left, schedule=one.name, decks=decks,
        )  # fmt: skip
    return say(
        _("A deck is almost used up"),
        Markdown(text),
        Markdown(_("`/prompt import` takes many at once; `/prompt review` shows what members suggested.")),
        Buttons((Button(_("Add a prompt"), opens="prompt.add", value=settings.decks[0][:40], style="main"),)),
    )
