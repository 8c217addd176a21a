"""The file `.env`: what is in it is kept, with its comments, and only its owner can read it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

PRIVATE = 0o600
_BINDING = re.compile(
    r"""(\s*(?:export[^\S\r\n]+)?)[^=\r\n]+=[^\S\r\n]*
    (?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?!\#)(?:(?!\s\#)[^\r\n])+|)
    [^\S\r\n]*(\#[^\r\n]*)?\s*""",
    re.VERBOSE | re.DOTALL,
)
"""A variable with what stands before it, and the comment behind it."""


def read_file(file: Path) -> dict[str, str]:
    """The variables in the file by their names in capitals; none where there is no file."""
    return (
        {name.upper(): value or "" for name, value in dotenv_values(file, interpolate=False).items()}
        if file.is_file()
        else {}
    )


def write_file(file: Path, variables: Mapping[str, str]) -> None:
    """Set variables in the file; all else in it stays as it is. At every moment it is whole, the old or the new one.

    Where it is a link, the file that it names is written. Raises `OSError`.
    """
    file = file.resolve()
    replace_file(file, set_variables(file.read_text() if file.is_file() else "", variables))


def replace_file(file: Path, text: str) -> None:
    """Write a file that only its owner can read; at every moment it is whole, the old or the new one. Raises `OSError`."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def set_variables(text: str, variables: Mapping[str, str]) -> str:
    """The text of such a file with these variables set: where they stand already, else at its end."""
    left, parts = dict(variables), list[str]()
    for binding in parse_stream(io.StringIO(text)):
        was, name = binding.original.string, (binding.key or "").upper()
        if name not in variables:
            parts.append(was)
            continue
        # Empty lines above it belong to it, and so does what its operator wrote behind it.
        found = _BINDING.fullmatch(was)
        before, behind = found.groups(default="") if found is not None else ("", "")
        parts.append(f"{before}{name}={quote_value(variables[name])}{f'  {behind}' if behind else ''}\n")
        left.pop(name, None)
    whole = "".join(parts)
    if left and whole and not whole.endswith("\n"):
        whole += "\n"
    return whole + "".join(f"{name}={quote_value(value)}\n" for name, value in left.items())


def quote_value(value: str) -> str:
    """A value as it stands in the file, where Tilth, systemd and Compose read the same.

    In single quotes everything stays what it is, and there is no way to write one of these. So a value with such a quote or
    with a backslash is in double quotes. (There Compose alone expands `$`.)
    """
    if re.fullmatch(r"[\w:/.+-]*", value, re.ASCII):
        return value
    if "'" not in value and "\\" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
