"""Content files on disk: below the content root, small, regular, and plain text."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from itertools import islice
from pathlib import Path
from typing import Final

from bot.chat.language import _
from bot.content.errors import ContentError, ContentErrors

MOST_BYTES: Final = 256 * 1024
MOST_FILES: Final = 200
MOST_VALUES: Final = 10_000
"""Lines, and keys and values, in one file; bounds the time that a file within `MOST_BYTES` can take: well below a second."""
DEEPEST: Final = 20
"""Keys and lists in one another."""

UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters nobody types on purpose. PostgreSQL cannot store NUL, and the others are different lines to
different readers. Surrogates only come out of escapes."""

_ENDLESS: Final = re.compile(r"\S{5001}")


def list_folder(root: Path, relative: str) -> list[str]:
    """The names in a folder below `root`, sorted, without hidden ones; names of folders end with `/`.

    ContentErrors when there is no such folder, when it holds more than `MOST_FILES`, or names that are no names.
    """
    names: list[str] = []
    try:
        with os.scandir(_locate(root, relative)) as entries:
            seen = (entry for entry in entries if not entry.name.startswith("."))
            names.extend(entry.name + "/" * entry.is_dir() for entry in islice(seen, MOST_FILES + 1))
    except OSError as error:
        raise ContentErrors([_unreadable(relative, error)]) from None
    except ContentError as error:
        raise ContentErrors([error]) from None
    problems = [
        ContentError(
            relative, 1, 1, f"the name {name!a} has unusual characters.", "Rename it with plain letters."
        )
        for name in names
        if not _is_plain(name)
    ]
    if len(names) > MOST_FILES:
        problem = f"there are more than {MOST_FILES} files in this folder."
        problems.append(ContentError(relative, 1, 1, problem, "Move some to another folder."))
    if problems:
        raise ContentErrors(problems)
    return sorted(names)


def text_of(root: Path, relative: str) -> str:
    """The text of `root/relative`, its lines ended by "\\n"; ContentError when it is no such text."""
    data = _bytes(root, relative).removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode().replace("\r\n", "\n").replace("\r", "\n")
        problem = "this character is not UTF-8."
        raise ContentError(
            relative, *_end(before), problem, "Save the file with the encoding UTF-8."
        ) from None
    return checked(relative, text)


def checked(relative: str, text: str) -> str:
    """The same text, when it is one that people can see and that takes no long time; else ContentError."""
    if (lines := text.count("\n")) > MOST_VALUES:
        problem = _("this file has more than {most} lines.", most=MOST_VALUES)
        raise ContentError(relative, lines, 1, problem, _("Split it into several files."))
    if endless := _ENDLESS.search(text):  # the parser goes through such a word more than once
        problem = _("this word goes on for more than 5000 characters.")
        raise ContentError(relative, *_end(text[: endless.start()]), problem, _("Write something shorter."))
    if unseen := UNSEEN.search(text):
        problem = _("there is an invisible character here (U+{code}).", code=f"{ord(unseen[0]):04X}")
        raise ContentError(relative, *_end(text[: unseen.start()]), problem, _("Delete it."))
    return text


def _end(text: str) -> tuple[int, int]:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _is_plain(name: str) -> bool:
    return name.isprintable() and unicodedata.is_normalized("NFC", name) and "\\" not in name


def _locate(root: Path, relative: str) -> Path:
    """The real path below the root, every link followed; ContentError or OSError when there is none."""
    if not all(_is_plain(part) and part and not part.startswith(".") for part in relative.split("/")):
        problem = "this is not the name of a content file."
        raise ContentError(relative, 1, 1, problem, 'Write a path below the content folder, without "..".')
    top = root.resolve(strict=True)
    try:
        real = (top / relative).resolve(strict=True)
    except RuntimeError:  # how Python before 3.13 tells of links that go in circles
        raise ContentError(relative, 1, 1, "this link leads in a circle.", "Replace it by a file.") from None
    if not real.is_relative_to(top) or any(part.startswith(".") for part in real.relative_to(top).parts):
        problem = "this link leads out of the content folder."
        raise ContentError(relative, 1, 1, problem, "Replace it by the file itself.")
    return real


def _unreadable(relative: str, error: OSError) -> ContentError:
    if isinstance(error, FileNotFoundError):
        return ContentError(
            relative, 1, 1, "there is nothing of this name.", "Check the spelling, or create it."
        )
    problem = f"this cannot be read: {(error.strerror or 'unknown reason').lower()}."
    return ContentError(relative, 1, 1, problem, "Check what it is and who may read it.")


def _bytes(root: Path, relative: str) -> bytes:
    # Without O_NONBLOCK a named pipe would hold us for ever; O_NOFOLLOW closes the gap since `_locate` looked.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    )
    too_big = f"this file is larger than {MOST_BYTES // 1024} KiB."
    try:
        with os.fdopen(os.open(_locate(root, relative), flags), "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise ContentError(
                    relative, 1, 1, "this is not a regular file.", "Replace it by a text file."
                )
            if facts.st_size > MOST_BYTES:
                raise ContentError(relative, 1, 1, too_big, "Split it into several files.")
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(relative, error) from None
    if len(data) > MOST_BYTES:  # it grew while we looked, or its file system does not tell sizes
        raise ContentError(relative, 1, 1, too_big, "Split it into several files.")
    return data
