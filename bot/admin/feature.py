"""`/tilth setup` and `/tilth audit`: for admins, where trouble is told and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.admin import cards
from bot.alerting import alerts as alerting
from bot.alerting.alerts import Alerts
from bot.chat.cards import Card
from bot.chat.menu import Command, Kind, Option
from bot.chat.words import Place, Refusal, Role
from bot.delivery.facts import Failed
from bot.feature import Action, Answerer, Ask, Feature, Whose
from bot.people import audit
from bot.store.store import Store
from bot.timing.clock import Clock

PAGE = 15
"""Changes on one page."""
DAYS, MOST_DAYS = 30, 3660


class Admin:
    """What admins ask about the bot itself."""

    def __init__(self, store: Store, alerts: Alerts) -> None:
        self._store = store
        self._alerts = alerts

    async def setup(self, ask: Ask) -> Card:
        """Show where moderators hear of trouble, or change it."""
        channel, direct = ask.text("alerts"), ask.values.get("direct")
        if channel and direct:
            raise Refusal("That is two places.", "Give alerts:#channel or direct:yes, not both.", ask.line)

        def change(conn: Connection) -> Card:
            home = ask.community.id
            before = alerting.place_of(conn, home)
            if channel:
                alerting.hear_in(conn, home, Place(ask.place.space, channel))
            elif direct:
                alerting.hear_in(conn, home, None)
            after = alerting.place_of(conn, home)
            if before != after:
                self._note(conn, ask, before, after)
            moderators = len(self._alerts.moderators(conn, home))
            return cards.setup_card(after, moderators, bool(channel or direct))

        return await self._store.write(change)

    @staticmethod
    def _note(conn: Connection, ask: Ask, before: Place | None, after: Place | None) -> None:
        old, new = ({"place": "direct" if one is None else one.channel} for one in (before, after))
        audit.note(conn, ask.community.id, ask.member.id, ask.role, "changed", "alerts", old, new, ask.now)

    async def audit(self, ask: Ask) -> Card:
        """Who changed what, newest first."""
        days = ask.number("days")
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Refusal(f"{days} days are out of reach.", f"Ask for 1 to {MOST_DAYS}.", ask.line)
        return replace(await self._page(ask, 0, days or DAYS), replaces=False)

    async def page(self, ask: Ask) -> Card:
        """Another page of the audit log."""
        page, days = ask.value.split("/")
        return await self._page(ask, int(page), int(days))

    async def _page(self, ask: Ask, page: int, days: int) -> Card:
        since = ask.now - timedelta(days=days)

        def look(conn: Connection) -> Card:
            found = audit.changes(conn, ask.community.id, since=since, offset=page * PAGE, limit=PAGE + 1)
            return cards.audit_card(found[:PAGE], ask.community.zone, days, page, len(found) > PAGE)

        return await self._store.read(look)

    def commands(self) -> tuple[Answerer, ...]:
        """The commands under /tilth that admins use."""
        return (
            Answerer(
                Command(
                    "tilth", "setup", "Where moderators hear of trouble",
                    (
                        Option("alerts", "Tell it in this channel", Kind.CHANNEL),
                        Option("direct", "Tell each moderator by direct message", Kind.YES_NO),
                    ),
                    role=Role.ADMIN,
                    examples=("/tilth setup alerts:#moderators",),
                ),
                self.setup,
            ),
            Answerer(
                Command(
                    "tilth", "audit", "Who changed what, and what it was before",
                    (Option("days", "How far back", Kind.NUMBER),),
                    role=Role.ADMIN,
                    examples=("/tilth audit days:7",),
                ),
                self.audit,
            ),
        )  # fmt: skip


def feature(store: Store, clock: Clock, alerts: Alerts) -> Feature:
    """Setup and audit; also keeps moderators told where their own channel fails, and forgets who changed what."""
    admin = Admin(store, alerts)

    def failed(conn: Connection, fact: Failed) -> None:
        alerts.failed(conn, fact, clock.now())

    return Feature(
        name="admin",
        forget=lambda conn, whose: audit.forget(conn, whose.community.id, whose.member_id),
        hand_over=hand_over,
        nouns={"tilth": "What I can do"},
        commands=admin.commands(),
        actions=(Action("tilth.audit", admin.page, Role.ADMIN),),
        facts=((Failed, failed),),
        examples=cards.examples,
    )


def hand_over(conn: Connection, whose: Whose) -> Mapping[str, list[dict[str, object]]]:
    """What a moderator changed."""
    return {"changes you made": audit.hand_over(conn, whose.community.id, whose.member_id)}
