"""`/tilth setup`, `/tilth connect` and `/tilth audit` for admins, and what moderators are told about posts in doubt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import Connection

from bot.admin import audit_commands, cards, connect_cards, doctor_command, setup_cards
from bot.admin.connect_command import ConnectCommand
from bot.admin.doctor_command import DoctorCommand
from bot.admin.doubtful_posts import DoubtfulPosts
from bot.admin.setup_command import SetupCommand
from bot.admin.setup_facts import SetupCalendar, SetupMeans
from bot.admin.setup_forms import SetupForms
from bot.alerts import cards as trouble
from bot.alerts import tables
from bot.alerts.alerts import Alerts
from bot.chat.findings import Finding
from bot.chat.language import N_
from bot.delivery.facts import Failed, Sent, Stuck
from bot.feature import DataSubject, Feature
from bot.people import audit, chosen
from bot.people.tables import Community
from bot.runtime.clock import Clock
from bot.store.retention import Ages
from bot.store.store import Store


def feature(
    store: Store, clock: Clock, alerts: Alerts, ages: Ages, means: SetupMeans,
    examine: Callable[[Community], Awaitable[list[Finding]]], calendar: SetupCalendar | None = None,
) -> Feature:  # fmt: skip
    """Setup, audit, and alerts about posts in doubt; it also forgets who changed what."""
    doctor, steps = DoctorCommand(examine), SetupForms(store, alerts, means, calendar)
    setup, doubtful, connect = (
        SetupCommand(alerts, steps),
        DoubtfulPosts(clock, alerts),
        ConnectCommand(alerts),
    )
    return Feature(
        name="admin",
        forget=(forget,),
        hand_over=hand_over,
        nouns={"tilth": N_("What I can do")},
        commands=(*setup.commands(), *audit_commands.COMMANDS, *connect.commands(), *doctor.commands()),
        buttons=(
            *audit_commands.BUTTONS,
            *doubtful.buttons(),
            *connect.buttons(),
            *steps.buttons(),
            *doctor.buttons(),
        ),
        forms=(*connect.forms(), *steps.forms()),
        home=steps.blocks,
        facts=((Failed, doubtful.failed), (Stuck, doubtful.stuck), (Sent, doubtful.sent)),
        retention=(audit.retention(ages), tables.retention(ages)),
        examples=lambda: (
            *cards.examples(),
            *connect_cards.examples(),
            *setup_cards.examples(),
            *doctor_command.examples(),
            *trouble.examples(),
        ),
    )


def forget(conn: Connection, subject: DataSubject) -> None:
    """Forget who changed what, and which moderator was told of what."""
    audit.forget(conn, subject.community.id, subject.member_id)
    tables.forget(conn, subject.community.id, subject.accounts)
    gone = {f"{space}:id:{person}" for space, person in subject.accounts}
    known = chosen.moderators_of(conn, subject.community.id)
    if gone & set(known):
        chosen.choose_moderators(conn, subject.community.id, [one for one in known if one not in gone])


def hand_over(conn: Connection, subject: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a moderator changed."""
    return {"changes you made": audit.hand_over(conn, subject.community.id, subject.member_id)}
