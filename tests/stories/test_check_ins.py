"""Whoever does something in a plan is asked on its date; a team is asked for its looks; nobody is told more than they said."""

from __future__ import annotations

import pytest

from bot.facts import LessonLearned
from bot.team_plans.model import PlanPart, PlanSheet
from bot.team_plans.tables import load_plan
from bot.team_plans.writer import PlanEdit, PlanWriter, values_of
from tests.stories.stage import Stage
from tests.stories.test_team_place import places
from tests.stories.test_team_plan import writes

TEAM = ("ada", "ben", "cleo", "dora", "eli")
ASKED, NEWS = "How is it going?", "is stuck"


@pytest.fixture
async def north(stage):
    """A team of five that Ada leads, with two chosen causes; Monday, October 5."""
    await stage.joins("dora", "Dora Lind")
    await stage.joins("eli", "Eli Stone")
    await stage.opens_channel("c2", "team-north")
    await stage.asks("mo", "/team create North")
    for who in TEAM:
        await stage.asks(who, "/team join North")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    causes = ("Directions are given once.", "We answer the first hand.")
    for cause in causes:
        await writes(stage, "ada", "cause", cause=cause, category="instruction", basis="guess")
    for cause in causes:
        card = await stage.asks("dora", "/team plan choose")
        await stage.chooses("dora", card, "Choose a cause", cause)
    return stage


async def changes(stage, day="Oct 7"):
    """Ben's change, with its measure."""
    await writes(stage, "ben", "change", what="Hand out written directions.", owner="ben", day=day)
    await writes(
        stage, "ben", "measure", measure="Questions a week", prediction="From 4 to 12", wrong="Under 6"
    )


async def steps(stage, who, what, day, owner=""):
    return await writes(stage, "ada", "next", what=what, owner=owner or who, day=day)


plain = Stage.plain


def asked(stage, who):
    """The check-ins that somebody received."""
    return [one for one in stage.inbox(who) if ASKED in plain(stage, one)]


def told_last(stage, who, under=None):
    """The last thing that the bot said to somebody directly: on Slack in the thread that they wrote in."""
    seen = (
        stage.thread(who, under)
        if under is not None and stage.space.startswith("slack")
        else stage.inbox(who)
    )
    return [one for one in seen if one.own][-1]


def answer(stage, who):
    return plain(stage, told_last(stage, who))


def news(stage, who):
    return [plain(stage, one) for one in stage.inbox(who) if NEWS in plain(stage, one)]


async def page(stage, who="ada"):
    """The plan as somebody sees it, printed for whoever reads along with `-s`."""
    shown = plain(stage, await stage.asks(who, "/team plan"))
    print(f"\n{shown}\n{'─' * 60}")
    return shown


async def test_five_people_are_asked_for_six_weeks(north):
    stage = north
    await changes(stage)
    await steps(stage, "dora", "Ask the office for paper.", "Oct 9")
    await steps(stage, "cleo", "Print the directions.", "Oct 8")
    await steps(stage, "eli", "Count the questions.", "Oct 9")

    await stage.until("2026-10-07 08:55")
    assert asked(stage, "ben") == []
    await stage.until("2026-10-07 09:05")
    [question] = asked(stage, "ben")
    for words in ("Hand out written directions.", "7 October 2026", "because your team’s plan names you"):
        assert words in plain(stage, question)
    said = await stage.presses("ben", question, "Started")
    assert "Your team reads it in the plan" in plain(stage, said)
    await stage.presses("ben", question, "Stuck")
    line = await stage.presses("ben", said, "Add a line")
    refused = await stage.fills_in("ben", line, line="Two classes so far.")
    line = await stage.presses("ben", said, "Add a line")
    assert "Nothing that you said about this is in the plan now." in plain(stage, refused)
    assert "Stuck" not in await page(stage)
    await stage.presses("ben", refused, "Started")
    await stage.fills_in("ben", line, line="Two classes so far.")
    assert "Two classes so far. (Ben Okafor, Wednesday 7 October 2026)" in await page(stage)

    # Dora is done before the date, and is not asked; Cleo is stuck, and says that Ada may know.
    step = await stage.chooses(
        "dora", await stage.asks("dora", "/team plan"), "Add or change a part", "Next steps"
    )
    for _press in range(2):
        await stage.presses("dora", step, "Mark as done")
    await stage.until("2026-10-08 09:05")
    [question] = asked(stage, "cleo")
    stuck = await stage.presses("cleo", question, "Stuck")
    assert "I have told nobody. May Ada Quinn, who leads the team, know?" in " ".join(
        plain(stage, stuck).split()
    )
    await stage.later(minutes=30)
    assert news(stage, "ada") == [], "not before she said so"
    assert "Stuck" not in await page(stage)
    for _press in range(2):
        form = await stage.presses("cleo", stuck, "Tell the lead")
        told = await stage.fills_in("cleo", form, line="The printer is broken.")
    assert "I also write to Ada Quinn" in plain(stage, told)
    await stage.later(minutes=30)
    [notice] = news(stage, "ada")
    again = await stage.presses("cleo", question, "Stuck")
    assert "I have told Ada Quinn." in plain(stage, again), "and not that I will"
    form = await stage.presses("cleo", stuck, "Tell the lead")
    await stage.fills_in("cleo", form, line="The printer is broken.")
    await stage.later(minutes=30)
    assert len(news(stage, "ada")) == 1, "the same line is told once"
    assert "Cleo Marsh is stuck" in notice
    assert "The printer is broken." in notice
    assert "The printer is broken. (Cleo Marsh" in await page(stage, "ben")

    # Eli is stuck too, and keeps it; a new date is asked about anew.
    await stage.until("2026-10-09 09:05")
    assert asked(stage, "dora") == [], "done before the date"
    [question] = asked(stage, "eli")
    stuck = await stage.presses("eli", question, "Stuck")
    kept = await stage.presses("eli", stuck, "Keep it to myself")
    assert "I tell nobody in your team" in plain(stage, kept)
    await stage.later(hours=3)
    assert len(news(stage, "ada")) == 1
    assert "Eli Stone, " not in await page(stage)
    form = await stage.presses("eli", question, "Moving")
    wrong = await stage.fills_in("eli", form, day="today", line="Two classes are missing.")
    assert "Choose a day after today." in stage.errors(wrong)["day"]
    await stage.fills_in(
        "eli", await stage.amends("eli", wrong), day="Oct 15", line="Two classes are missing."
    )
    assert "Two classes are missing. (Eli Stone" in await page(stage)
    history = plain(stage, await stage.asks("eli", "/team plan history"))
    assert "Before:" in history
    assert "Two classes are missing." not in history, "nothing stood there before that was said since"
    await stage.until("2026-10-15 09:05")
    assert len(asked(stage, "eli")) == 2
    assert "You can also write back" in plain(stage, asked(stage, "eli")[-1])
    await stage.writes_to_the_bot("eli", "Not done yet today.")
    assert "That is today." in answer(stage, "eli")
    await stage.writes_to_the_bot("eli", "Done: 52 questions.")
    assert "Your team reads it in the plan." in answer(stage, "eli")
    assert "52 questions. (Eli Stone" in await page(stage)
    again = await stage.presses("eli", asked(stage, "eli")[-1], "Stuck")
    assert "marked as done already" in plain(stage, again)

    # The first look, after two weeks: without a place of its own the team's lead is asked.
    await stage.until("2026-10-21 09:05")
    [look] = asked(stage, "ada")
    for words in ("for two weeks", "Questions a week", "From 4 to 12", "because you lead the team"):
        assert words in plain(stage, look)
    form = await stage.presses("ada", look, "Look at the change")
    await stage.fills_in("ada", form, happened="7 questions.", verdict="keep")
    form = await stage.presses("ada", look, "Look at the change")
    assert stage.value(form, "happened") == "7 questions.", "pressed again, it is the same look"

    # The second look, after six: asked once, where the team is. Dropped, and the second cause is offered.
    await places(stage)
    await stage.until("2026-11-17 17:00")
    assert [one for one in stage.room(None, "c2") if "for six weeks" in one.text] == []
    await stage.until("2026-11-19 09:05")
    [look] = [one for one in stage.room(None, "c2") if "for six weeks" in one.text]
    for words in ("Hand out written directions.", "Questions a week", "From 4 to 12", "Under 6"):
        assert words in look.text
    assert len(asked(stage, "ada")) == 1, "and nobody is asked privately"
    [posted] = [one for one in stage.room(None, "c2") if one.text.startswith("Plan of")]
    assert "The printer is broken." not in posted.text, "others may be where the page is"
    form = await stage.presses("dora", look, "Look at the change")
    saved = await stage.fills_in(
        "dora", form, happened="4 questions.", verdict="drop", learned="A page does not help who cannot ask."
    )
    form = await stage.presses("dora", saved, "Try another cause")
    assert stage.value(form, "about"), "the cause that was not tried yet is proposed"
    await stage.fills_in("dora", form, what="Wait five seconds.", owner="ben", day="Nov 20")
    shown = await page(stage)
    assert "Dropped" in shown
    assert "Wait five seconds." in shown
    await stage.until("2026-11-20 09:05")
    assert "Wait five seconds." in plain(stage, asked(stage, "ben")[-1])
    for who in TEAM:
        print(f"\n══ {who} received ══")
        for one in stage.inbox(who):
            print(f"{stage.text(one)}\n{'─' * 40}")
    assert [len(asked(stage, who)) for who in TEAM] == [1, 2, 1, 0, 2]
    await tells_what_was_learned(stage)
    assert await stage.broken() == []


async def tells_what_was_learned(stage):
    """What the last look taught is told as a fact, and again when it is edited."""
    told: list[object] = []

    def edit(conn):
        plan = load_plan(conn, 1)
        last = plan.of(PlanPart.LOOK)[-1]
        values = values_of(last, PlanSheet.LOOK) | {"learned": "Ask before you print."}
        writer = PlanWriter(lambda _conn, fact: told.append(fact))
        writer.write_part(
            conn, PlanEdit(1, PlanSheet.LOOK, values, last.id, last.version), plan.entries[0].author_id, stage.clock.now()
        )  # fmt: skip

    await stage.app.store.write(edit)
    [lesson] = [one for one in told if isinstance(one, LessonLearned)]
    assert (lesson.verdict, lesson.learned, lesson.result) == (
        "drop",
        "Ask before you print.",
        "4 questions.",
    )
    assert (lesson.cause, lesson.change) == ("Directions are given once.", "Hand out written directions.")


async def test_whoever_does_it_now_is_asked_and_never_on_a_day_off(north):
    stage = north
    await stage.asks("mo", "/tilth calendar add 14 oct to 16 oct -- Break")
    await changes(stage, "Oct 20")
    for what, who, day in (
        ("Call the families.", "ben", "Oct 7"), ("Book the room.", "", "Oct 8"), ("Draw the chart.", "dora", "Oct 9"),
        ("Buy chalk.", "eli", "Oct 10"), ("Buy paper.", "eli", "Oct 11"), ("Fold the paper.", "cleo", "Oct 14"),
    ):  # fmt: skip
        await writes(stage, "ada", "next", what=what, day=day, **({"owner": who} if who else {}))
    # Handed over before the date, and moved: whoever does it on its day is asked.
    card = await stage.chooses(
        "ben", await stage.asks("ben", "/team plan"), "Add or change a part", "Next steps"
    )
    await stage.fills_in("ben", await stage.presses("ben", card, "Edit"), owner="cleo")
    await stage.asks("dora", "/team leave North")
    await stage.until("2026-10-07 09:05")
    assert asked(stage, "ben") == []
    [question] = asked(stage, "cleo")

    # In the evening she wants Ada to know, and changes her mind before Ada heard of it in her working hours.
    await stage.until("2026-10-07 18:00")
    await stage.answers_card("cleo", question, "I am stuck: Cleo Marsh waits.")
    stuck = told_last(stage, "cleo", question)
    assert "I have told nobody." in plain(stage, stuck)
    form = await stage.presses("cleo", stuck, "Tell the lead")
    assert stage.value(form, "line") == "Cleo Marsh waits.", "what was typed is the line"
    told = await stage.fills_in("cleo", form)
    await stage.later(hours=2)
    kept = await stage.presses("cleo", told, "Keep it to myself")
    assert "I tell nobody in your team" in plain(stage, kept)
    await stage.until("2026-10-08 09:05")
    assert news(stage, "ada") == []

    # Nobody does it, or whoever did has left: the lead is asked.
    [question] = asked(stage, "ada")
    for words in ("Book the room.", "Nobody in your team does this now", "because you lead the team"):
        assert words in plain(stage, question)
    await stage.writes_to_the_bot("ada", "I moved the office list of rooms to Friday.")
    about = told_last(stage, "ada")
    assert "Is this about your check-in, “Book the room”?" in plain(stage, about)
    how = await stage.presses("ada", about, "Save")
    await stage.presses("ada", how, "Done")
    assert "I moved the office list of rooms to Friday. (Ada Quinn" in await page(stage)
    await stage.until("2026-10-09 16:00")
    assert asked(stage, "dora") == []
    draw = asked(stage, "ada")[-1]
    assert "Draw the chart." in plain(stage, draw)
    # Words that are not clear are asked about, and become the line; a new date is read.
    await stage.answers_card("ada", draw, "Ben Okafor has the numbers, I think.")
    how = told_last(stage, "ada", draw)
    assert "How does it go with “Draw the chart”?" in plain(stage, how)
    assert "has the numbers" not in await page(stage), "nothing is saved before it was said what it is"
    assert (
        stage.value(await stage.presses("ada", how, "Moving"), "line")
        == "Ben Okafor has the numbers, I think."
    )
    await stage.presses("ada", how, "Done")
    assert "Ben Okafor has the numbers, I think. (Ada Quinn" in await page(stage)

    # Two things of one weekend come in one message on Monday, and "later" is later.
    await stage.until("2026-10-11 23:00")
    assert asked(stage, "eli") == []
    await stage.until("2026-10-12 09:05")
    [both] = asked(stage, "eli")
    for words in ("Buy chalk.", "Buy paper."):
        assert words in plain(stage, both)
    await stage.answers_card("eli", both, "we moved it to Oct 29")
    which = told_last(stage, "eli", both)
    assert "Which of these do you mean?" in plain(stage, which)
    await stage.presses("eli", which, "“Buy paper”")
    assert "Thursday 29 October 2026" in await page(stage)
    await stage.presses("eli", both, "Later")
    await stage.until("2026-10-18 23:00")
    assert len(asked(stage, "cleo")) == 1, "not in a break"
    assert asked(stage, "eli") == [], "the question became the answer to Later"
    await stage.until("2026-10-19 16:00")
    assert "Buy chalk." in plain(stage, asked(stage, "eli")[-1])
    fold = asked(stage, "cleo")[-1]
    assert "Fold the paper." in plain(stage, fold)

    # What Cleo said stays when she is erased, and nobody said it; what she did is the lead's to say.
    form = await stage.presses("cleo", fold, "Moving")
    await stage.fills_in("cleo", form, day="Oct 28", line="Cleo Marsh asks the office.")
    handed = await stage.asks("cleo", "/my data export")
    assert "Cleo Marsh asks the office." in str(stage.files(handed))
    form = await stage.asks("cleo", "/my data delete")
    await stage.fills_in("cleo", form, word="DELETE")
    await stage.settles()
    assert "somebody asks the office. (Monday" in await page(stage)
    assert "Marsh" not in "\n".join(await stage.dump())
    shared = await stage.asks("ada", "/team plan share")
    await stage.presses("ada", shared, "Share with everybody")
    theirs = plain(stage, await stage.asks("mo", "/team plan team:North"))
    assert "Fold the paper." in theirs
    assert "asks the office" not in theirs, "how it goes is the team's own, also where the plan is shared"
    await stage.until("2026-10-28 16:00")
    assert "Fold the paper." in plain(stage, asked(stage, "ada")[-1])
    assert await stage.broken() == []
