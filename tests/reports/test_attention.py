"""What moderators are told to look at is there: posts that failed, and looks of teams whose plan everyone can read."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update

from bot.chat.cards import say
from bot.courses.teams.tables import create_team
from bot.delivery import outbox
from bot.delivery.facts import EXPIRED, Draft, OutboxState
from bot.delivery.tables import outbox as rows
from bot.reports.attention import DueLook, list_due_looks, list_failed_posts
from bot.team_plans import tables as plans
from bot.team_plans.check_ins.tables import add_check
from bot.team_plans.model import PlanPart
from bot.team_plans.tables import EntryState
from tests.reports.town import OPENS, SPACE, Person, founded_town

MONDAY = date(2026, 10, 5)


def test_posts_that_a_channel_did_not_take_are_named_with_the_reason():
    with founded_town() as town:
        for key, error, private in (
            ("a", "channel_not_found", False), ("b", EXPIRED, False), ("c", "channel_not_found", True),
        ):  # fmt: skip
            draft = Draft(
                community_id=1,
                space=SPACE,
                channel="c9",
                private=private,
                key=key,
                kind="prompt",
                card=say("x"),
            )
            outbox.queue_draft(town.conn, draft, OPENS)
            failed = update(rows).where(rows.c.key == key).values(state=OutboxState.FAILED, error=error)
            town.conn.execute(failed)
        found = list_failed_posts(town.conn, 1, OPENS - timedelta(days=1))
        assert [(one.channel, one.code) for one in found] == [("c9", "channel_not_found")]
        assert list_failed_posts(town.conn, 1, OPENS + timedelta(days=1)) == []


def test_looks_are_told_of_teams_that_share_their_plan():
    with founded_town() as town:
        conn = town.conn
        town.add(Person(1))
        for name in ("North", "South"):
            team = create_team(conn, 1, name, OPENS) or 0
            cause = plans.add_entry(
                conn, 1, team, PlanPart.CAUSES, None, EntryState({"what": "Noise"}), 1, OPENS
            )
            choice = plans.add_entry(conn, 1, team, PlanPart.CHOICE, cause, EntryState({}), 1, OPENS)
            what = EntryState({"what": "A quiet start"}, day=MONDAY)
            change = plans.add_entry(conn, 1, team, PlanPart.CHANGE, choice, what, 1, OPENS)
            add_check(conn, 1, team, (change, "2", MONDAY + timedelta(weeks=2)), OPENS, OPENS)
            if name == "North":
                plans.share_plan(conn, 1, team, 1, OPENS)
        look = DueLook("North", "2", MONDAY + timedelta(weeks=2))
        assert list_due_looks(conn, 1, MONDAY + timedelta(weeks=2)) == [look], (
            "what only a team reads is not told"
        )
        assert list_due_looks(conn, 1, MONDAY + timedelta(days=13)) == []
        assert list_due_looks(conn, 1, MONDAY + timedelta(days=27)) == [look]
        assert list_due_looks(conn, 1, MONDAY + timedelta(days=28)) == [], "it is not told of for ever"
