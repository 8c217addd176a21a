"""The forecast in chat: `/prompt preview` and `/discuss preview` show the weeks ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.feature import CommandHandler, DataSubject, Feature, Reads, Request
from bot.forecast import views
from bot.forecast.year import ForecastRow, forecast_year, forecasters
from bot.people.tables import Community

WEEKS, MOST_WEEKS = 6, 60
NOUNS = ("prompt", "discuss")


def feature(features: Sequence[Feature]) -> Feature:
    """The preview, under the nouns of those features that plan something."""
    nouns = [noun for noun in NOUNS if any(noun in one.nouns for one in features)]
    told = forecasters(features)

    def preview(conn: Connection, request: Request) -> Card:
        given = request.number("weeks")
        weeks = WEEKS if given is None else given
        if not 1 <= weeks <= MOST_WEEKS:
            raise Refusal(
                _("The preview shows 1 to {most} weeks.", most=MOST_WEEKS), _("Try `weeks:6`."), request.line
            )
        until = request.now + timedelta(weeks=weeks)
        return views.card(forecast_year(conn, request.community, request.now, until, told), weeks)

    weeks = Option("weeks", N_("How many weeks ahead"), OptionKind.NUMBER)
    return Feature(
        name="forecast",
        forget=(),
        hand_over=_none,
        commands=tuple(
            CommandHandler(
                Command(noun, "preview", N_("Everything ahead, with clashes and clock changes"), (weeks,), Role.MODERATOR, label=N_("Coming weeks")),
                Reads(preview),
            )
            for noun in nouns
        ),
        examples=views.examples,
    )  # fmt: skip


def foresee(
    features: Sequence[Feature],
) -> Callable[[Connection, Community, datetime, datetime], Sequence[ForecastRow]]:
    """What tells the posts that will come in a community between two instants, as the preview shows them."""

    def tell(conn: Connection, home: Community, since: datetime, until: datetime) -> Sequence[ForecastRow]:
        return forecast_year(conn, home, since, until, forecasters(features)).rows

    return tell


def _none(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
