"""`/tilth setup` and `/tilth audit`: for admins, where trouble is told and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.admin import cards
from bot.alerts import alerts as alerting
from bot.alerts import cards as trouble
from bot.alerts import tables
from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, load, say
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Place, Refusal, Role
from bot.delivery import outbox
from bot.delivery.facts import Failed, Sent, Stuck
from bot.feature import ButtonHandler, CommandHandler, DataSubject, Feature, Request, Waits, note
from bot.people import audit
from bot.runtime.clock import Clock
from bot.store.store import Store

PAGE = 15
"""Changes on one page."""
DAYS, MOST_DAYS = 30, 3660


class Admin:
    """What admins ask about the bot itself."""

    def __init__(self, store: Store, alerts: Alerts) -> None:
        self._store = store
        self._alerts = alerts

    async def setup(self, request: Request) -> Card:
        """Show where moderators hear of trouble, or change it."""
        channel, direct = request.text("alerts"), request.values.get("direct")
        if channel and direct:
            raise Refusal(
                "That is two places.", "Give alerts:#channel or direct:yes, not both.", request.line
            )

        def change(conn: Connection) -> Card:
            home = request.community.id
            before = alerting.place_of(conn, home)
            if channel:
                alerting.hear_in(conn, home, Place(request.place.space, channel))
            elif direct is False:
                alerting.hear_as_set(conn, home)
            elif direct:
                alerting.hear_in(conn, home, None)
            after = alerting.place_of(conn, home)
            if before != after:
                self._note(conn, request, before, after)
            moderators = len(self._alerts.moderators(conn, home))
            return cards.setup_card(after, moderators, bool(channel) or direct is not None)

        return await self._store.write(change)

    @staticmethod
    def _note(conn: Connection, request: Request, before: Place | None, after: Place | None) -> None:
        old, new = ({"place": "direct" if one is None else one.channel} for one in (before, after))
        note(conn, request, "changed", "alerts", old, new)

    async def audit(self, request: Request) -> Card:
        """Who changed what, newest first."""
        days = request.number("days")
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Refusal(f"{days} days are out of reach.", f"Ask for 1 to {MOST_DAYS}.", request.line)
        return replace(await self._page(request, 0, days or DAYS), replaces=False)

    async def page(self, request: Request) -> Card:
        """Another page of the audit log."""
        page, days = request.value.split("/")
        return await self._page(request, int(page), int(days))

    async def _page(self, request: Request, page: int, days: int) -> Card:
        since = request.now - timedelta(days=days)

        def look(conn: Connection) -> Card:
            found = audit.changes(conn, request.community.id, since=since, offset=page * PAGE, limit=PAGE + 1)
            return cards.audit_card(found[:PAGE], request.community.zone, days, page, len(found) > PAGE)

        return await self._store.read(look)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /tilth that admins use."""
        return (
            CommandHandler(
                Command(
                    "tilth", "setup", "Where moderators hear of trouble",
                    (
                        Option("alerts", "Tell it in this channel", OptionKind.CHANNEL),
                        Option("direct", "Tell each moderator by direct message; no: as the operator set it", OptionKind.YES_NO),
                    ),
                    role=Role.ADMIN,
                    examples=("/tilth setup alerts:#moderators",),
                ),
                Waits(self.setup),
            ),
            CommandHandler(
                Command(
                    "tilth", "audit", "Who changed what, and what it was before",
                    (Option("days", "How far back", OptionKind.NUMBER),),
                    role=Role.ADMIN,
                    examples=("/tilth audit days:7",),
                ),
                Waits(self.audit),
            ),
        )  # fmt: skip


class Doubts:
    """What moderators are told of every post, whichever feature it belongs to: in doubt, or well again."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts) -> None:
        self._store, self._clock, self._alerts = store, clock, alerts

    def failed(self, conn: Connection, fact: Failed) -> None:
        """An alert itself could not be posted."""
        self._alerts.failed(conn, fact, self._clock.now())

    def stuck(self, conn: Connection, fact: Stuck) -> None:
        """Nobody but a person can see whether something was posted."""
        row = outbox.by_key(conn, fact.key)
        if row is None or row.card is None or row.private:
            return
        title = load(row.card).title
        card = trouble.unsure(fact.place, f"*{title}*", row.id)
        self._alerts.alert(conn, fact.community_id, f"stuck:{row.id}", card, self._clock.now())

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Where something was posted, all is well."""
        if not fact.place.private:
            now, key = self._clock.now(), trouble.place_key(fact.place)
            self._alerts.resolve(conn, fact.community_id, key, now, trouble.works_again(fact.place))
            row = outbox.by_key(conn, fact.key)
            if row is not None and row.alerted_at is not None:
                self._alerts.resolve(conn, fact.community_id, f"stuck:{row.id}", now, say("It is there now."))

    async def release(self, request: Request) -> Card:
        """A moderator looked, and it is not there: post it."""

        def go(conn: Connection) -> Card:
            row = tables.said(conn, request.community.id, int(request.value))
            if row is None or not outbox.release(conn, row.key, request.now):
                return replace(say("That is settled already."), replaces=True)
            note(conn, request, "released", row.kind)
            done = say("It goes out now.")
            self._alerts.resolve(conn, request.community.id, f"stuck:{row.id}", request.now, done)
            return replace(done, replaces=True)

        return await self._store.write(go)

    async def leave(self, request: Request) -> Card:
        """A moderator looked, and it is there."""

        def settle(conn: Connection) -> Card:
            done = say("Thank you. I leave it as it is.")
            self._alerts.resolve(conn, request.community.id, f"stuck:{int(request.value)}", request.now, done)
            return replace(done, replaces=True)

        return await self._store.write(settle)


def feature(store: Store, clock: Clock, alerts: Alerts) -> Feature:
    """Setup and audit; also keeps moderators told where their own channel fails, and forgets who changed what."""
    admin = Admin(store, alerts)
    doubts = Doubts(store, clock, alerts)
    return Feature(
        name="admin",
        forget=lambda conn, whose: audit.forget(conn, whose.community.id, whose.member_id),
        hand_over=hand_over,
        nouns={"tilth": "What I can do"},
        commands=admin.commands(),
        actions=(
            ButtonHandler("tilth.audit", Waits(admin.page), Role.ADMIN),
            ButtonHandler("alerts.release", Waits(doubts.release), Role.MODERATOR),
            ButtonHandler("alerts.leave", Waits(doubts.leave), Role.MODERATOR),
        ),
        facts=((Failed, doubts.failed), (Stuck, doubts.stuck), (Sent, doubts.sent)),
        examples=lambda: (*cards.examples(), *trouble.examples()),
    )


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a moderator changed."""
    return {"changes you made": audit.hand_over(conn, whose.community.id, whose.member_id)}
