"""The note of a week waits until its prompts are counted, as long as it is worth saying."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from bot.chat.models import Sharing
from bot.reports import tables
from bot.reports.commands import ReportCommands
from bot.reports.monday_note import MondayNote
from bot.reports.prompt_counts import count_prompt
from bot.reports.tables import MessageCount
from bot.reports.weeks import Week
from tests.reports.town import Person, founded_town

NOBODY = cast("Any", None)
WEEK = Week(date(2026, 10, 5))
MONDAY = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


def test_a_week_is_not_told_before_its_prompts_are_counted():
    with founded_town() as town:
        for number in range(1, 8):
            town.add(Person(number, sharing=Sharing.ME, text="In the hallway."))
        town.close()
        note = MondayNote(NOBODY, NOBODY, NOBODY, NOBODY, ReportCommands(NOBODY, {}, {}))
        tables.store_week(town.conn, MessageCount(1, WEEK.key, None, None, None), MONDAY)
        assert note._list_due(town.conn, MONDAY) == [], "the prompt comes first"
        [late] = note._list_due(town.conn, MONDAY + timedelta(days=3))
        assert late.page is None, "it is not waited for longer than the note is worth saying"
        tables.store_count(town.conn, count_prompt(town.conn, town.here(), town.home, WEEK), MONDAY)
        [due] = note._list_due(town.conn, MONDAY)
        assert due.page is not None
        assert due.page.report.prompts
