"""Who holds everything the bot left behind, and knows who wrote when, does no better than chance on who wrote what."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.chat.events import FormSubmitted
from bot.chat.forms import FieldErrors
from bot.chat.models import Person
from bot.store import pieces
from bot.store.sqlite import sqlite3
from tests.stories.stage import staged

SCHEDULES = 5
CAST = ("ada", "ben", "cleo", "mo", "ida", "zoe")
"""Who answers each prompt, in this order: the attacker knows it."""
OWN = ("anonymous_key", "sealed_answer", "anonymous_ticket", "anonymous_answer")
MANY = SCHEDULES * len(CAST) * 3 // 4
"""Chance finds one author a prompt, and three in four in one run of many millions; what tells an order finds all."""


def words(prompt, turn):
    """Texts of which no two have one length, the longest in the middle."""
    return f"Zorvex-{prompt}-{turn} " + "and " * (turn * 37 % 11)


def turn_of(said):
    return int(re.search(r"Zorvex-\d+-(\d+)", said)[1])


async def answer_all(stage, prompts, after=lambda: None):
    """Everybody answers every prompt through the door, in the order of the cast."""
    for turn, who in enumerate(CAST):
        for prompt in prompts:
            person = Person(stage.space, stage.platform.id_of(who), who.title())
            sent = FormSubmitted(
                person, stage.place(), "anonymous.answer", f"o{prompt}/", {"q0": words(prompt, turn)}
            )
            card = await stage.app.dispatcher.hear(sent)
            if isinstance(card, FieldErrors):  # it asks for a number, with a reason
                given = {"q0": "3", "r0": words(prompt, turn)}
                card = await stage.app.dispatcher.hear(replace(sent, fields=given))
            assert "stored" in card.title
            after()


async def schedule(stage, count):
    await stage.joins("zoe", "Zoe Lang")
    for _ in range(count):
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d anonymous:yes tag:none")
    await stage.until("2026-10-05 09:05")

    def ask(conn):
        return list(conn.execute(text("SELECT occurrence_id FROM asking ORDER BY 1")).scalars())

    return await stage.app.store.read(ask)


def count_hits(orders):
    """In how many places an order of texts is the order of their authors; `orders` has one for each prompt."""
    return sum(turn_of(said) == turn for said_in_order in orders for turn, said in enumerate(said_in_order))


def orders_in(database, order):
    """The texts of each prompt in some order that the database itself offers."""
    with sqlite3.connect(database) as conn:
        found = conn.execute(f"SELECT occurrence_id, text FROM anonymous_answer {order}").fetchall()  # noqa: S608
    conn.close()
    prompts = sorted({row[0] for row in found})
    return [[said for prompt, said in found if prompt == one] for one in prompts]


def order_of_bytes(data, prompts):
    """The texts of each prompt in the order in which they lie in a file, forward and backward."""
    there = {one: [] for one in prompts}
    for found in re.finditer(rb"Zorvex-(\d+)-\d+", data):
        there[int(found[1])].append(found[0].decode())
    return [list(dict.fromkeys(said)) for said in there.values()]


def sealed_in(copy):
    """(prompt, receipt) of what is sealed → how long it is, in a copy of the database."""
    with sqlite3.connect(copy) as conn:
        found = conn.execute("SELECT occurrence_id, receipt, length(sealed) FROM sealed_answer").fetchall()
    conn.close()
    return {(row[0], row[1]): row[2] for row in found}


@pytest.mark.only("local", reason="the bytes are the core's")
@pytest.mark.parametrize("journal", ["truncate", "wal"])
async def test_a_matching_script_does_no_better_than_chance(tmp_path, platform, monkeypatch, caplog, journal):
    caplog.set_level(logging.DEBUG)
    if journal == "wal":
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    copies = tmp_path / "copies"
    copies.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    database = home / "tilth.db"
    arrived = []

    def copy():
        """What an attacker who watches the disk has after each answer: every file but the keys."""
        for file in home.glob("tilth.db*"):
            shutil.copy(file, copies / f"{len(arrived):03}{file.name[5:]}")
        arrived.append(copies / f"{len(arrived):03}.db")

    async with staged(home, platform, journal=journal, on_disk=False) as stage:
        prompts = await schedule(stage, SCHEDULES)
        await answer_all(stage, prompts, copy)
        await stage.until("2026-10-09 12:00")
        shown = stage.text(stage.digests()[0])
        log_file = (home / "tilth.db-wal").read_bytes() if (home / "tilth.db-wal").exists() else b""
    assert "6 anonymous answers" in shown

    orders = {
        "as they lie": orders_in(database, ""),
        "by id": orders_in(database, "ORDER BY id"),
        "by receipt": orders_in(database, "ORDER BY receipt"),
        "in the file": order_of_bytes(database.read_bytes(), prompts),
        "in the log": order_of_bytes(log_file, prompts),
    }
    for how, found in orders.items():
        assert count_hits(found) < MANY, how
        assert count_hits(said[::-1] for said in found) < MANY, f"{how}, backward"

    published = {row for name in ("id", "receipt", "text") for row in column(database, name)}
    for one in copies.iterdir():
        data = one.read_bytes()
        assert not [each for each in published if each.encode() in data], (
            f"{one.name} joins what was published"
        )
    assert len(set(sealed_in(arrived[-1]).values())) == 1, "no length tells one from another"
    assert "Zorvex" not in caplog.text
    assert not [each for each in published if each in caplog.text]
    assert list((home / "anonymous").iterdir()) == [], "the keys are destroyed"


def column(database, name):
    with sqlite3.connect(database) as conn:
        found = [row[0] for row in conn.execute(f"SELECT {name} FROM anonymous_answer")]  # noqa: S608
    conn.close()
    assert found
    return found


async def live_a_week(tmp_path, platform, caplog, answering):
    """A week in which everybody opens the form, and some answer: all other rows before and after closing, and the log."""
    caplog.clear()
    tmp_path.mkdir()
    async with staged(tmp_path, platform, on_disk=False) as stage:
        await schedule(stage, 1)
        for who in CAST:  # so that each of them is somebody who takes part, and may be reminded
            await stage.says(who, "The bus.", thread=stage.prompts()[0])
        await stage.until("2026-10-12 09:05")
        await stage.says("cleo", "The bus again.", thread=stage.prompts()[1])
        for who in CAST:
            form = await stage.presses(who, stage.prompts()[1], "Answer anonymously")
            if who in answering:
                await stage.fills_in(who, form, q0="3", r0=f"Zorvex-1-{CAST.index(who)}")
        await stage.until("2026-10-16 08:55")
        before = other_rows(await stage.dump())
        await stage.until("2026-10-16 12:00")
        assert "5 anonymous answers" in stage.text(stage.digests()[1])
        after = other_rows(await stage.dump())
        reminded = {
            who for who in CAST if any("cannot know who has" in stage.text(one) for one in stage.inbox(who))
        }
    # How long a piece of work took is the machine's, as is when it started.
    ours = [one for one in caplog.records if one.name.startswith("bot.") and one.name != pieces.log.name]
    logged = [one.getMessage() for one in ours]
    logged = [line for line in logged if not line.startswith("started at")]
    return before, after, reminded, logged


def other_rows(dump):
    """The rows that may not depend on who answered. What is said at once gets its number there in any order."""
    own = tuple(f'INSERT INTO "{table}"' for table in (*OWN, "secret_name", "lease", "epoch"))
    rows = [line for line in dump if line.startswith("INSERT") and not line.startswith(own)]
    return [re.sub(r"'1000\d{4}'", "'a message'", line) for line in rows]


@pytest.mark.only("local", reason="every table is the core's")
async def test_no_row_reminder_or_log_depends_on_who_answered(tmp_path, platform, caplog):
    caplog.set_level(logging.INFO)
    one = await live_a_week(tmp_path / "one", platform, caplog, CAST[:5])
    other = await live_a_week(tmp_path / "other", platform, caplog, CAST[1:])
    assert one == other
    assert one[2] == set(CAST) - {"cleo"}, "whoever has not answered under their name is reminded"


@pytest.mark.only("local", reason="every table is the core's")
async def test_postgresql_tells_no_order_either(tmp_path, platform, postgres_url):
    async with staged(tmp_path, platform, url=postgres_url, on_disk=False) as stage:
        prompts = await schedule(stage, SCHEDULES)
        await answer_all(stage, prompts)
        await stage.until("2026-10-09 12:00")

        def look(conn):
            found = {}
            for order in ("ctid", "ctid DESC", "xmin::text::bigint, ctid", "id"):
                query = f"SELECT occurrence_id, text FROM anonymous_answer ORDER BY {order}"  # noqa: S608
                rows = conn.execute(text(query)).all()
                found[order] = [[said for prompt, said in rows if prompt == one] for one in prompts]
            each = text("SELECT count(DISTINCT xmin::text) FROM anonymous_answer GROUP BY occurrence_id")
            return found, conn.execute(each).scalars().all()

        orders, transactions = await stage.app.store.read(look)
        assert set(transactions) == {1}
        for how, found in orders.items():
            assert count_hits(found) < MANY, how
