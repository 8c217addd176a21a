"""A table of teams is looked at before anything changes, imported on a tap, told slowly, and taken back as it was."""

from __future__ import annotations

import pytest

from tests.stories.room import Chosen

TABLE = "team,person,lead\nNorth,Ada Quinn,yes\nNorth,Ben Okafor,\nSouth,Cleo Marsh,no\nSouth,Nobody Here,\n"
NOON = "2026-10-05 12:00"


async def looks_at(stage, table: str = TABLE, who: str = "mo"):
    """A moderator hands in a table, and sees what it changes."""
    return await stage.fills_in(who, await stage.asks(who, "/team import"), lines=table)


def words(stage, shown) -> str:
    return " ".join(stage.plain(shown).split())


async def teams(stage) -> str:
    return words(stage, await stage.asks("mo", "/team list"))


def told(stage, who: str) -> list[str]:
    texts = [words(stage, one) for one in stage.inbox(who)]
    return [one for one in texts if "added you to the team" in one or "made you lead" in one]


async def test_a_table_is_looked_at_before_anything_changes(stage):
    await stage.until(NOON)
    seen = await looks_at(stage)
    said = words(stage, seen)
    assert "nothing is changed yet" in stage.title(seen)
    assert "New teams: 2" in said
    assert "New teams: North and South" in said
    assert "People who join a team: 3" in said
    assert "People who become a lead: 1" in said
    assert "I found nobody called “Nobody Here”." in said
    assert "“team” is the team" in said
    assert "“lead” is whether they lead" in said
    assert "There is no team yet" in await teams(stage)


async def test_an_import_makes_the_teams_and_their_leads(stage):
    await stage.until(NOON)
    await looks_at(stage)
    done = words(stage, await stage.presses("mo", stage.last("mo"), "Import"))
    assert "New teams: 2" in done
    assert "People who joined a team: 3" in done
    assert "told in private from" in done
    listed = await teams(stage)
    assert "North · 2 people" in listed
    assert "South · 1 person" in listed
    assert "Ada Quinn (leads)" in words(stage, await stage.asks("ben", "/team"))


async def test_the_same_table_twice_changes_nothing(stage):
    await stage.until(NOON)
    first = await looks_at(stage)
    second = await looks_at(stage)
    await stage.presses("mo", first, "Import")
    assert "Nothing changed" in words(stage, await stage.presses("mo", second, "Import"))
    again = words(stage, await looks_at(stage, TABLE.partition("South,Nobody")[0]))
    assert "Everybody in this table is in their team already" in again
    assert "In their team already: 3" in again
    assert "North · 2 people" in await teams(stage)


async def test_people_are_told_slowly_and_by_whom(stage):
    await stage.until(NOON)
    await looks_at(stage)
    await stage.presses("mo", stage.last("mo"), "Import")
    await stage.later(minutes=9)
    assert told(stage, "ada") == told(stage, "ben") == []
    await stage.later(minutes=5)
    assert "Mo Hale made you lead of the team North" in told(stage, "ada")[0]
    assert "Mo Hale added you to the team North" in told(stage, "ben")[0]
    await stage.later(days=2)
    assert [len(told(stage, who)) for who in ("ada", "ben", "cleo")] == [1, 1, 1]


async def test_an_undo_in_time_takes_everything_back_and_nobody_hears_of_it(stage):
    await stage.until(NOON)
    await looks_at(stage)
    await stage.presses("mo", stage.last("mo"), "Import")
    undone = words(stage, await stage.presses("mo", stage.last("mo"), "Undo"))
    assert "People taken out of a team: 3" in undone
    assert "Teams removed: 2" in undone
    assert "There is no team yet" in await teams(stage)
    await stage.later(days=1)
    assert told(stage, "ada") == told(stage, "ben") == told(stage, "cleo") == []
    assert await stage.broken() == []


async def test_an_undo_takes_back_only_what_the_import_did(stage):
    await stage.until(NOON)
    await stage.asks("mo", "/team create North")
    await stage.asks("ben", "/team join North")
    await looks_at(stage)
    await stage.presses("mo", stage.last("mo"), "Import")
    imported = stage.last("mo")
    await stage.asks("mo", "/team add @Ida Vale South")
    await stage.asks("mo", "/team lead @Cleo Marsh South")
    undone = words(stage, await stage.presses("mo", imported, "Undo"))
    assert "Left as it is, because it was changed since: 2" in undone
    listed = await teams(stage)
    assert "North · 1 person" in listed, "Ben was there before"
    assert "South · 2 people" in listed, "Cleo leads it now, and Ida came since"


async def test_a_team_that_began_its_plan_stays(stage):
    await stage.until(NOON)
    await looks_at(stage, "team,person\nNorth,Ada Quinn\n")
    await stage.presses("mo", stage.last("mo"), "Import")
    imported = stage.last("mo")
    form = await stage.asks("ada", "/team plan cause")
    await stage.fills_in(
        "ada", form, cause="Nobody greets us in the hallway.", category="instruction", basis="guess"
    )
    undone = words(stage, await stage.presses("mo", imported, "Undo"))
    assert "Left as it is" in undone
    assert "North · 0 people" in await teams(stage)


async def test_it_can_be_undone_for_a_day(stage):
    await stage.until(NOON)
    await looks_at(stage)
    await stage.presses("mo", stage.last("mo"), "Import")
    card = stage.last("mo")
    assert "You can undo this until" in words(stage, card)
    await stage.later(hours=25)
    refused = words(stage, await stage.presses("mo", card, "Undo"))
    assert "There is nothing to undo anymore" in refused
    assert "North · 2 people" in await teams(stage)


async def test_of_several_people_of_one_name_somebody_chooses(stage):
    await stage.joins("sam1", "Sam Lee")
    await stage.joins("sam2", "Sam Lee")
    await stage.until(NOON)
    await stage.asks("mo", "/team create South")
    await stage.asks("sam2", "/team join South")
    seen = words(stage, await looks_at(stage, "team,person\nNorth,Sam Lee\nNorth,Ada Quinn\n"))
    assert "Several people of that name: 1" in seen
    form = await stage.presses("mo", stage.last("mo"), "Choose who is meant")
    assert stage.is_form(form)
    option = next(one for one in form.blank("line2").options if "(in South)" in one[1])
    chosen = words(stage, await stage.fills_in("mo", form, line2=option[0]))
    assert "People who join a team: 2" in chosen
    await stage.presses("mo", stage.last("mo"), "Import")
    assert "North" in words(stage, await stage.asks("sam2", "/team"))
    assert "Your teams" not in words(stage, await stage.asks("sam1", "/team"))


async def test_lines_that_were_not_found_come_back_to_be_mended(stage):
    await stage.until(NOON)
    seen = await looks_at(stage)
    [(name, data)] = stage.files(seen).items()
    assert name == "tilth-not-found.csv"
    mended = data.decode("utf-8-sig").replace("Nobody Here", "Ida Vale")
    again = words(stage, await looks_at(stage, mended))
    assert "People who join a team: 1" in again
    assert "Not found" not in again


async def test_a_spanish_table_of_excel_is_read(stage):
    await stage.until(NOON)
    table = "\ufeffEquipo;Nombre;Apellidos;Líder\r\nNorte;Ada;Quinn;sí\r\nNorte;Ben;Okafor;no\r\n"
    seen = words(stage, await looks_at(stage, table))
    assert "People who join a team: 2" in seen
    assert "People who become a lead: 1" in seen


@pytest.mark.parametrize("letters", ["utf-8", "cp1252"])
async def test_a_table_is_handed_in_as_a_file_also_as_windows_writes_it(stage, letters):
    await stage.until(NOON)
    more = "".join(f"Núñez,Nobody {number},\n" for number in range(300))
    file = Chosen("teams.csv", (TABLE + "Núñez,Ida Vale,\n" + more).encode(letters))
    assert len(file.data) > 3000, "more than a form takes as text"
    seen = words(stage, await stage.fills_in("mo", await stage.asks("mo", "/team import"), file=file))
    assert "Núñez" in seen
    assert "People who join a team: 4" in seen
    await stage.presses("mo", stage.last("mo"), "Import")
    assert "Núñez · 1 person" in await teams(stage)


async def test_what_is_no_table_stays_in_the_form(stage):
    wrong = await stage.fills_in(
        "mo", await stage.asks("mo", "/team import"), file=Chosen("teams.csv", b"just some words")
    )
    assert "two columns at least" in stage.errors(wrong)["file"]
    wrong = await looks_at(stage, "just some words")
    assert "two columns at least" in stage.errors(wrong)["lines"]
    assert "Only a moderator" in stage.text(await stage.asks("ada", "/team import"))


async def test_a_cancelled_table_is_gone(stage):
    await looks_at(stage)
    card = stage.last("mo")
    assert "Nothing was imported" in words(stage, await stage.presses("mo", card, "Cancel"))
    await stage.later(days=1)
    assert "There is no team yet" in await teams(stage)
    assert [line for line in await stage.dump() if line.startswith('INSERT INTO "roster')] == []


async def test_an_address_is_no_way_to_find_somebody_where_none_is_shown(stage):
    seen = words(stage, await looks_at(stage, "team,e-mail\nNorth,ada.quinn@school.invalid\n"))
    assert "I cannot look up e-mail addresses here" in seen


@pytest.mark.only("slack", reason="only there can addresses be shown to a bot")
async def test_people_are_found_by_the_address_that_the_workspace_shows(stage):
    stage.platform.slack.manifest.scopes.add("users:read.email")
    addresses = {one.real_name: one.email for one in stage.platform.slack.world.people.values()}
    table = f"team,e-mail\nNorth,{addresses['Ada Quinn'].upper()}\nNorth,nobody@school.invalid\n"
    seen = words(stage, await looks_at(stage, table))
    assert "People who join a team: 1" in seen
    assert "Nobody here has the address nobody@school.invalid" in seen
    await stage.presses("mo", stage.last("mo"), "Import")
    assert "North" in words(stage, await stage.asks("ada", "/team"))
    assert not [line for line in await stage.dump() if "@school.invalid" in line], "no address is stored"


async def test_whoever_is_erased_is_in_no_table_any_more(stage):
    await stage.until(NOON)
    await looks_at(stage)
    await stage.presses("mo", stage.last("mo"), "Import")
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    await stage.presses("mo", stage.last("mo"), "Undo")
    assert await stage.broken() == []


async def test_a_table_is_forgotten_after_some_days(stage):
    await stage.until(NOON)
    await looks_at(stage)
    await stage.later(days=5)
    for job in stage.app.runner.jobs:
        await job.run()
    assert [line for line in await stage.dump() if line.startswith('INSERT INTO "roster')] == []
