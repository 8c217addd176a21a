"""A prompt schedule in the making: read from a command or a form, shown before anything is asked, then confirmed.

It is written down switched off and marked as a draft, so that the preview's buttons find it after a restart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Channel, Markdown, Moment, Words, say
from bot.chat.forms import Choice, FieldErrors, Form, Pick, ShortText
from bot.chat.grammar import read_option
from bot.chat.menu import Kind, Option
from bot.chat.rhythms import parse_rule
from bot.chat.rules import Rule
from bot.chat.words import Refusal
from bot.chat.zones import zone as known_zone
from bot.feature import Ask
from bot.people import records as people
from bot.reflections import bank, cards
from bot.reflections.rhythm import EARLIEST, KIND, as_people_see_it, next_dates
from bot.store.store import Store
from bot.timing import edits, plans
from bot.timing.recurrence import clock_notes, describe

OPEN_FOR = timedelta(days=4)
"""How long a prompt stays open where the schedule does not say."""
DRAFT = "draft"


class Drafts:
    """How a moderator makes a prompt schedule."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def schedule(self, ask: Ask) -> Card | Form:
        """Prepare a schedule and show what it will do; with something missing, ask for it in a form."""
        if ask.missing:
            return await self.build(ask)
        return await self._prepare(ask)

    async def build(self, ask: Ask) -> Form:
        """The form of a new schedule, filled with what was understood."""
        decks = await self._store.read(lambda conn: bank.decks(conn, ask.community.id))
        if not decks:
            raise Refusal(
                "There is no deck of prompts.", "Put one under prompts/reflections and start me again."
            )
        rhythm = ask.values.get("when")
        return Form(
            "prompt.schedule", "A new prompt schedule",
            (
                Pick("channel", "Where to ask", "channel", value=ask.text("channel")),
                ShortText("when", "When", "every mon 09:00", value=str(rhythm[0]) if isinstance(rhythm, tuple) else ""),
                Choice("deck", "Which deck", tuple((deck, deck) for deck in list(decks)[:10]), value=ask.text("deck")),
                ShortText("closes", "How long it stays open", "4d", required=False),
                Choice("to", "Where it arrives", (("channel", "In the channel"), ("dm", "As a direct message")),
                       value=ask.text("to") or "channel"),
            ),
            submit="Preview",
        )  # fmt: skip

    async def take(self, ask: Ask) -> Card | FieldErrors:
        """The form came back: read the times as a command would."""
        values, errors = dict(ask.values), {}
        for name, kind in (("when", Kind.RHYTHM), ("closes", Kind.DURATION)):
            if not values.get(name):
                continue
            try:
                values[name] = read_option(Option(name, "", kind), str(values[name]))
            except Refusal as refusal:
                errors[name] = f"{refusal.problem} {refusal.fix}".strip()
        return FieldErrors(errors) if errors else await self._prepare(replace(ask, values=values))

    async def _prepare(self, ask: Ask) -> Card:
        """Show what a schedule will do; nothing is asked before it is confirmed."""
        rhythm: tuple[Rule, str | None] = ask.values["when"]  # type: ignore[assignment]
        rule, name = rhythm[0], rhythm[1] or ask.community.zone
        try:
            known_zone(name)
        except ValueError as error:
            raise Refusal(str(error), "", ask.line) from None
        open_for = ask.values.get("closes") or OPEN_FOR
        if not isinstance(open_for, timedelta) or not timedelta(hours=1) <= open_for <= timedelta(days=60):
            raise Refusal(
                "A prompt stays open for at least an hour and at most 60 days.", "Try closes:4d.", ask.line
            )
        direct = ask.text("to") == "dm"
        channel = str(ask.values["channel"])
        details = {
            "places": [{"space": ask.place.space, "channel": channel}],
            "to": "direct" if direct else "channel",
            "open_minutes": open_for // timedelta(minutes=1),
            DRAFT: True,
        }

        def prepare(conn: Connection) -> Card:
            deck = self._deck(conn, ask)
            details["deck"] = deck
            made = edits.add_schedule(
                conn,
                ask.community.id,
                kind=KIND,
                title=deck,
                rule=str(rule),
                zone=EARLIEST if direct else name,
                anchor=ask.now.astimezone(ZoneInfo(name)).date(),
                now=ask.now,
                details=details,
            )
            edits.disable(conn, ask.community.id, made, ask.now)
            draft = plans.find_schedule(conn, ask.community.id, made)
            if draft is None:
                raise LookupError(f"schedule {made} was written and is not there")
            shown = replace(draft, zone=name)
            return self._preview(conn, ask, shown, channel, direct, open_for)

        return await self._store.write(prepare)

    @staticmethod
    def _preview(
        conn: Connection, ask: Ask, draft: plans.Schedule, channel: str, direct: bool, open_for: timedelta
    ) -> Card:
        zone = ZoneInfo(draft.zone)
        rule, _ = parse_rule(draft.rule)
        dates = next_dates(draft, ask.now, 5)
        if not dates:
            raise Refusal("That time has passed.", "Pick one that is still to come.", ask.line)
        where: Words = (Channel(channel),)
        if direct:
            where = ("direct message to everyone in ", Channel(channel), ", at their own hour")
        count = bank.decks(conn, ask.community.id)[draft.details["deck"]]
        notes = clock_notes(rule, zone, ask.now.astimezone(zone).date(), 400)
        return cards.schedule_preview(
            draft.id,
            describe(rule, zone),
            draft.details["deck"],
            count,
            where,
            _length(open_for),
            dates,
            draft.zone,
            notes,
        )

    @staticmethod
    def _deck(conn: Connection, ask: Ask) -> str:
        decks = bank.decks(conn, ask.community.id)
        wanted = ask.text("deck")
        if not decks:
            raise Refusal(
                "There is no deck of prompts.", "Put one under prompts/reflections and start me again."
            )
        if not wanted:
            return next(iter(decks))
        if wanted not in decks:
            raise Refusal(f"I know no deck {wanted}.", f"Decks: {', '.join(decks)}.", ask.line)
        return wanted

    async def confirm(self, ask: Ask) -> Card:
        """Start a prepared schedule."""

        def start(conn: Connection) -> Card:
            draft = find(conn, ask, _number(ask.value))
            if draft.details.get(DRAFT):
                details = {key: value for key, value in draft.details.items() if key != DRAFT}
                edits.change_schedule(conn, ask.community.id, draft.id, ask.now, details=details)
                edits.resume(conn, ask.community.id, draft.id, ask.now)
            dates = next_dates(as_people_see_it(draft, ask.community.zone), ask.now, 1)
            if not dates:
                raise Refusal("That time has passed meanwhile.", "Schedule it again with a later one.")
            first = dates[0]
            return replace(
                say(
                    "The rhythm is set",
                    Markdown(
                        (
                            f"The rhythm is set (s{draft.id}). The first prompt comes on ",
                            Moment(first, ask.community.zone),
                            ".",
                        )
                    ),
                    Markdown(f"`/prompt queue` shows what is due; `/prompt pause s{draft.id}` lets it rest."),
                ),
                replaces=True,
            )

        return await self._store.write(start)

    async def cancel(self, ask: Ask) -> Card:
        """Drop a prepared schedule."""

        def drop(conn: Connection) -> Card:
            draft = find(conn, ask, _number(ask.value))
            if draft.details.get(DRAFT):
                edits.remove_schedule(conn, ask.community.id, draft.id)
            return replace(say("Cancelled. Nothing was scheduled."), replaces=True)

        return await self._store.write(drop)


def drop_old(conn: Connection, before: datetime) -> int:
    """Forget prepared schedules that nobody confirmed since then; how many."""
    old = [
        one
        for home in people.communities(conn)
        for one in plans.schedules(conn, home.id)
        if one.kind == KIND and one.details.get(DRAFT) and one.created_at <= before
    ]
    for one in old:
        edits.remove_schedule(conn, one.community_id, one.id)
    return len(old)


def find(conn: Connection, ask: Ask, number: int) -> plans.Schedule:
    """The prompt schedule with this number."""
    found = plans.find_schedule(conn, ask.community.id, number)
    if found is None or found.kind != KIND:
        raise Refusal(f"I know no prompt schedule s{number}.", "`/prompt queue` lists them.", ask.line)
    return found


def _length(open_for: timedelta) -> str:
    days, hours = open_for.days, open_for.seconds // 3600
    parts = [f"{days} day{'s' if days != 1 else ''}"] if days else []
    if hours:
        parts.append(f"{hours} hour{'s' if hours != 1 else ''}")
    return " ".join(parts) or "an hour"


def _number(value: str) -> int:
    """The number in a button's value like `s3`."""
    return int(value[1:])
