"""Three years on one database, which becomes that of a newer version after each: nothing is lost, and nothing starts over."""

from __future__ import annotations

import os

import pytest

from bot.store.errors import MigrationFailed
from bot.store.startup import open_store
from tests.backups import versions
from tests.backups.filling import read_everything
from tests.stories.stage import Stage, staged
from tests.stories.test_backups import every_answer

YEARS = ("2027-10-04", "2028-10-02", "2029-10-01")[: 3 if os.environ.get("NIGHTLY") else 1]
"""The last day of each year: three at night, one by day."""
STEPS = (versions.ADDS_A_COLUMN, versions.ADDS_A_TABLE, versions.CHANGES_WORDS)


@pytest.mark.only("local", reason="a migration knows no platform, and three years take long elsewhere")
@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_three_years_with_three_upgrades(tmp_path, platform):
    """The code stays the same; what a made-up version adds to the tables is there for it to leave alone."""
    async with staged(tmp_path, platform, retention=forever()) as stage:
        await stage.confirms("/prompt schedule #staffroom every 4 weeks on mon 09:00 closes:4d")
        posted: list[str] = []
        for year, day in enumerate(YEARS):  # a prompt is posted on each
            await stage.until(f"{day} 10:00")
            assert len(stage.prompts()) >= len(posted) + 10, "a year of prompts, but for holidays"
            posted = [one.id for one in stage.prompts()]
            await stage.says("ada", f"Year {year}.", thread=stage.prompts()[-1])
            await stage.stops()
            upgrade_made_up(stage, year)
            await stage.starts()
            await stage.later(hours=2)
            assert [one.id for one in stage.prompts()] == posted
            assert await every_answer(stage) == {f"Year {one}." for one in range(year + 1)}
            assert await stage.broken() == []


def forever():
    """What stores answers until they are deleted, so that those of three years can be counted."""
    from bot.settings.environment import load

    return load(_env_file=None).retention.model_copy(update={"answers": 0})


def upgrade_made_up(stage: Stage, year: int) -> None:
    """First a version whose migration fails, then one that works."""
    url = f"sqlite:///{stage.folder}/tilth.db"
    before = read_everything(url)
    with pytest.raises(MigrationFailed):
        open_store(stage.settings(), versions.make_version(stage.folder, *STEPS[:year], versions.FAILS))
    assert read_everything(url) == before
    store, release = open_store(stage.settings(), versions.make_version(stage.folder, *STEPS[: year + 1]))
    store.close_now()
    release()
    assert list(stage.folder.glob(f"tilth.db.before-r{year + 1:04}.*"))
