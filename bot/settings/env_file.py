"""The file `.env`: what is in it is kept, with its comments, and only its owner can read it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values, set_key

PRIVATE = 0o600


def read_file(file: Path) -> dict[str, str]:
    """The variables in the file by their names in capitals; none where there is no file."""
    return (
        {name.upper(): value or "" for name, value in dotenv_values(file, interpolate=False).items()}
        if file.is_file()
        else {}
    )


def write_file(file: Path, variables: Mapping[str, str]) -> None:
    """Set variables in the file; all else in it stays as it is. At every moment it is whole, the old or the new one."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        if file.is_file():
            shutil.copyfile(file, fresh)
        for name, value in variables.items():
            # In single quotes nothing is expanded: a `$` or `#` in a password or a name stays what it is.
            set_key(fresh, name, value, quote_mode="auto")
        fresh.chmod(PRIVATE)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
