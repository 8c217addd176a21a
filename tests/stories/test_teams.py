"""Teams: who is in them, who may change them, and who sees how far whom."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

FIVE = ("ada", "ben", "cleo", "dara", "eli")


async def take(stage, who: str, course: str = "c2") -> None:
    await stage.asks(who, f"/course join {course}")
    await stage.presses(who, stage.last(who), "Join")


async def five(stage) -> None:
    """Five people in a team, all in the small course, at noon on Monday."""
    await stage.joins("dara", "Dara Lake")
    await stage.joins("eli", "Eli Stone")
    await stage.asks("mo", "/team create North")
    await stage.until("2026-10-05 12:00")
    for who in FIVE:
        await stage.asks(who, "/team join north")
        await take(stage, who)
    await stage.settles()


async def test_members_are_named_and_counted_only_as_they_allow(stage):
    await five(stage)
    await stage.asks("ada", "/course done c2.1 -- We tried it.")
    await stage.asks("ben", "/course done c2.1 -- We tried it.")
    said = stage.text(await stage.asks("cleo", "/team progress"))
    assert "Ada" not in said
    assert "Ben" not in said
    assert "people done" not in said
    assert "You see the people who show you their progress." in said
    # Ada shows hers to the team. Then she is counted, and nobody else.
    await stage.asks("ada", "/my settings progress:team")
    said = stage.text(await stage.asks("cleo", "/team progress"))
    assert "Ada Quinn" in said
    assert "1. What else: 1 of 2 people done" in said
    assert "The numbers count only them." in said
    # A moderator who is not in the team sees no name meant for the team.
    outside = stage.text(await stage.asks("mo", "/team progress North c2"))
    assert "Ada Quinn" not in outside
    assert "people done" not in outside
    assert "there is no total to show" in outside
    # When all show theirs, all is seen.
    for who in FIVE:
        await stage.asks(who, "/my settings progress:everyone")
    said = stage.text(await stage.asks("mo", "/team progress North c2"))
    assert "Everybody here shows their progress." in said
    assert "1. What else: 2 of 5 people done" in said
    assert await stage.broken() == []


async def test_five_who_show_nothing_have_a_total_that_is_counted_once_a_week(stage):
    await five(stage)
    for who in FIVE:
        await stage.asks(who, "/course done c2.1 -- We tried it.")
    assert "lessons" not in stage.text(await stage.asks("mo", "/team progress North c2"))
    await stage.until("2026-10-12 00:10")
    total = "5 people keep their progress private. Together they had finished 5 of 10 lessons"
    alt = "All lessons together: 5 of 10 lessons done"
    for who in ("mo", "ada"):
        said = stage.text(await stage.asks(who, "/team progress North c2"))
        assert total in said
        assert alt in said
    # One more lesson in the week changes nothing, and neither does the next week: one person alone did it.
    await stage.until("2026-10-13 12:00")
    await stage.asks("ada", "/course done c2.2 -- We tried it.")
    await stage.until("2026-10-19 00:10")
    assert total in stage.text(await stage.asks("mo", "/team progress North c2"))
    # Once one of them shows theirs, four are left.
    await stage.asks("ada", "/my settings progress:moderators")
    said = stage.text(await stage.asks("mo", "/team progress North c2"))
    assert "Ada Quinn" in said
    assert "Together" not in said
    assert await stage.broken() == []


async def test_one_may_be_in_several_teams_and_leave_them_again(stage):
    for name in ("North", "South"):
        await stage.asks("mo", f"/team create {name}")
        await stage.asks("ada", f"/team join {name}")
    assert "Which team do you mean?" in stage.text(await stage.asks("ada", "/team progress"))
    gone = stage.text(await stage.asks("ada", "/team leave South"))
    assert "You left South" in gone.replace("*", "")
    assert "Undone" in stage.text(await stage.presses("ada", stage.last("ada"), "Undo"))
    assert "South" in stage.text(await stage.asks("ada", "/team"))
    await stage.asks("ada", "/team leave South")
    assert "South" not in stage.text(await stage.asks("ada", "/team"))


async def test_a_team_is_named_as_people_write_it(stage):
    made = await stage.asks("mo", "/team create Lincoln Middle School")
    assert "Lincoln Middle School is ready" in stage.plain(made)
    await stage.asks("mo", "/team create Lincoln Elementary")
    assert "You are in Lincoln Middle School" in stage.plain(
        await stage.asks("ada", "/team join lincoln middle school")
    )
    assert "There is no team Lincoln" in stage.text(await stage.asks("ben", "/team join Lincoln"))
    assert stage.last("ben").buttons[:2] == ("Lincoln Elementary", "Lincoln Middle School")
    assert "You are in" in stage.text(await stage.presses("ben", stage.last("ben"), "Lincoln Middle School"))
    assert "Ben Okafor" in stage.text(await stage.asks("ben", "/team"))
    # A progress with a course after the name, and the enrollment of a team.
    await stage.asks("mo", "/course enroll c2 team:Lincoln Middle School")
    said = stage.text(await stage.asks("ada", "/team progress Lincoln Middle School c2"))
    assert "Lincoln Middle School: Two good questions" in said
    # Where one team's name begins another's, the line has two readings, and both are offered.
    if stage.platform.platform != "discord":  # there each option has its own field
        await stage.asks("mo", "/team create Lincoln")
        said = stage.text(await stage.asks("mo", "/team rename Lincoln Middle School Harbor"))
        assert "two ways" in said
        await stage.presses("mo", stage.last("mo"), "Lincoln Middle School, then Harbor")
        assert "Harbor" in stage.text(await stage.asks("ada", "/team"))


async def test_nobody_stands_by_name_in_a_teams_progress_with_nothing_begun(stage):
    await five(stage)
    for who in FIVE:
        await stage.asks(who, "/my settings progress:team")
    await stage.asks("ada", "/course done c2.1 -- We tried it.")
    said = stage.text(await stage.asks("ben", "/team progress"))
    assert "Ada Quinn" in said
    assert "Cleo" not in said
    assert "3 people who show you their progress have not begun yet." in said
    assert "1. What else: 1 of 5 people done" in said


async def test_only_moderators_and_who_leads_change_a_team(stage):
    assert "Only a moderator can do that" in stage.text(await stage.asks("ada", "/team create North"))
    await stage.asks("mo", "/team create North")
    assert "There is a team NORTH already" in stage.text(await stage.asks("mo", "/team create NORTH"))
    refused = stage.text(await stage.asks("ada", "/team add @Ben Okafor North"))
    assert "Only a moderator or a lead of the team" in refused
    await stage.asks("mo", "/team lead @Ada Quinn North")
    assert "Ben Okafor is in North" in stage.plain(await stage.asks("ada", "/team add @Ben Okafor North"))
    assert "North is Harbour now" in stage.plain(await stage.asks("ada", "/team rename North Harbour"))
    assert "no longer in Harbour" in stage.plain(await stage.asks("ada", "/team remove @Ben Okafor Harbour"))
    await stage.presses("ada", stage.last("ada"), "Undo")
    assert "Harbour" in stage.text(await stage.asks("ben", "/team"))
    await stage.asks("mo", "/team lead @Ada Quinn Harbour leads:no")
    assert "Only a moderator" in stage.text(await stage.asks("ada", "/team remove @Ben Okafor Harbour"))


async def test_a_team_forgets_whoever_asks_to_be_forgotten(stage):
    await five(stage)
    for who in FIVE:
        await stage.asks(who, "/course done c2.1 -- A thought of my own.")
    await stage.until("2026-10-12 00:10")
    assert "Together" in stage.text(await stage.asks("ben", "/team progress"))
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    said = stage.text(await stage.asks("ben", "/team progress"))
    assert "Ada" not in said
    assert "Together" not in said, "four are left"
    assert len([line for line in await stage.dump() if "A thought of my own" in line]) == 4
    assert await stage.broken() == []


async def test_evidence_is_made_for_whoever_finished_and_checks_out(stage, tmp_path):
    from bot.courses.evidence.signature import check_evidence

    await take(stage, "ada")
    await stage.until("2026-10-05 12:00")
    assert "is not finished yet" in stage.text(await stage.asks("ada", "/course evidence c2"))
    await stage.asks("ada", "/course done c2.1 -- Five seconds are long.")
    await stage.asks("ada", "/course done c2.2 -- I asked, and then I was quiet.")
    form = await stage.asks("ada", "/course evidence c2")
    shown = await stage.fills_in("ada", form, name="Ada Q.", shown=("What else: Five seconds are long.",))
    [(name, data)] = stage.files(shown).items()
    assert name == "evidence-two-good-questions.zip"
    (tmp_path / name).write_bytes(data)
    found = check_evidence(tmp_path / name)
    assert found.document["name"] == "Ada Q."
    assert [one["done on"] for one in found.document["lessons"]] == ["2026-10-05", "2026-10-05"]
    assert [one["text"] for one in found.document["reflections"]] == ["Five seconds are long."]
    assert found.fingerprint in stage.text(shown)
    page = zipfile.ZipFile(BytesIO(data)).read("evidence.html").decode()
    assert "I asked, and then I was quiet." not in page


async def test_a_moderator_brings_progress_in_and_is_told_what_was_refused(stage):
    table = "person,lesson,status,at\nAda Quinn,1,done,2026-10-03\nNobody Here,1,done,2026-10-03\n"
    form = await stage.asks("mo", "/course import c2")
    seen = await stage.fills_in("mo", form, lines=table)
    report = await stage.presses("mo", seen, "Take it in")
    assert "I found nobody called “Nobody Here”." in stage.text(report)
    assert b"Nobody Here" in stage.files(report)["tilth-refused.csv"]
    mine = stage.text(await stage.asks("ada", "/course progress"))
    assert "What else: done, " in mine
    assert "3 October 2026" in mine
    again = await stage.fills_in("mo", await stage.asks("mo", "/course import c2"), lines=table)
    assert "Take it in" not in again.buttons  # there is nothing to take in
    assert "Known already: 1" in stage.plain(again).replace("\n", " ").replace("  ", " ")
    assert "Only a moderator" in stage.text(await stage.asks("ada", "/course import c2"))
    wrong = await stage.fills_in("mo", await stage.asks("mo", "/course import c2"), lines="a,b\n1,2\n")
    assert "no column “person”" in stage.errors(wrong)["lines"]


async def test_what_one_did_in_courses_is_handed_over(stage):
    await take(stage, "ada")
    await stage.until("2026-10-05 12:00")
    await stage.asks("ada", "/course done c2.1 -- Five seconds.")
    await stage.asks("mo", "/team create North")
    await stage.asks("ada", "/team join North")
    whole = json.loads(stage.files(await stage.asks("ada", "/my data export"))["tilth-my-data.json"])
    assert whole["courses"][0]["lessons"][0]["note"] == "Five seconds."
    assert whole["teams"] == [{"team": "North", "leads": False}]
