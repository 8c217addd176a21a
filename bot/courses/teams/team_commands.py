"""`/team`: members join and leave teams, leads and moderators make and change them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Card, Markdown, say
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_fields, read_number
from bot.courses.enrollment.groups import enroll_teammate
from bot.courses.notices.tables import MembershipKind, note_membership
from bot.courses.offers import leads_team
from bot.courses.teams import cards, resolve, tables
from bot.courses.teams.archive_cards import earlier_select
from bot.courses.teams.resolve import NAME
from bot.courses.teams.tables import Team
from bot.courses.teams.team_states import earlier_teams
from bot.feature import UNDO, ButtonHandler, CommandHandler, Completion, Reads, Request, Writes, note_change
from bot.people.accounts import member_at

# ── looking ───────────────────────────────────────────────────────────────────


def show_home(conn: Connection, request: Request) -> Card:
    """The asker's teams, or all there are."""
    blocks = home_blocks(conn, request)
    if blocks:
        return say(_("Your teams"), *blocks)
    return cards.team_list_card(tables.teams(conn, request.community.id), set())


def home_blocks(conn: Connection, request: Request) -> Sequence[Block]:
    """The asker's teams, for the bot's own page."""
    mine = tables.teams_of(conn, request.community.id, request.member.id)
    blocks = cards.home_blocks([(one, tables.team_members(conn, one.id)) for one in mine]) if mine else []
    earlier = earlier_teams(conn, request.community.id, request.member.id)
    return (*blocks, earlier_select(earlier)) if earlier else blocks


def list_teams(conn: Connection, request: Request) -> Card:
    """All teams."""
    mine = {one.id for one in tables.teams_of(conn, request.community.id, request.member.id)}
    return cards.team_list_card(tables.teams(conn, request.community.id), mine)


# ── joining and leaving ───────────────────────────────────────────────────────


def join_team(conn: Connection, request: Request) -> Card:
    """Put the asker into a team."""
    team = resolve.named_team(conn, request, request.text("team"))
    require_running(team)
    tables.join_team(conn, request.community.id, team.id, request.member.id, request.now)
    enroll_teammate(conn, request.community.id, team.id, request.member.id, request.now)
    return cards.welcome_card(team)


def undo_leaving(conn: Connection, request: Request) -> Card:
    """Undo leaving or removing, within ten minutes."""
    team = resolve.named_or_own_team(conn, request)
    member_id = read_number(read_fields(request.value, 2)[1])
    if member_id != request.member.id:
        require_lead(conn, request, team)
    at = tables.left_at(conn, team.id, member_id)
    if at is None or request.now - at > UNDO:
        raise Refusal(
            _("There is nothing to undo anymore."), _("`/team join {team}` goes back.", team=team.name)
        )
    tables.return_to_team(conn, request.community.id, team.id, member_id)
    enroll_teammate(conn, request.community.id, team.id, member_id, request.now)
    return replace(
        say(_("Undone"), Markdown(_("Undone: **{team}** is as it was.", team=team.name))), replaces=True
    )


# ── leads and moderators ──────────────────────────────────────────────────────


def create_team(conn: Connection, request: Request) -> Card:
    """Make a team."""
    name = _checked_name(request, request.text("name"))
    if tables.create_team(conn, request.community.id, name, request.now) is None:
        raise Refusal(
            _("There is a team {name} already.", name=name),
            _("`/team join {name}` joins it.", name=name),
            request.line,
        )
    note_change(conn, request, "made a team", name, None, {"name": name})
    words = _(
        "The team **{name}** is ready. Add people with `/team add @somebody {name}`. Anybody can join by "
        "themselves.",
        name=name,
    )
    return say(_("The team {name} is ready", name=name), Markdown(words))


def rename_team(conn: Connection, request: Request) -> Card:
    """Give a team another name."""
    name = _checked_name(request, request.text("to"))
    team = resolve.named_team(conn, request, request.text("team"))
    require_lead(conn, request, team)
    other = tables.team_by_name(conn, request.community.id, name)
    if other is not None and other.id != team.id:
        raise Refusal(
            _("There is a team {other} already.", other=other.name), _("Choose another name."), request.line
        )
    tables.rename_team(conn, request.community.id, team.id, name)
    note_change(conn, request, "renamed a team", team.name, {"name": team.name}, {"name": name})
    return say(
        _("{team} is {name} now", team=team.name, name=name),
        Markdown(_("**{team}** is **{name}** now.", team=team.name, name=name)),
    )


def add_member(conn: Connection, request: Request) -> Card:
    """Put somebody into a team."""
    team = resolve.named_or_own_team(conn, request)
    require_lead(conn, request, team)
    require_running(team)
    member_id, name = named_person(conn, request)
    if tables.join_team(conn, request.community.id, team.id, member_id, request.now):
        note_change(conn, request, "added to a team", team.name, None, {"member": member_id})
        note_made(conn, request, MembershipKind.TEAM, team, member_id)
        enroll_teammate(conn, request.community.id, team.id, member_id, request.now)
    return cards.welcome_card(team, name)


def remove_member(conn: Connection, request: Request) -> Card:
    """Take somebody out of a team."""
    team = resolve.named_or_own_team(conn, request)
    require_lead(conn, request, team)
    member_id, name = named_person(conn, request)
    if not tables.leave_team(conn, request.community.id, team.id, member_id, request.now):
        raise Refusal(_("{name} is not in {team}.", name=name, team=team.name), "", request.line)
    note_change(conn, request, "removed from a team", team.name, {"member": member_id}, None)
    return cards.left_card(team, f"t{team.id}/{member_id}", name)


def note_made(
    conn: Connection, request: Request, membership: MembershipKind, team: Team, member_id: int
) -> None:
    """Let a member be told what the asker made them."""
    note_membership(
        conn, request.community.id, member_id, membership, team.id, made_by=request.member.id, now=request.now
    )


def require_lead(conn: Connection, request: Request, team: Team) -> None:
    """Refuse whoever neither leads a team nor moderates."""
    if request.role < Role.MODERATOR and not tables.is_lead(conn, team.id, request.member.id):
        raise Refusal(
            _("Only a moderator or a lead of the team can do that."),
            _("Ask one of them to do it for you."),
        )


def require_running(team: Team) -> None:
    """Refuse for a team that is archived."""
    if team.archived_at is not None:
        raise Refusal(
            _("{team} is archived. Nobody joins it any more.", team=team.name),
            _("Whoever leads it can reopen it, or start next year’s team."),
            buttons=(Button(_("See the team"), does="team.year", value=f"t{team.id}"),),
        )


def named_person(conn: Connection, request: Request) -> tuple[int, str]:
    """(member id, name) of the person the command names."""
    found = member_at(conn, request.community.id, request.person.space, request.text("person"))
    if found is None:
        raise Refusal(
            _("I do not know that person yet."), _("They join by themselves with /team join."), request.line
        )
    return found


def _checked_name(request: Request, name: str) -> str:
    name = " ".join(name.replace('"', "'").split())  # a button holds the name between quotes
    if not 0 < len(name) <= NAME:
        raise Refusal(_("A team's name has 1 to {name} characters.", name=NAME), "", request.line)
    return name


# ── the menu ──────────────────────────────────────────────────────────────────

TEAM = Option("team", N_("Which team"), OptionKind.NAME, positional=True, completes=True)
_NAMED_TEAM = replace(TEAM, required=True)
PERSON = Option("person", N_("Which person"), OptionKind.MEMBER, required=True, positional=True)
LEADS = Option("leads", N_("Whether they lead it"), OptionKind.YES_NO)
_NAME = Option("name", N_("What it is called"), OptionKind.NAME, required=True, positional=True)
_NEW_NAME = Option("to", N_("Its new name"), OptionKind.NAME, required=True, positional=True)

COMMANDS = (
    CommandHandler(Command("team", "", N_("Your teams"), label=N_("Teams")), Reads(show_home)),
    CommandHandler(Command("team", "list", N_("All teams"), label=N_("All teams")), Reads(list_teams)),
    CommandHandler(Command("team", "join", N_("Join a team"), (_NAMED_TEAM,), label=N_("Join a team"), common=True), Writes(join_team)),
    CommandHandler(
        Command("team", "create", N_("Make a team"), (_NAME,), Role.MODERATOR, examples=("/team create Lincoln Middle School",), label=N_("Make a team")),
        Writes(create_team),
    ),
    CommandHandler(
        Command("team", "add", N_("Put somebody into a team"), (PERSON, TEAM), examples=("/team add @ada North",), label=N_("Add somebody")),
        Writes(add_member), leads_team,
    ),
    CommandHandler(Command("team", "remove", N_("Take somebody out of a team"), (PERSON, TEAM), label=N_("Remove somebody")), Writes(remove_member), leads_team),
    CommandHandler(Command("team", "rename", N_("Give a team another name"), (_NAMED_TEAM, _NEW_NAME), label=N_("Rename a team")), Writes(rename_team), leads_team),
)  # fmt: skip

BUTTONS = (ButtonHandler("team.undo", Writes(undo_leaving)),)


def _complete_team(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = tables.teams(conn, request.community.id)
    return ((one.name, f"{one.name} ({one.size})") for one in found)


COMPLETIONS = tuple(
    Completion(f"team {verb}", "team", _complete_team)
    for verb in (
        "join",
        "leave",
        "progress",
        "add",
        "remove",
        "lead",
        "rename",
        "handover",
        "support",
        "archive",
    )
)
