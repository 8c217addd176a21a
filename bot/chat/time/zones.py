"""Time zones by name, and the nearest names to a misspelled one."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.time.moment_parser import PhraseError

# These load, but what they mean depends on the machine ("Factory" means that nobody has set it).
_NOT_ZONES = {"localtime", "posixrules", "Factory"}


def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name, in any case; raises `PhraseError` with the nearest names.

    Only listed names ever reach `ZoneInfo`, so no text from chat is used as a path.
    """
    known = _names().get(_plain(name))
    if known is None:
        near = nearest_zones(name)
        example = "Zones are written like Europe/Dublin."
        hint = f"Did you mean {' or '.join(near)}?" if near else example
        problem = f"I know no zone {name.strip()[:60]}. {hint}" if name.strip() else f"Which zone? {example}"
        raise PhraseError(problem, near or ("Europe/Dublin",))
    return ZoneInfo(known)


def nearest_zones(name: str, most: int = 3) -> tuple[str, ...]:
    """Up to `most` names that look like this one; a city alone is enough."""
    wanted, names = _plain(name[:60]), _names()
    if not wanted:
        return ()
    cities = [known for known in names if known.rpartition("/")[2] == wanted.rpartition("/")[2]]
    found = [*cities, *get_close_matches(wanted, names, n=most, cutoff=0.8)]
    return tuple(names[known] for known in dict.fromkeys(found))[:most]


@cache
def _names() -> dict[str, str]:
    """Every name by its plain form; kept, because listing them reads hundreds of files."""
    return {_plain(name): name for name in sorted(available_timezones() - _NOT_ZONES)}


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
