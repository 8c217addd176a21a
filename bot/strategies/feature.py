"""The feature of strategies, put together: saving and reading them, trying them, and the two questions it asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection

from bot.chat.language import N_
from bot.feature import Feature
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.search.searchable import Searchable
from bot.store.store import Store
from bot.strategies import cards, member_data, try_cards
from bot.strategies.commands import SHORTCUTS, StrategyCommands
from bot.strategies.searchable import FoundStrategies
from bot.strategies.sources import StrategySources
from bot.strategies.tables import strategy
from bot.strategies.tries import StrategyQuestions, TryButtons
from bot.strategies.try_tables import strategy_try


def feature(
    store: Store, clock: Clock, policy: ReminderPolicy, sources: StrategySources, kinds: Callable[[], Sequence[Searchable]],
    tell: Callable[[Connection, object], None],
) -> Feature:  # fmt: skip
    """Strategies. `kinds` are the kinds of things that can be tried, with who may read them, and `tell` is told what changed."""
    commands, tries = StrategyCommands(sources, tell), TryButtons(sources, kinds, tell)
    questions = StrategyQuestions(store, clock, policy, sources, kinds)
    return Feature(
        name="strategies",
        forget=(partial(member_data.forget, tell),),
        hand_over=member_data.hand_over,
        nouns={"strategy": N_("What people here found to work")},
        commands=tuple(commands.commands()),
        buttons=(*commands.buttons(), *tries.buttons()),
        forms=(*commands.forms(), *tries.forms()),
        shortcuts=SHORTCUTS,
        jobs=questions.jobs(),
        retention=member_data.retention(sources.taken_back),
        keeps=(
            strategy.c.what, strategy.c.whom, strategy.c.happened, strategy.c.learned, strategy.c.tags, strategy_try.c.result,
        ),
        invariants=member_data.invariants(),
        searchable=(FoundStrategies().searchable(),),
        examples=lambda: (*cards.examples(), *try_cards.examples()),
    )  # fmt: skip
