"""A file that somebody hands in with a form, and the text in it."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.chat.language import _

MOST_BYTES = 1024 * 1024
"""Bytes of the largest file that an adapter fetches; what is larger arrives without its bytes."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What a file begins with that says how its letters are written. Excel's "Unicode text" and Moodle's Excel files are UTF-16."""
_ZIP = b"PK\x03\x04"
"""What a workbook begins with, whatever it is called."""
WINDOWS = "cp1252"
"""What Excel writes as plain CSV where people speak English or Spanish; it has no letter for five of the 256 bytes."""
_SHEETS = ("xls", "xlsx", "ods", "numbers")


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file as a platform handed it over: its name, its size in bytes, and what is in it.

    `data` is empty where it was too large to be fetched. `fault` says in words for the person why it could not be
    fetched at all. What is in it is in no `repr`, so that no log and no error can show it.
    """

    name: str
    size: int
    data: bytes = field(default=b"", repr=False)
    fault: str = ""

    @classmethod
    def fetched(cls, name: str, data: bytes) -> HandedFile:
        """A file with its bytes; without them where there are more than may be handed in."""
        return cls(name, len(data), data if len(data) <= MOST_BYTES else b"")

    def read_text(self, endings: Sequence[str], limit: int) -> str:
        """The text in it. Raises ValueError, in words for the person, for anything else than a text file of this kind.

        `endings` are those its name may have, without a dot; `limit` is in bytes.
        """
        if self.fault:
            raise ValueError(self.fault)
        name = self.name[:60]
        ending = self.name.rpartition(".")[2].lower()
        wanted = ", ".join(f".{one}" for one in endings)
        if ending in _SHEETS and ending not in endings:
            problem = _("{name} is a spreadsheet, and I read only its text.", name=name)
            fix = _("Save it as CSV (in Google Sheets: File, Download) and hand that in.")
            raise ValueError(f"{problem} {fix}")
        if ending not in endings:
            raise ValueError(
                _("{name} is not a file I can read here. I read: {endings}.", name=name, endings=wanted)
            )
        if self.size > limit:
            said = _(
                "{name} has {size} KB; {limit} KB fit here.",
                name=name,
                size=self.size // 1024 + 1,
                limit=limit // 1024,
            )
            raise ValueError(said)
        try:
            text = decode_text(self.data)
        except UnicodeDecodeError:
            problem = _("{name} is not in UTF-8, so letters like ñ or é would be lost.", name=name)
            fix = _("In Excel: Save As, “CSV UTF-8 (Comma delimited)”.")
            raise ValueError(f"{problem} {fix}") from None
        except ValueError:
            raise ValueError(_("{name} holds no text.", name=name)) from None
        if not text.strip():
            raise ValueError(_("{name} is empty.", name=name))
        return text


def decode_text(data: bytes) -> str:
    """The text of a file that some program wrote: UTF-8, UTF-16 with its mark, or the code page of Windows.

    Raises `UnicodeDecodeError` where it is none of these, and `ValueError` for what is no text, a workbook for example.
    """
    mark, letters = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    body = data[len(mark) :]
    if data.startswith(_ZIP) or ("16" not in letters and b"\0" in body):
        raise ValueError("this is no text")
    try:
        text = body.decode(letters)
    except UnicodeDecodeError:
        if mark:
            raise
        return body.decode(WINDOWS)
    if "\0" in text:
        raise ValueError("this is no text")
    return text
