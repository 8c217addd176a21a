"""`/my`: settings, and the data kept about a person: to see, to take away, to have erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.account import preference_commands
from bot.account.preference_commands import PreferenceCommands
from bot.capture import tables as capture
from bot.chat.cards import Block, Button, Buttons, Card, Facts, File, Heading, Markdown, Note, say
from bot.chat.forms import FieldErrors, Form, Hint, ShortText
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Sharing
from bot.chat.time.zones import zone as known_zone
from bot.content import spreadsheet
from bot.delivery import outbox
from bot.delivery.facts import Failed
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    DataSubject,
    Feature,
    FormHandler,
    MemberErased,
    PeriodicJob,
    Request,
    Waits,
)
from bot.people import preferences as wishes
from bot.people import tables as people
from bot.people.accounts import accounts_of, describe, member_of, only_here
from bot.people.accounts import forget_space as forget_accounts
from bot.people.preferences import Preferences, preferences_of
from bot.people.privacy import Erasures, erase_member
from bot.reminders import tables as nudges
from bot.runtime.clock import Clock
from bot.store import adapter_state
from bot.store.store import Store

WORD = "DELETE"
"""What somebody types to have everything erased."""
SIZES = ("auto", "full", "half", "bare")


class Account:
    """What a member asks about themselves."""

    def __init__(
        self,
        store: Store,
        treating: PreferenceCommands,
        erasures: Erasures,
        features: Callable[[], Sequence[Feature]],
        tell: Callable[[Connection, object], None],
    ) -> None:
        self._store = store
        self._treating = treating
        self._erasures = erasures
        self._features = features
        self._tell = tell

    # ── settings ──────────────────────────────────────────────────────────────

    async def settings(self, request: Request) -> Card:
        """Show the settings, changing those that were given."""
        changes = self._changes(request)

        def change(conn: Connection) -> Card:
            if changes:
                people.change_member(conn, request.member, **changes)
            if "zone" in changes:
                self._treating.zone_changed(conn, request)
            treated = self._treating.change(conn, request)
            now = member_of(conn, request.person, request.community, request.now)
            return settings_card(now, preferences_of(conn, now.id), bool(changes) or treated)

        return await self._store.write(change)

    @staticmethod
    def _changes(request: Request) -> dict[str, object]:
        changes: dict[str, object] = {}
        if name := request.text("zone"):
            try:
                known_zone(name)
            except ValueError as error:
                raise Refusal(str(error), "Write it like zone:Europe/Dublin.", request.line) from None
            changes["zone"] = name
        if request.values.get("share"):
            changes["sharing"] = Sharing(request.text("share")).value
        if size := request.text("help"):
            changes["help"] = None if size == SIZES[0] else size
        if request.values.get("keep") is not None:
            changes["keeps"] = bool(request.values["keep"])
        return changes

    # ── one's data ────────────────────────────────────────────────────────────

    async def mirror(self, request: Request) -> Card:
        """What is kept about a person, in numbers, and who can see it."""
        bundle = await self._store.read(lambda conn: self._bundle(conn, self._whose(conn, request)))
        rows = tuple((what, str(len(rows))) for what, rows in bundle.items() if rows)
        return say(
            "What is kept about you",
            Heading("What is kept about you"),
            Facts(rows) if rows else Markdown("Nothing but your name and that you are here."),
            Markdown(
                "Moderators see who answered only through what you shared: `me` is yours alone, `facilitators` is for "
                "them, `team` and `everyone` say what they mean. They cannot open your other answers."
            ),
            Buttons(
                (
                    Button("Export", does="my.export"),
                    Button("Delete everything", opens="my.delete", style="danger"),
                )
            ),
        )

    async def export(self, request: Request) -> Card:
        """Everything kept about a person, as files for them alone."""
        bundle = await self._store.read(lambda conn: self._bundle(conn, self._whose(conn, request)))
        return export_card(bundle)

    def _whose(self, conn: Connection, request: Request) -> DataSubject:
        accounts = accounts_of(conn, request.community.id, request.member.id)
        return DataSubject(request.community, request.member.id, tuple(accounts), request.now)

    def _bundle(self, conn: Connection, whose: DataSubject) -> dict[str, list[dict[str, object]]]:
        bundle: dict[str, list[dict[str, object]]] = {}
        for feature in self._features():
            bundle.update({name: list(rows) for name, rows in feature.hand_over(conn, whose).items()})
        return bundle

    async def ask_delete(self, _ask: Request) -> Form | Card:
        """The form that asks for the typed word."""
        return Form(
            "my.delete", "Delete everything about me",
            (
                Hint(
                    "This erases your answers, your settings and what I know of your messages, and cannot be undone. "
                    "Messages you wrote in channels stay there; delete them yourself if you like. "
                    "`/my data export` first gives you a copy."
                ),
                ShortText("word", f"Type {WORD} to go on", limit=20),
            ),
            submit="Delete",
        )  # fmt: skip

    async def delete(self, request: Request) -> Card | FieldErrors:
        """Erase a person, once they typed the word."""
        if request.text("word").strip().upper() != WORD:
            return FieldErrors({"word": f"Type {WORD}, or close this and nothing happens."})
        await self._store.write(lambda conn: self.erase(conn, self._whose(conn, request)))
        return say(
            "Everything about you is erased",
            Markdown(
                "Everything about you is erased, and what you wrote before now will not be taken in again. "
                "Write to me any time to begin anew."
            ),
        )

    def erase(self, conn: Connection, whose: DataSubject) -> None:
        """Forget a person in every room, in one transaction, and remember that they asked."""
        digests = [self._erasures.digest(whose.community.id, *one) for one in whose.accounts]
        self._erasures.note(conn, digests, whose.community.id, whose.now)
        for feature in self._features():
            feature.forget(conn, whose)
        self._tell(conn, MemberErased(whose.community.id, whose.member_id))
        erase_member(conn, whose.community.id, whose.member_id, whose.now)

    def settle_debts(self, conn: Connection, now: datetime) -> int:
        """After a restored backup: erase again whoever the list says was erased; how many that were."""
        owed = self._erasures.owed(conn)
        for community_id in {row[0] for row in owed}:
            home = people.community_by_id(conn, community_id)
            for member_id in {row[1] for row in owed if row[0] == community_id}:
                accounts = tuple(accounts_of(conn, community_id, member_id))
                self.erase(conn, DataSubject(home, member_id, accounts, now))
        return len(owed)

    def clear_left(self, conn: Connection, before: datetime, now: datetime) -> int:
        """Erase what belongs to spaces that the bot was removed from before then; how many spaces that were.

        Members who have an account elsewhere in the community stay, without the account that is gone.
        """
        left = people.left_spaces(conn, before)
        for space, community_id in left:
            home = people.community_by_id(conn, community_id)
            for member_id in only_here(conn, space)[0]:
                self.erase(
                    conn, DataSubject(home, member_id, tuple(accounts_of(conn, community_id, member_id)), now)
                )
            forget_accounts(conn, space)
            capture.forget_space(conn, space)
            outbox.forget_space(conn, space)
            people.forget_space(conn, space)
        return len(left)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /my."""
        return (
            CommandHandler(Command("my", "", "Your settings"), Waits(self.settings)),
            CommandHandler(
                Command(
                    "my", "settings", "Your zone, who reads your answers, reminders, quiet hours, and whether anything is kept",
                    (
                        Option("zone", "Your time zone, like Europe/Dublin", OptionKind.ZONE),
                        Option("share", "Who reads your answers by default", OptionKind.CHOICE,
                               choices=tuple(kind.value for kind in Sharing)),
                        Option("help", "Hints with each prompt", OptionKind.CHOICE, choices=SIZES),
                        Option("keep", "Whether your answers are kept at all", OptionKind.YES_NO),
                        *preference_commands.OPTIONS,
                    ),
                    examples=("/my settings share:facilitators help:bare", "/my settings reminders:light quiet:19:00-08:00"),
                ),
                Waits(self.settings),
            ),
            CommandHandler(Command("my", "data mirror", "What is kept about you, and who can see it"), Waits(self.mirror)),
            CommandHandler(Command("my", "data export", "Everything kept about you, as files"), Waits(self.export)),
            CommandHandler(Command("my", "data delete", "Erase everything about you", opens=True), Waits(self.ask_delete)),
        )  # fmt: skip


def settings_card(member: people.Member, known: Preferences, changed: bool) -> Card:
    """A member's settings as they are now."""
    rows = (
        ("Time zone", member.zone),
        ("Your answers are read by", (member.sharing or Sharing.ME).value),
        ("Hints", member.help or SIZES[0]),
        ("Your answers are kept", "yes" if member.keeps else "no"),
        *preference_commands.rows(known),
    )
    return say(
        "Your settings",
        Heading("Saved" if changed else "Your settings"),
        Facts(rows),
        Markdown("Change them like this: `/my settings reminders:light quiet:19:00-08:00 progress:team`"),
        Buttons((Button("What is kept about me", does="my.mirror"),)),
    )


def home(conn: Connection, request: Request) -> Sequence[Block]:
    """Somebody's settings, for the bot's own page."""
    return settings_card(request.member, preferences_of(conn, request.member.id), changed=False).blocks


def export_card(bundle: Mapping[str, list[dict[str, object]]]) -> Card:
    """Everything kept about a person: JSON with all of it, and their answers as a table."""
    whole = json.dumps(bundle, ensure_ascii=False, indent=2).encode()
    return say(
        "Your data",
        Markdown(
            "Everything I keep about you: one file with all of it, one with your answers for a spreadsheet."
        ),
        File("tilth-my-data.json", whole, "Everything, as JSON"),
        File("tilth-my-answers.csv", _csv(bundle.get("answers", [])), "Your answers, for a spreadsheet"),
        Note("Only you can see this."),
    )


def _csv(answers: list[dict[str, object]]) -> bytes:
    """Answers as a table for a spreadsheet."""
    rows = []
    for row in answers:
        parts = row["parts"] if isinstance(row["parts"], list) else []
        text = "\n\n".join(str(part["text"]) for part in parts)
        rows.append(
            [row["answer"], row["prompt"], row["question"], row["shared with"], row["first at"], text]
        )
    return spreadsheet.write(("answer", "prompt", "question", "shared with", "first at", "text"), rows)


def _ground(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What the ground floor knows of a person: their accounts and settings, and which messages were heard."""
    return {
        "about you": describe(conn, whose.community.id, whose.member_id),
        "messages heard": capture.hand_over(conn, whose.community.id, whose.accounts),
        "messages to you": outbox.hand_over(conn, whose.community.id, whose.accounts),
        "your wishes": wishes.hand_over(conn, whose.community.id, whose.member_id),
        "reminders": nudges.hand_over(conn, whose.community.id, whose.member_id),
    }


def _forget_ground(conn: Connection, whose: DataSubject) -> None:
    capture.forget(conn, whose.community.id, whose.accounts)
    outbox.forget(conn, whose.community.id, whose.accounts, whose.now)
    for space, person in whose.accounts:
        adapter_state.forget(conn, space.partition(":")[0], person)
    nudges.forget(conn, whose.community.id, whose.member_id)
    wishes.forget(conn, whose.community.id, whose.member_id)


def feature(
    store: Store,
    clock: Clock,
    erasures: Erasures,
    features: Callable[[], Sequence[Feature]],
    tell: Callable[[Connection, object], None],
) -> tuple[Feature, Account]:
    """`/my`, which also forgets and hands over for the ground floor, and the part that settles erasures at start."""
    treating = preference_commands.PreferenceCommands(store, clock, tell)
    mine = Account(store, treating, erasures, features, tell)

    async def replaced(request: Request) -> Card:
        return replace(await mine.mirror(request), replaces=True)

    return Feature(
        name="mine",
        forget=_forget_ground,
        hand_over=_ground,
        nouns={"my": "Your settings and your data"},
        commands=(*mine.commands(), *treating.commands()),
        actions=(
            ButtonHandler("my.export", Waits(mine.export)),
            ButtonHandler("my.mirror", Waits(replaced)),
            *treating.actions(),
        ),
        facts=((Failed, treating.failed),),
        beats=(
            PeriodicJob("recalling reminders", 30, treating.recall, lambda _conn: None),
            PeriodicJob("forgetting old reminders", 86_400, treating.forget_old, lambda _conn: None),
        ),
        invariants=nudges.invariants(),
        words=preference_commands.WORDS,
        forms=(FormHandler("my.delete", Waits(mine.ask_delete), Waits(mine.delete)),),
        home=home,
        examples=examples,
    ), mine


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    somebody = people.Member(7, 1, "Ada Quinn", "Europe/Dublin", None, None, keeps=True, noticed=True)
    return (
        settings_card(somebody, Preferences(), changed=False),
        export_card({"answers": [], "about you": [{"name": "Ada Quinn"}]}),
    )
