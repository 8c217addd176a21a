"""A content file is read as its author meant it, or refused with words that help; nothing in it can hurt us."""

import os
import random
import sys
import time as clock
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, Field

from bot import content
from bot.chat.language import speaking
from bot.content import ContentError, ContentErrors, Wrong, parse_document
from bot.reflections.prompts.file_schema import PromptsSheet


class Weather(StrEnum):
    SUN = "sunny"
    RAIN = "rainy"


def _in_season(month: int) -> int:
    if month > 12:
        raise Wrong("a year has twelve months.", "Write 1 to 12.")
    return month


class Bed(BaseModel):
    plant: Annotated[str, Field(min_length=2, max_length=10)]
    rows: Annotated[int, Field(ge=1, lt=50)] = 1


class Garden(BaseModel):
    name: str
    open: bool = True
    depth: float = 1.0
    since: date | None = None
    opens: time | None = None
    weather: Weather = Weather.SUN
    month: Annotated[int, AfterValidator(_in_season)] = 4
    label: int | Weather = 1
    beds: tuple[Bed, ...] = ()
    notes: dict[str, str] = {}


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes `reflections/garden.yaml` below a content root, and gives the root."""

    def write(text: str | bytes) -> Path:
        root = tmp_path / "content"
        (root / "reflections").mkdir(parents=True, exist_ok=True)
        (root / GARDEN).write_bytes(text.encode() if isinstance(text, str) else text)
        return root

    return write


GARDEN = "reflections/garden.yaml"


def problems(root: Path, relative: str = GARDEN) -> list[str]:
    """What an author is told, without the path."""
    with pytest.raises(ContentErrors) as caught:
        content.read(root, relative, Garden)
    return [str(error).removeprefix(f"{relative}:") for error in caught.value.errors]


def test_a_file_becomes_the_model(put):
    text = """
name: Back yard
open: no
depth: 2
since: 2026-09-01
opens: 16:30
weather: rainy
beds:
  - {plant: beans, rows: 3}
  - plant: >-
      sweet
      peas
notes: {010: "010", on: "on"}
"""
    garden = content.read(put(text), GARDEN, Garden)
    assert garden == Garden(
        name="Back yard", open=False, depth=2, since=date(2026, 9, 1), opens=time(16, 30), weather=Weather.RAIN,
        beds=(Bed(plant="beans", rows=3), Bed(plant="sweet peas")), notes={"010": "010", "on": "on"},
    )  # fmt: skip


@pytest.mark.parametrize("text", ["\ufeffname: Ben", "name: Ben\r\n", "name: Ben\r", "---\nname: Ben\n..."])
def test_marks_and_line_ends_of_other_systems_make_no_difference(put, text):
    assert content.read(put(text), GARDEN, Garden).name == "Ben"


def test_an_error_names_file_line_and_column_and_says_what_was_meant(put):
    with pytest.raises(ContentErrors) as caught:
        content.read(put("name: Back yard\nbeds:\n  - plnat: beans\n"), GARDEN, Garden)
    assert str(caught.value) == 'reflections/garden.yaml:3:5: unknown key "plnat". Did you mean "plant"?'
    (error,) = caught.value.errors
    assert (error.path, error.line, error.column) == (GARDEN, 3, 5)
    assert (error.problem, error.fix) == ('unknown key "plnat".', 'Did you mean "plant"?')


def test_an_author_is_told_all_problems_of_a_file_in_its_order(put):
    text = (
        "beds:\n  - {plant: b, rows: 0}\n  - {plant: beans, rows: 50}\nname: 7\nname: &a x\nweather: suny\n"
    )
    assert [told.split(" ")[0] for told in problems(put(text))] == [
        "2:13:",
        "2:22:",
        "3:26:",
        "4:7:",
        "5:1:",
        "5:7:",
        "6:10:",
    ]


def test_columns_count_characters(put):
    assert problems(put('beds: [{plant: "🌱🌱é", rows: x}]\nname: n'))[0].startswith("1:29: ")


WORDS = {
    "a missing key": ("open: yes", '1:1: missing key "name". Add it here.'),
    "yes as text": ("name: yes", '1:7: "name" must be text, but yes can be read as true or false. Put it in quotes: "yes".'),
    "NO as text": ("name: NO", '1:7: "name" must be text, but NO can be read as true or false. Put it in quotes: "NO".'),
    "a version as text": ("name: 1.10", '1:7: "name" must be text, but 1.10 can be read as a number. Put it in quotes: "1.10".'),
    "nothing as text": ("name:", '1:1: "name" is empty. Write a value, or delete the key.'),
    "nothing before a key": ("name:\nopen: yes", '1:1: "name" is empty. Write a value, or delete the key.'),
    "a list as text": ("name: [a]", '1:7: "name" must be text. Write it as one piece of text.'),
    "text as a list": ("name: n\nbeds: beans", '2:7: "beds" must be a list. Start each item with "- " on a line of its own.'),
    "text as keys": ("name: n\nbeds:\n- beans", '3:3: item 1 of "beds" must hold keys with values. Its keys are plant, rows.'),
    "text as a mapping": ("name: n\nnotes: x", '2:8: "notes" must hold keys with values. Write "key: value" on lines of their own.'),
    "a quoted number": ('name: n\nmonth: "4"', '2:8: "month" must be a whole number. Write only its digits, without quotes.'),
    "an octal number": ("name: n\nmonth: 010", '2:8: "month" must be a whole number. Write only its digits, without quotes.'),
    "a number with a point": ("name: n\nmonth: 4.5", '2:8: "month" must be a whole number. Write only its digits, without quotes.'),
    "an endless number": ("name: n\ndepth: .inf", '2:8: "depth" must be a number. Write only its digits, without quotes.'),
    "no truth": ("name: n\nopen: perhaps", '2:7: "open" must be true or false. Write one of the two, without quotes.'),
    "no date": ("name: n\nsince: 1 May", '2:8: "since" must be a date. Write it like 2026-09-01.'),
    "no time": ("name: n\nopens: noon", '2:8: "opens" must be a time. Write it like 16:30.'),
    "a near choice": ("name: n\nweather: rain", '2:10: "rain" is not a choice for "weather". Did you mean "rainy"?'),
    "a far choice": ("name: n\nweather: fog", '2:10: "fog" is not a choice for "weather". What can stand here: sunny, rainy.'),
    "a model's own words": ("name: n\nmonth: 13", "2:8: a year has twelve months. Write 1 to 12."),
    "no branch of a union": ("name: n\nlabel: x", '2:8: "label" must be a whole number. Write only its digits, without quotes.'),
    "too long": ("name: n\nbeds: [{plant: cucumbers and beans}]", '2:16: "plant" has 19 characters, and 10 fit. Shorten it.'),
    "too short": ("name: n\nbeds: [{plant: b}]", '2:16: "plant" is too short. Write 2 or more characters.'),
    "too small": ("name: n\nbeds: [{plant: be, rows: 0}]", '2:26: "rows" must be 1 or more. Write a larger number.'),
    "too large": ("name: n\nbeds: [{plant: be, rows: 50}]", '2:26: "rows" must be less than 50. Write a smaller number.'),
    "an empty file": ("# nothing yet\n", "1:1: this file is empty. Write something into it, or delete it."),
    "a second document": ("name: n\n---\nname: m", '2:1: a second document starts here ("---"). Put it into a file of its own.'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), WORDS.values(), ids=WORDS)
def test_problems_are_told_in_plain_words(put, text, told):
    assert problems(put(text)) == [told]


SOON = 1 if sys.gettrace() is None else 4
"""Seconds; `make coverage` slows everything down."""

HOSTILE = {
    "an alias bomb": (
        "a: &a [x, x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)),
        "would repeat another part",
    ),
    "an alias of itself": ("name: &a [*a]", "&a would name a part of the file"),
    "brackets 5,000 deep": ("[" * 5000, "1:21: this is nested more than 20 levels deep"),
    "brackets as far as they go": ("[ " * (content.MOST_BYTES // 2), "1:41: this is nested more than 20 levels deep"),
    "braces 5,000 deep": ("{a: " * 5000, "nested more than 20 levels deep"),
    "lists 5,000 deep": ("- " * 5000, "nested more than 20 levels deep"),
    "keys 5,000 deep": ("? " * 5000, "nested more than 20 levels deep"),
    "blocks 700 deep": ("".join(" " * i + "a:\n" for i in range(700)), "21:21: this is nested more than 20 levels deep"),
    "a Python object": ("name: !!python/object/apply:os.system [ls]", "1:7: tag:yaml.org,2002:python/object/apply:os.system would"),
    "a local tag": ("name: !include /etc/passwd", "1:7: !include would give this value a type"),
    "a merge": ("name: n\nbase: &b {open: yes}\n<<: *b", '3:1: unknown key "<<"'),
    "a key twice": ("name: n\nopen: yes\nname: m", '3:1: the key "name" is already on line 1'),
    "a list as a key": ("name: n\n[a, b]: c", "2:1: a key must be a word"),
    "a YAML 1.1 line": ("%YAML 1.1\n---\nname: n", '1:1: no line starting with "%" is needed'),
    "a YAML 9 line": ("%YAML 9.9\n---\nname: n", "1:1: this is not valid YAML"),
    "an endless version": ("%YAML " + "9" * 4500 + ".1\n---\nname: n", "1:1: this is not valid YAML"),
    "a character beyond Unicode": ('name: "\\UFFFFFFFF"', "1:1: this is not valid YAML"),
    "an endless integer": ("name: n\nmonth: " + "9" * 5000, '2:8: "month" must be a whole number'),
    "an endless tag": ("name: !" + "a" * 4900, "1:7: !aaa"),
    "an endless key": ("k" * 1000 + ": 1\nname: n", '1:1: unknown key "kkk'),
    "a word without end": ("name: n\nopen: " + "!" * 5001, "2:7: this word goes on for more than 5000 characters"),
    "a list without end": ("[" + "a, " * 80_000, "this file holds more than 10000 values"),
    "text without end": ('name: "' + "a\n" * 9_000, "1:7: the quote that opens here is never closed"),
    "only line ends": ("\n" * content.MOST_BYTES, "this file has more than 10000 lines"),
    "one byte too many": ("#" * (content.MOST_BYTES + 1), "1:1: this file is larger than 256 KiB"),
    "a NUL": ("open: yes\nname: a\0b", "2:8: there is an invisible character here (U+0000)"),
    "an escaped NUL": ('name: "a\\0b"', "1:7: this stands for text with an invisible character (U+0000)"),
    "half a character": ('name: "\\ud800"', "1:7: this stands for text with an invisible character (U+D800)"),
    "half a character as a key": ('name: n\n"\\ud800": x', "2:1: this stands for text with an invisible character (U+D800)"),
    "a line end nobody sees": ("name: a\u2028b", "1:8: there is an invisible character here (U+2028)"),
    "Latin-1": ("open: yes\nname: Jos\xe9 y Pía".encode("latin-1"), "2:10: this character is not UTF-8"),
    "UTF-16": ("name: n".encode("utf-16"), "1:1: this character is not UTF-8"),
    "a tab": ("name: n\nbeds:\n\t- plant: beans", "3:1: there is a tab here. Indent with spaces."),
    "a tab after spaces": ("name: n\nbeds:\n  \t- plant: beans", "3:3: there is a tab here. Indent with spaces."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_at_once(put, text, told):
    root = put(text)
    before = clock.process_time()
    found = problems(root)
    assert clock.process_time() - before < SOON
    assert any(told in each for each in found), found
    assert len(found) <= content.MOST_PROBLEMS
    assert all("\n" not in each and len(each) < 400 for each in found)


def test_a_file_of_a_gigabyte_is_not_even_read(put):
    root = put("")
    with (root / GARDEN).open("r+b") as file:
        file.truncate(2**30)
    before = clock.process_time()
    assert problems(root) == ["1:1: this file is larger than 256 KiB. Split it into several files."]
    assert clock.process_time() - before < SOON


@pytest.mark.parametrize(
    "relative",
    ["../secret.yaml", "reflections/../../secret.yaml", "/etc/passwd", "", ".", "reflections//garden.yaml",
     ".git/config", "reflections/.garden.yaml", "a\0b", "a\\..\\b", "garde\u0301n.yaml", "\ud800.yaml"],
)  # fmt: skip
def test_only_plain_names_below_the_root_are_opened(put, relative):
    root = put("name: n")
    (root.parent / "secret.yaml").write_text("name: secret")
    assert "this is not the name of a content file" in problems(root, relative)[0]


def test_a_link_that_leaves_the_root_is_refused(put):
    root = put("name: n")
    (root.parent / "secret.yaml").write_text("name: secret")
    (root / "file.yaml").symlink_to(root.parent / "secret.yaml")
    (root / "above").symlink_to(root.parent)
    (root / ".hidden.yaml").write_text("name: hidden")
    (root / "inner.yaml").symlink_to(".hidden.yaml")
    for name in ("file.yaml", "above/secret.yaml", "inner.yaml"):
        assert problems(root, name) == [
            "1:1: this link leads out of the content folder. Replace it by the file itself."
        ]
    with pytest.raises(ContentErrors, match="leads out"):
        content.list_folder(root, "above")


def test_a_link_inside_the_root_and_a_root_that_is_a_link_are_fine(put, tmp_path):
    root = put("name: n")
    (root / "same.yaml").symlink_to(root / GARDEN)
    (tmp_path / "link").symlink_to(root)
    assert content.read(tmp_path / "link", "same.yaml", Garden).name == "n"


def test_links_in_a_circle_are_refused(put):
    root = put("name: n")
    (root / "a.yaml").symlink_to("b.yaml")
    (root / "b.yaml").symlink_to("a.yaml")
    assert len(problems(root, "a.yaml")) == 1


def test_what_is_no_regular_file_is_refused_without_waiting(put):
    root = put("name: n")
    os.mkfifo(root / "pipe.yaml")
    assert problems(root, "pipe.yaml") == ["1:1: this is not a regular file. Replace it by a text file."]
    assert (
        "cannot be read" in problems(root, "reflections")[0] or "regular" in problems(root, "reflections")[0]
    )


def test_a_file_that_is_not_there_is_told_as_such(put):
    assert problems(put("name: n"), "reflections/gone.yaml") == [
        "1:1: there is nothing of this name. Check the spelling, or create it."
    ]
    assert "cannot be read" in problems(put("name: n"), "reflections/" + "x" * 300 + ".yaml")[0]


def test_whatever_is_done_to_a_file_it_is_read_or_refused_with_a_place_in_it(put):
    chance = random.Random(7)
    good = 'name: "Back yard"\nbeds:\n  - plant: beans\n    rows: 3\n  - {plant: [peas], rows: x}\nnotes: >-\n  a\n  b\n'
    bits = ["'", '"', "[", "]", "{", "}", "&a", "*a", "!", "!!int ", "%", "? ", ": ", "- ", "\n", "\t", "|9", ">-", "#1", "---\n",
            "...\n", "\u00a0", "\\U", "~", "<<", "@", "`", ",", "!<x>", "\\"]  # fmt: skip
    for _ in range(150):
        text = good
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(bits) + text[at + chance.randint(0, 3) :]
        try:
            content.read(put(text), GARDEN, Garden)
        except ContentErrors as caught:
            lines = text.split("\n")
            for error in caught.errors:
                assert 1 <= error.line <= len(lines), (str(error), text)
                assert 1 <= error.column <= len(lines[error.line - 1]) + 1, (str(error), text)


def test_a_page_knows_where_its_values_stand(put):
    page = content.read_document(put("name: n\nbeds:\n  - plant: beans\n"), GARDEN, Garden)
    assert (
        str(page.error(("beds", 0, "plant"), "too wet.", "Drain it.")) == f"{GARDEN}:3:12: too wet. Drain it."
    )
    assert page.error(("beds", 0, "rows"), "not written.").column == 5


def test_problems_of_several_files_are_sorted_by_file_and_line():
    errors = [
        ContentError("b", 1, 1, "x."),
        ContentError("a", 9, 2, "x."),
        ContentError("a", 9, 1, "x.", "y."),
    ]
    assert str(ContentErrors(errors)) == "a:9:1: x. y.\na:9:2: x.\nb:1:1: x."


def test_a_folder_lists_its_visible_names_in_order(put):
    root = put("name: n")
    (root / "reflections" / "weekly").mkdir()
    (root / "reflections" / ".swap").touch()
    assert content.list_folder(root, "reflections") == ["garden.yaml", "weekly/"]


def test_a_folder_of_too_many_files_or_odd_names_is_refused(put):
    root = put("name: n")
    (root / "reflections" / "a\nb.yaml").touch()
    with pytest.raises(ContentErrors, match=r"the name 'a\\nb.yaml' has unusual characters"):
        content.list_folder(root, "reflections")
    for number in range(content.MOST_FILES):
        (root / "reflections" / f"{number}.yaml").touch()
    with pytest.raises(ContentErrors, match="more than 200 files"):
        content.list_folder(root, "reflections")


@pytest.mark.parametrize("relative", ["gone", "../content", "reflections/garden.yaml", "/"])
def test_what_is_no_folder_below_the_root_is_refused(put, relative):
    with pytest.raises(ContentErrors):
        content.list_folder(put("name: n"), relative)


def test_a_schema_is_the_same_text_every_time():
    assert content.schema(Garden) == content.schema(Garden)
    assert content.schema(Garden).endswith("}\n")
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in content.schema(Garden)


def test_problems_are_told_in_the_language_of_whoever_pasted_it():
    with speaking("es_US"), pytest.raises(ContentErrors) as raised:
        parse_document("pegado", "theme: A\nprompts: [{id: One Two}]\n", PromptsSheet)
    told = [f"{one.problem} {one.fix}" for one in raised.value.errors]
    assert '"One Two" no tiene solo minúsculas, números y guiones. Escríbelo así: "one-two".' in told
    assert 'falta la clave "title". Agrégala aquí.' in told
