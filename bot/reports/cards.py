"""The card of a week, for `/report week` and the Monday note alike: what came, what waits, what to look at, what is next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.alerts.cards import reason
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    compose,
    say,
)
from bot.chat.language import _, format_list, format_month_day, format_short_day, ngettext
from bot.people.small_groups import MINIMUM
from bot.reports.attention import SHOWN, Attention
from bot.reports.coming_posts import ComingPost
from bot.reports.figures import PromptFigure, WeekReport, WeekTotal
from bot.reports.highlights.cards import LOOK
from bot.reports.waiting_list import COUNTED
from bot.schedules.weeks import Week

WEEK, WAITING, CHARTS, TEAMS, SCALES = (
    "report.week",
    "report.waiting",
    "report.charts",
    "report.teams",
    "report.scales",
)
"""The buttons of reports."""
PROMPTS, COMPARED = 6, 4
"""Prompts that one card names, and weeks that it compares in words."""


def week_card(report: WeekReport, coming: Sequence[ComingPost], *, earlier: bool = True) -> Card:
    """The report of a week. `earlier`: whether there is one of the week before."""
    title = note_title(report.week)
    blocks: list[Block] = [Heading(title), *_answers(report)]
    if waiting := waiting_text(report.waiting):
        blocks += [Markdown(waiting), Buttons((Button(_("See them"), does=WAITING, style="main"),))]
    if report.candidate:
        blocks.append(Markdown(_("One answer may be worth showing to everyone. Its author is asked first.")))
        blocks.append(Buttons((Button(_("Look at it"), does=LOOK, value="0"),)))
    blocks += [*_attention(report.attention), *_messages(report), *_coming(report, coming)]
    turns = [Button(_("Charts"), does=CHARTS, value=report.week.key), Button(_("By team"), does=TEAMS)]
    if earlier:
        turns.append(Button(_("The week before"), does=WEEK, value=report.week.shifted(-1).key))
    return say(title, *blocks, Buttons(tuple(turns)), Note(manners()))


def note_title(week: Week) -> str:
    """What a card of a week is called."""
    return _(
        "The week of {first} to {last}",
        first=format_month_day(week.monday),
        last=format_month_day(week.sunday),
    )


def home_card(last: WeekTotal, waiting: int) -> Card:
    """The home of reports: the last week in a line, and what waits."""
    title = _("Reports")
    if not last.prompts:
        line = _("No prompt closed last week.")
    elif last.answered is None:
        line = _("Last week: too few answered to show a number.")
    else:
        line = ngettext("Last week: {count} answer.", "Last week: {count} answers.", last.answered)
    blocks = [Markdown(text) for text in (line, waiting_text(waiting)) if text]
    return say(title, Heading(title), *blocks)


def manners() -> str:
    """The rules of every number here, in words."""
    return _(
        "People who were away the whole time are not counted. To protect privacy, I leave out any number about fewer than "
        "{fewest} people who kept their answers private. Nobody is listed for not answering.",
        fewest=MINIMUM,
    )


# ── what came ─────────────────────────────────────────────────────────────────


def _answers(report: WeekReport) -> list[Block]:
    if not report.prompts:
        return [Markdown(_("No prompt closed this week."))]
    lines = _prompt_lines(report.prompts[:PROMPTS])
    if (more := len(report.prompts) - PROMPTS) > 0:
        lines.append("- " + ngettext("{count} more prompt closed.", "{count} more prompts closed.", more))
    blocks: list[Block] = [Markdown("\n".join(lines))]
    if any(one.unnamed for one in report.prompts):
        blocks.append(Markdown(_("Answers without a name are not in these numbers.")))
    if trend := trend_text(report.trend):
        blocks.append(Markdown(trend))
    if report.shorter is not None:
        blocks.append(Markdown(_shorter_text(report.shorter.now, report.shorter.before)))
    return blocks


def _prompt_lines(prompts: Sequence[PromptFigure]) -> list[str]:
    """A line for each prompt; those of a theme stand together under its name, where there is more than one theme."""
    themes = list(dict.fromkeys(one.theme for one in prompts))
    lines: list[str] = []
    for theme in themes:
        if len(themes) > 1 and theme:
            lines.append(f"\n**{theme}**\n" if lines else f"**{theme}**\n")
        lines += [f"- {prompt_text(one)}{_opened_text(one.opened)}" for one in prompts if one.theme == theme]
    return lines


def prompt_text(one: PromptFigure) -> str:
    """What a prompt came to."""
    if one.silent:
        return _("*{title}*: no answers to show.", title=one.title)
    if one.answered is None:
        return _("*{title}*: too few answered to show a number.", title=one.title)
    if not one.everybody:
        if one.asked is None:
            return _("*{title}*: moderators can read {count} answers.", title=one.title, count=one.answered)
        return _(
            "*{title}*: moderators can read {count} answers. {asked} people were asked.",
            title=one.title, count=one.answered, asked=one.asked,
        )  # fmt: skip
    if one.asked is None:
        return _("*{title}*: {count} people answered.", title=one.title, count=one.answered)
    return _(
        "*{title}*: {count} of {asked} people answered.",
        title=one.title,
        count=one.answered,
        asked=one.asked,
    )


def _opened_text(count: int | None) -> str:
    return "" if count is None else " " + _("{count} people looked at what others answered.", count=count)


def trend_text(trend: Sequence[WeekTotal]) -> str:
    """The weeks before in words, or "" where there were none."""
    before = [one for one in trend[:-1] if one.prompts][-COMPARED:]
    if not before:
        return ""
    weeks = format_list([f"{format_month_day(one.week.monday)}: {total_text(one)}" for one in before])
    return _("Answers in the weeks before: {weeks}.", weeks=weeks)


def total_text(one: WeekTotal) -> str:
    """The number of a week, or that none may be told: of few, or of few that moderators do not read anyway."""
    return _("too few to show") if one.answered is None else str(one.answered)


def _shorter_text(now: int, before: int) -> str:
    return _(
        "Answers are getting shorter: about {now} words in each of the last three weeks with answers, about "
        "{before} before. This is an early sign, not a grade. A short answer can be a good one. A prompt in "
        "another form may help.",
        now=now,
        before=before,
    )


def waiting_text(count: int) -> str:
    """How many answers wait, or "" where none does."""
    if not count:
        return ""
    if count > COUNTED:
        return _("More than {count} answers have no thanks and no private reply yet.", count=COUNTED)
    return ngettext(
        "{count} answer has no thanks and no private reply yet.",
        "{count} answers have no thanks and no private reply yet.",
        count,
    )


# ── what to look at, and what is next ─────────────────────────────────────────


def _attention(found: Attention) -> list[Block]:
    blocks: list[Block] = []
    for deck in found.low[:SHOWN]:
        text = ngettext(
            "{schedule} has {count} prompt left that it has not asked. Add some: `/prompt add`.",
            "{schedule} has {count} prompts left that it has not asked. Add some: `/prompt add`.",
            deck.left, schedule=deck.schedule,
        )  # fmt: skip
        blocks.append(Markdown(text))
    for post in found.failed[:SHOWN]:
        problem, fix = reason(post.code)
        where = ChannelLink(post.channel)
        blocks.append(Markdown(compose(_("A post did not go out in {channel}. {problem} {fix}"), channel=where, problem=problem, fix=fix)))  # fmt: skip
    if looks := found.looks[:SHOWN]:
        named = format_list(
            [
                _("{team} ({day})", team=one.team, day=format_short_day(one.day))
                for one in looks
            ]
        )  # fmt: skip
        blocks.append(Markdown(_("Teams whose look at their change is due about now, of those whose plan everyone can read: {teams}.", teams=named)))  # fmt: skip
    return blocks


def _messages(report: WeekReport) -> list[Block]:
    counted, blocks = report.counted, []
    if counted is not None and counted.reminders is not None and counted.reminded is not None:
        blocks.append(
            _("{count} reminders went to {people} people.", count=counted.reminders, people=counted.reminded)
        )
    if counted is not None and counted.muted is not None:
        blocks.append(_("About {count} people have turned reminders off.", count=counted.muted))
    return [Markdown(" ".join(blocks))] if blocks else []


def _coming(report: WeekReport, coming: Sequence[ComingPost]) -> list[Block]:
    if not coming:
        return []
    rows = tuple((one.title, (Moment(one.at, report.community.zone),)) for one in coming[:SHOWN])
    return [Heading(_("Next")), Facts(rows)]
