"""How a moderator starts, sees and stops the rhythm: `/prompt schedule`, `queue`, `now`, `pause`, `resume`, `list`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Channel, Facts, Heading, Markdown, Moment, Words, say
from bot.chat.forms import Choice, FieldErrors, Form, Pick, ShortText
from bot.chat.grammar import read_option
from bot.chat.menu import Command, Kind, Option
from bot.chat.rhythms import parse_rule
from bot.chat.rules import Rule
from bot.chat.words import Refusal, Role
from bot.chat.zones import zone as known_zone
from bot.feature import Action, Answerer, Ask, Completion, Questionnaire
from bot.reflections import bank, cards
from bot.reflections.rhythm import EARLIEST, KIND, next_dates
from bot.store.store import Store
from bot.timing import plans
from bot.timing.planner import plan_ahead
from bot.timing.recurrence import clock_notes, describe

OPEN_FOR = timedelta(days=4)
"""How long a prompt stays open where the schedule does not say."""
DRAFT = "draft"


class Scheduling:
    """The moderator's side of prompt schedules."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── making one ────────────────────────────────────────────────────────────

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
            made = plans.add_schedule(
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
            plans.disable(conn, ask.community.id, made, ask.now)
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
            draft = self._find(conn, ask, _number(ask.value))
            if draft.details.get(DRAFT):
                details = {key: value for key, value in draft.details.items() if key != DRAFT}
                plans.change_schedule(conn, ask.community.id, draft.id, ask.now, details=details)
                plans.resume(conn, ask.community.id, draft.id, ask.now)
            first = next_dates(draft, ask.now, 1)[0]
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
            draft = self._find(conn, ask, _number(ask.value))
            if draft.details.get(DRAFT):
                plans.remove_schedule(conn, ask.community.id, draft.id)
            return replace(say("Cancelled. Nothing was scheduled."), replaces=True)

        return await self._store.write(drop)

    # ── seeing and stopping ───────────────────────────────────────────────────

    async def queue(self, ask: Ask) -> Card:
        """What is due in the next weeks, with the prompt that will be asked and its state."""

        def look(conn: Connection) -> Card:
            rows: list[tuple[datetime, str, str, str]] = []
            planned = plans.upcoming(conn, ask.community.id, ask.now, ask.now + timedelta(days=15))
            for schedule in self._schedules(conn, ask):
                mine = [one for one in planned if one.schedule_id == schedule.id]
                coming = bank.upcoming(conn, ask.community.id, schedule.id, schedule.details["deck"])
                title = coming.prompt.title if coming is not None else "the deck is empty"
                name = f"s{schedule.id} {schedule.title}"
                if schedule.paused_until is not None:
                    rows.append((next_dates(schedule, ask.now, 1)[0], name, "", "paused"))
                    continue
                for number, one in enumerate(mine):
                    state = f"{one.state.value}{f' ({one.reason})' if one.reason else ''} · o{one.id}"
                    rows.append((one.fire_at, name, title if number == 0 else "", state))
                if not mine:
                    rows += [(at, name, title, "not planned yet") for at in next_dates(schedule, ask.now, 1)]
            return cards.queue_card(sorted(rows), ask.community.zone)

        return await self._store.read(look)

    async def list_decks(self, ask: Ask) -> Card:
        """The decks and how many prompts each can ask."""

        def look(conn: Connection) -> Card:
            rows = tuple(
                (deck, f"{count} prompts") for deck, count in bank.decks(conn, ask.community.id).items()
            )
            return say("Decks", Heading("Decks"), Facts(rows) if rows else Markdown("There is no deck yet."))

        return await self._store.read(look)

    async def pause(self, ask: Ask) -> Card:
        """Let a schedule rest until it is resumed."""

        def rest(conn: Connection) -> Card:
            found = self._find(conn, ask, ask.number("schedule") or 0)
            going = plans.pause(conn, ask.community.id, found.id, ask.now)
            late = " One prompt is already going out." if going else ""
            return say("Paused", Markdown(f"s{found.id} rests until `/prompt resume s{found.id}`.{late}"))

        return await self._store.write(rest)

    async def resume(self, ask: Ask) -> Card:
        """Let a schedule go on."""

        def go(conn: Connection) -> Card:
            found = self._find(conn, ask, ask.number("schedule") or 0)
            if found.details.get(DRAFT):
                raise Refusal(f"s{found.id} was never confirmed.", "Schedule it again with /prompt schedule.")
            plans.resume(conn, ask.community.id, found.id, ask.now)
            first = next_dates(found, ask.now, 1)
            when: tuple[str | Moment, ...] = (
                ("The next prompt comes on ", Moment(first[0], ask.community.zone), ".")
                if first
                else ("Nothing more will come.",)
            )
            return say("Resumed", Markdown((f"s{found.id} goes on. ", *when)))

        return await self._store.write(go)

    async def now(self, ask: Ask) -> Card:
        """Ask the next prompt of a schedule at once; it takes the place of that period's automatic one."""

        def at_once(conn: Connection) -> Card:
            found = self._find(conn, ask, ask.number("schedule") or 0)
            if found.details.get(DRAFT) or not found.enabled:
                raise Refusal(f"s{found.id} is not running.", f"`/prompt resume s{found.id}` starts it.")
            soonest = next_dates(found, ask.now, 1)
            if soonest:
                plan_ahead(conn, ask.community.id, found.id, soonest[0])
            coming = plans.upcoming(conn, ask.community.id, ask.now, (soonest or [ask.now])[0])
            mine = [one for one in coming if one.schedule_id == found.id]
            if not mine or not plans.post_now(conn, ask.community.id, mine[0].id, ask.now):
                raise Refusal(f"s{found.id} has nothing more to ask.", "`/prompt queue` shows what is due.")
            return say(
                "On its way", Markdown("On its way. It takes the place of the one that was planned next.")
            )

        return await self._store.write(at_once)

    @staticmethod
    def _schedules(conn: Connection, ask: Ask) -> list[plans.Schedule]:
        return [
            one
            for one in plans.schedules(conn, ask.community.id)
            if one.kind == KIND and one.enabled and not one.details.get(DRAFT)
        ]

    @staticmethod
    def _find(conn: Connection, ask: Ask, number: int) -> plans.Schedule:
        found = plans.find_schedule(conn, ask.community.id, number)
        if found is None or found.kind != KIND:
            raise Refusal(f"I know no prompt schedule s{number}.", "`/prompt queue` lists them.", ask.line)
        return found

    # ── what it offers ────────────────────────────────────────────────────────

    async def _decks_like(self, ask: Ask, text: str) -> tuple[tuple[str, str], ...]:
        decks = await self._store.read(lambda conn: bank.decks(conn, ask.community.id))
        return tuple(
            (deck, f"{deck} ({count} prompts)") for deck, count in decks.items() if text.lower() in deck
        )

    async def _schedules_like(self, ask: Ask, text: str) -> tuple[tuple[str, str], ...]:
        found = await self._store.read(lambda conn: self._schedules(conn, ask))
        rows = ((f"s{one.id}", f"{one.title}: {one.rule}") for one in found)
        return tuple(row for row in rows if text.lower() in " ".join(row).lower())

    def commands(self) -> tuple[Answerer, ...]:
        """The commands under /prompt."""
        which = Option(
            "schedule", "Which schedule", Kind.ID, required=True, positional=True, letter="s", completes=True
        )
        return (
            Answerer(Command("prompt", "", "What is due, and the decks", role=Role.MODERATOR), self.queue),
            Answerer(
                Command(
                    "prompt", "schedule", "Ask a prompt of a deck on a rhythm",
                    (
                        Option("channel", "Where to ask", Kind.CHANNEL, required=True, positional=True),
                        Option("when", "The rhythm, like every mon 09:00", Kind.RHYTHM, required=True, positional=True),
                        Option("deck", "Which deck", completes=True),
                        Option("closes", "How long it stays open, like 4d", Kind.DURATION),
                        Option("to", "Into the channel, or to each member", Kind.CHOICE, choices=("channel", "dm")),
                    ),
                    role=Role.MODERATOR,
                    opens=True,
                    examples=("/prompt schedule #staffroom every mon 09:00 deck:a-year-of-noticing",),
                ),
                self.schedule,
            ),
            Answerer(Command("prompt", "queue", "What is due, with its state", role=Role.MODERATOR), self.queue),
            Answerer(Command("prompt", "list", "The decks", role=Role.MODERATOR), self.list_decks),
            Answerer(Command("prompt", "now", "Ask the next prompt at once", (which,), role=Role.MODERATOR), self.now),
            Answerer(Command("prompt", "pause", "Let a schedule rest", (which,), role=Role.MODERATOR), self.pause),
            Answerer(Command("prompt", "resume", "Let a schedule go on", (which,), role=Role.MODERATOR), self.resume),
        )  # fmt: skip

    def actions(self) -> tuple[Action, ...]:
        """The buttons of the preview."""
        return (
            Action("prompt.confirm", self.confirm, Role.MODERATOR),
            Action("prompt.cancel", self.cancel, Role.MODERATOR),
        )

    def forms(self) -> tuple[Questionnaire, ...]:
        """The form of a new schedule."""
        return (Questionnaire("prompt.schedule", self.build, self.take, Role.MODERATOR),)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        return (
            Completion("prompt schedule", "deck", self._decks_like),
            *(
                Completion(f"prompt {verb}", "schedule", self._schedules_like)
                for verb in ("now", "pause", "resume")
            ),
        )


def _length(open_for: timedelta) -> str:
    days, hours = open_for.days, open_for.seconds // 3600
    parts = [f"{days} day{'s' if days != 1 else ''}"] if days else []
    if hours:
        parts.append(f"{hours} hour{'s' if hours != 1 else ''}")
    return " ".join(parts) or "an hour"


def _number(value: str) -> int:
    """The number in a button's value like `s3`."""
    return int(value[1:])
