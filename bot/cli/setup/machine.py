"""What the machine that Tilth is set up on says of itself, for a first guess."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path


def zone_of_machine() -> str:
    """The time zone that this machine is set to; empty where it does not say, or says only UTC."""
    named = os.environ.get("TZ", "")
    if not named:
        link = Path("/etc/localtime")
        target = str(link.resolve()) if link.is_symlink() else ""
        named = target.partition("zoneinfo/")[2]
    if named in ("UTC", "Etc/UTC"):
        return ""
    return named or str(getattr(datetime.now().astimezone().tzinfo, "key", ""))
