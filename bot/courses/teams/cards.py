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
    say,
)
from bot.courses.teams.progress_view import TeamProgressView, TeamTotal
from bot.courses.teams.tables import Team, TeamMember

SIGNS = {"done": "done", "started": "begun", "open": "·"}
SHOWN = 20
"""Lines of a table; longer ones are cut, and say so."""


def team_list_card(teams: Sequence[Team], mine: set[int]) -> Card:
    """The teams of a community."""
    if not teams:
        return say(
            "There is no team yet",
            Markdown("There is no team yet. A moderator makes one: `/team create North`."),
        )
    lines = "\n".join(
        f"- **{one.name}** · {one.size} {'person' if one.size == 1 else 'people'}{' · yours' if one.id in mine else ''}"
        for one in teams
    )
    return say("Teams", Heading("Teams"), Markdown(lines))


def home_blocks(rows: Sequence[tuple[Team, Sequence[TeamMember]]]) -> list[Block]:
    """A member's own teams."""
    blocks: list[Block] = [Heading("Your teams")]
    for team, mates in rows:
        names = ", ".join(f"{mate.name} (leads)" if mate.lead else mate.name for mate in mates[:SHOWN])
        more = f" and {len(mates) - SHOWN} more" if len(mates) > SHOWN else ""
        blocks.append(Markdown(f"**{team.name}**: {names}{more}"))
        blocks.append(
            Buttons((Button(f"Progress of {team.name}"[:75], does="team.see", value=f"t{team.id}"),))
        )
    return blocks


def welcome_card(team: Team, name: str = "") -> Card:
    """The answer to joining a team."""
    who = f"{name} is" if name else "You are"
    return say(
        f"{who} in {team.name}",
        Markdown(f"{who} in **{team.name}**. `/team progress` shows how far the team is."),
        Note("How far each of you is stays with them unless they show it: /my settings progress:team."),
    )


def left_card(team: Team, state: str, name: str = "", *, leaderless: bool = False) -> Card:
    """The answer to leaving a team, with ten minutes to undo it. `leaderless`: nobody leads it now."""
    words = f"{name} is no longer in **{team.name}**." if name else f"You left **{team.name}**."
    title = f"{name} is no longer in {team.name}" if name else f"You left {team.name}"
    if leaderless:
        words += " Nobody leads it now. I told the moderators, who can name somebody."
    return say(title, Markdown(words), Buttons((Button("Undo", does="team.undo", value=state),)))


def offer_card(team: Team, name: str) -> Card:
    """To somebody who is asked to lead a team: who asks, what a lead does, and the two answers."""
    state = f"t{team.id}"
    return say(
        f"Lead the team {team.name}?",
        Heading(f"Lead the team {team.name}?"),
        Markdown(
            f"**{name}** leads **{team.name}** and asks you to lead it instead. A lead can add and remove people, and "
            f"rename the team. Until you answer, {name} leads it."
        ),
        Buttons(
            (
                Button("Accept", does="team.accept", value=state, style="main"),
                Button("Decline", does="team.decline", value=state),
            )
        ),
        Note("The offer stands for 30 days."),
    )


def offered_card(team: Team, name: str) -> Card:
    """The answer to whoever hands a team over."""
    words = f"I asked **{name}** to lead **{team.name}**. You lead it until they accept, and I tell you what they answer."
    return say(f"I asked {name}", Markdown(words))


def leading_card(team: Team) -> Card:
    """The answer to whoever accepted a team."""
    return say(
        f"You lead {team.name} now", Markdown(f"You lead **{team.name}** now. `/team` shows who is in it.")
    )


def not_leading_card(team: Team) -> Card:
    """The answer to whoever declined a team."""
    return say(
        f"You declined {team.name}", Markdown(f"You do not lead **{team.name}**. I told whoever asked you.")
    )


def accepted_card(team: Team, name: str) -> Card:
    """To whoever handed a team over: somebody else leads it now."""
    words = f"**{name}** leads **{team.name}** now. You stay in the team."
    return say(f"{name} leads {team.name} now", Markdown(words))


def declined_card(team: Team, name: str) -> Card:
    """To whoever offered a team: they still lead it."""
    words = f"**{name}** declined. You still lead **{team.name}**. `/team handover` asks somebody else."
    return say(f"You still lead {team.name}", Markdown(words))


def leaderless_card(team: Team) -> Card:
    """To moderators: whoever led a team has left."""
    return say(
        f"Nobody leads {team.name}",
        Markdown(
            f"Whoever led **{team.name}** has left. `/team lead @somebody {team.name}` names another lead. Until then "
            "only moderators can add and remove people."
        ),
    )


def led_card(team: Team, name: str) -> Card:
    """To moderators, in the place of that: somebody leads the team again."""
    return say(f"{name} leads {team.name} now", Markdown(f"**{name}** leads **{team.name}** now."))


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
            (f"{i}. {one.title}", f"{one.done} of {one.of}", str(one.started))
            for i, one in enumerate(standing.lessons, 1)
        )
        blocks.append(Table(("Lesson", "Done", "Begun"), rows))
    if standing.named:
        columns = ("Who", *(f"{number}" for number in range(1, len(lessons) + 1)))
        shown = tuple((name, *(SIGNS[one] for one in states)) for name, states in standing.named[:SHOWN])
        blocks.append(Table(columns, shown))
    if standing.total is not None:
        blocks.append(Markdown(_together(standing.total, zone)))
    elif not standing.named:
        blocks.append(
            Markdown("Nobody shows you how far they are, and there are too few people to show a total.")
        )
    return say(title, *blocks, Note(_what_is_left_out(standing)))


def _together(total: TeamTotal, zone: str) -> Words:
    """The total of those who show theirs to nobody."""
    return (
        f"{total.people} people show theirs to nobody. Together they had finished {total.done} of {total.of} lessons on ",
        Moment(total.counted_at, zone),
        ".",
    )


def _what_is_left_out(standing: TeamProgressView) -> str:
    if standing.whole:
        return "Everybody here shows how far they are."
    parts = ["You see those who show you how far they are."]
    if standing.lessons:
        parts.append("The counts are of them alone.")
    parts.append(
        "Fewer than five people who show theirs to nobody are not counted; five or more are, once a week."
    )
    return " ".join(parts)
