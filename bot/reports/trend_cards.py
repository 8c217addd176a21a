"""The cards of charts: participation by week, and the answers of teams."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Picture, Table, say
from bot.chat.language import _, format_decimal, format_month_day, format_share, ngettext
from bot.pictures.columns import BARS, Column, column_chart, row_chart
from bot.reports.cards import TEAMS, manners, total_text
from bot.reports.figures import WeekTotal
from bot.reports.team_answers import TeamAnswers
from bot.schedules.weeks import Week


def chart_card(trend: Sequence[WeekTotal]) -> Card:
    """The weeks with a prompt as a picture, and as a table with the length of answers."""
    title = _("Answers by week")
    weeks = [one for one in trend if one.prompts]
    if not weeks:
        return say(title, Heading(title), Markdown(_("No week with a prompt is over yet.")))
    columns = (_("Week of"), _("Answers"), _("Of those asked"), _("Words"))
    rows = tuple(
        (
            format_month_day(one.week.monday),
            total_text(one),
            _("not known") if one.rate is None else format_share(one.rate),
            _("not shown") if one.words is None else format_decimal(one.words),
        )
        for one in reversed(weeks)
    )
    about = _("“Words” is the length of the answer in the middle. Short answers can be good answers.")
    return say(title, Heading(title), participation_picture(weeks), Table(columns, rows), Note(about), Note(manners()))  # fmt: skip


def participation_picture(weeks: Sequence[WeekTotal]) -> Picture:
    """The answers of each week, and which part that is of those who were asked."""
    columns = [_column(one) for one in weeks]
    notes = []
    if any(one.rate is not None for one in weeks):
        notes.append(_("Percent: of the people who were asked."))
    if any(one.answered is None for one in weeks):
        notes.append(_("–: too few people to show a number."))
    return column_chart(
        _("Answers by week"),
        _("By the Monday of the week"),
        columns,
        note=" ".join(notes),
        counted=_("Answers"),
    )


def _column(one: WeekTotal) -> Column:
    label = format_month_day(one.week.monday)
    rate = "" if one.rate is None else format_share(one.rate)
    if one.answered is None:
        return Column(label, None, "–", total_text(one), rate)
    said = ngettext("{count} answer", "{count} answers", one.answered)
    if rate:
        said = _("{answers}, {share} of those asked", answers=said, share=rate)
    return Column(label, one.answered, str(one.answered), said, rate)


def teams_card(found: Sequence[TeamAnswers], weeks: Sequence[Week], page: int) -> Card:
    """A page of teams with their answers in each week: a picture of all weeks together, and a table.

    One more than fit a page are there where there is another page.
    """
    title = _("Answers by team")
    shown = found[:BARS]
    if not shown:
        return say(title, Heading(title), Markdown(_("There is no team to show here.")))
    totals = {one.name: sum(one.weeks.values()) for one in shown}
    most = max(totals.values(), default=0)
    bars = [_bar(one.name, totals[one.name]) for one in shown]
    under = _("Since {day}", day=format_month_day(weeks[0].monday))
    rows = tuple((one.name, *(str(one.weeks.get(each.key, 0)) for each in weeks)) for one in shown)
    about = _("These are the answers that moderators can read. What people share only with their team, or keep, is not in them.")  # fmt: skip
    blocks: list[Block] = [
        Heading(title), row_chart(title, under, bars, most, counted=_("Answers")),
        Table((_("Team"), *(format_month_day(one.monday) for one in weeks)), rows), Note(about),
    ]  # fmt: skip
    if len(found) > BARS:
        blocks.append(Buttons((Button(_("More teams"), does=TEAMS, value=str(page + 1)),)))
    return Card(title, tuple(blocks))


def _bar(name: str, total: int) -> Column:
    return Column(name, total, str(total), ngettext("{count} answer", "{count} answers", total))
