"""Tables of teams are read whatever their columns are called and however they are ordered."""

from __future__ import annotations

import pytest

from bot.courses.rosters.formats import UnreadableRoster, read_roster


def read(text: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(row.team, row.people, row.lead) for row in read_roster(text).rows if not row.why]


@pytest.mark.parametrize(
    "text",
    [
        "team,person,lead\nNorth,Ada Quinn,yes\n",
        "Lead?;Person;Team\nYES;Ada Quinn;North\n",
        "Equipo\tNombre completo\tLíder\nNorth\tAda Quinn\tSí\n",
        "Equipo;Nombre;Apellidos;Lidera\nNorth;Ada;Quinn;x\n",
        "Group,First Name,Last Name,Leader\nNorth,Ada,Quinn,1\n",
        "North,Ada Quinn,yes\n",
        "School,Team Name,Teacher,Lead\nLincoln,North,Ada Quinn,yes\n",
    ],
)
def test_columns_may_be_called_and_ordered_as_they_like(text):
    [(team, people, lead)] = read(text)
    assert (team, people[0], lead) == ("North", "Ada Quinn", True)


def test_the_surest_way_to_say_who_it_is_comes_first():
    [(_, people, _)] = read("team,name,email,user id\nNorth,Ada Quinn,ada@school.invalid,U1\n")
    assert people == ("U1", "ada@school.invalid", "Ada Quinn")


def test_a_name_with_a_comma_is_tried_both_ways():
    [(_, people, _)] = read('team;person\nNorth;"Quinn, Ada"\n')
    assert people == ("Quinn, Ada", "Ada Quinn")


def test_an_address_without_a_heading_is_known():
    [(team, people, lead)] = read("North,ada@school.invalid,no\n")
    assert (team, people, lead) == ("North", ("ada@school.invalid",), False)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",Ada Quinn,", "1 to 40"),
        (f"{'N' * 41},Ada Quinn,", "1 to 40"),
        ("North,,yes", "no name"),
        ("North,Ada Quinn,perhaps", "yes or no"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why_and_holds_up_no_other(line, why):
    table = read_roster(f"team,person,lead\n{line}\nSouth,Ben Okafor,\n")
    assert [why in row.why for row in table.rows] == [True, False]
    assert table.rows[1].team == "South"


@pytest.mark.parametrize(
    "text", ["", "only words", "team\nNorth\n", "team,person\n", "\n".join(["a,b"] * 5001)]
)
def test_what_is_no_table_of_teams_is_refused_with_words(text):
    with pytest.raises(UnreadableRoster) as told:
        read_roster(text)
    assert len(str(told.value)) > 20
