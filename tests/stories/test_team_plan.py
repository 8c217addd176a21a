"""A team's plan: from a problem to a change, to "drop it and try the second cause", and what becomes of it."""

from __future__ import annotations

import pytest

from tests.stories.stage import Stage

facts = Stage.plain
PROBLEM = {
    "what": "Students ask for help only after class.",
    "where": "Math, grade 7",
    "students": "Multilingual learners",
    "since": "September",
    "evidence": "4 of 52 questions in a week were theirs.",
}
TEAM = ("ada", "ben", "cleo", "dora", "eli")


@pytest.fixture
async def north(stage):
    """A team of five that Ada leads."""
    await stage.joins("dora", "Dora Lind")
    await stage.joins("eli", "Eli Stone")
    await stage.asks("mo", "/team create North")
    for who in TEAM:
        await stage.asks(who, "/team join North")
    return stage


async def writes(stage, who, part, *channel, **fields):
    """Somebody fills in the form of a part, perhaps in another channel; what they are answered."""
    form = await stage.asks(who, f"/team plan {part}", *channel)
    return await stage.fills_in(who, form, **fields)


async def plan(stage, who="ada"):
    """The plan as somebody sees it, printed for whoever reads along with `-s`."""
    shown = stage.text(await stage.asks(who, "/team plan"))
    print(f"\n{shown}\n{'─' * 60}")
    return shown


async def test_five_people_carry_a_problem_to_a_change_and_to_the_second_cause(north):
    stage = north
    assert "Say what you see, where, and for which students" in await plan(stage)
    page = stage.last("ada")
    form = await stage.presses("ada", page, "Write the problem")
    saved = await stage.fills_in("ada", form, **PROBLEM)
    assert "Saved in the plan of North" in facts(stage, saved)
    form = await stage.presses("ada", saved, "Add a cause")
    cause = "Directions are given once, in English."
    saved = await stage.fills_in("ada", form, cause=cause, category="instruction", basis="guess")
    await writes(
        stage, "ben", "cause", cause="We answer the first hand.", category="relationships", basis="number",
        evidence="9 of 10 times",
    )  # fmt: skip
    await writes(
        stage, "cleo", "cause", cause="Three minutes between classes.", category="structures", basis="guess"
    )
    shown = await plan(stage, "dora")
    assert "Instruction and expectations" in shown
    assert "9 of 10 times" in shown

    # Two causes are chosen, one tap each, and asked why.
    chosen = await stage.chooses(
        "dora", await stage.asks("dora", "/team plan choose"), "Choose a cause", cause
    )
    form = await stage.presses("dora", chosen, "Ask why")
    await stage.fills_in("dora", form, why1="We plan alone.", why2="There is no shared hour.")
    card = await stage.asks("eli", "/team plan choose")
    chosen = await stage.chooses("eli", card, "Choose a cause", "We answer the first hand.")
    form = await stage.presses("eli", chosen, "Ask why")
    await stage.fills_in("eli", form, why1="Waiting feels long.")
    assert cause not in stage.options(await stage.asks("eli", "/team plan choose"), "Choose a cause")

    await writes(
        stage, "eli", "voice", said="I need a minute to find the words.", students="A student in grade 7"
    )
    await writes(
        stage,
        "ada",
        "aim",
        amount="From 4 to 12 questions a week",
        students="Multilingual learners",
        day="Dec 18",
    )
    assert "18 December 2026" in await plan(stage, "ben")

    # The first change, which is looked at after two weeks, and dropped.
    form = await stage.asks("ben", "/team plan change")
    saved = await stage.fills_in("ben", form, what="Hand out written directions.", owner="ben", day="Oct 7")
    form = await stage.presses("ben", saved, "Say how you will know")
    await stage.fills_in(
        "ben",
        form,
        measure="Questions a week",
        prediction="From 4 to 12",
        wrong="Fewer than 6 after two weeks",
    )
    shown = await plan(stage)
    assert "21 October 2026" in shown, "the first look, two weeks after it began"
    await writes(stage, "ada", "next", what="Print the directions.", owner="ben", day="tomorrow")
    await stage.until("2026-10-21 16:00")
    form = await stage.presses("cleo", await stage.asks("cleo", "/team plan"), "Look at the change")
    assert "From 4 to 12" in stage.text(form), "what happened is written beside what was predicted"
    saved = await stage.fills_in(
        "cleo",
        form,
        happened="5 questions. Few read the page.",
        verdict="drop",
        learned="Ask before printing.",
    )
    assert "It stays in the plan" in facts(stage, saved)

    form = await stage.presses("cleo", saved, "Try another cause")
    assert stage.value(form, "about"), "the cause that was not tried yet is proposed"
    saved = await stage.fills_in(
        "cleo",
        form,
        what="Wait five seconds before the first answer.",
        owner="ada",
        day="22 oct",
    )
    shown = await plan(stage)
    for words in (
        "Dropped",
        "Hand out written directions.",
        "5 questions. Few read the page.",
        "Wait five seconds",
        "We answer the first hand.",
    ):
        assert words in shown
    step = await stage.chooses(
        "ben", await stage.asks("ben", "/team plan"), "Add or change a part", "Next steps"
    )
    assert "Done" in facts(stage, await stage.presses("ben", step, "Mark as done"))
    assert await stage.broken() == []


async def test_two_people_who_write_at_once_lose_nothing(north):
    stage = north
    await writes(stage, "ada", "problem", **PROBLEM)
    ben, cleo = await stage.asks("ben", "/team plan problem"), await stage.asks("cleo", "/team plan problem")
    dora = await stage.asks("dora", "/team plan problem")
    first = await stage.fills_in("ben", ben, where="Math, grades 7 and 8")
    await stage.fills_in("cleo", cleo, since="Last spring")
    shown = await plan(stage)
    assert "Math, grades 7 and 8" in shown
    assert "Last spring" in shown, "who changed something else is not asked"
    asked = await stage.fills_in("dora", dora, since="The new schedule", where="Every math class")
    for words in ("Cleo Marsh saved this part", "Last spring", "The new schedule", "Every math class"):
        assert words in facts(stage, asked)
    assert "The new schedule" not in await plan(stage), "nothing is written before they chose"
    both = await stage.presses("dora", asked, "Put both together")
    assert "Last spring" in stage.value(both, "since")
    assert "The new schedule" in stage.value(both, "since")
    saved = await stage.fills_in(
        "dora", both, since="Last spring, with the new schedule", where="Every math class"
    )
    assert "Saved in the plan" in facts(stage, saved)
    assert "Last spring, with the new schedule" in await plan(stage)
    gone = facts(stage, await stage.presses("dora", asked, "Save mine"))
    assert "saved or dropped already" in gone, "a draft is saved once"
    # Undo, as long as nobody went on; what was there before stands in the history.
    undone = await stage.presses("dora", saved, "Undo")
    assert "is as it was before" in facts(stage, undone)
    assert "Last spring" in await plan(stage)
    history = facts(stage, await stage.asks("eli", "/team plan history"))
    assert "changed by Dora Lind" in history
    assert "Last spring, with the new schedule" in history
    assert "can’t be undone" in facts(stage, await stage.presses("ben", first, "Undo")), "others went on"


async def test_a_name_in_what_students_said_is_asked_about_and_never_refused(north):
    stage = north
    form = await stage.asks("ada", "/team plan voice")
    asked = await stage.fills_in("ada", form, said="Maria says that nobody waits.", students="Grade 7")
    assert "Is this a name?" in facts(stage, asked)
    assert "nobody waits" not in await plan(stage)
    again = await stage.presses("ada", asked, "Change the words")
    assert stage.value(again, "said") == "Maria says that nobody waits."
    await stage.fills_in("ada", again, said="Nobody waits for us.")
    form = await stage.asks("ben", "/team plan voice")
    asked = await stage.fills_in(
        "ben", form, said="Hope is what we need, and Rosa knows it.", students="Grade 8"
    )
    assert "“Rosa”" in facts(stage, asked)
    await stage.presses("ben", asked, "Save it as it is")
    shown = await plan(stage)
    assert "Nobody waits for us." in shown
    assert "Rosa knows it" in shown
    assert "Maria" not in "\n".join(await stage.dump()), "what was changed is kept nowhere"
    card = await stage.chooses(
        "cleo", await stage.asks("cleo", "/team plan"), "Add or change a part", "What students said"
    )
    removed = await stage.presses("cleo", card, "Remove")
    assert "Nobody waits for us." not in await plan(stage)
    assert "It is back" in facts(stage, await stage.presses("cleo", removed, "Undo"))
    assert "Nobody waits for us." in await plan(stage)


async def test_what_is_removed_takes_what_hangs_on_it_out_of_sight_and_back(north):
    stage = north
    await writes(stage, "ada", "cause", cause="The hall is loud.", category="structures", basis="guess")
    await stage.chooses(
        "ben", await stage.asks("ben", "/team plan choose"), "Choose a cause", "The hall is loud."
    )
    card = await stage.chooses(
        "cleo", await stage.asks("cleo", "/team plan"), "Add or change a part", "Causes"
    )
    # Eli's form is open while Cleo removes what it is about.
    mine = await stage.chooses("eli", await stage.asks("eli", "/team plan"), "Add or change a part", "Causes")
    form = await stage.presses("eli", mine, "Edit")
    removed = await stage.presses("cleo", card, "Remove")
    back = stage.text(await stage.fills_in("eli", form, cause="The hall is loud at noon."))
    assert "Somebody removed this from the plan" in back
    assert "The hall is loud at noon." in back, "what was written is handed back"
    shown = await plan(stage)
    assert "The hall is loud." not in shown
    assert "Write down what may be behind the problem" in shown
    refused = await stage.asks("dora", "/team plan whys")
    assert "There is no cause in the plan yet" in stage.text(refused)
    assert "The hall is loud." in stage.text(await stage.asks("dora", "/team plan history")), (
        "nothing is lost"
    )
    await stage.presses("cleo", removed, "Undo")
    assert "Cause: The hall is loud." in await plan(stage), "it is chosen again, too"
    # Whoever wants nothing saved writes nothing into a plan, and keeps their words.
    form = await stage.asks("eli", "/team plan cause")
    await stage.asks("eli", "/my settings keep:no")
    refused = await stage.fills_in(
        "eli", form, cause="Two bells at once.", category="structures", basis="guess"
    )
    assert "Saving is off for you" in stage.text(refused)
    assert "Two bells at once." in stage.text(refused)
    wrong = await stage.fills_in(
        "ada", await stage.asks("ada", "/team plan aim"), amount="More", students="All", day="soon"
    )
    assert "soon" in stage.errors(wrong)["day"]
    wrong = await stage.fills_in(
        "ada", await stage.asks("ada", "/team plan next"), what="Count.", owner="mo", day="Friday"
    )
    assert stage.errors(wrong)["owner"] == "Choose somebody in North."


async def test_a_plan_is_its_teams_until_the_team_shares_it(north):
    stage = north
    await stage.joins("gus", "Gus Heath")
    await writes(stage, "ada", "problem", **PROBLEM)
    await writes(
        stage, "ben", "cause", cause="We answer the first hand.", category="relationships", basis="guess"
    )
    assert "You are not in a team yet" in stage.text(await stage.asks("gus", "/team plan"))
    for who in ("gus", "mo"):
        refused = stage.text(await stage.asks(who, "/team plan team:North"))
        assert "Only the team North can read its plan" in refused
        assert "ask for help" not in refused
    asked = await stage.asks("ada", "/team plan share")
    shared = await stage.presses("ada", asked, "Share with everybody")
    seen = await stage.asks("gus", "/team plan team:North")
    assert "Students ask for help only after class." in stage.text(seen)
    assert "Add or change" not in stage.text(seen), "read-only"
    await stage.presses("gus", seen, "See the fishbone")
    assert "Ada Quinn shared this plan" in await plan(stage)
    assert "Plan of North" in stage.text(await stage.asks("gus", "/team plan"))
    assert "Only people in North can change" in stage.text(
        await stage.asks("mo", "/team plan cause team:North")
    )
    assert "Only people in North can change" in stage.text(
        await stage.asks("gus", "/team plan history team:North")
    )
    await stage.presses("ada", shared, "Undo")
    assert "Only the team North" in stage.text(await stage.asks("gus", "/team plan team:North"))
    # Who is in two teams is asked which one they mean.
    await stage.asks("mo", '/team create "South Wing"')
    await stage.asks("ada", '/team join "South Wing"')
    which = await stage.asks("ada", "/team plan cause")
    form = await stage.presses("ada", which, "South Wing")
    await stage.fills_in("ada", form, cause="The hall is loud.", category="structures", basis="guess")
    assert "The hall is loud." in stage.text(await stage.asks("ada", '/team plan team:"South Wing"'))
    # Leaving keeps what somebody wrote, and closes the door behind them.
    page = await stage.asks("ben", "/team plan")
    await stage.asks("ben", "/team leave North")
    assert "Only the team North" in stage.text(await stage.presses("ben", page, "See the fishbone"))
    assert "We answer the first hand." in stage.text(await stage.asks("cleo", "/team plan"))


async def test_whoever_is_erased_is_out_of_the_plan_which_stays_whole(north):
    stage = north
    await writes(
        stage, "ben", "problem", **{**PROBLEM, "evidence": "Ben Okafor counted. Ben and Cleo agree."}
    )
    await writes(
        stage,
        "ben",
        "change",
        what="Wait five seconds, as Ben does.",
        owner="ben",
        day="Oct 7",
    )
    await writes(stage, "cleo", "problem", evidence="Ben Okafor counted twice. Ben and Cleo agree.")
    await stage.fills_in(
        "ben", await stage.asks("ben", "/team plan voice"), said="Rosa waits.", students="Grade 7"
    )
    whole = stage.files(await stage.asks("ben", "/my data export"))["tilth-my-data.json"].decode()
    for words in ("Wait five seconds, as Ben does.", "Rosa waits.", "Ben Okafor counted twice"):
        assert words in whole
    form = await stage.asks("ben", "/my data delete")
    assert "What you wrote into a team’s plan stays, without your name." in stage.text(form)
    await stage.fills_in("ben", form, word="DELETE")
    await stage.settles()
    shown = await plan(stage)
    for words in (
        "Students ask for help only after class.",
        "somebody counted twice",
        "somebody and Cleo agree",
        "as somebody does",
    ):
        assert words in shown
    everything = "\n".join(await stage.dump())
    assert "Okafor" not in everything
    assert "Rosa" not in everything, "what waited to be saved is gone, too"
    assert "Who:" not in shown, "nobody does it"
    assert await stage.broken() == []
