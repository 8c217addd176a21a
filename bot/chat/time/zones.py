"""Time zones by name, and the nearest names to a misspelled one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.language import _, format_list
from bot.chat.time.vocabulary import PhraseError
from bot.chat.time.zone_places import PLACES

# These load, but what they mean depends on the machine ("Factory" means that nobody has set it).
_NOT_ZONES = {"localtime", "posixrules", "Factory"}


def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name, city, state or common name, in any case; raises `PhraseError` with the nearest names.

    Only listed names ever reach `ZoneInfo`, so no text from chat is used as a path.
    """
    known = _called().get(_plain(name)) or _names().get(_plain(name)) or _places().get(_plain(name))
    if known is None:
        near = nearest_zones(name)
        if not name.strip():
            problem = _("Which time zone? Name a city or a zone, like Chicago or America/Chicago.")
        elif near:
            choices = format_list(near, either=True)
            problem = _(
                "There is no time zone “{name}”. Did you mean {choices}?",
                name=name.strip()[:60],
                choices=choices,
            )
        else:
            problem = _(
                "There is no time zone “{name}”. Name a city or a zone, like Chicago or America/Chicago.",
                name=name.strip()[:60],
            )
        raise PhraseError(problem, near or ("America/Chicago",))
    return ZoneInfo(known)


def nearest_zones(name: str, most: int = 3) -> tuple[str, ...]:
    """Up to `most` zones that this may begin, or was to be: by name, city, state or common name, likeliest first."""
    wanted, names, places = _plain(name[:60]), _names(), _places()
    if not wanted:
        return tuple(PLACES)[:most]
    city = wanted.rpartition("/")[2]
    found = [places[one] for one in places if one == city]
    found += [places[one] for one in places if city and one.startswith(city)]
    found += [name for known, name in names.items() if wanted in known]
    begun = tuple(dict.fromkeys(found))
    if len(begun) >= most:
        return begun[:most]
    like = get_close_matches(wanted, [*names, *places], n=most, cutoff=0.8)
    return tuple(dict.fromkeys((*begun, *(places.get(one) or names[one] for one in like))))[:most]


@cache
def _names() -> dict[str, str]:
    """Every name by its plain form; kept, because listing them reads hundreds of files."""
    return {_plain(name): name for name in sorted(available_timezones() - _NOT_ZONES)}


@cache
def _called() -> dict[str, str]:
    """Zones by what people call them: "EST" is the time of New York, in summer too, and no fixed offset."""
    return {_plain(one): name for name, places in PLACES.items() for one in places.split(",")}


@cache
def _places() -> dict[str, str]:
    """Zones by the names of places, the usual ones first."""
    cities = [(known.rpartition("/")[2], name) for known, name in _names().items() if "/" in known]
    usual = [pair for pair in cities if pair[1] in PLACES]
    found: dict[str, str] = {}
    for place, name in (*_called().items(), *usual, *cities):
        found.setdefault(place, name)
    return found


def _plain(name: str) -> str:
    return re.sub("[ _.]", "", name.lower())
