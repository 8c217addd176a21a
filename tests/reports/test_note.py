"""The note of a week waits until its prompts are counted, as long as it is worth saying."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection

from bot.chat.models import Sharing
from bot.reminders.policy import ReminderDecision, ReminderRequest
from bot.reports import tables
from bot.reports.commands import ReportCommands
from bot.reports.monday_note import MondayNote
from bot.reports.prompt_counts import count_prompt
from bot.reports.tables import MessageCount
from bot.schedules.weeks import Week
from tests.reports.town import Person, founded_town

NOBODY = cast("Any", None)


class Here:
    """A store of one connection, and all else that a note asks: three moderators, told as they are in the order given."""

    def __init__(self, conn: Connection) -> None:
        self.conn, self.told = conn, [[]]

    def now(self) -> datetime:
        return MONDAY

    async def read(self, work: Callable[[Connection], Any]) -> Any:
        return work(self.conn)

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        self.told.append([])
        return work(self.conn)

    def moderators(self, _conn: Connection, _community_id: int) -> list[tuple[int, str, str]]:
        return [(number, "", "") for number in (1, 2, 3)]

    def remind(self, _conn: Connection, wish: ReminderRequest, now: datetime) -> ReminderDecision:
        self.told[-1].append(wish.member_id)
        return ReminderDecision(again=now + timedelta(hours=wish.member_id))


WEEK = Week(date(2026, 10, 5))
MONDAY = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


def test_a_week_is_not_told_before_its_prompts_are_counted():
    with founded_town() as town:
        for number in range(1, 8):
            town.add(Person(number, sharing=Sharing.ME, text="In the hallway."))
        town.close()
        here = cast("Any", Here(town.conn))
        note = MondayNote(here, here, here, here, ReportCommands(NOBODY, {}, {}))
        tables.store_week(town.conn, MessageCount(1, WEEK.key, None, None, None), MONDAY)
        assert note._list_due(town.conn, MONDAY) == [], "the prompt comes first"
        [late] = note._list_due(town.conn, MONDAY + timedelta(days=3))
        assert late.page is None, "it is not waited for longer than the note is worth saying"
        tables.store_count(town.conn, count_prompt(town.conn, town.here(), town.home, WEEK), MONDAY)
        [due] = note._list_due(town.conn, MONDAY)
        assert due.page is not None
        assert due.page.report.prompts


async def test_each_moderator_is_told_in_a_piece_of_work_of_their_own():
    with founded_town() as town:
        for number in range(1, 8):
            town.add(Person(number, sharing=Sharing.ME, text="In the hallway."))
        town.close()
        tables.store_count(town.conn, count_prompt(town.conn, town.here(), town.home, WEEK), MONDAY)
        tables.store_week(town.conn, MessageCount(1, WEEK.key, None, None, None), MONDAY)
        here = cast("Any", Here(town.conn))
        note = MondayNote(here, here, here, here, ReportCommands(NOBODY, {}, {}))
        assert await note.tell_due() == 1
        assert [one for one in here.told if one] == [[1], [2], [3]]
        state = tables.note_state(town.conn, 1)
        assert state.again_at == MONDAY + timedelta(hours=1), "the first of those who are told later"
