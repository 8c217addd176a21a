"""A team's private room without a platform: who is let in, who is shown out, and what nobody else is kept from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from bot.alerts.alerts import Alerts
from bot.chat.models import Person, Place
from bot.chat.port import Adapter, Rejected
from bot.courses.teams import tables as teams_tables
from bot.people import accounts
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from bot.team_plans import places, removed_entries, rooms
from bot.team_plans.canvas.keeper import PlanCanvases
from bot.team_plans.check_ins import tables as check_ins
from bot.team_plans.model import PlanPart, PlanSheet
from bot.team_plans.posted_page import PlanPages
from bot.team_plans.private_places import PrivatePlaces
from bot.team_plans.tables import HISTORY_KEPT, find_entry, load_plan
from bot.team_plans.writer import PlanEdit, PlanWriter
from tests.databases import open_quickly

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
SPACE = "local:home"
ROOM = Place(SPACE, "c7", "t1")


@dataclass
class Door:
    """A platform of which only the door of a private room is there; `barred` cannot be moved."""

    inside: set[str] = field(default_factory=set)
    barred: set[str] = field(default_factory=set)

    async def admit(self, place, come, go):
        if {*come, *go} & self.barred:
            raise Rejected("restricted_action")
        self.inside = (self.inside | set(come)) - set(go)


@pytest.fixture
def store(tmp_path):
    """A team of three, whose room is made."""
    (tmp_path / "rooms.sqlite").touch()
    store = open_quickly(f"sqlite:///{tmp_path / 'rooms.sqlite'}", "truncate")

    def furnish(conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
        people.see_space(conn, SPACE, "Home", home.id, NOW)
        team_id = teams_tables.create_team(conn, home.id, "North", NOW)
        for number in (1, 2, 3):
            accounts.member_of(conn, Person(SPACE, f"p{number}", f"Ada {number}"), home, NOW)
            teams_tables.join_team(conn, home.id, team_id, number, NOW)
        assert rooms.claim_room(conn, home.id, team_id, SPACE, NOW)
        assert not rooms.claim_room(conn, home.id, team_id, SPACE, NOW), "one room is made at a time"
        rooms.put_room(conn, team_id, ROOM)

    store.write_now(furnish)
    yield store
    store.close_now()


async def test_who_cannot_be_let_in_keeps_nobody_else_outside(store):
    clock, door = SteerableClock(NOW), Door(barred={"p1", "p3"})
    pages = PlanPages(store, clock, cast("Alerts", None), cast("PlanCanvases", None))
    private = PrivatePlaces(store, clock, {"local": cast("Adapter", door)}, pages)
    await private.admit_due()
    assert door.inside == {"p2"}
    door.barred = {"p3"}
    await private.admit_due()
    assert door.inside == {"p2"}, "it is tried again later"
    clock.advance(timedelta(hours=1))
    await private.admit_due()
    assert door.inside == {"p1", "p2"}
    # Whoever is erased is shown out, and forgotten as soon as they are.
    store.write_now(lambda conn: rooms.owe_farewells(conn, {1}, [(SPACE, "p2"), ("local:other", "p1")], NOW))
    store.write_now(lambda conn: teams_tables.forget(conn, 1, 2))
    await private.admit_due()
    assert door.inside == {"p1"}
    assert store.write_now(lambda conn: rooms.due_farewells(conn, clock.now() + timedelta(days=9))) == []


async def test_who_is_back_in_the_team_before_they_could_be_shown_out_stays_in_its_room(store):
    clock, door = SteerableClock(NOW), Door(inside={"p1", "p2", "p3"}, barred={"p1", "p2"})
    pages = PlanPages(store, clock, cast("Alerts", None), cast("PlanCanvases", None))
    private = PrivatePlaces(store, clock, {"local": cast("Adapter", door)}, pages)

    def erase(conn):
        rooms.owe_farewells(conn, {1}, [(SPACE, "p1"), (SPACE, "p2")], NOW)
        teams_tables.forget(conn, 1, 1)

    store.write_now(erase)
    await private.admit_due()
    door.barred = set()
    clock.advance(timedelta(hours=1))
    await private.admit_due()
    assert door.inside == {"p2", "p3"}
    assert store.write_now(lambda conn: rooms.due_farewells(conn, clock.now() + timedelta(days=9))) == []


def test_a_plan_that_comes_back_to_its_room_is_its_teams_own_again(store):
    def move(conn):
        made = [places.put_place(conn, 1, 1, there).made for there in (ROOM, Place(SPACE, "c1"), ROOM)]
        places.drop_place(conn, 1)
        return [*made, places.put_place(conn, 1, 1, ROOM).made]

    assert store.write_now(move) == [True, False, True, True]


def test_what_was_removed_goes_for_good_when_its_history_does(store):
    def write(conn):
        writer, ids = PlanWriter(lambda _conn, _fact: None), []
        cause = PlanEdit(1, PlanSheet.CAUSES, {"cause": "The hall is loud."})
        ids.append(writer.write_part(conn, cause, 1, NOW).entry.id)
        ids.append(writer.write_part(conn, PlanEdit(1, PlanSheet.CHOICE, about_id=ids[0]), 1, NOW).entry.id)
        step = PlanEdit(1, PlanSheet.NEXT, {"what": "Count.", "owner": 1, "day": date(2026, 10, 9)})
        ids.append(writer.write_part(conn, step, 1, NOW).entry.id)
        stays = PlanEdit(1, PlanSheet.CAUSES, {"cause": "We answer the first hand."})
        ids.append(writer.write_part(conn, stays, 1, NOW).entry.id)
        check_ins.add_check(conn, 1, 1, (ids[2], "", date(2026, 10, 9)), NOW, NOW)
        check_ins.ask_member(conn, check_ins.checks_of(conn, 1)[0], 1, NOW)
        for one in (ids[0], ids[2]):
            writer.remove(conn, 1, one, 1, NOW)
        return ids

    cause, choice, step, stays = store.write_now(write)
    [kind] = removed_entries.retention()
    for late, left in ((timedelta(0), [cause, choice, step, stays]), (timedelta(seconds=1), [stays])):

        def tidy(conn, before=NOW + late):
            kind.remove(conn, kind.find(conn, before, 9), before)
            return [one for one in (cause, choice, step, stays) if find_entry(conn, 1, one) is not None]

        assert store.write_now(tidy) == left
    assert kind.kept == HISTORY_KEPT
    assert [one.part for one in store.write_now(lambda conn: load_plan(conn, 1)).entries] == [PlanPart.CAUSES]
