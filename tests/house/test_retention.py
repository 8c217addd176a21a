"""Whatever members write has an age, or a reason to have none: no table of their words is left out unsaid."""

from __future__ import annotations

from bot.settings.environment import load
from bot.settings.model import RetentionSettings
from tests.stories.stage import staged

BELONGS = {
    "link_row": "what a link set aside goes back when it ends, and goes with its member",
    "search_entry": "a copy of what others may read, for finding it, goes in the transaction in which that goes",
    "plan_entry": "a team's plan stays as long as the team does; what was removed from it goes by its age",
    "strategy": "what worked stays until its author takes it back; what nobody agreed to, or took back, goes by its age",
    "strategy_try": "what somebody says of what they tried stays under its card as long as both do, and goes with either",
    "progress": "notes on lessons stay as long as their author does, and go with them",
}
"""Tables without an age of their own, each with the reason."""


async def test_every_table_of_members_words_is_removed_by_its_age(tmp_path):
    async with staged(tmp_path) as stage:
        aged = {table.name for kind in stage.app.upkeep.kinds if kind.whole for table in kind.tables}
        words = {column.table.name for feature in stage.app.features for column in feature.keeps}
    assert words - aged == set(BELONGS)


async def test_every_age_of_the_settings_belongs_to_a_kind_of_data(tmp_path):
    async with staged(tmp_path) as stage:
        kinds = {kind.kind: kind.kept for kind in stage.app.upkeep.kinds}
    ages = load(_env_file=None).retention.ages()
    assert {name: kinds.get(name) for name in ages} == ages
    assert set(ages) == set(RetentionSettings.model_fields)
