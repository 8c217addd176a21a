"""Cards about teams."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Markdown,
    Moment,
    Note,
    Picture,
    Table,
    Words,
    compose,
    say,
)
from bot.chat.language import N_, _, ngettext
from bot.courses.teams.progress_view import TeamProgressView, TeamTotal
from bot.courses.teams.tables import Team, TeamMember

STATES = {"done": N_("done"), "started": N_("begun"), "open": N_("not started")}
SHOWN = 20
"""Lines of a table; longer ones are cut, and say so."""
LABEL = 75
"""Characters of a button."""


def team_list_card(teams: Sequence[Team], mine: set[int]) -> Card:
    """The teams of a community."""
    if not teams:
        return say(
            _("There is no team yet"),
            Markdown(_("There is no team yet. A moderator makes one: `/team create North`.")),
        )
    lines = "\n".join(f"- {_describe_size(one, yours=one.id in mine)}" for one in teams)
    return say(_("Teams"), Heading(_("Teams")), Markdown(lines))


def _describe_size(team: Team, *, yours: bool) -> str:
    if yours:
        return ngettext(
            "**{team}** · {count} person · yours",
            "**{team}** · {count} people · yours",
            team.size,
            team=team.name,
        )
    return ngettext("**{team}** · {count} person", "**{team}** · {count} people", team.size, team=team.name)


def home_blocks(rows: Sequence[tuple[Team, Sequence[TeamMember]]]) -> list[Block]:
    """A member's own teams."""
    blocks: list[Block] = [Heading(_("Your teams"))]
    for team, mates in rows:
        blocks.append(Markdown(_list_mates(team, mates)))
        label = _("Progress of {team}", team=team.name)[:LABEL]
        blocks.append(Buttons((Button(label, does="team.see", value=f"t{team.id}"),)))
    return blocks


def _list_mates(team: Team, mates: Sequence[TeamMember]) -> str:
    shown = ", ".join(
        _("{name} (leads)", name=mate.name) if mate.lead else mate.name for mate in mates[:SHOWN]
    )
    if len(mates) > SHOWN:
        count = len(mates) - SHOWN
        return _("**{team}**: {people} and {count} more", team=team.name, people=shown, count=count)
    return f"**{team.name}**: {shown}"


def welcome_card(team: Team, name: str = "") -> Card:
    """The answer to joining a team."""
    if name:
        title = _("{name} is in {team}", name=name, team=team.name)
        words = _(
            "{name} is in **{team}**. `/team progress` shows the team’s progress.", name=name, team=team.name
        )
    else:
        title = _("You are in {team}", team=team.name)
        words = _("You are in **{team}**. `/team progress` shows the team’s progress.", team=team.name)
    return say(
        title,
        Markdown(words),
        Note(_("Each person’s progress is private unless they show it: /my settings progress:team.")),
    )


def left_card(team: Team, state: str, name: str = "", *, leaderless: bool = False) -> Card:
    """The answer to leaving a team, with ten minutes to undo it. `leaderless`: nobody leads it now."""
    words = (
        _("{name} is no longer in **{team}**.", name=name, team=team.name)
        if name
        else _("You left **{team}**.", team=team.name)
    )
    title = (
        _("{name} is no longer in {team}", name=name, team=team.name)
        if name
        else _("You left {team}", team=team.name)
    )
    if leaderless:
        told = _("Nobody leads it now. I told the moderators, who can name somebody.")
        words = f"{words} {told}"
    return say(title, Markdown(words), Buttons((Button(_("Undo"), does="team.undo", value=state),)))


def offer_card(team: Team, name: str) -> Card:
    """To somebody who is asked to lead a team: who asks, what a lead does, and the two answers."""
    state = f"t{team.id}"
    return say(
        _("Lead the team {team}?", team=team.name),
        Heading(_("Lead the team {team}?", team=team.name)),
        Markdown(
            _(
                "**{name}** leads **{team}** and asks you to lead it instead. A lead can add and remove "
                "people, and rename the team. Until you answer, {name} leads it.",
                name=name,
                team=team.name,
            )
        ),
        Buttons(
            (
                Button(_("Accept"), does="team.accept", value=state, style="main"),
                Button(_("Decline"), does="team.decline", value=state),
            )
        ),
        Note(_("The offer stands for 30 days.")),
    )


def offered_card(team: Team, name: str) -> Card:
    """The answer to whoever hands a team over."""
    words = _(
        "I asked **{name}** to lead **{team}**. You lead it until they accept, and I tell you what "
        "they answer.",
        name=name,
        team=team.name,
    )
    return say(_("I asked {name}", name=name), Markdown(words))


def leading_card(team: Team) -> Card:
    """The answer to whoever accepted a team."""
    return say(
        _("You lead {team} now", team=team.name),
        Markdown(_("You lead **{team}** now. `/team` shows who is in it.", team=team.name)),
    )


def not_leading_card(team: Team) -> Card:
    """The answer to whoever declined a team."""
    return say(
        _("You declined {team}", team=team.name),
        Markdown(_("You do not lead **{team}**. I told the person who asked you.", team=team.name)),
    )


def accepted_card(team: Team, name: str) -> Card:
    """To whoever handed a team over: somebody else leads it now."""
    words = _("**{name}** leads **{team}** now. You stay in the team.", name=name, team=team.name)
    return say(_("{name} leads {team} now", name=name, team=team.name), Markdown(words))


def declined_card(team: Team, name: str) -> Card:
    """To whoever offered a team: they still lead it."""
    words = _(
        "**{name}** declined. You still lead **{team}**. `/team handover` asks somebody else.",
        name=name,
        team=team.name,
    )
    return say(_("You still lead {team}", team=team.name), Markdown(words))


def leaderless_card(team: Team) -> Card:
    """To moderators: whoever led a team has left."""
    return say(
        _("Nobody leads {team}", team=team.name),
        Markdown(
            _(
                "The lead of **{team}** has left. `/team lead @somebody {team}` names another lead. Until "
                "then only moderators can add and remove people.",
                team=team.name,
            )
        ),
    )


def led_card(team: Team, name: str) -> Card:
    """To moderators, in the place of that: somebody leads the team again."""
    return say(
        _("{name} leads {team} now", name=name, team=team.name),
        Markdown(_("**{name}** leads **{team}** now.", name=name, team=team.name)),
    )


def progress_card(
    standing: TeamProgressView, picture: Picture | None, lessons: Sequence[str], zone: str
) -> Card:
    """How far a team is in a course, as this viewer may see it."""
    title = f"{standing.team}: {standing.course}"
    blocks: list[Block] = [Heading(title)]
    if picture is not None:
        blocks.append(picture)
    if standing.lessons:
        rows = tuple(
            (
                f"{i}. {one.title}",
                _("{done} of {total}", done=one.done, total=one.of),
                str(one.started),
            )
            for i, one in enumerate(standing.lessons, 1)
        )
        blocks.append(Table((_("Lesson"), _("Done"), _("Begun")), rows))
    if standing.named:
        columns = (_("Who"), *(f"{number}" for number in range(1, len(lessons) + 1)))
        shown = tuple((name, *(_(STATES[one]) for one in states)) for name, states in standing.named[:SHOWN])
        blocks.append(Table(columns, shown))
    if standing.waiting:
        blocks.append(Markdown(_not_begun(standing.waiting)))
    if standing.total is not None:
        blocks.append(Markdown(_together(standing.total, zone)))
    elif not standing.named and not standing.waiting:
        blocks.append(Markdown(_("Nobody shows you their progress, and there is no total to show.")))
    return say(title, *blocks, Note(_what_is_left_out(standing)))


def _not_begun(count: int) -> str:
    """How many have begun nothing: a number, without names."""
    return ngettext(
        "{count} person who shows you their progress has not begun yet.",
        "{count} people who show you their progress have not begun yet.",
        count,
    )


def _together(total: TeamTotal, zone: str) -> Words:
    """The total of those who show theirs to nobody."""
    return compose(
        _(
            "{people} people keep their progress private. Together they had finished {done} of {of} "
            "lessons on {counted_at}."
        ),
        people=total.people,
        done=total.done,
        of=total.of,
        counted_at=Moment(total.counted_at, zone),
    )


def _what_is_left_out(standing: TeamProgressView) -> str:
    if standing.whole:
        return _("Everybody here shows their progress.")
    parts = [_("You see the people who show you their progress.")]
    if standing.lessons:
        parts.append(_("The numbers count only them."))
    parts.append(
        _("People who keep their progress private are counted only in groups of five or more, once a week.")
    )
    return " ".join(parts)
