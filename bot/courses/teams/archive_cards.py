"""Cards about teams whose year is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Note, Select, say
from bot.chat.language import _, format_day, format_list, ngettext
from bot.courses.teams.tables import Team, TeamMember

SHOWN = 20
"""People who are named."""
CHOICES = 25
"""Teams that a choice can hold."""
PLAN = "plan.see"
"""The button that shows a team's plan."""


def archived_card(team: Team) -> Card:
    """The answer to archiving a team."""
    return say(
        _("{team} is archived", team=team.name),
        Markdown(
            _(
                "**{team}** is archived. Its plan stays, and the team can still read it. Nobody is asked about its steps "
                "any more, and nobody joins. Meetings that were planned are called off.",
                team=team.name,
            )
        ),
        Buttons(
            (
                Button(_("Start next year’s team"), does="team.renew", value=f"t{team.id}", style="main"),
                _plan_button(team),
                Button(_("Reopen"), does="team.reopen", value=f"t{team.id}"),
            )
        ),
        Note(_("Next year’s team has the same people and an empty plan.")),
    )


def archive_question_card(team: Team, mates: Sequence[TeamMember]) -> Card:
    """The question before a team that nobody named is archived, with all that ends."""
    return say(
        _("Archive {team}?", team=team.name),
        Heading(_("Archive {team}?", team=team.name)),
        Markdown(
            _(
                "{who} Its plan stays, and the team can still read it. Nobody is asked about its steps any more, nobody joins, "
                "and meetings that were planned are called off.",
                who=_who(mates),
            )
        ),
        Buttons((_archive_button(team), Button(_("Not now"), does="team.keep", value=f"t{team.id}"))),
    )


def kept_card(team: Team) -> Card:
    """The answer to whoever decided against it."""
    title = _("{team} goes on", team=team.name)
    return say(title, Markdown(_("**{team}** goes on. Nothing has changed.", team=team.name)))


def reopened_card(team: Team) -> Card:
    """The answer to opening a team again."""
    return say(
        _("{team} goes on", team=team.name),
        Markdown(
            _(
                "**{team}** goes on as before, with its people, its plan and its meetings to come.",
                team=team.name,
            )
        ),
    )


def begun_card(team: Team, mates: Sequence[TeamMember]) -> Card:
    """The answer to beginning a team anew."""
    if mates:
        said = _(
            "**{team}** begins with an empty plan. {who} They are told. `/team remove` takes somebody out.",
            team=team.name,
            who=_who(mates),
        )
    else:
        said = _(
            "**{team}** begins with an empty plan. {who} `/team add` puts people in.",
            team=team.name,
            who=_who(mates),
        )
    return say(
        _("{team} begins a new year", team=team.name),
        Markdown(said),
        Buttons((_plan_button(team),)),
    )


def earlier_card(team: Team, mates: Sequence[TeamMember], *, may_change: bool) -> Card:
    """An archived team, with who was in it."""
    state = f"t{team.id}"
    buttons = [_plan_button(team)]
    if may_change:
        buttons += [
            Button(_("Start next year’s team"), does="team.renew", value=state),
            Button(_("Reopen"), does="team.reopen", value=state),
        ]
    return say(
        team.name,
        Heading(team.name),
        Markdown(_("This team is archived. {who}", who=_who(mates))),
        Buttons(tuple(buttons)),
    )


def year_card(teams: Sequence[Team], ends: date) -> Card:
    """To moderators, when a school year is about to end: what is to become of its teams."""
    day = format_day(ends)
    return say(
        _("The school year ends on {day}: what about the teams?", day=day),
        Heading(_("What about the teams?")),
        Markdown(
            ngettext(
                "The school year ends on {day}, and there is {count} team. Every team goes on unless somebody archives it. "
                "Whoever leads a team can do that: `/team archive`. Or choose a team here.",
                "The school year ends on {day}, and there are {count} teams. Every team goes on unless somebody archives it. "
                "Whoever leads a team can do that: `/team archive`. Or choose a team here.",
                len(teams),
                day=day,
            )
        ),
        Select(_("Choose a team"), "team.year", _options(teams)),
        Note(_("Nothing is deleted. An archived team keeps its plan, and begins a new year with one tap.")),
    )


def _options(teams: Sequence[Team]) -> tuple[tuple[str, str], ...]:
    return tuple((f"t{one.id}", one.name) for one in teams[:CHOICES])


def year_over_card(team: Team, mates: Sequence[TeamMember]) -> Card:
    """A team whose year is over, and what can become of it."""
    return say(
        team.name,
        Heading(team.name),
        Markdown(
            _(
                "{who} **Archive** ends its year: the plan stays, and nobody is asked about its steps any more. "
                "If you do nothing, the team goes on.",
                who=_who(mates),
            )
        ),
        Buttons((_archive_button(team),)),
    )


def _who(mates: Sequence[TeamMember]) -> str:
    """Who is in a team, in a sentence."""
    if not mates:
        return _("Nobody is in it.")
    return _("In it: {people}.", people=format_list([one.name for one in mates[:SHOWN]]))


def _archive_button(team: Team) -> Button:
    return Button(_("Archive"), does="team.archive", value=f"t{team.id}", style="main")


def _plan_button(team: Team) -> Button:
    return Button(_("See the plan"), does=PLAN, value=f"t{team.id}")


def earlier_select(teams: Sequence[Team]) -> Select:
    """The choice among teams that are archived, the latest first."""
    return Select(_("Earlier teams"), "team.year", _options(teams))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    north = Team(1, "North", 2)
    mates = [TeamMember(7, "Ada Quinn", lead=True), TeamMember(8, "Ben Okafor", lead=False)]
    return (
        archived_card(north),
        archive_question_card(north, mates),
        kept_card(north),
        reopened_card(north),
        begun_card(north, mates),
        begun_card(north, []),
        earlier_card(north, mates, may_change=True),
        earlier_card(north, mates, may_change=False),
        year_card([north, Team(2, "South", 4)], date(2027, 6, 4)),
        year_over_card(north, mates),
    )
