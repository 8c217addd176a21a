"""The feature of reflections, put together: commands, intake of answers, closing and reminders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.capture.intake import UnreadReply
from bot.chat.cards import Card
from bot.chat.language import N_
from bot.delivery.facts import Doubled, Failed, Sent
from bot.facts import Answered, LessonArrived
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    Feature,
    FormHandler,
    Subscriber,
)
from bot.intents.intent import Intent
from bot.people import tables as people
from bot.people.audience import Readers
from bot.people.links import MembersParted
from bot.reflections import cards, member_data
from bot.reflections.anonymous import cards as anonymous_cards
from bot.reflections.anonymous.commands import AnonymousCommands
from bot.reflections.anonymous.intake import AnonymousIntake
from bot.reflections.anonymous.keys import Keyring
from bot.reflections.anonymous.publication import AnonymousPublisher
from bot.reflections.answers import (
    answer_cards,
    digest_cards,
    direct_cards,
    hints,
    history_cards,
    member_commands,
    own_answers,
    receipt_cards,
    reminder_cards,
    saved_cards,
    saved_messages,
    search_entries,
    silence,
    standing_cards,
    withdrawal,
)
from bot.reflections.answers.digest import AGAIN, DIGEST, PromptCloser, draw_digest
from bot.reflections.answers.direct_messages import DirectMessages
from bot.reflections.answers.expected_answers import expect_answers
from bot.reflections.answers.intake import AnswerChanged, AnswerIntake
from bot.reflections.answers.lesson_questions import FinishButton
from bot.reflections.answers.member_commands import MemberCommands
from bot.reflections.answers.own_answers import OwnAnswers
from bot.reflections.answers.receipts import Receipts
from bot.reflections.answers.reminders import PromptReminders
from bot.reflections.answers.saved_messages import SavedMessages
from bot.reflections.answers.standing_cards import StandingCards
from bot.reflections.answers.unread_replies import answer_unread_reply
from bot.reflections.answers.withdrawal import Withdrawal
from bot.reflections.conversations import cards as conversation_cards
from bot.reflections.conversations import room as conversations
from bot.reflections.conversations.linked_conversations import RULES
from bot.reflections.conversations.room import Conversations
from bot.reflections.moderation import cards as moderation_cards
from bot.reflections.moderation.commands import AnswerModeration
from bot.reflections.moderation.upkeep import ReportUpkeep
from bot.reflections.prompts import (
    bank,
    bank_cards,
    suggestion_cards,
    suggestion_commands,
)
from bot.reflections.prompts.bank_commands import COMPLETIONS, BankCommands
from bot.reflections.prompts.editor import PromptEditor
from bot.reflections.prompts.import_commands import ImportCommands
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Deck
from bot.reflections.prompts.suggestion_commands import SuggestionCommands
from bot.reflections.schedule import pings_cards
from bot.reflections.schedule.commands import PromptCommands
from bot.reflections.schedule.direct_hours import DirectHours
from bot.reflections.schedule.direct_watches import DirectWatches
from bot.reflections.schedule.failures import PromptFailures
from bot.reflections.schedule.kind import PromptKind, kind_examples
from bot.reflections.schedule.publish import PromptPublisher
from bot.reflections.schedule.settings import KIND
from bot.reflections.shared_answers import cards as shared_cards
from bot.reflections.shared_answers import tables as shared_tables
from bot.reflections.shared_answers.commands import SharedAnswers
from bot.reflections.shared_answers.searchable import FoundAnswers, FoundHandles
from bot.reflections.taps import cards as tap_cards
from bot.reflections.taps.intake import TapIntake
from bot.reflections.taps.spoken_picks import SpokenPicks
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.scheduled_posts.approval import PostApproval
from bot.scheduled_posts.failures import PostFailures
from bot.scheduled_posts.verbs import PostVerbs
from bot.store.retention import Ages
from bot.store.store import Store

NOUNS = {
    "reflect": N_("Weekly prompts and your answers"),
    "prompt": N_("The prompts that come by themselves, and their bank"),
}

SHORTCUTS = (saved_messages.SHORTCUT, *own_answers.SHORTCUTS, *suggestion_commands.SHORTCUTS)


def feature(
    store: Store, clock: Clock, tell: Callable[[Connection, object], None], late: timedelta, emoji: str, ages: Ages, alerts: Alerts, policy: ReminderPolicy,
    readers: Readers, keyring: Keyring, witnesses: Mapping[str, str], probe: PlaceProbe, finish_button: FinishButton, tried: FoundHandles,
) -> Feature:  # fmt: skip
    """The feature. `emoji` saves one's own message; an answer is taken until `late` after closing.

    `readers` says who may read what was shared, `witnesses` what each platform learns of a form, `tried` makes more buttons.
    """
    answers = AnswerIntake(tell, late, Receipts(readers, shared_tables.count_openers, finish_button))
    saved, unnamed = SavedMessages(answers, emoji), AnonymousPublisher(store, clock, keyring)
    taps, moderation = TapIntake(answers), AnswerModeration(readers, alerts, tell)
    direct = DirectMessages(answers, taken_back := Withdrawal(answers), SpokenPicks(taps))
    closer, reminders = PromptCloser(store, clock, unnamed, alerts), PromptReminders(store, clock, policy)
    refused, supplies = PromptFailures(clock), Supplies(alerts)
    kind = PromptKind(supplies, refused)
    refused.failures = PostFailures(kind, alerts)
    approval = PostApproval(store, clock, alerts, kind)
    publisher = PromptPublisher(clock, answers, approval, supplies, directs := DirectWatches(store, late))
    verbs = PostVerbs(store, clock, alerts, kind, approval, probe)
    kind.change = verbs.edits.change
    talk, reports = Conversations(store, clock, policy, readers), ReportUpkeep(store, alerts, clock)
    unsigned = AnonymousIntake(store, keyring, tell, witnesses)
    shared = SharedAnswers(readers, (talk.handles, moderation.handles), tried)
    personal = (MemberCommands(answers), OwnAnswers(answers), AnonymousCommands(unsigned), talk, moderation)
    watching = (closer, standing := StandingCards(store, clock), unnamed, reminders, verbs, talk, directs)
    rooms = _Rooms(personal, PromptCommands(kind, verbs), verbs, supplies, approval, alerts, shared)
    return Feature(
        name="reflections", nouns=NOUNS, forget=member_data.forget_steps(closer, unnamed, reports), hand_over=member_data.hand_over,
        commands=rooms.commands(), buttons=(*rooms.buttons(), *saved.buttons(), *direct.buttons(), *taken_back.buttons(), *taps.buttons()),
        invited=direct.find_invited, wishes={Intent.MY_ANSWERS: "/reflect history", Intent.OTHERS: "/reflect read", Intent.PROMPTS: "/reflect", Intent.TAKE_BACK: taken_back.take_back_last}, forms=rooms.forms(), completions=rooms.completions(),
        listeners=(direct.listen,), expects=(expect_answers,), claims=(talk.replies.claim_reply,), reactions=(saved.react,), shortcuts=SHORTCUTS,
        facts=(*_facts(publisher, refused, closer, standing), *talk.facts()),
        home=lambda conn, asked: (*member_commands.home_blocks(conn, asked), *shared.home_blocks(conn, asked)),
        jobs=(*(each for room in watching for each in room.jobs()), reports.job(), DirectHours(store, clock).job()),
        retention=member_data.list_retention(ages), keeps=member_data.KEEPS, kinds={KIND: publisher}, foretells={KIND: kind.foretell},
        draws={DIGEST: draw_digest, AGAIN: draw_digest, standing_cards.KIND: standing_cards.draw_standing_card, **conversations.DRAWS},
        invariants=member_data.invariants(), links=RULES, searchable=(FoundAnswers((tried,)).searchable(),), examples=examples, rows=member_data.list_rows,
    )  # fmt: skip


_Personal = MemberCommands | OwnAnswers | AnonymousCommands | Conversations | AnswerModeration


def _facts(
    publisher: PromptPublisher, refused: PromptFailures, closer: PromptCloser, standing: StandingCards
) -> tuple[tuple[type, Subscriber], ...]:
    posted = ((Sent, publisher.sent), (Doubled, publisher.doubled), (Failed, refused.failed))
    return (
        *posted,
        (Answered, standing.answered),
        (MembersParted, search_entries.follow_parting),
        (AnswerChanged, closer.changed),
        (LessonArrived, _note_lesson),
        (UnreadReply, answer_unread_reply),
    )


def _note_lesson(conn: Connection, fact: LessonArrived) -> None:
    """A lesson came to somebody: from now on its weeks are those of the prompt that completes it."""
    bank.note_lesson(conn, fact.community_id, fact.lesson, fact.prompt, fact.at, fact.due)


class _Rooms:
    """Who answers members and moderators, put together."""

    def __init__(
        self, personal: Sequence[_Personal], schedules: PromptCommands, verbs: PostVerbs, supplies: Supplies,
        approval: PostApproval, alerts: Alerts, shared: SharedAnswers,
    ) -> None:  # fmt: skip
        self._personal, self._shared, self._schedules, self._verbs = personal, shared, schedules, verbs
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


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    rooms = (
        cards, answer_cards, history_cards, anonymous_cards, saved_cards, receipt_cards, withdrawal, shared_cards, conversation_cards,
        moderation_cards, bank_cards, suggestion_cards, reminder_cards, hints, digest_cards, direct_cards, silence, tap_cards, pings_cards,
    )  # fmt: skip
    return (*(card for room in rooms for card in room.examples()), *kind_examples())


def fill_bank(conn: Connection, decks: Sequence[Deck], now: datetime) -> None:
    """Make every community's bank agree with the content files."""
    for home in people.communities(conn):
        bank.sync_bank(conn, home.id, decks, now)
