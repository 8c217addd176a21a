"""Files that are handed in: read as text, or refused with what to do."""

from __future__ import annotations

import pytest

from bot.chat.forms import Form, LongText, Upload, read_fields
from bot.chat.handed_file import MOST_BYTES, HandedFile

TEXT = "person,lesson\nJosé Núñez,1\n"
FORM = Form(
    "f", "A form",
    (Upload("file", "A file", ("csv", "txt"), required=False, limit=1000), LongText("text", "Or text", required=False)),
)  # fmt: skip


def handed(data: bytes, name: str = "people.csv") -> HandedFile:
    return HandedFile(name, len(data), data)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        ("\ufeff" + TEXT).encode("utf-16-le"),
        ("\ufeff" + TEXT).encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "windows"],
)
def test_what_excel_writes_is_read(data):
    values, errors = read_fields(FORM, {"file": handed(data)})
    assert errors == {}
    assert values == {"file": TEXT, "text": None}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (handed(TEXT.encode("utf-8") + b"\xe9\x81"), "Save As"),
        (handed(b"\xff\xfea"), "Save As"),
        (handed(b"PK\x03\x04rest of a workbook"), "holds no text"),
        (handed("\ufeffa\0b".encode("utf-16-le")), "holds no text"),
        (handed(TEXT.encode(), "people.xlsx"), "Save it as CSV"),
        (handed(TEXT.encode(), "people.pdf"), "I read: .csv, .txt."),
        (handed(TEXT.encode(), "people"), "I read: .csv, .txt."),
        (handed(b""), "is empty"),
        (handed(b"a\0b"), "holds no text"),
        (handed(b"x" * 1001), "fit here"),
        (HandedFile("people.csv", 5 * MOST_BYTES), "5121 KB"),
        (HandedFile("people.csv", 5, fault="Ask your admin."), "Ask your admin."),
        ("people.csv", "choose a file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(file, said):
    values, errors = read_fields(FORM, {"file": file})
    assert said in errors["file"]
    assert "file" not in values


def test_nothing_of_what_is_in_a_file_is_shown_by_an_error():
    assert "José" not in repr(handed(TEXT.encode()))


def test_a_field_takes_files_of_named_kinds_and_no_larger_than_adapters_fetch():
    for wrong in ({"endings": ()}, {"endings": ("csv",), "limit": MOST_BYTES + 1}):
        with pytest.raises(ValueError, match="files of named kinds"):
            Upload("file", "A file", **wrong)
