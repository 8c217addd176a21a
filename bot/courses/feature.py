"""The courses feature: `/course` and `/team`, lessons that arrive, reminders, and a person's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.alerts.alerts import Alerts
from bot.chat.cards import Block, Card
from bot.chat.language import N_
from bot.chat.port import Adapter
from bot.courses.enrollment import course_commands, group_commands, linked_progress, tables
from bot.courses.enrollment.groups import GroupSync
from bot.courses.enrollment.tables import enrollment
from bot.courses.evidence.badge import BadgeCommands
from bot.courses.evidence.document import EvidenceCommands, Reflections
from bot.courses.evidence.document import examples as evidence_examples
from bot.courses.examples import examples
from bot.courses.invariants import invariants
from bot.courses.learner_rooms import LearnerRooms
from bot.courses.lesson_pages import commands as page_commands
from bot.courses.lessons import catalog, course_views, plan_fills
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.lesson_commands import LessonCommands
from bot.courses.lessons.message_notes import MessageNotes
from bot.courses.lessons.plan_completion import PlanCompletion
from bot.courses.lessons.release import LessonRelease, plan_enrollment
from bot.courses.lessons.reminders import LessonReminders
from bot.courses.lessons.tables import progress as progress_table
from bot.courses.notices import membership
from bot.courses.notices import tables as notice_tables
from bot.courses.notices.cards import examples as notice_examples
from bot.courses.notices.membership import MembershipNotices
from bot.courses.progress_import import deliveries, drafts
from bot.courses.progress_import.cards import examples as import_examples
from bot.courses.progress_import.endpoints import Hook, ProgressImport
from bot.courses.progress_import.import_commands import ProgressCommands
from bot.courses.progress_import.rows import ProgressRows
from bot.courses.rosters import tables as roster_tables
from bot.courses.rosters.cards import examples as roster_examples
from bot.courses.rosters.commands import RosterImport
from bot.courses.teams import handovers, team_commands, team_progress, team_totals
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.archive import TeamArchive
from bot.courses.teams.archive_cards import examples as archive_examples
from bot.courses.teams.leads import TeamLeads
from bot.courses.teams.leads import hand_over as hand_over_offers
from bot.courses.teams.team_states import earlier_teams
from bot.courses.teams.year_end import TeamYears, YearEnd
from bot.courses.weeks.commands import AnswerTimes
from bot.delivery.facts import Failed, Sent
from bot.facts import LessonAnswered, PlanChanged
from bot.feature import DataSubject, Feature, PeriodicJob, Request, Subscriber
from bot.intents.intent import Intent
from bot.people.departures import MemberLeft
from bot.people.links import MembersParted
from bot.people.preferences import PreferencesChanged
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.next_due import only_where
from bot.store.secret import DatabaseSecret
from bot.store.store import Store

Tell = Callable[[Connection, object], None]

_COMMANDS = (
    *course_commands.COMMANDS,
    *page_commands.COMMANDS,
    *team_commands.COMMANDS,
    *team_progress.COMMANDS,
    *group_commands.COMMANDS,
)
_BUTTONS = (
    *course_views.BUTTONS,
    *page_commands.BUTTONS,
    *course_commands.BUTTONS,
    *team_commands.BUTTONS,
    *team_progress.BUTTONS,
    *group_commands.BUTTONS,
)


def feature(
    store: Store, clock: Clock, tell: Tell, reminders: ReminderPolicy, secret: DatabaseSecret, reflections: Reflections,
    hooks: Mapping[str, Hook], alerts: Alerts, answered: AnswerTimes, pause_weeks: int, adapters: Mapping[str, Adapter], year_end: YearEnd,
) -> Feature:  # fmt: skip
    """Courses and teams; `secret` makes the community's key, `reflections` are members' words, `hooks` places of courses."""
    completion = LessonCompletion(tell)
    evidence, badges = EvidenceCommands(secret, reflections), BadgeCommands(secret)
    lessons, progress = LessonCommands(completion), ProgressRows(store, clock, completion)
    notes, rooms = MessageNotes(lessons), LearnerRooms(store, clock, alerts, answered, pause_weeks)
    notices, leads = MembershipNotices(store, clock), TeamLeads(alerts, clock)
    hooked, imports = ProgressImport(store, progress, hooks), ProgressCommands(store, progress, adapters)
    rosters, archive = RosterImport(store, alerts, adapters), TeamArchive(tell)
    pressed = (lessons, leads, archive, rosters, notes, rooms, imports)
    return Feature(
        name="courses",
        forget=(leads.forget, forget_places, LearnerRooms.forget, forget_lessons),
        hand_over=hand_over,
        nouns={"course": N_("Courses, lesson by lesson"), "team": N_("Teams, and how far they are")},
        commands=(
            *course_views.COMMANDS, *lessons.commands(), *_COMMANDS, *imports.commands(),
            *evidence.commands(), *badges.commands(), *leads.commands(), *archive.commands(), *rosters.commands(), *rooms.commands(),
        ),
        buttons=(*_BUTTONS, *(one for part in pressed for one in part.buttons())),
        wishes={Intent.MY_COURSE: "/course", Intent.TEAM: "/team"},
        replies=(notes.take_reply,),
        claims=rooms.claims(), offers=notes.list_offers,
        forms=(*lessons.forms(), *imports.forms(), *rosters.forms(), *evidence.forms(), *badges.forms(), *rooms.forms()),
        facts=(*_facts(completion, notices, clock), (MemberLeft, leads.member_left), *rooms.facts()),
        completions=(*course_views.COMPLETIONS, *team_commands.COMPLETIONS, *group_commands.COMPLETIONS, *rooms.completions()),
        home=home_blocks,
        jobs=(*_jobs(store, clock, tell, reminders, notices), *rooms.jobs(), TeamYears(store, clock, alerts, year_end).job()),
        retention=(*handovers.retention(), deliveries.retention(), drafts.retention(), roster_tables.retention()),
        keeps=(progress_table.c.note, drafts.progress_draft.c.content),
        invariants=invariants(),
        links=linked_progress.RULES,
        examples=lambda: (*rooms.examples(), *_examples()),
        routes=hooked.routes(),
    )  # fmt: skip


def _facts(
    completion: LessonCompletion, notices: MembershipNotices, clock: Clock
) -> tuple[tuple[type, Subscriber], ...]:
    plans = PlanCompletion(completion)

    def answered(conn: Connection, fact: LessonAnswered) -> None:
        completion.answered(conn, fact, clock.now())

    def plan_changed(conn: Connection, fact: PlanChanged) -> None:
        plans.plan_changed(conn, fact, clock.now())

    def replan(conn: Connection, fact: PreferencesChanged) -> None:
        for one in tables.enrollments_of(conn, fact.community_id, fact.member_id):
            plan_enrollment(conn, one, clock.now())

    return (
        (LessonAnswered, answered), (PlanChanged, plan_changed), (PreferencesChanged, replan), (Sent, notices.sent), (Failed, notices.failed),
        (MembersParted, linked_progress.follow_parting),
    )  # fmt: skip


def home_blocks(conn: Connection, request: Request) -> Sequence[Block]:
    """A member's courses and teams, for the bot's own page."""
    return (*course_views.home_blocks(conn, request), *team_commands.home_blocks(conn, request))


def _jobs(
    store: Store, clock: Clock, tell: Tell, reminders: ReminderPolicy, notices: MembershipNotices
) -> tuple[PeriodicJob, ...]:
    groups = GroupSync(store, clock)

    return (
        PeriodicJob("enrolling groups", 60, groups.run, only_where(tables.enrollment_rule, groups.next_due)),
        PeriodicJob("telling who was enrolled", 30, notices.tell_due, notice_tables.next_due),
        PeriodicJob("lessons arriving", 5, LessonRelease(store, clock, tell).release_due, tables.next_release_at),
        PeriodicJob(
            "asking after lessons", 30, LessonReminders(store, clock, reminders).ask_after_lessons, tables.next_reminder_at
        ),
        team_totals.TeamTotals(store, clock).job(),
    )  # fmt: skip


def _examples() -> tuple[Card, ...]:
    """The cards of courses and teams."""
    return (
        *examples(), *notice_examples(), *import_examples(), *roster_examples(), *archive_examples(), *evidence_examples(),
    )  # fmt: skip


def fill_catalog(conn: Connection, courses: Sequence[Any], now: datetime) -> None:
    """Make every community's courses agree with the content files."""
    catalog.fill_catalog(conn, courses, now)


def forget_places(conn: Connection, whose: DataSubject) -> None:
    """Forget what is to be told a person of their places in courses, and which parts of plans their lessons filled."""
    drafts.forget(conn, whose.community.id)
    roster_tables.forget(conn, whose.community.id, whose.member_id)
    membership.forget(conn, whose.community.id, whose.member_id, whose.now)
    plan_fills.forget(conn, whose.community.id, whose.member_id)


def forget_lessons(conn: Connection, whose: DataSubject) -> None:
    """Forget a person's lessons, notes, courses and teams; their teams are counted without them."""
    community_id, member_id = whose.community.id, whose.member_id
    courses = lessons_tables.forget(conn, community_id, member_id)
    tables.forget(conn, community_id, member_id)
    team_totals.forget(conn, community_id, member_id)
    for team_id in teams_tables.forget(conn, community_id, member_id):
        for course_id in courses:
            teams_tables.recount_team_course(conn, community_id, team_id, course_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Everything a member did in courses, and the teams they are in."""
    community_id, member_id = whose.community.id, whose.member_id
    every = select(enrollment).where(
        enrollment.c.community_id == community_id, enrollment.c.member_id == member_id
    )
    rows = conn.execute(every.order_by(enrollment.c.joined_at)).all()
    listed = catalog.courses_by_id(conn, community_id, [row.course_id for row in rows])
    found: list[dict[str, object]] = [
        {
            "course": listed[row.course_id].course.title,
            "joined at": row.joined_at.isoformat(),
            "by": row.source,
            "left at": _iso(row.left_at),
            "paused at": _iso(row.paused_at),
            "finished at": _iso(row.done_at),
            "lessons": [_told(mark) for mark in lessons_tables.lesson_marks(conn, row.id)],
        }
        for row in rows
    ]
    mine = (
        *teams_tables.teams_of(conn, community_id, member_id),
        *earlier_teams(conn, community_id, member_id),
    )
    in_teams = [{"team": one.name, "leads": teams_tables.is_lead(conn, one.id, member_id)} for one in mine]
    counted, offers = team_totals.hand_over(conn, community_id, member_id), hand_over_offers(conn, whose)
    return {
        "courses": found,
        **LearnerRooms.hand_over(conn, whose),
        "teams": list(in_teams),
        "teams offered": offers,
        "team totals": counted,
        "imports of teams": roster_tables.hand_over(conn, community_id, member_id),
        "plan parts": plan_fills.hand_over(conn, community_id, member_id),
    }


def _told(mark: lessons_tables.LessonMark) -> dict[str, object]:
    return {
        "lesson": mark.lesson.title,
        "came at": mark.released_at.isoformat(),
        "begun at": _iso(mark.started_at),
        "done at": _iso(mark.done_at),
        "how": mark.how,
        "note": mark.note,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
