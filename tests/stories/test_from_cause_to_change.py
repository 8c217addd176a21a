"""From one problem to a second change: five people, one team, a whole course, three meetings and two looks.

`pytest -s tests/stories/test_from_cause_to_change.py --platform local` prints the plan after each step, what the scribe sees,
and everything that each person received. With `STORY_LANGUAGE=es` the same is told in Spanish.
"""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import or_, select

from bot.chat.language import _, format_day, speaking
from bot.delivery.facts import Verb
from bot.delivery.tables import outbox
from bot.pictures import paper
from bot.reminders.budget import SPACING, WEEKLY
from bot.settings.model import CommunitySettings
from tests.stories import stage as stage_module
from tests.stories.room import Newcomer
from tests.stories.stage import PEOPLE, Stage, shipped_courses, staged
from tests.stories.test_team_plan import writes

LANGUAGE = os.environ.get("STORY_LANGUAGE", "en")
COURSE = {"en": "c1", "es": "c3"}[LANGUAGE]
CHICAGO = ZoneInfo("America/Chicago")
TEAM = {
    "ada": "Ada Quinn", "ben": "Ben Okafor", "cleo": "Cleo Marsh", "dora": "Dora Lind", "eli": "Eli Stone",
}  # fmt: skip
OFF = {"2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25", "2027-01-01"}
BUS, START = "Help starts when the bus leaves.", "They get stuck on the first problem."
CONSENT = {"en": "Words to ask for consent", "es": "Palabras para pedir permiso"}
LUNCH, TEN = "Math help at lunch, twice a week.", "The last ten minutes of math are for the first problem."


def said(text, **values):
    """A text of the catalog in the language of this run."""
    with speaking(f"{LANGUAGE}_US"):
        return _(text, **values)


def day(iso):
    """A day as this run writes it."""
    with speaking(f"{LANGUAGE}_US"):
        return format_day(date.fromisoformat(iso))


@pytest.fixture
async def stage(tmp_path, platform, monkeypatch):
    """A school in Chicago with the courses as they ship; the clock stands on the evening before the first Monday."""
    monkeypatch.setattr(stage_module, "story_courses", shipped_courses)
    monkeypatch.setattr(paper, "find_spec", lambda _name: None)
    home = CommunitySettings(language=LANGUAGE)
    async with staged(tmp_path, platform, zone="America/Chicago", community=home) as stage:
        yield stage


plain = Stage.plain


def show(stage, head, *shown):
    """Print something for whoever reads along with `-s`."""
    words = "\n".join(one if isinstance(one, str) else plain(stage, one) for one in shown)
    print(f"\n══ {stage.clock.now().astimezone(CHICAGO):%a %d %b %Y, %H:%M} · {head} ══\n{words}")


async def plan(stage, head, *wanted):
    """The plan as its team reads it after a step."""
    shown = plain(stage, await stage.asks("ada", "/team plan", "c2"))
    show(stage, head, shown)
    for words in wanted:
        assert words in shown
    return shown


def check_in(stage, who):
    """The check-in that somebody received last."""
    found = [one for one in stage.inbox(who) if said("How is it going?") in plain(stage, one)]
    show(stage, f"{TEAM[who]} is asked", found[-1])
    return found[-1]


async def holds(stage, at, number, *notes):
    """A meeting, planned by the lead and begun by Ben, run part by part; `notes` are what the scribe does in turn.

    Returns the card with which it ends.
    """
    form = await stage.asks("ada", "/team meet", "c2")
    assert stage.value(form, "lesson") == f"{COURSE}.{number}", "the lesson that the team is at is proposed"
    await stage.fills_in("ada", form, when=at)
    await stage.until(at)
    await stage.later(minutes=1)
    await stage.presses("ben", stage.room(None, "c2")[-1], said("Start the meeting"))
    await stage.later(minutes=1)
    head, left = stage.room(None, "c2")[-1], list(notes)
    while said("End the meeting") not in (part := stage.thread("ben", head)[-1]).buttons:
        show(stage, "in the thread", part)
        if said("Write it down") in part.buttons and (note := left.pop(0)) is not None:
            await note(await stage.presses("ben", part, said("Write it down")), part)
        await stage.presses("ben", part, said("Next part"))
        await stage.later(minutes=7)
    assert left == []
    await stage.presses("ben", part, said("End the meeting"))
    await stage.later(minutes=1)
    end = stage.thread("ben", head)[-1]
    show(stage, "in the thread", part, end)
    return end


async def finish(stage, end, *people):
    """Who took part finishes the lesson from the thread, with one tap that can be pressed twice."""
    for who in people:
        for _press in range(2):
            done = await stage.presses(who, end, said("Done: our team did this"))
    assert said("Mark as not done") in done.buttons


async def test_a_team_goes_from_a_problem_to_a_second_change(stage):
    await begins(stage)
    await names_the_problem(stage)
    await finds_causes(stage)
    await counts_before_it_fixes(stage)
    await listens_and_plans(stage)
    await looks_twice(stage)
    await has_evidence(stage)
    await counts_what_came(stage)
    assert await stage.broken() == []


async def begins(stage):
    """Monday at 8:00 a moderator makes the team, says who leads it, and enrolls it; at 9:00 comes the first lesson."""
    await stage.until("2026-10-05 08:00")
    zone = CHICAGO.key if stage.platform.knows_zones else None
    for one in (*PEOPLE, Newcomer("dora", TEAM["dora"]), Newcomer("eli", TEAM["eli"])):
        await stage.joins(one.id, one.name, facts=one.facts, zone=zone, locale=LANGUAGE)
    await stage.opens_channel("c2", "birch-hill")
    await stage.asks("mo", "/team create Birch Hill")
    for name in TEAM.values():
        await stage.asks("mo", f"/team add @{name} Birch Hill")
    await stage.asks("mo", "/team lead @Ada Quinn Birch Hill")
    await stage.asks("mo", f"/course enroll {COURSE} team:Birch Hill")
    await stage.asks("mo", '/tilth calendar add "21 dec to 1 jan" -- Winter break')
    await stage.until("2026-10-05 09:20")
    told, lesson = stage.inbox("ada")
    assert said("You get at most one lesson a week, on {day} at {at} your time.", day="", at="")[
        :20
    ] in plain(stage, told)
    show(stage, "Ada is told", told, lesson)


async def names_the_problem(stage):
    """On day one the lead writes what she sees; the meeting of the first lesson makes it the problem of the team."""
    place = await stage.asks("ada", "/team place", "c2")
    asked = await stage.presses("ada", place, said("Post it in this channel"))
    await stage.presses("ada", asked, said("Post it there"))
    await stage.later(minutes=1)
    await plan(stage, "nothing is written yet", said("Write the problem"))
    await writes(stage, "ada", "problem", "c2", what="Math practice is not turned in.", students="7th grade")
    await plan(stage, "day one: the problem, as the lead sees it", "Math practice is not turned in.")

    async def problem(form, _part):
        assert stage.value(form, "what") == "Math practice is not turned in.", "the scribe goes on with it"
        await stage.fills_in(
            "ben", form, what="Less than half of the math practice is turned in.", where="7th grade math",
            students="Bus riders: 24 of 41, others: 14 of 51", since="Last spring or longer",
            evidence="The gradebook, counted on October 5",
        )  # fmt: skip

    async def steps(form, _part):
        await stage.fills_in("ben", form, what="Get the numbers of 8th grade.", owner="cleo", day="Oct 9")

    end = await holds(stage, "2026-10-06 15:30", 1, problem, steps)
    await plan(stage, "after the first meeting", "24 of 41", "Get the numbers of 8th grade. (Cleo Marsh)")
    await finish(stage, end, "ben", "cleo", "dora")  # Ada did it by writing; Eli forgets to press
    await stage.until("2026-10-09 09:30")
    await stage.presses("cleo", check_in(stage, "cleo"), said("Done"))
    shown = await plan(stage, "the check-in: done")
    assert shown.count("Cleo Marsh") == 1, "what is done stands there once"


async def finds_causes(stage):
    """Two weeks later: causes from silence onto the fishbone, two chosen with dots, and the whys below them."""
    await stage.until("2026-10-20 12:00")
    asked = stage.inbox("eli")[-1]
    show(stage, "Eli is reminded", asked)
    assert said("Your team has done what this lesson asks for. If you took part, one tap finishes it for you.") in plain(stage, asked)  # fmt: skip
    await stage.presses("eli", asked, said("Done: our team did this"))

    async def causes(_form, part):
        for who, cause, bone in (
            ("ben", BUS, "structures"), ("cleo", START, "instruction"), ("dora", "No internet at home.", "resources"),
            ("eli", "Practice counts little.", "policy"), ("ada", "Families hear of it late.", "family"),
        ):  # fmt: skip
            form = await stage.presses(who, part, said("Write it down"))
            await stage.fills_in(who, form, cause=cause, category=bone, basis="guess")

    async def choice(card, part):
        await stage.chooses("ben", card, said("Choose a cause"), BUS)
        card = await stage.presses("ben", part, said("Write it down"))
        assert BUS in plain(stage, card), "what is chosen already stands there"
        await stage.chooses("ben", card, said("Choose a cause"), START)

    async def whys(card, part):
        form = await stage.presses("ben", card, BUS)
        await stage.fills_in(
            "ben", form, why1="It starts at 3:15, the bus at 3:10.", why2="Nobody decided it."
        )
        form = await stage.presses("ben", await stage.presses("ben", part, said("Write it down")), START)
        await stage.fills_in("ben", form, why1="Nobody is there to ask.")

    async def steps(form, _part):
        await stage.fills_in("ben", form, what="Count who comes to math help.", owner="dora", day="Oct 27")

    end = await holds(stage, "2026-10-20 15:30", 2, causes, choice, whys, steps)
    assert f"{said('Chosen cause')}: {BUS}\n{said('Why')}: Nobody decided it." in plain(stage, end)
    shown = await plan(
        stage, "after the second meeting", "Nobody is there to ask.", "Count who comes to math help."
    )
    assert shown.index(START) < shown.index(BUS), "in the order of the fishbone"
    page = await stage.asks("dora", "/team plan", "c2")
    printed = await stage.presses("dora", page, said("Print"))
    assert [data[:4] for data in stage.files(printed).values()] == [b"\x89PNG"], (
        "without the library for paper"
    )
    fishbone = await stage.presses("dora", page, said("See the fishbone"))
    show(stage, "the fishbone", fishbone)
    for words in (
        "Less than half of the math practice is turned in.",
        f"{BUS} ({said('a guess')}, {said('chosen')})",
    ):
        assert words in plain(stage, fishbone)


async def counts_before_it_fixes(stage):
    """Dora is stuck and lets the lead know, takes a new date, and puts the number beside its cause."""
    await stage.until("2026-10-27 12:00")
    stuck = await stage.presses("dora", check_in(stage, "dora"), said("Stuck"))
    told = await stage.fills_in(
        "dora", await stage.presses("dora", stuck, said("Tell the lead")), line="The list is locked up."
    )
    await stage.later(hours=1)
    assert "The list is locked up." in plain(stage, stage.inbox("ada")[-1])
    show(stage, "Ada hears of it", stuck, told, stage.inbox("ada")[-1])
    form = await stage.presses("dora", stuck, said("Choose a new date"))
    await stage.fills_in("dora", form, day="Oct 29", line="The office opens it on Thursday.")
    await stage.until("2026-10-29 12:00")
    await stage.presses("dora", check_in(stage, "dora"), said("Done"))
    card = await stage.chooses(
        "dora", await stage.asks("dora", "/team plan"), said("Add or change a part"), said("Causes")
    )
    form = await stage.presses("dora", card, said("Edit"))
    assert stage.value(form, "cause") == BUS
    await stage.fills_in("dora", form, basis="number", evidence="3 of 26 visits are by bus riders")
    await plan(stage, "the count", f"{BUS} ({said('a number')}: 3 of 26 visits are by bus riders)")


async def listens_and_plans(stage):
    """Three weeks: talks with students, asked for consent and written without names; then they join the meeting."""
    await stage.until("2026-11-05 16:00")
    lesson = next(one for one in reversed(stage.inbox("ben")) if said("Sheets to use") in one.buttons)
    sheets = await stage.presses("ben", lesson, said("Sheets to use"))
    show(stage, "how to ask for consent", await stage.presses("ben", sheets, CONSENT[LANGUAGE]))
    form = await stage.asks("ben", "/team plan voice", "c2")
    asked = await stage.fills_in(
        "ben", form, said="Marisol: help starts when my bus leaves.", students="A bus rider"
    )
    assert said("Is this a name?") in plain(stage, asked)
    form = await stage.presses("ben", asked, said("Change the words"))
    await stage.fills_in("ben", form, said="Help starts when my bus leaves.")
    await writes(
        stage, "eli", "voice", "c2", said="I get stuck, and then it is over.", students="A bus rider"
    )
    assert "Marisol" not in await plan(stage, "what students said", "I get stuck, and then it is over.")

    async def choice(card, part):
        assert BUS in plain(stage, card), "both stand, and can be taken back"
        assert BUS in plain(stage, await stage.presses("ben", card, said("Change what is chosen")))

    async def aim(form, _part):
        await stage.fills_in("ben", form, amount="From 24 to 16 of 41", students="Bus riders", day="Jan 8")

    async def change(form, _part):
        assert form.blank("about").options[0][1] == BUS
        saved = await stage.fills_in("ben", form, what=LUNCH, owner="cleo", day="Nov 18")
        form = await stage.presses("ben", saved, said("Say how you will know"))
        await stage.fills_in("ben", form, measure="Visits a week", prediction="From 3 to 15", wrong="Under 8")

    async def steps(form, _part):
        await stage.fills_in("ben", form, what="Tell the students we asked.", owner="eli", day="Nov 20")

    end = await holds(stage, "2026-11-17 15:30", 3, None, choice, None, aim, change, steps)
    await finish(stage, end, "ada", "cleo", "dora")
    await plan(stage, "after the third meeting", LUNCH, "Cleo Marsh", "From 3 to 15", day("2026-12-02"))
    await stage.until("2026-11-18 09:30")
    await stage.presses("cleo", check_in(stage, "cleo"), said("Started"))
    await stage.until("2026-11-20 09:30")
    await stage.presses("eli", check_in(stage, "eli"), said("Done"))


async def looks_twice(stage):
    """After two weeks the team keeps the change; after six, which is in the break, it drops it and tries the second cause."""
    await stage.until("2026-12-02 10:00")
    look = stage.room(None, "c2")[-1]
    form = await stage.presses("dora", look, said("Look at the change"))
    saved = await stage.fills_in(
        "dora", form, happened="4 visits a week.", verdict="keep", learned="Few know of it."
    )
    show(stage, "the first look", look, saved)
    await stage.until("2027-01-04 08:55")
    assert stage.room(None, "c2")[-1].id == look.id, "nothing comes in the break"
    await stage.until("2027-01-04 10:00")
    again = stage.room(None, "c2")[-1]
    assert again.id != look.id
    show(stage, "the second look", again)

    form = await stage.presses("ben", again, said("Look at the change"))
    saved = await stage.fills_in(
        "ben", form, happened="5 visits a week. Lunch is for friends.", verdict="drop"
    )
    assert said("Try another cause") in saved.buttons
    await writes(
        stage, "eli", "next", "c2", what="Tell the students what we found.", owner="eli", day="Jan 8"
    )
    lesson = await stage.asks("ada", f"/course lesson {COURSE}.4", "c2")
    await stage.presses("ada", lesson, said("Done: our team did this"))
    page = await stage.asks("ada", "/team plan", "c2")
    form = await stage.presses("ada", page, said("Write the change"))
    assert dict(form.blank("about").options)[stage.value(form, "about")] == START, (
        "the cause that was not tried"
    )
    await stage.fills_in("ada", form, what=TEN, owner="dora", day="Jan 11")
    await plan(stage, "the second change", f"{said('Dropped')}: {LUNCH}", TEN, START, day("2027-01-25"))
    await stage.until("2027-01-12 12:00")
    await stage.presses("dora", check_in(stage, "dora"), said("Started"))


async def has_evidence(stage):
    """Everybody has finished, and the evidence says how."""
    for who, name in TEAM.items():
        mine = plain(stage, await stage.asks(who, f"/course progress {COURSE}"))
        assert said("{bar}: {done} of {of} lessons done", bar=said("All together"), done=4, of=4) in mine
        show(stage, name, mine)
    form = await stage.asks("ada", f"/course evidence {COURSE}")
    [data] = stage.files(await stage.fills_in("ada", form)).values()
    page = unescape(zipfile.ZipFile(BytesIO(data)).read("evidence.html").decode())
    show(stage, "Ada's evidence", page)
    assert page.count(said("what they wrote into the team plan")) == 2
    assert page.count(said("their team's plan, and their own word")) == 2
    assert (
        said("It says how each lesson was finished. It counts no hours, because Tilth does not know them.")
        in page
    )
    assert day("2026-11-17") in page


# ── what came ─────────────────────────────────────────────────────────────────


async def arrivals(stage, who):
    """(local time, words, private) of everything that came to somebody by itself, but for the parts of a meeting."""
    c, person = outbox.c, stage.platform.id_of(who)
    query = (
        select(c.sent_at, c.external_id, c.verb)
        .where(c.sent_at.is_not(None), or_(c.person == person, c.channel == stage.place("c2").channel))
        .where(c.verb.in_((Verb.DIRECT, Verb.POST)), c.thread.is_(None), c.part == 0)
        .order_by(c.sent_at, c.id)
    )
    rows = await stage.app.store.read(lambda conn: conn.execute(query).all())
    seen = {one.id: one for one in (*stage.room(None, "c2"), *stage.inbox(who))}
    return [
        (row.sent_at.astimezone(CHICAGO), plain(stage, seen[row.external_id]), row.verb is Verb.DIRECT)
        for row in rows
    ]


async def counts_what_came(stage):
    """Nobody gets more than the budget, anything twice, or anything at night, at a weekend or on a day off."""
    for who, name in TEAM.items():
        got = await arrivals(stage, who)
        lines = [
            f"{at:%a %b %d, %H:%M} {'·' if private else '#'} {shorten(words)}" for at, words, private in got
        ]
        show(stage, f"{name} received {len(got)}", *lines)
        times, week = [at for at, _words, private in got if private], timedelta(days=7)
        assert max(sum(at - week < one <= at for one in times) for at in times) <= WEEKLY, who
        assert [at for at, after in pairwise(times) if after - at < SPACING] == [], who
        off = [
            at for at, *_rest in got if at.weekday() > 4 or f"{at:%Y-%m-%d}" in OFF or not 8 <= at.hour < 18
        ]
        assert off == [], who
        told = Counter(words for _at, words, private in got if private)
        assert [words for words, count in told.items() if count > 1] == [], who


def shorten(words):
    return " | ".join(words.splitlines()[:3])[:150]
