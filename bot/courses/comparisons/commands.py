"""`/team compare`: two teams see each other's totals, once the people who lead both have said yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_fields, read_id
from bot.courses.comparisons import cards, tables
from bot.courses.comparisons.tables import TeamComparison
from bot.courses.enrollment import tables as enrollment_tables
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.offers import is_in_team
from bot.courses.teams import resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import Team
from bot.courses.teams.team_totals import find_total
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request, Writes
from bot.people.languages import speaking_to
from bot.people.reach import writable_account

KIND = "team-compare"
"""The kind of its rows in the outbox. They name teams and nobody, so they are said also when who asked was erased."""


def show_comparison(conn: Connection, request: Request) -> Card:
    """The totals of one's own team and another's; what a lead can do, where they do not compare."""
    other = resolve.named_team(conn, request, request.text("team"))
    mine = _own_team(conn, request, other)
    known = tables.find_comparison(conn, mine.id, other.id)
    leads = teams_tables.is_lead(conn, mine.id, request.member.id)
    if known is not None and known.agreed_at is not None:
        return _totals(conn, request, mine, other, leads=leads)
    if not leads:
        raise Refusal(
            _("{mine} and {other} do not compare totals.", mine=mine.name, other=other.name),
            _("The people who lead both teams can agree to it."),
        )
    return cards.ask_card(mine, other) if known is None else _asked(known, mine, other)


def _asked(known: TeamComparison, mine: Team, other: Team) -> Card:
    """What was asked between two teams, for who leads one of them."""
    return cards.asked_card(other) if known.team_id == mine.id else cards.offer_card(other, mine)


def _own_team(conn: Connection, request: Request, other: Team) -> Team:
    """The asker's own team: the only one, or the one they named."""
    own = [
        one
        for one in teams_tables.teams_of(conn, request.community.id, request.member.id)
        if one.id != other.id
    ]
    if name := request.text("own"):
        own = [one for one in own if teams_tables.fold_name(one.name) == teams_tables.fold_name(name)]
    if not own:
        raise Refusal(
            _("You can compare only your own team with another one."), _("`/team` shows your teams.")
        )
    if len(own) > 1:
        raise UnclearOption(
            "own", _("Which of your teams do you mean?"), [(one.name, one.name) for one in own]
        )
    return own[0]


def _totals(conn: Connection, request: Request, mine: Team, other: Team, *, leads: bool) -> Card:
    listed = _require_course(conn, request, mine, other)
    totals = [(team, find_total(conn, team.id, listed.id)) for team in (mine, other)]
    return cards.totals_card(listed.course.title, totals, request.community.zone, leads=leads)


def _require_course(conn: Connection, request: Request, mine: Team, other: Team) -> CatalogCourse:
    """The course whose totals two teams compare."""
    listed = _common_course(conn, request, mine, other)
    if listed is None:
        raise Refusal(
            _("The two teams take no course together."),
            _("Once both are in one course, they can compare totals."),
        )
    return listed


def _common_course(conn: Connection, request: Request, mine: Team, other: Team) -> CatalogCourse | None:
    """The first course that people of both teams take."""
    for listed in catalog.offered_courses(conn, request.community.id):
        if all(
            enrollment_tables.enrollments_in(
                conn, listed.id, [mate.member_id for mate in teams_tables.team_members(conn, team.id)]
            )
            for team in (mine, other)
        ):
            return listed
    return None


# ── the leads ─────────────────────────────────────────────────────────────────


def ask_other_team(conn: Connection, request: Request) -> Card:
    """Ask the people who lead another team."""
    mine, other = _both_teams(conn, request)
    leads = _leads(conn, other)
    if not leads:
        raise Refusal(_("Nobody leads {team} right now.", team=other.name), _("A moderator can name a lead."))
    _require_course(conn, request, mine, other)
    if tables.ask_to_compare(conn, request.community.id, mine.id, other.id, request.now):
        for lead in leads:
            _tell(conn, request, lead, "asked", lambda: cards.offer_card(mine, other))
    known = tables.find_comparison(conn, mine.id, other.id)
    if known is None or known.agreed_at is None:
        return replace(
            cards.asked_card(other) if known is None else _asked(known, mine, other), replaces=True
        )
    return replace(_totals(conn, request, mine, other, leads=True), replaces=True)


def agree_to_compare(conn: Connection, request: Request) -> Card:
    """Agree, as a lead of the team that was asked."""
    mine, other = _both_teams(conn, request)
    known = tables.find_comparison(conn, mine.id, other.id)
    if known is None:
        raise Refusal(_("{team} no longer asks.", team=other.name), _("`/team compare` asks them."))
    if known.team_id == mine.id and known.agreed_at is None:
        return cards.asked_card(other)
    if known.agreed_at is None:
        tables.agree_to_compare(conn, mine.id, other.id, request.now)
        for lead in _leads(conn, other):
            _tell(conn, request, lead, "agreed", lambda: cards.answered_card(mine, agreed=True))
    return replace(_totals(conn, request, mine, other, leads=True), replaces=True)


def end_comparison(conn: Connection, request: Request) -> Card:
    """Decline, or end it, as a lead of either team."""
    mine, other = _both_teams(conn, request)
    if tables.find_comparison(conn, mine.id, other.id) is not None:
        tables.end_comparison(conn, mine.id, other.id)
        for lead in _leads(conn, other):
            _tell(conn, request, lead, "ended", lambda: cards.answered_card(mine, agreed=False))
    return replace(cards.ended_card(mine, other), replaces=True)


def _both_teams(conn: Connection, request: Request) -> tuple[Team, Team]:
    """The asker's team, which they lead, and the other one, from a button (`t1/t2`)."""
    first, second = read_fields(request.value, 2)
    mine = teams_tables.find_team(conn, request.community.id, read_id(first, "t"))
    other = teams_tables.find_team(conn, request.community.id, read_id(second, "t"))
    if mine is None or other is None:
        raise Refusal(_("That team no longer exists."), _("`/team list` shows the others."))
    if not teams_tables.is_lead(conn, mine.id, request.member.id):
        raise Refusal(
            _("The people who lead {team} decide that.", team=mine.name), _("`/team` shows who leads it.")
        )
    return mine, other


def _leads(conn: Connection, team: Team) -> list[int]:
    return [mate.member_id for mate in teams_tables.team_members(conn, team.id) if mate.lead]


def _tell(conn: Connection, request: Request, member_id: int, what: str, card: Callable[[], Card]) -> None:
    """Tell a lead what the leads of the other team did, in their language."""
    to = writable_account(conn, request.community.id, member_id)
    if to is None:
        return
    with speaking_to(conn, member_id):
        said = card()
    draft = Draft(
        community_id=request.community.id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=KIND, priority=1, card=said,
        key=f"{KIND}:{what}:{request.value}:{member_id}:{request.now:%Y%m%d%H%M%S}",
    )  # fmt: skip
    outbox.queue_draft(conn, draft, request.now)


def _complete_team(conn: Connection, request: Request) -> list[tuple[str, str]]:
    mine = {one.id for one in teams_tables.teams_of(conn, request.community.id, request.member.id)}
    return [
        (one.name, one.name) for one in teams_tables.teams(conn, request.community.id) if one.id not in mine
    ]


COMMANDS = (
    CommandHandler(
        Command(
            "team", "compare", N_("The totals of your team and another, if the people who lead both agree"),
            (
                Option("team", N_("The other team"), OptionKind.NAME, required=True, positional=True, completes=True),
                Option("own", N_("Your own team, if you are in several"), OptionKind.NAME),
            ),
            examples=("/team compare South",), label=N_("Compare totals"),
        ),
        Reads(show_comparison),
        is_in_team,
    ),
)  # fmt: skip
BUTTONS = (
    ButtonHandler("team.compare.ask", Writes(ask_other_team)),
    ButtonHandler("team.compare.agree", Writes(agree_to_compare)),
    ButtonHandler("team.compare.end", Writes(end_comparison)),
)
COMPLETIONS = (Completion("team compare", "team", _complete_team),)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    north, south = Team(1, "North", 7), Team(2, "South", 6)
    return (
        cards.ask_card(north, south),
        cards.asked_card(south),
        cards.offer_card(north, south),
        cards.answered_card(south, agreed=True),
        cards.answered_card(south, agreed=False),
        cards.ended_card(north, south),
        cards.totals_card("Common ground", ((north, None), (south, None)), "Europe/Dublin", leads=True),
    )
