"""Tables are read as spreadsheets write them: with their marks, separators, code pages and headings."""

from __future__ import annotations

import pytest

from bot.content import spreadsheet

TABLE = [(1, ["Team", "Name"]), (2, ["North", "Ada Quinn"])]


@pytest.mark.parametrize(
    "text",
    [
        "Team,Name\nNorth,Ada Quinn\n",
        "\ufeffTeam;Name\r\nNorth;Ada Quinn\r\n",
        "Team\tName\rNorth\tAda Quinn",
        '"Team","Name"\n"North","Ada Quinn"',
    ],
)
def test_commas_semicolons_and_tabs_are_told_apart(text):
    assert spreadsheet.read(text) == TABLE


def test_a_separator_within_cells_does_not_mislead():
    text = 'Team;Name\nNorth;"Quinn, Ada, M.Ed."\nSouth;Okafor, Ben\n'
    assert spreadsheet.read(text)[1:] == [(2, ["North", "Quinn, Ada, M.Ed."]), (3, ["South", "Okafor, Ben"])]


def test_a_first_line_with_more_commas_than_semicolons_is_still_read():
    text = "Team, group, or grade;Name\nNorth;Ada Quinn\nSouth;Ben Okafor\n"
    assert spreadsheet.read(text)[0] == (1, ["Team, group, or grade", "Name"])


def test_the_line_in_which_excel_names_its_separator_is_no_row():
    assert spreadsheet.read("sep=;\nTeam;Name\nNorth;Ada Quinn") == [(line + 1, row) for line, row in TABLE]


def test_what_has_one_column_is_read_as_one_column():
    assert spreadsheet.read("Name\nAda Quinn\n\nBen Okafor\n") == [
        (1, ["Name"]),
        (2, ["Ada Quinn"]),
        (4, ["Ben Okafor"]),
    ]


def test_columns_are_found_by_any_of_their_names_without_capitals_accents_or_points():
    names = {"email": ["email", "e mail", "correo electronico"], "team": ["team", "equipo"], "lead": ["lead"]}
    heading = ["EQUIPO", "Correo Electrónico", "Notes"]
    assert spreadsheet.find_columns(heading, names) == {"email": 1, "team": 0}
    assert spreadsheet.find_columns(["E-mail:", "team "], names) == {"email": 0, "team": 1}


def test_a_column_is_given_away_once():
    names = {"person": ["name"], "team": ["team", "name"]}
    assert spreadsheet.find_columns(["Name", "Name"], names) == {"person": 0}
