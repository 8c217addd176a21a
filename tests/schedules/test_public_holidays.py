"""Public holidays are computed by a library that takes long to read: once, and before anybody waits for it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.schedules.public_holidays import is_public_holiday, load_public_holidays, public_holidays

ROOT = Path(__file__).parents[2]
ASKED = """
import json, sys
{first}
from bot.schedules.public_holidays import public_holidays
asked = (("US", ""), ("US", "PR"), ("PR", ""), ("GB", "SCT"), ("ES", "AN"), ("MX", ""))
found = [{{day.isoformat(): name for day, name in public_holidays(*one, 2026).items()}} for one in asked]
print(json.dumps([found, [name for name in sys.modules if name.startswith("holidays.countries.")]]))
"""
THANKSGIVING = date(2026, 11, 26)


def test_what_was_loaded_is_not_computed_again_and_an_unknown_country_is_no_fault():
    public_holidays.cache_clear()
    load_public_holidays(["US", "", "ZZ"], THANKSGIVING)
    computed = public_holidays.cache_info().misses
    assert is_public_holiday("US", THANKSGIVING)
    assert not is_public_holiday("US", date(2026, 11, 27))
    assert public_holidays.cache_info().misses == computed


@pytest.mark.slow
def test_only_the_countries_that_are_asked_for_are_read_and_have_all_their_holidays():
    ran = [
        subprocess.run(
            [sys.executable, "-c", ASKED.format(first=first)],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        for first in ("", "import holidays.countries")
    ]
    (ours, few), (theirs, many) = (json.loads(one.stdout) for one in ran)
    assert ours == theirs
    assert all(len(one) > 5 for one in ours)
    assert len(few) < 20
    assert len(many) > 200
