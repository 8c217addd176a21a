"""The card of a scale: its trend as a picture and in words, and the averages of teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Note, Picture, Select, say
from bot.chat.language import _, format_decimal, format_list, format_month_day, ngettext
from bot.people.small_groups import MINIMUM
from bot.pictures.columns import Column, column_chart
from bot.reports.cards import SCALES
from bot.reports.scales import AskedScale, ScalePoint, ScaleTrend

TEAMS = 12
"""Teams whose averages one card shows."""
OTHERS = 25


def scale_card(trend: ScaleTrend, others: Sequence[AskedScale], zone: str) -> Card:
    """One scale, and the others to choose from."""
    title = _("A scale over time: {title}", title=trend.title)
    blocks: list[Block] = [Heading(trend.title), Markdown(trend.ask)]
    if any(one.counts for one in trend.points):
        blocks += [scale_picture(trend, zone), Facts(_rows(trend, zone))]
    else:
        blocks.append(Markdown(_("No number is shown: too few people picked one in private.")))
    if trend.teams:
        blocks.append(Facts(_team_rows(trend, zone)))
        blocks.append(
            Note(_("A team is shown when at least {fewest} people in it picked privately.", fewest=MINIMUM))
        )
    if len(others) > 1:
        names = tuple((one.name.value, one.title[:75]) for one in others[:OTHERS])
        blocks.append(Select(_("Another scale"), SCALES, names, chosen=trend.name.value))
    return Card(title, tuple(blocks))


def scale_picture(trend: ScaleTrend, zone: str) -> Picture:
    """The trend as a picture."""
    start, end = trend.scale.start, trend.scale.end
    columns = [_column(one, start, zone) for one in trend.points]
    under = _("Average of all picks, from {start} ({low}) to {end} ({high})", start=start, low=trend.scale.low, end=end, high=trend.scale.high)  # fmt: skip
    note = _("–: too few people picked in private to show a number.") if any(not one.counts for one in trend.points) else ""  # fmt: skip
    return column_chart(trend.ask, under, columns, end, note, counted=_("Average"), floor=start - 1)


def _column(one: ScalePoint, start: int, zone: str) -> Column:
    label = day_in(one.at, zone)
    if not one.counts:
        return Column(label, None, "–", _("no number is shown"))  # a column of its own kind
    middle = one.middle(start)
    return Column(label, middle, format_decimal(middle), _said(one, start))


def _said(one: ScalePoint, start: int) -> str:
    return ngettext(
        "{average} on average, {count} person",
        "{average} on average, {count} people",
        one.people,
        average=format_decimal(one.middle(start)),
    )


def _rows(trend: ScaleTrend, zone: str) -> tuple[tuple[str, str], ...]:
    few = _("no number is shown")
    return tuple(
        (day_in(one.at, zone), _said(one, trend.scale.start) if one.counts else few)
        for one in reversed(trend.points)
    )


def _team_rows(trend: ScaleTrend, zone: str) -> tuple[tuple[str, str], ...]:
    rows = []
    for name, points in list(trend.teams.items())[:TEAMS]:
        said = [
            _("{average} on {day}", average=format_decimal(average), day=day_in(at, zone))
            for at, average in points
        ]
        rows.append((name, format_list(said)))
    return tuple(rows)


def day_in(at: datetime, zone: str) -> str:
    """The day of an instant there, as charts write it."""
    return format_month_day(at.astimezone(ZoneInfo(zone)).date())


def no_scale_card() -> Card:
    """No scale was asked yet, and how to ask one."""
    return say(
        _("No scale yet"),
        Markdown(
            _("No prompt with a scale has closed yet. You can write one: choose a scale as its answer.")
        ),
        Buttons((Button(_("Add a prompt"), opens="prompt.add", style="main"),)),
    )
