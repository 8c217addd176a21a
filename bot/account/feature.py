"""`/my`: a member's settings, and the data stored about them; it also hands over and forgets for the ground floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlalchemy import Connection

from bot.account import join_cards, link_cards, wish_cards
from bot.account.data_commands import DataCommands, export_card
from bot.account.erasure import MemberErasure
from bot.account.join_commands import JoinCommands, note_refused
from bot.account.link_commands import LinkCommands
from bot.account.link_pieces import MemberLinking
from bot.account.link_rules import RULES
from bot.account.preference_commands import PreferenceCommands
from bot.account.retention import ground_floor_retention
from bot.account.settings_commands import SettingsCommands, settings_card
from bot.account.welcomes import Welcomes
from bot.capture import held_messages
from bot.capture import tables as capture
from bot.chat.cards import Card
from bot.chat.language import N_
from bot.chat.models import platform_of
from bot.chat.port import Adapter
from bot.delivery import outbox, pacing
from bot.delivery.facts import Failed
from bot.facts import Answered
from bot.feature import DataSubject, Feature, PeriodicJob, Wish
from bot.intents.intent import Intent
from bot.people import link_codes, links, preferences
from bot.people import tables as people
from bot.people.accounts import account
from bot.people.preferences import Preferences
from bot.people.privacy import Erasures, describe_member
from bot.reminders import policy
from bot.reminders import tables as reminders
from bot.runtime.clock import Clock
from bot.store import adapter_state
from bot.store.retention import Ages
from bot.store.scrub import next_rewrite, scrub
from bot.store.slices import work_through
from bot.store.store import Store

KEEPS = (
    held_messages.held_message.c.text, people.member.c.name, account.c.name, links.link_row.c.was, links.link_row.c.became,
)  # fmt: skip
WISHES: Mapping[Intent, Wish] = {
    Intent.MY_DATA: "/my data", Intent.DELETE_DATA: "/my data delete", Intent.SETTINGS: "/my settings",
    Intent.READERS: wish_cards.show_readers, Intent.AWAY: wish_cards.offer_days_away,
}  # fmt: skip


def feature(
    store: Store, clock: Clock, erasures: Erasures, features: Callable[[], Sequence[Feature]],
    tell: Callable[[Connection, object], None], adapters: Mapping[str, Adapter], ages: Ages, kept: Callable[[], str],
    per_week: int,
) -> tuple[Feature, MemberErasure, MemberLinking]:  # fmt: skip
    """`/my`, and the erasure and the linking of members, which are also gone on with at a start.

    `kept` says how long what is kept of a member, `per_week` is the most reminders that one gets in a week.
    """
    welcomes = Welcomes(clock, ages["answers"], per_week)
    erasure = MemberErasure(store, clock, erasures, features, tell)
    linking = MemberLinking(store, clock, features, tell)
    data, chosen = DataCommands(erasure, store, kept), PreferenceCommands(tell)
    settings, joining = SettingsCommands(chosen, per_week), JoinCommands(store, adapters, chosen, welcomes)
    rooms = (settings, data, chosen, joining, linked := LinkCommands(linking))
    own = Feature(
        name="account",
        forget=(forget_messages, forget_outbox, forget_wishes),
        hand_over=hand_over,
        nouns={"my": N_("Your settings and your data")},
        commands=tuple(each for room in rooms for each in room.commands()),
        buttons=tuple(each for room in rooms for each in room.buttons()),
        forms=(*settings.forms(), *data.forms(), *linked.forms()),
        facts=((Failed, partial(_note_failed, clock, welcomes)), (Answered, welcomes.answered)),
        jobs=_jobs(store, clock, erasure, linking),
        retention=(
            *ground_floor_retention(ages, erasure, clock),
            *link_codes.retention(),
            held_messages.retention(),
        ),
        keeps=KEEPS,
        invariants=reminders.invariants(),
        links=RULES,
        wishes={**WISHES, Intent.STOP: chosen.stop_reminders, Intent.START: chosen.resume_reminders},
        home=settings.home_blocks,
        examples=examples,
    )
    return own, erasure, linking


def _note_failed(clock: Clock, welcomes: Welcomes, conn: Connection, fact: Failed) -> None:
    policy.note_failed(conn, fact, clock.now())
    note_refused(conn, fact, clock.now())
    welcomes.failed(conn, fact)


def _jobs(
    store: Store, clock: Clock, erasure: MemberErasure, linking: MemberLinking
) -> tuple[PeriodicJob, ...]:
    async def recall() -> int:
        now = clock.now()
        return await store.write(lambda conn: policy.withdraw_unfit(conn, now))

    async def forget_again() -> int:
        begun = await erasure.go_on()  # of a process that ended before its erasures did
        now = clock.now()
        late = await store.read(lambda conn: erasure.list_late(conn, now))
        await work_through(store, late, lambda conn, one: one[1](conn, one[0]))
        return begun + len({subject.member_id for subject, _step in late})

    return (
        PeriodicJob("recalling reminders", 30, recall, lambda _conn: None),
        PeriodicJob("forgetting again", 300, forget_again, lambda _conn: None),
        # Of a process that ended before its links did.
        PeriodicJob("linking accounts", 30, linking.go_on, links.next_joining),
        PeriodicJob("scrubbing", 60, partial(scrub, store), next_rewrite),
    )


def hand_over(conn: Connection, subject: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What the ground floor knows of a person: their accounts and settings, and which messages were heard."""
    return {
        "about you": describe_member(conn, subject.community.id, subject.member_id),
        "linked accounts": links.hand_over(conn, subject.community.id, subject.member_id),
        "messages I asked you about": held_messages.hand_over(conn, subject.community.id, subject.accounts),
        "messages heard": capture.hand_over(conn, subject.community.id, subject.accounts),
        "messages to you": outbox.hand_over(conn, subject.community.id, subject.accounts),
        "your wishes": preferences.hand_over(conn, subject.community.id, subject.member_id),
        "reminders": reminders.hand_over(conn, subject.community.id, subject.member_id),
    }


def forget_messages(conn: Connection, subject: DataSubject) -> None:
    """Forget what a person's accounts said."""
    capture.forget_messages(conn, subject.community.id, subject.accounts)
    held_messages.forget(conn, subject.community.id, subject.accounts)


def forget_outbox(conn: Connection, subject: DataSubject) -> None:
    """Forget what was said to a person."""
    outbox.forget_people(conn, subject.community.id, subject.accounts)
    pacing.forget_people(conn, subject.accounts)


def forget_wishes(conn: Connection, subject: DataSubject) -> None:
    """Forget what else the ground floor knows of a person."""
    for space, person in subject.accounts:
        adapter_state.forget_person(conn, platform_of(space), person)
    link_codes.forget(conn, subject.accounts)
    reminders.forget(conn, subject.community.id, subject.member_id)
    preferences.forget(conn, subject.community.id, subject.member_id)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    somebody = people.Member(7, 1, "Ada Quinn", "Europe/Dublin", None, None, keeps=True, noticed=True)
    return (
        settings_card(somebody, Preferences(), 2, changed=False),
        export_card({"answers": [], "about you": [{"name": "Ada Quinn"}]}),
        *join_cards.examples(),
        *wish_cards.examples(),
        *link_cards.examples(),
    )
