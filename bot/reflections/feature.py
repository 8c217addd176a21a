"""The feature of reflections, put together: commands, intake of answers, closing and reminders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.alerts.alerts import Alerts
from bot.capture.intake import UnreadReply
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.delivery.facts import Doubled, Failed, Sent
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    DataSubject,
    Feature,
    FormHandler,
)
from bot.people import tables as people
from bot.people.audience import Readers
from bot.reflections import cards
from bot.reflections.anonymous import cards as anonymous_cards
from bot.reflections.anonymous import tables as anonymous_tables
from bot.reflections.anonymous.commands import AnonymousCommands
from bot.reflections.anonymous.intake import AnonymousIntake
from bot.reflections.anonymous.keys import Keyring
from bot.reflections.anonymous.publication import AnonymousPublisher
from bot.reflections.answers import (
    answer_cards,
    member_commands,
    own_answers,
    reminder_cards,
    removal,
    saved_cards,
    saved_messages,
    seen_notes,
    tables,
)
from bot.reflections.answers.answer_notes import AnswerNotes
from bot.reflections.answers.digest import AGAIN, DIGEST, PromptCloser, draw_digest
from bot.reflections.answers.intake import AnswerChanged, AnswerIntake
from bot.reflections.answers.member_commands import MemberCommands
from bot.reflections.answers.own_answers import OwnAnswers
from bot.reflections.answers.receipts import Receipts
from bot.reflections.answers.reminders import PromptReminders
from bot.reflections.answers.saved_messages import SavedMessages
from bot.reflections.answers.unread_replies import answer_unread_reply
from bot.reflections.prompts import (
    bank,
    bank_cards,
    suggestion_cards,
    suggestion_commands,
    suggestions,
)
from bot.reflections.prompts.bank_commands import COMPLETIONS, BankCommands
from bot.reflections.prompts.editor import PromptEditor
from bot.reflections.prompts.import_commands import ImportCommands
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Deck
from bot.reflections.prompts.suggestion_commands import SuggestionCommands
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.commands import PromptCommands
from bot.reflections.schedule.direct_hours import DirectHours
from bot.reflections.schedule.failures import PromptFailures
from bot.reflections.schedule.kind import PromptKind, kind_examples
from bot.reflections.schedule.publish import PromptPublisher
from bot.reflections.schedule.settings import KIND
from bot.reflections.shared_answers import cards as shared_cards
from bot.reflections.shared_answers import linked_openings
from bot.reflections.shared_answers import tables as shared_tables
from bot.reflections.shared_answers.commands import SharedAnswers
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.scheduled_posts.approval import PostApproval
from bot.scheduled_posts.failures import PostFailures
from bot.scheduled_posts.verbs import PostVerbs
from bot.store.retention import Ages
from bot.store.store import Store

NOUNS = {
    "reflect": "Weekly prompts and your answers",
    "prompt": "The prompts that come by themselves, and their bank",
}


def feature(
    store: Store, clock: Clock, tell: Callable[[Connection, object], None], late: timedelta, emoji: str,
    ages: Ages, welcome: Callable[[], str], alerts: Alerts, policy: ReminderPolicy, readers: Readers,
    keyring: Keyring, witnesses: Mapping[str, str],
) -> Feature:  # fmt: skip
    """The feature. `emoji` saves one's own message; an answer is taken until `late` after closing.

    `welcome` says how long what is kept of a member, `readers` who may read what was shared, `witnesses` what each
    platform learns of a form that is sent.
    """
    receipts = Receipts(readers, shared_tables.count_openers)
    answers = AnswerIntake(tell, late, receipts, AnswerNotes(welcome))
    saved, unnamed = SavedMessages(answers, emoji), AnonymousPublisher(store, clock, keyring)
    closer, reminders = PromptCloser(store, clock, unnamed), PromptReminders(store, clock, policy)
    refused, supplies = PromptFailures(clock), Supplies(alerts)
    kind = PromptKind(supplies, refused)
    refused.failures = PostFailures(kind, alerts)
    approval = PostApproval(store, clock, alerts, kind)
    publisher = PromptPublisher(clock, answers, approval, supplies)
    verbs = PostVerbs(store, clock, alerts, kind, approval)
    kind.change = verbs.edits.change
    shared, anonymous = SharedAnswers(readers), AnonymousIntake(store, keyring, tell, witnesses)
    schedules, unsigned = PromptCommands(kind, verbs), AnonymousCommands(anonymous)
    rooms = _Rooms(answers, schedules, verbs, supplies, approval, alerts, shared, unsigned)
    posted = ((Sent, publisher.sent), (Doubled, publisher.doubled), (Failed, refused.failed))
    said = ((AnswerChanged, closer.changed), (UnreadReply, answer_unread_reply))
    return Feature(
        name="reflections", nouns=NOUNS, forget=partial(forget, closer, unnamed), hand_over=hand_over,
        commands=rooms.commands(), buttons=(*rooms.buttons(), *saved.buttons()), forms=rooms.forms(),
        listeners=(answers.listen,), reactions=(saved.react,), facts=(*posted, *said),
        shortcuts=(saved_messages.SHORTCUT, *own_answers.SHORTCUTS, *suggestion_commands.SHORTCUTS),
        home=lambda conn, asked: (*member_commands.home_blocks(conn, asked), *shared.home_blocks(conn, asked)),
        completions=rooms.completions(),
        jobs=(*closer.jobs(), *unnamed.jobs(), *reminders.jobs(), *verbs.jobs(), DirectHours(store, clock).job()),
        retention=(
            *removal.retention(ages), anonymous_tables.retention(ages), suggestions.retention(ages),
            *shared_tables.retention(ages),
        ),
        kinds={KIND: publisher}, foretells={KIND: kind.foretell},
        keeps=(tables.part.c.text, suggestions.suggestion.c.text),
        draws={DIGEST: draw_digest, AGAIN: draw_digest},
        invariants=invariants(), links=linked_openings.RULES, examples=examples, rows=list_rows,
    )  # fmt: skip


class _Rooms:
    """Who answers members and moderators, put together."""

    def __init__(
        self, answers: AnswerIntake, schedules: PromptCommands, verbs: PostVerbs, supplies: Supplies,
        approval: PostApproval, alerts: Alerts, shared: SharedAnswers, anonymous: AnonymousCommands,
    ) -> None:  # fmt: skip
        self._personal = (MemberCommands(answers), OwnAnswers(answers), anonymous)
        self._shared, self._schedules, self._verbs = shared, schedules, verbs
        self._editor, self._imports = PromptEditor(supplies, approval), ImportCommands(supplies)
        self._prompts, self._suggesting = BankCommands(supplies), SuggestionCommands(alerts, supplies)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands."""
        moderators = (self._schedules, self._editor, self._prompts, self._imports, self._suggesting)
        return tuple(
            each for room in (*self._personal, self._shared, *moderators) for each in room.commands()
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons."""
        moderators = (self._verbs, self._schedules, self._prompts, self._suggesting)
        return tuple(each for room in (*self._personal, self._shared, *moderators) for each in room.buttons())

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms."""
        moderators = (self._verbs, self._editor, self._imports, self._suggesting)
        return tuple(each for room in (*self._personal, *moderators) for each in room.forms())

    def completions(self) -> tuple[Completion, ...]:
        """The choices while somebody types."""
        rooms = (*self._personal, self._shared, self._verbs, self._schedules)
        return (*(each for room in rooms for each in room.completions()), *COMPLETIONS)


def forget(closer: PromptCloser, unnamed: AnonymousPublisher, conn: Connection, whose: DataSubject) -> None:
    """Remove everything a member answered or suggested; of what was answered anonymously nobody knows whose it is."""
    closer.forget_member(conn, whose)
    unnamed.forget_member(conn, whose)
    shared_tables.forget(conn, whose.community.id, whose.member_id)
    seen_notes.forget_notes(conn, whose.community.id, whose.member_id)
    suggestions.forget(conn, whose.community.id, whose.member_id)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    rooms = (
        cards, answer_cards, anonymous_cards, saved_cards, shared_cards, bank_cards, suggestion_cards, reminder_cards,
    )  # fmt: skip
    return (*(card for room in rooms for card in room.examples()), *kind_examples())


def fill_bank(conn: Connection, decks: Sequence[Deck], now: datetime) -> None:
    """Make every community's bank agree with the content files."""
    for home in people.communities(conn):
        bank.sync_bank(conn, home.id, decks, now)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Everything a member answered, with the question it answered."""
    found: list[dict[str, object]] = []
    total = tables.count_answers(conn, whose.community.id, whose.member_id)
    for one in tables.list_own_answers(
        conn, whose.community.id, whose.member_id, since=None, find="", offset=0, limit=max(total, 1)
    ):
        here = asked_prompts.find_asked_prompt(conn, whose.community.id, one.occurrence_id)
        found.append(
            {
                "answer": f"a{one.id}",
                "prompt": here.prompt.title if here is not None else "",
                "question": cards.questions_text(here.prompt) if here is not None else "",
                "shared with": one.sharing.value,
                "first at": one.first_at.isoformat(),
                "late": one.late,
                "parts": [
                    {"via": p.via, "text": p.text, "said at": p.said_at.isoformat()} for p in one.parts
                ],
            }
        )
    suggested = suggestions.hand_over(conn, whose.community.id, whose.member_id)
    notes = seen_notes.hand_over(conn, whose.member_id)
    looks = shared_tables.hand_over(conn, whose.member_id)
    return {
        "answers": found, "suggested prompts": suggested, "notes you have seen": notes, "shared answers you read": looks,
    }  # fmt: skip


def list_rows(conn: Connection, place: Place, message: str) -> list[tuple[str, Mapping[str, object]]]:
    """What the database holds of one message: the prompt it is, or the part of an answer it became."""
    found: list[tuple[str, Mapping[str, object]]] = []
    for table, condition in (
        (
            asked_prompts.asked_in,
            (asked_prompts.asked_in.c.message == message)
            & (asked_prompts.asked_in.c.channel == place.channel),
        ),
        (tables.part, tables.part.c.source == f"{place.space}/{place.channel}/{message}"),
    ):
        for row in conn.execute(select(table).where(condition)):
            found.append((table.name, dict(row._mapping)))  # noqa: SLF001 - SQLAlchemy's public name
            if table is tables.part:
                whole = conn.execute(select(tables.answer).where(tables.answer.c.id == row.answer_id)).one()
                found.append(("answer", dict(whole._mapping)))  # noqa: SLF001
    return found


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    part, answer, asked_in, asking = tables.part, tables.answer, asked_prompts.asked_in, asked_prompts.asking
    orphans = (
        select(part.c.id).outerjoin(answer, answer.c.id == part.c.answer_id).where(answer.c.id.is_(None))
    )
    twice = (
        select(answer.c.occurrence_id)
        .group_by(answer.c.occurrence_id, answer.c.member_id)
        .having(func.count() > 1)
    )
    wordless = select(part.c.id).where(part.c.text == "")
    unkept = (
        select(part.c.id)
        .join(answer, answer.c.id == part.c.answer_id)
        .join(people.member, people.member.c.id == answer.c.member_id)
        .where(people.member.c.erased_at.is_not(None))
    )
    undigested = (
        select(asked_in.c.occurrence_id)
        .join(asking, asking.c.occurrence_id == asked_in.c.occurrence_id)
        .where(asking.c.closed_at < asking.c.closes_at)
    )
    return (
        ("every part belongs to an answer", orphans),
        ("one answer per member and occurrence", twice),
        ("no part is empty", wordless),
        ("no answer of an erased member", unkept),
        ("no prompt closes before its time", undigested),
        ("no suggestion of an erased member", suggestions.suggestions_of_the_erased()),
    )
