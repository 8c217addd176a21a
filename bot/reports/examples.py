"""Every card of reports, for the gallery and for the tests of what platforms take."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.people.tables import Community
from bot.ratings.tables import Rating, RatingTotal
from bot.reflections.examples import ANSWER, ASKED, LONG
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reports import cards, note_settings, scale_cards, trend_cards, waiting_cards, worth
from bot.reports.attention import Attention, DueLook, FailedPost, LowDeck
from bot.reports.coming_posts import ComingPost
from bot.reports.figures import PromptFigure, ShorterAnswers, WeekReport, WeekTotal
from bot.reports.highlights import cards as highlight_cards
from bot.reports.monthly_card import cards as monthly_cards
from bot.reports.scales import AskedScale, ScaleName, ScalePoint, ScaleTrend
from bot.reports.tables import MessageCount
from bot.reports.team_answers import TeamAnswers
from bot.reports.waiting_cards import WaitingRow
from bot.reports.waiting_list import WaitingPlace
from bot.schedules.weeks import Week

HOME = Community(1, "home", "Home", "America/Chicago")
WEEK = Week(date(2026, 11, 16))
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
TREND = tuple(
    WeekTotal(WEEK.shifted(-back), 1, answered, rate, words)
    for back, answered, rate, words in (
        (5, 41, 0.5, 38), (4, 38, 0.46, 36), (3, None, None, None), (2, 36, 0.44, 18), (1, 33, 0.4, 15), (0, 12, 0.29, 12),
    )
)  # fmt: skip


SCALE = ScaleAnswer(1, 5, "none", "plenty")
NAME = ScaleName(12, 0)
ROOM = ScaleTrend(
    NAME,
    "Room to think",
    "How much room did you have to think this week?",
    SCALE,
    (
        ScalePoint(AT - timedelta(weeks=2), (1, 4, 0, 7, 2)),
        ScalePoint(AT - timedelta(weeks=1), ()),
        ScalePoint(AT, (0, 1, 3, 9, 5)),
    ),
    {"North": [(AT - timedelta(weeks=2), 3.25), (AT, 4.0)], "Lincoln Middle School": [(AT, 3.5)]},
)
FULL = WeekReport(
    HOME, WEEK,
    (
        PromptFigure("The quiet corner", 41, 12, True, unnamed=True, opened=21, theme="General"), PromptFigure("Half a minute", None, 7, True, theme="Change the Discourse"),
        PromptFigure("The spot where they talk", 41, 9, False), PromptFigure("A sentence heard", None, 6, False),
        PromptFigure("News to me", None, None, False), PromptFigure("First morning", None, None, False, silent=True),
        PromptFigure("Already here", 41, 20, True),
    ),
    TREND, ShorterAnswers(15, 37), 7, True, MessageCount(1, WEEK.key, 14, 9, 6),
    Attention(
        (LowDeck("s3", 2),), (FailedPost("c1", "channel_not_found"),),
        (DueLook("North", "2", date(2026, 11, 24)), DueLook("Lincoln Middle School", "6", date(2026, 11, 26))),
    ),
)  # fmt: skip

RATED = (
    worth.RatedThing(
        "The quiet corner", RatingTotal("p12", {Rating.YES: 9, Rating.SO_SO: 2, Rating.NO: 1}, AT)
    ),
    worth.RatedThing(
        "See the problem", RatingTotal("c1/see", {Rating.YES: 5, Rating.SO_SO: 0, Rating.NO: 0}, AT)
    ),
)


def examples() -> tuple[Card, ...]:
    """Every card of this feature."""
    empty = WeekReport(HOME, WEEK, (), TREND[-1:], None, 0, False, None, Attention())
    return (
        cards.week_card(FULL, [ComingPost(AT + timedelta(days=day), "The quiet corner") for day in range(6)]),
        cards.week_card(empty, (), earlier=False), cards.home_card(TREND[-1], 7), cards.home_card(TREND[2], 0),
        cards.home_card(WeekTotal(WEEK, 0, None, None, None), 1), *_lists(),
        note_settings.note_card(AT, Place("local:example", "c1"), HOME.zone), note_settings.note_card(AT, None, HOME.zone),
        note_settings.note_card(None, None, HOME.zone), *highlight_cards.examples(), *monthly_cards.examples(), worth.worth_card(RATED), worth.worth_card(()),
    )  # fmt: skip


def _lists() -> tuple[Card, ...]:
    """Lists and charts."""
    others = [AskedScale(NAME, "Room to think", ()), AskedScale(ScaleName(13, 0), "Half a minute", ())]
    rows = [
        WaitingRow(ANSWER, ASKED.prompt.title, WaitingPlace(AT, 1)),
        *(WaitingRow(LONG, ASKED.prompt.title, WaitingPlace(AT, 2)) for _each in range(3)),
    ]
    some = [TeamAnswers(f"Team number {number}", {WEEK.key: number}) for number in range(14)]
    weeks = [WEEK.shifted(-back) for back in (3, 2, 1, 0)]
    return (
        waiting_cards.waiting_card(rows, HOME.zone, {ANSWER.id: "https://example.org/p1"}, older="1760000000000000.301"),
        waiting_cards.waiting_card((), HOME.zone, {}), scale_cards.scale_card(ROOM, others, HOME.zone),
        scale_cards.no_scale_card(), trend_cards.chart_card(TREND), trend_cards.chart_card(()),
        trend_cards.teams_card(some, weeks, 0), trend_cards.teams_card((), weeks, 0),
    )  # fmt: skip
