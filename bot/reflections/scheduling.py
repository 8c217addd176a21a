"""What moderators do under `/prompt`: see the queue and the decks, ask now, pause, resume; starting is in `drafts`."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Facts, Heading, Markdown, Moment, say
from bot.chat.menu import Command, Kind, Option
from bot.chat.words import Refusal, Role
from bot.feature import Action, Answerer, Ask, Completion, Questionnaire
from bot.reflections import bank, cards
from bot.reflections.drafts import DRAFT, Drafts, find
from bot.reflections.rhythm import KIND, as_people_see_it, next_dates
from bot.store.store import Store
from bot.timing import edits, plans
from bot.timing.ahead import plan_ahead
from bot.timing.recurrence import local_to_utc


class Scheduling:
    """The moderator's side of prompt schedules."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._drafts = Drafts(store)

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
                seen = as_people_see_it(schedule, ask.community.zone)
                if schedule.paused_until is not None:
                    rows += [(at, name, "", "paused") for at in next_dates(seen, ask.now, 1)]
                    continue
                for number, one in enumerate(mine):
                    state = f"{one.state.value}{f' ({one.reason})' if one.reason else ''} · o{one.id}"
                    rows.append((_seen_at(one, seen), name, title if number == 0 else "", state))
                if not mine:
                    rows += [(at, name, title, "not planned yet") for at in next_dates(seen, ask.now, 1)]
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
            found = find(conn, ask, ask.number("schedule") or 0)
            going = edits.pause(conn, ask.community.id, found.id, ask.now)
            late = " One prompt is already going out." if going else ""
            return say("Paused", Markdown(f"s{found.id} rests until `/prompt resume s{found.id}`.{late}"))

        return await self._store.write(rest)

    async def resume(self, ask: Ask) -> Card:
        """Let a schedule go on."""

        def go(conn: Connection) -> Card:
            found = find(conn, ask, ask.number("schedule") or 0)
            if found.details.get(DRAFT):
                raise Refusal(f"s{found.id} was never confirmed.", "Schedule it again with /prompt schedule.")
            edits.resume(conn, ask.community.id, found.id, ask.now)
            first = next_dates(as_people_see_it(found, ask.community.zone), ask.now, 1)
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
            found = find(conn, ask, ask.number("schedule") or 0)
            if found.details.get(DRAFT) or not found.enabled:
                raise Refusal(f"s{found.id} is not running.", f"`/prompt resume s{found.id}` starts it.")
            soonest = next_dates(found, ask.now, 1)
            if soonest:
                plan_ahead(conn, ask.community.id, found.id, soonest[0])
            coming = plans.upcoming(conn, ask.community.id, ask.now, (soonest or [ask.now])[0])
            mine = [one for one in coming if one.schedule_id == found.id]
            if not mine or not edits.post_now(conn, ask.community.id, mine[0].id, ask.now):
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
                self._drafts.schedule,
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
            Action("prompt.confirm", self._drafts.confirm, Role.MODERATOR),
            Action("prompt.cancel", self._drafts.cancel, Role.MODERATOR),
        )

    def forms(self) -> tuple[Questionnaire, ...]:
        """The form of a new schedule."""
        return (Questionnaire("prompt.schedule", self._drafts.build, self._drafts.take, Role.MODERATOR),)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        return (
            Completion("prompt schedule", "deck", self._decks_like),
            *(
                Completion(f"prompt {verb}", "schedule", self._schedules_like)
                for verb in ("now", "pause", "resume")
            ),
        )


def _seen_at(one: plans.Occurrence, schedule: plans.Schedule) -> datetime:
    """When an occurrence comes, as moderators mean it: direct messages at their wall time, others when they fire."""
    if schedule.details.get("to") != "direct":
        return one.fire_at
    return local_to_utc(datetime.fromisoformat(one.wall), ZoneInfo(schedule.zone))[0]
