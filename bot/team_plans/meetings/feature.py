"""The feature of team meetings: planned, run part by part, and written into the plan."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.alerts.place_probe import PlaceProbe
from bot.delivery.facts import Failed, Sent
from bot.facts import PlanChanged, TeamArchived
from bot.feature import DataSubject, Feature
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans.meetings import examples, meeting_commands, posts, tables
from bot.team_plans.meetings.meeting_commands import MeetingPlanner
from bot.team_plans.meetings.session import MeetingSession


def feature(store: Store, clock: Clock, probe: PlaceProbe) -> Feature:
    """Meetings of teams; their end follows the plan for a day."""
    planner, session = MeetingPlanner(store, probe), MeetingSession(store, clock)

    def meeting_failed(conn: Connection, fact: Failed) -> None:
        posts.note_failed(conn, fact, clock.now())

    def plan_changed(conn: Connection, fact: PlanChanged) -> None:
        posts.follow_plan(conn, fact.team_id, clock.now())

    def team_archived(conn: Connection, fact: TeamArchived) -> None:
        posts.follow_archive(conn, fact, clock.now())

    return Feature(
        name="team meetings",
        forget=(forget,),
        hand_over=hand_over,
        commands=planner.commands(),
        buttons=(*planner.buttons(), *session.buttons()),
        forms=planner.forms(),
        facts=(
            (PlanChanged, plan_changed),
            (TeamArchived, team_archived),
            (Sent, posts.note_sent),
            (Failed, meeting_failed),
        ),
        jobs=session.jobs(),
        draws={posts.SUMMARY: posts.draw_summary},
        completions=meeting_commands.COMPLETIONS,
        retention=tables.retention(),
        examples=examples.examples,
    )


def forget(conn: Connection, whose: DataSubject) -> None:
    """Forget who planned a meeting; what was posted of the plan follows the plan, which takes them out."""
    tables.forget(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """The meetings that a person planned."""
    planned: list[dict[str, object]] = [
        {"at": one.meets_at.isoformat(), "agenda": one.agenda.title, "planned at": one.made_at.isoformat()}
        for one in tables.planned_by(conn, whose.community.id, whose.member_id)
    ]
    return {"team meetings planned": planned}
