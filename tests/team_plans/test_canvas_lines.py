"""A plan as lines of a canvas: each is known again after people changed others, and read back as what it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.chat.canvas import CanvasLine, LineKind
from bot.chat.language import load_catalogs, speaking
from bot.team_plans.canvas.alignment import (
    SENT,
    KnownLine,
    clearing_change,
    digest_of,
    next_change,
    pair_lines,
)
from bot.team_plans.canvas.lines import plan_lines
from bot.team_plans.canvas.values import ECHOES, ReadingAids, Unreadable, read_field
from bot.team_plans.examples import NAMES, example_plan
from bot.team_plans.model import PlanSheet

PLAN = example_plan()
AIDS = ReadingAids(date(2026, 10, 5), {1: "Ada Quinn", 2: "Ben Okafor", 3: "Ben Stone"}, {"U7": 1})


def known_of(lines):
    return {
        one.key: KnownLine(one.key, one.entry.id if one.entry else None, one.version, (digest_of(one.line),)) for one in lines
    }  # fmt: skip


def standing(lines):
    return tuple(one.line for one in lines)


def changed(line, old, new):
    return replace(line, text=line.text.replace(old, new), label=line.label.replace(old, new))


def test_every_line_is_known_again_and_nothing_is_to_do():
    wanted = plan_lines(PLAN, NAMES)
    read = standing(wanted)
    pairs = pair_lines(known_of(wanted), wanted, read)
    assert [pairs[one.key] for one in wanted] == list(range(len(wanted)))
    assert next_change(known_of(wanted), wanted, read, pairs)[0] is None


def test_lines_are_known_again_among_new_moved_and_changed_ones():
    wanted = plan_lines(PLAN, NAMES)
    read = list(standing(wanted))
    at = {one.key: place for place, one in enumerate(wanted)}
    what, where = at["problem/what"], at["problem/where"]
    read[what] = CanvasLine(LineKind.TEXT, f"{read[what].label}: nobody asks")
    read.insert(where, CanvasLine(LineKind.TEXT, "Our own words"))
    read.append(read.pop(at["part/aim"] + 1))
    pairs = pair_lines(known_of(wanted), wanted, tuple(read))
    assert pairs["problem/what"] == what
    assert pairs["problem/where"] == where + 1
    assert pairs["part/aim"] == len(read) - 1
    assert len(set(pairs.values())) == len(wanted)


def test_a_tick_is_no_other_line():
    wanted = plan_lines(PLAN, NAMES)
    read = list(standing(wanted))
    [at] = [
        place for place, one in enumerate(wanted) if one.key.endswith("/what") and one.sheet is PlanSheet.NEXT
    ][:1]
    read[at] = replace(read[at], kind=LineKind.DONE)
    assert pair_lines(known_of(wanted), wanted, tuple(read))[wanted[at].key] == at


def test_changes_come_one_after_another_until_the_canvas_says_what_the_plan_says():
    wanted = plan_lines(PLAN, NAMES)
    known = known_of(wanted)
    later = plan_lines(replace(PLAN, team="Harbor", entries=PLAN.entries[1:]), NAMES)
    read, made = list(standing(wanted)), []
    read.insert(3, CanvasLine(LineKind.OTHER, "| a table |"))
    for _ in range(60):
        here = tuple(read)
        change, known = next_change(known, later, here, pair_lines(known, later, here))
        if change is None:
            break
        made.append(change.how)
        match change.how:
            case "replace":
                read[change.at] = change.lines[0]
            case "delete":
                del read[change.at]
            case "after":
                read[change.at + 1 : change.at + 1] = change.lines
    assert [one for one in read if one.kind is not LineKind.OTHER] == list(standing(later))
    assert read[3].text == "| a table |"
    assert set(made) <= {"replace", "delete", "after"}


def test_a_change_that_was_sent_is_no_news_when_it_arrives_late():
    wanted = plan_lines(PLAN, NAMES)
    known, read = known_of(wanted), standing(wanted)
    first = plan_lines(replace(PLAN, team="Harbor"), NAMES)
    change, known = next_change(known, first, read, pair_lines(known, first, read))
    second = plan_lines(replace(PLAN, team="Hill"), NAMES)
    late = (change.lines[0], *read[1:])
    assert digest_of(late[0]) in known["title"].ours
    change, known = next_change(known, second, late, pair_lines(known, second, late))
    assert change.lines[0].text == "Plan of Hill"


def test_what_stands_there_is_no_news_however_often_a_change_of_it_was_tried():
    wanted = plan_lines(PLAN, NAMES)
    known, read = known_of(wanted), standing(wanted)
    later = plan_lines(replace(PLAN, team="Harbor"), NAMES)
    for _ in range(SENT + 1):  # somebody types there, and each is refused
        change, known = next_change(known, later, read, pair_lines(known, later, read))
        assert change.lines[0].text == "Plan of Harbor"
    assert digest_of(read[0]) in known["title"].ours


def test_what_people_wrote_and_waits_is_never_written_over():
    wanted = plan_lines(PLAN, NAMES)
    read = list(standing(wanted))
    read[4] = replace(read[4], text="something else")
    known = known_of(wanted)
    key = wanted[4].key
    known[key] = replace(known[key], kept=digest_of(read[4]))
    change, after = next_change(known, wanted, tuple(read), pair_lines(known, wanted, tuple(read)))
    assert change is None
    assert after[key].kept
    # Where people take it back, nothing waits any more.
    _, after = next_change(known, wanted, standing(wanted), pair_lines(known, wanted, standing(wanted)))
    assert not after[key].kept


def test_a_plan_leaves_a_canvas_and_takes_nothing_of_others_with_it():
    wanted = plan_lines(PLAN, NAMES)
    known, read = known_of(wanted), standing(wanted)
    assert clearing_change(known, read, pair_lines(known, wanted, read)).how == "discard"
    mixed = (*read, CanvasLine(LineKind.TEXT, "Ours"))
    change = clearing_change(known, mixed, pair_lines(known, wanted, mixed))
    assert (change.how, change.at) == ("delete", len(read) - 1)
    assert clearing_change(known, mixed[-1:], pair_lines(known, wanted, mixed[-1:])) is None


def line_of(key):
    return next(
        one for one in plan_lines(PLAN, NAMES) if one.key.startswith(key[0]) and one.key.endswith(key[1])
    )


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        (("problem", "where"), "Where: Hall  2", "Hall  2"),
        (("problem", "where"), "where : …", ""),
        (("problem", "since"), "Since when:", ""),
        (("next", "day"), "By when: Friday, December 4, 2026", date(2026, 12, 4)),
        (("next", "day"), "By when: Dec 4", date(2026, 12, 4)),
        (("next", "owner"), "Who: ada", 1),
        (("next", "owner"), "Who: @U7", 1),
        (("next", "owner"), "Who: Ben Stone", 3),
        (("next", "owner"), "Who: …", None),
        (("causes", "basis"), "Based on: a number", "number"),
    ],
)
def test_a_line_is_read_back_as_its_value(key, words, value):
    assert read_field(line_of(key), CanvasLine(LineKind.TEXT, words), AIDS) == value


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (("problem", "what"), "What:"),
        (("problem", "where"), "Place: Hall"),
        (("problem", "where"), "Where: " + "long " * 100),
        (("next", "day"), "By when: soonish"),
        (("next", "owner"), "Who: Ben"),
        (("next", "owner"), "Who: Rosa"),
        (("causes", "basis"), "Based on: a hunch"),
        (("part", "aim"), "Our aim"),
    ],
)
def test_what_is_no_value_is_told_so(key, words):
    with pytest.raises(Unreadable):
        read_field(line_of(key), CanvasLine(LineKind.TEXT, words), AIDS)


def test_a_line_that_comes_back_other_than_it_was_written_is_left_alone_in_the_end():
    line = CanvasLine(LineKind.TEXT, "Where: Hall")
    assert read_field(line_of(("problem", "where")), line, AIDS, echoes=ECHOES - 1) == "Hall"
    with pytest.raises(Unreadable):
        read_field(line_of(("problem", "where")), line, AIDS, echoes=ECHOES)


def test_a_day_is_read_back_in_spanish():
    load_catalogs()
    with speaking("es_US"):
        lines = [one for one in plan_lines(PLAN, NAMES) if one.field == "day" and one.entry and one.entry.day]
        assert lines
        for one in lines:
            assert read_field(one, CanvasLine(LineKind.TEXT, one.line.plain), AIDS) == one.entry.day
