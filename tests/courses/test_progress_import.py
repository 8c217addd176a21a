"""Imported progress: twice, out of order, with bad lines; the state is the same, and nothing is lost."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.chat.models import Person
from bot.content import spreadsheet
from bot.courses.enrollment import tables
from bot.courses.lessons import catalog
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.tables import progress
from bot.courses.progress_import import deliveries, drafts
from bot.courses.progress_import.cards import report_card
from bot.courses.progress_import.endpoints import MOST_BYTES, Hook, ProgressImport
from bot.courses.progress_import.formats import ProgressRow, UnreadableTable, read_csv, read_events
from bot.courses.progress_import.rows import ProgressRows
from bot.people import accounts
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from bot.store.migrate import upgrade
from bot.store.store import Store
from tests.courses.taught import COURSE

NOW = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
SECRET = "a-secret-of-sixteen-and-more"
NAMES = ("Ada Quinn", "Ben Okafor", "Cleo Marsh", "Sam Lee", "Sam Lee")
TABLE = """person,lesson,status,at
Ada Quinn,1,done,2026-10-05 10:00
Ada Quinn,1,undone,2026-10-06 10:00
Ada Quinn,1,done,2026-10-07 10:00
Ada Quinn,Who is missing,started,2026-10-08
Ben Okafor,c1.1,done,2026-10-05T09:00:00Z
Ben Okafor,c1.1,undone,2026-10-06T09:00:00Z
<@p3>,common-ground/who-is-missing,done,
"""
BAD = """Nobody Here,1,done,2026-10-05
Sam Lee,1,done,2026-10-05
Ada Quinn,7,done,2026-10-05
Ada Quinn,1,dancing,2026-10-05
Ada Quinn,1,done,yesterday
Ada Quinn,1,done,2036-10-05
Ada Quinn,another/1,done,2026-10-05
,1,done,2026-10-05
"""


@pytest.fixture
def world(database_url):
    """A community with one course and five people, two of whom have the same name."""
    upgrade(database_url)
    store = Store.open(database_url)
    clock = SteerableClock(NOW)

    def furnish(conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
        people.see_space(conn, "local:home", "Home", home.id, NOW)
        for number, name in enumerate(NAMES, 1):
            accounts.member_of(conn, Person("local:home", f"p{number}", name), home, NOW)
        catalog.fill_catalog(conn, (COURSE,), NOW)
        return home

    home = store.write_now(furnish)
    yield store, home, ProgressRows(store, clock, LessonCompletion(lambda _conn, _fact: None))
    store.close_now()


def state(store):
    """(person, lesson) → when it was begun and done, with who takes the course."""

    def look(conn):
        rows = conn.execute(
            select(people.member.c.name, progress.c.lesson, progress.c.started_at, progress.c.done_at).join(
                people.member, people.member.c.id == progress.c.member_id
            )
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}

    return store.write_now(look)


async def test_lines_are_taken_whatever_they_call_people_and_lessons(world):
    store, home, importing = world
    report = await importing.take(home, 1, read_csv(TABLE), "import")
    assert (report.taken, report.known, report.refused) == (7, 0, ())
    held = state(store)
    assert held["Ada Quinn", "an-hour-kept-whole"][1] == datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
    assert held["Ada Quinn", "who-is-missing"][0] == datetime(2026, 10, 7, 23, 0, tzinfo=UTC)
    assert held["Ben Okafor", "an-hour-kept-whole"][1] is None
    assert held["Cleo Marsh", "who-is-missing"][1] == NOW


async def test_twice_and_in_any_order_is_the_same_state(world):
    store, home, importing = world
    lines = [line for line in read_csv(TABLE) if line.at]
    await importing.take(home, 1, lines, "import")
    wanted = state(store)
    for order in itertools.islice(itertools.permutations(lines), 0, 720, 97):
        # One at a time, so that the order of the calls is the order of the lines.
        for line in order:
            await importing.take(home, 1, [line], "import")
        assert state(store) == wanted
    again = await importing.take(home, 1, lines, "import")
    assert again.taken == 0
    assert again.known == len(lines)


async def test_a_new_database_and_another_order_give_the_same_state(world):
    store, home, importing = world
    lines = [line for line in read_csv(TABLE) if line.at]
    for line in reversed(lines):
        await importing.take(home, 1, [line], "import")
    held = state(store)
    assert held["Ada Quinn", "an-hour-kept-whole"][1] == datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
    assert held["Ben Okafor", "an-hour-kept-whole"][1] is None


async def test_bad_lines_are_told_with_the_reason_and_hold_nothing_up(world):
    _, home, importing = world
    report = await importing.take(home, 1, read_csv(TABLE + BAD), "import")
    assert report.taken == 7
    assert [(one.line.number, one.why.partition(".")[0]) for one in report.refused] == [
        (9, "I found nobody called “Nobody Here”"),
        (10, "Several people are called “Sam Lee”; use their id"),
        (11, "“Common ground” has no lesson “7”"),
        (12, "There is no status “dancing”"),
        (13, "“yesterday” is not a time"),
        (14, "2036-10-05 is in the future"),
        (15, "I do not know that course"),
        (16, "There is no name in it"),
    ]
    # Every refused line comes back in the file, to be mended and sent again.
    from bot.chat.cards import File

    [file] = [block for block in report_card(report).blocks if isinstance(block, File)]
    back = spreadsheet.read(file.data.decode())
    assert len(back) == 1 + len(report.refused)
    assert back[1][1][:2] == ["Nobody Here", "1"]


async def test_who_left_the_course_stays_out_of_it(world):
    store, home, importing = world
    await importing.take(home, 1, read_csv(TABLE), "import")

    def leave(conn):
        one = tables.enrollment_in(conn, 1, 1)
        tables.change_enrollment(conn, one.id, left_at=NOW, left_by="self", release_at=None, remind_at=None)

    store.write_now(leave)
    line = ProgressRow(1, "Ada Quinn", "1", "done", "2026-10-19")
    report = await importing.take(home, 1, [line], "import")
    assert report.refused[0].why == "This person has left the course."


def test_tables_come_with_commas_semicolons_tabs_and_a_mark():
    for mark in ",;\t":
        text = f"\ufeffPerson{mark}Lesson{mark}At\r\n\r\nAda{mark}1{mark}2026-10-05\r\n"
        assert read_csv(text) == [ProgressRow(3, "Ada", "1", "", "2026-10-05")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing in it"),
        ("who,what\na,b", "no column “person”"),
        ("person,lesson\n" + "a,1\n" * 5001, "up to 5,000"),
    ],
)
def test_what_is_no_table_is_told_so(text, why):
    with pytest.raises(UnreadableTable, match=why):
        read_csv(text)


def test_events_are_read_whatever_is_in_them():
    assert read_events({"events": [{"person": "p1", "lesson": 1}]}) == [ProgressRow(1, "p1", "1", "", "")]
    assert read_events([3, {"person": None}]) == [
        ProgressRow(1, "", "", "", ""),
        ProgressRow(2, "", "", "", ""),
    ]
    with pytest.raises(UnreadableTable):
        read_events("done")


# ── the hook ──────────────────────────────────────────────────────────────────


@pytest.fixture
async def caller(world):
    store, _, importing = world
    receiving = ProgressImport(store, importing, {"school": Hook(SECRET, "home")})
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_routes(receiving.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_hook_takes_events_with_its_secret_and_tells_what_became_of_them(caller, world):
    events = {"events": [
        {"person": "p1", "lesson": "common-ground/an-hour-kept-whole", "status": "done", "at": "2026-10-05T10:00:00Z"},
        {"person": "nobody", "lesson": "c1.1", "at": "2026-10-05"},
    ]}  # fmt: skip
    head = {"Authorization": f"Bearer {SECRET}"}
    for taken, known in ((1, 0), (0, 1)):
        answer = await caller.post("/hooks/courses/school", json=events, headers=head)
        assert answer.status == 200
        assert await answer.json() == {
            "taken": taken, "known": known, "refused": [{"line": 2, "why": "I found nobody called “nobody”."}],
            "repeated": False,
        }  # fmt: skip
    assert len(state(world[0])) == 1


async def test_the_hook_takes_a_signed_table(caller):
    body = b"person,lesson,at\nAda Quinn,c1.2,2026-10-05\n"
    head = signed(body)
    assert (await caller.post("/hooks/courses/school", data=body, headers=head)).status == 200
    wrong = await caller.post("/hooks/courses/school", data=body + b"Ben,1,\n", headers=head)
    assert wrong.status == 401


HOOK = "/hooks/courses/school"
DONE = b"person,lesson\nAda Quinn,c1.1\n"
"""A lesson that is done, without a time, as the simplest of course hosts tells it."""


def signed(body, *, delivery="d-1", at=NOW, secret=SECRET):
    """The headers of one delivery, as docs/course-hooks.md says."""
    stamp = str(int(at.timestamp()))
    words = f"{stamp}.{delivery}.".encode() + body
    seal = "sha256=" + hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "text/csv",
        "X-Tilth-Timestamp": stamp,
        "X-Tilth-Delivery": delivery,
        "X-Tilth-Signature": seal,
    }


def undo(store, at):
    """Ada takes back her first lesson, as `/course undo` does."""

    def work(conn):
        one = tables.enrollment_in(conn, 1, 1)
        return LessonCompletion(lambda _conn, _fact: None).undo(conn, one, "an-hour-kept-whole", at)

    assert store.write_now(work)


def is_done(store):
    return state(store)["Ada Quinn", "an-hour-kept-whole"][1] is not None


@pytest.mark.parametrize("pause", [timedelta(seconds=30), timedelta(minutes=6)], ids=["at once", "later"])
async def test_a_recorded_call_cannot_undo_what_a_member_took_back(caller, world, pause):
    store, _, importing = world
    clock = importing.clock
    first = await caller.post(HOOK, data=DONE, headers=signed(DONE))
    assert first.status == 200
    assert is_done(store)
    clock.advance(timedelta(seconds=10))
    undo(store, clock.now())
    clock.advance(pause)
    again = await caller.post(HOOK, data=DONE, headers=signed(DONE))
    assert again.status in (200, 401)
    assert (await again.json()).get("taken", 0) == 0
    assert not is_done(store)


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_call_from_another_time_is_told_so(caller, world, minutes):
    head = signed(DONE, at=NOW + timedelta(minutes=minutes))
    answer = await caller.post(HOOK, data=DONE, headers=head)
    assert answer.status == 401
    assert "five minutes" in (await answer.json())["error"]
    assert state(world[0]) == {}
    near = signed(DONE, at=NOW + timedelta(minutes=minutes * 4 / 6))
    assert (await caller.post(HOOK, data=DONE, headers=near)).status == 200, "clocks differ a little"


async def test_nothing_of_a_signed_call_can_be_changed_or_left_out(caller, world):
    for change in (
        {"X-Tilth-Delivery": "d-2"},
        {"X-Tilth-Timestamp": str(int(NOW.timestamp()) + 1)},
        {"X-Tilth-Timestamp": None},
        {"X-Tilth-Delivery": None},
        {"X-Tilth-Timestamp": "yesterday"},
        {"X-Tilth-Timestamp": "9" * 400},
        {"X-Tilth-Delivery": "a.b"},
        {"X-Tilth-Delivery": "x" * 101},
    ):
        head = {name: value for name, value in (signed(DONE) | change).items() if value is not None}
        answer = await caller.post(HOOK, data=DONE, headers=head)
        assert answer.status == 401, change
        assert (await answer.json())["error"], change
    assert state(world[0]) == {}
    assert (await caller.post(HOOK, data=DONE, headers=signed(DONE))).status == 200


async def test_each_delivery_is_taken_once_by_whichever_process_and_the_list_of_them_stays_short(world):
    store, _, importing = world
    statuses = []
    for delivery in ("d-1", "d-1", "d-2"):
        # A server of its own each time: what was taken is known to the database, not to a process.
        receiving = ProgressImport(store, importing, {"school": Hook(SECRET, "home")})
        app = web.Application()
        app.router.add_routes(receiving.routes())
        async with TestClient(TestServer(app)) as client:
            answer = await client.post(HOOK, data=DONE, headers=signed(DONE, delivery=delivery))
            told = await answer.json()
            statuses.append((answer.status, told["taken"], told["repeated"]))
    assert statuses == [(200, 1, False), (200, 0, True), (200, 0, False)]
    importing.clock.advance(timedelta(hours=2))
    kind, before = deliveries.retention(), importing.clock.now() - timedelta(hours=1)
    found = store.read_now(lambda conn: kind.find(conn, before, 100))
    store.write_now(lambda conn: kind.remove(conn, found, before))
    kept = store.read_now(lambda conn: conn.exec_driver_sql("SELECT count(*) FROM hook_delivery").scalar())
    assert kept == 0


async def test_a_delivery_that_was_interrupted_may_come_again_and_undoes_nothing(caller, world):
    store, _, importing = world
    await caller.post(HOOK, data=DONE, headers=signed(DONE))
    # As if the process had been killed before it could note that this one is in.
    store.write_now(lambda conn: conn.exec_driver_sql("DELETE FROM hook_delivery"))
    importing.clock.advance(timedelta(seconds=10))
    undo(store, importing.clock.now())
    told = await (await caller.post(HOOK, data=DONE, headers=signed(DONE))).json()
    assert (told["taken"], told["repeated"]) == (0, False)
    assert not is_done(store), "it counts from when it was sent"


async def test_a_delivery_that_could_not_be_read_may_come_again_mended(caller, world):
    broken = b"person\nAda Quinn\n"
    assert (await caller.post(HOOK, data=broken, headers=signed(broken))).status == 400
    assert (await caller.post(HOOK, data=DONE, headers=signed(DONE))).status == 200
    assert is_done(world[0])


async def test_with_the_bare_secret_every_line_says_its_time(caller, world):
    head = {"Authorization": f"Bearer {SECRET}", "Content-Type": "text/csv"}
    told = await (await caller.post(HOOK, data=DONE, headers=head)).json()
    assert told["taken"] == 0
    assert "time" in told["refused"][0]["why"]
    assert state(world[0]) == {}


def example(language):
    """The example of that language in the page for course hosts."""
    page = (Path(__file__).parents[2] / "docs" / "course-hooks.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)[-1]


async def test_the_examples_for_course_hosts_work(caller, world):
    clock = world[2].clock
    clock.advance(datetime.now(UTC) - clock.now())
    names = {}
    exec(example("python"), names)  # noqa: S102 - our own page
    head = {"Content-Type": "text/csv"} | names["sign"](DONE, SECRET)
    told = await (await caller.post(HOOK, data=DONE, headers=head)).json()
    assert (told["taken"], told["refused"]) == (1, [])
    if not (shutil.which("openssl") and shutil.which("curl")):
        return
    script = example("sh").replace("https://tilth.example", f"http://127.0.0.1:{caller.server.port}")
    call = await asyncio.create_subprocess_exec(
        "bash", "-c", script, env={**os.environ, "SECRET": SECRET}, stdout=asyncio.subprocess.PIPE
    )
    told = json.loads((await call.communicate())[0])
    assert (told["taken"], told["refused"]) == (1, [])


@pytest.mark.parametrize(
    ("path", "head", "body", "status"),
    [
        ("school", {}, b"{}", 401),
        ("school", {"Authorization": "Bearer wrong"}, b"{}", 401),
        ("other", {"Authorization": f"Bearer {SECRET}"}, b"{}", 401),
        ("school", {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}, b"{", 400),
        ("school", {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}, b"\xff", 400),
        ("school", {"Authorization": f"Bearer {SECRET}", "Content-Type": "image/png"}, b"x", 415),
        ("school", {"Authorization": f"Bearer {SECRET}", "Content-Type": "text/csv"}, b"x" * 300_000, 413),
        ("school", {"X-Tilth-Signature": "sha256=\u00e9"}, b"{}", 401),
    ],
)
async def test_the_hook_answers_clearly_and_never_breaks(caller, path, head, body, status):
    answer = await caller.post(f"/hooks/courses/{path}", data=body, headers=head)
    assert answer.status == status
    assert SECRET not in await answer.text()


async def test_without_hooks_there_is_no_address(world):
    store, _, importing = world
    assert ProgressImport(store, importing, {}).routes() == ()


def test_a_cell_that_looks_like_a_formula_does_not_become_one():
    text = spreadsheet.write(("a",), [("=1+1",), ("plain",)]).decode("utf-8-sig")
    assert text.splitlines() == ['"a"', '"\'=1+1"', '"plain"']
    assert json.dumps(spreadsheet.read(text)) == json.dumps([(1, ["a"]), (2, ["'=1+1"]), (3, ["plain"])])


# ── what course hosts export ──────────────────────────────────────────────────


def exported(status="done", at="", **more):
    return ProgressRow(2, "Ada Quinn", "c1.1", status, at, only_adds=True, **more)


async def test_an_export_takes_nothing_back_and_brings_nothing_back(world):
    store, home, importing = world
    await importing.take(
        home, 1, read_csv("person,lesson,status,at\nAda Quinn,1,done,2026-10-07 10:00\n"), "import"
    )
    before = state(store)
    for row in (
        exported(),
        exported(at="2026-10-05 10:00"),
        exported(at="2026-10-09 10:00"),
        exported("started", at="2026-10-09"),
    ):
        assert (await importing.take(home, 1, [row], "import")).taken == 0
    assert state(store) == before
    await importing.take(
        home, 1, read_csv("person,lesson,status,at\nAda Quinn,1,undone,2026-10-08 10:00\n"), "import"
    )
    assert (await importing.take(home, 1, [exported()], "import")).taken == 0
    assert state(store)["Ada Quinn", "an-hour-kept-whole"][1] is None
    assert (await importing.take(home, 1, [exported(at="2026-10-09 10:00")], "import")).taken == 1


async def test_people_of_an_export_are_found_by_address_id_or_whole_name(world):
    _, home, importing = world
    addresses = {"lee@school.example": ("local:home", "p5")}
    rows = [
        ProgressRow(2, "Quinn, Ada", "c1.1", "done", "", also=("Ada Quinn",)),
        ProgressRow(3, "Sam Lee", "c1.1", "done", "", emails=("Lee@School.example",)),
        ProgressRow(4, "Sam Lee", "c1.1", "done", ""),
        ProgressRow(5, "p2", "c1.1", "done", ""),
    ]
    seen = await importing.foresee(home, 1, rows, "local:home", addresses)
    assert (seen.people, seen.enrolled) == (3, 3)
    assert [(one.line.number, one.why) for one in seen.refused] == [
        (4, "Several people are called “Sam Lee”; use their id.")
    ]


async def test_what_is_foreseen_is_what_happens(world):
    _, home, importing = world
    await importing.take(home, 1, read_csv(TABLE)[:3], "import")
    rows = read_csv(TABLE + BAD)
    seen = await importing.foresee(home, 1, rows, "")
    report = await importing.take(home, 1, rows, "import")
    assert sum(seen.changed.values()) == report.taken
    assert [one.line.number for one in seen.refused] == [one.line.number for one in report.refused]
    again = await importing.foresee(home, 1, [row for row in rows if row.at], "")
    assert sum(again.changed.values()) == 0


async def test_an_import_holds_the_writer_a_moment_at_a_time(world):
    """By a clock that each look at it moves on: no piece takes more rows than there is time for."""
    store, home, importing = world
    ticks = itertools.count()
    store.times.clock = lambda: next(ticks) * 0.004
    pieces = []
    store.times.watch = pieces.append
    rows = [
        ProgressRow(n, f"p{n % 5 + 1}", f"c1.{n % 2 + 1}", "done", f"2026-10-{n % 9 + 1:02} 10:{n % 60:02}")
        for n in range(200)
    ]
    report = await importing.take(home, 1, rows, "import", "local:home")
    assert report.taken + report.known == 200
    taken = [one for one in pieces if "take_row" in one.name or "progress_import" in one.name]
    assert len(taken) > 30
    assert max(one.seconds for one in taken) < 0.04


def test_a_table_that_waits_is_its_moderators_alone_and_goes_with_anybody_forgotten(world):
    store, home, _ = world
    first = store.write_now(lambda conn: drafts.add_draft(conn, home.id, 1, "local:home", None, TABLE, NOW))
    find = drafts.find_draft
    assert store.read_now(lambda conn: find(conn, home.id, 1, first.id)).content == TABLE
    assert store.read_now(lambda conn: find(conn, home.id, 2, first.id)) is None
    assert store.read_now(lambda conn: find(conn, home.id + 1, 1, first.id)) is None
    second = store.write_now(lambda conn: drafts.add_draft(conn, home.id, 1, "local:home", 1, TABLE, NOW))
    assert store.read_now(lambda conn: find(conn, home.id, 1, first.id)) is None, "another takes its place"
    store.write_now(lambda conn: drafts.forget(conn, home.id))
    assert store.read_now(lambda conn: find(conn, home.id, 1, second.id)) is None
