"""What a lead reads of somebody who is stuck: only while they want it, and nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.chat.cards import Card
from bot.chat.models import Person
from bot.courses.teams import tables as teams_tables
from bot.people import accounts
from bot.people import tables as people
from bot.team_plans.check_ins import notices, tables
from bot.team_plans.model import CheckState, PlanSheet
from bot.team_plans.writer import PlanEdit, PlanWriter
from tests.databases import open_quickly

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    """Ada leads a team in which Ben is asked about a step."""
    (tmp_path / "stuck.sqlite").touch()
    store = open_quickly(f"sqlite:///{tmp_path / 'stuck.sqlite'}", "truncate")

    def furnish(conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
        people.see_space(conn, "local:home", "Home", home.id, NOW)
        team_id = teams_tables.create_team(conn, home.id, "North", NOW)
        for number, name in ((1, "Ada Quinn"), (2, "Ben Okafor")):
            accounts.member_of(conn, Person("local:home", f"p{number}", name), home, NOW)
            teams_tables.join_team(conn, home.id, team_id, number, NOW)
        teams_tables.set_lead(conn, team_id, 1, True)
        step = PlanEdit(team_id, PlanSheet.NEXT, {"what": "Count.", "owner": 2, "day": date(2026, 10, 9)})
        entry = PlanWriter(lambda _conn, _fact: None).write_part(conn, step, 2, NOW).entry
        tables.add_check(conn, home.id, team_id, (entry.id, "", date(2026, 10, 9)), NOW, NOW)
        tables.ask_member(conn, tables.checks_of(conn, team_id)[0], 2, NOW)

    store.write_now(furnish)
    yield store
    store.close_now()


@pytest.mark.parametrize(
    ("state", "shown", "told"),
    [(CheckState.STUCK, True, True), (CheckState.STUCK, False, False), (CheckState.DONE, True, False)],
)
def test_a_lead_reads_only_of_who_is_stuck_and_wants_them_to(store, state, shown, told):
    def draw(conn):
        tables.put_answer(conn, 1, state, "No room.", NOW, shown=shown)
        return notices.draw_notice(conn, 1, "q1/1")

    assert isinstance(store.write_now(draw), Card) is told


def test_what_is_said_again_takes_the_place_of_what_waits(store):
    def owe(conn):
        tables.put_answer(conn, 1, CheckState.STUCK, "No room.", NOW, shown=True)
        notices.owe_notices(conn, 1, 1, [1], NOW)
        notices._tell(conn, 1, 1, NOW)
        key = conn.execute(notices.stuck_notice.select()).one().key
        notices.owe_notices(conn, 1, 1, [1], NOW)
        return (
            key,
            conn.execute(notices.stuck_notice.select()).one().key,
            notices.outbox.find_by_key(conn, key),
        )

    key, again, waiting = store.write_now(owe)
    assert key is not None
    assert again is None
    assert waiting.state.value == "dropped"
