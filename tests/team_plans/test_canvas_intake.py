"""A canvas without a platform: what people write on it is read, and what is read becomes the plan."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import plain_text
from bot.chat.canvas import CanvasLine, LineKind
from bot.chat.cards import say
from bot.chat.models import Person, Place
from bot.courses.teams import tables as teams_tables
from bot.delivery.facts import Sent
from bot.people import accounts
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from bot.team_plans import drafts, places
from bot.team_plans.canvas import tables
from bot.team_plans.canvas.ask_cards import unread_note
from bot.team_plans.canvas.intake import CanvasIntake
from bot.team_plans.canvas.keeper import CANVAS, PlanCanvases
from bot.team_plans.drafts import PlanDraft
from bot.team_plans.model import PlanSheet
from bot.team_plans.tables import load_plan
from bot.team_plans.writer import PlanEdit, PlanWriter
from tests.databases import open_quickly

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
SPACE = "slack:T1"
WRITER = PlanWriter(lambda _conn, _fact: None)


class Sheet:
    """The canvas of a team of two, Ada and Ben, with one step; Cleo is in no team."""

    def __init__(self, store):
        self.store = store
        self.keeper = PlanCanvases(store, SteerableClock(NOW), {}, CanvasIntake(WRITER))
        store.write_now(self._furnish)

    def _furnish(self, conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
        people.see_space(conn, SPACE, "Home", home.id, NOW)
        team_id = teams_tables.create_team(conn, home.id, "North", NOW)
        for number, name in enumerate(("Ada Quinn", "Ben Okafor", "Cleo Marsh"), 1):
            accounts.member_of(conn, Person(SPACE, f"U{number}", name), home, NOW)
        for number in (1, 2):
            teams_tables.join_team(conn, home.id, team_id, number, NOW)
        step = WRITER.write_part(conn, PlanEdit(1, PlanSheet.NEXT, {"what": "Buy tea."}), 1, NOW)
        self.step = step.entry.id
        self.ref = places.put_place(conn, home.id, team_id, Place(SPACE, "C7")).ref
        self.lines = self.open(conn, self.ref, "F1")

    def open(self, conn, ref, canvas):
        """The canvas of a page is there now."""
        lines = self.keeper.begin(conn, 1, ref)
        self.keeper.sent(conn, Sent(f"{CANVAS}:{ref}:0", CANVAS, ref, 1, Place(SPACE, "C7"), canvas, NOW))
        return list(lines)

    def at(self, words):
        [found] = [at for at, one in enumerate(self.lines) if words in one.plain]
        return found

    def write(self, words, new):
        """Somebody writes another line in the place of the one with these words."""
        self.lines[self.at(words)] = new

    def look(self):
        """The canvas is looked at once, and the change that is made of it, if any."""
        return self.store.write_now(lambda conn: self.keeper.take(conn, 1, self.ref, tuple(self.lines)))

    def plan(self):
        return self.store.write_now(lambda conn: load_plan(conn, 1))

    def canvas(self):
        return self.store.write_now(lambda conn: tables.find_canvas(conn, self.ref))

    def told(self):
        """Which lines the team is told cannot be read."""
        text = plain_text.card_text(say("", *unread_note(self.canvas().unread)))
        return text.rpartition("I can’t read these lines of the canvas: ")[2].partition(".")[0]


@pytest.fixture
def sheet(tmp_path):
    (tmp_path / "canvas.sqlite").touch()
    store = open_quickly(f"sqlite:///{tmp_path / 'canvas.sqlite'}", "truncate")
    yield Sheet(store)
    store.close_now()


def test_no_id_of_an_account_comes_into_a_plan(sheet):
    for who, words in (("U2", "@U2 copies the sheets"), ("U3", "@U3 brings tape")):
        sheet.lines.append(CanvasLine(LineKind.OPEN, words, mentions=(who,)))
    sheet.look()
    assert [one.text("what") for one in sheet.plan().steps] == ["Buy tea.", "Ben Okafor copies the sheets"]
    assert sheet.told() == "“Next steps”"
    sheet.lines.pop()
    sheet.look()
    assert sheet.told() == ""
    sheet.write("Buy tea.", CanvasLine(LineKind.OPEN, "@U3 buys tea", mentions=("U3",)))
    sheet.look()
    assert sheet.plan().steps[0].text("what") == "Buy tea."
    assert sheet.told() == "“What”"


def test_a_box_that_is_too_long_for_a_step_is_told_of(sheet):
    sheet.lines.append(CanvasLine(LineKind.OPEN, "Buy more " + "and more " * 60))
    for _twice in range(2):
        sheet.look()
        assert sheet.told() == "“Next steps”"
    assert [one.text("what") for one in sheet.plan().steps] == ["Buy tea."]
    sheet.write("Buy more", CanvasLine(LineKind.OPEN, "Buy more"))
    sheet.look()
    assert sheet.told() == ""
    assert [one.text("what") for one in sheet.plan().steps] == ["Buy tea.", "Buy more"]


def test_on_a_canvas_only_somebody_in_the_team_becomes_an_owner(sheet):
    step = PlanEdit(1, PlanSheet.NEXT, {"what": "Buy cups.", "owner": 3})
    sheet.store.write_now(lambda conn: WRITER.write_part(conn, step, 1, NOW))
    mine = f"next/{sheet.step}/owner"
    assert sheet.lines[-2].label == "Who"
    for name, owner, unread in (("Cleo", None, (mine,)), ("Ben", 2, ())):
        sheet.lines[-2] = CanvasLine(LineKind.TEXT, f"Who: {name}")
        sheet.look()
        assert (sheet.plan().steps[0].owner_id, sheet.canvas().unread) == (owner, unread)


@pytest.mark.parametrize("canvas", ["F1", "F2"])
def test_a_plan_that_is_posted_again_at_once_is_not_taken_off_its_canvas_nor_what_waits_there(sheet, canvas):
    def again(conn):
        sheet.keeper.leave(conn, sheet.ref, NOW)
        ref = places.put_place(conn, 1, 1, Place(SPACE, "C7")).ref
        sheet.open(conn, ref, canvas)
        drafts.add_draft(
            conn, 1, None, PlanDraft(0, 1, PlanSheet.AIM, None, None, 0, {}, line="aim/amount"), NOW
        )
        return ref

    ref = sheet.store.write_now(again)
    late = sheet.look()  # the old page was to leave
    assert (late is None, sheet.canvas() is None) == (canvas == "F1", canvas == "F1")
    [draft] = sheet.store.write_now(lambda conn: drafts.canvas_drafts(conn, 1))
    assert draft.line == "aim/amount"
    assert sheet.store.write_now(lambda conn: tables.canvas_of(conn, 1)).ref == ref


def test_a_tick_beside_words_that_wait_is_taken_once(sheet):
    def is_done():
        return sheet.plan().steps[0].done_at is not None

    def in_chat(*, done):
        sheet.store.write_now(lambda conn: WRITER.set_done(conn, 1, sheet.step, 1, NOW, done=done))

    for kind in (LineKind.DONE, LineKind.OPEN):
        sheet.write("Buy tea", CanvasLine(kind, "Buy tea " + "and more " * 60))
        sheet.look()
        assert is_done() is (kind is LineKind.DONE)
        in_chat(done=kind is LineKind.OPEN)
        sheet.look()
        assert is_done() is (kind is LineKind.OPEN), "whoever changes it in chat is not undone"
        in_chat(done=kind is LineKind.DONE)
    assert sheet.canvas().unread == (f"next/{sheet.step}/what",)


def test_a_change_that_is_given_up_is_not_known_as_sent(sheet):
    edit = PlanEdit(1, PlanSheet.NEXT, {"what": "Buy coffee."}, sheet.step, 1)
    sheet.store.write_now(lambda conn: WRITER.write_part(conn, edit, 1, NOW))
    before = sheet.canvas().known
    sheet.store.write_now(lambda conn: tables.change_canvas(conn, sheet.ref, tries=1000))
    assert sheet.look() is None
    assert sheet.canvas().known == before
    assert sheet.look().lines[0].text == "Buy coffee."
