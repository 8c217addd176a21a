"""`/report week`, `/report waiting` and their pages, for moderators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_
from bot.chat.menu import Command
from bot.chat.models import Place, Role
from bot.chat.parsing.button_values import read_id, read_number
from bot.chat.port import Adapter, PlatformError
from bot.feature import ButtonHandler, CommandHandler, Reads, Request, Waits
from bot.people.audience import Reader
from bot.people.tables import Community
from bot.reflections.schedule import asked_prompts
from bot.reports import cards, tables, waiting_cards, waiting_list
from bot.reports.cards import WAITING, WEEK
from bot.reports.coming_posts import ComingPost, list_coming
from bot.reports.figures import WeekReport, read_report, read_total
from bot.reports.waiting_cards import EPOCH, TICK, WaitingRow
from bot.reports.waiting_list import WaitingAnswer, WaitingPlace, moderators_of
from bot.schedules.forecast import Forecaster
from bot.schedules.weeks import Week, week_at, week_named
from bot.store.store import Store

PAGE = 4
"""Answers on one page; with the buttons of each, more do not fit a card on every platform."""
AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekPage:
    """What a card of a week says, read and not yet said in anybody's language."""

    report: WeekReport
    coming: tuple[ComingPost, ...]
    earlier: bool

    def card(self) -> Card:
        """The card, in the language that is spoken now."""
        return cards.week_card(self.report, self.coming, earlier=self.earlier)


@dataclass(frozen=True, slots=True)
class ReportCommands:
    """The commands and buttons of reports. `tellers` say what comes; `adapters` know the addresses of messages."""

    store: Store
    adapters: Mapping[str, Adapter]
    tellers: Mapping[str, Forecaster]

    def commands(self) -> Sequence[CommandHandler]:
        """What moderators can ask for."""
        week = Command("report", "week", N_("The last week: answers, what waits, what comes"), role=Role.MODERATOR, label=N_("The last week"), common=True)  # fmt: skip
        wait = Command("report", "waiting", N_("Answers that nobody has thanked for or replied to"), role=Role.MODERATOR, label=N_("Answers that wait"), common=True)  # fmt: skip
        home = Command("report", "", N_("How the weeks go: answers, what waits, scales"), role=Role.MODERATOR, label=N_("Reports"), common=True, under="tilth")  # fmt: skip
        return (
            CommandHandler(home, Reads(show_home)),
            CommandHandler(week, Reads(self.show_week)),
            CommandHandler(wait, Waits(self.show_waiting)),
        )

    def buttons(self) -> Sequence[ButtonHandler]:
        """What can be pressed on the cards."""
        return (
            ButtonHandler(WEEK, Reads(self.turn_week), Role.MODERATOR),
            ButtonHandler(WAITING, Waits(self.turn_waiting), Role.MODERATOR),
        )

    # ── a week ────────────────────────────────────────────────────────────────

    def show_week(self, conn: Connection, request: Request) -> Card:
        """The last week that is over."""
        week = week_at(request.now, ZoneInfo(request.community.zone)).shifted(-1)
        reader = moderators_of(request.community.id, request.member.id)
        return self.read_page(conn, request.community, week, reader, request.now).card()

    def turn_week(self, conn: Connection, request: Request) -> Card:
        """An earlier week, in the place of the one that is shown."""
        last = week_at(request.now, ZoneInfo(request.community.zone)).shifted(-1)
        week = min(week_named(request.value) or last, last)
        reader = moderators_of(request.community.id, request.member.id)
        page = self.read_page(conn, request.community, week, reader, request.now)
        return replace(page.card(), replaces=True)

    def read_page(
        self, conn: Connection, home: Community, week: Week, reader: Reader, now: datetime
    ) -> WeekPage:
        """Everything that the card of a week says."""
        first = tables.first_week(conn, home.id)
        earlier = first is not None and first < week.key
        return WeekPage(
            read_report(conn, home, week, reader, now),
            tuple(list_coming(conn, home.id, now, now + AHEAD, self.tellers)),
            earlier,
        )

    # ── what waits ────────────────────────────────────────────────────────────

    async def show_waiting(self, request: Request) -> Card:
        """The newest answers that wait."""
        return await self._waiting(request, None)

    async def turn_waiting(self, request: Request) -> Card:
        """A page of the answers that wait; from the note it is the first one, as a card of its own."""
        before = _position(request.value) if request.value else None
        card = await self._waiting(request, before)
        return replace(card, replaces=before is not None)

    async def _waiting(self, request: Request, before: WaitingPlace | None) -> Card:
        def look(conn: Connection) -> list[WaitingRow]:
            reader = moderators_of(request.community.id, request.member.id)
            found = waiting_list.list_waiting(conn, reader, request.now, before, PAGE + 1)
            return [_row(conn, request.community.id, one) for one in found]

        rows = await self.store.read(look)
        shown = rows[:PAGE]
        links = {one.answer.id: link for one in shown if (link := await self._link(one))}
        older = waiting_cards.page_state(shown[-1].position) if len(rows) > PAGE else ""
        return waiting_cards.waiting_card(shown, request.community.zone, links, older=older)

    async def _link(self, row: WaitingRow) -> str:
        """The address of the message in the thread, or "" where there is none now."""
        if row.post is None:
            return ""
        space, channel, message = row.post
        adapter = self.adapters.get(space.partition(":")[0])
        try:
            return (await adapter.link(Place(space, channel), message) or "") if adapter is not None else ""
        except PlatformError:
            return ""


def show_home(conn: Connection, request: Request) -> Card:
    """The home of reports: the last week in a line, and what waits."""
    week = week_at(request.now, ZoneInfo(request.community.zone)).shifted(-1)
    total = read_total(conn, request.community.id, week)
    count = waiting_list.count_waiting(
        conn, moderators_of(request.community.id, request.member.id), request.now
    )
    return cards.home_card(total, count)


def _row(conn: Connection, community_id: int, one: WaitingAnswer) -> WaitingRow:
    """An answer with its prompt, and where its first message in a thread stands."""
    answer = one.answer
    here = asked_prompts.find_asked_prompt(conn, community_id, answer.occurrence_id)
    said = next((one.source for one in answer.parts if one.via == "thread"), None)
    post = None if said is None else said.rsplit("/", 2)
    title = "" if here is None else here.prompt.title
    where = (post[0], post[1], post[2]) if post is not None and len(post) == 3 else None
    return WaitingRow(answer, title, one.position, where)


def _position(text: str) -> WaitingPlace:
    at, _dot, number = text.partition(".")
    return WaitingPlace(EPOCH + read_number(at, most=16) * TICK, read_id(f"a{number}"))
