"""The files of an export: no cell of theirs is run, names are stable, and each file is whole and small enough."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from bot.chat.language import speaking
from bot.content import spreadsheet
from bot.content.spreadsheet import FORMULAS
from bot.exports.archive import TableArchive
from bot.exports.codebook import MEANINGS, codebook_records
from bot.exports.pseudonyms import Pseudonyms
from bot.exports.records import TABLES
from bot.store.secret import DatabaseSecret

LIVE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", 'x";=1+1;"', "x;=1+1", "x,=1+1", "x\t=1+1",
    '"=1+1"', "=cmd|' /C calc'!A0", "plain", ";-)", -3,
)  # fmt: skip
"""Cells, all but the last three of which some spreadsheet would run somewhere."""


def written() -> bytes:
    return spreadsheet.MARK + spreadsheet.write_lines([("words", "after"), *((cell, "end") for cell in LIVE)])


def split_everywhere(text: str) -> list[list[str]]:
    """The cells as a spreadsheet reads them that splits at commas, semicolons and tabs alike, outside quotes."""
    rows, cell, quoted = [[]], "", False
    for sign in text.replace('""', "\0"):
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in ",;\t\n":
            rows[-1].append(cell.replace("\0", '"'))
            cell = ""
            if sign == "\n":
                rows.append([])
        elif quoted or sign != "\r":
            cell += sign
    return [row for row in rows if row]


def test_no_cell_begins_like_a_formula_and_a_number_stays_one():
    rows = split_everywhere(written().decode("utf-8-sig"))[1:]
    assert [row[1:] for row in rows] == [["end"]] * len(LIVE), "no cell became two"
    for [cell, _end], given in zip(rows, LIVE, strict=True):
        assert cell.removeprefix("'") == str(given), "nothing but the mark was added"
        assert isinstance(given, int) or cell[:1] not in FORMULAS


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_without_a_live_formula(tmp_path):
    assert "table:formula" in opened(tmp_path, "bare", b"words,after\r\n=1+1,end\r\n"), (
        "it runs what is not marked"
    )
    assert "table:formula" not in opened(tmp_path, "answers", written())


def opened(folder: Path, name: str, data: bytes) -> str:
    """What LibreOffice makes of a CSV file, as its own XML."""
    file = folder / f"{name}.csv"
    file.write_bytes(data)
    words = ["soffice", "--headless", "--convert-to", "fods", "--outdir", str(folder), str(file)]
    subprocess.run(words, check=True, timeout=120, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    return file.with_suffix(".fods").read_text()


def test_a_name_is_the_same_in_every_export_and_another_with_another_secret_or_community():
    secret = DatabaseSecret(b"one")
    names = Pseudonyms.of(secret, "school")
    assert names.person(7) == Pseudonyms.of(secret, "school").person(7) == "person-ng2qqiezwzrv"
    others = {
        Pseudonyms.of(DatabaseSecret(b"two"), "school").person(7),
        Pseudonyms.of(secret, "other").person(7), names.person(8), names.answer(7).replace("answer", "person"),
    }  # fmt: skip
    assert len(others) == 4
    assert names.person(7) not in others
    assert "one" not in repr(secret)
    assert "key" not in repr(names)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_large_table_becomes_several_files_that_are_each_whole(form):
    archive = TableArchive(form, largest=100_000)
    archive.begin("answers", ("person", "words"))
    for number in range(40):
        words = "".join(hashlib.sha256(f"{number} {one}".encode()).hexdigest() for one in range(200))
        archive.add([{"person": f"p{number}", "words": words}])
    archive.begin("prompts", ("prompt",))
    found, parts = [], archive.close()
    for data in parts:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            assert whole.testzip() is None
            text = whole.read(f"answers.{form}").decode("utf-8-sig")
        found += [
            one["person"]
            for one in (csv.DictReader(io.StringIO(text)) if form == "csv" else json.loads(text))
        ]
    assert len(parts) > 1
    assert found == [f"p{number}" for number in range(40)]
    assert max(map(len, parts)) < 200_000


def test_a_table_that_is_added_at_once_becomes_several_files_too():
    archive = TableArchive("csv", largest=100_000)
    archive.begin("prompts", ("prompt",))
    long = (
        "".join(hashlib.sha256(f"{n} {one}".encode()).hexdigest() for one in range(10)) for n in range(2000)
    )
    archive.add({"prompt": one} for one in long)
    parts = archive.close()
    assert len(parts) > 1
    assert max(map(len, parts)) < 400_000


def test_the_codebook_explains_every_column_in_both_languages():
    assert set(MEANINGS) == {column for columns in TABLES.values() for column in columns}
    with speaking("en_US"):
        english = list(codebook_records())
    with speaking("es_US"):
        spanish = list(codebook_records())
    assert len(english) == sum(map(len, TABLES.values()))
    assert all(one["meaning"] != other["meaning"] for one, other in zip(english, spanish, strict=True))
